/* SPDX-License-Identifier: MIT */
/* background_flow.h - .counts.vcf.gz of normals -> background model (TSV). */
#ifndef CW_FLOW_BACKGROUND_FLOW_H
#define CW_FLOW_BACKGROUND_FLOW_H

#include "base/log.h"
#include "detect/background_fit.h"

typedef struct cw_background_flow_conf {
    cw_background_fit_conf fit;
    const char *reference;        /* FASTA: context classes; or NULL */
    const char *output;           /* "-" or NULL: standard output */
} cw_background_flow_conf;
void cw_background_flow_conf_default(cw_background_flow_conf *conf);

/* Every column of every file is one normal; all files must hold the same alleles. */
CW_MUST_CHECK int cw_flow_background(const char *const *paths, size_t n_paths, const cw_background_flow_conf *conf, const cw_log *log, cw_err *err);

/* A model that was read from path must be of the draw's level and build; CW_BUILD_UNKNOWN fits any. */
CW_MUST_CHECK int cw_flow_background_fits(const cw_background *background, const char *path, const char *level, cw_build build, cw_err *err);

/* The model in the file, or the built-in one of the level when path is NULL; build CW_BUILD_UNKNOWN fits any. A model of another
 * build or level is refused. */
CW_MUST_CHECK int cw_flow_background_load(const char *path, const char *level, cw_build build, cw_background *background, const cw_log *log, cw_err *err);
#endif
