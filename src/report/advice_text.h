/* SPDX-License-Identifier: MIT */
/* advice_text.h - advice for a terminal, and for a spreadsheet: one row for each advice, finding and thing that is not assessable. */
#ifndef CW_REPORT_ADVICE_TEXT_H
#define CW_REPORT_ADVICE_TEXT_H

#include <stdio.h>
#include <clonewatch/patient.h>

void cw_report_advice_text(FILE *f, const cw_patient *p);
CW_MUST_CHECK int cw_report_advice_tsv(FILE *f, const cw_patient *p, cw_err *err);
/* What a reader would notice of an advice that was made again: statements added, changed and removed, as TSV. */
CW_MUST_CHECK int cw_report_advice_changes(FILE *f, const cw_patient *before, const cw_patient *after, cw_err *err);
#endif
