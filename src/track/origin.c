/* SPDX-License-Identifier: MIT */
/* origin.c - tumour, blood clone or germline, for the alleles that are seen. Blood clones and germline alleles are there already: they do
 * not count as emerging. Without white cells that holds unless the knowledge expects the allele as resistance to this line (tier 1). */
#include "track/tracking.h"

#include <math.h>
#include <string.h>
#include "stats/origin.h"

enum { SEEN = 3 }; /* molecules in one draw below which an origin is not asked for */

static bool is_seen(const cw_tracking *t, size_t a)
{
    for (size_t j = 0; j < t->n_looks; j++)
        if (t->obs[a * t->n_looks + j].kind == CW_OBS_COUNT && t->obs[a * t->n_looks + j].k >= SEEN) return true;
    return false;
}

/* The allele by which the tumour is followed: known from tissue or a driver, with the most molecules. */
static ptrdiff_t find_driver(const cw_tracking *t)
{
    ptrdiff_t best = -1;
    int64_t most = 0;
    for (size_t a = 0; a < t->p->n_alterations; a++) {
        int64_t sum = 0;
        if (t->p->alterations[a].role != CW_ROLE_DRIVER && !t->p->alterations[a].known_from_tissue) continue;
        for (size_t j = 0; j < t->n_looks; j++)
            if (t->obs[a * t->n_looks + j].kind == CW_OBS_COUNT) sum += t->obs[a * t->n_looks + j].k;
        if (sum > most) most = sum, best = (ptrdiff_t)a;
    }
    return best;
}

/* A gene of which the panel lists alleles of clonal haematopoiesis and none of the tumour: its other alleles are taken for blood too (statistics 6). */
static bool of_blood_gene(const cw_panel *panel, const char *gene)
{
    bool blood = false;
    for (size_t i = 0; panel && *gene && i < panel->n_alleles; i++) {
        if (strcmp(panel->alleles[i].gene, gene)) continue;
        if (panel->alleles[i].role != CW_ROLE_CHIP) return false;
        blood = true;
    }
    return blood;
}

/* A blood clone is old: an allele that the first draw does not show is not called one by its course alone. */
static bool shown_at_first(const int64_t *k, const int64_t *n, size_t looks)
{
    size_t j = 0;
    while (j < looks && n[j] <= 0) j++;
    return j < looks && k[j] > 0;
}

static double background_of(const cw_tracking *t, size_t a)
{
    for (size_t s = 0; s < t->p->n_sets; s++)
        if (t->model[a * t->p->n_sets + s].nodes) return t->model[a * t->p->n_sets + s].e;
    return NAN;
}

int cw_track_origin(cw_tracking *t, cw_err *err)
{
    static const cw_origin as_word[] = {[CW_FROM_UNKNOWN] = CW_ORIGIN_UNKNOWN, [CW_FROM_TUMOUR] = CW_ORIGIN_TUMOUR, [CW_FROM_CHIP] = CW_ORIGIN_CHIP,
                                        [CW_FROM_GERMLINE] = CW_ORIGIN_GERMLINE};
    int64_t *k = cw_arena_alloc(t->scratch, t->n_looks, sizeof *k), *n = cw_arena_alloc(t->scratch, t->n_looks, sizeof *n);
    double *driver_vaf = cw_arena_alloc(t->scratch, t->n_looks, sizeof *driver_vaf);
    t->of_blood = cw_arena_alloc(t->scratch, t->p->n_alterations, sizeof *t->of_blood);
    if (!k || !n || !driver_vaf || !t->of_blood) return cw_err_nomem(err);
    ptrdiff_t driver = find_driver(t);
    for (size_t j = 0; j < t->n_looks; j++) {
        const cw_obs *o = driver >= 0 ? &t->obs[(size_t)driver * t->n_looks + j] : NULL;
        driver_vaf[j] = o && o->kind == CW_OBS_COUNT ? (double)o->k / o->n : NAN;
    }
    for (size_t a = 0; a < t->p->n_alterations; a++) {
        cw_alteration *x = &t->p->alterations[a];
        if (!is_seen(t, a)) continue;
        for (size_t j = 0; j < t->n_looks; j++) {
            const cw_obs *o = &t->obs[a * t->n_looks + j];
            k[j] = o->kind == CW_OBS_COUNT ? o->k : 0;
            n[j] = o->kind == CW_OBS_COUNT ? (int64_t)o->n : 0;
        }
        cw_origin_evidence e = {.n_draws = t->n_looks, .k = k, .n = n, .driver_vaf = driver >= 0 && (size_t)driver != a ? driver_vaf : NULL,
                                .background = background_of(t, a), .wbc_k = x->white_cells.alt, .wbc_n = x->white_cells.depth,
                                .tumour_role = x->role == CW_ROLE_DRIVER || x->role == CW_ROLE_RESISTANCE || x->role == CW_ROLE_BOTH || x->known_from_tissue,
                                .population_af = NAN};
        e.chip_role = x->role == CW_ROLE_CHIP || (of_blood_gene(t->in->panel, x->gene) && !e.tumour_role);
        cw_origin_verdict verdict = {0};
        cw_origin_decide(&e, &verdict);
        x->origin = as_word[verdict.origin];
        if (x->origin == CW_ORIGIN_CHIP && !verdict.by_white_cells && !e.chip_role && !shown_at_first(k, n, t->n_looks)) x->origin = CW_ORIGIN_UNKNOWN;
        x->origin_terms = cw_tracking_text(t, verdict.terms);
        if (!x->origin_terms) return cw_err_nomem(err);
        bool blood = x->origin == CW_ORIGIN_CHIP || x->origin == CW_ORIGIN_GERMLINE;
        t->of_blood[a] = (blood && (verdict.by_white_cells || x->evidence.tier != 1)) ||
                         (e.chip_role && !e.tumour_role && x->origin != CW_ORIGIN_TUMOUR && x->evidence.tier != 1);
        t->given[a] |= t->of_blood[a];
    }
    return 0;
}
