/* SPDX-License-Identifier: MIT */
/* gamma_fit.h - rates of many sites as one gamma distribution, from their counts: K_i ~ Poisson(N_i e_i), e_i ~ Gamma(nu, rate nu / mu). */
#ifndef CW_STATS_GAMMA_FIT_H
#define CW_STATS_GAMMA_FIT_H

#include <stddef.h>

/* ln likelihood of all sites: sum lnG(K + nu) - lnG(nu) + nu ln(b / (b + N)) + K ln(N / (b + N)), b = nu / mu (K! left out). */
double cw_gamma_fit_ln_l(const double *k, const double *n, size_t sites, double mu, double nu);

/* Largest likelihood times a weak prior on the spread, ln nu ~ N(ln 1.5, 1), that decides when there are few sites. mu is at least
 * half a molecule over all. 0, or -1 without any molecules. */
int cw_gamma_fit(const double *k, const double *n, size_t sites, double *mu, double *nu);
#endif
