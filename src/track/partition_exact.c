/* SPDX-License-Identifier: MIT */
/* partition_exact.c - up to nine alleles: the evidence of every set, and from it that of every partition. */
#include "track/partition_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "stats/log_sum.h"

/* Extend the set `mask`, whose product is at `depth`, by every later item at every multiplicity. */
static void grow(cw_partition_solver *s, unsigned mask, size_t next, size_t depth, double ln_prior, double apart)
{
    const double *here = s->product + depth * s->cells;
    double *there = s->product + (depth + 1) * s->cells;
    for (size_t i = next; i < s->n; i++)
        for (int m = 0; m < CW_PARTITION_MULTIPLICITIES; m++) {
            cw_partition_multiply(s, there, here, i, m);
            double prior = ln_prior + cw_partition_ln_prior[m], ln = prior + cw_partition_ln_marginal(there, s->draws);
            unsigned set = mask | 1u << i;
            s->ln_set[set] = cw_log_add(s->ln_set[set], ln);
            if (ln > apart + s->single[i] - CW_PARTITION_HOPELESS) grow(s, set, i + 1, depth + 1, prior, apart + s->single[i]);
        }
}

/* The same sets again, each at its best multiplicities: P(C) is divided by that of its alleles apart. */
static void separate(cw_partition_solver *s, unsigned mask, size_t next, size_t depth, double ln_apart, double phase)
{
    const double *here = s->product + depth * s->cells;
    double *there = s->product + (depth + 1) * s->cells;
    for (size_t i = next; i < s->n; i++) {
        unsigned set = mask | 1u << i;
        if (s->ln_set[set] == -INFINITY) continue;
        double top = -INFINITY, own = ln_apart + cw_ratio_ln_own(&s->ratio, here, cw_partition_wide(s, i)), spanning = phase;
        int best = 0;
        for (int m = 0; m < CW_PARTITION_MULTIPLICITIES; m++) {
            cw_partition_multiply(s, there, here, i, m);
            double ln = cw_partition_ln_prior[m] + cw_partition_ln_marginal(there, s->draws);
            if (ln > top) top = ln, best = m;
        }
        for (size_t k = 0; k < i; k++)
            if (mask >> k & 1) spanning += cw_partition_phase(s, i, k);
        s->ln_ratio[set] = s->ln_set[set] - own + spanning;
        cw_partition_multiply(s, there, here, i, best);
        separate(s, set, i + 1, depth + 1, own, spanning);
    }
}

static int fill_sets(cw_partition_solver *s, cw_err *err)
{
    size_t sets = (size_t)1 << s->n;
    s->product = malloc((s->n + 1) * s->cells * sizeof *s->product);
    s->ln_set = malloc(sets * sizeof *s->ln_set);
    s->ln_ratio = malloc(sets * sizeof *s->ln_ratio);
    if (!s->product || !s->ln_set || !s->ln_ratio) return cw_err_nomem(err);
    for (size_t m = 0; m < sets; m++) s->ln_set[m] = s->ln_ratio[m] = -INFINITY;
    for (size_t i = 0; i < s->n; i++) {
        cw_partition_multiply(s, s->product, NULL, i, 0);
        s->single[i] = cw_partition_ln_marginal(s->product, s->draws);
    }
    for (size_t i = 0; i < s->n; i++) {
        cw_partition_multiply(s, s->product, NULL, i, 0);
        s->ln_set[1u << i] = s->single[i];
        s->ln_ratio[1u << i] = 0;
        grow(s, 1u << i, i + 1, 0, 0, s->single[i]);
        separate(s, 1u << i, i + 1, 0, s->single[i], 0);
    }
    return 0;
}

static double ln_factorial(unsigned n)
{
    double ln = 0;
    for (unsigned i = 2; i <= n; i++) ln += log(i);
    return ln;
}

typedef struct enumeration {
    const cw_partition_solver *s;
    unsigned block[CW_PARTITION_EXACT];
    double best, total;
    unsigned best_block[CW_PARTITION_EXACT];
    size_t n_best;
    double *together;
} enumeration;

static void score(enumeration *e, size_t blocks)
{
    double ln = 0;
    for (size_t b = 0; b < blocks; b++) ln += e->s->ln_ratio[e->block[b]] + ln_factorial((unsigned)__builtin_popcount(e->block[b]) - 1);
    if (ln > e->best) {
        double shrink = isinf(e->best) ? 0 : exp(e->best - ln);
        e->total *= shrink;
        for (size_t i = 0; i < e->s->n * e->s->n; i++) e->together[i] *= shrink;
        e->best = ln;
        memcpy(e->best_block, e->block, sizeof e->block);
        e->n_best = blocks;
    }
    double mass = exp(ln - e->best);
    if (!(mass > 1e-12)) return;
    e->total += mass;
    for (size_t b = 0; b < blocks; b++)
        for (size_t i = 0; i < e->s->n; i++)
            for (size_t k = 0; k < e->s->n; k++)
                if (e->block[b] >> i & 1 && e->block[b] >> k & 1) e->together[i * e->s->n + k] += mass;
}

static void place(enumeration *e, size_t i, size_t blocks)
{
    if (i == e->s->n) {
        score(e, blocks);
        return;
    }
    for (size_t b = 0; b <= blocks; b++) {
        if (b == blocks) e->block[b] = 0;
        e->block[b] |= 1u << i;
        place(e, i + 1, blocks + (b == blocks));
        e->block[b] &= ~(1u << i);
    }
}

int cw_partition_exact(cw_partition_solver *s, size_t *label, double *together, cw_err *err)
{
    enumeration e = {.s = s, .best = -INFINITY, .together = together};
    if (fill_sets(s, err) < 0) return CW_ENOMEM;
    place(&e, 0, 0);
    for (size_t i = 0; i < s->n * s->n; i++) together[i] = e.total > 0 ? together[i] / e.total : i % (s->n + 1) == 0;
    for (size_t b = 0; b < e.n_best; b++)
        for (size_t i = 0; i < s->n; i++)
            if (e.best_block[b] >> i & 1) label[i] = b;
    return 0;
}
