/* SPDX-License-Identifier: MIT */
/* call_flow.c - one draw: alignment -> .calls.vcf.gz. */
#include "flow/call_flow.h"

void cw_call_flow_conf_default(cw_call_flow_conf *conf)
{
    *conf = (cw_call_flow_conf){.vcf = {.type = 'z'}};
    cw_sample_conf_default(&conf->sample);
}

int cw_flow_call(const char *const *paths, size_t n_paths, const cw_call_flow_conf *conf, const cw_log *log, cw_err *err)
{
    cw_calls calls = {0};
    int status = cw_flow_sample(paths, n_paths, &conf->sample, &calls, log, err);
    if (status == 0 && calls.background.is_default)
        cw_log_say(log, CW_LOG_WARNING, "the built-in background '%s' is in use, not normals of this assay: limits are rough (clonewatch background makes a model)", calls.background.model);
    if (status == 0) status = cw_calls_write(&calls, conf->output, &conf->vcf, err);
    cw_calls_release(&calls);
    return status;
}
