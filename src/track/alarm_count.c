/* SPDX-License-Identifier: MIT */
/* alarm_count.c - how many mutant molecules a draw must show to raise an alarm.
 *
 * The answer is mostly a handful, so the sums are laid out once and walked up count by count, each term by the ratio of two neighbouring
 * probabilities: a multiplication where a logarithm and an exponential would stand. After BLOCK counts they are laid out anew, before
 * the terms that were too small to hold at the first count could have grown to matter. */
#include "track/alarm_count.h"

#include <math.h>
#include <stdbool.h>
#include "stats/negative_binomial.h"

enum { BLOCK = 32, LANES = 4, ROOM = CW_ALARM_TERMS + LANES };

typedef struct sum {
    size_t n;        /* a multiple of LANES; those that fill up are 0 */
    double ln_unit;  /* the terms are in units of exp(ln_unit) */
    double value[ROOM], ratio[ROOM], step[ROOM];
} sum;

typedef struct ladder {
    const cw_alarm_question *q;
    sum alternative, null[CW_ALARM_NULLS];
    int64_t k;
} ladder;

static void lay_out(sum *s, const cw_alarm_term *term, size_t n, int64_t k)
{
    double ln_factor = cw_nb_ln_factor(k);
    s->ln_unit = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        s->value[i] = term[i].ln_weight + cw_nb_curve_ln(term[i].curve, k, ln_factor);
        s->ratio[i] = term[i].curve->ratio;
        s->step[i] = 1 / term[i].curve->size;
        if (s->value[i] > s->ln_unit) s->ln_unit = s->value[i];
    }
    for (size_t i = 0; i < n; i++) s->value[i] = exp(s->value[i] - s->ln_unit);
    for (s->n = n; s->n % LANES; s->n++) s->value[s->n] = s->ratio[s->n] = s->step[s->n] = 0;
}

static double total(const sum *s)
{
    double lane[LANES] = {0};
    for (size_t i = 0; i < s->n; i += LANES)
        for (size_t l = 0; l < LANES; l++) lane[l] += s->value[i + l];
    return s->ln_unit + log((lane[0] + lane[1]) + (lane[2] + lane[3]));
}

/* From k to k + 1. */
static void climb(sum *s, double k)
{
    double share = 1 / (k + 1);
    for (size_t i = 0; i < s->n; i++) s->value[i] *= s->ratio[i] * share * (1 + k * s->step[i]);
}

static bool over(const ladder *w)
{
    double worst = -INFINITY;
    for (size_t i = 0; i < w->q->n_nulls; i++) {
        double ln = total(&w->null[i]);
        if (ln > worst) worst = ln;
    }
    return total(&w->alternative) - worst >= w->q->ln_factor;
}

static bool over_at(ladder *w, int64_t k)
{
    w->k = k;
    lay_out(&w->alternative, w->q->alternative.term, w->q->alternative.n, k);
    for (size_t i = 0; i < w->q->n_nulls; i++) lay_out(&w->null[i], w->q->null[i].term, w->q->null[i].n, k);
    return over(w);
}

static bool over_next(ladder *w)
{
    climb(&w->alternative, (double)w->k);
    for (size_t i = 0; i < w->q->n_nulls; i++) climb(&w->null[i], (double)w->k);
    w->k++;
    return over(w);
}

int64_t cw_alarm_count(const cw_alarm_question *q, int64_t guess)
{
    ladder w;
    int64_t lo = 0, hi = q->most + 1, stride = BLOCK, k = guess <= BLOCK ? 0 : guess - BLOCK / 2; /* lo is not over; hi is, or nothing is */
    w.q = q;
    if (k > q->most) k = q->most;
    while (hi - lo > 1) {
        if (k > 0 && over_at(&w, k)) {
            hi = k;
        } else {
            if (k == 0) (void)over_at(&w, 0);
            for (lo = k; lo + 1 < hi && lo < k + BLOCK; lo++)
                if (over_next(&w)) return w.k;
        }
        if (hi - lo <= BLOCK) k = lo;
        else if (hi <= q->most) k = lo + (hi - lo) / 2;
        else {
            k = hi - lo > stride ? lo + stride : q->most;
            stride *= 2;
        }
    }
    return hi <= q->most ? hi : -1;
}
