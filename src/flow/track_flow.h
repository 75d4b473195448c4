/* SPDX-License-Identifier: MIT */
/* track_flow.h - draw sheet + events + calls -> one folder per patient. Patients are worked off one after the other: memory holds the
 * sheets and one patient. */
#ifndef CW_FLOW_TRACK_FLOW_H
#define CW_FLOW_TRACK_FLOW_H

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
#endif
