/* SPDX-License-Identifier: MIT */
/* nb_curve.h - the negative binomial of one mean and size as a function of the count, for whoever asks one of them many times. */
#ifndef CW_STATS_NB_CURVE_H
#define CW_STATS_NB_CURVE_H

#include <stdbool.h>
#include <stdint.h>

/* P(0) = exp(constant); P(k + 1) / P(k) = ratio (1 + k / size) / (k + 1), ratio = mean / (1 + mean / size). A curve of constants alone
 * (all else 0) serves for an observation without a count: it is asked at k = 0. */
typedef struct cw_nb_curve {
    double mean, size, constant, ratio;
    bool near_poisson; /* size so large that the short form of ln P would lose digits */
} cw_nb_curve;

cw_nb_curve cw_nb_curve_near_poisson(double mean, double size);
/* ln P(k). ln_factor: cw_nb_ln_factor(k). */
double cw_nb_curve_ln(const cw_nb_curve *c, int64_t k, double ln_factor);
#endif
