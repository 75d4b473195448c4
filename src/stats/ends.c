/* SPDX-License-Identifier: MIT */
/* ends.c - upper tail of Fisher's noncentral hypergeometric distribution, summed by the ratios of its terms from the mode outwards:
 * no logarithms of factorials, so nothing cancels at a million molecules. */
#include "stats/ends.h"

typedef struct margins { double near, far, k; } margins; /* molecules of both alleles near and far, molecules of the allele */

/* P(x + 1) / P(x): falls with x. */
static double ratio(const margins *m, int64_t x)
{
    double at = (double)x;
    return CW_ENDS_ODDS * (m->near - at) * (m->k - at) / ((at + 1) * (m->far - m->k + at + 1));
}

static int64_t mode_of(const margins *m, int64_t lo, int64_t hi)
{
    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2;
        if (ratio(m, mid) > 1) lo = mid + 1;
        else hi = mid;
    }
    return lo;
}

double cw_ends_p(int64_t k_near, int64_t k_far, int64_t n_near, int64_t n_far)
{
    const int64_t k = k_near + k_far, near = k_near + n_near, far = k_far + n_far;
    if (k_near < 0 || k_far < 0 || n_near < 0 || n_far < 0 || k == 0 || n_near + n_far == 0 || near == 0 || far == 0) return 1;
    const margins m = {(double)near, (double)far, (double)k};
    const int64_t lo = k > far ? k - far : 0, hi = k < near ? k : near, mode = mode_of(&m, lo, hi);
    double total = 1, tail = mode >= k_near, term = 1;
    for (int64_t x = mode; x < hi && term > 0; x++) {
        term *= ratio(&m, x);
        total += term;
        if (x + 1 >= k_near) tail += term;
    }
    term = 1;
    for (int64_t x = mode; x > lo && term > 0; x--) {
        term /= ratio(&m, x - 1);
        total += term;
        if (x - 1 >= k_near) tail += term;
    }
    return tail / total;
}

double cw_ends_least_p(int64_t k_near, int64_t k_far, int64_t n_near, int64_t n_far)
{
    const int64_t k = k_near + k_far, near = k_near + n_near, most = k < near ? k : near;
    if (k_near < 0 || k_far < 0 || n_near < 0 || n_far < 0) return 1;
    return cw_ends_p(most, k - most, near - most, n_near + n_far - (near - most));
}
