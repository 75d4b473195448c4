/* SPDX-License-Identifier: MIT */
/* clones.c - alterations that move together, with the probability that they do, and the order in which the clones can have arisen. */
#include "track/tracking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "stats/negative_binomial.h"
#include "track/order.h"
#include "track/partition.h"
#include "track/phase.h"

static const double WITHIN_CV = .07; /* between alleles of one clone in one draw, besides counting: capture and primers differ by 5 to 10 % */

typedef struct group { /* the alleles that are put into clones, most molecules first */
    size_t *allele, n, *label, n_clones;
    double *together;
    cw_molecule_pair *pair;  /* [n * n] molecules that span two of them, over all draws */
    double *ln_phase;        /* [n * n] */
} group;

static double molecules(const cw_tracking *t, size_t a)
{
    double sum = 0;
    for (size_t j = 0; j < t->n_looks; j++)
        if (t->obs[a * t->n_looks + j].kind == CW_OBS_COUNT) sum += (double)t->obs[a * t->n_looks + j].k;
    return sum;
}

/* Alleles of the tumour that are there: those whose growth was estimated. */
static int choose(cw_tracking *t, group *g, cw_err *err)
{
    size_t n = t->p->n_alterations;
    g->allele = cw_arena_alloc(t->scratch, n, sizeof *g->allele);
    if (!g->allele) return cw_err_nomem(err);
    for (size_t a = 0; a < n; a++) {
        const cw_alteration *x = &t->p->alterations[a];
        if (!x->n_growth || x->origin == CW_ORIGIN_CHIP || x->origin == CW_ORIGIN_GERMLINE) continue;
        size_t at = g->n++;
        for (; at > 0 && molecules(t, g->allele[at - 1]) < molecules(t, a); at--) g->allele[at] = g->allele[at - 1];
        g->allele[at] = a;
    }
    g->label = cw_arena_alloc(t->scratch, g->n, sizeof *g->label);
    g->together = cw_arena_alloc(t->scratch, g->n * g->n, sizeof *g->together);
    return g->label && g->together ? 0 : cw_err_nomem(err);
}

static size_t place_of(const cw_tracking *t, const group *g, const char *id)
{
    size_t i = 0;
    while (i < g->n && strcmp(t->p->alterations[g->allele[i]].id, id)) i++;
    return i;
}

/* Molecules that span two alleles, summed over the draws; pairs that no molecule spans stay 0. */
static int take_molecules(cw_tracking *t, group *g, cw_err *err)
{
    size_t n = g->n;
    g->pair = cw_arena_alloc(t->scratch, n * n, sizeof *g->pair);
    g->ln_phase = cw_arena_alloc(t->scratch, n * n, sizeof *g->ln_phase);
    if (!g->pair || !g->ln_phase) return cw_err_nomem(err);
    for (size_t f = 0; f < t->p->n_phases; f++) {
        const cw_phase_fact *x = &t->p->phases[f];
        size_t a = place_of(t, g, x->a), b = place_of(t, g, x->b);
        if (a == n || b == n) continue;
        cw_molecule_pair *one = &g->pair[a * n + b], *other = &g->pair[b * n + a];
        one->both += x->cis, one->alone += x->trans_a;
        other->both += x->cis, other->alone += x->trans_b;
    }
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            const cw_molecule_pair *m = &g->pair[a * n + b];
            g->ln_phase[a * n + b] = a == b ? 0 : cw_phase_ln_ratio((double)m->both, (double)m->alone, (double)g->pair[b * n + a].alone);
        }
    return 0;
}

/* Likelihood of one draw over fractions, scaled so that its largest value is 1. */
static void tabulate(const cw_tracking *t, size_t a, size_t j, double *at)
{
    const cw_obs *o = &t->obs[a * t->n_looks + j];
    const cw_rate_model *m = &t->model[a * t->p->n_sets + o->level];
    double factor = o->kind == CW_OBS_COUNT ? cw_nb_ln_factor(o->k) : 0, top = -INFINITY;
    for (int x = 0; x < CW_RATIO_WIDE; x++) {
        double f = cw_ratio_fraction(x);
        at[x] = o->kind == CW_OBS_NONE ? 0 : cw_obs_ln(o, factor, m, f < .99 ? f : .99, WITHIN_CV);
        if (at[x] > top) top = at[x];
    }
    for (int x = 0; x < CW_RATIO_WIDE; x++) at[x] = exp(at[x] - top);
}

static int split(cw_tracking *t, group *g, cw_err *err)
{
    if (!g->n) return 0;
    double *like = malloc(g->n * t->n_looks * CW_RATIO_WIDE * sizeof *like);
    if (!like) return cw_err_nomem(err);
    for (size_t i = 0; i < g->n; i++)
        for (size_t j = 0; j < t->n_looks; j++) tabulate(t, g->allele[i], j, like + (i * t->n_looks + j) * CW_RATIO_WIDE);
    cw_partition_data data = {like, t->week, g->ln_phase, g->n, t->n_looks};
    int status = cw_partition(&data, g->label, g->together, err);
    free(like);
    for (size_t i = 0; i < g->n; i++)
        if (g->label[i] + 1 > g->n_clones) g->n_clones = g->label[i] + 1;
    return status;
}

static int describe(cw_tracking *t, const group *g, size_t c, cw_clone *clone, cw_order_count *count, cw_err *err)
{
    cw_patient *p = t->p;
    *clone = (cw_clone){.id = cw_arena_printf(p->arena, "C%zu", c + 1), .doubling_days = {NAN, NAN, NAN}, .co_membership = NAN, .order = "",
                        .n_trajectory = p->n_draws};
    clone->alterations.v = cw_arena_alloc(p->arena, g->n, sizeof *clone->alterations.v);
    clone->trajectory = cw_arena_alloc(p->arena, p->n_draws, sizeof *clone->trajectory);
    if (!clone->id || !clone->alterations.v || !clone->trajectory) return cw_err_nomem(err);
    for (size_t i = 0; i < p->n_draws; i++) clone->trajectory[i] = NAN;
    for (size_t i = 0; i < g->n; i++) {
        const cw_alteration *x = &p->alterations[g->allele[i]];
        if (g->label[i] != c) continue;
        if (!clone->alterations.n) clone->doubling_days = x->doubling_days; /* of the allele with the most molecules */
        clone->alterations.v[clone->alterations.n++] = x->id;
        if (x->status > clone->status) clone->status = x->status;
        for (size_t k = 0; k < i; k++)
            if (g->label[k] == c && !(clone->co_membership <= g->together[i * g->n + k])) clone->co_membership = g->together[i * g->n + k];
        for (size_t j = 0; j < t->n_looks; j++) {
            const cw_obs *o = &t->obs[g->allele[i] * t->n_looks + j];
            if (o->kind == CW_OBS_COUNT) count[j].k += o->k, count[j].n += o->n;
        }
    }
    for (size_t j = 0; j < t->n_looks; j++)
        if (count[j].n > 0) clone->trajectory[t->draw[j]] = (double)count[j].k / count[j].n;
    return 0;
}

/* inside[c * n_clones + d]: the molecules of clone c lie on molecules of clone d, which also has others. */
static void nest(const group *g, bool *inside)
{
    for (size_t a = 0; a < g->n; a++)
        for (size_t b = 0; b < g->n; b++)
            if (g->label[a] != g->label[b] && cw_order_inside(&g->pair[a * g->n + b], &g->pair[b * g->n + a])) inside[g->label[a] * g->n_clones + g->label[b]] = true;
}

int cw_track_clones(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    group g = {0};
    if (!t->n_looks) return 0;
    if (choose(t, &g, err) < 0 || take_molecules(t, &g, err) < 0 || split(t, &g, err) < 0) return CW_ENOMEM;
    p->clones = cw_arena_alloc(p->arena, g.n_clones, sizeof *p->clones);
    cw_order_count *count = cw_arena_alloc(t->scratch, g.n_clones * t->n_looks, sizeof *count);
    int *parent = cw_arena_alloc(t->scratch, g.n_clones, sizeof *parent);
    bool *inside = cw_arena_alloc(t->scratch, g.n_clones * g.n_clones, sizeof *inside);
    if (!p->clones || !count || !parent || !inside) return cw_err_nomem(err);
    for (size_t c = 0; c < g.n_clones; c++)
        if (describe(t, &g, c, &p->clones[c], count + c * t->n_looks, err) < 0) return CW_ENOMEM;
    p->n_clones = g.n_clones;
    nest(&g, inside);
    cw_order(count, g.n_clones, t->n_looks, inside, parent);
    for (size_t c = 0; c < g.n_clones; c++)
        p->clones[c].order = parent[c] >= 0 ? p->clones[parent[c]].id : parent[c] == CW_ORDER_ROOT ? "" : "not resolvable";
    return 0;
}
