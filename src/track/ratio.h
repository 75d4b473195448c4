/* SPDX-License-Identifier: MIT */
/* ratio.h - does an allele keep a fixed ratio to a clone, or has it a course of its own? The evidence for a course of its own.
 *
 * Two clones of one patient seldom go independent ways: the same plasma, the same treatment and the same tumour burden move both. So what
 * is asked is the ratio r_j of the allele to the clone, not whether both courses look alike: ln r_j = a + b u_j + s z_j, u the time of the
 * draw from the middle of the series over its length, a ~ N(0, 1), b = 0 with probability 1/2 and N(0, 2) otherwise, s = 0 with
 * probability 1/2, .25 and .5 with 1/4 each, z standard normal. The clone's own course is free in every draw and no part of the question. */
#ifndef CW_TRACK_RATIO_H
#define CW_TRACK_RATIO_H

#include <stddef.h>
#include <clonewatch/error.h>

enum {
    CW_RATIO_DOUBLING = 10,                           /* grid steps of a factor of two */
    CW_RATIO_GRID = 195,                              /* theta, 1e-6 to .7 */
    CW_RATIO_REACH = 120,                             /* steps that a ratio may go either way: a factor of 4,096 */
    CW_RATIO_WIDE = CW_RATIO_GRID + 2 * CW_RATIO_REACH /* fractions for which an allele's likelihood is needed */
};

/* Fraction at step x of the wide grid; theta g is step CW_RATIO_REACH + g. */
double cw_ratio_fraction(int x);

typedef struct cw_ratio {
    size_t n_draws;
    double *u, *shifted, *ln_shifted; /* u[draw]; likelihood over ratios, [draw][2 REACH + 1], as it is and with the scatter of a clone of its own */
} cw_ratio;

/* week[draw]: any zero. */
CW_MUST_CHECK int cw_ratio_init(cw_ratio *r, const double *week, size_t n_draws, cw_err *err);
/* ln P(counts of the allele | clone, the allele has a course of its own). clone[draw][GRID]: likelihood of the clone over theta, any scale;
 * allele[draw][WIDE]: of the allele over fractions. */
double cw_ratio_ln_own(cw_ratio *r, const double *clone, const double *allele);
void cw_ratio_release(cw_ratio *r);
#endif
