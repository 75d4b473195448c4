/* SPDX-License-Identifier: MIT */
/* partition.h - which alleles move together? Posterior over partitions of alleles into clones (statistics 4).
 *
 * One clone: alleles share a fraction theta_j, free in every draw, at multiplicities m_i in {1, 1/2, 2} with prior .8, .1, .1, the first
 * allele of a clone at 1; P(C) = sum over multiplicities of prod_j sum_theta prod_{i in C} P(k_ij | m_i theta + e_i). Apart: each allele has a
 * course of its own beside those before it (ratio.h). A partition has the product over its clones of P(C) / P(C, apart), what the molecules
 * that span two alleles say (phase.h), and an Ewens prior of concentration 1. Up to nine alleles every partition is enumerated; beyond,
 * alleles are put one after the other into the clone that explains them best, and moved while that helps. */
#ifndef CW_TRACK_PARTITION_H
#define CW_TRACK_PARTITION_H

#include <stddef.h>
#include <clonewatch/error.h>
#include "track/ratio.h"

enum { CW_PARTITION_EXACT = 9, CW_PARTITION_MULTIPLICITIES = 3 };

typedef struct cw_partition_data {
    const double *like;     /* [(item * n_draws + draw) * CW_RATIO_WIDE + x] at cw_ratio_fraction(x), scaled by any factor of item and draw */
    const double *week;     /* [draw] */
    const double *ln_phase; /* [a * n + b]: ln P(molecules that span both | one clone) / P(.. | two); NULL: none */
    size_t n, n_draws;      /* items in the order of their molecules, most first */
} cw_partition_data;

/* label[item]: clone, numbered by first member. together[a * n + b]: posterior probability of one clone. */
CW_MUST_CHECK int cw_partition(const cw_partition_data *data, size_t *label, double *together, cw_err *err);
#endif
