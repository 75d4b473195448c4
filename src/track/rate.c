/* SPDX-License-Identifier: MIT */
/* rate.c - posterior of the growth rate on a grid.
 *
 * Every draw is a table of its log-likelihood over a fine grid of ln f, for each v; a course is then a sum of look-ups. What the draws
 * of earlier pieces say about f at the knot is one more table (the message), so pieces chain without a joint grid over their rates. */
#include "track/rate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "stats/negative_binomial.h"

enum { NOISES = 5, FINE = 4, CELLS = CW_RATE_BINS * FINE, PIVOTS = 120, MOST_BREAKS = 6 };
static const double noise[NOISES] = {.1, .2, .35, .5, .8};
static const double LN_LOWEST = -16.118095650958319; /* ln 1e-7: nothing is told apart from 0 below it */
static const double BIN = .1, CELL = .025, BREAK_WEIGHT = .1, HIGHEST = .9;

/* A likelihood or a message over ln f, by v. */
typedef struct table { double ln[NOISES][CELLS]; } table;

typedef struct work {
    table *draw;                                   /* of each look of the allele */
    double ln_weight[NOISES][CW_RATE_STEPS][PIVOTS];
    table message, onward;                         /* density of ln f at the knot; what is handed on */
    double bins[NOISES][CW_RATE_BINS];
    cw_rate_posterior part;
} work;

double cw_rate_bin_ln(int bin) { return LN_LOWEST + BIN * (bin + .5); }
static double rate(int i) { return (CW_RATE_LOWEST + CW_RATE_STEP * i) * M_LN2; } /* of ln f, per week */

static int cell(double ln_f)
{
    double i = (ln_f - LN_LOWEST) / CELL;
    return i < 0 ? 0 : i >= CELLS ? CELLS - 1 : (int)i;
}

static void tabulate(const cw_obs *obs, const cw_rate_model *models, table *t)
{
    if (obs->kind == CW_OBS_NONE) {
        memset(t, 0, sizeof *t);
        return;
    }
    double factor = obs->kind == CW_OBS_COUNT ? cw_nb_ln_factor(obs->k) : 0;
    for (int v = 0; v < NOISES; v++)
        for (int i = 0; i < CELLS; i++) {
            double f = exp(LN_LOWEST + CELL * (i + .5));
            t->ln[v][i] = cw_obs_ln(obs, factor, &models[obs->level], f < HIGHEST ? f : HIGHEST, noise[v]);
        }
}

/* The draw that fixes f best, and the window of ln f there that can matter. */
static size_t pivot(const cw_obs *obs, size_t first, size_t end, const cw_rate_model *models, double *lo, double *hi)
{
    size_t best = first;
    for (size_t j = first; j < end; j++)
        if (obs[j].kind == CW_OBS_COUNT && (obs[best].kind != CW_OBS_COUNT || obs[j].k > obs[best].k)) best = j;
    *lo = LN_LOWEST;
    *hi = log(HIGHEST);
    if (obs[best].kind == CW_OBS_COUNT) {
        double above = (double)obs[best].k - obs[best].n * models[obs[best].level].e, at = log((above > .5 ? above : .5) / obs[best].n);
        if (obs[best].k > 3) *lo = at - 3 > *lo ? at - 3 : *lo;
        *hi = at + 3 < *hi ? at + 3 : *hi;
    }
    return best;
}

/* ln p(draws first..end-1, r, f at the pivot, v), under the message at `knot`; returns ln of the total and leaves the terms in ln_weight. */
static double course(work *w, const cw_obs *obs, const double *week, const cw_rate_model *models, size_t first, size_t end, double knot, double *pivot_week,
                     double *lo, double *step)
{
    double hi, top = -INFINITY, sum = 0;
    size_t at = pivot(obs, first, end, models, lo, &hi);
    *pivot_week = week[at];
    *step = (hi - *lo) / (PIVOTS - 1);
    double measure = log(*step / CW_RATE_STEPS / NOISES);
    for (int v = 0; v < NOISES; v++)
        for (int r = 0; r < CW_RATE_STEPS; r++) {
            double *row = w->ln_weight[v][r];
            for (int f = 0; f < PIVOTS; f++) row[f] = measure + w->message.ln[v][cell(*lo + *step * f + rate(r) * (knot - *pivot_week))];
            for (size_t j = first; j < end; j++) {
                if (obs[j].kind == CW_OBS_NONE) continue;
                const double *ln = w->draw[j].ln[v];
                double start = *lo + rate(r) * (week[j] - *pivot_week);
                for (int f = 0; f < PIVOTS; f++) row[f] += ln[cell(start + *step * f)];
            }
            for (int f = 0; f < PIVOTS; f++)
                if (row[f] > top) top = row[f];
        }
    if (isinf(top)) return top;
    for (int v = 0; v < NOISES; v++)
        for (int r = 0; r < CW_RATE_STEPS; r++)
            for (int f = 0; f < PIVOTS; f++)
                if (w->ln_weight[v][r][f] > top - 40) sum += exp(w->ln_weight[v][r][f] - top);
    return top + log(sum);
}

/* Density of ln f at `week` as a table, unnormalised by exp(ln_scale). */
static void hand_on(work *w, double pivot_week, double lo, double step, double week, double ln_scale, table *to)
{
    memset(w->bins, 0, sizeof w->bins);
    for (int v = 0; v < NOISES; v++)
        for (int r = 0; r < CW_RATE_STEPS; r++)
            for (int f = 0; f < PIVOTS; f++) {
                double ln = w->ln_weight[v][r][f] - ln_scale;
                if (ln > -40) w->bins[v][cell(lo + step * f + rate(r) * (week - pivot_week)) / FINE] += exp(ln);
            }
    for (int v = 0; v < NOISES; v++)
        for (int i = 0; i < CELLS; i++) to->ln[v][i] = log(w->bins[v][i / FINE] / BIN * NOISES + 1e-300);
}

/* Add the terms of ln_weight, scaled by exp(-ln_scale), to a posterior. */
static void collect(const work *w, double pivot_week, double lo, double step, double week, double ln_scale, cw_rate_posterior *p)
{
    for (int v = 0; v < NOISES; v++)
        for (int r = 0; r < CW_RATE_STEPS; r++)
            for (int f = 0; f < PIVOTS; f++) {
                double ln = w->ln_weight[v][r][f] - ln_scale;
                if (ln <= -40) continue;
                double mass = exp(ln);
                p->r[r] += mass;
                p->joint[r][cell(lo + step * f + rate(r) * (week - pivot_week)) / FINE] += mass;
                p->noise_cv += mass * noise[v];
            }
}

static void normalise(cw_rate_posterior *p)
{
    double sum = 0;
    for (int r = 0; r < CW_RATE_STEPS; r++) sum += p->r[r];
    if (!(sum > 0)) return;
    p->noise_cv /= sum;
    for (int r = 0; r < CW_RATE_STEPS; r++) {
        p->r[r] /= sum;
        for (int i = 0; i < CW_RATE_BINS; i++) p->joint[r][i] /= sum;
    }
}

/* One piece, with or without breaks. The message for the next knot is left in w->onward. */
static void fit_piece(work *w, const cw_obs *obs, const double *week, const cw_rate_model *models, const cw_rate_piece *piece, double next_knot, bool breaks,
                      cw_rate_posterior *p)
{
    double pivot_week, lo, step, last = week[piece->end - 1];
    size_t looks = piece->end - piece->first, inner = looks > 4 ? looks - 4 : 0; /* two draws on either side of a break */
    size_t stride = inner > MOST_BREAKS ? (inner + MOST_BREAKS - 1) / MOST_BREAKS : 1, used = breaks ? (inner + stride - 1) / stride : 0;
    double straight = course(w, obs, week, models, piece->first, piece->end, piece->knot, &pivot_week, &lo, &step), keep = 1 - BREAK_WEIGHT * (double)used / (double)looks;
    memset(p, 0, sizeof *p);
    p->last_week = last;
    double scale = straight - log(keep);
    collect(w, pivot_week, lo, step, last, scale, p);
    hand_on(w, pivot_week, lo, step, next_knot, scale, &w->onward);
    table before = w->message;
    for (size_t i = 0; i < used; i++) {
        size_t at = piece->first + 1 + i * stride; /* the course turns at this draw */
        w->message = before;
        double first = course(w, obs, week, models, piece->first, at + 1, piece->knot, &pivot_week, &lo, &step);
        hand_on(w, pivot_week, lo, step, week[at], first, &w->message);
        double second = course(w, obs, week, models, at + 1, piece->end, week[at], &pivot_week, &lo, &step);
        double relative = first + second - straight + log(BREAK_WEIGHT / (double)looks);
        if (!(relative > -30)) continue;
        table more;
        collect(w, pivot_week, lo, step, last, second - relative, p);
        hand_on(w, pivot_week, lo, step, next_knot, second - relative, &more);
        for (int v = 0; v < NOISES; v++)
            for (int k = 0; k < CELLS; k++) w->onward.ln[v][k] = log(exp(w->onward.ln[v][k]) + exp(more.ln[v][k]));
    }
    normalise(p);
}

int cw_rate_fit(const cw_obs *obs, const double *week, const cw_rate_model *models, const cw_rate_piece *piece, size_t n_pieces, bool breaks,
                cw_rate_posterior *posterior, cw_err *err)
{
    size_t end = n_pieces ? piece[n_pieces - 1].end : 0;
    work *w = malloc(sizeof *w);
    table *draw = malloc((end ? end : 1) * sizeof *draw);
    int status = w && draw ? 0 : cw_err_nomem(err);
    if (status == 0) {
        w->draw = draw;
        for (size_t j = n_pieces ? piece[0].first : 0; j < end; j++) tabulate(&obs[j], models, &draw[j]);
        for (int v = 0; v < NOISES; v++)
            for (int i = 0; i < CELLS; i++) w->message.ln[v][i] = -log(CW_RATE_BINS * BIN);
        for (size_t i = 0; i < n_pieces; i++) {
            fit_piece(w, obs, week, models, &piece[i], i + 1 < n_pieces ? piece[i + 1].knot : week[piece[i].end - 1], breaks, &posterior[i]);
            w->message = w->onward;
        }
    }
    free(draw);
    free(w);
    return status;
}

double cw_rate_quantile(const cw_rate_posterior *p, double q)
{
    double below = 0;
    for (int r = 0; r < CW_RATE_STEPS; r++) {
        if (below + p->r[r] >= q && p->r[r] > 0) return CW_RATE_LOWEST + CW_RATE_STEP * (r - .5 + (q - below) / p->r[r]);
        below += p->r[r];
    }
    return CW_RATE_LOWEST + CW_RATE_STEP * (CW_RATE_STEPS - 1);
}

double cw_rate_p_rising(const cw_rate_posterior *p)
{
    double sum = .5 * p->r[CW_RATE_STEPS / 2];
    for (int r = CW_RATE_STEPS / 2 + 1; r < CW_RATE_STEPS; r++) sum += p->r[r];
    return sum;
}

typedef struct massed { double value, mass; } massed;

static int by_value(const void *pa, const void *pb)
{
    const massed *a = pa, *b = pb;
    return a->value < b->value ? -1 : a->value > b->value;
}

int cw_rate_fraction_at(const cw_rate_posterior *p, double week, double q, double *f, cw_err *err)
{
    massed *m = malloc((size_t)CW_RATE_STEPS * CW_RATE_BINS * sizeof *m);
    size_t n = 0;
    double below = 0;
    if (!m) return cw_err_nomem(err);
    for (int r = 0; r < CW_RATE_STEPS; r++)
        for (int i = 0; i < CW_RATE_BINS; i++)
            if (p->joint[r][i] > 0) m[n++] = (massed){cw_rate_bin_ln(i) + rate(r) * (week - p->last_week), p->joint[r][i]};
    qsort(m, n, sizeof *m, by_value);
    *f = NAN;
    for (size_t i = 0; i < n; i++)
        if ((below += m[i].mass) >= q) {
            *f = exp(m[i].value);
            break;
        }
    free(m);
    return 0;
}

int cw_rate_crossing(const cw_rate_posterior *p, double threshold, double horizon, const double *q, double *weeks, size_t n_q, double *p_never, cw_err *err)
{
    massed *m = malloc((size_t)CW_RATE_STEPS * CW_RATE_BINS * sizeof *m);
    size_t n = 0;
    double below = 0;
    if (!m) return cw_err_nomem(err);
    *p_never = 0;
    for (int r = 0; r < CW_RATE_STEPS; r++)
        for (int i = 0; i < CW_RATE_BINS; i++) {
            if (!(p->joint[r][i] > 0)) continue;
            double missing = log(threshold) - cw_rate_bin_ln(i), wait = missing <= 0 ? 0 : rate(r) > 1e-9 ? missing / rate(r) : INFINITY;
            if (wait > horizon) *p_never += p->joint[r][i];
            else m[n++] = (massed){wait, p->joint[r][i]};
        }
    qsort(m, n, sizeof *m, by_value);
    size_t i = 0;
    for (size_t k = 0; k < n_q; k++) { /* q ascending */
        while (i < n && below + m[i].mass < q[k]) below += m[i++].mass;
        weeks[k] = i < n ? m[i].value : INFINITY;
    }
    free(m);
    return 0;
}
