/* SPDX-License-Identifier: MIT */
/* growth_test.c - is an allele that is already there rising? */
#include "track/growth_test.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "stats/log_sum.h"
#include "stats/negative_binomial.h"
#include "track/emergence.h"

static const double LOWEST = 1e-6, STEP = 1.05; /* grid of c: 1e-6 x 1.05^i, up to .41 */
enum { START_LEVELS = 18, ALTERNATIVES = START_LEVELS * CW_EMERGENCE_DOUBLINGS };
static double start_level(int i) { return pow(10, -5 + i / 3.5); } /* 1e-5 ... .72, 3.5 a decade */

/* Best Poisson likelihood with the fraction anywhere in [c / reach, c * reach]. The ends of the grid are open, and reach holds half a
 * grid step besides the slack: the maximum over the grid is never below the maximum over all falling courses. */
static double clipped(const cw_obs *obs, double ln_factor, const cw_rate_model *model, double c, double reach, bool first, bool last)
{
    double lo = first ? 0 : c / reach, hi = last ? 1 : c * reach;
    if (hi > 1) hi = 1;
    double best = obs->kind == CW_OBS_LIMIT ? 0 : (double)obs->k / obs->n - model->e; /* a limit is likeliest at f = 0 */
    double f = best < lo ? lo : best > hi ? hi : best;
    return cw_obs_ln_poisson(obs, ln_factor, obs->n * (model->e + f));
}

/* table[j * GRID + i]: best likelihood of draw j at grid point i. */
static double *null_table(const cw_obs *obs, size_t n, const cw_rate_model *models, double slack)
{
    double *table = malloc((n ? n : 1) * CW_GROWTH_GRID * sizeof *table), reach = sqrt(slack) * sqrt(STEP);
    for (size_t j = 0; table && j < n; j++) {
        double factor = obs[j].kind == CW_OBS_COUNT ? cw_nb_ln_factor(obs[j].k) : 0, c = LOWEST;
        for (int i = 0; i < CW_GROWTH_GRID; i++, c *= STEP)
            table[j * CW_GROWTH_GRID + (size_t)i] =
                obs[j].kind == CW_OBS_NONE ? 0 : clipped(&obs[j], factor, &models[obs[j].level], c, reach, i == 0, i == CW_GROWTH_GRID - 1);
    }
    return table;
}

/* One step of the dynamic programme: best[i] = likelihood of the best course so far that ends at grid point i. */
static double null_step(double *best, const double *row)
{
    double from = -INFINITY, sup = -INFINITY;
    for (int i = CW_GROWTH_GRID - 1; i >= 0; i--) { /* the course came from here or above */
        if (best[i] > from) from = best[i];
        best[i] = from + row[i];
        if (best[i] > sup) sup = best[i];
    }
    return sup;
}

int cw_growth_null_sup(const cw_obs *obs, size_t n, const cw_rate_model *models, double slack, double *ln_sup, cw_err *err)
{
    double *table = null_table(obs, n, models, slack), best[CW_GROWTH_GRID] = {0};
    if (!table) return cw_err_nomem(err);
    *ln_sup = 0;
    for (size_t j = 0; j < n; j++) *ln_sup = null_step(best, table + j * CW_GROWTH_GRID);
    free(table);
    return 0;
}

/* The test on draws start..n-1; ln_e_s[j] for j >= start. */
static void one_start(const cw_obs *obs, const double *week, size_t start, size_t n, const cw_rate_model *models, const double *table, double *ln_e_s)
{
    double alternative[ALTERNATIVES] = {0}, best[CW_GROWTH_GRID] = {0};
    for (size_t j = start; j < n; j++) {
        double factor = obs[j].kind == CW_OBS_COUNT ? cw_nb_ln_factor(obs[j].k) : 0;
        for (int d = 0; obs[j].kind != CW_OBS_NONE && d < CW_EMERGENCE_DOUBLINGS; d++) {
            double grown = exp2((week[j] - week[start]) / cw_doubling_weeks[d]);
            for (int l = 0; l < START_LEVELS; l++) {
                double f = start_level(l) * grown;
                alternative[d * START_LEVELS + l] += cw_obs_ln(&obs[j], factor, &models[obs[j].level], f < .9 ? f : .9, CW_ALTERNATIVE_CV);
            }
        }
        double sup = null_step(best, table + j * CW_GROWTH_GRID);
        ln_e_s[j] = cw_log_sum(alternative, ALTERNATIVES) - log(ALTERNATIVES) - sup;
    }
}

int cw_growth_ln_e(const cw_obs *obs, const double *week, size_t n, const size_t *first, const cw_rate_model *models, double slack, double *ln_e, cw_err *err)
{
    double *table = null_table(obs, n, models, slack), *one = malloc((n ? n : 1) * sizeof *one);
    int status = table && one ? 0 : cw_err_nomem(err);
    for (size_t j = 0; status == 0 && j < n; j++) ln_e[j] = -log((double)j + 2); /* 1/(J + 1): the starts still to come */
    for (size_t s = 0; status == 0 && s < n; s++) {
        one_start(obs, week, s, n, models, table, one);
        for (size_t j = s; j < n; j++)
            if (!first || first[j] <= s) ln_e[j] = cw_log_add(ln_e[j], one[j] - log((double)(s + 1) * (double)(s + 2)));
    }
    free(table);
    free(one);
    return status;
}
