/* SPDX-License-Identifier: MIT */
/* limits.h - what a single draw can show: critical count, limit of blank, limit of detection. They follow from depth, background
 * and rule, and from nothing else. */
#ifndef CW_STATS_LIMITS_H
#define CW_STATS_LIMITS_H

#include "stats/gamma_nodes.h"

/* Least k >= 1 with one-draw p-value <= alpha, at n molecules and background CV w. -1: not reached at k <= n. */
int64_t cw_critical_count(const cw_gamma_nodes *nodes, double n, double w, double alpha);

/* LoB = (k* - 1) / n as a fraction. */
double cw_limit_of_blank(int64_t k_star, double n);

/* LoD95: least fraction f with P(K >= k* | f) >= .95, K negative binomial with mean n (e + f) and size by moments (background CV w,
 * draw CV v), never below 3 / n: no chemistry excludes what the tube may not hold (-ln .05 = 3.0). NAN: not reached at f <= 1. */
double cw_limit_of_detection(int64_t k_star, double n, double e, double w, double v);

/* ln evidence of one draw against background: mean over f in {1e-4, 10^-3.5, ..., 0.1} of NB(k; n (e + f), size by moments with w_hat
 * and draw CV .35), divided by the largest background marginal over the dispersion set. An e-value: mean <= 1 without the allele. */
double cw_one_draw_ln_e(const cw_gamma_nodes *nodes, int64_t k, double n, double e, double w_hat, const double *omega, int n_omega);

/* The same from the counts of both strands of origin (arrays of two), each with its own background: under one fraction f the product of both strands' NB, over the largest
 * product of both marginals. An e-value if the strands' rates and their draw-to-draw noise are independent. */
double cw_one_draw_ln_e_by_strand(const cw_gamma_nodes *nodes, const int64_t *k, const double *n, const double *e, double w_hat, const double *omega, int n_omega);
#endif
