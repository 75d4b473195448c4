/* SPDX-License-Identifier: MIT */
/* validation.h - what replicates with known content say about an assay. Made by detect, shown by report. */
#ifndef CLONEWATCH_VALIDATION_H
#define CLONEWATCH_VALIDATION_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

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

#ifdef __cplusplus
}
#endif
#endif
