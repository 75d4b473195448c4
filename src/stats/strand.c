/* SPDX-License-Identifier: MIT */
/* strand.c - exact conditional strand test: sum of the hypergeometric probabilities that are not above the observed one. */
#include "stats/strand.h"

#include <math.h>
#include <gsl/gsl_sf_gamma.h>

static double ln_choose(double n, double k) { return gsl_sf_lngamma(n + 1) - gsl_sf_lngamma(k + 1) - gsl_sf_lngamma(n - k + 1); }

double cw_strand_p(int64_t k_forward, int64_t k_reverse, int64_t n_forward, int64_t n_reverse)
{
    double k = (double)(k_forward + k_reverse), forward = (double)(k_forward + n_forward), reverse = (double)(k_reverse + n_reverse);
    if (k_forward < 0 || k_reverse < 0 || n_forward < 0 || n_reverse < 0 || k == 0 || forward == 0 || reverse == 0) return 1;
    double lo = k > reverse ? k - reverse : 0, hi = k < forward ? k : forward;
    double observed = ln_choose(forward, (double)k_forward) + ln_choose(reverse, (double)k_reverse), all = ln_choose(forward + reverse, k);
    double sum = 0;
    for (double x = lo; x <= hi; x++) {
        double ln = ln_choose(forward, x) + ln_choose(reverse, k - x);
        if (ln <= observed + 1e-7) sum += exp(ln - all); /* equal up to rounding counts as equal */
    }
    return sum < 1 ? sum : 1;
}
