/* SPDX-License-Identifier: MIT */
/* validation.h - replicates with known content -> LoB, LoD95, sensitivity, false positives, precision, in the words of CLSI EP17-A2. */
#ifndef CW_DETECT_VALIDATION_H
#define CW_DETECT_VALIDATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <clonewatch/error.h>

/* One allele in one replicate. */
typedef struct cw_trial {
    const char *sample, *allele, *lot, *day; /* lot, day: "" when not given */
    double vaf;                   /* that is in it; 0: blank */
    double input_ng;              /* NAN: not given */
    bool assessable, detected;
    double observed;              /* VAF seen */
    double lod;                   /* as stated by the calls; NAN: none */
} cw_trial;

/* One figure. Doubles are NAN where they do not apply, counts -1. */
typedef struct cw_validation_row {
    const char *measure;          /* lob, lod95, stated_lod, sensitivity, false_positive_rate, false_positives_per_blank, bias, cv_within, cv_total,
                                     not_assessable, requirement */
    const char *group;            /* "all", an allele, or the requirement in words */
    double vaf_lo, vaf_hi;        /* level or bin; equal for a level */
    double input_ng;
    int64_t n, positive;
    double value, lo, hi;
    const char *note;
} cw_validation_row;

typedef struct cw_validation {
    struct cw_arena *arena;
    cw_validation_row *row; size_t n;
    size_t samples, blanks, alleles, lots, days;
} cw_validation;

CW_MUST_CHECK int cw_validate(const cw_trial *trial, size_t n, cw_validation *validation, cw_err *err);
void cw_validation_release(cw_validation *v);
#endif
