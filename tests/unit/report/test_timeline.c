/* What the chart shows: which alterations, where an undetected draw stands, the axes, labels, alarms. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "report/timeline.h"

static const char document[] =
    "{'patient':{'id':'P'},'lines':[{'id':'L1','agents':['a','b'],'start':'2020-01-01','stop':null},{'id':'L2','agents':[],'start':'2026-03-01','stop':'2026-03-11'},"
    "{'id':'L0','agents':['old'],'start':'2019-01-01','stop':'2019-06-01'}],'imaging':[{'date':'2026-03-02','result':'PD'},{'date':'2031-01-01','result':'SD'}],"
    "'draws':[{'id':'D1','date':'2026-01-01','day':0},{'id':'D2','date':'2026-01-31','day':30},{'id':'D3','date':'2026-03-02','day':60}],"
    "'alterations':["
    "{'id':'rest','gene':'G','name':'n0','status':'not_detected','points':[{'draw':'D1','state':'not_detected','lod':0.001}]},"
    "{'id':'noise','gene':'G','name':'n1','status':'not_detected','points':[{'draw':'D1','state':'below_lod','vaf':0.0001,'lod':0.001}]},"
    "{'id':'blood','gene':'G','name':'n2','status':'stable','origin':'chip','points':[{'draw':'D1','state':'detected','vaf':0.01,'lo':0.009,'hi':0.011,'lod':0.001}]},"
    "{'id':'up','gene':'G','name':'n3','status':'emerging','origin':'tumour','first_alarm':{'alarm':'A1'},'points':["
    "{'draw':'D3','state':'detected','vaf':0.002,'lo':0.0015,'hi':0.0026,'lod':0.0008},{'draw':'D1','state':'not_detected','vaf':0,'lo':0,'hi':0.0003,'lod':0.0008},"
    "{'draw':'D2','state':'not_assessable','vaf':0}]},"
    "{'id':'twin','gene':'G','name':'n3','status':'cleared','points':[{'draw':'D1','state':'detected','vaf':null,'lod':null},{'draw':'nowhere','state':'detected','vaf':0.5}]}],"
    "'alarms':[{'id':'A1','what':'up','day':60,'level':'alert','kind':'emergence'},{'id':'A2','what':'NODE','day':30,'level':'alert','kind':'node'}]}";

static json_t *load(const char *text)
{
    char *copy = strdup(text);
    for (char *c = copy; *c; c++)
        if (*c == '\'') *c = '"';
    json_error_t e;
    json_t *value = json_loads(copy, 0, &e);
    cr_assert_not_null(value, "%s at %d", e.text, e.position);
    free(copy);
    return value;
}

typedef struct opened { json_t *json; cw_view view; cw_timeline t; bool any; } opened;

static void open_document(opened *o, const char *text)
{
    cw_err err = {0};
    o->json = load(text);
    cr_assert_eq(cw_view_open(&o->view, o->json, &err), 0, "%s", err.text);
    cr_assert_eq(cw_timeline_open(&o->t, &o->view, &o->any, &err), 0, "%s", err.text);
}

static void close_document(opened *o)
{
    cw_timeline_close(&o->t);
    cw_view_close(&o->view);
    json_decref(o->json);
}

Test(timeline, only_what_was_seen_is_drawn_and_the_most_urgent_comes_first)
{
    opened o = {0};
    open_document(&o, document);
    cr_assert_eq(o.t.n_series, 3); /* neither the clean rest of the panel nor a single molecule of noise */
    cr_assert_str_eq(o.t.series[0].name, "G n3");
    cr_assert_str_eq(o.t.series[1].name, "G n2");
    cr_assert(o.t.series[1].blood && !o.t.series[0].blood);
    cr_assert_str_eq(o.t.series[2].name, "G n3 (3)"); /* a second of the same name keeps a line of its own */
    close_document(&o);
}

Test(timeline, marks_stand_in_time_and_an_undetected_draw_at_its_limit)
{
    opened o = {0};
    open_document(&o, document);
    const cw_series *up = &o.t.series[0];
    cr_assert_eq(up->n, 3);
    cr_assert_float_eq(up->mark[0].day, 0, 0);
    cr_assert(up->mark[0].state == CW_MARK_NOT_DETECTED);
    cr_assert_float_eq(up->mark[0].y, 0.08, 1e-12); /* the LoD in percent, not 0 */
    cr_assert(isnan(up->mark[0].lo) && isnan(up->mark[0].hi));
    cr_assert(up->mark[1].state == CW_MARK_NOT_ASSESSABLE);
    cr_assert_float_eq(up->mark[1].y, o.t.y_lo, 1e-12); /* at the foot, marked as what it is */
    cr_assert(up->mark[2].state == CW_MARK_DETECTED);
    cr_assert_float_eq(up->mark[2].y, 0.2, 1e-12);
    cr_assert_float_eq(up->mark[2].lo, 0.15, 1e-12);
    close_document(&o);
}

Test(timeline, a_detection_without_fraction_or_limit_has_no_place_and_no_invented_one)
{
    opened o = {0};
    open_document(&o, document);
    const cw_series *twin = &o.t.series[2];
    cr_assert_eq(twin->n, 1); /* the draw 'nowhere' is not in the document */
    cr_assert(twin->mark[0].state == CW_MARK_NOT_ASSESSABLE);
    close_document(&o);
}

Test(timeline, axes_hold_the_draws_and_what_lies_near_them)
{
    opened o = {0};
    open_document(&o, document);
    cr_assert(o.view.dated && o.view.zero_date == 20454); /* 2026-01-01 */
    cr_assert(o.t.x_lo < 0 && o.t.x_lo > -20, "%g", o.t.x_lo);  /* a line begun in 2020 does not squeeze the draws */
    cr_assert(o.t.x_hi > 60 && o.t.x_hi < 70, "%g", o.t.x_hi);  /* neither does a scan of 2031 */
    cr_assert_float_eq(o.t.y_lo, 0.01, 1e-12);                  /* least mark 0.08 %, next power of ten below */
    cr_assert_eq(o.t.n_bars, 2);                                /* the line that ended in 2019 is in the table only */
    cr_assert_str_eq(o.t.bar[0].agents, "a + b");
    cr_assert(o.t.bar[0].open && o.t.bar[0].start == o.t.x_lo && o.t.bar[0].end == o.t.x_hi);
    cr_assert_str_eq(o.t.bar[1].agents, "(no agent named)");
    cr_assert_float_eq(o.t.bar[1].start, 59, 0);
    close_document(&o);
}

Test(timeline, an_alarm_finds_its_mark)
{
    opened o = {0};
    open_document(&o, document);
    const cw_series *series = NULL;
    const cw_mark *mark = cw_timeline_alarm_mark(&o.t, &o.view, json_array_get(o.view.alarms, 0), &series);
    cr_assert(mark && series == &o.t.series[0] && mark->day == 60);
    cr_assert_null(cw_timeline_alarm_mark(&o.t, &o.view, json_array_get(o.view.alarms, 1), &series));
    close_document(&o);
}

Test(timeline, without_draws_there_is_nothing_to_draw)
{
    opened o = {0};
    open_document(&o, "{'patient':{'id':'P'},'alterations':[{'id':'x','status':'emerging','points':[]}]}");
    cr_assert(!o.any);
    close_document(&o);
}

Test(timeline, more_lines_than_can_be_told_apart_stay_in_the_tables)
{
    json_t *json = load("{'patient':{'id':'P'},'draws':[{'id':'D1','date':5,'day':5}]}");
    json_t *alterations = json_array();
    for (int i = 0; i < 30; i++)
        json_array_append_new(alterations, json_pack("{s:s, s:s, s:s, s:[{s:s, s:s, s:f}]}", "gene", "G", "name", "x", "status", "stable", "points", "draw", "D1", "state",
                                                     "detected", "vaf", 0.01));
    json_object_set_new(json, "alterations", alterations);
    cw_view view = {0};
    cw_timeline t = {0};
    cw_err err = {0};
    bool any;
    cr_assert_eq(cw_view_open(&view, json, &err), 0);
    cr_assert_eq(cw_timeline_open(&t, &view, &any, &err), 0);
    cr_assert_eq(t.n_series, CW_TIMELINE_SERIES);
    cr_assert_eq(t.left_out, 6);
    for (size_t i = 0; i < t.n_series; i++) /* colour and symbol together never repeat */
        for (size_t k = 0; k < i; k++)
            cr_assert(strcmp(t.series[i].colour, t.series[k].colour) || strcmp(t.series[i].shape, t.series[k].shape));
    cw_timeline_close(&t);
    cw_view_close(&view);
    json_decref(json);
}
