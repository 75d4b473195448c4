/* SPDX-License-Identifier: MIT */
/* rows.h - tab-separated text, cell by cell: a cell is set by its column, so the order of a file is its .def file's alone.
 * A cell that was not set, or that does not apply, is NA. */
#ifndef CW_REPORT_ROWS_H
#define CW_REPORT_ROWS_H

#include "base/json.h"
#include "report/text.h"

typedef struct cw_rows {
    const char *const *column; size_t n;
    cw_text *cell;             /* n */
    cw_text out;
    const char *absent;        /* what stands for "does not apply": "NA", or "" where a format wants it */
    bool failed;
} cw_rows;

/* column lives as long as rows. */
CW_MUST_CHECK int cw_rows_open(cw_rows *rows, const char *const *column, size_t n, const char *absent, cw_err *err);
void cw_rows_header(cw_rows *rows);
void cw_rows_end(cw_rows *rows);                                              /* the row is complete; the next begins */
void cw_rows_string(cw_rows *rows, size_t column, const char *value);          /* "" does not apply; guarded for spreadsheets */
void cw_rows_add(cw_rows *rows, size_t column, const char *value);             /* one more, joined by ';' */
void cw_rows_real(cw_rows *rows, size_t column, double value);                 /* not finite: does not apply */
void cw_rows_int(cw_rows *rows, size_t column, int64_t value);
void cw_rows_value(cw_rows *rows, size_t column, const json_t *value);         /* string, number or boolean as it is */
CW_MUST_CHECK int cw_rows_failed(const cw_rows *rows, cw_err *err);
CW_MUST_CHECK int cw_rows_write(const cw_rows *rows, const char *path, cw_err *err);
void cw_rows_close(cw_rows *rows);
#endif
