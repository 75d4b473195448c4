/* SPDX-License-Identifier: MIT */
/* ratio.c - an allele beside a clone: likelihood over their ratio in every draw, and the sum over the ratios that a clone of its own may take. */
#include "track/ratio.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GRID = CW_RATIO_GRID, REACH = CW_RATIO_REACH, SHIFTS = 2 * REACH + 1, SLOPES = 13, LEVELS = 87, SCATTERS = 3 };
static const double STEP = .069314718055994531;          /* ln 2 / 10 */
static const double LEVEL_SD = 1, SLOPE_SD = 2;         /* ln: sizes of clones of one patient; what their growth adds over the series */
static const double PARALLEL = .5;                        /* P(both grow alike) */
static const double scatter[SCATTERS] = {0, .25, .5}, scatter_weight[SCATTERS] = {.5, .25, .25};

double cw_ratio_fraction(int x) { return 1e-6 * exp(STEP * (x - REACH)); }

int cw_ratio_init(cw_ratio *r, const double *week, size_t n_draws, cw_err *err)
{
    double lo = INFINITY, hi = -INFINITY, sum = 0;
    size_t cells = n_draws ? n_draws : 1;
    *r = (cw_ratio){.n_draws = n_draws, .u = calloc(cells, sizeof(double)), .shifted = malloc(cells * SHIFTS * sizeof(double)),
                    .ln_shifted = malloc(cells * SHIFTS * sizeof(double))};
    if (!r->u || !r->shifted || !r->ln_shifted) return cw_err_nomem(err);
    for (size_t j = 0; j < n_draws; j++) {
        lo = week[j] < lo ? week[j] : lo;
        hi = week[j] > hi ? week[j] : hi;
        sum += week[j];
    }
    for (size_t j = 0; hi > lo && j < n_draws; j++) r->u[j] = (week[j] - sum / (double)n_draws) / (hi - lo);
    return 0;
}

void cw_ratio_release(cw_ratio *r)
{
    free(r->u);
    free(r->shifted);
    free(r->ln_shifted);
    *r = (cw_ratio){0};
}

/* to[REACH + s] = mean over theta, as the clone has it, of the allele's likelihood at theta e^(s STEP). */
static void shift(double *restrict to, const double *clone, const double *allele)
{
    double total = 0;
    for (int g = 0; g < GRID; g++) total += clone[g];
    memset(to, 0, SHIFTS * sizeof *to);
    for (int g = 0; g < GRID; g++) {
        double weight = total > 0 ? clone[g] / total : 1. / GRID;
        if (weight < 1e-18) continue;
        for (int s = 0; s < SHIFTS; s++) to[s] += weight * allele[g + s];
    }
}

/* ln of the likelihood with normal scatter of the ln ratio; beyond the ends it stays what it is there. */
static void blur(double *to, const double *from, double sd)
{
    int half = (int)(3 * sd / STEP);
    double total = 0;
    for (int x = -half; x <= half; x++) total += sd > 0 ? exp(-.5 * (x * STEP / sd) * (x * STEP / sd)) : 1;
    double kernel[64];
    for (int x = -half; x <= half; x++) kernel[x + half] = (sd > 0 ? exp(-.5 * (x * STEP / sd) * (x * STEP / sd)) : 1) / total;
    for (int s = 0; s < SHIFTS; s++) {
        double sum = 0;
        for (int x = -half; x <= half; x++) {
            int at = s + x < 0 ? 0 : s + x >= SHIFTS ? SHIFTS - 1 : s + x;
            sum += kernel[x + half] * from[at];
        }
        to[s] = log(sum > 1e-300 ? sum : 1e-300);
    }
}

typedef struct ln_sum { double top, sum; } ln_sum; /* ln of a running sum is top + ln sum */

static void add(ln_sum *to, double ln)
{
    if (ln > to->top) {
        to->sum = to->sum * exp(to->top - ln) + 1;
        to->top = ln;
    } else if (ln > to->top - 40) {
        to->sum += exp(ln - to->top);
    }
}

double cw_ratio_ln_own(cw_ratio *r, const double *clone, const double *allele)
{
    double level_total = 0, slope_total = 0;
    ln_sum all = {-INFINITY, 0};
    for (size_t j = 0; j < r->n_draws; j++) shift(r->shifted + j * SHIFTS, clone + j * GRID, allele + j * CW_RATIO_WIDE);
    for (int a = -LEVELS; a <= LEVELS; a++) level_total += exp(-.5 * (a * STEP / LEVEL_SD) * (a * STEP / LEVEL_SD));
    for (int b = 0; b < SLOPES; b++) slope_total += exp(-.5 * (b - 6) * (b - 6) / 4.);
    for (int c = 0; c < SCATTERS; c++) {
        for (size_t j = 0; j < r->n_draws; j++) blur(r->ln_shifted + j * SHIFTS, r->shifted + j * SHIFTS, scatter[c]);
        for (int b = 0; b < SLOPES; b++) {
            double z = (b - 6) / 2., weight = (1 - PARALLEL) * exp(-.5 * z * z) / slope_total + (b == 6 ? PARALLEL : 0);
            double ln_weight = log(scatter_weight[c] * weight / level_total);
            for (int a = -LEVELS; a <= LEVELS; a++) {
                double ln = ln_weight - .5 * (a * STEP / LEVEL_SD) * (a * STEP / LEVEL_SD);
                for (size_t j = 0; j < r->n_draws; j++) {
                    int s = REACH + (int)floor(a + z * SLOPE_SD * r->u[j] / STEP + .5);
                    ln += r->ln_shifted[j * SHIFTS + (size_t)(s < 0 ? 0 : s >= SHIFTS ? SHIFTS - 1 : s)];
                }
                add(&all, ln);
            }
        }
    }
    return all.top + log(all.sum);
}
