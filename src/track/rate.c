/* SPDX-License-Identifier: MIT */
/* rate.c - posterior of the growth rate on a grid.
 *
 * Every draw is a table of its log-likelihood over a fine grid of ln f, for each v; a course is then a sum of look-ups. What the draws
 * of earlier pieces say about f at the knot is one more table (the message), so pieces chain without a joint grid over their rates. */
#include "track/rate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "stats/log_sum.h"
#include "stats/negative_binomial.h"

enum { NOISES = 5, FINE = 4, CELLS = CW_RATE_BINS * FINE, PIVOTS = 120, MOST_BREAKS = 6, NARROW = 2, WIDE = 5 /* cells between pivots */, COARSE = 8 };
static const double noise[NOISES] = {.1, .2, .35, .5, .8};
static const double HOPELESS = 30;   /* ln: below this share of the best a term is left out */
static const double LN_LOWEST = -16.118095650958319; /* ln 1e-7: nothing is told apart from 0 below it */
static const double BIN = .1, CELL = .025, BREAK_WEIGHT = .1, HIGHEST = .9;
static const double STEP_WEIGHT = .1; /* chance that a new line sets in at a level of its own: no rate of the grid reaches a response of 99 % in four weeks */

/* A likelihood or a message over ln f, by v. */
typedef struct table { double ln[NOISES][CELLS]; } table;

typedef struct work {
    table *draw;                                   /* of each look of the allele */
    double ln_weight[NOISES][CW_RATE_STEPS][PIVOTS];
    bool live[NOISES][CW_RATE_STEPS];
    int *shift; const double **row_of;             /* [looks + 1] */
    table message, onward;                         /* density of ln f at the knot; what is handed on */
    table before, more;
    double bins[NOISES][CW_RATE_BINS];
} work;

/* ln f of a bin of joint. */
static double bin_ln(int bin) { return LN_LOWEST + BIN * (bin + .5); }
static double rate(int i) { return (CW_RATE_LOWEST + CW_RATE_STEP * i) * M_LN2; } /* of ln f, per week */

/* Cells from one ln f to another, and the cell of ln f. */
static int cells(double ln_ratio) { return (int)floor(ln_ratio / CELL + .5); }
static int clamp(int i) { return i < 0 ? 0 : i >= CELLS ? CELLS - 1 : i; }

/* The likelihood is smooth in ln f: one value a bin, quadratics between. */
static void tabulate(const cw_obs *obs, const cw_rate_model *models, table *t)
{
    if (obs->kind == CW_OBS_NONE) {
        memset(t, 0, sizeof *t);
        return;
    }
    double factor = obs->kind == CW_OBS_COUNT ? cw_nb_ln_factor(obs->k) : 0, at[CW_RATE_BINS + 2];
    for (int v = 0; v < NOISES; v++) {
        for (int i = 0; i < CW_RATE_BINS + 2; i++) {
            double f = exp(LN_LOWEST + BIN * (i - .5));
            at[i] = cw_obs_ln(obs, factor, &models[obs->level], f < HIGHEST ? f : HIGHEST, noise[v]);
        }
        for (int i = 0; i < CELLS; i++) {
            int mid = i / FINE + 1;
            double x = (i % FINE + .5) / FINE - .5; /* from the middle of the bin, in bins */
            t->ln[v][i] = at[mid] + x * .5 * (at[mid + 1] - at[mid - 1]) + x * x * .5 * (at[mid + 1] - 2 * at[mid] + at[mid - 1]);
        }
    }
}

/* The grid of f at the pivot, the draw that fixes f best: PIVOTS cells from `first` on, `stride` apart. */
typedef struct window { double week; int first, stride; } window;

static window pivot(const cw_obs *obs, const double *week, size_t first, size_t end, const cw_rate_model *models)
{
    size_t best = first;
    for (size_t j = first; j < end; j++)
        if (obs[j].kind == CW_OBS_COUNT && (obs[best].kind != CW_OBS_COUNT || obs[j].k > obs[best].k)) best = j;
    if (obs[best].kind != CW_OBS_COUNT || obs[best].k <= 3) return (window){week[best], 0, WIDE};
    double above = (double)obs[best].k - obs[best].n * models[obs[best].level].e, at = log((above > .5 ? above : .5) / obs[best].n);
    return (window){week[best], clamp(cells(at - LN_LOWEST)) - NARROW * PIVOTS / 2, NARROW};
}

/* row[f] += ln[cell of f, shifted]; cells beyond the table are its ends. */
static void add_row(double *row, const double *ln, int first, int stride)
{
    int f = 0;
    for (; f < PIVOTS && first + stride * f < 0; f++) row[f] += ln[0];
    for (; f < PIVOTS && first + stride * f < CELLS; f++) row[f] += ln[first + stride * f];
    for (; f < PIVOTS; f++) row[f] += ln[CELLS - 1];
}

/* Where the tables of the draws, and the message first, meet the pivot's grid at one rate. */
static size_t align(const work *w, const cw_obs *obs, const double *week, size_t first, size_t end, double knot, const window *at, int v, int r, int *shift,
                    const double **ln)
{
    size_t n = 1;
    shift[0] = at->first + cells(rate(r) * (knot - at->week));
    ln[0] = w->message.ln[v];
    for (size_t j = first; j < end; j++) {
        if (obs[j].kind == CW_OBS_NONE) continue;
        shift[n] = at->first + cells(rate(r) * (week[j] - at->week));
        ln[n++] = w->draw[j].ln[v];
    }
    return n;
}

/* Largest value on every eighth point of the grid. */
static double glance(const int *shift, const double *const *ln, size_t n, int stride)
{
    double top = -INFINITY;
    for (int f = COARSE / 2; f < PIVOTS; f += COARSE) {
        double sum = 0;
        for (size_t i = 0; i < n; i++) sum += ln[i][clamp(shift[i] + stride * f)];
        if (sum > top) top = sum;
    }
    return top;
}

/* ln p(draws first..end-1, r, f at the pivot, v), under the message at `knot`; returns ln of the total and leaves the terms in ln_weight.
 * Rates whose glance is hopeless are left out (live): between the points looked at, a draw's curve cannot rise by more than its curvature,
 * at most 1/v^2, allows. */
static double course(work *w, const cw_obs *obs, const double *week, const cw_rate_model *models, size_t first, size_t end, double knot, window *at)
{
    double top = -INFINITY, sum = 0, seen[NOISES][CW_RATE_STEPS];
    *at = pivot(obs, week, first, end, models);
    double measure = log(CELL * at->stride / CW_RATE_STEPS / NOISES), half = .5 * COARSE * at->stride * CELL;
    for (int v = 0; v < NOISES; v++)
        for (int r = 0; r < CW_RATE_STEPS; r++) {
            size_t n = align(w, obs, week, first, end, knot, at, v, r, w->shift, w->row_of);
            seen[v][r] = glance(w->shift, w->row_of, n, at->stride);
            if (seen[v][r] > top) top = seen[v][r];
        }
    double floor_ln = top - HOPELESS, reach = .5 * half * half * (double)(end - first);
    top = -INFINITY;
    for (int v = 0; v < NOISES; v++)
        for (int r = 0; r < CW_RATE_STEPS; r++) {
            double *row = w->ln_weight[v][r];
            w->live[v][r] = seen[v][r] + reach / (noise[v] * noise[v]) >= floor_ln;
            if (!w->live[v][r]) continue;
            size_t n = align(w, obs, week, first, end, knot, at, v, r, w->shift, w->row_of);
            for (int f = 0; f < PIVOTS; f++) row[f] = measure;
            for (size_t i = 0; i < n; i++) add_row(row, w->row_of[i], w->shift[i], at->stride);
            for (int f = 0; f < PIVOTS; f++)
                if (row[f] > top) top = row[f];
        }
    if (isinf(top)) return top;
    for (int v = 0; v < NOISES; v++)
        for (int r = 0; r < CW_RATE_STEPS; r++)
            for (int f = 0; w->live[v][r] && f < PIVOTS; f++)
                if (w->ln_weight[v][r][f] > top - HOPELESS) sum += exp(w->ln_weight[v][r][f] - top);
    return top + log(sum);
}

/* Density of ln f at `to_week` as a table, and, with p, the terms added to a posterior at `last`; all scaled by exp(-ln_scale). */
static void hand_on(work *w, const window *at, double to_week, double ln_scale, table *to, double last, cw_rate_posterior *p)
{
    memset(w->bins, 0, sizeof w->bins);
    for (int v = 0; v < NOISES; v++)
        for (int r = 0; r < CW_RATE_STEPS; r++) {
            if (!w->live[v][r]) continue;
            int there = at->first + cells(rate(r) * (to_week - at->week)), here = at->first + cells(rate(r) * (last - at->week));
            for (int f = 0; f < PIVOTS; f++) {
                double ln = w->ln_weight[v][r][f] - ln_scale;
                if (ln <= -HOPELESS) continue;
                double mass = exp(ln);
                w->bins[v][clamp(there + at->stride * f) / FINE] += mass;
                if (!p) continue;
                p->r[r] += mass;
                p->joint[r][clamp(here + at->stride * f) / FINE] += mass;
                p->noise_cv += mass * noise[v];
            }
        }
    for (int v = 0; v < NOISES; v++)
        for (int i = 0; i < CW_RATE_BINS; i++) {
            double ln = log(w->bins[v][i] / BIN * NOISES + 1e-300);
            for (int k = 0; k < FINE; k++) to->ln[v][i * FINE + k] = ln;
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
    window at;
    double last = week[piece->end - 1];
    size_t looks = piece->end - piece->first, inner = looks > 2 ? looks - 2 : 0; /* a turn needs a draw of the piece before it and one after */
    size_t stride = inner > MOST_BREAKS ? (inner + MOST_BREAKS - 1) / MOST_BREAKS : 1, used = breaks ? (inner + stride - 1) / stride : 0;
    double straight = course(w, obs, week, models, piece->first, piece->end, piece->knot, &at), keep = 1 - BREAK_WEIGHT * (double)used / (double)looks;
    memset(p, 0, sizeof *p);
    p->last_week = last;
    hand_on(w, &at, next_knot, straight - log(keep), &w->onward, last, p);
    w->before = w->message;
    for (size_t i = 0; i < used; i++) {
        size_t turn = piece->first + 1 + i * stride; /* the course turns at this draw */
        w->message = w->before;
        double first = course(w, obs, week, models, piece->first, turn + 1, piece->knot, &at);
        hand_on(w, &at, week[turn], first, &w->message, week[turn], NULL);
        double second = course(w, obs, week, models, turn + 1, piece->end, week[turn], &at);
        double relative = first + second - straight + log(BREAK_WEIGHT / (double)looks);
        if (!(relative > -20)) continue;
        hand_on(w, &at, next_knot, second - relative, &w->more, last, p);
        for (int v = 0; v < NOISES; v++)
            for (int k = 0; k < CELLS; k++) w->onward.ln[v][k] = cw_log_add(w->onward.ln[v][k], w->more.ln[v][k]);
    }
    normalise(p);
}

/* At the start of a line: the course goes on from where it was, or anywhere. */
static void step(table *message)
{
    for (int v = 0; v < NOISES; v++) {
        double mass = 0;
        for (int i = 0; i < CELLS; i++) mass += exp(message->ln[v][i]) * CELL;
        double anywhere = log(STEP_WEIGHT * mass / (CW_RATE_BINS * BIN) + 1e-300);
        for (int i = 0; i < CELLS; i++) message->ln[v][i] = cw_log_add(message->ln[v][i] + log(1 - STEP_WEIGHT), anywhere);
    }
}

int cw_rate_fit(const cw_obs *obs, const double *week, const cw_rate_model *models, const cw_rate_piece *piece, size_t n_pieces, bool breaks,
                cw_rate_posterior *posterior, cw_err *err)
{
    size_t end = n_pieces ? piece[n_pieces - 1].end : 0;
    work *w = malloc(sizeof *w);
    int *shift = malloc((end + 1) * sizeof *shift);
    const double **row_of = malloc((end + 1) * sizeof *row_of);
    table *draw = malloc((end ? end : 1) * sizeof *draw);
    int status = w && draw && shift && row_of ? 0 : cw_err_nomem(err);
    if (status == 0) {
        w->draw = draw;
        w->shift = shift;
        w->row_of = row_of;
        for (size_t j = n_pieces ? piece[0].first : 0; j < end; j++) tabulate(&obs[j], models, &draw[j]);
        for (int v = 0; v < NOISES; v++)
            for (int i = 0; i < CELLS; i++) w->message.ln[v][i] = -log(CW_RATE_BINS * BIN);
        for (size_t i = 0; i < n_pieces; i++) {
            fit_piece(w, obs, week, models, &piece[i], i + 1 < n_pieces ? piece[i + 1].knot : week[piece[i].end - 1], breaks, &posterior[i]);
            w->message = w->onward;
            step(&w->message);
        }
    }
    free(draw);
    free(shift);
    free((void *)row_of);
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
            if (p->joint[r][i] > 0) m[n++] = (massed){bin_ln(i) + rate(r) * (week - p->last_week), p->joint[r][i]};
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
            double missing = log(threshold) - bin_ln(i), wait = missing <= 0 ? 0 : rate(r) > 1e-9 ? missing / rate(r) : INFINITY;
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
