/* SPDX-License-Identifier: MIT */
/* log_sum.c - sums of numbers known by their logarithms. */
#include "stats/log_sum.h"

#include <math.h>

double cw_log_add(double a, double b)
{
    double hi = a > b ? a : b, lo = a > b ? b : a;
    return hi == -INFINITY ? hi : hi + log1p(exp(lo - hi));
}

double cw_log_sum(const double *x, size_t n)
{
    double hi = -INFINITY, sum = 0;
    for (size_t i = 0; i < n; i++)
        if (x[i] > hi) hi = x[i];
    if (hi == -INFINITY) return hi;
    for (size_t i = 0; i < n; i++) sum += exp(x[i] - hi);
    return hi + log(sum);
}
