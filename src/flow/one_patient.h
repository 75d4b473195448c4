/* SPDX-License-Identifier: MIT */
/* one_patient.h - the calls of all draws of one patient -> the whole patient -> its files. */
#ifndef CW_FLOW_ONE_PATIENT_H
#define CW_FLOW_ONE_PATIENT_H

#include <clonewatch/draw.h>
#include <clonewatch/knowledge.h>
#include <clonewatch/patient.h>
#include "base/log.h"
#include "track/track.h"

typedef struct cw_patient_job {
    const char *patient;
    const cw_draw_row *const *row; size_t n_rows;  /* all rows of this patient, in the order of the sheet */
    const cw_draw_sheet *sheet;                    /* that the rows are from: a file may name another row's sample */
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
#endif
