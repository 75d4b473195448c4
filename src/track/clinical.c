/* SPDX-License-Identifier: MIT */
/* clinical.c - what the events say besides the draws: lines of therapy, scans, results of other assays. */
#include "track/tracking.h"

#include <math.h>
#include <string.h>
#include "base/parse.h"

double cw_tracking_day(const cw_tracking *t, const cw_day *day)
{
    if (!day->known || day->is_date != t->is_date) return NAN;
    return (double)(day->is_date ? day->day - t->origin_day : day->day);
}

ptrdiff_t cw_tracking_line(const cw_tracking *t, double day)
{
    ptrdiff_t found = -1;
    for (size_t i = 0; i < t->p->n_lines; i++)
        if (cw_tracking_day(t, &t->p->lines[i].start) < day) found = (ptrdiff_t)i;
    return found;
}

const char *cw_tracking_text(cw_tracking *t, const char *s) { return s && *s ? cw_arena_strdup(t->p->arena, s) : ""; }

static bool says_progression(const char *result)
{
    static const char *const words[] = {"PD", "iCPD", "cPD", "progression", "progressive disease", "progressing disease"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (cw_ascii_equal(result, words[i])) return true;
    return false;
}

bool cw_track_scan_understood(const char *result)
{
    static const char *const words[] = {"", "CR", "PR", "SD", "NE", "NED", "NA", "iCR", "iPR", "iSD", "iUPD", "uPD", "complete response", "partial response", "stable disease",
                                        "stable", "response", "not evaluable", "no evidence of disease"};
    double number;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (cw_ascii_equal(result, words[i])) return true;
    return says_progression(result) || cw_parse_double(result, &number);
}

/* Events are kept in the order of their dates. */
static int add_imaging(cw_tracking *t, const cw_event *e, cw_err *err)
{
    cw_patient *p = t->p;
    size_t at = p->n_imaging++;
    for (; at > 0 && p->imaging[at - 1].date.day > e->start.day; at--) p->imaging[at] = p->imaging[at - 1];
    p->imaging[at] = (cw_imaging){e->start, cw_tracking_text(t, e->result), says_progression(e->result)};
    return p->imaging[at].result ? 0 : cw_err_nomem(err);
}

static int add_surgery(cw_tracking *t, const cw_event *e, cw_err *err)
{
    cw_patient *p = t->p;
    size_t at = p->n_surgeries++;
    for (; at > 0 && p->surgeries[at - 1].date.day > e->start.day; at--) p->surgeries[at] = p->surgeries[at - 1];
    p->surgeries[at] = (cw_surgery){e->start, cw_tracking_text(t, e->result)};
    return p->surgeries[at].result ? 0 : cw_err_nomem(err);
}

static int add_fact(cw_tracking *t, const cw_event *e, cw_err *err)
{
    cw_patient *p = t->p;
    size_t at = p->n_facts++;
    for (; at > 0 && p->facts[at - 1].date.day > e->start.day; at--) p->facts[at] = p->facts[at - 1];
    p->facts[at] = (cw_fact){e->start, cw_tracking_text(t, e->test), cw_tracking_text(t, e->result)};
    return p->facts[at].test && p->facts[at].result ? 0 : cw_err_nomem(err);
}

int cw_track_clinical(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    const cw_track_input *in = t->in;
    if (!in->n_events && in->previous) return cw_tracking_take_history(t, err);
    p->imaging = cw_arena_alloc(p->arena, in->n_events, sizeof *p->imaging);
    p->facts = cw_arena_alloc(p->arena, in->n_events, sizeof *p->facts);
    p->surgeries = cw_arena_alloc(p->arena, in->n_events, sizeof *p->surgeries);
    if (!p->imaging || !p->facts || !p->surgeries) return cw_err_nomem(err);
    int status = cw_lines_from_events(in->events, in->n_events, p->arena, &p->lines, &p->n_lines, err);
    for (size_t i = 0; status == 0 && i < in->n_events; i++) {
        const cw_event *e = &in->events[i];
        if (e->start.known && in->n_draws && e->start.is_date != t->is_date)
            return cw_err_set(err, CW_EFORMAT, "the events use %s, but the draws %s; use one kind", e->start.is_date ? "dates" : "day numbers", t->is_date ? "dates" : "day numbers");
        if (e->type == CW_EVENT_IMAGING && e->start.known) status = add_imaging(t, e, err);
        else if (e->type == CW_EVENT_SURGERY && e->start.known) status = add_surgery(t, e, err);
        else if (e->type == CW_EVENT_LAB_TEST && *e->test) status = add_fact(t, e, err);
    }
    return status;
}
