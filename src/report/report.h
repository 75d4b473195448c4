/* SPDX-License-Identifier: MIT */
/* report.h - patient.json in other clothes. One view model (the JSON object of formats.md), many outputs. */
#ifndef CW_REPORT_REPORT_H
#define CW_REPORT_REPORT_H

#include "base/json.h"

CW_MUST_CHECK int cw_report_html(const json_t *patient, const char *path, cw_err *err);
CW_MUST_CHECK int cw_report_series_tsv(const json_t *patient, const char *path, cw_err *err);
CW_MUST_CHECK int cw_report_clones_tsv(const json_t *patient, const char *path, cw_err *err);
CW_MUST_CHECK int cw_report_findings_tsv(const json_t *patient, const char *path, cw_err *err);
CW_MUST_CHECK int cw_report_maf(const json_t *patient, const char *path, cw_err *err);
/* data_timeline_*.txt, data_mutations.txt and their meta files for one study; the folder is made. */
CW_MUST_CHECK int cw_report_cbioportal(const json_t *patient, const char *study, const char *folder, cw_err *err);
/* One set of <sample>.clonewatch_<section>_mqc.json per draw, into folder. */
CW_MUST_CHECK int cw_report_multiqc(const json_t *patient, const char *folder, cw_err *err);
/* One line of cohort.tsv (header when patient is NULL; {"patient": {"id": ...}} is enough for one that failed), appended to *text (grown with realloc). */
CW_MUST_CHECK int cw_report_cohort_line(const json_t *patient, const char *state, const char *reason, char **text, size_t *n, cw_err *err);
#endif
