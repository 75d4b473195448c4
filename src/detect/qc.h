/* SPDX-License-Identifier: MIT */
/* qc.h - what a draw's calls say about its quality: yield, library, noise, contamination. */
#ifndef CW_DETECT_QC_H
#define CW_DETECT_QC_H

#include <clonewatch/background.h>
#include "detect/identity.h"

typedef struct cw_qc_conf {
    int64_t min_molecules;        /* 1000: the median below it fails yield */
    double max_contamination;     /* 0.01: more than this, with LOD >= 3, fails contamination */
} cw_qc_conf;
void cw_qc_conf_default(cw_qc_conf *conf);

/* fingerprint may be empty; background (may be NULL) gives the range of noise. */
void cw_qc_of_calls(const cw_calls *calls, const cw_fingerprint *fingerprint, const cw_snp *snp, size_t n_snps, const cw_background *background,
                    const cw_qc_conf *conf, cw_qc *qc);
#endif
