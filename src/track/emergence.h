/* SPDX-License-Identifier: MIT */
/* emergence.h - the e-process of one allele that should be absent (statistics 3.1, 3.2; docs/emergence.md has the formula).
 *
 * ln E_J = ln N_J - max over the dispersion set of ln D_J. N is a fixed mixture over growth trajectories and steps; D is the background
 * over all draws. Advancing by one draw never needs the number of draws to come. */
#ifndef CW_TRACK_EMERGENCE_H
#define CW_TRACK_EMERGENCE_H

#include <stddef.h>
#include <clonewatch/error.h>
#include "stats/nb_curve.h"
#include "track/observation.h"

enum { CW_EMERGENCE_DOUBLINGS = 8, CW_EMERGENCE_ONSETS = 57, CW_EMERGENCE_GROWTH = CW_EMERGENCE_DOUBLINGS * CW_EMERGENCE_ONSETS, CW_EMERGENCE_LEVELS = 7,
       CW_EMERGENCE_OMEGAS = 8 };

/* Doubling times of the alternatives, in weeks; the growth test uses them too. */
extern const double cw_doubling_weeks[CW_EMERGENCE_DOUBLINGS];

/* The trajectories at the draws of one patient: shared by all alleles. */
typedef struct cw_emergence_grid {
    size_t n_looks;
    double *f; /* [n_looks][CW_EMERGENCE_GROWTH] */
} cw_emergence_grid;

/* week[j]: weeks from the zero of 3.3. */
CW_MUST_CHECK int cw_emergence_grid_init(cw_emergence_grid *grid, const double *week, size_t n_looks, cw_err *err);
void cw_emergence_grid_release(cw_emergence_grid *grid);

/* Running log-likelihoods; one object serves allele after allele. */
typedef struct cw_emergence {
    size_t n_looks, cap, n_levels, levels_cap;
    double growth[CW_EMERGENCE_GROWTH];
    double zero;   /* f = 0 in every draw */
    double *step;  /* [cap][CW_EMERGENCE_LEVELS] */
    double *null;  /* [levels][CW_EMERGENCE_OMEGAS][CW_GAMMA_NODES] */
} cw_emergence;

CW_MUST_CHECK int cw_emergence_start(cw_emergence *e, size_t max_looks, size_t n_levels, cw_err *err);
void cw_emergence_release(cw_emergence *e);

/* The next draw: how each alternative and each background would explain it, whatever its count. */
typedef struct cw_emergence_next {
    cw_obs obs;
    cw_nb_curve none, growth[CW_EMERGENCE_GROWTH], level[CW_EMERGENCE_LEVELS], null[CW_EMERGENCE_OMEGAS * CW_GAMMA_NODES];
} cw_emergence_next;

/* obs is look number e->n_looks of the grid. models: one per assay level. */
void cw_emergence_prepare(cw_emergence_next *next, const cw_emergence *e, const cw_emergence_grid *grid, const cw_obs *obs, const cw_rate_model *models);
/* Take it in, with the count it has. */
void cw_emergence_take(cw_emergence *e, const cw_emergence_next *next, const cw_rate_model *models);
/* Both at once. */
void cw_emergence_advance(cw_emergence *e, const cw_emergence_grid *grid, const cw_obs *obs, const cw_rate_model *models);
/* ln E over the draws taken in so far; 0 before the first. */
double cw_emergence_ln_e(const cw_emergence *e, const cw_rate_model *models);
/* Least count k >= 1 with which the next draw, which must be one of counts, would bring ln E to ln_threshold or above, given the draws
 * taken in so far; -1: no count up to its molecules does. guess: where to begin looking; any number gives the same answer. */
int64_t cw_emergence_alarm_count(const cw_emergence *e, const cw_emergence_next *next, const cw_rate_model *models, double ln_threshold, int64_t guess);
#endif
