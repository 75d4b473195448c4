/* SPDX-License-Identifier: MIT */
/* observation.h - what one draw says about one allele, as the likelihoods see it, and the background it is judged against. */
#ifndef CW_TRACK_OBSERVATION_H
#define CW_TRACK_OBSERVATION_H

#include <stdint.h>
#include "stats/gamma_nodes.h"

typedef enum cw_obs_kind {
    CW_OBS_NONE = 0, /* missing, or fewer molecules than can be judged: factor 1 everywhere */
    CW_OBS_COUNT,    /* k of n molecules */
    CW_OBS_LIMIT     /* an imported "not detected": k is unknown, k < k_star is known */
} cw_obs_kind;

typedef struct cw_obs {
    int64_t k, k_star;
    double n;
    uint8_t kind;  /* cw_obs_kind */
    uint8_t level; /* index of the assay level */
} cw_obs;

/* Background of one allele at one assay level. */
typedef struct cw_rate_model {
    const cw_gamma_nodes *nodes;
    double e;                     /* a / b */
    double w_hat;
    const double *omega; int n_omega;
} cw_rate_model;

/* CV of the true fraction between draws in the alternative (statistics 3.1). */
#define CW_ALTERNATIVE_CV 0.35

/* ln P(observation | true fraction f), negative binomial with size by moments; a limit enters as the Poisson tail of 3.6. 0 for none. */
double cw_obs_ln(const cw_obs *obs, double ln_factor, const cw_rate_model *model, double f, double draw_cv);
/* The same for the background alone at rate x and CV w. */
double cw_obs_ln_background(const cw_obs *obs, double ln_factor, double x, double w);
/* Poisson without extra noise. */
double cw_obs_ln_poisson(const cw_obs *obs, double ln_factor, double mean);
#endif
