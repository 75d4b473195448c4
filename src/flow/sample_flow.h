/* SPDX-License-Identifier: MIT */
/* sample_flow.h - one sample: alignment -> tallies -> calls. Reads like the pipeline. */
#ifndef CW_FLOW_SAMPLE_FLOW_H
#define CW_FLOW_SAMPLE_FLOW_H

#include <clonewatch/background.h>
#include "base/log.h"
#include "count/count.h"
#include "detect/detect.h"
#include "io/calls_vcf.h"

typedef struct cw_sample_conf {
    const char *panel_dir;
    cw_build build;              /* CW_BUILD_UNKNOWN: from the alignment */
    const char *background_path; /* TSV of 'clonewatch background'; NULL: built-in default */
    const char *tracked_path;    /* patient's own list, or NULL */
    const char *sample;          /* NULL: from @RG SM or the file name */
    cw_count_conf count;
    cw_detect_conf detect;
} cw_sample_conf;
void cw_sample_conf_default(cw_sample_conf *conf);

CW_MUST_CHECK int cw_flow_sample(const char *const *paths, size_t n_paths, const cw_sample_conf *conf, cw_calls *calls,
                                 const cw_log *log, cw_err *err);
#endif
