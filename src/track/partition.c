/* SPDX-License-Identifier: MIT */
/* partition.c - posterior over partitions of alleles into clones. */
#include "track/partition.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { GRID = CW_PARTITION_GRID, MULT = CW_PARTITION_MULTIPLICITIES };
const double cw_multiplicity[MULT] = {1, .5, 2};
static const double ln_multiplicity_prior[MULT] = {-.22314355131420976, -2.302585092994046, -2.302585092994046}; /* .8 .1 .1 */
static const double HOPELESS = 60; /* ln: a set this much worse than its alleles apart is not grown further */

double cw_partition_theta(int i) { return 1e-6 * pow(.7 / 1e-6, (double)i / (GRID - 1)); }

typedef struct solver {
    const double *like;
    size_t n, draws, cells;      /* cells = draws x GRID */
    double *product;             /* [depth][cells]: partial products of a set */
    double *ln_set;              /* [mask] */
    double single[CW_PARTITION_EXACT];
} solver;

static const double *item(const solver *s, size_t i, int m) { return s->like + (i * MULT + (size_t)m) * s->cells; }

/* ln prod_j mean_theta. */
static double ln_marginal(const double *p, size_t draws)
{
    double ln = 0;
    for (size_t j = 0; j < draws; j++) {
        double sum = 0;
        for (int g = 0; g < GRID; g++) sum += p[j * GRID + (size_t)g];
        ln += sum > 0 ? log(sum / GRID) : -INFINITY;
    }
    return ln;
}

static void multiply(double *to, const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++) to[i] = a[i] * b[i];
}

static double add_ln(double a, double b)
{
    double hi = a > b ? a : b, lo = a > b ? b : a;
    return hi == -INFINITY ? hi : hi + log1p(exp(lo - hi));
}

/* Extend the set `mask`, whose product is at `depth`, by every later item at every multiplicity. */
static void grow(solver *s, unsigned mask, size_t next, size_t depth, double ln_prior, double apart)
{
    const double *here = s->product + depth * s->cells;
    double *there = s->product + (depth + 1) * s->cells;
    for (size_t i = next; i < s->n; i++)
        for (int m = 0; m < MULT; m++) {
            multiply(there, here, item(s, i, m), s->cells);
            double prior = ln_prior + ln_multiplicity_prior[m], ln = prior + ln_marginal(there, s->draws);
            unsigned set = mask | 1u << i;
            s->ln_set[set] = add_ln(s->ln_set[set], ln);
            if (ln > apart + s->single[i] - HOPELESS) grow(s, set, i + 1, depth + 1, prior, apart + s->single[i]);
        }
}

static int fill_sets(solver *s, cw_err *err)
{
    size_t sets = (size_t)1 << s->n;
    s->product = malloc((s->n + 1) * s->cells * sizeof *s->product);
    s->ln_set = malloc(sets * sizeof *s->ln_set);
    if (!s->product || !s->ln_set) return cw_err_nomem(err);
    for (size_t m = 0; m < sets; m++) s->ln_set[m] = -INFINITY;
    for (size_t i = 0; i < s->n; i++) s->single[i] = ln_marginal(item(s, i, 0), s->draws);
    for (size_t i = 0; i < s->n; i++) {
        memcpy(s->product, item(s, i, 0), s->cells * sizeof *s->product);
        s->ln_set[1u << i] = s->single[i];
        grow(s, 1u << i, i + 1, 0, 0, s->single[i]);
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
    const solver *s;
    unsigned block[CW_PARTITION_EXACT];
    double best, total;
    unsigned best_block[CW_PARTITION_EXACT];
    size_t n_best;
    double *together;
} enumeration;

static void score(enumeration *e, size_t blocks)
{
    double ln = 0;
    for (size_t b = 0; b < blocks; b++) ln += e->s->ln_set[e->block[b]] + ln_factorial((unsigned)__builtin_popcount(e->block[b]) - 1);
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

static int exact(solver *s, size_t *label, double *together, cw_err *err)
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

int cw_partition_ln_set(const double *like, size_t n, size_t n_draws, unsigned mask, double *ln, cw_err *err)
{
    solver s = {.like = like, .n = n, .draws = n_draws, .cells = n_draws * GRID};
    int status = fill_sets(&s, err);
    if (status == 0) *ln = s.ln_set[mask];
    free(s.product);
    free(s.ln_set);
    return status;
}

/* --- beyond nine alleles: one after the other into the clone that explains it best, then moved while that helps --- */

typedef struct clusters {
    solver *s;
    double *product;             /* [n][cells]: of the members at their multiplicities, rescaled; ln_scale what was taken out */
    double *ln_scale;
    unsigned *members;
    int *multiplicity;           /* [item] */
    double *trial;
} clusters;

static void rescale(double *p, double *ln_scale, size_t draws)
{
    for (size_t j = 0; j < draws; j++) {
        double top = 0;
        for (int g = 0; g < GRID; g++)
            if (p[j * GRID + (size_t)g] > top) top = p[j * GRID + (size_t)g];
        if (!(top > 0)) continue;
        for (int g = 0; g < GRID; g++) p[j * GRID + (size_t)g] /= top;
        *ln_scale += log(top);
    }
}

static double ln_product(const clusters *k, size_t c) { return k->ln_scale[c] + ln_marginal(k->product + c * k->s->cells, k->s->draws); }

/* ln of what item i adds to cluster c (an empty one: its own marginal), Ewens prior included; *best its multiplicity there. */
static double ln_joining(const clusters *k, size_t i, size_t c, int *best)
{
    *best = 0;
    if (!k->members[c]) return ln_marginal(item(k->s, i, 0), k->s->draws);
    double top = -INFINITY, sum = -INFINITY, before = ln_product(k, c);
    for (int m = 0; m < MULT; m++) {
        multiply(k->trial, k->product + c * k->s->cells, item(k->s, i, m), k->s->cells);
        double ln = ln_multiplicity_prior[m] + k->ln_scale[c] + ln_marginal(k->trial, k->s->draws) - before;
        sum = add_ln(sum, ln);
        if (ln > top) top = ln, *best = m;
    }
    return sum + log(k->members[c]);
}

static void join(clusters *k, size_t i, size_t c, int m)
{
    double *p = k->product + c * k->s->cells;
    if (k->members[c]) multiply(p, p, item(k->s, i, m), k->s->cells);
    else memcpy(p, item(k->s, i, m), k->s->cells * sizeof *p), k->ln_scale[c] = 0;
    rescale(p, &k->ln_scale[c], k->s->draws);
    k->members[c]++;
    k->multiplicity[i] = m;
}

/* The clone without item i, made anew from its other members: a product cannot be divided where it is 0. */
static void leave(clusters *k, const size_t *label, size_t i)
{
    size_t c = label[i];
    k->members[c] = 0;
    for (size_t x = 0; x < k->s->n; x++)
        if (x != i && label[x] == c) join(k, x, c, k->multiplicity[x]);
}

/* Best clone for item i among those in use and one empty. */
static size_t best_home(const clusters *k, size_t i, int *multiplicity, double *ln_best, double *ln_alone)
{
    size_t home = SIZE_MAX;
    bool empty_tried = false;
    for (size_t c = 0; c < k->s->n; c++) {
        int m;
        if (!k->members[c] && empty_tried) continue;
        double ln = ln_joining(k, i, c, &m);
        if (!k->members[c]) empty_tried = true, *ln_alone = ln;
        if (home == SIZE_MAX || ln > *ln_best + 1e-9) home = c, *ln_best = ln, *multiplicity = m;
    }
    return home;
}

static void assign(clusters *k, size_t *label, double *stay)
{
    enum { ROUNDS = 3 };
    bool moved = true;
    int m;
    double ln, alone = 0;
    for (size_t i = 0; i < k->s->n; i++) label[i] = SIZE_MAX;
    for (size_t i = 0; i < k->s->n; i++) {
        label[i] = best_home(k, i, &m, &ln, &alone);
        join(k, i, label[i], m);
    }
    for (int round = 0; moved && round < ROUNDS; round++) {
        moved = false;
        for (size_t i = 0; i < k->s->n; i++) {
            leave(k, label, i);
            size_t home = best_home(k, i, &m, &ln, &alone);
            moved |= home != label[i] && (k->members[home] || k->members[label[i]]);
            label[i] = home;
            join(k, i, home, m);
            stay[i] = ln - alone;
        }
    }
}

static void renumber(size_t *label, size_t *work, size_t n)
{
    size_t next = 0;
    for (size_t i = 0; i < n; i++) work[i] = label[i];
    for (size_t i = 0; i < n; i++) {
        size_t first = i;
        for (size_t k = 0; k < i && first == i; k++)
            if (work[k] == work[i]) first = k;
        label[i] = first == i ? next++ : label[first];
    }
}

static int greedy(solver *s, size_t *label, double *together, cw_err *err)
{
    size_t n = s->n;
    size_t *work = malloc(n * sizeof *work);
    double *stay = calloc(n, sizeof *stay);
    clusters k = {s, malloc(n * s->cells * sizeof(double)), calloc(n, sizeof(double)), calloc(n, sizeof(unsigned)), calloc(n, sizeof(int)), malloc(s->cells * sizeof(double))};
    int status = work && stay && k.product && k.ln_scale && k.members && k.multiplicity && k.trial ? 0 : cw_err_nomem(err);
    if (status == 0) {
        assign(&k, label, stay);
        for (size_t i = 0; i < n; i++) /* against being a clone of its own */
            for (size_t x = 0; x < n; x++)
                if (label[x] == label[i]) together[i * n + x] = i == x ? 1 : 1 / (1 + exp(-stay[i > x ? i : x]));
        renumber(label, work, n);
    }
    free(work);
    free(stay);
    free(k.product);
    free(k.ln_scale);
    free(k.members);
    free(k.multiplicity);
    free(k.trial);
    return status;
}

int cw_partition(const double *like, size_t n, size_t n_draws, size_t *label, double *together, cw_err *err)
{
    solver s = {.like = like, .n = n, .draws = n_draws, .cells = n_draws * GRID};
    memset(together, 0, n * n * sizeof *together);
    int status = n <= CW_PARTITION_EXACT ? exact(&s, label, together, err) : greedy(&s, label, together, err);
    free(s.product);
    free(s.ln_set);
    return status;
}
