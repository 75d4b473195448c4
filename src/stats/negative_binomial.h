/* SPDX-License-Identifier: MIT */
/* negative_binomial.h - counts with more spread than Poisson, by mean and size: variance = mean + mean^2 / size.
 * size INFINITY is Poisson. mean 0 puts all mass on k = 0. Thread-safe, no allocation. */
#ifndef CW_STATS_NEGATIVE_BINOMIAL_H
#define CW_STATS_NEGATIVE_BINOMIAL_H

#include <stdint.h>

/* ln P(K = k). Accurate to about 1e-12 also for large k and size. */
double cw_nb_ln_pmf(int64_t k, double mean, double size);

/* The same in two steps, for many means at one k (a grid over trajectories): pass ln_factor = cw_nb_ln_factor(k) = ln k!. */
double cw_nb_ln_factor(int64_t k);
double cw_nb_ln_pmf_fast(int64_t k, double ln_factor, double mean, double size);

/* P(K >= k), summed from the near end so that small tails keep their relative accuracy. 1 for k <= 0. */
double cw_nb_upper(int64_t k, double mean, double size);

/* Size by moments: variance = mean + sd^2, so size = mean^2 / sd^2 (INFINITY when sd = 0).
 * For n molecules, background e with CV w and true fraction f with CV v: mean = n (e + f), sd^2 = (n e w)^2 + (n f v)^2. */
double cw_nb_size(double n, double e, double f, double w, double v);
#endif
