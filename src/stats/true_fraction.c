/* SPDX-License-Identifier: MIT */
/* true_fraction.c - posterior of the fraction near the background. */
#include "stats/true_fraction.h"

#include <math.h>
#include "stats/log_sum.h"
#include "stats/negative_binomial.h"

enum { GRID = 698 };
static const double LOWEST = 1e-6, STEP = 1.02, TAIL = .025;

static double fraction_at(int i) { return i == 0 ? 0 : LOWEST * pow(STEP, i - 1); }

void cw_true_fraction(int64_t k, int64_t n, double a, double b, double w, double *lo, double *hi)
{
    double ln[GRID + 1], e = a / b, sd2 = a / (b * b) + e * e * w * w, nn = (double)n, ln_factor = cw_nb_ln_factor(k), sum = 0;
    *lo = *hi = NAN;
    if (k < 0 || n <= 0 || k > n || !(a > 0) || !(b > 0) || !(w >= 0) || !isfinite(e) || !(sd2 > 0)) return;
    for (int i = 0; i <= GRID; i++) {
        double rate = e + fraction_at(i);
        ln[i] = cw_nb_ln_pmf_fast(k, ln_factor, nn * rate, rate * rate / sd2) + log(i == 0 ? .5 : .5 / GRID);
    }
    double all = cw_log_sum(ln, GRID + 1);
    for (int i = 0; i <= GRID && isnan(*hi); i++) {
        sum += exp(ln[i] - all);
        if (isnan(*lo) && sum >= TAIL) *lo = fraction_at(i);
        if (sum >= 1 - TAIL) *hi = fraction_at(i);
    }
}
