/* SPDX-License-Identifier: MIT */
/* by_patient.c - the rows of draw sheet and events brought together by patient, patients in the order of the sheet. */
#include "flow/by_patient.h"

#include <stdlib.h>
#include <string.h>
#include <htslib/khash.h>
#include "base/out.h"
#include "base/parse.h"

KHASH_MAP_INIT_STR(patient, size_t)

typedef struct keyed { size_t patient, order; } keyed;

static int by_key(const void *pa, const void *pb)
{
    const keyed *a = pa, *b = pb;
    if (a->patient != b->patient) return a->patient < b->patient ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static int group_rows(const cw_draw_sheet *draws, cw_by_patient *by, khash_t(patient) *index, keyed *key)
{
    for (size_t i = 0; i < draws->n; i++) {
        int put;
        khint_t k = kh_put(patient, index, draws->row[i].patient, &put);
        if (put < 0) return CW_ENOMEM;
        if (put) kh_val(index, k) = by->n++;
        key[i] = (keyed){kh_val(index, k), i};
    }
    if (draws->n) qsort(key, draws->n, sizeof *key, by_key);
    for (size_t i = 0; i < draws->n; i++) {
        by->row[i] = &draws->row[key[i].order];
        if (i == 0 || key[i].patient != key[i - 1].patient) by->first[key[i].patient] = i;
    }
    by->first[by->n] = draws->n;
    return 0;
}

static void group_events(const cw_event_sheet *events, cw_by_patient *by, const khash_t(patient) *index, keyed *key, cw_stray *stray)
{
    size_t n = 0;
    for (size_t i = 0; i < events->n; i++) {
        khint_t k = kh_get(patient, index, events->event[i].patient);
        if (k == kh_end(index) && !stray->n++) stray->first = &events->event[i];
        else if (k == kh_end(index)) continue;
        else key[n++] = (keyed){kh_val(index, k), i};
    }
    if (n) qsort(key, n, sizeof *key, by_key);
    for (size_t i = 0; i < n; i++) {
        by->event[i] = events->event[key[i].order];
        if (i == 0 || key[i].patient != key[i - 1].patient) by->event_first[2 * key[i].patient] = i;
        by->event_first[2 * key[i].patient + 1] = i + 1;
    }
}

int cw_by_patient_make(const cw_draw_sheet *draws, const cw_event_sheet *events, cw_by_patient *by, cw_stray *stray, cw_err *err)
{
    size_t n_events = events ? events->n : 0, most = (draws->n > n_events ? draws->n : n_events) + 1;
    khash_t(patient) *index = kh_init(patient);
    keyed *key = calloc(most, sizeof *key);
    *by = (cw_by_patient){.row = calloc(draws->n + 1, sizeof *by->row), .first = calloc(draws->n + 1, sizeof *by->first),
                          .event = calloc(n_events + 1, sizeof *by->event), .event_first = calloc(2 * draws->n + 2, sizeof *by->event_first)};
    *stray = (cw_stray){0};
    int status = index && key && by->row && by->first && by->event && by->event_first ? 0 : CW_ENOMEM;
    if (status == 0) status = group_rows(draws, by, index, key);
    if (status == 0 && events) group_events(events, by, index, key, stray);
    if (index) kh_destroy(patient, index);
    free(key);
    if (status < 0) {
        cw_by_patient_release(by);
        return cw_err_nomem(err);
    }
    return 0;
}

void cw_by_patient_release(cw_by_patient *by)
{
    free(by->row);
    free(by->first);
    free(by->event);
    free(by->event_first);
    memset(by, 0, sizeof *by);
}

static const char *kind(const cw_day *d) { return d->is_date ? "calendar date" : "day number"; }

int cw_by_patient_check_dates(const cw_by_patient *by, size_t i, const char *draws, const char *events, cw_err *err)
{
    const cw_draw_row *dated = NULL;
    for (size_t k = by->first[i]; k < by->first[i + 1] && !dated; k++)
        if (by->row[k]->date.known) dated = by->row[k];
    for (size_t k = by->event_first[2 * i]; dated && k < by->event_first[2 * i + 1]; k++) {
        const cw_event *e = &by->event[k];
        if (e->start.is_date != dated->date.is_date)
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: START_DATE is a %s, but date in %s:%zu is a %s; use one kind in both sheets", events, e->line, kind(&e->start), draws,
                              dated->line, kind(&dated->date));
    }
    return 0;
}

/* ---- names ---- */

typedef struct file_name { char text[256]; const char *id; size_t line; } file_name; /* text first: sorted by strcmp */

static int by_text(const void *a, const void *b)
{
    int c = strcmp(((const file_name *)a)->text, ((const file_name *)b)->text);
    const size_t x = ((const file_name *)a)->line, y = ((const file_name *)b)->line;
    return c ? c : x < y ? -1 : x > y;
}

/* Two ids that become one file name would overwrite each other's results. Names are compared without case: some disks do. */
static int check_names(file_name *v, size_t n, const char *column, const char *path, cw_err *err)
{
    for (size_t i = 0; i < n; i++) {
        if (cw_safe_name(v[i].id, v[i].text, sizeof v[i].text, err) < 0) return cw_err_prefix(err, "%s:%zu: column '%s'", path, v[i].line, column);
        for (char *c = v[i].text; *c; c++) *c = cw_ascii_lower(*c);
    }
    qsort(v, n, sizeof *v, by_text);
    for (size_t i = 1; i < n; i++)
        if (!strcmp(v[i].text, v[i - 1].text))
            return v[i - 1].line ? cw_err_set(err, CW_EREFUSED, "%s:%zu: column '%s': '%s' and '%s' would write to the same file; rename one of them", path, v[i].line, column,
                                          v[i - 1].id, v[i].id)
                             : cw_err_set(err, CW_EREFUSED, "%s:%zu: column '%s': '%s' is the name of a file of the output folder; rename it", path, v[i].line, column, v[i].id);
    return 0;
}

int cw_by_patient_check_names(const cw_by_patient *by, const char *path, cw_err *err)
{
    static const char *const own[] = {"cohort.tsv", "audit.jsonl"}; /* what OUT itself holds */
    size_t rows = by->first[by->n];
    file_name *v = calloc(by->n + rows + 2, sizeof *v);
    if (!v) return cw_err_nomem(err);
    size_t n = 0;
    for (size_t i = 0; i < by->n; i++) v[n++] = (file_name){.id = by->row[by->first[i]]->patient, .line = by->row[by->first[i]]->line};
    for (size_t i = 0; i < 2; i++) v[n++] = (file_name){.id = own[i]};
    int status = check_names(v, n, "patient", path, err);
    for (size_t i = 0; status == 0 && i < by->n; i++) {
        n = 0;
        for (size_t k = by->first[i]; k < by->first[i + 1]; k++) v[n++] = (file_name){.id = by->row[k]->sample, .line = by->row[k]->line};
        status = check_names(v, n, "sample", path, err);
    }
    free(v);
    return status;
}
