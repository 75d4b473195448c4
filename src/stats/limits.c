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

typedef struct chance { int64_t k_star; double n, e, w, v; } chance;

/* How much the chance of k* molecules or more at the fraction exp(ln_f) is above what "detected" asks. */
static double surplus(const chance *c, double ln_f)
{
    double f = exp(ln_f);
    return cw_nb_upper(c->k_star, c->n * (c->e + f), cw_nb_size(c->n, c->e, f, c->w, c->v)) - DETECTED;
}

double cw_limit_of_detection(int64_t k_star, double n, double e, double w, double v)
{
    if (k_star <= 0 || !(n > 0)) return NAN;
    chance c = {k_star, n, e, w, v};
    double floor = 3 / n, lo = log(floor), hi = lo, at_lo, at_hi = surplus(&c, lo);
    if (floor < 1 && at_hi >= 0) return floor;
    do { /* the fraction doubles until it is detected */
        if (hi >= 0) return NAN;
        lo = hi, at_lo = at_hi;
        hi = hi + M_LN2 < 0 ? hi + M_LN2 : 0;
        at_hi = surplus(&c, hi);
    } while (at_hi < 0);
    int side = 0; /* the end that the last step moved */
    for (int i = 0; i < 100 && hi - lo > 4e-16 * fabs(lo); i++) { /* false position; an end that stays twice counts half (Illinois) */
        double mid = (lo * at_hi - hi * at_lo) / (at_hi - at_lo);
        if (!(mid > lo && mid < hi)) mid = .5 * (lo + hi);
        double at = surplus(&c, mid);
        if (at < 0) {
            lo = mid, at_lo = at;
            if (side < 0) at_hi *= .5;
            side = -1;
        } else {
            hi = mid, at_hi = at;
            if (side > 0) at_lo *= .5;
            side = 1;
        }
    }
    return exp(hi);
}

/* Parts: counts that share the fraction f and nothing else. */
static double ln_e(const cw_gamma_nodes *nodes, const int64_t *k, const double *n, const double *e, int parts, double w_hat, const double *omega, int n_omega)
{
    enum { LEVELS = 7 };
    if (n_omega <= 0) return NAN; /* against nothing, everything would be evidence */
    double term[LEVELS] = {0}, worst = -INFINITY;
    for (int p = 0; p < parts; p++) {
        double factor = cw_nb_ln_factor(k[p]);
        for (int i = 0; i < LEVELS; i++) {
            double f = pow(10, -4 + .5 * i);
            term[i] += cw_nb_ln_pmf_fast(k[p], factor, n[p] * (e[p] + f), cw_nb_size(n[p], e[p], f, w_hat, SIGNAL_CV));
        }
    }
    for (int i = 0; i < n_omega; i++) {
        double d = 0;
        for (int p = 0; p < parts; p++) d += cw_gamma_nodes_ln_marginal(&nodes[p], k[p], n[p], omega[i]);
        if (d > worst) worst = d;
    }
    return cw_log_sum(term, LEVELS) - log(LEVELS) - worst;
}

double cw_one_draw_ln_e(const cw_gamma_nodes *nodes, int64_t k, double n, double e, double w_hat, const double *omega, int n_omega)
{
    return ln_e(nodes, &k, &n, &e, 1, w_hat, omega, n_omega);
}

double cw_one_draw_ln_e_by_strand(const cw_gamma_nodes *nodes, const int64_t *k, const double *n, const double *e, double w_hat, const double *omega, int n_omega)
{
    return ln_e(nodes, k, n, e, 2, w_hat, omega, n_omega);
}
