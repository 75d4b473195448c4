/* SPDX-License-Identifier: MIT */
/* timeline.h - what the chart of a patient shows, worked out once: series, marks, bars, axes. The interactive chart
 * (timeline_spec.c) and the drawing that needs no script (timeline_svg.c) are made from it. */
#ifndef CW_REPORT_TIMELINE_H
#define CW_REPORT_TIMELINE_H

#include "report/page.h"
#include "report/view.h"

enum { CW_TIMELINE_SERIES = 24 }; /* more than this many lines cannot be told apart; the tables have the rest */

typedef enum cw_mark_state { CW_MARK_DETECTED = 0, CW_MARK_BELOW_LOD, CW_MARK_NOT_DETECTED, CW_MARK_NOT_ASSESSABLE } cw_mark_state;

typedef struct cw_mark {
    const json_t *point, *draw;
    cw_mark_state state;
    double day, y, lo, hi;    /* VAF or, where not detected, LoD, in %; lo and hi NAN: no interval */
} cw_mark;

typedef struct cw_series {
    const json_t *alteration;
    char *name;               /* tame, and unlike every other */
    const char *colour, *shape; /* shape: a Vega symbol */
    bool blood;               /* CHIP or germline: grey, can be switched off */
    cw_mark *mark; size_t n;  /* in order of time */
} cw_series;

typedef struct cw_bar { const json_t *line; char *lane, *agents; double start, end; bool open; } cw_bar;

typedef struct cw_timeline {
    cw_series *series; size_t n_series;
    size_t left_out;          /* alterations beyond CW_TIMELINE_SERIES */
    cw_bar *bar; size_t n_bars;
    double x_lo, x_hi, y_lo, y_hi; /* y in % */
} cw_timeline;

/* False in *any: there is nothing to draw (no draw with a place in time). */
CW_MUST_CHECK int cw_timeline_open(cw_timeline *t, const cw_view *view, bool *any, cw_err *err);
void cw_timeline_close(cw_timeline *t);

/* The mark at which an alarm on an alteration was raised; NULL when the chart does not show it. */
const cw_mark *cw_timeline_alarm_mark(const cw_timeline *t, const cw_view *view, const json_t *alarm, const cw_series **series);

/* Ticks of the fraction's axis: 1, 2, 5 while that stays readable, else powers of ten. Returns the next after v, INFINITY past the end; start with 0. */
double cw_timeline_next_tick(const cw_timeline *t, double v);
/* Alarms that belong to no line of the chart (nodes, the patient as a whole): their names at one day, joined; false when none was first raised then. */
bool cw_timeline_node_alarms(const cw_timeline *t, const cw_view *view, size_t index, cw_text *names);

/* Name of the lane of scans and operations; NULL when there is neither. */
const char *cw_timeline_lane(const cw_view *view);

json_t *cw_timeline_spec(cw_page *page, const cw_timeline *t, const cw_view *view);
void cw_timeline_svg(cw_text *out, const cw_timeline *t, const cw_view *view);
#endif
