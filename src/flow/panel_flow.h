/* SPDX-License-Identifier: MIT */
/* panel_flow.h - panels and knowledge: check, show, targets, what a newer version would change, a panel of one's own. */
#ifndef CW_FLOW_PANEL_FLOW_H
#define CW_FLOW_PANEL_FLOW_H

#include <clonewatch/panel.h>
#include "base/log.h"
#include "report/panel_lists.h"

/* Every trouble goes to the log as an error with file:line; fails when there was one. fasta NULL: REF is not checked. */
CW_MUST_CHECK int cw_flow_panel_check(const char *dir, const char *fasta, const char *output, const cw_log *log, cw_err *err);

/* Alleles of the panel as TSV; gene NULL: all. */
CW_MUST_CHECK int cw_flow_panel_show(const char *dir, cw_build build, const char *gene, const char *output, cw_err *err);

/* The places of a panel as BED. */
CW_MUST_CHECK int cw_flow_panel_bed(const char *dir, const cw_panel_bed_conf *conf, const char *output, cw_err *err);

/* What the advice for the patient would be with each of two knowledge versions: rows added, removed and changed, as TSV. */
CW_MUST_CHECK int cw_flow_panel_diff(const char *old_dir, const char *new_dir, const char *patient_json, const char *output, cw_err *err);

/* A panel folder from a VCF of alleles, a TSV `chrom pos ref alt`, or a TSV of gene and HGVS names. base_dir: the panel whose knowledge
 * names them. build is needed for coordinates only. */
CW_MUST_CHECK int cw_flow_panel_make(const char *base_dir, const char *input, cw_build build, const char *name, const char *output_dir, const cw_log *log, cw_err *err);
#endif
