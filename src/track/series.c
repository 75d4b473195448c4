/* SPDX-License-Identifier: MIT */
/* series.c - the draws of a patient side by side: which alleles were looked at, what each draw says about each. Draws that only a
 * previous report holds are taken from there, so that a later report needs the new draw's file alone. */
#include "track/alleles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/out.h"

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
    cw_alleles alleles;
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
                               .cfdna_ng = row->cfdna_ng, .molecules = c ? c->molecules : -1};
        d->id = d->sample = cw_tracking_text(t, row->sample);
        d->exclude_reason = cw_tracking_text(t, row->exclude);
        d->level = cw_tracking_text(t, c && c->level && *c->level ? c->level : c ? "raw" : "");
        d->qc = d->calls_sha256 = "";
        d->calls_name = cw_tracking_text(t, cw_base_name(row->vcf));
        if (c && isnan(d->plasma_ml)) d->plasma_ml = c->plasma_ml;
        if (c && isnan(d->cfdna_ng)) d->cfdna_ng = c->cfdna_ng;
    }
    d->day = cw_tracking_day(t, &d->date);
    return d->sample && d->exclude_reason && d->level && d->calls_name && d->calls_sha256 && d->qc && d->id ? 0 : cw_err_nomem(b->err);
}

/* Level of each slot, so that observations can be made once all alleles are known. */
static int take_calls(builder *b, size_t i, uint8_t *slot_level)
{
    cw_tracking *t = b->t;
    const cw_calls *c = b->slot[i].sheet->calls;
    const cw_patient_draw *d = &t->p->draws[i];
    if (!c || d->excluded) return 0;
    int status = cw_alleles_level(&b->alleles, d->level, &c->background, d->sample, &slot_level[i]);
    for (size_t k = 0; status == 0 && k < c->n_loci; k++)
        for (size_t m = c->locus[k].first; status == 0 && m < c->locus[k].first + c->locus[k].n; m++) {
            size_t at = 0;
            bool is_new;
            status = cw_alleles_get(&b->alleles, c->call[m].cwid, &at, &is_new);
            if (status < 0) break;
            cw_alteration *x = &t->p->alterations[at];
            if (is_new) status = cw_alleles_describe(&b->alleles, x, &c->call[m], &c->locus[k], c->build);
            if (status == 0) status = cw_alleles_rate(&b->alleles, x, t->p->sets[slot_level[i]].level, &c->call[m].bg, d->sample);
            if (status == 0) status = cw_alleles_point(&b->alleles, &x->points[i], &c->call[m], &c->locus[k], c, d);
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
    int status = cw_alleles_level(&b->alleles, d->level, &before->sets[set].set, d->sample, &slot_level[i]);
    for (size_t a = 0; status == 0 && a < before->n_alterations; a++) {
        const cw_alteration *old = &before->alterations[a];
        size_t at = 0, point = 0;
        bool is_new;
        while (point < old->n_points && old->points[point].draw != b->slot[i].before_index) point++;
        if (point == old->n_points || old->points[point].state == CW_CALL_NOT_REPORTED) continue;
        status = cw_alleles_get(&b->alleles, old->id, &at, &is_new);
        if (status < 0) break;
        cw_alteration *x = &t->p->alterations[at];
        if (is_new) status = cw_alleles_copy(&b->alleles, old, x);
        x->points[i] = old->points[point];
        x->points[i].draw = i;
        x->points[i].lod_alarm = x->points[i].ln_e = x->points[i].ln_e_growth = NAN; /* worked out anew */
        x->points[i].filters = cw_tracking_text(t, old->points[point].filters);
        if (!x->points[i].filters) status = cw_err_nomem(b->err);
    }
    return status;
}

/* --- what is known beside the plasma: the sheet's word, or that of the previous report where the sheet has none --- */

static const cw_alteration *before(const cw_tracking *t, const char *cwid)
{
    const cw_patient *p = t->in->previous;
    for (size_t i = 0; p && i < p->n_alterations; i++)
        if (!strcmp(p->alterations[i].id, cwid)) return &p->alterations[i];
    return NULL;
}

static const char *group_in_sheet(const cw_track_input *in, const char *cwid)
{
    for (size_t d = 0; d < in->n_draws; d++)
        for (size_t i = 0; in->draws[d].calls && i < in->draws[d].calls->n_calls; i++) {
            const cw_call *c = &in->draws[d].calls->call[i];
            if (c->phase_group && *c->phase_group && !strcmp(c->cwid, cwid)) return c->phase_group;
        }
    return "";
}

static int take_tissue(cw_tracking *t, cw_err *err)
{
    for (size_t a = 0; a < t->p->n_alterations; a++) {
        cw_alteration *x = &t->p->alterations[a];
        const cw_alteration *old = before(t, x->id);
        x->known_from_tissue = (t->in->known_from_tissue && t->in->known_from_tissue(t->in->context, x->id)) || (old && old->known_from_tissue);
        if (!x->known_from_tissue) continue;
        const char *group = group_in_sheet(t->in, x->id);
        x->phase_group = cw_tracking_text(t, *group || !old ? group : old->phase_group);
        if (!x->phase_group) return cw_err_nomem(err);
    }
    return 0;
}

/* White cells of the matched normal rows. */
static void take_blood(builder *b)
{
    cw_tracking *t = b->t;
    bool in_sheet = false; /* an excluded row too: what the sheet takes out does not come back */
    for (size_t i = 0; i < t->in->n_draws; i++) {
        const cw_calls *c = t->in->draws[i].calls;
        if (t->in->draws[i].row->type != CW_DRAW_NORMAL) continue;
        in_sheet = true;
        if (!c || *t->in->draws[i].row->exclude) continue;
        for (size_t k = 0; k < c->n_loci; k++)
            for (size_t m = c->locus[k].first; m < c->locus[k].first + c->locus[k].n; m++) {
                ptrdiff_t at = cw_alleles_find(&b->alleles, c->call[m].cwid);
                if (at < 0 || !c->call[m].counts_known || c->locus[k].depth <= 0) continue;
                t->p->alterations[at].white_cells.alt += c->call[m].k;
                t->p->alterations[at].white_cells.depth += c->locus[k].depth;
            }
    }
    for (size_t a = 0; !in_sheet && a < t->p->n_alterations; a++) {
        const cw_alteration *old = before(t, t->p->alterations[a].id);
        if (old) t->p->alterations[a].white_cells = old->white_cells;
    }
}

static int add_phase(cw_tracking *t, const cw_phase_fact *fact, size_t draw, cw_err *err)
{
    cw_phase_fact *f = &t->p->phases[t->p->n_phases++];
    *f = *fact;
    f->a = cw_tracking_text(t, fact->a);
    f->b = cw_tracking_text(t, fact->b);
    f->draw = draw;
    return f->a && f->b ? 0 : cw_err_nomem(err);
}

static int take_phases(builder *b)
{
    cw_tracking *t = b->t;
    cw_patient *p = t->p;
    const cw_patient *old = t->in->previous;
    size_t n = old ? old->n_phases : 0;
    int status = 0;
    for (size_t i = 0; i < b->n_slots; i++)
        if (b->slot[i].sheet && b->slot[i].sheet->calls && !p->draws[i].excluded) n += b->slot[i].sheet->calls->n_phase;
    p->phases = cw_arena_alloc(p->arena, n, sizeof *p->phases);
    if (!p->phases) return cw_err_nomem(b->err);
    for (size_t i = 0; status == 0 && i < b->n_slots; i++) {
        const cw_calls *c = b->slot[i].sheet ? b->slot[i].sheet->calls : NULL;
        for (size_t k = 0; status == 0 && c && !p->draws[i].excluded && k < c->n_phase; k++) {
            const cw_phase_fact f = {c->phase[k].cwid_a, c->phase[k].cwid_b, c->phase[k].both, c->phase[k].only_a, c->phase[k].only_b, i};
            status = add_phase(t, &f, i, b->err);
        }
        for (size_t k = 0; status == 0 && b->slot[i].before && k < old->n_phases; k++)
            if (old->phases[k].draw == b->slot[i].before_index) status = add_phase(t, &old->phases[k], i, b->err);
    }
    return status;
}

static int build(builder *b)
{
    cw_tracking *t = b->t;
    cw_patient *p = t->p;
    if (collect(b) < 0) return b->err ? b->err->code : CW_EFORMAT;
    uint8_t *slot_level = cw_arena_alloc(t->scratch, b->n_slots, 1);
    p->draws = cw_arena_alloc(p->arena, b->n_slots, sizeof *p->draws);
    if (!slot_level || !p->draws) return cw_err_nomem(b->err);
    if (cw_alleles_open(&b->alleles, t, b->n_slots, b->err) < 0) return CW_ENOMEM;
    p->n_draws = b->n_slots;
    if (b->n_slots) {
        t->is_date = b->slot[0].date.is_date;
        t->origin_day = b->slot[0].date.day;
    }
    int status = 0;
    for (size_t i = 0; status == 0 && i < b->n_slots; i++) status = fill_draw(b, i);
    for (size_t i = 0; status == 0 && i < b->n_slots; i++) {
        status = b->slot[i].before ? take_previous(b, i, slot_level) : take_calls(b, i, slot_level);
        b->alleles.later |= p->draws[i].has_call_file && !p->draws[i].excluded;
    }
    if (status == 0) status = cw_track_looks(t, slot_level, b->err);
    if (status < 0) return status;
    if (take_tissue(t, b->err) < 0) return CW_ENOMEM;
    take_blood(b);
    return take_phases(b);
}

int cw_track_series(cw_tracking *t, cw_err *err)
{
    builder b = {.t = t, .err = err};
    int status = build(&b);
    cw_alleles_close(&b.alleles);
    return status;
}
