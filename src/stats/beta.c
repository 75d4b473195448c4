/* SPDX-License-Identifier: MIT */
/* beta.c - intervals of a fraction k of n. */
#include "stats/beta.h"

#include <math.h>
#include <gsl/gsl_cdf.h>

double cw_beta_cdf(double x, double a, double b)
{
    if (!(a > 0) || !(b > 0)) return NAN;
    return x <= 0 ? 0 : x >= 1 ? 1 : gsl_cdf_beta_P(x, a, b);
}

/* x with P(Beta(a, b) <= x) = p, NAN outside the domain. GSL's inverse stops early for large a + b: bisection on ln x (near 0) or x makes sure. */
static double beta_quantile(double p, double a, double b)
{
    if (!(p >= 0 && p <= 1) || !(a > 0) || !(b > 0)) return NAN;
    if (p == 0 || p == 1) return p;
    double lo = log(1e-300), hi = 0;
    for (int i = 0; i < 200 && hi - lo > 1e-14; i++) {
        double mid = .5 * (lo + hi);
        if (gsl_cdf_beta_P(exp(mid), a, b) < p) lo = mid;
        else hi = mid;
    }
    return exp(.5 * (lo + hi));
}

void cw_jeffreys(int64_t k, int64_t n, double level, double *lo, double *hi)
{
    double tail = .5 * (1 - level), a = (double)k + .5, b = (double)(n - k) + .5;
    *lo = *hi = NAN;
    if (n <= 0 || k < 0 || k > n) return;
    *lo = k == 0 ? 0 : beta_quantile(tail, a, b);
    *hi = k == n ? 1 : beta_quantile(1 - tail, a, b);
}

void cw_clopper_pearson(int64_t k, int64_t n, double level, double *lo, double *hi)
{
    double tail = .5 * (1 - level), kk = (double)k, m = (double)(n - k);
    *lo = *hi = NAN;
    if (n <= 0 || k < 0 || k > n) return;
    *lo = k == 0 ? 0 : beta_quantile(tail, kk, m + 1);
    *hi = k == n ? 1 : beta_quantile(1 - tail, kk + 1, m);
}
