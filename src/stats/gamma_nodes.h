/* SPDX-License-Identifier: MIT */
/* gamma_nodes.h - a gamma distribution as 24 weighted points, for sums over an unknown background rate.
 *
 * Bins: 18 of probability .05 up to .9, then up to .95 .98 .99 .999 .9999 1; each point is the exact mean of its bin, so the mean of
 * the mixture is exactly a / b. (Gauss-Laguerre quadrature overflows from a of about 170 on.) */
#ifndef CW_STATS_GAMMA_NODES_H
#define CW_STATS_GAMMA_NODES_H

#include <stdint.h>

enum { CW_GAMMA_NODES = 24 };

typedef struct cw_gamma_nodes {
    double x[CW_GAMMA_NODES];         /* rate at the node, ascending */
    double weight[CW_GAMMA_NODES];    /* sums to 1 */
    double ln_weight[CW_GAMMA_NODES];
} cw_gamma_nodes;

/* Nodes of Gamma(shape a, rate b). 0, or -1 when a or b is not a positive finite number. */
int cw_gamma_nodes_fill(cw_gamma_nodes *nodes, double a, double b);

/* ln sum_m weight_m NB(k; n x_m, 1/w^2): the chance of one draw's count under the background alone. */
double cw_gamma_nodes_ln_marginal(const cw_gamma_nodes *nodes, int64_t k, double n, double w);

/* sum_m weight_m P(NB(n x_m, 1/w^2) >= k): the one-draw p-value. */
double cw_gamma_nodes_upper(const cw_gamma_nodes *nodes, int64_t k, double n, double w);
#endif
