/* SPDX-License-Identifier: MIT */
/* evidence.c - the numbers on which alarms rest, for every allele after every draw, and what the last draw could have raised. */
#include "track/tracking.h"

#include <math.h>
#include "stats/limits.h"
#include "track/emergence.h"
#include "track/growth_test.h"

static const double DRAW_CV = .25;  /* of the true fraction, for limits of detection */

typedef struct trial { /* the last draw with other counts, given the earlier draws */
    const cw_emergence *before;
    cw_emergence *work;
    const cw_emergence_grid *grid;
    const cw_obs *last;
    const cw_rate_model *models;
    double ln_threshold;
} trial;

static int is_over(const trial *t, int64_t k, bool *over, cw_err *err)
{
    cw_obs obs = *t->last;
    obs.k = k;
    if (cw_emergence_copy(t->work, t->before, err) < 0) return CW_ENOMEM;
    cw_emergence_advance(t->work, t->grid, &obs, t->models);
    *over = cw_emergence_ln_e(t->work, t->models) >= t->ln_threshold;
    return 0;
}

/* Least count that lifts the evidence over the threshold; -1: none up to n. guess: where to begin, the answer for the allele before. */
static int alarm_count(const trial *t, int64_t guess, int64_t *least, cw_err *err)
{
    int64_t lo = -1, hi = guess < 1 ? 1 : guess, most = (int64_t)t->last->n, stride = 1;
    bool over = false;
    if (hi > most) hi = most;
    if (is_over(t, hi, &over, err) < 0) return CW_ENOMEM;
    while (!over) { /* up until it is over */
        if (hi >= most) {
            *least = -1;
            return 0;
        }
        lo = hi;
        hi = hi + stride > most ? most : hi + stride;
        stride *= 2;
        if (is_over(t, hi, &over, err) < 0) return CW_ENOMEM;
    }
    while (lo < 0 && hi > 0) { /* down until it is not */
        int64_t at = hi - stride < 0 ? 0 : hi - stride;
        stride *= 2;
        if (is_over(t, at, &over, err) < 0) return CW_ENOMEM;
        if (over) hi = at;
        else lo = at;
    }
    while (hi - lo > 1) {
        int64_t mid = lo + (hi - lo) / 2;
        if (is_over(t, mid, &over, err) < 0) return CW_ENOMEM;
        if (over) hi = mid;
        else lo = mid;
    }
    *least = hi;
    return 0;
}

/* Where to begin: the answer for the last allele that expected as many background molecules. */
enum { GUESSES = 32 };
typedef struct guesses { int64_t count[GUESSES]; } guesses;

static int64_t *guess_for(guesses *g, double expected)
{
    int i = expected > 0 ? (int)(2 * log2(expected)) + GUESSES / 2 : 0;
    return &g->count[i < 0 ? 0 : i >= GUESSES ? GUESSES - 1 : i];
}

static int alarm_limit(cw_tracking *t, size_t a, const cw_emergence_grid *grid, cw_emergence work[3], guesses *known, cw_err *err)
{
    cw_alteration *x = &t->p->alterations[a];
    const cw_obs *last = &t->obs[a * t->n_looks + t->n_looks - 1];
    const cw_rate_model *models = t->model + a * t->p->n_sets, *m = &models[last->level];
    const trial last_draw = {&work[1], &work[2], grid, last, models, x->evidence.ln_threshold};
    int64_t least;
    if (last->kind != CW_OBS_COUNT || (t->n_looks > 1 && t->ln_e[a * t->n_looks + t->n_looks - 2] >= x->evidence.ln_threshold)) return 0;
    int64_t *guess = guess_for(known, last->n * m->e);
    if (alarm_count(&last_draw, *guess ? *guess : 4, &least, err) < 0) return CW_ENOMEM;
    if (least > 0) *guess = least;
    x->points[t->draw[t->n_looks - 1]].lod_alarm = cw_limit_of_detection(least, last->n, m->e, m->w_hat, DRAW_CV);
    return 0;
}

static bool has_background(const cw_tracking *t, size_t a)
{
    for (size_t s = 0; s < t->p->n_sets; s++)
        if (t->model[a * t->p->n_sets + s].nodes) return true;
    return false;
}

static int emergence(cw_tracking *t, size_t a, const cw_emergence_grid *grid, cw_emergence work[3], guesses *known, cw_err *err)
{
    const cw_rate_model *models = t->model + a * t->p->n_sets;
    const cw_obs *obs = t->obs + a * t->n_looks;
    double *ln_e = t->ln_e + a * t->n_looks;
    if (cw_emergence_start(&work[0], t->n_looks, t->p->n_sets, err) < 0) return CW_ENOMEM;
    for (size_t j = 0; j < t->n_looks; j++) {
        if (j + 1 == t->n_looks && !t->given[a] && cw_emergence_copy(&work[1], &work[0], err) < 0) return CW_ENOMEM;
        cw_emergence_advance(&work[0], grid, &obs[j], models);
        ln_e[j] = cw_emergence_ln_e(&work[0], models);
    }
    t->p->alterations[a].evidence.ln_e = ln_e[t->n_looks - 1];
    return t->given[a] ? 0 : alarm_limit(t, a, grid, work, known, err);
}

/* Alleles that are there, from the start or by their evidence, get the growth test. */
static int growth(cw_tracking *t, size_t a, cw_err *err)
{
    cw_alteration *x = &t->p->alterations[a];
    double *ln_e = t->ln_e_growth + a * t->n_looks;
    bool there = t->given[a];
    for (size_t j = 0; j < t->n_looks; j++) there |= t->ln_e[a * t->n_looks + j] >= x->evidence.ln_threshold;
    if (!there) return 0;
    if (cw_growth_ln_e(t->obs + a * t->n_looks, t->week, t->n_looks, t->model + a * t->p->n_sets, t->conf->growth_slack, ln_e, err) < 0) return CW_ENOMEM;
    x->evidence.ln_e_growth = ln_e[t->n_looks - 1];
    return 0;
}

int cw_track_evidence(cw_tracking *t, cw_err *err)
{
    cw_emergence_grid grid = {0};
    cw_emergence work[3] = {{0}};
    guesses known = {{0}};
    size_t cells = t->p->n_alterations * t->n_looks;
    t->ln_e = cw_arena_alloc(t->scratch, cells, sizeof *t->ln_e);
    t->ln_e_growth = cw_arena_alloc(t->scratch, cells, sizeof *t->ln_e_growth);
    if (!t->ln_e || !t->ln_e_growth) return cw_err_nomem(err);
    for (size_t i = 0; i < cells; i++) t->ln_e[i] = t->ln_e_growth[i] = NAN;
    if (!t->n_looks) return 0;
    int status = cw_emergence_grid_init(&grid, t->week, t->n_looks, err);
    for (size_t a = 0; status == 0 && a < t->p->n_alterations; a++) {
        if (!has_background(t, a)) continue;
        status = emergence(t, a, &grid, work, &known, err);
        if (status == 0) status = growth(t, a, err);
    }
    for (int i = 0; i < 3; i++) cw_emergence_release(&work[i]);
    cw_emergence_grid_release(&grid);
    return status;
}
