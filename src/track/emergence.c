/* SPDX-License-Identifier: MIT */
/* emergence.c - the e-process of one allele that should be absent. */
#include "track/emergence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "stats/log_sum.h"
#include "stats/negative_binomial.h"
#include "track/alarm_count.h"

const double cw_doubling_weeks[CW_EMERGENCE_DOUBLINGS] = {1.5, 2, 3, 4, 6, 8, 12, 20};
static const double FIRST_ONSET = -8, ONSET_STEP = 2;       /* weeks: -8, -6 ... 104 */
static const double ONSET_FRACTION = 1e-3, TOP_FRACTION = .5; /* the fraction reached at the onset; no allele is above a half */
static const double GROWTH_WEIGHT = .8, STEP_WEIGHT = .2;

static double step_fraction(int level)
{
    static const double fraction[CW_EMERGENCE_LEVELS] = {1e-4, 3.1622776601683793e-4, 1e-3, 3.1622776601683793e-3, 1e-2, 3.1622776601683793e-2, 1e-1};
    return fraction[level];
}

int cw_emergence_grid_init(cw_emergence_grid *grid, const double *week, size_t n_looks, cw_err *err)
{
    grid->f = calloc(n_looks ? n_looks : 1, CW_EMERGENCE_GROWTH * sizeof *grid->f);
    if (!grid->f) return cw_err_nomem(err);
    grid->n_looks = n_looks;
    for (size_t j = 0; j < n_looks; j++)
        for (int d = 0; d < CW_EMERGENCE_DOUBLINGS; d++)
            for (int o = 0; o < CW_EMERGENCE_ONSETS; o++) {
                double f = ONSET_FRACTION * exp2((week[j] - (FIRST_ONSET + ONSET_STEP * o)) / cw_doubling_weeks[d]);
                grid->f[j * CW_EMERGENCE_GROWTH + (size_t)(d * CW_EMERGENCE_ONSETS + o)] = f < TOP_FRACTION ? f : TOP_FRACTION;
            }
    return 0;
}

void cw_emergence_grid_release(cw_emergence_grid *grid)
{
    free(grid->f);
    memset(grid, 0, sizeof *grid);
}

int cw_emergence_start(cw_emergence *e, size_t max_looks, size_t n_levels, cw_err *err)
{
    const size_t per_level = CW_EMERGENCE_OMEGAS * CW_GAMMA_NODES;
    if (cw_grow((void **)&e->step, &e->cap, max_looks, CW_EMERGENCE_LEVELS * sizeof *e->step, err) < 0 ||
        cw_grow((void **)&e->null, &e->levels_cap, n_levels, per_level * sizeof *e->null, err) < 0)
        return CW_ENOMEM;
    e->n_looks = 0;
    e->n_levels = n_levels;
    e->zero = 0;
    memset(e->growth, 0, sizeof e->growth);
    memset(e->null, 0, n_levels * per_level * sizeof *e->null);
    return 0;
}

void cw_emergence_release(cw_emergence *e)
{
    free(e->step);
    free(e->null);
    memset(e, 0, sizeof *e);
}

/* --- the next draw, for any count --- */

/* The likelihood of one draw at the true fraction f, with everything that does not depend on the count taken out: it is asked for four
 * hundred times for each allele and draw, and there the time of a cohort goes. */
static cw_nb_curve alternative(const cw_obs *obs, const cw_rate_model *m, double f)
{
    if (obs->kind != CW_OBS_COUNT) return (cw_nb_curve){.constant = cw_obs_ln(obs, 0, m, f, CW_ALTERNATIVE_CV)};
    double background = obs->n * m->e, sd = background * m->w_hat, v = obs->n * CW_ALTERNATIVE_CV;
    double mean = background + obs->n * f, variance = sd * sd + v * v * f * f, x = variance / mean;
    if (!(x > 1e-6)) return cw_nb_curve_near_poisson(mean, variance > 0 ? mean * mean / variance : INFINITY);
    double size = mean / x;
    return (cw_nb_curve){mean, size, -size * log(1 + x), mean / (1 + x), false};
}

static cw_nb_curve background(const cw_obs *obs, double x, double w)
{
    double mean = obs->n * x, size = 1 / (w * w);
    if (obs->kind != CW_OBS_COUNT) return (cw_nb_curve){.constant = cw_obs_ln_background(obs, 0, x, w)};
    if (!(w > 1e-3)) return cw_nb_curve_near_poisson(mean, w > 0 ? size : INFINITY);
    double over = 1 + mean / size;
    return (cw_nb_curve){mean, size, -size * log(over), mean / over, false};
}

void cw_emergence_prepare(cw_emergence_next *next, const cw_emergence *e, const cw_emergence_grid *grid, const cw_obs *obs, const cw_rate_model *models)
{
    const cw_rate_model *model = &models[obs->level];
    next->obs = *obs;
    if (obs->kind == CW_OBS_NONE) return;
    next->none = alternative(obs, model, 0);
    const cw_nb_curve top = alternative(obs, model, TOP_FRACTION);
    const double negligible = model->e * 1e-14; /* below it the mean is the background's to the last digit */
    const double *f = grid->f + e->n_looks * CW_EMERGENCE_GROWTH;
    for (int g = 0; g < CW_EMERGENCE_GROWTH; g++) next->growth[g] = f[g] >= TOP_FRACTION ? top : f[g] <= negligible ? next->none : alternative(obs, model, f[g]);
    for (int l = 0; l < CW_EMERGENCE_LEVELS; l++) next->level[l] = alternative(obs, model, step_fraction(l));
    for (int w = 0; w < model->n_omega; w++)
        for (int m = 0; m < CW_GAMMA_NODES; m++) next->null[w * CW_GAMMA_NODES + m] = background(obs, model->nodes->x[m], model->omega[w]);
}

void cw_emergence_take(cw_emergence *e, const cw_emergence_next *next, const cw_rate_model *models)
{
    const int64_t k = next->obs.k;
    const double ln_factor = cw_nb_ln_factor(k);
    size_t j = e->n_looks++;
    double *fresh = e->step + j * CW_EMERGENCE_LEVELS;
    for (int l = 0; l < CW_EMERGENCE_LEVELS; l++) fresh[l] = e->zero; /* a step that starts now had f = 0 before */
    if (next->obs.kind == CW_OBS_NONE) return;
    for (int g = 0; g < CW_EMERGENCE_GROWTH; g++) e->growth[g] += cw_nb_curve_ln(&next->growth[g], k, ln_factor);
    for (int l = 0; l < CW_EMERGENCE_LEVELS; l++) {
        double ln = cw_nb_curve_ln(&next->level[l], k, ln_factor);
        for (size_t s = 0; s <= j; s++) e->step[s * CW_EMERGENCE_LEVELS + (size_t)l] += ln;
    }
    e->zero += cw_nb_curve_ln(&next->none, k, ln_factor);
    double *row = e->null + (size_t)next->obs.level * CW_EMERGENCE_OMEGAS * CW_GAMMA_NODES;
    for (int i = 0; i < models[next->obs.level].n_omega * CW_GAMMA_NODES; i++) row[i] += cw_nb_curve_ln(&next->null[i], k, ln_factor);
}

void cw_emergence_advance(cw_emergence *e, const cw_emergence_grid *grid, const cw_obs *obs, const cw_rate_model *models)
{
    cw_emergence_next next;
    cw_emergence_prepare(&next, e, grid, obs, models);
    cw_emergence_take(e, &next, models);
}

/* --- the evidence --- */

/* A sum of exponentials that skips what cannot change the last digit. */
typedef struct running { double top, sum; } running;

static const double BEYOND = -45;

static void take(running *r, double ln)
{
    double below = ln - r->top;
    if (below > 0) {
        r->sum = r->sum * exp(-below) + 1;
        r->top = ln;
    } else if (below > BEYOND) {
        r->sum += exp(below);
    }
}

static double step_weight(size_t s) { return log(STEP_WEIGHT / CW_EMERGENCE_LEVELS / ((double)(s + 1) * (double)(s + 2))); }

static double ln_numerator(const cw_emergence *e)
{
    double looks = (double)e->n_looks, weight = log(GROWTH_WEIGHT / CW_EMERGENCE_GROWTH);
    running r = {log(STEP_WEIGHT / (looks + 1)) + e->zero, 1}; /* the starts still to come */
    for (int g = 0; g < CW_EMERGENCE_GROWTH; g++) take(&r, weight + e->growth[g]);
    for (size_t s = 0; s < e->n_looks; s++) {
        weight = step_weight(s);
        for (int l = 0; l < CW_EMERGENCE_LEVELS; l++) take(&r, weight + e->step[s * CW_EMERGENCE_LEVELS + (size_t)l]);
    }
    return r.top + log(r.sum);
}

/* ln D of one assay level: the largest over the dispersion set. */
static double ln_null(const cw_emergence *e, size_t level, const cw_rate_model *model)
{
    const double *row = e->null + level * CW_EMERGENCE_OMEGAS * CW_GAMMA_NODES;
    double worst = -INFINITY;
    for (int w = 0; w < model->n_omega; w++) {
        double term[CW_GAMMA_NODES];
        for (int m = 0; m < CW_GAMMA_NODES; m++) term[m] = model->nodes->ln_weight[m] + row[w * CW_GAMMA_NODES + m];
        double d = cw_log_sum(term, CW_GAMMA_NODES);
        if (d > worst) worst = d;
    }
    return isfinite(worst) ? worst : 0;
}

double cw_emergence_ln_e(const cw_emergence *e, const cw_rate_model *models)
{
    double denominator = 0;
    for (size_t level = 0; level < e->n_levels; level++)
        if (models[level].nodes) denominator += ln_null(e, level, &models[level]); /* else: no draw of this allele at this level */
    return e->n_looks ? ln_numerator(e) - denominator : 0;
}

/* --- what the next draw could raise --- */

/* The mixture after the draw, as weights that the earlier draws have given and the curves of this one. */
static void put_numerator(const cw_emergence *e, const cw_emergence_next *next, cw_alarm_sum *n)
{
    double weight = log(GROWTH_WEIGHT / CW_EMERGENCE_GROWTH);
    for (int g = 0; g < CW_EMERGENCE_GROWTH; g++) n->term[n->n++] = (cw_alarm_term){weight + e->growth[g], &next->growth[g]};
    for (int l = 0; l < CW_EMERGENCE_LEVELS; l++) {
        running r = {step_weight(e->n_looks) + e->zero, 1}; /* the step that starts with this draw, and those before it */
        for (size_t s = 0; s < e->n_looks; s++) take(&r, step_weight(s) + e->step[s * CW_EMERGENCE_LEVELS + (size_t)l]);
        n->term[n->n++] = (cw_alarm_term){r.top + log(r.sum), &next->level[l]};
    }
    n->term[n->n++] = (cw_alarm_term){log(STEP_WEIGHT / ((double)e->n_looks + 2)) + e->zero, &next->none}; /* the starts still to come */
}

int64_t cw_emergence_alarm_count(const cw_emergence *e, const cw_emergence_next *next, const cw_rate_model *models, double ln_threshold, int64_t guess)
{
    const size_t level = next->obs.level;
    const cw_rate_model *model = &models[level];
    const double *row = e->null + level * CW_EMERGENCE_OMEGAS * CW_GAMMA_NODES;
    cw_alarm_question q = {.n_nulls = (size_t)model->n_omega, .ln_factor = ln_threshold, .most = (int64_t)next->obs.n};
    put_numerator(e, next, &q.alternative);
    for (int w = 0; w < model->n_omega; w++)
        for (int m = 0; m < CW_GAMMA_NODES; m++, q.null[w].n++)
            q.null[w].term[m] = (cw_alarm_term){model->nodes->ln_weight[m] + row[w * CW_GAMMA_NODES + m], &next->null[w * CW_GAMMA_NODES + m]};
    for (size_t other = 0; other < e->n_levels; other++)
        if (other != level && models[other].nodes) q.ln_factor += ln_null(e, other, &models[other]);
    return cw_alarm_count(&q, guess);
}
