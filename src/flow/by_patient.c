/* SPDX-License-Identifier: MIT */
/* by_patient.c - the rows of draw sheet and events brought together by patient, patients in the order of the sheet. */
#include "flow/track_flow.h"

#include <stdlib.h>
#include <string.h>
#include <htslib/khash.h>

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

static void group_events(const cw_event_sheet *events, cw_by_patient *by, const khash_t(patient) *index, keyed *key, size_t *stray)
{
    size_t n = 0;
    for (size_t i = 0; i < events->n; i++) {
        khint_t k = kh_get(patient, index, events->event[i].patient);
        if (k == kh_end(index)) ++*stray;
        else key[n++] = (keyed){kh_val(index, k), i};
    }
    if (n) qsort(key, n, sizeof *key, by_key);
    for (size_t i = 0; i < n; i++) {
        by->event[i] = events->event[key[i].order];
        if (i == 0 || key[i].patient != key[i - 1].patient) by->event_first[2 * key[i].patient] = i;
        by->event_first[2 * key[i].patient + 1] = i + 1;
    }
}

int cw_by_patient_make(const cw_draw_sheet *draws, const cw_event_sheet *events, cw_by_patient *by, size_t *stray, cw_err *err)
{
    size_t n_events = events ? events->n : 0, most = (draws->n > n_events ? draws->n : n_events) + 1;
    khash_t(patient) *index = kh_init(patient);
    keyed *key = calloc(most, sizeof *key);
    *by = (cw_by_patient){.row = calloc(draws->n + 1, sizeof *by->row), .first = calloc(draws->n + 1, sizeof *by->first),
                          .event = calloc(n_events + 1, sizeof *by->event), .event_first = calloc(2 * draws->n + 2, sizeof *by->event_first)};
    *stray = 0;
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
