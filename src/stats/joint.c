/* SPDX-License-Identifier: MIT */
/* joint.c - the joint test of many tracked variants. */
#include "stats/joint.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include "stats/log_sum.h"
#include "stats/negative_binomial.h"

enum { GRID = 64, N_RHO = 5, N_PHI = 3, N_DOUBLING = 8, N_TAU = 57, N_GROWTH = N_DOUBLING * N_TAU, N_LEVEL = 7 };
static const double rho[N_RHO] = {.03, .1, .3, .6, .95}, phi[N_PHI] = {.5, 1, 2};
static const double doubling_weeks[N_DOUBLING] = {1.5, 2, 3, 4, 6, 8, 12, 20};
static const double CAP = 19.9;
/* Spread of the signal around n h theta: wide in the test, because variants of one tumour differ in clonality and copy number; in the
 * estimate that of draws. */
static const double TEST_CV = 1, ESTIMATE_CV = .35;
static const double GRID_LO = 1e-6, GRID_HI = .5, STEP_SHARE = .2;

cw_joint_site cw_joint_site_from_background(double a, double b, double w, double h, int group)
{
    double mu = a / b;
    return (cw_joint_site){mu, sqrt(a / (b * b) + mu * mu * w * w), h, group};
}

static double grid_theta(int g) { return GRID_LO * pow(GRID_HI / GRID_LO, (double)g / (GRID - 1)); }

/* Nearest grid point; below half a step under the grid: -1, which is theta = 0. */
static int snap(double theta)
{
    if (!(theta > 0)) return -1;
    double g = log(theta / GRID_LO) / log(GRID_HI / GRID_LO) * (GRID - 1);
    return g < -.5 ? -1 : g > GRID - 1 ? GRID - 1 : (int)floor(g + .5);
}

/* ln NB(k; n (mu + h theta)) - ln NB(k; n mu) */
static double ln_ratio(const cw_joint_site *s, int64_t k, int64_t n, double theta, double spread, double cv)
{
    double nn = (double)n, sd = nn * s->sd * sqrt(spread), base = nn * s->mu, signal = nn * s->h * theta, noise = signal * cv;
    double ln_factor = cw_nb_ln_factor(k), mean = base + signal, variance = sd * sd + noise * noise;
    return cw_nb_ln_pmf_fast(k, ln_factor, mean, variance > 0 ? mean * mean / variance : INFINITY) -
           cw_nb_ln_pmf_fast(k, ln_factor, base, sd > 0 ? base * base / (sd * sd) : INFINITY);
}

/* Working memory of one test: trajectories, the running ln products of every variant, the units. */
typedef struct work {
    size_t n_g;
    int *grid;        /* [draw * n_g + g] */
    double *weight;   /* [n_g] */
    double *product;  /* [phi][g][site] */
    double *table;    /* [site][grid]; of the present draw and phi */
    size_t *unit;     /* [site] */
    size_t n_units;
    double *member;   /* [unit] members */
    double *mean;     /* [unit] */
} work;

static void work_free(work *w)
{
    free(w->grid), free(w->weight), free(w->product), free(w->table), free(w->unit), free(w->member), free(w->mean);
}

static void trajectories(const cw_joint_input *in, work *w)
{
    for (int d = 0, g = 0; d < N_DOUBLING; d++)
        for (int t = 0; t < N_TAU; t++, g++) {
            w->weight[g] = (1 - STEP_SHARE) / N_GROWTH;
            for (size_t j = 0; j < in->n_draws; j++)
                w->grid[j * w->n_g + (size_t)g] = snap(fmin(.5, 1e-3 * exp2((in->t_weeks[j] - (-8.0 + 2 * t)) / doubling_weeks[d])));
        }
    for (int l = 0; l < N_LEVEL; l++)
        for (size_t s = 0; s < in->n_draws; s++) {
            size_t g = N_GROWTH + (size_t)l * in->n_draws + s;
            w->weight[g] = STEP_SHARE / N_LEVEL / (double)((s + 1) * (s + 2));
            for (size_t j = 0; j < in->n_draws; j++) w->grid[j * w->n_g + g] = j < s ? -1 : snap(pow(10, -4 + .5 * l));
        }
}

static int work_make(const cw_joint_input *in, work *w)
{
    size_t n = in->n_sites + 1;
    w->n_g = N_GROWTH + N_LEVEL * in->n_draws;
    w->grid = calloc(w->n_g * in->n_draws + 1, sizeof *w->grid);
    w->weight = calloc(w->n_g, sizeof *w->weight);
    w->product = calloc(N_PHI * w->n_g * n, sizeof *w->product);
    w->table = calloc(n * GRID, sizeof *w->table);
    w->unit = calloc(n, sizeof *w->unit);
    w->member = calloc(n, sizeof *w->member);
    w->mean = calloc(n, sizeof *w->mean);
    if (!w->grid || !w->weight || !w->product || !w->table || !w->unit || !w->member || !w->mean) return -1;
    for (size_t i = 0; i < in->n_sites; i++) {
        w->unit[i] = w->n_units;
        for (size_t k = 0; k < i && in->site[i].group >= 0; k++)
            if (in->site[k].group == in->site[i].group) w->unit[i] = w->unit[k];
        w->n_units += w->unit[i] == w->n_units;
        w->member[w->unit[i]]++;
    }
    trajectories(in, w);
    return 0;
}

static void add_draw(const cw_joint_input *in, work *w, size_t j)
{
    size_t n = in->n_sites;
    for (int p = 0; p < N_PHI; p++) {
        for (size_t i = 0; i < n; i++)
            for (int g = 0; g < GRID && in->n[j * n + i] > 0; g++)
                w->table[i * GRID + (size_t)g] = ln_ratio(&in->site[i], in->k[j * n + i], in->n[j * n + i], grid_theta(g), phi[p], TEST_CV);
        for (size_t g = 0; g < w->n_g; g++) {
            int at = w->grid[j * w->n_g + g];
            double *product = &w->product[((size_t)p * w->n_g + g) * n];
            for (size_t i = 0; i < n && at >= 0; i++)
                if (in->n[j * n + i] > 0) product[i] += w->table[i * GRID + (size_t)at];
        }
    }
}

/* prod over units of min(cap, mean over members of (1 - rho) + rho exp(product)) */
static double carried(const cw_joint_input *in, work *w, const double *product, double r)
{
    double e = 1;
    memset(w->mean, 0, w->n_units * sizeof *w->mean);
    for (size_t i = 0; i < in->n_sites; i++) w->mean[w->unit[i]] += ((1 - r) + r * exp(fmin(product[i], 50))) / w->member[w->unit[i]];
    for (size_t u = 0; u < w->n_units; u++) e *= fmin(CAP, w->mean[u]);
    return e;
}

static double evidence(const cw_joint_input *in, work *w)
{
    double least = INFINITY, later = STEP_SHARE / (double)(in->n_draws + 1); /* steps that start after the last draw: E = 1 */
    for (int p = 0; p < N_PHI; p++) {
        double sum = 0;
        for (size_t g = 0; g < w->n_g; g++) {
            double mean = 0;
            for (int r = 0; r < N_RHO; r++) mean += carried(in, w, &w->product[((size_t)p * w->n_g + g) * in->n_sites], rho[r]) / N_RHO;
            sum += w->weight[g] * mean;
        }
        if (sum + later < least) least = sum + later;
    }
    return log(least);
}

/* ln likelihood ratio of theta against 0 for one draw: best of the two largest rho, phi = 1. With the small ones a fraction of 1 could not
 * be excluded by any number of variants that are not there: "all carried by the few that were lost". */
static double draw_ln_l(const cw_joint_input *in, size_t j, double theta)
{
    double best = -INFINITY;
    for (int r = N_RHO - 2; r < N_RHO; r++) {
        double sum = 0;
        for (size_t i = 0; i < in->n_sites; i++) {
            int64_t n = in->n[j * in->n_sites + i];
            if (n > 0) sum += cw_log_add(log(1 - rho[r]), log(rho[r]) + ln_ratio(&in->site[i], in->k[j * in->n_sites + i], n, theta, 1, ESTIMATE_CV));
        }
        best = fmax(best, sum);
    }
    return best;
}

/* Maximum and 95 % profile interval on a fine log grid (2 % steps, 1e-6 .. 1); lo = 0 when theta = 0 lies inside. */
static void estimate(const cw_joint_input *in, size_t j, cw_joint_look *look)
{
    enum { FINE = 698 };
    double molecules = 0, best = 0, at = 0, value[FINE];
    look->theta = look->lo = look->hi = look->lod = NAN;
    for (size_t i = 0; i < in->n_sites; i++) molecules += (double)in->n[j * in->n_sites + i] * in->site[i].h;
    if (!(molecules > 0)) return;
    look->lod = fmin(1, 4.74 / molecules);
    for (int g = 0; g < FINE; g++) {
        value[g] = draw_ln_l(in, j, GRID_LO * pow(1.02, g));
        if (value[g] > best) best = value[g], at = GRID_LO * pow(1.02, g);
    }
    look->theta = at;
    look->lo = best <= 1.92 ? 0 : NAN;
    look->hi = GRID_LO;
    for (int g = 0; g < FINE; g++) {
        if (value[g] < best - 1.92) continue;
        if (isnan(look->lo)) look->lo = GRID_LO * pow(1.02, g);
        look->hi = GRID_LO * pow(1.02, g);
    }
}

int cw_joint_test(const cw_joint_input *in, cw_joint_look *looks)
{
    work w = {0};
    int status = work_make(in, &w);
    for (size_t j = 0; j < in->n_draws && status == 0; j++) {
        add_draw(in, &w, j);
        looks[j].ln_e = evidence(in, &w);
        estimate(in, j, &looks[j]);
    }
    work_free(&w);
    return status;
}

/* --- LoD of the test by simulation --- */

static int64_t draw_count(gsl_rng *rng, const cw_joint_site *s, int64_t n, double theta)
{
    double nn = (double)n, sd = s->sd, mu = s->mu, f = s->h * theta;
    double e = sd > 0 ? gsl_ran_gamma(rng, mu * mu / (sd * sd), sd * sd / mu) : mu;
    double v = f > 0 ? gsl_ran_gamma(rng, 16, f / 16) : 0; /* draw CV .25 */
    return (int64_t)gsl_ran_poisson(rng, nn * (e + v));
}

/* With one draw all trajectories that lie on one grid point are one. */
static void collapse(work *w)
{
    double weight[GRID + 1] = {0};
    for (size_t g = 0; g < w->n_g; g++) weight[w->grid[g] + 1] += w->weight[g];
    w->n_g = GRID + 1;
    for (int g = 0; g <= GRID; g++) w->grid[g] = g - 1, w->weight[g] = weight[g];
}

static double share_found(const cw_joint_site *site, const int64_t *n, int64_t *k, size_t n_sites, double alpha, int runs, double theta)
{
    static const double zero = 0;
    const cw_joint_input in = {n_sites, 1, site, &zero, k, n};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    work w = {0};
    int found = 0;
    if (!rng || work_make(&in, &w) < 0) found = -1;
    else collapse(&w);
    for (int run = 0; run < runs && found >= 0; run++) {
        gsl_rng_set(rng, 1000003ul * (unsigned long)run + 17); /* the same stream at every theta: a smooth curve */
        for (size_t i = 0; i < n_sites; i++) k[i] = draw_count(rng, &site[i], n[i], theta);
        memset(w.product, 0, N_PHI * w.n_g * n_sites * sizeof *w.product);
        add_draw(&in, &w, 0);
        found += evidence(&in, &w) >= -log(alpha);
    }
    work_free(&w);
    if (rng) gsl_rng_free(rng);
    return found < 0 ? NAN : (double)found / runs;
}

double cw_joint_lod(const cw_joint_site *site, const int64_t *n, size_t n_sites, double alpha, int runs)
{
    int64_t *k = calloc(n_sites + 1, sizeof *k);
    double molecules = 0;
    for (size_t i = 0; i < n_sites; i++) molecules += (double)n[i] * site[i].h;
    double lo = log(fmin(GRID_HI, 4.74 / fmax(molecules, 1))), hi = log(GRID_HI); /* no test is better than two molecules */
    bool reached = k && molecules > 0 && share_found(site, n, k, n_sites, alpha, runs, GRID_HI) >= .95;
    for (double step = 1; lo + step < hi && reached; step *= 2) { /* walk up from the bound: the limit is rarely far above it */
        if (share_found(site, n, k, n_sites, alpha, runs, exp(lo + step)) >= .95) hi = lo + step;
        else lo += step;
    }
    while (hi - lo > .05 && reached) {
        double mid = .5 * (lo + hi);
        if (share_found(site, n, k, n_sites, alpha, runs, exp(mid)) >= .95) hi = mid;
        else lo = mid;
    }
    free(k);
    return reached ? exp(hi) : NAN;
}
