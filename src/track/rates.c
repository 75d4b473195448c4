/* SPDX-License-Identifier: MIT */
/* rates.c - growth by line, forecast of a crossing and the back-cast to the baseline, for the alleles that are there. */
#include "track/tracking.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "stats/beta.h"
#include "track/rate.h"

enum { INFORMATIVE = 3 }; /* draws below which nothing is forecast */

/* Worth fitting: seen, and over its threshold or there from the start or called. */
static bool worth(const cw_tracking *t, size_t a)
{
    bool called = false, seen = false;
    for (size_t j = 0; j < t->n_looks; j++) {
        const cw_obs *o = &t->obs[a * t->n_looks + j];
        if (o->kind != CW_OBS_COUNT) continue;
        seen |= o->k > 0;
        called |= t->ln_e[a * t->n_looks + j] >= t->p->alterations[a].evidence.ln_threshold;
        called |= t->given[a] && t->p->alterations[a].points[t->draw[j]].state == CW_CALL_DETECTED;
    }
    return seen && called;
}

/* The looks as pieces: before the first line, and one for each line that has draws. */
static size_t make_pieces(const cw_tracking *t, cw_rate_piece *piece, ptrdiff_t *line)
{
    size_t n = 0;
    for (size_t j = 0; j < t->n_looks; j++) {
        ptrdiff_t at = cw_tracking_line(t, t->day[j]);
        if (!n || line[n - 1] != at) {
            double start = at >= 0 ? cw_tracking_day(t, &t->p->lines[at].start) : t->day[j];
            double knot = n ? start : t->day[j]; /* the first piece has nothing to be continuous with */
            line[n] = at;
            piece[n++] = (cw_rate_piece){j, j + 1, (knot - t->p->zero_day) / 7};
        }
        piece[n - 1].end = j + 1;
    }
    return n;
}

static const cw_interval none = {NAN, NAN, NAN};

/* Quantiles of 1/r on the side on which r lies. */
static void describe(const cw_rate_posterior *post, cw_growth *g)
{
    double lo = cw_rate_quantile(post, .05), mid = cw_rate_quantile(post, .5), hi = cw_rate_quantile(post, .95);
    g->p_rising = cw_rate_p_rising(post);
    g->noise_cv = post->noise_cv;
    g->doubling_days = g->half_life_days = none;
    if (mid > 0) g->doubling_days = (cw_interval){7 / hi, 7 / mid, lo > 0 ? 7 / lo : INFINITY};
    else if (mid < 0) g->half_life_days = (cw_interval){-7 / lo, -7 / mid, hi < 0 ? -7 / hi : INFINITY};
}

/* Does a piece say anything of a rate? Two draws of different days up to its end, one of them its own, and a mutant molecule in one of them: without,
 * the posterior is the prior, and no number of it may leave the program. */
static bool tells(const cw_tracking *t, size_t a, const cw_rate_piece *piece)
{
    size_t days = 0, own = 0, seen = 0;
    double day = NAN;
    for (size_t j = 0; j < piece->end; j++) {
        const cw_obs *o = &t->obs[a * t->n_looks + j];
        if (o->kind != CW_OBS_NONE && t->day[j] != day) days++, day = t->day[j];
        own += o->kind != CW_OBS_NONE && j >= piece->first;
        seen += o->kind == CW_OBS_COUNT && o->k > 0;
    }
    return days >= 2 && own >= 1 && seen >= 1;
}

static size_t informative(const cw_tracking *t, size_t a, size_t first, size_t end, size_t *seen)
{
    size_t n = 0;
    *seen = 0;
    for (size_t j = first; j < end; j++) {
        const cw_obs *o = &t->obs[a * t->n_looks + j];
        n += o->kind != CW_OBS_NONE;
        *seen += o->kind == CW_OBS_COUNT && o->k > 0;
    }
    return n;
}

static int forecast(cw_tracking *t, size_t a, const cw_rate_posterior *post, size_t first, cw_err *err)
{
    static const double q[3] = {.05, .5, .95};
    cw_alteration *x = &t->p->alterations[a];
    double weeks[3], last = t->day[t->n_looks - 1], span = (last - t->day[0]) / 7;
    size_t seen;
    x->forecast = (cw_forecast){t->conf->forecast_vaf, none, NAN, ""};
    if (informative(t, a, first, t->n_looks, &seen) < INFORMATIVE || seen < 2) {
        x->forecast.refused = "fewer than three informative draws in this line";
        return 0;
    }
    if (x->points[t->draw[t->n_looks - 1]].vaf >= t->conf->forecast_vaf) {
        x->forecast.refused = "the threshold is already reached";
        return 0;
    }
    if (cw_rate_crossing(post, t->conf->forecast_vaf, 2 * span, q, weeks, 3, &x->forecast.p_no_crossing, err) < 0) return CW_ENOMEM;
    double from = t->p->zero_day + 7 * post->last_week;
    if (isfinite(weeks[0])) x->forecast.crossing_day = (cw_interval){from + 7 * weeks[0], from + 7 * weeks[1], from + 7 * weeks[2]};
    else x->forecast.refused = "no crossing within twice the observed time";
    return 0;
}

/* What the draws of the line in which an allele emerged say of the baseline of that line: was it already there below the limit? The draws of a
 * later line say nothing of it: under them the course is another. */
static int backcast(cw_tracking *t, size_t a, cw_rate_posterior *post, cw_err *err)
{
    double alarm = t->p->alarms[t->p->alterations[a].first_alarm].day, baseline = cw_tracking_baseline_day(t, alarm);
    size_t first = 0, end, seen;
    while (first < t->n_looks && t->day[first] <= baseline) first++;
    for (end = first; end < t->n_looks && cw_tracking_line(t, t->day[end]) == cw_tracking_line(t, alarm);) end++;
    if (!first || informative(t, a, first, end, &seen) < INFORMATIVE || seen < 2) return 0;
    cw_rate_piece piece = {first, end, t->week[first]};
    if (cw_rate_fit(t->obs + a * t->n_looks, t->week, t->model + a * t->p->n_sets, &piece, 1, false, post, err) < 0) return CW_ENOMEM;
    return cw_rate_fraction_at(post, t->week[first - 1], .05, &t->backcast[a], err);
}

int cw_track_backcasts(cw_tracking *t, cw_err *err)
{
    cw_rate_posterior *post = malloc(sizeof *post);
    int status = post ? 0 : cw_err_nomem(err);
    for (size_t a = 0; status == 0 && a < t->p->n_alterations; a++)
        if (t->p->alterations[a].first_alarm >= 0 && !t->given[a]) status = backcast(t, a, post, err);
    free(post);
    return status;
}

static int fit(cw_tracking *t, size_t a, const cw_rate_piece *piece, const ptrdiff_t *line, size_t n, cw_rate_posterior *post, cw_err *err)
{
    cw_alteration *x = &t->p->alterations[a];
    if (cw_rate_fit(t->obs + a * t->n_looks, t->week, t->model + a * t->p->n_sets, piece, n, true, post, err) < 0) return CW_ENOMEM;
    x->growth = cw_arena_alloc(t->p->arena, n, sizeof *x->growth);
    if (!x->growth) return cw_err_nomem(err);
    x->n_growth = n;
    for (size_t i = 0; i < n; i++) {
        x->growth[i].line = line[i] >= 0 ? t->p->lines[line[i]].id : "";
        if (tells(t, a, &piece[i])) describe(&post[i], &x->growth[i]);
        else x->growth[i] = (cw_growth){x->growth[i].line, none, none, NAN, NAN};
    }
    x->doubling_days = x->growth[n - 1].doubling_days;
    t->p_falling[a] = 1 - x->growth[n - 1].p_rising;
    return forecast(t, a, &post[n - 1], piece[n - 1].first, err);
}

/* Is look j above look i by more than `slack`? By 95 % intervals of the counts, whatever intervals a file brought along. */
static bool above(const cw_tracking *t, size_t a, size_t j, size_t i, double slack)
{
    const cw_obs *high = &t->obs[a * t->n_looks + j], *low = &t->obs[a * t->n_looks + i];
    double lo, hi, low_lo, low_hi;
    if (high->kind != CW_OBS_COUNT || low->kind != CW_OBS_COUNT) return false;
    cw_jeffreys(high->k, (int64_t)high->n, .95, &lo, &hi);
    cw_jeffreys(low->k, (int64_t)low->n, .95, &low_lo, &low_hi);
    return low_hi * slack < lo;
}

const cw_point *cw_tracking_fell_from(const cw_tracking *t, size_t a)
{
    double baseline = cw_tracking_baseline_day(t, t->day[t->n_looks - 1]);
    ptrdiff_t base = -1;
    for (size_t j = 0; j + 1 < t->n_looks && t->day[j] <= baseline; j++)
        if (t->obs[a * t->n_looks + j].kind == CW_OBS_COUNT) base = (ptrdiff_t)j;
    if (base < 0 || !above(t, a, (size_t)base, t->n_looks - 1, t->conf->growth_slack)) return NULL;
    for (size_t j = (size_t)base + 1; j + 1 < t->n_looks; j++)
        if (above(t, a, t->n_looks - 1, j, 1)) return NULL; /* it has been lower since */
    return &t->p->alterations[a].points[t->draw[base]];
}

bool cw_tracking_rather_falls(const cw_tracking *t, size_t a)
{
    double baseline = cw_tracking_baseline_day(t, t->day[t->n_looks - 1]);
    bool below_another = false;
    for (size_t j = 0; j + 1 < t->n_looks; j++) below_another |= t->day[j] > baseline && above(t, a, j, t->n_looks - 1, t->conf->growth_slack);
    return t->p_falling[a] > .9 || (t->p_falling[a] > .5 && below_another);
}

/* The rate is that of the last stretch. After a deep response it may be open, and what lies far below the baseline is falling until it rises. */
bool cw_tracking_falls(const cw_tracking *t, size_t a)
{
    static const double SURE = .975, NO_RISE = .1;
    return t->p_falling[a] >= SURE || (t->p_falling[a] > NO_RISE && cw_tracking_fell_from(t, a));
}

int cw_track_rates(cw_tracking *t, cw_err *err)
{
    size_t n_alleles = t->p->n_alterations;
    t->p_falling = cw_arena_alloc(t->scratch, n_alleles, sizeof *t->p_falling);
    t->backcast = cw_arena_alloc(t->scratch, n_alleles, sizeof *t->backcast);
    cw_rate_piece *piece = cw_arena_alloc(t->scratch, t->n_looks, sizeof *piece);
    ptrdiff_t *line = cw_arena_alloc(t->scratch, t->n_looks, sizeof *line);
    if (!t->p_falling || !t->backcast || !piece || !line) return cw_err_nomem(err);
    for (size_t a = 0; a < n_alleles; a++) t->p_falling[a] = t->backcast[a] = NAN;
    if (!t->n_looks) return 0;
    size_t n = make_pieces(t, piece, line);
    cw_rate_posterior *post = malloc(n * sizeof *post);
    int status = post ? 0 : cw_err_nomem(err);
    for (size_t a = 0; status == 0 && a < n_alleles; a++)
        if (worth(t, a)) status = fit(t, a, piece, line, n, post, err);
    free(post);
    return status;
}
