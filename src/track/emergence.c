/* SPDX-License-Identifier: MIT */
/* emergence.c - the e-process of one allele that should be absent. */
#include "track/emergence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "stats/log_sum.h"
#include "stats/negative_binomial.h"

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

int cw_emergence_copy(cw_emergence *to, const cw_emergence *from, cw_err *err)
{
    if (cw_emergence_start(to, from->cap, from->n_levels, err) < 0) return CW_ENOMEM;
    to->n_looks = from->n_looks;
    to->zero = from->zero;
    memcpy(to->growth, from->growth, sizeof to->growth);
    memcpy(to->step, from->step, from->n_looks * CW_EMERGENCE_LEVELS * sizeof *to->step);
    memcpy(to->null, from->null, from->n_levels * CW_EMERGENCE_OMEGAS * CW_GAMMA_NODES * sizeof *to->null);
    return 0;
}

void cw_emergence_release(cw_emergence *e)
{
    free(e->step);
    free(e->null);
    memset(e, 0, sizeof *e);
}

/* Counts up to which the product over i < k of (1 + i / size) is formed directly. */
enum { FEW = 32 };

static double ln_rising(double k, double size)
{
    double product = 1, step = 1 / size;
    for (double i = 1; i < k; i++) product *= 1 + i * step;
    return log(product);
}

static void advance_null(cw_emergence *e, const cw_obs *obs, double ln_factor, const cw_rate_model *model)
{
    double *row = e->null + (size_t)obs->level * CW_EMERGENCE_OMEGAS * CW_GAMMA_NODES, k = (double)obs->k;
    for (int w = 0; w < model->n_omega; w++, row += CW_GAMMA_NODES) {
        double size = 1 / (model->omega[w] * model->omega[w]);
        if (obs->kind != CW_OBS_COUNT || obs->k > FEW || !(model->omega[w] > 1e-3)) {
            for (int m = 0; m < CW_GAMMA_NODES; m++) row[m] += cw_obs_ln_background(obs, ln_factor, model->nodes->x[m], model->omega[w]);
            continue;
        }
        double constant = obs->k > 1 ? ln_rising(k, size) - ln_factor : 0;
        for (int m = 0; m < CW_GAMMA_NODES; m++) {
            double mean = obs->n * model->nodes->x[m], ln = log(1 + mean / size);
            row[m] += obs->k ? constant + k * log(mean) - (size + k) * ln : -size * ln;
        }
    }
}

/* The likelihood of one draw as a function of f, with everything that does not depend on f taken out: cw_obs_ln() four hundred times
 * for each allele and draw is where the time of a cohort goes. */
typedef struct kernel {
    double background, depth;        /* n e, n */
    double background_var, signal_var; /* (n e w)^2, (n v)^2 */
    double k, ln_factor;
} kernel;

static kernel make_kernel(const cw_obs *obs, const cw_rate_model *m)
{
    double b = obs->n * m->e, sd = b * m->w_hat, v = obs->n * CW_ALTERNATIVE_CV;
    return (kernel){b, obs->n, sd * sd, v * v, (double)obs->k, cw_nb_ln_factor(obs->k)};
}

static double kernel_ln(const kernel *c, double f)
{
    double mean = c->background + c->depth * f, variance = c->background_var + c->signal_var * f * f;
    double x = variance / mean, size = mean / x;
    if (!(x > 1e-6) || c->k > FEW) return cw_nb_ln_pmf_fast((int64_t)c->k, c->ln_factor, mean, variance > 0 ? mean * mean / variance : INFINITY);
    double ln = -size * log(1 + x);
    if (c->k == 0) return ln;
    return ln + c->k * log(mean / (1 + x)) + (c->k > 1 ? ln_rising(c->k, size) - c->ln_factor : 0);
}

static double alternative(const cw_obs *obs, const kernel *c, const cw_rate_model *model, double f)
{
    return obs->kind == CW_OBS_COUNT ? kernel_ln(c, f) : cw_obs_ln(obs, 0, model, f, CW_ALTERNATIVE_CV);
}

void cw_emergence_advance(cw_emergence *e, const cw_emergence_grid *grid, const cw_obs *obs, const cw_rate_model *models)
{
    size_t j = e->n_looks++;
    double *fresh = e->step + j * CW_EMERGENCE_LEVELS;
    for (int l = 0; l < CW_EMERGENCE_LEVELS; l++) fresh[l] = e->zero; /* a step that starts now had f = 0 before */
    if (obs->kind == CW_OBS_NONE) return;
    const cw_rate_model *model = &models[obs->level];
    const kernel c = make_kernel(obs, model);
    double none = alternative(obs, &c, model, 0), top = alternative(obs, &c, model, TOP_FRACTION);
    double negligible = model->e * 1e-14; /* below it the mean is the background's to the last digit */
    const double *f = grid->f + j * CW_EMERGENCE_GROWTH;
    for (int g = 0; g < CW_EMERGENCE_GROWTH; g++)
        e->growth[g] += f[g] >= TOP_FRACTION ? top : f[g] <= negligible ? none : alternative(obs, &c, model, f[g]);
    double at_level[CW_EMERGENCE_LEVELS];
    for (int l = 0; l < CW_EMERGENCE_LEVELS; l++) at_level[l] = alternative(obs, &c, model, step_fraction(l));
    for (size_t s = 0; s <= j; s++)
        for (int l = 0; l < CW_EMERGENCE_LEVELS; l++) e->step[s * CW_EMERGENCE_LEVELS + (size_t)l] += at_level[l];
    e->zero += none;
    advance_null(e, obs, c.ln_factor, model);
}

/* A sum of exponentials that skips what cannot change the last digit. */
typedef struct running { double top, sum; } running;

static void take(running *r, double ln)
{
    double below = ln - r->top;
    if (below > 0) {
        r->sum = r->sum * exp(-below) + 1;
        r->top = ln;
    } else if (below > -45) {
        r->sum += exp(below);
    }
}

static double ln_numerator(const cw_emergence *e)
{
    double looks = (double)e->n_looks, weight = log(GROWTH_WEIGHT / CW_EMERGENCE_GROWTH);
    running r = {log(STEP_WEIGHT / (looks + 1)) + e->zero, 1}; /* the starts still to come */
    for (int g = 0; g < CW_EMERGENCE_GROWTH; g++) take(&r, weight + e->growth[g]);
    for (size_t s = 0; s < e->n_looks; s++) {
        weight = log(STEP_WEIGHT / CW_EMERGENCE_LEVELS / ((double)(s + 1) * (double)(s + 2)));
        for (int l = 0; l < CW_EMERGENCE_LEVELS; l++) take(&r, weight + e->step[s * CW_EMERGENCE_LEVELS + (size_t)l]);
    }
    return r.top + log(r.sum);
}

double cw_emergence_ln_e(const cw_emergence *e, const cw_rate_model *models)
{
    double denominator = 0;
    const double *row = e->null;
    for (size_t level = 0; level < e->n_levels; level++, row += CW_EMERGENCE_OMEGAS * CW_GAMMA_NODES) {
        if (!models[level].nodes) continue; /* no draw of this allele at this level */
        double worst = -INFINITY;
        for (int w = 0; w < models[level].n_omega; w++) {
            double term[CW_GAMMA_NODES];
            for (int m = 0; m < CW_GAMMA_NODES; m++) term[m] = models[level].nodes->ln_weight[m] + row[w * CW_GAMMA_NODES + m];
            double d = cw_log_sum(term, CW_GAMMA_NODES);
            if (d > worst) worst = d;
        }
        if (isfinite(worst)) denominator += worst;
    }
    return e->n_looks ? ln_numerator(e) - denominator : 0;
}
