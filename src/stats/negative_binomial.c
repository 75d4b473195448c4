/* SPDX-License-Identifier: MIT */
/* negative_binomial.c - the negative binomial on log scale.
 *
 * With r = size and m = mean: ln P = S(k, r) - ln k! + k ln m - (r + k) log1p(m / r), S = sum_{i<k} log1p(i / r). In this form no
 * two large numbers cancel: the textbook form loses all digits of lnGamma(k + r) - lnGamma(r) when r is large. */
#include "stats/negative_binomial.h"

#include <float.h>
#include <math.h>
#include <gsl/gsl_sf_gamma.h>

/* sum_{i=0}^{k-1} log1p(i / r) = lnGamma(r + k) - lnGamma(r) - k ln r */
static double rising(int64_t k, double r)
{
    if (k <= 1 || isinf(r)) return 0;
    double kk = (double)k;
    if (r >= 100) { /* Stirling on both sides, the leading terms cancelled by hand; next term < 1e-13 */
        double a = 1 / (r + kk), b = 1 / r;
        return (r + kk - 0.5) * log1p(kk / r) - kk + (a - b) / 12 - (a * a * a - b * b * b) / 360;
    }
    if (k <= 64) {
        double product = 1, sum = 0;
        for (int64_t i = 1; i < k; i++) {
            product *= 1 + (double)i / r;
            if (product > 1e250) {
                sum += log(product);
                product = 1;
            }
        }
        return sum + log(product);
    }
    return gsl_sf_lngamma(r + kk) - gsl_sf_lngamma(r) - kk * log(r);
}

double cw_nb_ln_factor(int64_t k) { return k <= 1 ? 0 : gsl_sf_lngamma((double)k + 1); }

double cw_nb_ln_pmf_fast(int64_t k, double ln_factor, double mean, double size)
{
    if (k < 0) return -INFINITY;
    if (!(mean > 0)) return mean == 0 ? (k == 0 ? 0 : -INFINITY) : NAN;
    double kk = (double)k;
    if (isinf(size)) return kk * log(mean) - mean - ln_factor;
    double tail = (size + kk) * log1p(mean / size);
    return k == 0 ? -tail : rising(k, size) - ln_factor + kk * log(mean) - tail;
}

double cw_nb_ln_pmf(int64_t k, double mean, double size) { return cw_nb_ln_pmf_fast(k, cw_nb_ln_factor(k), mean, size); }

double cw_nb_upper(int64_t k, double mean, double size)
{
    if (k <= 0) return 1;
    if (!(mean > 0)) return mean == 0 ? 0 : NAN;
    /* P(i + 1) / P(i) = (i + size) / (i + 1) * q with q = mean / (mean + size); Poisson: mean / (i + 1) */
    double q = isinf(size) ? 0 : mean / (mean + size), sum = 0;
    if ((double)k > mean) {
        double term = exp(cw_nb_ln_pmf(k, mean, size));
        for (double i = (double)k; term > DBL_MIN && term > sum * 1e-17; i++) { /* below DBL_MIN a term times .9998 rounds to itself, for ever */
            sum += term;
            term *= isinf(size) ? mean / (i + 1) : (i + size) / (i + 1) * q;
        }
        return sum < 1 ? sum : 1;
    }
    double mode = isinf(size) ? mean : size > 1 ? mean * (size - 1) / size : 0;
    double term = exp(cw_nb_ln_pmf(k - 1, mean, size));
    for (double i = (double)k - 1; i >= 0; i--) {
        sum += term;
        if (i <= mode && term < sum * 1e-17) break;
        term *= isinf(size) ? i / mean : i / ((i - 1 + size) * q);
    }
    return sum < 1 ? 1 - sum : 0;
}

double cw_nb_size(double n, double e, double f, double w, double v)
{
    double mean = n * (e + f), background = n * e * w, signal = n * f * v, variance = background * background + signal * signal;
    return variance > 0 ? mean * mean / variance : INFINITY;
}
