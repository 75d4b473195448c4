/* SPDX-License-Identifier: MIT */
/* table.c - delimited text with a header line. CSV is parsed by libcsv; TSV has no quoting and is split here. */
#include "base/table.h"

#include <csv.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "base/digest.h"
#include "base/parse.h"

enum { MAX_COLUMNS = 4096 };
static const size_t max_bytes = (size_t)1 << 30;

typedef struct reader {
    cw_table *t;
    cw_err *err;
    const char **row; size_t n_row, cap_row;
    size_t cap_cells, cap_lines, cap_comments;
    size_t line;        /* line on which the present row starts */
    int status;
} reader;

static const char *trimmed(cw_arena *arena, const char *s, size_t n)
{
    while (n && (*s == ' ' || *s == '\t')) s++, n--;
    while (n && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r')) n--;
    return cw_arena_strndup(arena, s, n);
}

static int add_cell(reader *r, const char *s, size_t n)
{
    if (r->n_row >= MAX_COLUMNS)
        return cw_err_set(r->err, CW_EFORMAT, "%s:%zu: more than %d columns", r->t->path, r->line, MAX_COLUMNS);
    if (cw_grow((void **)&r->row, &r->cap_row, r->n_row + 1, sizeof *r->row, r->err) < 0) return CW_ENOMEM;
    if (!(r->row[r->n_row++] = trimmed(r->t->arena, s, n))) return cw_err_nomem(r->err);
    return 0;
}

static int header_row(reader *r)
{
    cw_table *t = r->t;
    while (r->n_row && !*r->row[r->n_row - 1]) r->n_row--; /* trailing commas of spreadsheets */
    t->column = cw_arena_alloc(t->arena, r->n_row, sizeof *t->column);
    if (!t->column) return cw_err_nomem(r->err);
    for (size_t i = 0; i < r->n_row; i++) {
        if (!*r->row[i])
            return cw_err_set(r->err, CW_EFORMAT, "%s:%zu: column %zu has no name", t->path, r->line, i + 1);
        for (size_t j = 0; j < i; j++)
            if (!strcmp(r->row[i], r->row[j]))
                return cw_err_set(r->err, CW_EFORMAT, "%s:%zu: column '%s' stands twice in the header", t->path, r->line, r->row[i]);
        t->column[i] = r->row[i];
    }
    t->n_columns = r->n_row;
    return 0;
}

static int end_row(reader *r)
{
    cw_table *t = r->t;
    bool blank = true;
    for (size_t i = 0; i < r->n_row; i++) blank &= !*r->row[i];
    if (blank) return 0;
    if (!t->n_columns) return header_row(r);
    while (r->n_row > t->n_columns && !*r->row[r->n_row - 1]) r->n_row--;
    if (r->n_row > t->n_columns)
        return cw_err_set(r->err, CW_EFORMAT, "%s:%zu: %zu cells, but the header names %zu columns", t->path, r->line,
                          r->n_row, t->n_columns);
    if (cw_grow((void **)&t->cell, &r->cap_cells, (t->n_rows + 1) * t->n_columns, sizeof *t->cell, r->err) < 0 ||
        cw_grow((void **)&t->line, &r->cap_lines, t->n_rows + 1, sizeof *t->line, r->err) < 0)
        return CW_ENOMEM;
    for (size_t i = 0; i < t->n_columns; i++) t->cell[t->n_rows * t->n_columns + i] = i < r->n_row ? r->row[i] : "";
    t->line[t->n_rows++] = r->line;
    return 0;
}

static void on_field(void *s, size_t n, void *context)
{
    reader *r = context;
    if (r->status == 0) r->status = add_cell(r, s ? s : "", n);
}

static void on_row(int c, void *context)
{
    (void)c;
    reader *r = context;
    if (r->status == 0) r->status = end_row(r);
    r->n_row = 0;
}

/* libcsv does not count lines, so it is fed one physical line at a time; a row that spans lines keeps its first number. */
static int parse_csv(reader *r, const char *text, size_t n, size_t line)
{
    struct csv_parser p;
    if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) != 0) return cw_err_nomem(r->err);
    csv_set_delim(&p, (unsigned char)r->t->delimiter);
    bool open_row = false;
    for (size_t i = 0; i < n && r->status == 0;) {
        const char *nl = memchr(text + i, '\n', n - i);
        size_t m = nl ? (size_t)(nl - (text + i)) + 1 : n - i;
        if (!open_row) r->line = line;
        if (csv_parse(&p, text + i, m, on_field, on_row, r) != m) {
            if (csv_error(&p) == CSV_ENOMEM) r->status = cw_err_nomem(r->err);
            else r->status = cw_err_set(r->err, CW_EFORMAT, "%s:%zu: a quote stands inside a cell; double it or quote the whole cell", r->t->path, line);
        }
        open_row = p.quoted && p.pstate != 0 && p.pstate != 3; /* inside a quoted cell: the row goes on */
        line++;
        i += m;
    }
    if (r->status == 0 && csv_fini(&p, on_field, on_row, r) != 0)
        r->status = cw_err_set(r->err, CW_EFORMAT, "%s:%zu: a quoted cell is not closed", r->t->path, r->line);
    csv_free(&p);
    return r->status;
}

static int parse_tsv(reader *r, const char *text, size_t n, size_t line)
{
    for (size_t i = 0; i < n; line++) {
        const char *nl = memchr(text + i, '\n', n - i);
        size_t m = nl ? (size_t)(nl - (text + i)) : n - i, from = i, end = i + m;
        r->line = line;
        r->n_row = 0;
        for (size_t j = i; j <= end; j++)
            if (j == end || text[j] == '\t') {
                if (add_cell(r, text + from, j - from) < 0) return CW_EFORMAT;
                from = j + 1;
            }
        if (end_row(r) < 0) return CW_EFORMAT;
        i = end + 1;
    }
    return 0;
}

static int refuse_binary(const char *text, size_t n, const char *path, cw_err *err)
{
    if (n >= 2 && (((unsigned char)text[0] == 0xff && (unsigned char)text[1] == 0xfe) ||
                   ((unsigned char)text[0] == 0xfe && (unsigned char)text[1] == 0xff)))
        return cw_err_set(err, CW_EFORMAT, "'%s' is UTF-16; save it as UTF-8", path);
    size_t line = 1, from = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && text[i] != '\n') continue;
        if (!cw_is_utf8(text + from, i - from))
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: not UTF-8 text (or a NUL byte); save it as UTF-8", path, line);
        from = i + 1;
        line++;
    }
    return 0;
}

int cw_table_parse(cw_table *t, const char *text, size_t n, const char *path, cw_err *err)
{
    reader r = {.t = t, .err = err};
    size_t line = 1;
    if (!t->arena && !(t->arena = cw_arena_new())) return cw_err_nomem(err);
    if (!(t->path = cw_arena_strdup(t->arena, path))) return cw_err_nomem(err);
    if (refuse_binary(text, n, path, err) < 0) return CW_EFORMAT;
    if (n >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) text += 3, n -= 3;
    char *lone_cr = NULL;
    if (memchr(text, '\r', n) && !memchr(text, '\n', n)) { /* old Macintosh line ends */
        lone_cr = malloc(n ? n : 1);
        if (!lone_cr) return cw_err_nomem(err);
        for (size_t i = 0; i < n; i++) lone_cr[i] = text[i] == '\r' ? '\n' : text[i];
        text = lone_cr;
    }
    while (n && (*text == '#' || *text == '\n' || *text == '\r')) { /* comments and blank lines before the header */
        const char *nl = memchr(text, '\n', n);
        size_t m = nl ? (size_t)(nl - text) : n;
        if (*text == '#') {
            const char *c = trimmed(t->arena, text + 1, m - 1);
            if (!c) { r.status = cw_err_nomem(err); goto done; }
            if (cw_grow((void **)&t->comment, &r.cap_comments, t->n_comments + 1, sizeof *t->comment, err) < 0) { r.status = CW_ENOMEM; goto done; }
            t->comment[t->n_comments++] = c;
        }
        m += nl != NULL;
        text += m;
        n -= m;
        line++;
    }
    const char *nl = memchr(text, '\n', n);
    size_t head = nl ? (size_t)(nl - text) : n;
    t->delimiter = memchr(text, '\t', head) ? '\t' : memchr(text, ',', head) ? ',' : memchr(text, ';', head) ? ';' : '\t';
    r.status = t->delimiter == '\t' ? parse_tsv(&r, text, n, line) : parse_csv(&r, text, n, line);
    if (r.status == 0 && !t->n_columns) r.status = cw_err_set(err, CW_EFORMAT, "'%s' has no header line", path);
done:
    free(r.row);
    free(lone_cr);
    if (r.status < 0 && err && err->code) return err->code;
    return r.status;
}

int cw_table_read(cw_table *t, const char *path, cw_err *err)
{
    char *text = NULL;
    size_t n = 0;
    int status = cw_read_file(path, max_bytes, &text, &n, t->sha256, err);
    if (status == 0) status = cw_table_parse(t, text, n, path, err);
    free(text);
    if (status < 0) cw_table_release(t);
    return status;
}

int cw_table_column(const cw_table *t, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (!strcmp(t->column[i], name)) return (int)i;
    return -1;
}

int cw_table_require(const cw_table *t, const char *name, cw_err *err)
{
    int c = cw_table_column(t, name);
    if (c >= 0) return c;
    char names[400] = "";
    for (size_t i = 0, n = 0; i < t->n_columns && n < sizeof names; i++) n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i ? ", " : "", t->column[i]);
    return cw_err_set(err, CW_EFORMAT, "'%s' has no column '%s'; its header names %s", t->path, name, names);
}

const char *cw_table_cell(const cw_table *t, size_t row, int column)
{
    return column < 0 || row >= t->n_rows ? "" : t->cell[row * t->n_columns + (size_t)column];
}

void cw_table_release(cw_table *t)
{
    if (!t) return;
    free(t->cell);
    free(t->line);
    free(t->comment);
    cw_arena_free(t->arena);
    memset(t, 0, sizeof *t);
}

const char *cw_tsv_protect(cw_arena *arena, const char *cell)
{
    double number;
    bool guard = *cell && strchr("=+-@", *cell) && !cw_parse_double(cell, &number) && strcmp(cell, "-");
    char *out = cw_arena_alloc(arena, strlen(cell) + 2, 1);
    if (!out) return NULL;
    char *o = out;
    if (guard) *o++ = '\'';
    for (; *cell; cell++) *o++ = *cell == '\t' || *cell == '\n' || *cell == '\r' ? ' ' : *cell;
    *o = '\0';
    return out;
}

int cw_tsv_put(FILE *f, cw_arena *arena, const char *const *cells, size_t n, cw_err *err)
{
    for (size_t i = 0; i < n; i++) {
        const char *cell = cells[i] ? cw_tsv_protect(arena, cells[i]) : NULL;
        if (!cell) return cw_err_nomem(err);
        fprintf(f, "%s%s", i ? "\t" : "", *cell ? cell : ".");
    }
    fputc('\n', f);
    return 0;
}
