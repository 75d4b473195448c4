/* SPDX-License-Identifier: MIT */
/* partition.c - posterior over partitions of alleles into clones. */
#include "track/partition.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { GRID = CW_RATIO_GRID, WIDE = CW_RATIO_WIDE, MULT = CW_PARTITION_MULTIPLICITIES };
static const int multiplicity_shift[MULT] = {0, -CW_RATIO_DOUBLING, CW_RATIO_DOUBLING}; /* 1, 1/2, 2 */
static const double ln_multiplicity_prior[MULT] = {-.22314355131420976, -2.302585092994046, -2.302585092994046}; /* .8 .1 .1 */
static const double HOPELESS = 60; /* ln: a set this much worse than its alleles apart is not grown further */
static const double MISREAD = .01; /* a molecule that carries both and shows one of them */

typedef struct solver {
    const cw_partition_data *d;
    size_t n, draws, cells;      /* cells = draws x GRID */
    cw_ratio ratio;
    double *product;             /* [depth][cells]: partial products of a set */
    double *ln_set, *ln_ratio;   /* [mask] */
    double single[CW_PARTITION_EXACT];
} solver;

static const double *wide(const solver *s, size_t i) { return s->d->like + i * s->draws * WIDE; }

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

/* to = a (NULL: 1) x item i at multiplicity m, over theta. */
static void multiply(const solver *s, double *to, const double *a, size_t i, int m)
{
    for (size_t j = 0; j < s->draws; j++) {
        const double *like = wide(s, i) + j * WIDE + CW_RATIO_REACH + multiplicity_shift[m];
        for (size_t g = 0; g < GRID; g++) to[j * GRID + g] = (a ? a[j * GRID + g] : 1) * like[g];
    }
}

static double add_ln(double a, double b)
{
    double hi = a > b ? a : b, lo = a > b ? b : a;
    return hi == -INFINITY ? hi : hi + log1p(exp(lo - hi));
}

static double ln_phase(const solver *s, size_t a, size_t b) { return s->d->ln_phase ? s->d->ln_phase[a * s->n + b] : 0; }

/* Extend the set `mask`, whose product is at `depth`, by every later item at every multiplicity. */
static void grow(solver *s, unsigned mask, size_t next, size_t depth, double ln_prior, double apart)
{
    const double *here = s->product + depth * s->cells;
    double *there = s->product + (depth + 1) * s->cells;
    for (size_t i = next; i < s->n; i++)
        for (int m = 0; m < MULT; m++) {
            multiply(s, there, here, i, m);
            double prior = ln_prior + ln_multiplicity_prior[m], ln = prior + ln_marginal(there, s->draws);
            unsigned set = mask | 1u << i;
            s->ln_set[set] = add_ln(s->ln_set[set], ln);
            if (ln > apart + s->single[i] - HOPELESS) grow(s, set, i + 1, depth + 1, prior, apart + s->single[i]);
        }
}

/* The same sets again, each at its best multiplicities: P(C) is divided by that of its alleles apart. */
static void separate(solver *s, unsigned mask, size_t next, size_t depth, double ln_apart, double phase)
{
    const double *here = s->product + depth * s->cells;
    double *there = s->product + (depth + 1) * s->cells;
    for (size_t i = next; i < s->n; i++) {
        unsigned set = mask | 1u << i;
        if (s->ln_set[set] == -INFINITY) continue;
        double top = -INFINITY, own = ln_apart + cw_ratio_ln_own(&s->ratio, here, wide(s, i)), spanning = phase;
        int best = 0;
        for (int m = 0; m < MULT; m++) {
            multiply(s, there, here, i, m);
            double ln = ln_multiplicity_prior[m] + ln_marginal(there, s->draws);
            if (ln > top) top = ln, best = m;
        }
        for (size_t k = 0; k < i; k++)
            if (mask >> k & 1) spanning += ln_phase(s, i, k);
        s->ln_ratio[set] = s->ln_set[set] - own + spanning;
        multiply(s, there, here, i, best);
        separate(s, set, i + 1, depth + 1, own, spanning);
    }
}

static int fill_sets(solver *s, cw_err *err)
{
    size_t sets = (size_t)1 << s->n;
    s->product = malloc((s->n + 1) * s->cells * sizeof *s->product);
    s->ln_set = malloc(sets * sizeof *s->ln_set);
    s->ln_ratio = malloc(sets * sizeof *s->ln_ratio);
    if (!s->product || !s->ln_set || !s->ln_ratio) return cw_err_nomem(err);
    for (size_t m = 0; m < sets; m++) s->ln_set[m] = s->ln_ratio[m] = -INFINITY;
    for (size_t i = 0; i < s->n; i++) {
        multiply(s, s->product, NULL, i, 0);
        s->single[i] = ln_marginal(s->product, s->draws);
    }
    for (size_t i = 0; i < s->n; i++) {
        multiply(s, s->product, NULL, i, 0);
        s->ln_set[1u << i] = s->single[i];
        s->ln_ratio[1u << i] = 0;
        grow(s, 1u << i, i + 1, 0, 0, s->single[i]);
        separate(s, 1u << i, i + 1, 0, s->single[i], 0);
    }
    return 0;
}

static double ln_beta(double a, double b) { return lgamma(a) + lgamma(b) - lgamma(a + b); }

/* One clone, on one chromosome: both on every molecule (.8), or one of them on one of two copies of the other's (.1 each). On two chromosomes:
 * never both. Two clones: one within the other on its chromosome or on the other one, or beside each other, then never both. Where both are on one
 * molecule, a part q of the molecules of the outer clone carries the inner one's, q uniform. Half of the pairs are on one chromosome. */
double cw_partition_ln_phase(double cis, double only_a, double only_b)
{
    double ln_misread = log(MISREAD), n = cis + only_a + only_b;
    if (!(n > 0)) return 0;
    double one = add_ln(log(.8) + (only_a + only_b) * ln_misread, log(.1) + add_ln((cis + only_a) * log(.5) + only_b * ln_misread, (cis + only_b) * log(.5) + only_a * ln_misread));
    double two = log(.5) + add_ln(ln_beta(cis + 1, only_a + 1) + only_b * ln_misread, ln_beta(cis + 1, only_b + 1) + only_a * ln_misread);
    double never = cis * ln_misread; /* chromosomes apart: both on one is a misreading */
    one = add_ln(log(.5) + one, log(.5) + never);
    two = add_ln(log(.25) + two, log(.75) + never); /* half of the pairs of clones are nested */
    return one - two;
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

static int open_solver(solver *s, const cw_partition_data *d, cw_err *err)
{
    *s = (solver){.d = d, .n = d->n, .draws = d->n_draws, .cells = d->n_draws * GRID};
    return cw_ratio_init(&s->ratio, d->week, d->n_draws, err);
}

static void close_solver(solver *s)
{
    cw_ratio_release(&s->ratio);
    free(s->product);
    free(s->ln_set);
    free(s->ln_ratio);
}

int cw_partition_ln_set(const cw_partition_data *data, unsigned mask, double *ln, double *ln_ratio, cw_err *err)
{
    solver s;
    int status = open_solver(&s, data, err);
    if (status == 0) status = fill_sets(&s, err);
    if (status == 0) *ln = s.ln_set[mask], *ln_ratio = s.ln_ratio[mask];
    close_solver(&s);
    return status;
}

/* --- beyond nine alleles: one after the other into the clone that explains it best, then moved while that helps --- */

typedef struct clusters {
    solver *s;
    double *product;             /* [n][cells]: of the members at their multiplicities, rescaled; ln_scale what was taken out */
    double *ln_scale;
    double *single;              /* [item] ln P(alone) */
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

/* ln P(item i | in cluster c) / P(item i | a course of its own), Ewens prior included (an empty cluster: 0); *best its multiplicity there. */
static double ln_joining(const clusters *k, const size_t *label, size_t i, size_t c, int *best)
{
    *best = 0;
    if (!k->members[c]) return 0;
    const double *clone = k->product + c * k->s->cells;
    double top = -INFINITY, sum = -INFINITY, before = ln_product(k, c);
    for (int m = 0; m < MULT; m++) {
        multiply(k->s, k->trial, clone, i, m);
        double ln = ln_multiplicity_prior[m] + k->ln_scale[c] + ln_marginal(k->trial, k->s->draws) - before;
        sum = add_ln(sum, ln);
        if (ln > top) top = ln, *best = m;
    }
    if (!(sum > k->single[i] - HOPELESS)) return -INFINITY;
    for (size_t x = 0; x < k->s->n; x++)
        if (x != i && label[x] == c) sum += ln_phase(k->s, i, x);
    return sum - cw_ratio_ln_own(&k->s->ratio, clone, wide(k->s, i)) + log(k->members[c]);
}

static void join(clusters *k, size_t i, size_t c, int m)
{
    double *p = k->product + c * k->s->cells;
    if (!k->members[c]) k->ln_scale[c] = 0;
    multiply(k->s, p, k->members[c] ? p : NULL, i, m);
    rescale(p, &k->ln_scale[c], k->s->draws);
    k->members[c]++;
    k->multiplicity[i] = m;
}

/* The clone without item i, made anew from its other members: a product cannot be divided where it is 0. */
static void leave(clusters *k, size_t *label, size_t i)
{
    size_t c = label[i];
    label[i] = SIZE_MAX;
    k->members[c] = 0;
    for (size_t x = 0; x < k->s->n; x++)
        if (label[x] == c) join(k, x, c, k->multiplicity[x]);
}

/* Best clone for item i among those in use and one empty; ln[c] what speaks for each (-INFINITY: not tried). */
static size_t best_home(const clusters *k, const size_t *label, size_t i, int *multiplicity, double *ln)
{
    size_t home = SIZE_MAX;
    bool empty_tried = false;
    for (size_t c = 0; c < k->s->n; c++) {
        int m;
        ln[c] = -INFINITY;
        if (!k->members[c] && empty_tried) continue;
        empty_tried |= !k->members[c];
        ln[c] = ln_joining(k, label, i, c, &m);
        if (home == SIZE_MAX || ln[c] > ln[home] + 1e-9) home = c, *multiplicity = m;
    }
    return home;
}

/* together[i][x]: P(item i is in the clone of x, the others staying where they are). */
static void note(const clusters *k, const size_t *label, size_t i, size_t home, const double *ln, double *together)
{
    double total = 0;
    for (size_t c = 0; c < k->s->n; c++) total += exp(ln[c] - ln[home]);
    for (size_t x = 0; x < k->s->n; x++)
        if (x != i) together[i * k->s->n + x] = exp(ln[label[x]] - ln[home]) / total;
}

static void assign(clusters *k, size_t *label, double *together, double *ln)
{
    enum { ROUNDS = 3 };
    bool moved = true;
    int m = 0;
    for (size_t i = 0; i < k->s->n; i++) label[i] = SIZE_MAX;
    for (size_t i = 0; i < k->s->n; i++) {
        size_t home = best_home(k, label, i, &m, ln);
        join(k, i, home, m);
        label[i] = home;
    }
    for (int round = 0; moved && round < ROUNDS; round++) {
        moved = false;
        for (size_t i = 0; i < k->s->n; i++) {
            size_t before = label[i];
            leave(k, label, i);
            size_t home = best_home(k, label, i, &m, ln);
            note(k, label, i, home, ln, together);
            moved |= home != before && (k->members[home] || k->members[before]);
            join(k, i, home, m);
            label[i] = home;
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
    double *ln = malloc(n * sizeof *ln);
    clusters k = {s, malloc(n * s->cells * sizeof(double)), calloc(n, sizeof(double)), calloc(n, sizeof(double)), calloc(n, sizeof(unsigned)), calloc(n, sizeof(int)), malloc(s->cells * sizeof(double))};
    int status = work && ln && k.product && k.ln_scale && k.single && k.members && k.multiplicity && k.trial ? 0 : cw_err_nomem(err);
    if (status == 0) {
        for (size_t i = 0; i < n; i++) {
            multiply(s, k.trial, NULL, i, 0);
            k.single[i] = ln_marginal(k.trial, s->draws);
        }
        assign(&k, label, together, ln);
        for (size_t i = 0; i < n; i++) /* seen from either of the two */
            for (size_t x = 0; x <= i; x++) together[i * n + x] = together[x * n + i] = i == x ? 1 : (together[i * n + x] + together[x * n + i]) / 2;
        renumber(label, work, n);
    }
    free(work);
    free(ln);
    free(k.product);
    free(k.ln_scale);
    free(k.single);
    free(k.members);
    free(k.multiplicity);
    free(k.trial);
    return status;
}

int cw_partition(const cw_partition_data *data, size_t *label, double *together, cw_err *err)
{
    solver s;
    memset(together, 0, data->n * data->n * sizeof *together);
    int status = open_solver(&s, data, err);
    if (status == 0) status = data->n <= CW_PARTITION_EXACT ? exact(&s, label, together, err) : greedy(&s, label, together, err);
    close_solver(&s);
    return status;
}
