/* SPDX-License-Identifier: MIT */
/* view.h - patient.json as the report's writers look at it: one place that knows the names of its fields, which draw a
 * point belongs to, and where a date lies on the axis. Borrowed from the JSON object; nothing is copied. */
#ifndef CW_REPORT_VIEW_H
#define CW_REPORT_VIEW_H

#include <stddef.h>
#include "base/json.h"

typedef struct cw_view {
    const json_t *root, *program, *patient; /* the whole; its members "clonewatch" and "patient" */
    const json_t *lines, *imaging, *surgeries, *facts, *draws, *alterations, *clones, *nodes, *phases, *response, *alarms, *findings, *advice,
        *not_assessable, *notices, *since_previous; /* NULL when absent: json_array_size(NULL) is 0 */
    json_t *by_id;       /* every object with an id: kind -> id -> the object's index */
    bool dated;          /* the axis has calendar dates */
    int64_t zero_date;   /* days since 1970-01-01 at day 0 of the axis, when dated */
    double first_day, last_day; /* of draws; NAN without any */
} cw_view;

CW_MUST_CHECK int cw_view_open(cw_view *view, const json_t *patient, cw_err *err);
void cw_view_close(cw_view *view);

/* Index of an object by id in "draw", "alteration", "clone", "finding", "line", "alarm"; -1 when there is none. */
ptrdiff_t cw_view_find(const cw_view *view, const char *kind, const char *id);
const json_t *cw_view_draw_of(const cw_view *view, const json_t *point); /* NULL: none */

/* A date field ("2026-03-01", a day number, or null) on the axis of draws[].day; NAN when it has no place there. */
double cw_view_day(const cw_view *view, const json_t *date);
/* Where a draw or an alarm lies on the axis: its "day"; NAN when there is none within 270 years. */
double cw_view_at(const json_t *object);
/* "2026-03-01" or "day 84" at a place of the axis; "" for NAN. */
typedef struct cw_day_text { char s[40]; } cw_day_text;
cw_day_text cw_view_day_text(const cw_view *view, double day);
/* Of a draw: both, "2026-03-01 (day 84)", when dated. */
cw_day_text cw_view_draw_text(const cw_view *view, const json_t *draw);

const char *cw_view_name(const json_t *alteration, char *out, size_t size); /* "GENE change" */
/* How many alterations the last draw that is not excluded could assess, of how many that draws follow. */
void cw_view_assessed(const cw_view *view, size_t *n, size_t *of);
const json_t *cw_view_point(const json_t *alteration, const char *draw); /* in the draw of this id; NULL: none */
const json_t *cw_view_last_point(const json_t *alteration);
/* The alarm that an alteration's first_alarm names, else its earliest; NULL: none. */
const json_t *cw_view_first_alarm(const cw_view *view, const json_t *alteration);
bool cw_view_is(const json_t *object, const char *key, const char *word);
/* lo, est, hi of a three-element array; NAN where null or absent. */
typedef struct cw_range { double lo, est, hi; } cw_range;
cw_range cw_view_range(const json_t *object, const char *key);
bool cw_view_of_blood(const json_t *alteration); /* CHIP or germline */
/* Seen or followed: it has a status other than "not detected" and "not assessable", or was detected in some draw, raised an
 * alarm, or is stated by another assay. The rest of the panel is summarised. */
bool cw_view_matters(const json_t *alteration);
/* Membership below .95, as the coverage by agents takes it: the alterations of a clone may be of several clones. */
bool cw_view_may_be_several(const json_t *clone);
/* The evidence that speaks of an alteration: of growth where it was there at baseline, of emergence otherwise. */
double cw_view_ln_e(const json_t *alteration, bool *growth);
/* How much an alteration matters on a page: lower first. */
int cw_view_rank(const json_t *alteration);
#endif
