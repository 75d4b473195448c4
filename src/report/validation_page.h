/* SPDX-License-Identifier: MIT */
/* validation_page.h - the figures of a validation as a table and as a page. */
#ifndef CW_REPORT_VALIDATION_PAGE_H
#define CW_REPORT_VALIDATION_PAGE_H

#include <stdbool.h>
#include <clonewatch/error.h>
#include <clonewatch/validation.h>

typedef struct cw_validation_words { /* what must be said beside the figures */
    const char *title;
    bool simulated;
    const char *built_in;        /* id of the built-in background when verdicts rest on it; NULL: never */
} cw_validation_words;

CW_MUST_CHECK int cw_report_validation_tsv(const cw_validation *v, const cw_validation_words *words, const char *path, cw_err *err);
CW_MUST_CHECK int cw_report_validation_page(const cw_validation *v, const cw_validation_words *words, const char *path, cw_err *err);
#endif
