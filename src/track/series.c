/* SPDX-License-Identifier: MIT */
/* series.c - the draws of a patient side by side: which alleles were looked at, what each draw says about each. Draws that only a
 * previous report holds are taken from there, so that a later report needs the new draw's file alone. */
#include "track/tracking.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <htslib/khash.h>
#include "stats/beta.h"
#include "stats/limits.h"
#include "stats/yield.h"

KHASH_MAP_INIT_STR(cwid, size_t)

static const double DRAW_CV = .25;      /* of the true fraction, for limits of detection */
static const double MASS_CV = .15;      /* of the measurement of the cfDNA's mass */

/* A plasma draw of the sheet, or one that only the previous report knows. */
typedef struct slot {
    cw_day date;
    size_t order;                        /* in the sheet; previous draws come first */
    const cw_track_draw *sheet;
    const cw_patient_draw *before; size_t before_index;
} slot;

typedef struct builder {
    cw_tracking *t;
    slot *slot; size_t n_slots;
    khash_t(cwid) *index;
    size_t cap;                          /* of p->alterations */
    const char **level_sample;           /* [set] sample that brought it, for messages */
    bool later;                          /* a draw with calls was taken before: what is new now was not listed then */
    cw_err *err;
} builder;

static int by_date(const void *pa, const void *pb)
{
    const slot *a = pa, *b = pb;
    if (a->date.day != b->date.day) return a->date.day < b->date.day ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static bool in_sheet(const cw_track_input *in, const char *sample)
{
    for (size_t i = 0; i < in->n_draws; i++)
        if (!strcmp(in->draws[i].row->sample, sample)) return true;
    return false;
}

static int collect(builder *b)
{
    const cw_track_input *in = b->t->in;
    const cw_patient *before = in->previous;
    b->slot = cw_arena_alloc(b->t->scratch, in->n_draws + (before ? before->n_draws : 0), sizeof *b->slot);
    if (!b->slot) return cw_err_nomem(b->err);
    for (size_t i = 0; before && i < before->n_draws; i++)
        if (!in_sheet(in, before->draws[i].sample))
            b->slot[b->n_slots] = (slot){before->draws[i].date, b->n_slots, NULL, &before->draws[i], i}, b->n_slots++;
    for (size_t i = 0; i < in->n_draws; i++)
        if (in->draws[i].row->type == CW_DRAW_PLASMA)
            b->slot[b->n_slots] = (slot){in->draws[i].row->date, b->n_slots, &in->draws[i], NULL, 0}, b->n_slots++;
    for (size_t i = 1; i < b->n_slots; i++)
        if (b->slot[i].date.is_date != b->slot[0].date.is_date)
            return cw_err_set(b->err, CW_EFORMAT, "there are draws with dates and draws with day numbers; use one kind");
    if (b->n_slots) qsort(b->slot, b->n_slots, sizeof *b->slot, by_date);
    return 0;
}

static int64_t median_depth(const cw_calls *c, cw_arena *scratch)
{
    if (c->molecules >= 0) return c->molecules;
    int64_t *depth = cw_arena_alloc(scratch, c->n_loci, sizeof *depth), middle;
    size_t n = 0;
    for (size_t i = 0; depth && i < c->n_loci; i++) {
        if (c->locus[i].depth < 0) continue;
        size_t at = n++;
        for (; at > 0 && depth[at - 1] > c->locus[i].depth; at--) depth[at] = depth[at - 1];
        depth[at] = c->locus[i].depth;
    }
    middle = n ? depth[n / 2] : -1;
    return middle;
}

static int fill_draw(builder *b, size_t i)
{
    cw_tracking *t = b->t;
    const slot *s = &b->slot[i];
    cw_patient_draw *d = &t->p->draws[i];
    if (s->before) {
        const cw_patient_draw *old = s->before;
        *d = *old;
        d->id = cw_tracking_text(t, old->id);
        d->sample = cw_tracking_text(t, old->sample);
        d->exclude_reason = cw_tracking_text(t, old->exclude_reason);
        d->level = cw_tracking_text(t, old->level);
        d->calls_name = cw_tracking_text(t, old->calls_name);
        d->calls_sha256 = cw_tracking_text(t, old->calls_sha256);
        d->qc = cw_tracking_text(t, old->qc);
    } else {
        const cw_draw_row *row = s->sheet->row;
        const cw_calls *c = s->sheet->calls;
        *d = (cw_patient_draw){.date = row->date, .excluded = *row->exclude != '\0', .has_call_file = c != NULL, .plasma_ml = row->plasma_ml,
                               .cfdna_ng = row->cfdna_ng, .molecules = c ? median_depth(c, t->scratch) : -1};
        d->id = d->sample = cw_tracking_text(t, row->sample);
        d->exclude_reason = cw_tracking_text(t, row->exclude);
        d->level = cw_tracking_text(t, c && c->level && *c->level ? c->level : c ? "raw" : "");
        d->qc = d->calls_sha256 = "";
        const char *base = strrchr(row->vcf, '/');
        d->calls_name = cw_tracking_text(t, base ? base + 1 : row->vcf);
        if (c && isnan(d->plasma_ml)) d->plasma_ml = c->plasma_ml;
        if (c && isnan(d->cfdna_ng)) d->cfdna_ng = c->cfdna_ng;
    }
    d->day = cw_tracking_day(t, &d->date);
    return d->sample && d->exclude_reason && d->level && d->calls_name && d->calls_sha256 && d->qc && d->id ? 0 : cw_err_nomem(b->err);
}

/* --- background: one per assay level, the same in every draw --- */

static bool same_set(const cw_background_set *a, const cw_background_set *b)
{
    if (strcmp(a->model ? a->model : "", b->model ? b->model : "") || a->omega_hat != b->omega_hat || a->n_omega != b->n_omega) return false;
    for (size_t i = 0; i < a->n_omega; i++)
        if (a->omega[i] != b->omega[i]) return false;
    return true;
}

static int level_of(builder *b, const char *level, const cw_background_set *set, const char *sample, uint8_t *index)
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

static int rate_of(builder *b, cw_alteration *x, const char *level, const cw_bg *bg, const char *sample)
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

static int new_alteration(builder *b, const char *cwid, size_t *index)
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
    x->n_points = b->n_slots;
    x->points = cw_arena_alloc(p->arena, b->n_slots, sizeof *x->points);
    if (!x->id || !x->points) return cw_err_nomem(b->err);
    for (size_t i = 0; i < b->n_slots; i++)
        x->points[i] = (cw_point){.draw = i, .ref = -1, .alt = -1, .other = -1, .depth = -1, .vaf = NAN, .lo = NAN, .hi = NAN, .lod = NAN,
                                  .lod_alarm = NAN, .ln_e = NAN, .ln_e_growth = NAN, .state = CW_CALL_NOT_REPORTED, .per_ml = NAN, .per_ml_lo = NAN, .per_ml_hi = NAN,
                                  .filters = "", .k_star = -1};
    khint_t k = kh_put(cwid, b->index, x->id, &put);
    if (put < 0) return cw_err_nomem(b->err);
    *index = kh_val(b->index, k) = p->n_alterations++;
    return 0;
}

/* The panel knows better than the file what an allele is called. */
static int describe(builder *b, cw_alteration *x, const cw_call *call, const cw_call_locus *l, cw_build build)
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

static int copy_alteration(builder *b, const cw_alteration *old, cw_alteration *x)
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
        if (rate_of(b, x, level, &old->rates[i].bg, "of the previous report") < 0) return CW_EREFUSED;
    }
    return x->gene && x->name && x->node && x->mechanism && x->contig && x->ref && x->alt && x->stated_by ? 0 : cw_err_nomem(b->err);
}

/* --- points --- */

/* What the file leaves out follows from counts and background. */
static void complete_point(builder *b, cw_point *v, const cw_call *call, const cw_calls *calls)
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

static void observe(const cw_tracking *t, const cw_point *v, bool has_rate, uint8_t level, cw_obs *obs)
{
    *obs = (cw_obs){.level = level};
    if (!has_rate || v->state == CW_CALL_NOT_REPORTED || v->state == CW_CALL_NOT_ASSESSABLE) return;
    if (v->limit_only) {
        obs->n = v->depth > 0 ? (double)v->depth : 3 / v->lod; /* 3.0 = -ln .05 */
        obs->k_star = v->k_star > 0 ? v->k_star : 1;
        obs->kind = obs->n >= (double)t->conf->min_molecules ? CW_OBS_LIMIT : CW_OBS_NONE;
    } else if (v->alt >= 0 && v->depth >= t->conf->min_molecules) {
        obs->n = (double)v->depth;
        obs->k = v->alt;
        obs->kind = CW_OBS_COUNT;
    }
}

static int fill_point(builder *b, cw_point *v, const cw_call *call, const cw_call_locus *l, const cw_calls *calls, const cw_patient_draw *d)
{
    v->ref = l->k_ref;
    v->alt = call->counts_known ? call->k : -1;
    v->depth = l->depth;
    v->other = v->ref >= 0 && v->alt >= 0 && v->depth >= v->ref + v->alt ? v->depth - v->ref - v->alt : -1;
    v->vaf = call->vaf, v->lo = call->vaf_lo, v->hi = call->vaf_hi, v->lod = call->lod;
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

static int find_or_add(builder *b, const char *id, size_t *index, bool *is_new)
{
    khint_t k = kh_get(cwid, b->index, id);
    *is_new = k == kh_end(b->index);
    if (!*is_new) {
        *index = kh_val(b->index, k);
        return 0;
    }
    return new_alteration(b, id, index);
}

/* Level of each slot, so that observations can be made once all alleles are known. */
static int take_calls(builder *b, size_t i, uint8_t *slot_level)
{
    cw_tracking *t = b->t;
    const cw_calls *c = b->slot[i].sheet->calls;
    const cw_patient_draw *d = &t->p->draws[i];
    if (!c || d->excluded) return 0;
    int status = level_of(b, d->level, &c->background, d->sample, &slot_level[i]);
    for (size_t k = 0; status == 0 && k < c->n_loci; k++)
        for (size_t m = c->locus[k].first; status == 0 && m < c->locus[k].first + c->locus[k].n; m++) {
            size_t at = 0;
            bool is_new;
            status = find_or_add(b, c->call[m].cwid, &at, &is_new);
            if (status < 0) break;
            cw_alteration *x = &t->p->alterations[at];
            if (is_new) status = describe(b, x, &c->call[m], &c->locus[k], c->build);
            if (status == 0) status = rate_of(b, x, t->p->sets[slot_level[i]].level, &c->call[m].bg, d->sample);
            if (status == 0) status = fill_point(b, &x->points[i], &c->call[m], &c->locus[k], c, d);
        }
    return status;
}

static int take_previous(builder *b, size_t i, uint8_t *slot_level)
{
    cw_tracking *t = b->t;
    const cw_patient *before = t->in->previous;
    const cw_patient_draw *d = &t->p->draws[i];
    if (!d->has_call_file || d->excluded) return 0;
    size_t set = 0;
    while (set < before->n_sets && strcmp(before->sets[set].level, d->level)) set++;
    if (set == before->n_sets) return cw_err_set(b->err, CW_EREFUSED, "the previous report does not say which background draw '%s' had; give its calls file in the draw sheet", d->sample);
    int status = level_of(b, d->level, &before->sets[set].set, d->sample, &slot_level[i]);
    for (size_t a = 0; status == 0 && a < before->n_alterations; a++) {
        const cw_alteration *old = &before->alterations[a];
        size_t at = 0, point = 0;
        bool is_new;
        while (point < old->n_points && old->points[point].draw != b->slot[i].before_index) point++;
        if (point == old->n_points || old->points[point].state == CW_CALL_NOT_REPORTED) continue;
        status = find_or_add(b, old->id, &at, &is_new);
        if (status < 0) break;
        cw_alteration *x = &t->p->alterations[at];
        if (is_new) status = copy_alteration(b, old, x);
        x->points[i] = old->points[point];
        x->points[i].draw = i;
        x->points[i].lod_alarm = x->points[i].ln_e = x->points[i].ln_e_growth = NAN; /* worked out anew */
        x->points[i].filters = cw_tracking_text(t, old->points[point].filters);
        if (!x->points[i].filters) status = cw_err_nomem(b->err);
    }
    return status;
}

/* --- what the likelihoods see --- */

static int make_looks(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    t->draw = cw_arena_alloc(t->scratch, p->n_draws, sizeof *t->draw);
    t->day = cw_arena_alloc(t->scratch, p->n_draws, sizeof *t->day);
    t->week = cw_arena_alloc(t->scratch, p->n_draws, sizeof *t->week);
    if (!t->draw || !t->day || !t->week) return cw_err_nomem(err);
    for (size_t i = 0; i < p->n_draws; i++)
        if (!p->draws[i].excluded) {
            t->draw[t->n_looks] = i;
            t->day[t->n_looks++] = p->draws[i].day;
        }
    return 0;
}

static int make_models(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    t->model = cw_arena_alloc(t->scratch, p->n_alterations * (p->n_sets ? p->n_sets : 1), sizeof *t->model);
    if (!t->model) return cw_err_nomem(err);
    for (size_t a = 0; a < p->n_alterations; a++)
        for (size_t s = 0; s < p->n_sets; s++)
            for (size_t r = 0; r < p->alterations[a].n_rates; r++) {
                const cw_level_rate *rate = &p->alterations[a].rates[r];
                const cw_background_set *set = &p->sets[s].set;
                if (strcmp(rate->level, p->sets[s].level)) continue;
                cw_gamma_nodes *nodes = cw_arena_alloc(t->scratch, 1, sizeof *nodes);
                if (!nodes) return cw_err_nomem(err);
                if (cw_track_cache_nodes(t->cache, rate->bg.a, rate->bg.b, nodes) < 0) continue;
                t->model[a * p->n_sets + s] = (cw_rate_model){nodes, rate->bg.a / rate->bg.b, set->omega_hat, set->omega, (int)set->n_omega};
            }
    return 0;
}

static int make_observations(cw_tracking *t, const uint8_t *slot_level, cw_err *err)
{
    cw_patient *p = t->p;
    t->obs = cw_arena_alloc(t->scratch, p->n_alterations * t->n_looks, sizeof *t->obs);
    if (!t->obs) return cw_err_nomem(err);
    for (size_t a = 0; a < p->n_alterations; a++)
        for (size_t j = 0; j < t->n_looks; j++) {
            uint8_t level = slot_level[t->draw[j]];
            bool has_rate = p->n_sets && t->model[a * p->n_sets + level].nodes;
            observe(t, &p->alterations[a].points[t->draw[j]], has_rate, level, &t->obs[a * t->n_looks + j]);
        }
    return 0;
}

/* White cells of the matched normal rows. */
static int take_blood(builder *b)
{
    cw_tracking *t = b->t;
    size_t n = t->p->n_alterations;
    t->blood_k = cw_arena_alloc(t->scratch, n, sizeof *t->blood_k);
    t->blood_n = cw_arena_alloc(t->scratch, n, sizeof *t->blood_n);
    if (!t->blood_k || !t->blood_n) return cw_err_nomem(b->err);
    for (size_t i = 0; i < t->in->n_draws; i++) {
        const cw_calls *c = t->in->draws[i].calls;
        if (t->in->draws[i].row->type != CW_DRAW_NORMAL || !c || *t->in->draws[i].row->exclude) continue;
        for (size_t k = 0; k < c->n_loci; k++)
            for (size_t m = c->locus[k].first; m < c->locus[k].first + c->locus[k].n; m++) {
                khint_t at = kh_get(cwid, b->index, c->call[m].cwid);
                if (at == kh_end(b->index) || !c->call[m].counts_known || c->locus[k].depth <= 0) continue;
                t->blood_k[kh_val(b->index, at)] += c->call[m].k;
                t->blood_n[kh_val(b->index, at)] += c->locus[k].depth;
            }
    }
    return 0;
}

static int take_phases(builder *b)
{
    cw_tracking *t = b->t;
    cw_patient *p = t->p;
    size_t n = 0;
    for (size_t i = 0; i < b->n_slots; i++)
        if (b->slot[i].sheet && b->slot[i].sheet->calls && !p->draws[i].excluded) n += b->slot[i].sheet->calls->n_phase;
    p->phases = cw_arena_alloc(p->arena, n, sizeof *p->phases);
    if (!p->phases) return cw_err_nomem(b->err);
    for (size_t i = 0; i < b->n_slots; i++) {
        const cw_calls *c = b->slot[i].sheet ? b->slot[i].sheet->calls : NULL;
        for (size_t k = 0; c && !p->draws[i].excluded && k < c->n_phase; k++) {
            cw_phase_fact *f = &p->phases[p->n_phases++];
            *f = (cw_phase_fact){cw_tracking_text(t, c->phase[k].cwid_a), cw_tracking_text(t, c->phase[k].cwid_b), c->phase[k].both, c->phase[k].only_a, c->phase[k].only_b, i};
            if (!f->a || !f->b) return cw_err_nomem(b->err);
        }
    }
    return 0;
}

static int build(builder *b)
{
    cw_tracking *t = b->t;
    cw_patient *p = t->p;
    if (collect(b) < 0) return b->err ? b->err->code : CW_EFORMAT;
    uint8_t *slot_level = cw_arena_alloc(t->scratch, b->n_slots, 1);
    p->draws = cw_arena_alloc(p->arena, b->n_slots, sizeof *p->draws);
    b->index = kh_init(cwid);
    if (!slot_level || !p->draws || !b->index) return cw_err_nomem(b->err);
    p->n_draws = b->n_slots;
    if (b->n_slots) {
        t->is_date = b->slot[0].date.is_date;
        t->origin_day = b->slot[0].date.day;
    }
    int status = 0;
    for (size_t i = 0; status == 0 && i < b->n_slots; i++) status = fill_draw(b, i);
    for (size_t i = 0; status == 0 && i < b->n_slots; i++) {
        status = b->slot[i].before ? take_previous(b, i, slot_level) : take_calls(b, i, slot_level);
        b->later |= p->draws[i].has_call_file && !p->draws[i].excluded;
    }
    if (status == 0) status = make_looks(t, b->err);
    if (status == 0) status = make_models(t, b->err);
    if (status == 0) status = make_observations(t, slot_level, b->err);
    if (status == 0) status = take_blood(b);
    if (status == 0) status = take_phases(b);
    return status;
}

int cw_track_series(cw_tracking *t, cw_err *err)
{
    builder b = {.t = t, .err = err};
    int status = build(&b);
    if (b.index) kh_destroy(cwid, b.index);
    return status;
}
