/* SPDX-License-Identifier: MIT */
/* beta.h - intervals of a fraction k of n, and the quantile they come from. */
#ifndef CW_STATS_BETA_H
#define CW_STATS_BETA_H

#include <stdint.h>

/* P(Beta(a, b) <= x). */
double cw_beta_cdf(double x, double a, double b);

/* Jeffreys interval Beta(k + .5, n - k + .5); lower bound 0 at k = 0, upper bound 1 at k = n. NAN when n = 0. */
void cw_jeffreys(int64_t k, int64_t n, double level, double *lo, double *hi);
/* Clopper-Pearson: never covers less than the level. */
void cw_clopper_pearson(int64_t k, int64_t n, double level, double *lo, double *hi);
#endif
