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

/* --- beyond nine alleles --- */

/* ln ML of the items with this label, multiplicities chosen one after the other. */
static double ln_cluster(solver *s, const size_t *label, size_t which, size_t without, size_t with)
{
    double *p = s->product, *trial = s->product + s->cells, ln = 0;
    bool first = true;
    unsigned members = 0;
    for (size_t i = 0; i < s->n; i++) {
        if ((label[i] != which && i != with) || i == without) continue;
        members++;
        if (first) {
            memcpy(p, item(s, i, 0), s->cells * sizeof *p);
            first = false;
            continue;
        }
        int best = 0;
        double top = -INFINITY, sum = -INFINITY;
        for (int m = 0; m < MULT; m++) {
            multiply(trial, p, item(s, i, m), s->cells);
            double here = ln_multiplicity_prior[m] + ln_marginal(trial, s->draws);
            sum = add_ln(sum, here);
            if (here > top) top = here, best = m;
        }
        multiply(p, p, item(s, i, best), s->cells);
        ln += isinf(sum) ? -1e9 : sum - (top - ln_multiplicity_prior[best]); /* the product holds the likelihood at `best` */
    }
    return first ? 0 : ln + ln_marginal(p, s->draws) + ln_factorial(members - 1);
}

static double ln_merged(solver *s, size_t *label, size_t a, size_t b, size_t *work)
{
    for (size_t i = 0; i < s->n; i++) work[i] = label[i] == b ? a : label[i];
    return ln_cluster(s, work, a, SIZE_MAX, SIZE_MAX);
}

static void merge(solver *s, size_t *label, double *ln, double *gain, size_t *work)
{
    size_t n = s->n;
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++) gain[a * n + b] = ln_merged(s, label, a, b, work) - ln[a] - ln[b];
    for (;;) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < n * n; i++)
            if (i / n < i % n && gain[i] > 0 && (best == SIZE_MAX || gain[i] > gain[best])) best = i;
        if (best == SIZE_MAX) return;
        size_t a = best / n, b = best % n;
        ln[a] += ln[b] + gain[best];
        for (size_t i = 0; i < n; i++)
            if (label[i] == b) label[i] = a;
        for (size_t c = 0; c < n; c++) {
            size_t lo = a < c ? a : c, hi = a < c ? c : a, dead_lo = b < c ? b : c, dead_hi = b < c ? c : b;
            if (c != b) gain[dead_lo * n + dead_hi] = -INFINITY;
            if (c == a || c == b) continue;
            bool alive = false;
            for (size_t i = 0; i < n; i++) alive |= label[i] == c;
            gain[lo * n + hi] = alive ? ln_merged(s, label, lo, hi, work) - ln[lo] - ln[hi] : -INFINITY;
        }
        gain[best] = -INFINITY;
    }
}

/* Move single alleles while that helps. */
static void refine(solver *s, size_t *label)
{
    bool moved = true;
    for (int round = 0; moved && round < 3; round++) {
        moved = false;
        for (size_t i = 0; i < s->n; i++) {
            double here = ln_cluster(s, label, label[i], SIZE_MAX, SIZE_MAX) - ln_cluster(s, label, label[i], i, SIZE_MAX), best = here + 1e-9;
            size_t to = label[i];
            for (size_t c = 0; c < s->n; c++) {
                size_t members = 0;
                for (size_t k = 0; k < s->n; k++) members += label[k] == c;
                if (c == label[i] || (!members && c != i)) continue;
                double there = ln_cluster(s, label, c, SIZE_MAX, i) - ln_cluster(s, label, c, SIZE_MAX, SIZE_MAX);
                if (there > best) best = there, to = c;
            }
            moved |= to != label[i];
            label[i] = to;
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
    double *ln = malloc(n * sizeof *ln), *gain = malloc(n * n * sizeof *gain);
    size_t *work = malloc(n * sizeof *work);
    s->product = malloc(2 * s->cells * sizeof *s->product);
    int status = ln && gain && work && s->product ? 0 : cw_err_nomem(err);
    if (status == 0) {
        for (size_t i = 0; i < n; i++) {
            label[i] = i;
            ln[i] = ln_cluster(s, label, i, SIZE_MAX, SIZE_MAX);
        }
        merge(s, label, ln, gain, work);
        refine(s, label);
        for (size_t i = 0; i < n; i++) { /* how much worse it would be with this allele apart */
            double stay = ln_cluster(s, label, label[i], SIZE_MAX, SIZE_MAX) - ln_cluster(s, label, label[i], i, SIZE_MAX) - ln_marginal(item(s, i, 0), s->draws);
            for (size_t k = 0; k < n; k++)
                if (label[k] == label[i]) together[i * n + k] = i == k ? 1 : 1 / (1 + exp(-stay));
        }
        renumber(label, work, n);
    }
    free(ln);
    free(gain);
    free(work);
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
