/* SPDX-License-Identifier: MIT */
/* true_fraction.h - what is left of a VAF when the background is taken out. */
#ifndef CW_STATS_TRUE_FRACTION_H
#define CW_STATS_TRUE_FRACTION_H

#include <stdint.h>

/* 95 % posterior interval of the fraction f of the allele in this draw, k of n molecules seen, background Gamma(a, rate b) with CV w between draws. Prior: 1/2 on f = 0, 1/2
 * log-uniform over 1e-6 .. 1 (698 points, 2 % apart). Likelihood: NB(k; mean n (a/b + f), variance of the rate a/b^2 + (w a/b)^2). *lo, *hi: least point at which 2.5 and
 * 97.5 % are reached, so *lo = 0 when 0 holds 2.5 % or more. NAN outside the domain. */
void cw_true_fraction(int64_t k, int64_t n, double a, double b, double w, double *lo, double *hi);
#endif
