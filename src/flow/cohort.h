/* SPDX-License-Identifier: MIT */
/* cohort.h - the patients of a draw sheet and what they share: sheets, panel, knowledge, OUT, cohort.tsv. Memory holds the sheets and what
 * the caller holds of one patient. */
#ifndef CW_FLOW_COHORT_H
#define CW_FLOW_COHORT_H

#include "flow/by_patient.h"
#include "flow/one_patient.h"

enum { CW_COHORT_PATH = 4096 };

typedef struct cw_cohort_conf {
    const char *draws, *events;   /* sheets; events may be NULL */
    const char *panel_dir;        /* NULL: none */
    cw_build build;               /* of the panel; ids and names are the same in both */
    const char *out;              /* folder */
    const char *previous;         /* patient.json, or a folder laid out as `out`; NULL: none */
    const char *command_line;     /* provenance; NULL: left out */
    const cw_track_conf *track;
} cw_cohort_conf;

typedef struct cw_cohort {
    cw_cohort_conf conf;
    const cw_log *log;
    cw_panel panel; bool has_panel;
    cw_knowledge knowledge; bool has_knowledge;
    cw_draw_sheet draws;
    cw_event_sheet events;
    cw_by_patient by;             /* by.n patients, in the order of the sheet */
    struct cw_track_cache *cache;
    char *table; size_t n_table;  /* cohort.tsv so far */
} cw_cohort;

/* Reads the sheets, then the panel and its knowledge. The caller releases, also on error. */
CW_MUST_CHECK int cw_cohort_load(cw_cohort *c, const cw_cohort_conf *conf, const cw_log *log, cw_err *err);
void cw_cohort_release(cw_cohort *c);

/* --- patient i --- */
const char *cw_cohort_id(const cw_cohort *c, size_t i);
size_t cw_cohort_rows(const cw_cohort *c, size_t i, const cw_draw_row ***row); /* how many; *row is the first */
/* OUT/<id as a file name>. */
CW_MUST_CHECK int cw_cohort_folder(const cw_cohort *c, size_t i, char folder[CW_COHORT_PATH], cw_err *err);
/* The report to go on from: --previous FILE is that of one patient, --previous FOLDER the OUT of an earlier run, where a patient may be new.
 * Empty: none. */
CW_MUST_CHECK int cw_cohort_previous_path(const cw_cohort *c, size_t i, char path[CW_COHORT_PATH], cw_err *err);
CW_MUST_CHECK int cw_cohort_previous(const cw_cohort *c, size_t i, cw_patient *previous, bool *found, cw_err *err);
/* What cw_flow_patient() asks for. calls: one per row; previous: NULL, none. */
cw_patient_job cw_cohort_job(const cw_cohort *c, size_t i, const cw_calls *const *calls, const cw_patient *previous);

/* --- cohort.tsv --- */
CW_MUST_CHECK int cw_cohort_begin(cw_cohort *c, cw_err *err); /* makes OUT, starts the table */
/* The line of a patient without a report, said aloud too; whoever has a report has its line from the writing of it. */
CW_MUST_CHECK int cw_cohort_note(cw_cohort *c, size_t i, const char *state, const char *reason, cw_err *err);
CW_MUST_CHECK int cw_cohort_write(const cw_cohort *c, cw_err *err);
#endif
