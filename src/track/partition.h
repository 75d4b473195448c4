/* SPDX-License-Identifier: MIT */
/* partition.h - which alleles move together? Posterior over partitions of alleles into clones (statistics 4).
 *
 * ML(C) = sum over multiplicities of prod_j sum_theta pi(theta) prod_{i in C} P(k_ij | m_i theta + e_i), theta free in every draw, on a log
 * grid; m_i in {1, 1/2, 2} with prior .8, .1, .1, the first allele of a clone at 1. Ewens prior, concentration 1. Up to nine alleles every
 * partition is enumerated; beyond, alleles are put one after the other into the clone that explains them best, and moved while that helps. */
#ifndef CW_TRACK_PARTITION_H
#define CW_TRACK_PARTITION_H

#include <stddef.h>
#include <clonewatch/error.h>

enum { CW_PARTITION_EXACT = 9, CW_PARTITION_GRID = 100, CW_PARTITION_MULTIPLICITIES = 3 };
extern const double cw_multiplicity[CW_PARTITION_MULTIPLICITIES];

/* Grid point of theta. */
double cw_partition_theta(int i);

/* like[((item * 3 + m) * n_draws + draw) * GRID + theta]: likelihoods, scaled by any factor that depends on item and draw only.
 * Items in the order of their molecules, most first. label[item]: clone, numbered by first member. together[a * n + b]: posterior
 * probability of one clone. */
CW_MUST_CHECK int cw_partition(const double *like, size_t n, size_t n_draws, size_t *label, double *together, cw_err *err);

/* ln ML of the set of items in `mask` with n <= CW_PARTITION_EXACT (for the tests). */
CW_MUST_CHECK int cw_partition_ln_set(const double *like, size_t n, size_t n_draws, unsigned mask, double *ln, cw_err *err);
#endif
