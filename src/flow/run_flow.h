/* SPDX-License-Identifier: MIT */
/* run_flow.h - draw sheet and events -> everything for each patient: calls, series, clones, findings, patient.json, report. */
#ifndef CW_FLOW_RUN_FLOW_H
#define CW_FLOW_RUN_FLOW_H

#include "base/log.h"
#include "count/count.h"
#include "detect/detect.h"
#include "io/calls_vcf.h"
#include "track/track.h"

typedef struct cw_run_conf {
    const char *panel_dir, *draws, *events, *out; /* events may be NULL */
    const char *background;       /* TSV of 'clonewatch background'; NULL: the built-in one */
    cw_build build;               /* CW_BUILD_UNKNOWN: from each alignment */
    const char *previous;         /* patient.json, or the OUT folder of the last run; NULL: none */
    const char *const *accept; size_t n_accept; /* "SAMPLE=REASON": identity of a draw taken on somebody's word */
    const char *command_line;     /* provenance; NULL: left out */
    int threads;                  /* in total */
    bool check;                   /* read sheet, events, panel and names, and stop */
    cw_count_conf count;
    cw_detect_conf detect;
    cw_track_conf track;
} cw_run_conf;
void cw_run_conf_default(cw_run_conf *conf);

typedef struct cw_run_outcome { size_t ok, blocked, failed; } cw_run_outcome;

/* One bad patient never stops the others: it stands in OUT/cohort.tsv with its reason. An error is what concerns the whole run: sheets, panel,
 * names that collide, a full disk. */
CW_MUST_CHECK int cw_flow_run(const cw_run_conf *conf, cw_run_outcome *outcome, const cw_log *log, cw_err *err);
#endif
