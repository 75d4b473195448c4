/* SPDX-License-Identifier: MIT */
/* log_sum.h - sums of numbers known by their logarithms. */
#ifndef CW_STATS_LOG_SUM_H
#define CW_STATS_LOG_SUM_H

#include <stddef.h>

/* ln(exp(a) + exp(b)); -INFINITY is ln 0. */
double cw_log_add(double a, double b);
/* ln sum exp(x[i]); -INFINITY for n = 0. */
double cw_log_sum(const double *x, size_t n);
#endif
