/* SPDX-License-Identifier: MIT */
/* tsv.c - series.tsv, clones.tsv, findings.tsv and a line of cohort.tsv. Their columns are declared in the .def files. */
#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/rows.h"
#include "report/view.h"
#include "report/words.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
enum { NAME_SIZE = 400, REASON_SIZE = 600 };

#define CW_COLUMN(name, meaning) #name,
static const char *const series_columns[] = {
#include "report/series.def"
};
static const char *const clones_columns[] = {
#include "report/clones.def"
};
static const char *const findings_columns[] = {
#include "report/findings.def"
};
static const char *const cohort_columns[] = {
#include "report/cohort.def"
};
#undef CW_COLUMN

#define CW_COLUMN(name, meaning) SERIES_##name,
enum {
#include "report/series.def"
};
#undef CW_COLUMN
#define CW_COLUMN(name, meaning) CLONES_##name,
enum {
#include "report/clones.def"
};
#undef CW_COLUMN
#define CW_COLUMN(name, meaning) FINDINGS_##name,
enum {
#include "report/findings.def"
};
#undef CW_COLUMN
#define CW_COLUMN(name, meaning) COHORT_##name,
enum {
#include "report/cohort.def"
};
#undef CW_COLUMN

static void put(cw_rows *rows, size_t column, const json_t *object, const char *key) { cw_rows_value(rows, column, json_object_get(object, key)); }

static void put_list(cw_rows *rows, size_t column, const json_t *list)
{
    size_t i;
    json_t *word;
    json_array_foreach((json_t *)list, i, word)
        if (json_is_string(word)) cw_rows_add(rows, column, json_string_value(word));
}

/* The line to which a draw counts, as in the growth of patient.json: the last one begun before its day. A draw on the day on which a line
 * starts is its baseline. */
static const char *line_at(const cw_view *view, double day)
{
    const char *id = "";
    double best = -INFINITY;
    size_t i;
    json_t *line;
    json_array_foreach((json_t *)view->lines, i, line) {
        double start = cw_view_day(view, json_object_get(line, "start"));
        if (start < day && start >= best) id = cw_json_get_string(line, "id"), best = start;
    }
    return id;
}

/* The model that the draw was judged against, and whether it is the built-in one: patient.backgrounds, by assay level. */
static const char *background_at(const cw_view *view, const json_t *draw, char *text, size_t size)
{
    size_t i;
    json_t *set;
    *text = '\0';
    json_array_foreach(json_object_get(view->patient, "backgrounds"), i, set) {
        if (strcmp(cw_json_get_string(set, "level"), cw_json_get_string(draw, "level"))) continue;
        snprintf(text, size, "%s%s", cw_json_get_string(set, "model"), cw_json_get_bool(set, "is_default", false) ? " (built-in)" : "");
    }
    return text;
}

static void series_row(cw_rows *rows, const cw_view *view, const json_t *alteration, const json_t *point)
{
    static const struct { int column; const char *key; } of_alteration[] = {
        {SERIES_alteration, "id"}, {SERIES_gene, "gene"}, {SERIES_name, "name"}, {SERIES_type, "type"}, {SERIES_role, "role"},
        {SERIES_node, "node"}, {SERIES_origin, "origin"}, {SERIES_baseline, "baseline"}, {SERIES_status, "status"}};
    static const struct { int column; const char *key; } of_draw[] = {{SERIES_sample, "sample"}, {SERIES_date, "date"}, {SERIES_day, "day"}};
    static const struct { int column; const char *key; } of_point[] = {
        {SERIES_draw, "draw"}, {SERIES_ref, "ref"}, {SERIES_alt, "alt"}, {SERIES_other, "other"}, {SERIES_vaf, "vaf"}, {SERIES_vaf_lo, "lo"},
        {SERIES_vaf_hi, "hi"}, {SERIES_lod, "lod"}, {SERIES_lod_alarm, "lod_alarm"}, {SERIES_state, "state"}, {SERIES_per_ml, "per_ml"},
        {SERIES_per_ml_lo, "per_ml_lo"}, {SERIES_per_ml_hi, "per_ml_hi"}, {SERIES_filters, "filters"}, {SERIES_k_star, "k_star"}, {SERIES_ln_e, "ln_e"},
        {SERIES_ln_e_growth, "ln_e_growth"}, {SERIES_ln_bf, "ln_bf"}, {SERIES_ln_bf_strand, "ln_bf_strand"}};
    const json_t *draw = cw_view_draw_of(view, point);
    char reason[REASON_SIZE], background[160];
    put(rows, SERIES_patient, view->patient, "id");
    for (size_t i = 0; i < COUNT(of_alteration); i++) put(rows, (size_t)of_alteration[i].column, alteration, of_alteration[i].key);
    for (size_t i = 0; i < COUNT(of_draw); i++) put(rows, (size_t)of_draw[i].column, draw, of_draw[i].key);
    for (size_t i = 0; i < COUNT(of_point); i++) put(rows, (size_t)of_point[i].column, point, of_point[i].key);
    cw_rows_string(rows, SERIES_line, line_at(view, cw_view_at(draw)));
    if (cw_json_get_bool(draw, "excluded", false)) put(rows, SERIES_excluded, draw, "exclude_reason");
    put(rows, SERIES_ln_threshold, json_object_get(alteration, "evidence"), "ln_threshold");
    cw_rows_string(rows, SERIES_reason, cw_words_reason(view, alteration, point, reason, sizeof reason));
    cw_rows_string(rows, SERIES_background, background_at(view, draw, background, sizeof background));
    cw_rows_end(rows);
}

static void fill_series(cw_rows *rows, const cw_view *view)
{
    size_t i, k;
    json_t *alteration, *point;
    json_array_foreach((json_t *)view->alterations, i, alteration)
        json_array_foreach(json_object_get(alteration, "points"), k, point) series_row(rows, view, alteration, point);
}

/* Alterations of a clone: their ids and names, and the earliest alarm of any. */
static const json_t *clone_members(cw_rows *rows, const cw_view *view, const json_t *clone)
{
    const json_t *first = NULL;
    size_t i;
    json_t *id;
    json_array_foreach(json_object_get(clone, "alterations"), i, id) {
        char name[NAME_SIZE];
        const char *text = json_string_value(id);
        ptrdiff_t at = text ? cw_view_find(view, "alteration", text) : -1;
        if (text) cw_rows_add(rows, CLONES_alterations, text);
        if (at < 0) continue;
        const json_t *alteration = json_array_get(view->alterations, (size_t)at), *alarm = cw_view_first_alarm(view, alteration);
        cw_rows_add(rows, CLONES_names, cw_view_name(alteration, name, sizeof name));
        if (alarm && (!first || cw_view_at(alarm) < cw_view_at(first))) first = alarm;
    }
    return first;
}

static void clone_row(cw_rows *rows, const cw_view *view, const json_t *clone)
{
    cw_range doubling = cw_view_range(clone, "doubling_days");
    const json_t *trajectory = json_object_get(clone, "trajectory"), *alarm = clone_members(rows, view, clone);
    put(rows, CLONES_patient, view->patient, "id");
    put(rows, CLONES_clone, clone, "id");
    put(rows, CLONES_status, clone, "status");
    cw_rows_real(rows, CLONES_doubling_lo, doubling.lo);
    cw_rows_real(rows, CLONES_doubling, doubling.est);
    cw_rows_real(rows, CLONES_doubling_hi, doubling.hi);
    put(rows, CLONES_co_membership, clone, "co_membership");
    put(rows, CLONES_order, clone, "order");
    put(rows, CLONES_first_alarm_day, alarm, "day");
    put(rows, CLONES_first_alarm_date, alarm, "date");
    for (size_t d = 0; d < json_array_size(view->draws) && d < json_array_size(trajectory); d++) {
        char day[32] = "NA", vaf[32] = "NA", pair[80];
        double at = cw_view_at(json_array_get(view->draws, d));
        const json_t *value = json_array_get(trajectory, d);
        if (isfinite(at)) snprintf(day, sizeof day, "%.10g", at);
        if (json_is_number(value)) snprintf(vaf, sizeof vaf, "%.10g", json_number_value(value));
        snprintf(pair, sizeof pair, "%s=%s", day, vaf);
        cw_rows_add(rows, CLONES_trajectory, pair);
    }
    cw_rows_end(rows);
}

static void fill_clones(cw_rows *rows, const cw_view *view)
{
    size_t i;
    json_t *clone;
    json_array_foreach((json_t *)view->clones, i, clone) clone_row(rows, view, clone);
}

static void fill_findings(cw_rows *rows, const cw_view *view)
{
    static const struct { int column; const char *key; } of_finding[] = {
        {FINDINGS_finding, "id"}, {FINDINGS_alteration, "alteration"}, {FINDINGS_clone, "clone"}, {FINDINGS_rule, "rule"},
        {FINDINGS_mechanism, "mechanism"}, {FINDINGS_node, "node"}, {FINDINGS_explains_line, "explains_line"}, {FINDINGS_review, "review"},
        {FINDINGS_statement, "statement"}};
    size_t i;
    json_t *finding;
    json_array_foreach((json_t *)view->findings, i, finding) {
        char name[NAME_SIZE];
        ptrdiff_t at = cw_view_find(view, "alteration", cw_json_get_string(finding, "alteration"));
        put(rows, FINDINGS_patient, view->patient, "id");
        for (size_t k = 0; k < COUNT(of_finding); k++) put(rows, (size_t)of_finding[k].column, finding, of_finding[k].key);
        if (at >= 0) cw_rows_string(rows, FINDINGS_name, cw_view_name(json_array_get(view->alterations, (size_t)at), name, sizeof name));
        put(rows, FINDINGS_level_scheme, json_object_get(finding, "level"), "scheme");
        put(rows, FINDINGS_level, json_object_get(finding, "level"), "value");
        put_list(rows, FINDINGS_citations, json_object_get(finding, "citations"));
        put_list(rows, FINDINGS_conditions, json_object_get(finding, "conditions"));
        cw_rows_end(rows);
    }
}

static int write_table(const json_t *patient, const char *const *columns, size_t n, void (*fill)(cw_rows *, const cw_view *), const char *path, cw_err *err)
{
    cw_rows rows = {0};
    cw_view view = {0};
    int status = cw_view_open(&view, patient, err);
    if (status == 0) status = cw_rows_open(&rows, columns, n, "NA", err);
    if (status == 0) {
        cw_rows_header(&rows);
        fill(&rows, &view);
        status = cw_rows_write(&rows, path, err);
    }
    cw_rows_close(&rows);
    cw_view_close(&view);
    return status;
}

int cw_report_series_tsv(const json_t *patient, const char *path, cw_err *err) { return write_table(patient, series_columns, COUNT(series_columns), fill_series, path, err); }
int cw_report_clones_tsv(const json_t *patient, const char *path, cw_err *err) { return write_table(patient, clones_columns, COUNT(clones_columns), fill_clones, path, err); }
int cw_report_findings_tsv(const json_t *patient, const char *path, cw_err *err) { return write_table(patient, findings_columns, COUNT(findings_columns), fill_findings, path, err); }

static void cohort_alarms(cw_rows *rows, const cw_view *view)
{
    int64_t alerts = 0, confirmed = 0;
    const json_t *first = NULL;
    size_t i;
    json_t *alarm;
    json_array_foreach((json_t *)view->alarms, i, alarm) {
        alerts += cw_view_is(alarm, "level", "alert");
        confirmed += cw_view_is(alarm, "level", "confirmed");
        if (!first || cw_view_at(alarm) < cw_view_at(first)) first = alarm;
    }
    cw_rows_int(rows, COHORT_alerts, alerts);
    cw_rows_int(rows, COHORT_confirmed, confirmed);
    put(rows, COHORT_first_alarm_date, first, "date");
}

static void cohort_alterations(cw_rows *rows, const cw_view *view)
{
    double lead = NAN;
    size_t i;
    json_t *alteration;
    json_array_foreach((json_t *)view->alterations, i, alteration) {
        char name[NAME_SIZE];
        double days = cw_json_get_real(alteration, "lead_days");
        if (cw_view_is(alteration, "status", "emerging")) cw_rows_add(rows, COHORT_emerging, cw_view_name(alteration, name, sizeof name));
        if (cw_view_is(alteration, "status", "expanding") && !cw_view_of_blood(alteration)) cw_rows_add(rows, COHORT_expanding, cw_view_name(alteration, name, sizeof name));
        if (!(lead >= days) && isfinite(days)) lead = days;
    }
    cw_rows_real(rows, COHORT_lead_days, lead);
}

static void cohort_advice(cw_rows *rows, const cw_view *view)
{
    size_t i;
    json_t *advice;
    json_array_foreach((json_t *)view->advice, i, advice) {
        if (!cw_view_is(advice, "verdict", "points_to") || cw_json_get_bool(advice, "contradicted", false) || cw_view_is(advice, "review", "unreviewed")) continue;
        const json_t *level = json_object_get(advice, "level");
        char text[NAME_SIZE];
        snprintf(text, sizeof text, "%s %s", cw_json_get_string(level, "scheme"), cw_json_get_string(level, "value"));
        put(rows, COHORT_top_advice, advice, "agent");
        cw_rows_string(rows, COHORT_top_advice_level, text);
        return;
    }
}

static void cohort_patient(cw_rows *rows, const cw_view *view)
{
    int64_t excluded = 0;
    size_t i;
    json_t *draw;
    json_array_foreach((json_t *)view->draws, i, draw) excluded += cw_json_get_bool(draw, "excluded", false);
    put(rows, COHORT_patient, view->patient, "id");
    put(rows, COHORT_tumour_type, view->patient, "tumour_type");
    if (!json_array_size(view->draws)) return; /* never judged: no count, not a count of nothing */
    cw_rows_int(rows, COHORT_draws, (int64_t)json_array_size(view->draws));
    cw_rows_int(rows, COHORT_excluded, excluded);
    put(rows, COHORT_last_draw, json_array_get(view->draws, json_array_size(view->draws) - 1), "date");
    cohort_alarms(rows, view);
    cohort_alterations(rows, view);
    put(rows, COHORT_mixed_response, view->response, "mixed");
    put(rows, COHORT_molecular_response, view->response, "molecular");
    cohort_advice(rows, view);
    size_t assessed, followed;
    cw_view_assessed(view, &assessed, &followed);
    cw_rows_int(rows, COHORT_assessed, (int64_t)assessed);
    cw_rows_int(rows, COHORT_followed, (int64_t)followed);
}

static int append(char **text, size_t *n, const cw_text *more, cw_err *err)
{
    char *grown = realloc(*text, *n + more->n + 1);
    if (!grown) return cw_err_nomem(err);
    memcpy(grown + *n, cw_text_string(more), more->n + 1);
    *text = grown;
    *n += more->n;
    return 0;
}

int cw_report_cohort_line(const json_t *patient, const char *state, const char *reason, char **text, size_t *n, cw_err *err)
{
    cw_rows rows = {0};
    cw_view view = {0};
    int status = cw_rows_open(&rows, cohort_columns, COUNT(cohort_columns), "NA", err);
    if (status == 0 && patient) status = cw_view_open(&view, patient, err);
    if (status == 0 && patient) {
        cohort_patient(&rows, &view);
        cw_rows_string(&rows, COHORT_state, state ? state : "");
        cw_rows_string(&rows, COHORT_reason, reason ? reason : "");
        cw_rows_end(&rows);
    } else if (status == 0) {
        cw_rows_header(&rows);
    }
    if (status == 0) status = cw_rows_failed(&rows, err);
    if (status == 0) status = append(text, n, &rows.out, err);
    cw_view_close(&view);
    cw_rows_close(&rows);
    return status;
}
