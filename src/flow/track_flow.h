/* SPDX-License-Identifier: MIT */
/* track_flow.h - draw sheet + events + calls -> one folder per patient. Patients are worked off one after the other: memory holds the
 * sheets and one patient. */
#ifndef CW_FLOW_TRACK_FLOW_H
#define CW_FLOW_TRACK_FLOW_H

#include <clonewatch/patient.h>
#include <clonewatch/knowledge.h>
#include "base/log.h"
#include "track/track.h"

typedef struct cw_track_flow_conf {
    const char *draws, *events;   /* sheets; events may be NULL */
    const char *panel_dir;        /* NULL: none */
    const char *out;              /* folder */
    const char *previous;         /* patient.json, or a folder laid out as `out`; NULL: none */
    const char *command_line;     /* provenance; NULL: left out */
    bool html;                    /* write report.html too */
    cw_track_conf track;
} cw_track_flow_conf;
void cw_track_flow_conf_default(cw_track_flow_conf *conf);

/* Everything: OUT/<patient>/{patient.json,series.tsv,clones.tsv,findings.tsv}, OUT/cohort.tsv. A patient that fails does not stop the
 * others: it is listed in cohort.tsv with its reason, *failed counts it, also when it is blocked by another person's draw. */
CW_MUST_CHECK int cw_flow_track(const cw_track_flow_conf *conf, size_t *failed, const cw_log *log, cw_err *err);

/* The parts that other flows share. */
typedef struct cw_patient_job {
    const char *patient;
    const cw_draw_row *const *row; size_t n_rows;  /* all rows of this patient, in the order of the sheet */
    const cw_calls *const *calls;                  /* [n_rows]; NULL: none */
    const cw_event *events; size_t n_events;       /* of this patient */
    const cw_panel *panel;                         /* may be NULL */
    const cw_knowledge *knowledge;                 /* may be NULL */
    const cw_patient *previous;                    /* may be NULL */
    struct cw_track_cache *cache;                  /* may be NULL */
    const char *command_line;
    const cw_track_conf *track;
} cw_patient_job;

/* Calls of all draws -> the whole patient, advice included. */
CW_MUST_CHECK int cw_flow_patient(const cw_patient_job *job, cw_patient *patient, const cw_log *log, cw_err *err);
/* patient.json, series.tsv, clones.tsv, findings.tsv and, when asked, report.html into folder. *line (may be NULL) gets the patient's line of cohort.tsv appended. */
CW_MUST_CHECK int cw_flow_write_patient(const cw_patient *patient, const char *folder, bool html, char **line, size_t *n_line, cw_err *err);

/* The rows of a sheet by patient. */
typedef struct cw_by_patient {
    const cw_draw_row **row;                       /* grouped by patient, sheet order inside */
    size_t *first; size_t n;                       /* patient i: row[first[i] .. first[i + 1]) */
    cw_event *event; size_t *event_first;          /* patient i: event[event_first[2 i] .. event_first[2 i + 1]) */
} cw_by_patient;
/* events may be NULL. An event of a patient without draws is left out; *stray counts these. */
CW_MUST_CHECK int cw_by_patient_make(const cw_draw_sheet *draws, const cw_event_sheet *events, cw_by_patient *by, size_t *stray, cw_err *err);
/* Patient i: an error, with both rows, when an event's date is of another kind than the draws' dates. */
CW_MUST_CHECK int cw_by_patient_check_dates(const cw_by_patient *by, size_t i, const char *draws, const char *events, cw_err *err);
/* Refuses, with the row, ids that cannot be file names and ids that would become the same one. */
CW_MUST_CHECK int cw_by_patient_check_names(const cw_by_patient *by, const char *path, cw_err *err);
void cw_by_patient_release(cw_by_patient *by);
#endif
