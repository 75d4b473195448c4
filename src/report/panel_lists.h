/* SPDX-License-Identifier: MIT */
/* panel_lists.h - what a panel holds: its alleles as a table, its places as BED. */
#ifndef CW_REPORT_PANEL_LISTS_H
#define CW_REPORT_PANEL_LISTS_H

#include <stdio.h>
#include <clonewatch/error.h>
#include <clonewatch/panel.h>

/* gene NULL: all. */
CW_MUST_CHECK int cw_report_panel_alleles(FILE *f, const cw_panel *panel, const char *gene, cw_err *err);

typedef struct cw_panel_bed_conf {
    cw_build build;
    int64_t pad_bp;
    bool exons;   /* whole coding exons of the panel's genes instead of the alleles alone */
    bool no_snps; /* leave the fingerprint SNPs out */
    bool chr;     /* contigs as chr1 */
} cw_panel_bed_conf;
/* *n: intervals before they are joined. */
CW_MUST_CHECK int cw_report_panel_bed(FILE *f, const cw_panel *panel, const cw_panel_bed_conf *conf, size_t *n, cw_err *err);
#endif
