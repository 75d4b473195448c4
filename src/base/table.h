/* SPDX-License-Identifier: MIT */
/* table.h - delimited text with a header line, held in memory: draw sheets, events, panels, knowledge, background.
 *
 * Reads plain, gzip and bgzip files. TSV and CSV (and ';') are told apart by the header line; CSV is quoted as in
 * RFC 4180, TSV is not quoted at all. A BOM, CRLF and a missing last newline are fine; UTF-16, NUL bytes, invalid UTF-8,
 * a row with more cells than the header, a duplicate column are errors with file:line. Lines that start with '#' before the
 * header are kept as comments; blank lines are skipped. Missing trailing cells read as "". Cells are trimmed of blanks.
 *
 *     cw_table t = {0};
 *     if (cw_table_read(&t, path, err) < 0) ...
 *     int c = cw_table_column(&t, "sample");               // -1: no such column
 *     for (size_t r = 0; r < t.n_rows; r++) use(cw_table_cell(&t, r, c));   // "" when the column is absent
 *     cw_table_release(&t); */
#ifndef CW_BASE_TABLE_H
#define CW_BASE_TABLE_H

#include <stddef.h>
#include <stdio.h>
#include <stdint.h>
#include "base/mem.h"

typedef struct cw_table {
    cw_arena *arena;
    const char *path;          /* as given */
    char delimiter;            /* '\t' ',' or ';' */
    const char **column; size_t n_columns;
    const char **cell;         /* n_rows * n_columns */
    size_t *line;              /* file line of each row, 1-based */
    size_t n_rows;
    const char **comment; size_t n_comments; /* '#' lines before the header, without the '#' */
    char sha256[65];           /* of the bytes as stored on disk */
} cw_table;

/* header must be the first line that is not a comment. On failure the table is empty. */
CW_MUST_CHECK int cw_table_read(cw_table *table, const char *path, cw_err *err);
/* The same from memory; path is used in messages only. */
CW_MUST_CHECK int cw_table_parse(cw_table *table, const char *text, size_t n, const char *path, cw_err *err);
int cw_table_column(const cw_table *table, const char *name);
/* Column that must be there. */
CW_MUST_CHECK int cw_table_require(const cw_table *table, const char *name, cw_err *err);
const char *cw_table_cell(const cw_table *table, size_t row, int column);
void cw_table_release(cw_table *table);

/* Cell for a TSV that people open in spreadsheets: tabs and newlines become blanks, a leading = + - @ gets a quote
 * in front (numbers excepted). Result lives in the arena; NULL: out of memory. */
const char *cw_tsv_protect(cw_arena *arena, const char *cell);

/* One line of a table: cells guarded as by cw_tsv_protect(), "." for an empty one. A NULL among them: no memory. */
CW_MUST_CHECK int cw_tsv_put(FILE *f, cw_arena *arena, const char *const *cells, size_t n, cw_err *err);
#endif
