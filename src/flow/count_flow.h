/* SPDX-License-Identifier: MIT */
/* count_flow.h - alignments of several samples over one panel or list of sites -> .counts.vcf.gz. */
#ifndef CW_FLOW_COUNT_FLOW_H
#define CW_FLOW_COUNT_FLOW_H

#include "base/log.h"
#include "count/count.h"
#include "io/counts_vcf.h"

typedef struct cw_count_flow_conf {
    const char *panel_dir;       /* or */
    const char *sites_path;      /* VCF/BCF of sites */
    cw_build build;              /* CW_BUILD_UNKNOWN: from the first alignment */
    bool merge;                  /* all alignments belong to one draw: one column */
    cw_count_conf count;
    cw_vcf_conf vcf;
    const char *output;          /* "-" or NULL: standard output */
} cw_count_flow_conf;
void cw_count_flow_conf_default(cw_count_flow_conf *conf);

CW_MUST_CHECK int cw_flow_count(const char *const *paths, size_t n_paths, const cw_count_flow_conf *conf, const cw_log *log, cw_err *err);
#endif
