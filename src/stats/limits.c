/* SPDX-License-Identifier: MIT */
/* limits.c - what a single draw can show. */
#include "stats/limits.h"

#include <math.h>
#include "stats/log_sum.h"
#include "stats/negative_binomial.h"

static const double DETECTED = .95;      /* the 95 of LoD95 */
static const double SIGNAL_CV = .35;     /* of the alternative; any choice keeps the e-value valid */

int64_t cw_critical_count(const cw_gamma_nodes *nodes, double n, double w, double alpha)
{
    if (!(n >= 1)) return -1;
    int64_t hi = 1, lo = 0, most = (int64_t)n; /* p(lo) > alpha; gallop, then halve */
    while (cw_gamma_nodes_upper(nodes, hi, n, w) > alpha) {
        if (hi >= most) return -1;
        lo = hi;
        hi = hi > most / 2 ? most : 2 * hi;
    }
    while (hi - lo > 1) {
        int64_t mid = lo + (hi - lo) / 2;
        if (cw_gamma_nodes_upper(nodes, mid, n, w) > alpha) lo = mid;
        else hi = mid;
    }
    return hi;
}

double cw_limit_of_blank(int64_t k_star, double n) { return k_star > 0 && n > 0 ? (double)(k_star - 1) / n : NAN; }

double cw_limit_of_detection(int64_t k_star, double n, double e, double w, double v)
{
    if (k_star <= 0 || !(n > 0)) return NAN;
    if (cw_nb_upper(k_star, n * (e + 1), cw_nb_size(n, e, 1, w, v)) < DETECTED) return NAN;
    double lo = log(1e-12), hi = 0;
    for (int i = 0; i < 60; i++) {
        double mid = .5 * (lo + hi), f = exp(mid);
        if (cw_nb_upper(k_star, n * (e + f), cw_nb_size(n, e, f, w, v)) < DETECTED) lo = mid;
        else hi = mid;
    }
    double lod = exp(hi), floor = 3 / n;
    return lod > floor ? lod : floor < 1 ? floor : NAN;
}

double cw_one_draw_ln_e(const cw_gamma_nodes *nodes, int64_t k, double n, double e, double w_hat, const double *omega, int n_omega)
{
    enum { LEVELS = 7 };
    double term[LEVELS], factor = cw_nb_ln_factor(k), worst = -INFINITY;
    for (int i = 0; i < LEVELS; i++) {
        double f = pow(10, -4 + .5 * i);
        term[i] = cw_nb_ln_pmf_fast(k, factor, n * (e + f), cw_nb_size(n, e, f, w_hat, SIGNAL_CV));
    }
    for (int i = 0; i < n_omega; i++) {
        double d = cw_gamma_nodes_ln_marginal(nodes, k, n, omega[i]);
        if (d > worst) worst = d;
    }
    return cw_log_sum(term, LEVELS) - log(LEVELS) - worst;
}
