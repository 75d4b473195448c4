/* SPDX-License-Identifier: MIT */
/* previous.c - a report that follows an earlier one: alarms are kept, history is taken over, and what is new is said first. */
#include "track/tracking.h"

#include <math.h>
#include <string.h>

/* --- lines, scans and facts, when this run brings no events of the patient --- */

static int copy_strings(cw_tracking *t, const cw_strings *from, cw_strings *to, cw_err *err)
{
    *to = (cw_strings){cw_arena_alloc(t->p->arena, from->n, sizeof *to->v), from->n};
    if (!to->v) return cw_err_nomem(err);
    for (size_t i = 0; i < from->n; i++)
        if (!(to->v[i] = cw_tracking_text(t, from->v[i]))) return cw_err_nomem(err);
    return 0;
}

int cw_tracking_take_history(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    const cw_patient *before = t->in->previous;
    p->lines = cw_arena_alloc(p->arena, before->n_lines, sizeof *p->lines);
    p->imaging = cw_arena_alloc(p->arena, before->n_imaging, sizeof *p->imaging);
    p->facts = cw_arena_alloc(p->arena, before->n_facts, sizeof *p->facts);
    p->surgeries = cw_arena_alloc(p->arena, before->n_surgeries, sizeof *p->surgeries);
    if (!p->lines || !p->imaging || !p->facts || !p->surgeries) return cw_err_nomem(err);
    for (size_t i = 0; i < before->n_surgeries; i++) {
        p->surgeries[i] = before->surgeries[i];
        if (!(p->surgeries[i].result = cw_tracking_text(t, before->surgeries[i].result))) return cw_err_nomem(err);
    }
    for (size_t i = 0; i < before->n_lines; i++) {
        p->lines[i] = before->lines[i];
        p->lines[i].id = cw_tracking_text(t, before->lines[i].id);
        p->lines[i].setting = cw_tracking_text(t, before->lines[i].setting);
        if (!p->lines[i].id || !p->lines[i].setting) return cw_err_nomem(err);
        if (copy_strings(t, &before->lines[i].agents, &p->lines[i].agents, err) < 0) return CW_ENOMEM;
    }
    for (size_t i = 0; i < before->n_imaging; i++) {
        p->imaging[i] = before->imaging[i];
        if (!(p->imaging[i].result = cw_tracking_text(t, before->imaging[i].result))) return cw_err_nomem(err);
    }
    for (size_t i = 0; i < before->n_facts; i++) {
        p->facts[i] = (cw_fact){before->facts[i].date, cw_tracking_text(t, before->facts[i].test), cw_tracking_text(t, before->facts[i].result)};
        if (!p->facts[i].test || !p->facts[i].result) return cw_err_nomem(err);
    }
    p->n_lines = before->n_lines;
    p->n_imaging = before->n_imaging;
    p->n_surgeries = before->n_surgeries;
    p->n_facts = before->n_facts;
    return 0;
}

/* --- alarms --- */

static ptrdiff_t find_alarm(const cw_patient *p, const cw_alarm *a)
{
    for (size_t i = 0; i < p->n_alarms; i++)
        if (!strcmp(p->alarms[i].id, a->id)) return (ptrdiff_t)i;
    return -1;
}

static ptrdiff_t find_draw(const cw_patient *p, const char *sample)
{
    for (size_t i = 0; i < p->n_draws; i++)
        if (!strcmp(p->draws[i].sample, sample)) return (ptrdiff_t)i;
    return -1;
}

static cw_alteration *find_alteration(cw_patient *p, const char *id)
{
    for (size_t i = 0; i < p->n_alterations; i++)
        if (!strcmp(p->alterations[i].id, id)) return &p->alterations[i];
    return NULL;
}

int cw_tracking_keep_alarms(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    const cw_patient *before = t->in->previous;
    size_t n = p->n_alarms;
    if (!before || !before->n_alarms) return 0;
    cw_alarm *all = cw_arena_alloc(p->arena, n + before->n_alarms, sizeof *all);
    if (!all) return cw_err_nomem(err);
    if (n) memcpy(all, p->alarms, n * sizeof *all);
    p->alarms = all;
    for (size_t i = 0; i < before->n_alarms; i++) {
        const cw_alarm *old = &before->alarms[i];
        ptrdiff_t at = find_alarm(p, old), draw = find_draw(p, before->draws[old->draw].sample);
        if (draw < 0) continue; /* cannot happen: draws of the previous report are all taken over */
        if (at >= 0 && p->alarms[at].day <= p->draws[draw].day) continue;
        cw_alarm kept = {.id = cw_tracking_text(t, old->id), .level = cw_tracking_text(t, old->level), .kind = cw_tracking_text(t, old->kind),
                         .what = cw_tracking_text(t, old->what), .draw = (size_t)draw, .day = p->draws[draw].day, .date = p->draws[draw].date, .ln_e = old->ln_e,
                         .confirmed_by_model = at >= 0};
        if (!kept.id || !kept.level || !kept.kind || !kept.what) return cw_err_nomem(err);
        if (at < 0) at = (ptrdiff_t)p->n_alarms++;
        p->alarms[at] = kept;
        cw_alteration *x = find_alteration(p, kept.what);
        if (x && x->first_alarm < 0 && !strcmp(kept.level, "alert")) x->first_alarm = at;
    }
    t->alarm_cap = n + before->n_alarms;
    return 0;
}

/* --- what is new --- */

static int add(cw_tracking *t, size_t *cap, const char *sentence, cw_err *err)
{
    cw_strings *s = &t->p->since_previous;
    if (!sentence) return cw_err_nomem(err);
    if (s->n == *cap) {
        size_t to = *cap ? 2 * *cap : 16;
        const char **v = cw_arena_alloc(t->p->arena, to, sizeof *v);
        if (!v) return cw_err_nomem(err);
        if (s->n) memcpy(v, s->v, s->n * sizeof *v);
        s->v = v;
        *cap = to;
    }
    s->v[s->n++] = sentence;
    return 0;
}

static const char *label(cw_tracking *t, const cw_alteration *x)
{
    const char *gene = cw_gene_before(x->gene, x->name);
    return *x->gene || *x->name ? cw_arena_printf(t->p->arena, "%s%s%s", gene, *gene && *x->name ? " " : "", x->name) : x->id;
}

static const char *subject(cw_tracking *t, const cw_alarm *a)
{
    cw_alteration *x = find_alteration(t->p, a->what);
    return x ? label(t, x) : a->what;
}

int cw_track_compare(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    const cw_patient *before = t->in->previous;
    size_t cap = 0;
    int status = 0;
    if (!before) return 0;
    for (size_t i = 0; status == 0 && i < p->n_draws; i++)
        if (find_draw(before, p->draws[i].sample) < 0) status = add(t, &cap, cw_arena_printf(p->arena, "new draw %s", p->draws[i].sample), err);
    for (size_t i = 0; status == 0 && i < p->n_alarms; i++) {
        const cw_alarm *a = &p->alarms[i];
        const char *what = subject(t, a);
        if (!what) return cw_err_nomem(err);
        if (find_alarm(before, a) < 0) status = add(t, &cap, cw_arena_printf(p->arena, "new alarm: %s, %s, %s, at draw %s", a->kind, a->level, what, p->draws[a->draw].sample), err);
        else if (!a->confirmed_by_model) status = add(t, &cap, cw_arena_printf(p->arena, "the alarm %s, %s, %s is not confirmed by the present model", a->kind, a->level, what), err);
    }
    for (size_t i = 0; status == 0 && i < p->n_alterations; i++) {
        const cw_alteration *x = &p->alterations[i], *old = find_alteration((cw_patient *)before, x->id);
        const char *what = label(t, x);
        if (!what) return cw_err_nomem(err);
        if (old && old->status != x->status)
            status = add(t, &cap, cw_arena_printf(p->arena, "%s: %s, was %s", what, cw_status_name(x->status), cw_status_name(old->status)), err);
    }
    return status;
}
