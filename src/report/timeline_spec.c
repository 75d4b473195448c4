/* SPDX-License-Identifier: MIT */
/* timeline_spec.c - the interactive chart: page/timeline.vl.json with its "$name" places filled in. */
#include "report/timeline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/assets.h"
#include "report/words.h"

typedef struct maker { cw_page *page; cw_json j; const cw_timeline *t; const cw_view *view; json_t *fill; } maker;

static void set(maker *m, const char *name, json_t *stolen) { cw_json_set(&m->j, m->fill, name, stolen); }

/* A piece that could not be made whole fails the chart. */
static void done(maker *m, cw_text *piece)
{
    m->j.failed |= piece->failed;
    cw_text_release(piece);
}

static void set_text(maker *m, json_t *o, const char *key, const char *value) { cw_json_set(&m->j, o, key, cw_page_string(m->page, value, 120)); }

/* Every string "$name" of the template becomes the value of that name. */
static json_t *filled(maker *m, const json_t *v)
{
    const char *text = json_string_value(v);
    if (text && text[0] == '$') return json_incref(json_object_get(m->fill, text + 1));
    if (json_is_object(v)) {
        json_t *o = cw_json_object(&m->j), *item;
        const char *key;
        json_object_foreach((json_t *)v, key, item) cw_json_set(&m->j, o, key, filled(m, item));
        return o;
    }
    if (json_is_array(v)) {
        json_t *a = cw_json_array(&m->j), *item;
        size_t i;
        json_array_foreach((json_t *)v, i, item) cw_json_append(&m->j, a, filled(m, item));
        return a;
    }
    return json_incref((json_t *)v);
}

static bool told_before(const maker *m, size_t index)
{
    const json_t *alarm = json_array_get(m->view->alarms, index);
    for (size_t i = 0; i < index; i++) {
        const json_t *other = json_array_get(m->view->alarms, i);
        if (cw_view_is(other, "what", cw_json_get_string(alarm, "what")) && cw_view_at(other) == cw_view_at(alarm)) return true;
    }
    return false;
}

static void add_alarms(maker *m)
{
    json_t *alarms = cw_json_array(&m->j), *alarm;
    size_t i;
    json_array_foreach((json_t *)m->view->alarms, i, alarm) {
        const cw_series *series = NULL;
        const cw_mark *mark = cw_timeline_alarm_mark(m->t, m->view, alarm, &series);
        if (!mark || told_before(m, i)) continue; /* alert and confirmed in one draw share a ring */
        cw_text text = {0};
        json_t *o = cw_json_object(&m->j);
        cw_text_format(&text, "%s, %s of %s", cw_json_get_string(alarm, "level"), cw_json_get_string(alarm, "kind"), series->name);
        cw_json_set_real(&m->j, o, "day", mark->day);
        cw_json_set_real(&m->j, o, "y", mark->y);
        set_text(m, o, "text", cw_text_string(&text));
        cw_json_set_string(&m->j, o, "evidence", cw_words_evidence(cw_json_get_real(alarm, "ln_e")).s);
        cw_json_set_string(&m->j, o, "when", cw_view_day_text(m->view, mark->day).s);
        cw_json_append(&m->j, alarms, o);
        done(m, &text);
    }
    set(m, "alarms", alarms);
}

static void add_nodes(maker *m, json_t *lanes)
{
    json_t *nodes = cw_json_array(&m->j);
    for (size_t i = 0; i < json_array_size(m->view->alarms); i++) {
        cw_text names = {0};
        if (cw_timeline_node_alarms(m->t, m->view, i, &names)) {
            json_t *o = cw_json_object(&m->j);
            double day = cw_view_at(json_array_get(m->view->alarms, i));
            cw_json_set_string(&m->j, o, "lane", "Node alarm");
            cw_json_set_real(&m->j, o, "day", day);
            cw_json_set(&m->j, o, "word", json_string(cw_text_string(&names)));
            cw_json_set_string(&m->j, o, "when", cw_view_day_text(m->view, day).s);
            cw_json_append(&m->j, nodes, o);
        }
        done(m, &names);
    }
    if (json_array_size(nodes)) cw_json_append(&m->j, lanes, json_string("Node alarm"));
    set(m, "nodes", nodes);
}

static void add_bars(maker *m)
{
    json_t *bars = cw_json_array(&m->j), *lanes = cw_json_array(&m->j);
    for (size_t b = 0; b < m->t->n_bars; b++) {
        const cw_bar *bar = &m->t->bar[b];
        const json_t *line = bar->line, *start = json_object_get(line, "start"), *stop = json_object_get(line, "stop");
        bool right = bar->start > m->t->x_lo + 0.6 * (m->t->x_hi - m->t->x_lo);
        json_t *o = cw_json_object(&m->j);
        set_text(m, o, "lane", bar->lane);
        set_text(m, o, "agents", bar->agents);
        set_text(m, o, "setting", cw_json_get_string(line, "setting"));
        cw_json_set_real(&m->j, o, "start", bar->start);
        cw_json_set_real(&m->j, o, "end", bar->end);
        cw_json_set_bool(&m->j, o, "right", right);
        cw_json_set_real(&m->j, o, "label_at", right ? bar->end : bar->start);
        cw_json_set_string(&m->j, o, "from", cw_view_day_text(m->view, cw_view_day(m->view, start)).s);
        cw_json_set_string(&m->j, o, "to", json_is_null(stop) || !stop ? "running" : cw_view_day_text(m->view, cw_view_day(m->view, stop)).s);
        cw_json_append(&m->j, bars, o);
        cw_json_append(&m->j, lanes, cw_page_string(m->page, bar->lane, 60));
    }
    if (cw_timeline_lane(m->view)) cw_json_append(&m->j, lanes, json_string(cw_timeline_lane(m->view)));
    add_nodes(m, lanes);
    set(m, "bars", bars);
    set(m, "lanes", lanes);
}

static void add_scans(maker *m)
{
    json_t *scans = cw_json_array(&m->j), *progression = cw_json_array(&m->j), *scan;
    size_t i;
    json_array_foreach((json_t *)m->view->imaging, i, scan) {
        double day = cw_view_day(m->view, json_object_get(scan, "date"));
        if (!(day >= m->t->x_lo && day <= m->t->x_hi)) continue;
        json_t *o = cw_json_object(&m->j);
        const char *word = cw_json_get_string(scan, "result");
        cw_json_set_string(&m->j, o, "lane", cw_timeline_lane(m->view));
        cw_json_set_real(&m->j, o, "day", day);
        set_text(m, o, "word", *word ? word : "scan");
        cw_json_set_bool(&m->j, o, "progression", cw_json_get_bool(scan, "progression", !strcmp(word, "PD")));
        cw_json_set_string(&m->j, o, "when", cw_view_day_text(m->view, day).s);
        if (json_is_true(json_object_get(o, "progression"))) cw_json_append(&m->j, progression, json_pack("{s:f}", "day", day));
        cw_json_append(&m->j, scans, o);
    }
    json_array_foreach((json_t *)m->view->surgeries, i, scan) {
        double day = cw_view_day(m->view, json_object_get(scan, "date"));
        if (!(day >= m->t->x_lo && day <= m->t->x_hi)) continue;
        json_t *o = cw_json_object(&m->j);
        cw_json_set_string(&m->j, o, "lane", cw_timeline_lane(m->view));
        cw_json_set_real(&m->j, o, "day", day);
        cw_json_set_string(&m->j, o, "word", "surgery");
        cw_json_set_bool(&m->j, o, "progression", false);
        cw_json_set_string(&m->j, o, "when", cw_view_day_text(m->view, day).s);
        cw_json_append(&m->j, scans, o);
    }
    set(m, "scans", scans);
    set(m, "progression", progression);
}

static const char *const states[] = {"detected", "below_lod", "not_detected", "not_assessable"};

static void add_marks(maker *m)
{
    json_t *points = cw_json_array(&m->j), *segments = cw_json_array(&m->j);
    for (size_t s = 0; s < m->t->n_series; s++) {
        const cw_series *series = &m->t->series[s];
        const cw_mark *last = NULL;
        bool gap = false;
        for (size_t i = 0; i < series->n; i++) {
            const cw_mark *mark = &series->mark[i];
            json_t *o = cw_json_object(&m->j);
            cw_json_set(&m->j, o, "name", json_string(series->name));
            cw_json_set_bool(&m->j, o, "blood", series->blood);
            cw_json_set_real(&m->j, o, "day", mark->day);
            cw_json_set_real(&m->j, o, "y", mark->y);
            cw_json_set_real(&m->j, o, "lo", mark->lo);
            cw_json_set_real(&m->j, o, "hi", mark->hi);
            cw_json_set_string(&m->j, o, "state", states[mark->state]);
            cw_json_set_string(&m->j, o, "seen", cw_words_point(mark->point).s);
            cw_json_set_string(&m->j, o, "lod", cw_words_percent(cw_json_get_real(mark->point, "lod")).s);
            cw_json_set_string(&m->j, o, "alarm", cw_words_percent(cw_json_get_real(mark->point, "lod_alarm")).s);
            set_text(m, o, "sample", cw_json_get_string(mark->draw, "sample"));
            cw_json_set_string(&m->j, o, "when", cw_view_draw_text(m->view, mark->draw).s);
            cw_json_append(&m->j, points, o);
            if (mark->state == CW_MARK_NOT_ASSESSABLE) {
                gap = true;
                continue;
            }
            if (last) {
                bool censored = gap || last->state != CW_MARK_DETECTED || mark->state != CW_MARK_DETECTED;
                cw_json_append(&m->j, segments, json_pack("{s:s, s:b, s:f, s:f, s:f, s:f, s:b}", "name", series->name, "blood", series->blood, "x", last->day,
                                                          "y", last->y, "x2", mark->day, "y2", mark->y, "censored", censored));
            }
            last = mark;
            gap = false;
        }
    }
    set(m, "points", points);
    set(m, "segments", segments);
}

static void add_axes(maker *m)
{
    json_t *names = cw_json_array(&m->j), *colours = cw_json_array(&m->j), *shapes = cw_json_array(&m->j), *ticks = cw_json_array(&m->j);
    for (size_t s = 0; s < m->t->n_series; s++) {
        cw_json_append(&m->j, names, json_string(m->t->series[s].name));
        cw_json_append(&m->j, colours, json_string(m->t->series[s].colour));
        cw_json_append(&m->j, shapes, json_string(m->t->series[s].shape));
    }
    for (double v = cw_timeline_next_tick(m->t, 0); isfinite(v); v = cw_timeline_next_tick(m->t, v)) cw_json_append(&m->j, ticks, json_real(v));
    set(m, "names", names);
    set(m, "colours", colours);
    set(m, "shapes", shapes);
    set(m, "y_ticks", ticks);
    set(m, "x_domain", json_pack("[f, f]", m->t->x_lo, m->t->x_hi));
    set(m, "y_domain", json_pack("[f, f]", m->t->y_lo, m->t->y_hi));
    set(m, "x_title", json_string(m->view->dated ? "Day of the series and date" : "Day of the draw sheet"));
    set(m, "zero_ms", m->view->dated ? json_real((double)m->view->zero_date * 86400000.0) : json_null());
    set(m, "tooltip", json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}, {s:s, s:s}, {s:s, s:s}, {s:s, s:s}]", "field", "name", "title", "Alteration", "field", "seen", "title", "Seen",
                                "field", "lod", "title", "LoD95", "field", "alarm", "title", "Alarm from", "field", "when", "title", "Draw", "field", "sample", "title", "Sample"));
}

json_t *cw_timeline_spec(cw_page *page, const cw_timeline *t, const cw_view *view)
{
    maker m = {.page = page, .t = t, .view = view};
    m.fill = cw_json_object(&m.j);
    cw_json_watch();
    json_t *template = json_loadb(cw_timeline_template.bytes, cw_timeline_template.n, 0, NULL), *spec = NULL;
    if (cw_json_starved()) m.j.failed = true;
    add_bars(&m);
    add_scans(&m);
    add_marks(&m);
    add_alarms(&m);
    add_axes(&m);
    if (template && !m.j.failed) spec = filled(&m, template);
    if (spec && !json_array_size(json_object_get(m.fill, "lanes"))) json_array_remove(json_object_get(spec, "vconcat"), 0); /* neither line nor scan */
    bool blood = false;
    for (size_t i = 0; i < t->n_series; i++) blood |= t->series[i].blood;
    if (spec && !blood) json_object_del(json_array_get(json_object_get(spec, "params"), 1), "bind"); /* nothing to switch */
    if (!spec || m.j.failed) page->failed = true;
    json_decref(template);
    json_decref(m.fill);
    return spec;
}
