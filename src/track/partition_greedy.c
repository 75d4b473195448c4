/* SPDX-License-Identifier: MIT */
/* partition_greedy.c - beyond nine alleles: one after the other into the clone that explains it best, then moved while that helps. */
#include "track/partition_parts.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include "stats/log_sum.h"

typedef struct clusters {
    cw_partition_solver *s;
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
        for (int g = 0; g < CW_RATIO_GRID; g++)
            if (p[j * CW_RATIO_GRID + (size_t)g] > top) top = p[j * CW_RATIO_GRID + (size_t)g];
        if (!(top > 0)) continue;
        for (int g = 0; g < CW_RATIO_GRID; g++) p[j * CW_RATIO_GRID + (size_t)g] /= top;
        *ln_scale += log(top);
    }
}

static double ln_product(const clusters *k, size_t c) { return k->ln_scale[c] + cw_partition_ln_marginal(k->product + c * k->s->cells, k->s->draws); }

/* ln P(item i | in cluster c) / P(item i | a course of its own), Ewens prior included (an empty cluster: 0); *best its multiplicity there. */
static double ln_joining(const clusters *k, const size_t *label, size_t i, size_t c, int *best)
{
    *best = 0;
    if (!k->members[c]) return 0;
    const double *clone = k->product + c * k->s->cells;
    double top = -INFINITY, sum = -INFINITY, before = ln_product(k, c);
    for (int m = 0; m < CW_PARTITION_MULTIPLICITIES; m++) {
        cw_partition_multiply(k->s, k->trial, clone, i, m);
        double ln = cw_partition_ln_prior[m] + k->ln_scale[c] + cw_partition_ln_marginal(k->trial, k->s->draws) - before;
        sum = cw_log_add(sum, ln);
        if (ln > top) top = ln, *best = m;
    }
    if (!(sum > k->single[i] - CW_PARTITION_HOPELESS)) return -INFINITY;
    for (size_t x = 0; x < k->s->n; x++)
        if (x != i && label[x] == c) sum += cw_partition_phase(k->s, i, x);
    return sum - cw_ratio_ln_own(&k->s->ratio, clone, cw_partition_wide(k->s, i)) + log(k->members[c]);
}

static void join(clusters *k, size_t i, size_t c, int m)
{
    double *p = k->product + c * k->s->cells;
    if (!k->members[c]) k->ln_scale[c] = 0;
    cw_partition_multiply(k->s, p, k->members[c] ? p : NULL, i, m);
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

int cw_partition_greedy(cw_partition_solver *s, size_t *label, double *together, cw_err *err)
{
    size_t n = s->n;
    size_t *work = malloc(n * sizeof *work);
    double *ln = malloc(n * sizeof *ln);
    clusters k = {s, malloc(n * s->cells * sizeof(double)), calloc(n, sizeof(double)), calloc(n, sizeof(double)), calloc(n, sizeof(unsigned)), calloc(n, sizeof(int)), malloc(s->cells * sizeof(double))};
    int status = work && ln && k.product && k.ln_scale && k.single && k.members && k.multiplicity && k.trial ? 0 : cw_err_nomem(err);
    if (status == 0) {
        for (size_t i = 0; i < n; i++) {
            cw_partition_multiply(s, k.trial, NULL, i, 0);
            k.single[i] = cw_partition_ln_marginal(k.trial, s->draws);
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
