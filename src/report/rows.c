/* SPDX-License-Identifier: MIT */
/* rows.c - tab-separated text, cell by cell. */
#include "report/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"
#include "base/table.h"

int cw_rows_open(cw_rows *rows, const char *const *column, size_t n, const char *absent, cw_err *err)
{
    *rows = (cw_rows){.column = column, .n = n, .absent = absent};
    rows->cell = calloc(n, sizeof *rows->cell);
    return rows->cell ? 0 : cw_err_nomem(err);
}

void cw_rows_header(cw_rows *rows)
{
    for (size_t c = 0; c < rows->n; c++) {
        cw_text_put(&rows->out, rows->column[c]);
        cw_text_put(&rows->out, c + 1 < rows->n ? "\t" : "\n");
    }
}

void cw_rows_end(cw_rows *rows)
{
    for (size_t c = 0; c < rows->n; c++) {
        cw_text_put(&rows->out, rows->cell[c].n ? cw_text_string(&rows->cell[c]) : rows->absent);
        cw_text_put(&rows->out, c + 1 < rows->n ? "\t" : "\n");
        rows->failed |= rows->cell[c].failed;
        cw_text_clear(&rows->cell[c]);
    }
}

void cw_rows_string(cw_rows *rows, size_t column, const char *value)
{
    cw_text_clear(&rows->cell[column]);
    cw_rows_add(rows, column, value);
}

void cw_rows_add(cw_rows *rows, size_t column, const char *value)
{
    value += strspn(value, " \t\r\n"); /* a blank in front would hide a formula from the guard */
    if (!*value) return;
    cw_arena *arena = cw_arena_new();
    const char *safe = arena ? cw_tsv_protect(arena, value) : NULL;
    cw_text *cell = &rows->cell[column];
    if (cell->n) cw_text_put(cell, ";");
    if (safe) cw_text_put_tame(cell, safe, (size_t)-1);
    else rows->failed = true;
    cw_arena_free(arena);
}

void cw_rows_real(cw_rows *rows, size_t column, double value)
{
    cw_text_clear(&rows->cell[column]);
    if (isfinite(value)) cw_text_format(&rows->cell[column], "%.10g", value);
}

void cw_rows_int(cw_rows *rows, size_t column, int64_t value)
{
    cw_text_clear(&rows->cell[column]);
    cw_text_format(&rows->cell[column], "%lld", (long long)value);
}

void cw_rows_value(cw_rows *rows, size_t column, const json_t *value)
{
    if (json_is_string(value)) cw_rows_string(rows, column, json_string_value(value));
    else if (json_is_integer(value)) cw_rows_int(rows, column, json_integer_value(value));
    else if (json_is_real(value)) cw_rows_real(rows, column, json_real_value(value));
    else if (json_is_boolean(value)) cw_rows_string(rows, column, json_is_true(value) ? "yes" : "no");
    else cw_text_clear(&rows->cell[column]);
}

int cw_rows_failed(const cw_rows *rows, cw_err *err) { return rows->failed || rows->out.failed ? cw_err_nomem(err) : 0; }

int cw_rows_write(const cw_rows *rows, const char *path, cw_err *err)
{
    int status = cw_rows_failed(rows, err);
    return status < 0 ? status : cw_out_write(path, cw_text_string(&rows->out), rows->out.n, err);
}

void cw_rows_close(cw_rows *rows)
{
    for (size_t c = 0; rows->cell && c < rows->n; c++) cw_text_release(&rows->cell[c]);
    free(rows->cell);
    cw_text_release(&rows->out);
    *rows = (cw_rows){0};
}
