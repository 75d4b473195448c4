/* SPDX-License-Identifier: MIT */
/* plan.c - lead time and power of a schedule by simulation. */
#include "track/plan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include "track/emergence.h"

enum { MOST_DRAWS = 4000 };
static const double SHAPE = 1.5;        /* spread of background rates between sites of a class */
static const double EARLY = 4;          /* weeks before imaging that count as early */
static const double USUAL_RULE = .005;  /* VAF >= 0.5 % */
static const double FIRST_FRACTION = 1e-6; /* a clone starts here, or up to a hundred times higher */

void cw_plan_conf_default(cw_plan_conf *c)
{
    *c = (cw_plan_conf){.depth = 20000, .background = 3e-5, .background_cv = .35, .normals = 30, .sites = 200, .draw_cv = .25, .scan_weeks = 8,
                        .progression_vaf = .05, .alpha = .05, .runs = 200, .seed = 1};
}

typedef struct outcome { double alert, usual, progression, vaf; } outcome; /* weeks; INFINITY: never */

typedef struct world {
    const cw_plan_conf *conf;
    gsl_rng *rng;
    cw_emergence e;
    cw_emergence_grid grid;
    cw_gamma_nodes nodes;
    cw_rate_model model;
    double omega[5], a, b;
} world;

static double log_normal(gsl_rng *rng, double cv)
{
    double s = sqrt(log1p(cv * cv));
    return gsl_ran_lognormal(rng, -.5 * s * s, s);
}

static int64_t draw_count(world *w, double site_rate, double f)
{
    const cw_plan_conf *c = w->conf;
    double size = 1 / (c->background_cv * c->background_cv), noisy = f * log_normal(w->rng, c->draw_cv);
    double background = c->background_cv > 0 ? site_rate * gsl_ran_gamma(w->rng, size, 1 / size) : site_rate;
    return gsl_ran_poisson(w->rng, c->depth * (background + (noisy < .9 ? noisy : .9)));
}

static int one_run(world *w, double doubling, double interval, outcome *out, cw_err *err)
{
    const cw_plan_conf *c = w->conf;
    double f0 = FIRST_FRACTION * pow(10, 2 * gsl_rng_uniform(w->rng)), site_rate = gsl_ran_gamma(w->rng, w->a, 1 / w->b), threshold = log((double)c->sites / c->alpha);
    *out = (outcome){INFINITY, INFINITY, 0, NAN};
    while (f0 * exp2(out->progression / doubling) < c->progression_vaf) out->progression += c->scan_weeks;
    if (cw_emergence_start(&w->e, w->grid.n_looks, 1, err) < 0) return CW_ENOMEM;
    for (size_t j = 0; j < w->grid.n_looks && (double)j * interval <= out->progression; j++) {
        double week = (double)j * interval, f = f0 * exp2(week / doubling);
        cw_obs obs = {.n = c->depth, .kind = c->depth >= CW_PLAN_MOLECULES ? CW_OBS_COUNT : CW_OBS_NONE};
        obs.k = draw_count(w, site_rate, f);
        if (isinf(out->usual) && (double)obs.k >= USUAL_RULE * obs.n) out->usual = week;
        if (isinf(out->alert)) {
            cw_emergence_advance(&w->e, &w->grid, &obs, &w->model);
            if (j > 0 && cw_emergence_ln_e(&w->e, &w->model) >= threshold) out->alert = week, out->vaf = f; /* the first draw is the baseline */
        }
    }
    return 0;
}

static int by_size(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return (a > b) - (a < b);
}

static double quantile(double *x, size_t n, double q)
{
    if (!n) return NAN;
    qsort(x, n, sizeof *x, by_size);
    double at = q * (double)(n - 1);
    size_t lo = (size_t)at;
    return lo + 1 < n ? x[lo] + (at - (double)lo) * (x[lo + 1] - x[lo]) : x[lo];
}

static int simulate(world *w, cw_plan_row *row, cw_err *err)
{
    size_t runs = (size_t)w->conf->runs, found = 0;
    double *lead = malloc(runs * sizeof *lead), *gain = malloc(runs * sizeof *gain), *vaf = malloc(runs * sizeof *vaf);
    int status = lead && gain && vaf ? 0 : cw_err_nomem(err);
    for (size_t i = 0; status == 0 && i < runs; i++) {
        outcome o;
        status = one_run(w, row->doubling_weeks, row->interval_weeks, &o, err);
        double alert = o.alert < o.progression ? o.alert : o.progression, usual = o.usual < o.progression ? o.usual : o.progression;
        lead[i] = o.progression - alert;
        gain[i] = usual - alert;
        row->power += lead[i] >= EARLY;
        row->any += alert < o.progression;
        if (alert < o.progression) vaf[found++] = o.vaf;
    }
    if (status == 0) {
        row->power /= (double)runs;
        row->any /= (double)runs;
        for (int q = 0; q < 3; q++) row->lead[q] = quantile(lead, runs, .25 * (q + 1));
        row->gain = quantile(gain, runs, .5);
        row->vaf = quantile(vaf, found, .5);
    }
    free(lead);
    free(gain);
    free(vaf);
    return status;
}

/* Draws until the slowest clone shows on a scan; 0: more than can be made. */
static size_t draws_needed(const cw_plan_conf *c, double doubling, double interval)
{
    double weeks = doubling * fmax(0, log2(c->progression_vaf / FIRST_FRACTION)) + c->scan_weeks, draws = floor(weeks / interval) + 2;
    return draws <= MOST_DRAWS ? (size_t)draws : 0;
}

int cw_plan(const cw_plan_conf *c, double doubling, double interval, cw_plan_row *row, cw_err *err)
{
    world w = {.conf = c, .omega = {.2, .35, .5, .7, c->background_cv}}; /* its own CV where the others do not reach it */
    const size_t n_draws = draws_needed(c, doubling, interval);
    double week[MOST_DRAWS], seen = (double)c->normals * c->depth;
    w.a = SHAPE + c->background * seen;
    w.b = SHAPE / c->background + seen;
    w.model = (cw_rate_model){&w.nodes, w.a / w.b, c->background_cv, w.omega, c->background_cv > .7 ? 5 : 4};
    if (!n_draws)
        return cw_err_set(err, CW_EREFUSED, "a clone that doubles in %g weeks, drawn every %g weeks, needs more than %d draws; take a longer interval", doubling, interval, MOST_DRAWS);
    for (size_t j = 0; j < n_draws; j++) week[j] = (double)j * interval;
    *row = (cw_plan_row){.doubling_weeks = doubling, .interval_weeks = interval};
    w.rng = gsl_rng_alloc(gsl_rng_mt19937);
    int status = w.rng ? 0 : cw_err_nomem(err);
    if (status == 0 && cw_gamma_nodes_fill(&w.nodes, w.a, w.b) < 0) status = cw_err_set(err, CW_EFORMAT, "background %g is not a rate above 0", c->background);
    if (status == 0) status = cw_emergence_grid_init(&w.grid, week, n_draws, err);
    if (status == 0) {
        gsl_rng_set(w.rng, (unsigned long)c->seed);
        status = simulate(&w, row, err);
    }
    cw_emergence_release(&w.e);
    cw_emergence_grid_release(&w.grid);
    if (w.rng) gsl_rng_free(w.rng);
    return status;
}
