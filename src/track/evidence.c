/* SPDX-License-Identifier: MIT */
/* evidence.c - the numbers on which alarms rest, for every allele after every draw, and what each draw could have raised. */
#include "track/tracking.h"

#include <math.h>
#include "stats/limits.h"
#include "stats/yield.h"
#include "track/emergence.h"
#include "track/growth_test.h"

static const double DRAW_CV = .25;  /* of the true fraction, for limits of detection */

static bool has_background(const cw_tracking *t, size_t a)
{
    for (size_t s = 0; s < t->p->n_sets; s++)
        if (t->model[a * t->p->n_sets + s].nodes) return true;
    return false;
}

/* What this draw could have raised, had it held enough of the allele. Nothing to ask of a draw whose evidence was over before it, of one
 * without counts, nor of an allele that was there from the start. */
static double alarm_limit(const cw_emergence *e, const cw_emergence_next *next, const cw_rate_model *models, double ln_before, double ln_threshold, int64_t *guess)
{
    const cw_rate_model *m = &models[next->obs.level];
    if (next->obs.kind != CW_OBS_COUNT || ln_before >= ln_threshold) return NAN;
    int64_t least = cw_emergence_alarm_count(e, next, models, ln_threshold, *guess);
    if (least > 0) *guess = least;
    return cw_limit_of_detection(least, next->obs.n, m->e, m->w_hat, DRAW_CV);
}

static int emergence(cw_tracking *t, size_t a, const cw_emergence_grid *grid, cw_emergence *work, cw_err *err)
{
    const cw_rate_model *models = t->model + a * t->p->n_sets;
    const cw_obs *obs = t->obs + a * t->n_looks;
    double *ln_e = t->ln_e + a * t->n_looks;
    cw_alteration *x = &t->p->alterations[a];
    int64_t guess = 4; /* then the answer for the draw before */
    if (cw_emergence_start(work, t->n_looks, t->p->n_sets, err) < 0) return CW_ENOMEM;
    for (size_t j = 0; j < t->n_looks; j++) {
        cw_emergence_next next;
        cw_point *point = &x->points[t->draw[j]];
        cw_emergence_prepare(&next, work, grid, &obs[j], models);
        if (!t->given[a])
            point->lod_alarm = cw_limit_floor_by_mass(alarm_limit(work, &next, models, j ? ln_e[j - 1] : 0, x->evidence.ln_threshold, &guess), t->p->draws[t->draw[j]].cfdna_ng);
        cw_emergence_take(work, &next, models);
        point->ln_e = ln_e[j] = cw_emergence_ln_e(work, models);
    }
    x->evidence.ln_e = ln_e[t->n_looks - 1];
    return 0;
}

/* The last baseline draw of each draw: growth is that of the line in force, not of the lines before it. */
static size_t *growth_starts(cw_tracking *t)
{
    size_t *first = cw_arena_alloc(t->scratch, t->n_looks, sizeof *first);
    for (size_t j = 0; first && j < t->n_looks; j++) {
        double baseline = cw_tracking_baseline_day(t, t->day[j]);
        for (first[j] = j; first[j] > 0 && t->day[first[j]] > baseline;) first[j]--;
    }
    return first;
}

/* Alleles that are there, from the start or by their evidence, get the growth test. */
static int growth(cw_tracking *t, size_t a, const size_t *first, cw_err *err)
{
    cw_alteration *x = &t->p->alterations[a];
    double *ln_e = t->ln_e_growth + a * t->n_looks;
    bool there = t->given[a];
    for (size_t j = 0; j < t->n_looks; j++) there |= t->ln_e[a * t->n_looks + j] >= x->evidence.ln_threshold;
    if (!there) return 0;
    if (cw_growth_ln_e(t->obs + a * t->n_looks, t->week, t->n_looks, first, t->model + a * t->p->n_sets, t->conf->growth_slack, ln_e, err) < 0) return CW_ENOMEM;
    for (size_t j = 0; j < t->n_looks; j++) x->points[t->draw[j]].ln_e_growth = ln_e[j];
    x->evidence.ln_e_growth = ln_e[t->n_looks - 1];
    return 0;
}

int cw_track_evidence(cw_tracking *t, cw_err *err)
{
    cw_emergence_grid grid = {0};
    cw_emergence work = {0};
    size_t cells = t->p->n_alterations * t->n_looks;
    t->ln_e = cw_arena_alloc(t->scratch, cells, sizeof *t->ln_e);
    t->ln_e_growth = cw_arena_alloc(t->scratch, cells, sizeof *t->ln_e_growth);
    if (!t->ln_e || !t->ln_e_growth) return cw_err_nomem(err);
    for (size_t i = 0; i < cells; i++) t->ln_e[i] = t->ln_e_growth[i] = NAN;
    if (!t->n_looks) return 0;
    const size_t *first = growth_starts(t);
    if (!first) return cw_err_nomem(err);
    int status = cw_emergence_grid_init(&grid, t->week, t->n_looks, err);
    for (size_t a = 0; status == 0 && a < t->p->n_alterations; a++) {
        t->p->alterations[a].evidence.on_growth = t->given[a];
        if (!has_background(t, a)) continue;
        status = emergence(t, a, &grid, &work, err);
        if (status == 0) status = growth(t, a, first, err);
    }
    cw_emergence_release(&work);
    cw_emergence_grid_release(&grid);
    return status;
}
