/* SPDX-License-Identifier: MIT */
/* gamma_nodes.c - a gamma distribution as 24 weighted points. */
#include "stats/gamma_nodes.h"

#include <math.h>
#include <stdbool.h>
#include <gsl/gsl_cdf.h>
#include "stats/log_sum.h"
#include "stats/negative_binomial.h"

/* Upper ends of the bins but the last, by their upper tail: exact where 1 - p would not be. */
static const double upper_tail[CW_GAMMA_NODES - 1] = {.95, .9, .85, .8, .75, .7, .65, .6, .55, .5, .45, .4, .35, .3, .25, .2, .15, .1,
                                                     .05, .02, .01, .001, .0001};

/* x with Q(x; a, 1) = tail. GSL's inverse is the start; where it fails (very small a) bisection on ln x goes on. */
static double quantile(double tail, double a)
{
    double x = tail > .5 ? gsl_cdf_gamma_Pinv(1 - tail, a, 1) : gsl_cdf_gamma_Qinv(tail, a, 1);
    if (isfinite(x) && x >= 0 && fabs(gsl_cdf_gamma_Q(x, a, 1) - tail) < 1e-10 * tail) return x;
    double lo = -740, hi = log(a + 50 * sqrt(a) + 50);
    for (int i = 0; i < 200; i++) {
        double mid = .5 * (lo + hi);
        if (gsl_cdf_gamma_Q(exp(mid), a, 1) > tail) lo = mid;
        else hi = mid;
    }
    return exp(lo);
}

int cw_gamma_nodes_fill(cw_gamma_nodes *nodes, double a, double b)
{
    if (!(a > 0) || !(b > 0) || !isfinite(a) || !isfinite(b)) return -1;
    double lower_q = 1, lower_tail = 1, lower_p = 0;
    for (int m = 0; m < CW_GAMMA_NODES; m++) {
        bool last = m == CW_GAMMA_NODES - 1;
        double tail = last ? 0 : upper_tail[m], x = last ? INFINITY : quantile(tail, a);
        /* F_{a+1} over the bin, from the side on which it keeps its digits */
        double p = last ? 1 : gsl_cdf_gamma_P(x, a + 1, 1), q = last ? 0 : gsl_cdf_gamma_Q(x, a + 1, 1);
        double mass = p < .5 ? p - lower_p : lower_q - q;
        nodes->weight[m] = lower_tail - tail;
        nodes->ln_weight[m] = log(nodes->weight[m]);
        nodes->x[m] = a / b * mass / nodes->weight[m];
        if (!(nodes->x[m] >= 0)) nodes->x[m] = 0;
        lower_p = p, lower_q = q, lower_tail = tail;
    }
    return 0;
}

double cw_gamma_nodes_ln_marginal(const cw_gamma_nodes *nodes, int64_t k, double n, double w)
{
    double term[CW_GAMMA_NODES], factor = cw_nb_ln_factor(k), size = w > 0 ? 1 / (w * w) : INFINITY;
    for (int m = 0; m < CW_GAMMA_NODES; m++) term[m] = nodes->ln_weight[m] + cw_nb_ln_pmf_fast(k, factor, n * nodes->x[m], size);
    return cw_log_sum(term, CW_GAMMA_NODES);
}

double cw_gamma_nodes_upper(const cw_gamma_nodes *nodes, int64_t k, double n, double w)
{
    double sum = 0, size = w > 0 ? 1 / (w * w) : INFINITY;
    for (int m = 0; m < CW_GAMMA_NODES; m++) sum += nodes->weight[m] * cw_nb_upper(k, n * nodes->x[m], size);
    return sum;
}
