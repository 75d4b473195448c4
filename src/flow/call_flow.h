/* SPDX-License-Identifier: MIT */
/* call_flow.h - one draw: alignment -> .calls.vcf.gz. */
#ifndef CW_FLOW_CALL_FLOW_H
#define CW_FLOW_CALL_FLOW_H

#include "flow/sample_flow.h"

typedef struct cw_call_flow_conf {
    cw_sample_conf sample;
    cw_vcf_conf vcf;
    const char *output;          /* "-" or NULL: standard output */
} cw_call_flow_conf;
void cw_call_flow_conf_default(cw_call_flow_conf *conf);

/* All paths belong to one draw. */
CW_MUST_CHECK int cw_flow_call(const char *const *paths, size_t n_paths, const cw_call_flow_conf *conf, const cw_log *log, cw_err *err);
#endif
