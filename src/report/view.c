/* SPDX-License-Identifier: MIT */
/* view.c - patient.json as the report's writers look at it. */
#include "report/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <clonewatch/panel.h>
#include "base/parse.h"

static const json_t *member(const json_t *o, const char *key, json_type type)
{
    const json_t *v = json_object_get(o, key);
    return v && json_typeof(v) == type ? v : NULL;
}

/* The first of several objects with one id keeps it. */
static int index_ids(cw_view *view, const char *kind, const json_t *list, cw_err *err)
{
    size_t i;
    json_t *o, *of_kind = json_object();
    if (!of_kind || json_object_set_new(view->by_id, kind, of_kind) != 0) return cw_err_nomem(err);
    json_array_foreach((json_t *)list, i, o) {
        const char *id = cw_json_get_string(o, "id");
        if (*id && !json_object_get(of_kind, id) && json_object_set_new(of_kind, id, json_integer((json_int_t)i)) != 0) return cw_err_nomem(err);
    }
    return 0;
}

enum { LONGEST_SERIES_DAYS = 100000 }; /* a day that no sheet can hold would stretch the axis beyond what its ticks can count: it is no day */

double cw_view_at(const json_t *object)
{
    double day = cw_json_get_real(object, "day");
    return fabs(day) <= LONGEST_SERIES_DAYS ? day : NAN;
}

/* The axis runs in draws[].day; a draw that has both says where calendar dates lie on it. */
static void find_axis(cw_view *view)
{
    size_t i;
    json_t *draw;
    view->first_day = view->last_day = NAN;
    json_array_foreach((json_t *)view->draws, i, draw) {
        double day = cw_view_at(draw);
        int64_t date;
        if (!isfinite(day)) continue;
        if (!(view->first_day <= day)) view->first_day = day;
        if (!(view->last_day >= day)) view->last_day = day;
        if (!view->dated && cw_parse_date(cw_json_get_string(draw, "date"), &date)) {
            view->dated = true;
            view->zero_date = date - (int64_t)llround(day);
        }
    }
}

/* Lists that may not hold anything else than objects: a writer then never meets a surprise. */
static int check_lists(const cw_view *view, cw_err *err)
{
    const json_t *lists[] = {view->lines, view->imaging, view->surgeries, view->facts, view->draws, view->alterations, view->clones, view->nodes, view->phases,
                             view->alarms, view->findings, view->advice, view->not_assessable};
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        size_t i;
        json_t *o;
        json_array_foreach((json_t *)lists[l], i, o)
            if (!json_is_object(o)) return cw_err_set(err, CW_EFORMAT, "element %zu of a list is no object; this is no patient.json", i);
    }
    return 0;
}

int cw_view_open(cw_view *view, const json_t *patient, cw_err *err)
{
    memset(view, 0, sizeof *view);
    view->root = patient;
    view->program = member(patient, "clonewatch", JSON_OBJECT);
    view->patient = member(patient, "patient", JSON_OBJECT);
    if (!view->patient) return cw_err_set(err, CW_EFORMAT, "there is no object 'patient'; this is no patient.json");
    view->response = member(patient, "response", JSON_OBJECT);
    const struct { const char *key; const json_t **list; } lists[] = {
        {"lines", &view->lines}, {"imaging", &view->imaging}, {"surgeries", &view->surgeries}, {"facts", &view->facts}, {"draws", &view->draws}, {"alterations", &view->alterations},
        {"clones", &view->clones}, {"nodes", &view->nodes}, {"phases", &view->phases}, {"alarms", &view->alarms}, {"findings", &view->findings},
        {"advice", &view->advice}, {"not_assessable", &view->not_assessable}, {"notices", &view->notices}, {"since_previous", &view->since_previous}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) *lists[i].list = member(patient, lists[i].key, JSON_ARRAY);
    int status = check_lists(view, err);
    if (status < 0) return status;
    find_axis(view);
    view->by_id = json_object();
    if (!view->by_id) return cw_err_nomem(err);
    const struct { const char *kind; const json_t *list; } kinds[] = {{"draw", view->draws}, {"alteration", view->alterations}, {"clone", view->clones},
                                                                      {"finding", view->findings}, {"line", view->lines}, {"alarm", view->alarms}};
    for (size_t i = 0; status == 0 && i < sizeof kinds / sizeof *kinds; i++) status = index_ids(view, kinds[i].kind, kinds[i].list, err);
    return status;
}

void cw_view_close(cw_view *view)
{
    json_decref(view->by_id);
    view->by_id = NULL;
}

ptrdiff_t cw_view_find(const cw_view *view, const char *kind, const char *id)
{
    return (ptrdiff_t)cw_json_get_int(json_object_get(view->by_id, kind), id, -1);
}

const json_t *cw_view_draw_of(const cw_view *view, const json_t *point)
{
    ptrdiff_t i = cw_view_find(view, "draw", cw_json_get_string(point, "draw"));
    return i < 0 ? NULL : json_array_get(view->draws, (size_t)i);
}

double cw_view_day(const cw_view *view, const json_t *date)
{
    int64_t day;
    if (json_is_number(date)) return view->dated || !(fabs(json_number_value(date)) <= LONGEST_SERIES_DAYS) ? NAN : json_number_value(date);
    if (json_is_string(date) && view->dated && cw_parse_date(json_string_value(date), &day)) return (double)(day - view->zero_date);
    return NAN;
}

cw_day_text cw_view_day_text(const cw_view *view, double day)
{
    cw_day_text text = {""};
    if (!isfinite(day) || fabs(day) > 2 * LONGEST_SERIES_DAYS) return text;
    int64_t date = view->zero_date + llround(day);
    if (view->dated && date > -25568 && date < 84006) cw_format_date(date, text.s); /* 1900 to 2199 */
    else snprintf(text.s, sizeof text.s, "day %g", day);
    return text;
}

cw_day_text cw_view_draw_text(const cw_view *view, const json_t *draw)
{
    double day = cw_view_at(draw);
    cw_day_text text = cw_view_day_text(view, day);
    size_t n = strlen(text.s);
    if (view->dated && n) snprintf(text.s + n, sizeof text.s - n, " (day %g)", day);
    return text;
}

const char *cw_view_name(const json_t *alteration, char *out, size_t size)
{
    const char *gene = cw_json_get_string(alteration, "gene"), *name = cw_json_get_string(alteration, "name");
    gene = cw_gene_before(gene, name);
    snprintf(out, size, "%s%s%s", gene, *gene && *name ? " " : "", *gene || *name ? name : cw_json_get_string(alteration, "id"));
    return out;
}

const json_t *cw_view_point(const json_t *alteration, const char *draw)
{
    size_t i;
    json_t *point;
    json_array_foreach(json_object_get(alteration, "points"), i, point)
        if (cw_view_is(point, "draw", draw)) return point;
    return NULL;
}

const json_t *cw_view_last_point(const json_t *alteration)
{
    const json_t *points = member(alteration, "points", JSON_ARRAY);
    size_t n = json_array_size(points);
    return n ? json_array_get(points, n - 1) : NULL;
}

const json_t *cw_view_first_alarm(const cw_view *view, const json_t *alteration)
{
    ptrdiff_t named = cw_view_find(view, "alarm", cw_json_get_string(json_object_get(alteration, "first_alarm"), "alarm"));
    if (named >= 0) return json_array_get(view->alarms, (size_t)named);
    const char *id = cw_json_get_string(alteration, "id");
    const json_t *first = NULL;
    size_t i;
    json_t *alarm;
    json_array_foreach((json_t *)view->alarms, i, alarm)
        if (*id && cw_view_is(alarm, "what", id) && (!first || cw_view_at(alarm) < cw_view_at(first))) first = alarm;
    return first;
}

bool cw_view_is(const json_t *object, const char *key, const char *word) { return !strcmp(cw_json_get_string(object, key), word); }

static double number(const json_t *v) { return json_is_number(v) ? json_number_value(v) : NAN; }

cw_range cw_view_range(const json_t *object, const char *key)
{
    const json_t *v = member(object, key, JSON_ARRAY);
    return (cw_range){number(json_array_get(v, 0)), number(json_array_get(v, 1)), number(json_array_get(v, 2))};
}

bool cw_view_may_be_several(const json_t *clone) { return cw_json_get_real(clone, "co_membership") < .95; }

bool cw_view_matters(const json_t *alteration)
{
    size_t i;
    json_t *point;
    if (!cw_view_is(alteration, "status", "not_detected") && !cw_view_is(alteration, "status", "not_assessable")) return true;
    if (json_is_object(json_object_get(alteration, "first_alarm")) || *cw_json_get_string(alteration, "stated_by")) return true;
    json_array_foreach(json_object_get(alteration, "points"), i, point)
        if (cw_view_is(point, "state", "detected")) return true;
    return false;
}

double cw_view_ln_e(const json_t *alteration, bool *growth)
{
    const json_t *e = json_object_get(alteration, "evidence");
    double emergence = cw_json_get_real(e, "ln_e"), rise = cw_json_get_real(e, "ln_e_growth");
    *growth = isfinite(rise) && (cw_view_is(alteration, "baseline", "present") || !isfinite(emergence));
    return *growth ? rise : emergence;
}

bool cw_view_of_blood(const json_t *alteration) { return cw_view_is(alteration, "origin", "chip") || cw_view_is(alteration, "origin", "germline"); }

int cw_view_rank(const json_t *alteration)
{
    static const char *const order[] = {"emerging", "expanding", "watch", "stable", "falling", "cleared", "not_assessable", "not_detected"};
    int rank = (int)(sizeof order / sizeof *order);
    for (int i = 0; i < rank; i++)
        if (cw_view_is(alteration, "status", order[i])) rank = i;
    bool decoy = cw_view_of_blood(alteration);
    return rank * 2 + decoy;
}

void cw_view_assessed(const cw_view *view, size_t *n, size_t *of)
{
    size_t i;
    json_t *object;
    const char *last = NULL;
    *n = *of = 0;
    json_array_foreach((json_t *)view->draws, i, object)
        if (!cw_json_get_bool(object, "excluded", false)) last = cw_json_get_string(object, "id");
    json_array_foreach((json_t *)view->alterations, i, object) {
        size_t k;
        json_t *point;
        *of += json_array_size(json_object_get(object, "points")) > 0;
        json_array_foreach(json_object_get(object, "points"), k, point)
            if (last && cw_view_is(point, "draw", last)) *n += cw_view_is(point, "state", "detected") || cw_view_is(point, "state", "below_lod") || cw_view_is(point, "state", "not_detected");
    }
}
