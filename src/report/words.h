/* SPDX-License-Identifier: MIT */
/* words.h - numbers and words of patient.json as people read them. Each fills a small text by value. */
#ifndef CW_REPORT_WORDS_H
#define CW_REPORT_WORDS_H

#include "report/view.h"

typedef struct cw_short { char s[160]; } cw_short;

cw_short cw_words_percent(double fraction);              /* "0.012 %"; "-" for NAN */
cw_short cw_words_number(double v);                      /* "73", "0.83", "2900": about two digits, no exponent */
cw_short cw_words_count(double n);                       /* "12 345" with thin spaces; "-" for NAN */
cw_short cw_words_evidence(double ln_e);                 /* "1 : 12 000" for, "12 : 1 against" for negative */
const char *cw_words_s(double n);                        /* "s", or "" when n is written as 1: "%.0f day%s" */
cw_short cw_words_days(double days);                     /* "84 days (12.0 weeks)" */
cw_short cw_words_range(cw_range r, const char *unit);   /* "15 (11 to 25) days", "15 (from 11) days" */
cw_short cw_words_point(const json_t *point);            /* "0.12 % (12 of 10 000 molecules)", "not detected, LoD 0.05 %", "not assessable" */
/* Why an alteration is or is not believed in one draw (cw_point_reason()); returns out. */
const char *cw_words_reason(const cw_view *view, const json_t *alteration, const json_t *point, char *out, size_t size);
const char *cw_words_status(const char *word);           /* "not_detected" -> "not detected"; unknown words as they are */
#endif
