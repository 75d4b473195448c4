/* SPDX-License-Identifier: MIT */
/* notices.c - the sentences that must be read first: what weakens or voids the stated bound. */
#include "track/tracking.h"

#include <string.h>

static int add(cw_tracking *t, const char *sentence, cw_err *err)
{
    if (!sentence) return cw_err_nomem(err);
    t->p->notices.v[t->p->notices.n++] = sentence;
    return 0;
}

/* Draws that are poor beside the others: less than half of what some other draw could assess. What no draw can assess is the panel's affair. */
static int poor_draws(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    int status = 0;
    for (size_t j = 0; status == 0 && j < t->n_looks; j++) {
        size_t here = 0, ever = 0;
        for (size_t a = 0; a < p->n_alterations; a++) {
            bool other = false;
            for (size_t i = 0; i < t->n_looks; i++) other |= t->obs[a * t->n_looks + i].kind != CW_OBS_NONE;
            ever += other;
            here += t->obs[a * t->n_looks + j].kind != CW_OBS_NONE;
        }
        if (p->draws[t->draw[j]].has_call_file && 2 * here < ever)
            status = add(t, cw_arena_printf(p->arena, "draw %s can assess only %zu of the %zu alterations that the draws of this patient can assess; of the others it says nothing",
                                            p->draws[t->draw[j]].sample, here, ever), err);
    }
    return status;
}

int cw_track_notices(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    cw_arena *arena = p->arena;
    size_t late = 0, unconfirmed = 0, blank = 0;
    int status = 0;
    p->notices.v = cw_arena_alloc(arena, 3 * p->n_draws + p->n_imaging + 8, sizeof *p->notices.v);
    if (!p->notices.v) return cw_err_nomem(err);
    for (size_t i = 0; status == 0 && i < p->n_draws; i++) {
        const cw_patient_draw *d = &p->draws[i];
        blank += !d->excluded && !d->has_call_file;
        if (d->excluded)
            status = add(t, cw_arena_printf(arena, "draw %s is excluded (%s); if it was left out because of its result, the bound on false alarms does not hold", d->sample, d->exclude_reason), err);
    }
    for (size_t i = 0; status == 0 && i < p->n_imaging; i++)
        if (!cw_track_scan_understood(p->imaging[i].result))
            status = add(t, cw_arena_printf(arena, "imaging result '%.80s' is not a RECIST word: it is shown, and not taken for progression", p->imaging[i].result), err);
    for (size_t a = 0; a < p->n_alterations; a++) late += p->alterations[a].late;
    for (size_t i = 0; i < p->n_alarms; i++) unconfirmed += !p->alarms[i].confirmed_by_model;
    if (status == 0 && p->background_is_default)
        status = add(t, cw_arena_strdup(arena, "the background is the built-in default, not learned from normals of this assay: limits and the bound on false alarms are indicative only"), err);
    if (status == 0 && late)
        status = add(t, cw_arena_printf(arena, "%zu allele%s not listed with the first draw; %s alarms stand outside the bound on false alarms", late, late == 1 ? " was" : "s were", late == 1 ? "its" : "their"), err);
    if (status == 0 && unconfirmed) status = add(t, cw_arena_printf(arena, unconfirmed == 1 ? "an earlier alarm is not confirmed by the present model; it is kept and marked"
                                                                                                 : "%zu earlier alarms are not confirmed by the present model; they are kept and marked", unconfirmed), err);
    if (status == 0 && blank) status = add(t, cw_arena_printf(arena, "%zu draw%s no calls and %s not assessable", blank, blank == 1 ? " has" : "s have", blank == 1 ? "is" : "are"), err);
    if (status == 0) status = poor_draws(t, err);
    if (status == 0 && !t->n_looks) status = add(t, cw_arena_strdup(arena, "no draw can be judged"), err);
    return status;
}
