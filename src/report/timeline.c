/* SPDX-License-Identifier: MIT */
/* timeline.c - what the chart of a patient shows. */
#include "report/timeline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

/* The symbol is a second cue beside the colour. Seven symbols and eight colours: no pair repeats within CW_TIMELINE_SERIES. */
static const char *const shapes[] = {"circle", "square", "diamond", "triangle-up", "cross", "triangle-right", "triangle-left"};
static const char grey[] = "#757d85";

static void read_mark(cw_mark *m, const cw_view *view, const json_t *point)
{
    static const char *const words[] = {"detected", "below_lod", "not_detected"};
    double vaf = 100 * cw_json_get_real(point, "vaf"), lod = 100 * cw_json_get_real(point, "lod");
    m->point = point;
    m->draw = cw_view_draw_of(view, point);
    m->day = cw_view_at(m->draw);
    m->state = CW_MARK_NOT_ASSESSABLE;
    for (int w = 0; w < 3; w++)
        if (cw_view_is(point, "state", words[w])) m->state = (cw_mark_state)w;
    if ((m->state == CW_MARK_DETECTED || m->state == CW_MARK_BELOW_LOD) && !(vaf > 0)) m->state = CW_MARK_NOT_DETECTED; /* only a limit is known */
    m->y = m->state == CW_MARK_NOT_DETECTED ? lod : vaf;
    if (m->state < CW_MARK_NOT_ASSESSABLE && !(m->y > 0 && m->y <= 100)) m->state = CW_MARK_NOT_ASSESSABLE; /* no limit known: no place on the axis */
    bool interval = m->state == CW_MARK_DETECTED || m->state == CW_MARK_BELOW_LOD;
    m->lo = interval ? 100 * cw_json_get_real(point, "lo") : NAN;
    m->hi = interval ? 100 * cw_json_get_real(point, "hi") : NAN;
}

static int by_day(const void *a, const void *b)
{
    double x = ((const cw_mark *)a)->day, y = ((const cw_mark *)b)->day;
    return (x > y) - (x < y);
}

static int read_series(cw_series *s, const cw_view *view, const json_t *alteration, cw_err *err)
{
    const json_t *points = json_object_get(alteration, "points");
    size_t i;
    json_t *point;
    s->alteration = alteration;
    s->blood = cw_view_of_blood(alteration);
    s->mark = calloc(json_array_size(points) + 1, sizeof *s->mark);
    if (!s->mark) return cw_err_nomem(err);
    json_array_foreach((json_t *)points, i, point) {
        read_mark(&s->mark[s->n], view, point);
        if (isfinite(s->mark[s->n].day)) s->n++;
    }
    qsort(s->mark, s->n, sizeof *s->mark, by_day);
    return 0;
}

static int name_series(cw_timeline *t, size_t index, cw_err *err)
{
    char name[400];
    cw_text text = {0};
    cw_text_put_tame(&text, cw_view_name(t->series[index].alteration, name, sizeof name), 36);
    for (size_t i = 0; i < index; i++)
        if (!strcmp(t->series[i].name, cw_text_string(&text))) {
            cw_text_format(&text, " (%zu)", index + 1);
            break;
        }
    if (text.failed || !text.s) return cw_text_release(&text), cw_err_nomem(err);
    t->series[index].name = text.s;
    return 0;
}

/* The ones that matter first, in the order of the document within a rank. */
static int pick_series(cw_timeline *t, const cw_view *view, cw_err *err)
{
    size_t i, coloured = 0;
    json_t *alteration;
    t->series = calloc(CW_TIMELINE_SERIES, sizeof *t->series);
    if (!t->series) return cw_err_nomem(err);
    for (int rank = 0; rank < 20; rank++)
        json_array_foreach((json_t *)view->alterations, i, alteration) {
            if (!json_array_size(json_object_get(alteration, "points")) || !cw_view_matters(alteration) || cw_view_rank(alteration) != rank) continue;
            if (t->n_series == CW_TIMELINE_SERIES) {
                t->left_out++;
                continue;
            }
            cw_series *s = &t->series[t->n_series++];
            int status = read_series(s, view, alteration, err);
            if (status == 0) status = name_series(t, t->n_series - 1, err);
            if (status < 0) return status;
            s->colour = s->blood ? grey : cw_page_colours[coloured % CW_PAGE_COLOURS];
            s->shape = shapes[coloured % (sizeof shapes / sizeof *shapes)];
            coloured++;
        }
    return 0;
}

const char *cw_timeline_lane(const cw_view *view)
{
    bool scans = json_array_size(view->imaging) > 0, operations = json_array_size(view->surgeries) > 0;
    return scans && operations ? "Imaging, surgery" : scans ? "Imaging" : operations ? "Surgery" : NULL;
}

/* Time: all draws; scans, operations, starts and stops as far as a third of the span around them, so that a line begun years before does not squeeze the draws. */
static void set_x(cw_timeline *t, const cw_view *view)
{
    double span = fmax(view->last_day - view->first_day, 28), lo = view->first_day, hi = view->last_day;
    double least = lo - span / 3, most = hi + span / 3;
    size_t i;
    json_t *o;
    json_array_foreach((json_t *)view->imaging, i, o) {
        double day = cw_view_day(view, json_object_get(o, "date"));
        if (day >= least && day <= most) lo = fmin(lo, day), hi = fmax(hi, day);
    }
    json_array_foreach((json_t *)view->surgeries, i, o) {
        double day = cw_view_day(view, json_object_get(o, "date"));
        if (day >= least && day <= most) lo = fmin(lo, day), hi = fmax(hi, day);
    }
    json_array_foreach((json_t *)view->lines, i, o) {
        double day = cw_view_day(view, json_object_get(o, "start"));
        if (day >= least && day <= most) lo = fmin(lo, day), hi = fmax(hi, day);
        else if (day < least) lo = fmin(lo, view->first_day - span / 12);
    }
    t->x_lo = lo - 0.02 * fmax(hi - lo, 28);
    t->x_hi = hi + 0.04 * fmax(hi - lo, 28);
}

static void set_y(cw_timeline *t)
{
    double lo = INFINITY, hi = 0;
    for (size_t s = 0; s < t->n_series; s++)
        for (size_t i = 0; i < t->series[s].n; i++) {
            const cw_mark *m = &t->series[s].mark[i];
            if (m->state == CW_MARK_NOT_ASSESSABLE) continue;
            lo = fmin(lo, m->y);
            hi = fmax(hi, isfinite(m->hi) && m->state == CW_MARK_DETECTED ? m->hi : m->y);
        }
    if (!(lo < INFINITY)) lo = 0.01, hi = 1;
    t->y_lo = fmax(pow(10, floor(log10(lo * 0.75))), 1e-7);
    t->y_hi = fmin(fmax(hi * 1.6, t->y_lo * 100), 100);
    for (size_t s = 0; s < t->n_series; s++)
        for (size_t i = 0; i < t->series[s].n; i++) {
            cw_mark *m = &t->series[s].mark[i];
            if (m->state == CW_MARK_NOT_ASSESSABLE) m->y = t->y_lo;
            if (m->lo < t->y_lo) m->lo = t->y_lo;
            if (m->hi > t->y_hi) m->hi = t->y_hi;
        }
}

static char *agents_text(const json_t *line)
{
    cw_text text = {0};
    size_t i;
    json_t *agent;
    json_array_foreach(json_object_get(line, "agents"), i, agent) {
        if (i) cw_text_put(&text, " + ");
        cw_text_put_tame(&text, json_is_string(agent) ? json_string_value(agent) : "", 60);
    }
    if (!text.n) cw_text_put(&text, "(no agent named)");
    if (!text.failed) return text.s;
    cw_text_release(&text);
    return NULL;
}

static int read_bars(cw_timeline *t, const cw_view *view, cw_err *err)
{
    size_t i;
    json_t *line;
    t->bar = calloc(json_array_size(view->lines) + 1, sizeof *t->bar);
    if (!t->bar) return cw_err_nomem(err);
    json_array_foreach((json_t *)view->lines, i, line) {
        cw_bar bar = {.line = line, .start = cw_view_day(view, json_object_get(line, "start")), .end = cw_view_day(view, json_object_get(line, "stop"))};
        bar.open = !isfinite(bar.end);
        if (!(bar.start < t->x_hi) || bar.end < t->x_lo) continue; /* no date, or outside the draws: it stands in the table */
        if (bar.open || bar.end > t->x_hi) bar.end = t->x_hi;
        if (bar.start < t->x_lo) bar.start = t->x_lo;
        bar.agents = agents_text(line);
        cw_text lane = {0};
        cw_text_put(&lane, "Line ");
        cw_text_put_tame(&lane, cw_json_get_string(line, "id"), 16);
        for (size_t b = 0; b < t->n_bars; b++)
            if (!strcmp(t->bar[b].lane, cw_text_string(&lane))) cw_text_format(&lane, " (%zu)", i + 1);
        bar.lane = lane.s;
        t->bar[t->n_bars++] = bar;
        if (lane.failed || !bar.agents) return cw_err_nomem(err);
    }
    return 0;
}

int cw_timeline_open(cw_timeline *t, const cw_view *view, bool *any, cw_err *err)
{
    memset(t, 0, sizeof *t);
    *any = isfinite(view->first_day);
    int status = *any ? pick_series(t, view, err) : 0;
    if (status == 0 && *any) {
        set_x(t, view);
        set_y(t);
        status = read_bars(t, view, err);
    }
    return status;
}

void cw_timeline_close(cw_timeline *t)
{
    for (size_t s = 0; s < t->n_series; s++) {
        free(t->series[s].name);
        free(t->series[s].mark);
    }
    for (size_t b = 0; b < t->n_bars; b++) {
        free(t->bar[b].lane);
        free(t->bar[b].agents);
    }
    free(t->series);
    free(t->bar);
    memset(t, 0, sizeof *t);
}

const cw_mark *cw_timeline_alarm_mark(const cw_timeline *t, const cw_view *view, const json_t *alarm, const cw_series **series)
{
    const char *what = cw_json_get_string(alarm, "what");
    double day = cw_view_at(alarm);
    ptrdiff_t at = cw_view_find(view, "alteration", what);
    const json_t *alteration = at < 0 ? NULL : json_array_get(view->alterations, (size_t)at);
    for (size_t s = 0; alteration && s < t->n_series; s++)
        for (size_t i = 0; t->series[s].alteration == alteration && i < t->series[s].n; i++)
            if (t->series[s].mark[i].day == day) {
                *series = &t->series[s];
                return &t->series[s].mark[i];
            }
    return NULL;
}

double cw_timeline_next_tick(const cw_timeline *t, double v)
{
    bool fine = t->y_hi / t->y_lo < 2000;
    double ten = v > 0 ? pow(10, floor(log10(v * 1.0001))) : 0, lead = v > 0 ? round(v / ten) : 0;
    double next = v <= 0 ? t->y_lo : !fine || lead >= 5 ? 10 * ten : lead >= 2 ? 5 * ten : 2 * ten;
    return next <= t->y_hi * 1.0001 ? next : INFINITY;
}

static bool of_no_line(const cw_view *view, const json_t *alarm) { return cw_view_find(view, "alteration", cw_json_get_string(alarm, "what")) < 0 && !cw_view_is(alarm, "what", "patient"); }

bool cw_timeline_node_alarms(const cw_timeline *t, const cw_view *view, size_t index, cw_text *names)
{
    double day = cw_view_at(json_array_get(view->alarms, index));
    size_t n = 0;
    if (!(day >= t->x_lo && day <= t->x_hi)) return false;
    for (size_t i = 0; i < json_array_size(view->alarms); i++) {
        const json_t *alarm = json_array_get(view->alarms, i);
        bool earlier = false;
        if (!of_no_line(view, alarm) || cw_view_at(alarm) != day) continue;
        if (n == 0 && i != index) return false; /* told at its first on that day */
        for (size_t k = 0; k < i; k++) earlier |= cw_view_is(alarm, "what", cw_json_get_string(json_array_get(view->alarms, k), "what"));
        if (earlier && n == 0 && i == index) { /* raised before; another of this day may still be new */
            n = 1;
            continue;
        }
        if (earlier) continue;
        if (names->n) cw_text_put(names, ", ");
        cw_text_put_tame(names, cw_json_get_string(alarm, "what"), 24);
        n = 1;
    }
    return names->n > 0;
}
