/* SPDX-License-Identifier: MIT */
/* validation.h - replicates with known content -> LoB, LoD95, sensitivity, false positives, precision, in the words of CLSI EP17-A2. */
#ifndef CW_DETECT_VALIDATION_H
#define CW_DETECT_VALIDATION_H

#include <stdbool.h>
#include <clonewatch/error.h>
#include <clonewatch/validation.h>

/* One allele in one replicate. */
typedef struct cw_trial {
    const char *sample, *allele, *lot, *day; /* lot, day: "" when not given */
    double vaf;                   /* that is in it; 0: blank */
    double input_ng;              /* NAN: not given */
    bool assessable, detected;
    double observed;              /* VAF seen */
    double lod;                   /* as stated by the calls; NAN: none */
} cw_trial;

CW_MUST_CHECK int cw_validate(const cw_trial *trial, size_t n, cw_validation *validation, cw_err *err);
void cw_validation_release(cw_validation *v);
#endif
