/* SPDX-License-Identifier: MIT */
/* observation.c - likelihood of one draw. */
#include "track/observation.h"

#include <math.h>
#include <gsl/gsl_sf_gamma.h>
#include "stats/negative_binomial.h"

/* ln P(Poisson(mean) < k_star). */
static double limit_ln(int64_t k_star, double mean)
{
    if (!(mean > 0)) return 0;
    if (k_star <= 1) return -mean;
    double q = gsl_sf_gamma_inc_Q((double)k_star, mean);
    if (q > 1e-300) return log(q);
    /* the far tail: its last term, and how much the terms before add to it */
    double top = (double)k_star - 1, term = 1, sum = 0;
    for (double i = top; term > sum * 1e-17; i--) {
        sum += term;
        term *= i / mean;
    }
    return top * log(mean) - mean - gsl_sf_lngamma(top + 1) + log(sum);
}

double cw_obs_ln(const cw_obs *obs, double ln_factor, const cw_rate_model *model, double f, double draw_cv)
{
    if (obs->kind == CW_OBS_NONE) return 0;
    double mean = obs->n * (model->e + f);
    if (obs->kind == CW_OBS_LIMIT) return limit_ln(obs->k_star, mean);
    return cw_nb_ln_pmf_fast(obs->k, ln_factor, mean, cw_nb_size(obs->n, model->e, f, model->w_hat, draw_cv));
}

double cw_obs_ln_background(const cw_obs *obs, double ln_factor, double x, double w)
{
    if (obs->kind == CW_OBS_NONE) return 0;
    if (obs->kind == CW_OBS_LIMIT) return limit_ln(obs->k_star, obs->n * x);
    return cw_nb_ln_pmf_fast(obs->k, ln_factor, obs->n * x, w > 0 ? 1 / (w * w) : INFINITY);
}

double cw_obs_ln_poisson(const cw_obs *obs, double ln_factor, double mean)
{
    if (obs->kind == CW_OBS_NONE) return 0;
    if (obs->kind == CW_OBS_LIMIT) return limit_ln(obs->k_star, mean);
    return cw_nb_ln_pmf_fast(obs->k, ln_factor, mean, INFINITY);
}
