/* SPDX-License-Identifier: MIT */
/* alleles.c - the alleles of a series as they are collected draw by draw: names, background rates, and what each draw says of each. */
#include "track/alleles.h"

#include <math.h>
#include <string.h>
#include <htslib/khash.h>
#include "stats/beta.h"
#include "stats/limits.h"
#include "stats/yield.h"

KHASH_MAP_INIT_STR(cwid, size_t)

static const double DRAW_CV = .25;      /* of the true fraction, for limits of detection */
static const double MASS_CV = .15;      /* of the measurement of the cfDNA's mass */

int cw_alleles_open(cw_alleles *b, cw_tracking *t, size_t n_draws, cw_err *err)
{
    *b = (cw_alleles){.t = t, .n_draws = n_draws, .err = err, .index = kh_init(cwid)};
    return b->index ? 0 : cw_err_nomem(err);
}

void cw_alleles_close(cw_alleles *b)
{
    if (b->index) kh_destroy(cwid, b->index);
    b->index = NULL;
}

ptrdiff_t cw_alleles_find(const cw_alleles *b, const char *id)
{
    khint_t k = kh_get(cwid, b->index, id);
    return k == kh_end(b->index) ? -1 : (ptrdiff_t)kh_val(b->index, k);
}

/* --- background: one per assay level, the same in every draw --- */

static bool same_set(const cw_background_set *a, const cw_background_set *b)
{
    if (strcmp(a->model ? a->model : "", b->model ? b->model : "") || a->omega_hat != b->omega_hat || a->n_omega != b->n_omega) return false;
    for (size_t i = 0; i < a->n_omega; i++)
        if (a->omega[i] != b->omega[i]) return false;
    return true;
}

int cw_alleles_level(cw_alleles *b, const char *level, const cw_background_set *set, const char *sample, uint8_t *index)
{
    cw_patient *p = b->t->p;
    enum { MOST = 16 };
    size_t i = 0;
    while (i < p->n_sets && strcmp(p->sets[i].level, level)) i++;
    *index = (uint8_t)i;
    if (i < p->n_sets) {
        if (same_set(&p->sets[i].set, set)) return 0;
        return cw_err_set(b->err, CW_EREFUSED, "draws '%s' and '%s' were called against different backgrounds ('%s' and '%s'); call both with the same --background",
                          b->level_sample[i], sample, p->sets[i].set.model, set->model);
    }
    if (i == MOST) return cw_err_set(b->err, CW_EFORMAT, "the draws are of more than %d assay levels", MOST);
    if (!p->sets) p->sets = cw_arena_alloc(p->arena, MOST, sizeof *p->sets);
    if (!b->level_sample) b->level_sample = cw_arena_alloc(b->t->scratch, MOST, sizeof *b->level_sample);
    if (!p->sets || !b->level_sample) return cw_err_nomem(b->err);
    p->sets[i] = (cw_level_set){cw_tracking_text(b->t, level), *set};
    p->sets[i].set.model = cw_tracking_text(b->t, set->model);
    b->level_sample[i] = sample;
    if (!p->sets[i].level || !p->sets[i].set.model) return cw_err_nomem(b->err);
    if (i == 0) p->background_model = p->sets[0].set.model;
    p->background_is_default |= set->is_default;
    p->n_sets++;
    return 0;
}

static bool close_to(double a, double b) { return fabs(a - b) <= 1e-9 * (fabs(a) + fabs(b)); }

int cw_alleles_rate(cw_alleles *b, cw_alteration *x, const char *level, const cw_bg *bg, const char *sample)
{
    if (!(bg->a > 0) || !(bg->b > 0)) return 0; /* no background: the draw cannot be judged here */
    for (size_t i = 0; i < x->n_rates; i++)
        if (!strcmp(x->rates[i].level, level)) {
            if (close_to(x->rates[i].bg.a, bg->a) && close_to(x->rates[i].bg.b, bg->b)) return 0;
            return cw_err_set(b->err, CW_EREFUSED, "draw '%s' has another background for '%s' (BGA %g, BGB %g) than earlier draws (%g, %g); call all draws with the same --background",
                              sample, x->id, bg->a, bg->b, x->rates[i].bg.a, x->rates[i].bg.b);
        }
    cw_level_rate *more = cw_arena_alloc(b->t->p->arena, x->n_rates + 1, sizeof *more);
    if (!more) return cw_err_nomem(b->err);
    if (x->n_rates) memcpy(more, x->rates, x->n_rates * sizeof *more);
    more[x->n_rates] = (cw_level_rate){level, *bg};
    x->rates = more;
    x->n_rates++;
    return 0;
}

/* --- alleles --- */

static int new_alteration(cw_alleles *b, const char *cwid, size_t *index)
{
    cw_patient *p = b->t->p;
    int put;
    if (p->n_alterations == b->cap) {
        size_t cap = b->cap ? 2 * b->cap : 256;
        cw_alteration *more = cw_arena_alloc(p->arena, cap, sizeof *more);
        if (!more) return cw_err_nomem(b->err);
        if (p->n_alterations) memcpy(more, p->alterations, p->n_alterations * sizeof *more);
        p->alterations = more;
        b->cap = cap;
    }
    cw_alteration *x = &p->alterations[p->n_alterations];
    *x = (cw_alteration){.first_alarm = -1, .beg = -1, .late = b->later, .lead_days = NAN, .lead_lo = NAN, .lead_hi = NAN, .doubling_days = {NAN, NAN, NAN},
                         .forecast = {NAN, {NAN, NAN, NAN}, NAN, ""}};
    x->id = cw_tracking_text(b->t, cwid);
    x->gene = x->name = x->node = x->mechanism = x->contig = x->ref = x->alt = x->origin_terms = x->statement = x->stated_by = "";
    x->evidence = (cw_evidence){NAN, NAN, NAN, NAN, NAN, 0, false};
    x->n_points = b->n_draws;
    x->points = cw_arena_alloc(p->arena, b->n_draws, sizeof *x->points);
    if (!x->id || !x->points) return cw_err_nomem(b->err);
    for (size_t i = 0; i < b->n_draws; i++)
        x->points[i] = (cw_point){.draw = i, .ref = -1, .alt = -1, .other = -1, .depth = -1, .vaf = NAN, .lo = NAN, .hi = NAN, .lod = NAN,
                                  .lod_alarm = NAN, .ln_e = NAN, .ln_e_growth = NAN, .ln_bf = NAN, .ln_bf_strand = NAN, .state = CW_CALL_NOT_REPORTED, .per_ml = NAN, .per_ml_lo = NAN, .per_ml_hi = NAN,
                                  .filters = "", .k_star = -1};
    khint_t k = kh_put(cwid, b->index, x->id, &put);
    if (put < 0) return cw_err_nomem(b->err);
    *index = kh_val(b->index, k) = p->n_alterations++;
    return 0;
}

/* The panel knows better than the file what an allele is called. */
int cw_alleles_describe(cw_alleles *b, cw_alteration *x, const cw_call *call, const cw_call_locus *l, cw_build build)
{
    cw_tracking *t = b->t;
    const cw_allele *known;
    if (cw_track_cache_allele(t->cache, t->in->panel, x->id, &known, b->err) < 0) return CW_ENOMEM;
    const char *gene = call->gene, *name = call->hgvsp, *node = call->node;
    x->role = call->role;
    x->type = call->type;
    if (known) {
        if (!gene || !*gene) gene = known->gene;
        if (!name || !*name) name = *known->hgvsp ? known->hgvsp : known->hgvsc;
        if (!node || !*node) node = known->node;
        if (x->role == CW_ROLE_NONE) x->role = known->role;
        x->type = known->type;
        x->mechanism = cw_tracking_text(t, known->mechanism);
    }
    x->gene = cw_tracking_text(t, gene);
    x->name = cw_tracking_text(t, name);
    x->node = cw_tracking_text(t, node);
    x->contig = cw_tracking_text(t, l->contig);
    x->ref = cw_tracking_text(t, l->ref);
    x->alt = cw_tracking_text(t, call->alt);
    x->beg = l->beg;
    x->build = build;
    return x->gene && x->name && x->node && x->mechanism && x->contig && x->ref && x->alt ? 0 : cw_err_nomem(b->err);
}

int cw_alleles_copy(cw_alleles *b, const cw_alteration *old, cw_alteration *x)
{
    cw_tracking *t = b->t;
    x->gene = cw_tracking_text(t, old->gene);
    x->name = cw_tracking_text(t, old->name);
    x->node = cw_tracking_text(t, old->node);
    x->mechanism = cw_tracking_text(t, old->mechanism);
    x->contig = cw_tracking_text(t, old->contig);
    x->ref = cw_tracking_text(t, old->ref);
    x->alt = cw_tracking_text(t, old->alt);
    x->stated_by = cw_tracking_text(t, old->stated_by);
    x->beg = old->beg;
    x->build = old->build;
    x->role = old->role;
    x->type = old->type;
    for (size_t i = 0; i < old->n_rates; i++) {
        const char *level = cw_tracking_text(t, old->rates[i].level);
        if (!level) return cw_err_nomem(b->err);
        if (cw_alleles_rate(b, x, level, &old->rates[i].bg, "of the previous report") < 0) return CW_EREFUSED;
    }
    return x->gene && x->name && x->node && x->mechanism && x->contig && x->ref && x->alt && x->stated_by ? 0 : cw_err_nomem(b->err);
}

int cw_alleles_get(cw_alleles *b, const char *id, size_t *index, bool *is_new)
{
    khint_t k = kh_get(cwid, b->index, id);
    *is_new = k == kh_end(b->index);
    if (!*is_new) {
        *index = kh_val(b->index, k);
        return 0;
    }
    return new_alteration(b, id, index);
}

/* --- points --- */

/* What the file leaves out follows from counts and background. */
static void complete_point(cw_alleles *b, cw_point *v, const cw_call *call, const cw_calls *calls)
{
    cw_gamma_nodes nodes;
    const cw_background_set *set = &calls->background;
    if (v->alt >= 0 && v->depth > 0) {
        if (isnan(v->vaf)) v->vaf = (double)v->alt / (double)v->depth;
        if (isnan(v->lo) || isnan(v->hi)) cw_jeffreys(v->alt, v->depth, .95, &v->lo, &v->hi);
    }
    if (v->alt < 0 || v->depth < b->t->conf->min_molecules || v->state == CW_CALL_NOT_ASSESSABLE || v->state == CW_CALL_NOT_REPORTED) return;
    if (v->k_star <= 0 && !isnan(call->lob)) v->k_star = llround(call->lob * (double)v->depth) + 1;
    if (v->k_star > 0 && !isnan(v->lod)) return;
    if (cw_track_cache_nodes(b->t->cache, call->bg.a, call->bg.b, &nodes) < 0) return;
    bool judged = v->k_star > 0;
    if (!judged) v->k_star = cw_critical_count(&nodes, (double)v->depth, set->omega_hat, calls->call_alpha);
    if (isnan(v->lod)) v->lod = cw_limit_of_detection(v->k_star, (double)v->depth, call->bg.a / call->bg.b, set->omega_hat, DRAW_CV);
    if (!judged && v->k_star > 0) v->state = v->alt == 0 ? CW_CALL_NOT_DETECTED : v->alt < v->k_star ? CW_CALL_BELOW_LOD : CW_CALL_DETECTED;
}

int cw_alleles_point(cw_alleles *b, cw_point *v, const cw_call *call, const cw_call_locus *l, const cw_calls *calls, const cw_patient_draw *d)
{
    v->ref = l->k_ref;
    v->alt = call->counts_known ? call->k : -1;
    v->depth = l->depth;
    v->other = v->ref >= 0 && v->alt >= 0 && v->depth >= v->ref + v->alt ? v->depth - v->ref - v->alt : -1;
    v->vaf = call->vaf, v->lo = call->vaf_lo, v->hi = call->vaf_hi, v->lod = call->lod;
    v->ln_bf = call->ln_bf, v->ln_bf_strand = call->ln_bf_strand;
    v->state = call->state;
    v->k_star = call->k_star > 0 ? call->k_star : -1;
    v->filters = cw_tracking_text(b->t, call->filters);
    v->limit_only = !call->counts_known && call->lod > 0 && (call->state == CW_CALL_NOT_DETECTED || call->state == CW_CALL_BELOW_LOD);
    if (!v->limit_only && v->depth >= 0 && v->depth < b->t->conf->min_molecules && v->state != CW_CALL_NOT_REPORTED) v->state = CW_CALL_NOT_ASSESSABLE;
    complete_point(b, v, call, calls);
    if (!v->limit_only) v->lod = cw_limit_floor_by_mass(v->lod, d->cfdna_ng); /* the sheet may know a mass that the file does not */
    cw_mutants_per_ml(v->alt, v->depth, d->cfdna_ng, d->plasma_ml, MASS_CV, &v->per_ml_lo, &v->per_ml, &v->per_ml_hi);
    if (v->alt < 0 && d->cfdna_ng > 0 && d->plasma_ml > 0) v->per_ml = v->vaf * cw_genome_equivalents(d->cfdna_ng) / d->plasma_ml; /* no counts: no interval */
    return v->filters ? 0 : cw_err_nomem(b->err);
}
