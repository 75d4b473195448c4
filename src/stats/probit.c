/* SPDX-License-Identifier: MIT */
/* probit.c - the level found 95 times in 100. The line is written through the point asked for: hit rate = Phi(z95 + slope (x - x95)), so that its
 * likelihood can be profiled directly. For a fixed x95 the log likelihood is concave in the slope. */
#include "stats/probit.h"

#include <math.h>
#include <stdbool.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_erf.h>

static const double Z95 = 1.6448536269514722, DROP = 1.920729410347062; /* chi2(1, .95) / 2 */

/* ln Phi(x), also far out. */
static double ln_phi(double x) { return x > -5 ? log(gsl_cdf_ugaussian_P(x)) : gsl_sf_log_erfc(-x / M_SQRT2) - M_LN2; }

static double ln_l(const cw_probit_level *level, size_t n, double x95, double slope)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double z = Z95 + slope * (level[i].x - x95);
        if (level[i].hits > 0) sum += (double)level[i].hits * ln_phi(z);
        if (level[i].n > level[i].hits) sum += (double)(level[i].n - level[i].hits) * ln_phi(-z);
    }
    return sum;
}

/* Largest over ln slope in (ln .01, ln 1000) by golden section. */
static double profile(const cw_probit_level *level, size_t n, double x95, double *slope)
{
    const double g = .6180339887498949;
    double a = log(.01), b = log(1000), c = b - g * (b - a), d = a + g * (b - a);
    double fc = ln_l(level, n, x95, exp(c)), fd = ln_l(level, n, x95, exp(d));
    while (b - a > 1e-9) {
        if (fc > fd) {
            b = d, d = c, fd = fc, c = b - g * (b - a);
            fc = ln_l(level, n, x95, exp(c));
        } else {
            a = c, c = d, fc = fd, d = a + g * (b - a);
            fd = ln_l(level, n, x95, exp(d));
        }
    }
    *slope = exp(.5 * (a + b));
    return ln_l(level, n, x95, *slope);
}

/* Between `inside` (within the interval) and `far`: where the profile falls below the floor; infinite when it does not. */
static double bound(const cw_probit_level *level, size_t n, double inside, double far, double floor_)
{
    double slope;
    if (profile(level, n, far, &slope) >= floor_) return far > inside ? INFINITY : -INFINITY;
    for (int i = 0; i < 60; i++) {
        double mid = .5 * (inside + far);
        if (profile(level, n, mid, &slope) >= floor_) inside = mid;
        else far = mid;
    }
    return inside;
}

void cw_probit_fit(const cw_probit_level *level, size_t n, cw_probit *fit)
{
    double least = INFINITY, most = -INFINITY, all_missed = -INFINITY, all_found = INFINITY, first_hit = INFINITY, last_miss = -INFINITY;
    *fit = (cw_probit){.state = CW_PROBIT_NO_SLOPE, .x95 = NAN, .lo = NAN, .hi = NAN, .slope = NAN, .ln_l = NAN};
    for (size_t i = 0; i < n; i++) {
        if (level[i].n <= 0) continue;
        least = fmin(least, level[i].x), most = fmax(most, level[i].x);
        if (level[i].hits == 0) all_missed = fmax(all_missed, level[i].x);
        else if (level[i].hits == level[i].n) all_found = fmin(all_found, level[i].x);
        if (level[i].hits > 0) first_hit = fmin(first_hit, level[i].x);
        if (level[i].hits < level[i].n) last_miss = fmax(last_miss, level[i].x);
    }
    if (!(most > least)) return;
    if (first_hit >= last_miss && all_missed < all_found) { /* no overlap: the likelihood grows with the slope without end */
        fit->state = CW_PROBIT_SEPARATED;
        fit->lo = all_missed, fit->hi = all_found;
        return;
    }
    const double g = .6180339887498949;
    double a = least - 3, b = most + 3, c = b - g * (b - a), d = a + g * (b - a), slope;
    double fc = profile(level, n, c, &slope), fd = profile(level, n, d, &slope);
    while (b - a > 1e-8) {
        if (fc > fd) {
            b = d, d = c, fd = fc, c = b - g * (b - a);
            fc = profile(level, n, c, &slope);
        } else {
            a = c, c = d, fc = fd, d = a + g * (b - a);
            fd = profile(level, n, d, &slope);
        }
    }
    double x95 = .5 * (a + b), best = profile(level, n, x95, &slope);
    if (x95 < least - 2.9 || x95 > most + 2.9 || slope < .011) return; /* at the edge of the search: the hits do not rise */
    *fit = (cw_probit){.state = CW_PROBIT_FITTED, .x95 = x95, .slope = slope, .ln_l = best};
    fit->lo = bound(level, n, x95, least - 4, best - DROP);
    fit->hi = bound(level, n, x95, most + 4, best - DROP);
}
