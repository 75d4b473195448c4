/* SPDX-License-Identifier: MIT */
/* by_patient.h - the rows of draw sheet and events brought together by patient. */
#ifndef CW_FLOW_BY_PATIENT_H
#define CW_FLOW_BY_PATIENT_H

#include <stddef.h>
#include <clonewatch/draw.h>
#include <clonewatch/error.h>

typedef struct cw_by_patient {
    const cw_draw_row **row;                       /* grouped by patient, sheet order inside */
    size_t *first; size_t n;                       /* patient i: row[first[i] .. first[i + 1]) */
    cw_event *event; size_t *event_first;          /* patient i: event[event_first[2 i] .. event_first[2 i + 1]) */
} cw_by_patient;
/* Events of patients without draws: how many, and the first. */
typedef struct cw_stray { size_t n; const cw_event *first; } cw_stray;

/* events may be NULL. An event of a patient without draws is left out, and told in *stray. */
CW_MUST_CHECK int cw_by_patient_make(const cw_draw_sheet *draws, const cw_event_sheet *events, cw_by_patient *by, cw_stray *stray, cw_err *err);
/* Patient i: an error, with both rows, when an event's date is of another kind than the draws' dates. */
CW_MUST_CHECK int cw_by_patient_check_dates(const cw_by_patient *by, size_t i, const char *draws, const char *events, cw_err *err);
/* Refuses, with the row, ids that cannot be file names and ids that would become the same one. */
CW_MUST_CHECK int cw_by_patient_check_names(const cw_by_patient *by, const char *path, cw_err *err);
void cw_by_patient_release(cw_by_patient *by);
#endif
