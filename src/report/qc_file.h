/* SPDX-License-Identifier: MIT */
/* qc_file.h - the quality of samples as qc.json and as a table. */
#ifndef CW_REPORT_QC_FILE_H
#define CW_REPORT_QC_FILE_H

#include <clonewatch/qc.h>
#include "base/json.h"

typedef struct cw_qc_table {
    const cw_qc_sample *sample; size_t n;
    const cw_person_pair *pair; size_t n_pairs; /* a, b: indices of samples */
    const char *panel;
    const char *command_line;    /* provenance; NULL: left out */
    unsigned failed;             /* CW_QC_ bits of whatever failed in any sample */
} cw_qc_table;

/* path NULL or "-": standard output. */
CW_MUST_CHECK int cw_report_qc_json(const cw_qc_table *q, const char *path, cw_err *err);
CW_MUST_CHECK int cw_report_qc_tsv(const cw_qc_table *q, const char *path, cw_err *err);

/* One sample's figures, as in qc.json and in patient.json (draws[].qc). New reference; NULL: no memory (err is set). */
json_t *cw_report_qc_object(const cw_qc *q, cw_err *err);
#endif
