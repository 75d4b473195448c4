/* SPDX-License-Identifier: MIT */
/* lines.c - lines of therapy out of TREATMENT events.
 *
 * Rows with the same LINE form that line. Rows without one: rows that overlap form one line when they start within four weeks of
 * each other (a combination is rarely started on one day); an agent that joins later changes the set of agents and starts the next
 * line; the same agents again go on with the line; an agent that is dropped does not end it. */
#include "track/track.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/parse.h"

enum { JOIN_DAYS = 28 };

typedef struct draft { /* a line in the making */
    const char *id;
    const char **agent; cw_day *agent_stop; size_t n, cap, stop_cap;
    cw_day start, stop;
    const char *setting;
} draft;

static int by_start(const void *pa, const void *pb)
{
    const cw_event *a = *(const cw_event *const *)pa, *b = *(const cw_event *const *)pb;
    if (a->start.day != b->start.day) return a->start.day < b->start.day ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static bool runs_at(const cw_day *stop, int64_t day) { return !stop->known || stop->day > day; }

static size_t agent_index(const draft *d, const char *agent)
{
    size_t i = 0;
    while (i < d->n && !cw_ascii_equal(d->agent[i], agent)) i++;
    return i;
}

static int add_agent(draft *d, const char *agent, cw_day stop, cw_err *err)
{
    size_t i = agent_index(d, agent);
    if (i < d->n) {
        if (d->agent_stop[i].known && (!stop.known || stop.day > d->agent_stop[i].day)) d->agent_stop[i] = stop;
        return 0;
    }
    if (cw_grow((void **)&d->agent, &d->cap, d->n + 1, sizeof *d->agent, err) < 0 ||
        cw_grow((void **)&d->agent_stop, &d->stop_cap, d->n + 1, sizeof *d->agent_stop, err) < 0)
        return CW_ENOMEM;
    d->agent[d->n] = agent;
    d->agent_stop[d->n++] = stop;
    return 0;
}

/* One cell may name several agents: "a + b". */
static int add_cell(draft *d, cw_arena *arena, const cw_event *e, cw_err *err)
{
    for (const char *s = e->agent; *s;) {
        size_t n = strcspn(s, "+");
        const char *end = s + n;
        while (n && *s == ' ') s++, n--;
        while (n && s[n - 1] == ' ') n--;
        if (n) {
            const char *agent = cw_arena_strndup(arena, s, n);
            if (!agent) return cw_err_nomem(err);
            if (add_agent(d, agent, e->stop, err) < 0) return CW_ENOMEM;
        }
        s = *end ? end + 1 : end;
    }
    return 0;
}

static void widen(draft *d, const cw_event *e)
{
    if (e->start.day < d->start.day) d->start = e->start;
    if (d->stop.known && (!e->stop.known || e->stop.day > d->stop.day)) d->stop = e->stop;
    if (!*d->setting) d->setting = e->setting;
}

/* Does the row bring an agent that the line does not hold? */
static bool brings_new(const draft *line, const draft *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (agent_index(line, row->agent[i]) == line->n) return true;
    return false;
}

static void release(draft *d)
{
    free(d->agent);
    free(d->agent_stop);
    memset(d, 0, sizeof *d);
}

static int push(draft **v, size_t *n, size_t *cap, draft *d, cw_err *err)
{
    if (cw_grow((void **)v, cap, *n + 1, sizeof **v, err) < 0) return CW_ENOMEM;
    (*v)[(*n)++] = *d;
    memset(d, 0, sizeof *d);
    return 0;
}

/* A row without LINE: into `current` (index or SIZE_MAX), or a new line. */
static int place_row(draft **v, size_t *n, size_t *cap, size_t *current, draft *row, const cw_event *e, cw_arena *arena, cw_err *err)
{
    if (*current != SIZE_MAX) {
        draft *line = &(*v)[*current];
        bool overlaps = runs_at(&line->stop, e->start.day), same = !brings_new(line, row);
        if (same || (overlaps && e->start.day - line->start.day <= JOIN_DAYS)) {
            widen(line, e);
            int status = add_cell(line, arena, e, err);
            release(row);
            return status;
        }
        for (size_t i = 0; overlaps && i < line->n; i++)
            if (runs_at(&line->agent_stop[i], e->start.day)) {
                if (add_agent(row, line->agent[i], line->agent_stop[i], err) < 0) return CW_ENOMEM;
                if (row->stop.known && (!line->agent_stop[i].known || line->agent_stop[i].day > row->stop.day)) row->stop = line->agent_stop[i];
            }
        if (overlaps) line->stop = e->start; /* its set of agents ends here */
    }
    *current = *n;
    return push(v, n, cap, row, err);
}

static int by_line_start(const void *pa, const void *pb)
{
    const draft *a = pa, *b = pb;
    if (a->start.day != b->start.day) return a->start.day < b->start.day ? -1 : 1;
    return strcmp(a->id ? a->id : "", b->id ? b->id : "");
}

static int finish(draft *v, size_t n, cw_arena *arena, cw_line **lines, size_t *n_lines, cw_err *err)
{
    if (n) qsort(v, n, sizeof *v, by_line_start);
    *lines = cw_arena_alloc(arena, n, sizeof **lines);
    if (!*lines) return cw_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const char **agents = cw_arena_alloc(arena, v[i].n, sizeof *agents);
        const char *id = v[i].id ? cw_arena_strdup(arena, v[i].id) : cw_arena_printf(arena, "L%zu", i + 1);
        const char *setting = cw_arena_strdup(arena, v[i].setting);
        if (!agents || !id || !setting) return cw_err_nomem(err);
        for (size_t k = 0; k < v[i].n; k++) agents[k] = v[i].agent[k];
        (*lines)[i] = (cw_line){.id = id, .agents = {agents, v[i].n}, .start = v[i].start, .stop = v[i].stop, .setting = setting};
    }
    *n_lines = n;
    return 0;
}

int cw_lines_from_events(const cw_event *events, size_t n, cw_arena *arena, cw_line **lines, size_t *n_lines, cw_err *err)
{
    const cw_event **row = malloc((n ? n : 1) * sizeof *row);
    draft *v = NULL, one = {0};
    size_t n_rows = 0, n_v = 0, cap = 0, current = SIZE_MAX;
    int status = row ? 0 : cw_err_nomem(err);
    for (size_t i = 0; status == 0 && i < n; i++)
        if (events[i].type == CW_EVENT_TREATMENT && events[i].start.known && *events[i].agent) row[n_rows++] = &events[i];
    if (n_rows) qsort(row, n_rows, sizeof *row, by_start);
    for (size_t i = 0; status == 0 && i < n_rows; i++) {
        const cw_event *e = row[i];
        size_t at = 0;
        while (at < n_v && (!*e->line_id || !v[at].id || strcmp(v[at].id, e->line_id))) at++;
        if (at < n_v) { /* a line that was named before */
            widen(&v[at], e);
            status = add_cell(&v[at], arena, e, err);
            continue;
        }
        one = (draft){.id = *e->line_id ? e->line_id : NULL, .start = e->start, .stop = e->stop, .setting = e->setting};
        status = add_cell(&one, arena, e, err);
        if (status == 0) status = one.id ? push(&v, &n_v, &cap, &one, err) : place_row(&v, &n_v, &cap, &current, &one, e, arena, err);
    }
    if (status == 0) status = finish(v, n_v, arena, lines, n_lines, err);
    release(&one);
    for (size_t i = 0; i < n_v; i++) release(&v[i]);
    free(v);
    free(row);
    return status;
}
