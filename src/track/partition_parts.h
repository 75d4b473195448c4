/* SPDX-License-Identifier: MIT */
/* partition_parts.h - what the two ways to a partition share: the likelihood of a set of alleles as a product over theta. Inside track. */
#ifndef CW_TRACK_PARTITION_PARTS_H
#define CW_TRACK_PARTITION_PARTS_H

#include <stddef.h>
#include "track/partition.h"

enum { CW_PARTITION_HOPELESS = 60 }; /* ln: a set this much worse than its alleles apart is not grown further */
extern const double cw_partition_ln_prior[CW_PARTITION_MULTIPLICITIES];

typedef struct cw_partition_solver {
    const cw_partition_data *d;
    size_t n, draws, cells;      /* cells = draws x CW_RATIO_GRID */
    cw_ratio ratio;
    double *product;             /* [depth][cells]: partial products of a set */
    double *ln_set, *ln_ratio;   /* [mask] */
    double single[CW_PARTITION_EXACT];
} cw_partition_solver;

CW_MUST_CHECK int cw_partition_open(cw_partition_solver *s, const cw_partition_data *d, cw_err *err);
void cw_partition_close(cw_partition_solver *s);

/* Likelihood of item i over fractions: [draw][CW_RATIO_WIDE]. */
const double *cw_partition_wide(const cw_partition_solver *s, size_t i);
/* to = a (NULL: 1) x item i at multiplicity m, over theta. */
void cw_partition_multiply(const cw_partition_solver *s, double *to, const double *a, size_t i, int m);
/* ln prod_j mean_theta. */
double cw_partition_ln_marginal(const double *product, size_t draws);
/* What the molecules that span both items say for one clone. */
double cw_partition_phase(const cw_partition_solver *s, size_t a, size_t b);

/* Up to CW_PARTITION_EXACT items: every partition. */
CW_MUST_CHECK int cw_partition_exact(cw_partition_solver *s, size_t *label, double *together, cw_err *err);
/* Beyond: one after the other into the clone that explains it best, then moved while that helps. */
CW_MUST_CHECK int cw_partition_greedy(cw_partition_solver *s, size_t *label, double *together, cw_err *err);
#endif
