/* SPDX-License-Identifier: MIT */
/* draw_io.c - draw sheet and events into records. A spreadsheet has often been here first, so everything that it is known to
 * mangle (dates turned into serial numbers, decimal commas, ids turned into 1E+05, error cells) is refused by row and column. */
#include "io/draw_io.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/out.h"
#include "base/parse.h"
#include "base/table.h"

/* A day number beyond a century is a spreadsheet's serial date (36526 is 2000-01-01), not days since a patient's zero. */
enum { MAX_DAY = 36525, MAX_ID = 200 };

typedef struct source {
    cw_table table;
    cw_arena *arena;
    size_t row;
    cw_err *err;
} source;

static const char *absent_words[] = {"NA", ".", "N/A"};

static const char *cell(const source *s, const char *column)
{
    const char *text = cw_table_cell(&s->table, s->row, cw_table_column(&s->table, column));
    for (size_t i = 0; i < sizeof absent_words / sizeof *absent_words; i++)
        if (!strcmp(text, absent_words[i])) return "";
    return text;
}

static int refuse(const source *s, const char *column, const char *text, const char *why)
{
    return cw_err_set(s->err, CW_EFORMAT, "%s:%zu: %s '%.80s' %s", s->table.path, s->table.line[s->row], column, text, why);
}

/* A cell's text kept in the record's arena; what a spreadsheet writes for a broken formula is never a value. */
static int text_cell(const source *s, const char *column, const char **out)
{
    static const char *const broken[] = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"};
    const char *text = cell(s, column);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        if (!strcmp(text, broken[i])) return refuse(s, column, text, "is a spreadsheet's error, not a value; correct the cell");
    if (!(*out = cw_arena_strdup(s->arena, text))) return cw_err_nomem(s->err);
    return 0;
}

/* "1E+05", "1.2E+11": what a spreadsheet makes of a long number. */
static bool is_mangled_number(const char *text)
{
    const char *e = strpbrk(text, "eE");
    double value;
    return e && (e[1] == '+' || e[1] == '-') && cw_parse_double(text, &value);
}

static int id_cell(const source *s, const char *column, const char **out)
{
    if (text_cell(s, column, out) < 0) return s->err->code;
    const char *id = *out;
    if (!*id) return cw_err_set(s->err, CW_EFORMAT, "%s:%zu: %s is empty; give every row a %s", s->table.path, s->table.line[s->row], column, column);
    if (strlen(id) > MAX_ID) return refuse(s, column, id, "is longer than 200 bytes");
    for (const char *c = id; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f) return refuse(s, column, id, "holds a control character or a line break");
    if (is_mangled_number(id)) return refuse(s, column, id, "is a number in a spreadsheet's short form; write the id as text");
    return 0;
}

static int date_cell(const source *s, const char *column, bool required, cw_day *out)
{
    const char *text;
    *out = (cw_day){0};
    if (text_cell(s, column, &text) < 0) return s->err->code;
    if (!*text)
        return !required ? 0 : cw_err_set(s->err, CW_EFORMAT, "%s:%zu: %s is empty; use YYYY-MM-DD or a day number", s->table.path,
                                          s->table.line[s->row], column);
    if (cw_parse_date(text, &out->day)) {
        out->known = out->is_date = true;
        return 0;
    }
    if (!cw_parse_i64(text, &out->day)) return refuse(s, column, text, "is not a date; use YYYY-MM-DD or a day number");
    if (out->day > MAX_DAY || out->day < -MAX_DAY)
        return refuse(s, column, text, "is more than a century of days, perhaps a spreadsheet's serial date; use YYYY-MM-DD");
    out->known = true;
    return 0;
}

static int amount_cell(const source *s, const char *column, double *out)
{
    const char *text;
    *out = NAN;
    if (text_cell(s, column, &text) < 0) return s->err->code;
    if (!*text) return 0;
    if (!cw_parse_double(text, out)) return refuse(s, column, text, "is not a number; use a decimal point and no unit");
    if (*out <= 0 || *out > 1e6) return refuse(s, column, text, "is not an amount above 0; leave the cell empty when it is unknown");
    return 0;
}

/* Paths are meant from where the sheet lies, wherever clonewatch is started. */
static int path_cell(const source *s, const char *column, const char **out)
{
    if (text_cell(s, column, out) < 0) return s->err->code;
    const char *slash = strrchr(s->table.path, '/');
    if (!**out || **out == '/' || strstr(*out, "://") || !slash) return 0;
    *out = cw_arena_printf(s->arena, "%.*s/%s", (int)(slash - s->table.path), s->table.path, *out);
    return *out ? 0 : cw_err_nomem(s->err);
}

#define WORD_CELL(name, type, parse, column, words) \
    static int name(const source *s, type *out) \
    { \
        const char *text; \
        if (text_cell(s, column, &text) < 0) return s->err->code; \
        return parse(text, out) ? 0 : refuse(s, column, text, "is not known; use " words); \
    }

static bool parse_type(const char *text, cw_draw_type *t) { return *text ? cw_draw_type_parse(text, t) : (*t = CW_DRAW_PLASMA, true); }
static bool parse_consensus(const char *text, cw_consensus *c) { return *text ? cw_consensus_parse(text, c) : (*c = CW_CONS_AUTO, true); }
WORD_CELL(type_cell, cw_draw_type, parse_type, "type", "plasma, normal or tumour")
WORD_CELL(consensus_cell, cw_consensus, parse_consensus, "consensus", "auto, raw, umi, simplex or duplex")
WORD_CELL(event_type_cell, cw_event_type, cw_event_type_parse, "EVENT_TYPE", "TREATMENT, IMAGING, SURGERY, STATUS, LAB_TEST or SPECIMEN")

/* A column that differs from a known one in letter case alone would be ignored without a word. */
static int check_header(const cw_table *t, const char *const *known, size_t n, cw_err *err)
{
    for (size_t c = 0; c < t->n_columns; c++)
        for (size_t i = 0; i < n; i++)
            if (cw_ascii_equal(t->column[c], known[i]) && strcmp(t->column[c], known[i]))
                return cw_err_set(err, CW_EFORMAT, "'%s': column '%s' must be written '%s'", t->path, t->column[c], known[i]);
    return 0;
}

static int open_source(source *s, const char *path, const char *const *known, size_t n, size_t n_required, cw_err *err)
{
    s->err = err;
    if (cw_table_read(&s->table, path, err) < 0 || check_header(&s->table, known, n, err) < 0) return err->code;
    for (size_t i = 0; i < n_required; i++)
        if (cw_table_require(&s->table, known[i], err) < 0) return err->code;
    if (!s->table.n_rows) return cw_err_set(err, CW_EFORMAT, "'%s' has a header line but no row", path);
    if (!(s->arena = cw_arena_new())) return cw_err_nomem(err);
    return 0;
}

static const char *const sheet_columns[] = {"patient", "sample", "date", "type", "bam", "vcf", "bai", "fasta", "caller", "consensus",
                                            "plasma_ml", "cfdna_ng", "tumour_type", "sex", "exclude"};

static int read_row(const source *s, cw_draw_row *r)
{
    r->line = s->table.line[s->row];
    if (id_cell(s, "patient", &r->patient) < 0 || id_cell(s, "sample", &r->sample) < 0 ||
        type_cell(s, &r->type) < 0 || date_cell(s, "date", r->type == CW_DRAW_PLASMA, &r->date) < 0 || path_cell(s, "bam", &r->bam) < 0 ||
        path_cell(s, "vcf", &r->vcf) < 0 || path_cell(s, "bai", &r->bai) < 0 || path_cell(s, "fasta", &r->fasta) < 0 ||
        text_cell(s, "caller", &r->caller) < 0 || consensus_cell(s, &r->consensus) < 0 ||
        amount_cell(s, "plasma_ml", &r->plasma_ml) < 0 || amount_cell(s, "cfdna_ng", &r->cfdna_ng) < 0 ||
        text_cell(s, "tumour_type", &r->tumour_type) < 0 || text_cell(s, "sex", &r->sex) < 0 || text_cell(s, "exclude", &r->exclude) < 0)
        return s->err->code;
    if (r->type == CW_DRAW_TUMOUR && !*r->vcf)
        return cw_err_set(s->err, CW_EFORMAT, "%s:%zu: vcf is empty in the tumour row '%s'; name the patient's list of variants (VCF, or TSV chrom pos ref alt)",
                          s->table.path, r->line, r->sample);
    if (!*r->bam && !*r->vcf)
        return cw_err_set(s->err, CW_EFORMAT, "%s:%zu: sample '%s' has neither bam nor vcf; fill in one of the two columns", s->table.path, r->line, r->sample);
    return 0;
}

typedef struct by_text { const char *text; size_t line; cw_day date; const char *patient; } by_text;

/* By text, then line: so the later of two equal rows is the one that is named. */
static int compare_text(const void *pa, const void *pb)
{
    const by_text *a = pa, *b = pb;
    int c = strcmp(a->text, b->text);
    return c ? c : a->line < b->line ? -1 : a->line > b->line;
}

static int check_twice(by_text *v, size_t n, const char *path, cw_err *err)
{
    qsort(v, n, sizeof *v, compare_text);
    for (size_t i = 1; i < n; i++)
        if (!strcmp(v[i].text, v[i - 1].text))
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: sample '%s' stands already in line %zu; every draw needs its own name", path, v[i].line,
                              v[i].text, v[i - 1].line);
    return 0;
}

/* A row that was copied, and its file forgotten, would count one tube as two draws. A VCF of another caller may hold several samples. */
static const char *file_of_one_draw(const cw_draw_row *r)
{
    const char *calls = strstr(r->vcf, ".calls.");
    if (*r->bam) return r->bam;
    return calls && !strchr(calls, '/') && r->type != CW_DRAW_TUMOUR ? r->vcf : NULL;
}

static int check_files(by_text *v, size_t n, const char *path, cw_err *err)
{
    qsort(v, n, sizeof *v, compare_text);
    for (size_t i = 1; i < n; i++)
        if (!strcmp(v[i].text, v[i - 1].text) && !strcmp(v[i].patient, v[i - 1].patient)) {
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: '%s' is the file of line %zu already; every draw has a file of its own", path, v[i].line,
                              cw_base_name(v[i].text), v[i - 1].line);
        }
    return 0;
}

static int check_kinds(by_text *v, size_t n, const char *path, const char *column, cw_err *err)
{
    qsort(v, n, sizeof *v, compare_text);
    for (size_t i = 1; i < n; i++)
        if (!strcmp(v[i].text, v[i - 1].text) && v[i].date.is_date != v[i - 1].date.is_date)
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: %s of patient '%s' is a %s, but line %zu has a %s; use one kind per patient", path, v[i].line,
                              column, v[i].text, v[i].date.is_date ? "calendar date" : "day number", v[i - 1].line,
                              v[i - 1].date.is_date ? "calendar date" : "day number");
    return 0;
}

/* What is told of the patient in several rows must be the same: all advice hangs on the tumour type. v: patient, line, and the word as `patient`. */
static int check_words(by_text *v, size_t n, const char *path, const char *column, const char *what, cw_err *err)
{
    qsort(v, n, sizeof *v, compare_text);
    for (size_t i = 1; i < n; i++)
        if (!strcmp(v[i].text, v[i - 1].text) && !cw_ascii_equal(v[i].patient, v[i - 1].patient))
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: %s of patient '%s' is '%s', but line %zu has '%s'; give a patient one %s", path, v[i].line, column, v[i].text,
                              v[i].patient, v[i - 1].line, v[i - 1].patient, what);
    return 0;
}

static int check_sheet(const cw_draw_sheet *sheet, cw_err *err)
{
    by_text *v = calloc(sheet->n, sizeof *v);
    if (!v) return cw_err_nomem(err);
    for (size_t i = 0; i < sheet->n; i++) v[i] = (by_text){sheet->row[i].sample, sheet->row[i].line, sheet->row[i].date, sheet->row[i].patient};
    int status = check_twice(v, sheet->n, sheet->path, err);
    size_t n = 0;
    for (size_t i = 0; i < sheet->n; i++)
        if (file_of_one_draw(&sheet->row[i])) v[n++] = (by_text){file_of_one_draw(&sheet->row[i]), sheet->row[i].line, sheet->row[i].date, sheet->row[i].patient};
    if (status == 0) status = check_files(v, n, sheet->path, err);
    n = 0;
    for (size_t i = 0; i < sheet->n; i++)
        if (sheet->row[i].date.known) v[n++] = (by_text){sheet->row[i].patient, sheet->row[i].line, sheet->row[i].date, sheet->row[i].patient};
    if (status == 0) status = check_kinds(v, n, sheet->path, "date", err);
    for (int sex = 0; sex < 2 && status == 0; sex++) {
        n = 0;
        for (size_t i = 0; i < sheet->n; i++) {
            const cw_draw_row *r = &sheet->row[i];
            if (*(sex ? r->sex : r->tumour_type)) v[n++] = (by_text){r->patient, r->line, r->date, sex ? r->sex : r->tumour_type};
        }
        status = check_words(v, n, sheet->path, sex ? "sex" : "tumour_type", sex ? "sex" : "tumour type", err);
    }
    free(v);
    return status;
}

int cw_draw_sheet_read(cw_draw_sheet *sheet, const char *path, cw_err *err)
{
    source s = {0};
    int status = open_source(&s, path, sheet_columns, sizeof sheet_columns / sizeof *sheet_columns, 3, err);
    sheet->arena = s.arena;
    if (status < 0) goto done;
    sheet->path = cw_arena_strdup(s.arena, path);
    sheet->sha256 = cw_arena_strdup(s.arena, s.table.sha256);
    sheet->row = cw_arena_alloc(s.arena, s.table.n_rows, sizeof *sheet->row);
    if (!sheet->path || !sheet->sha256 || !sheet->row) {
        status = cw_err_nomem(err);
        goto done;
    }
    if (cw_table_column(&s.table, "bam") < 0 && cw_table_column(&s.table, "vcf") < 0) {
        status = cw_err_set(err, CW_EFORMAT, "'%s' has neither a column 'bam' nor a column 'vcf'", path);
        goto done;
    }
    for (; s.row < s.table.n_rows; s.row++)
        if ((status = read_row(&s, &sheet->row[sheet->n])) < 0) goto done;
        else sheet->n++;
    status = check_sheet(sheet, err);
done:
    cw_table_release(&s.table);
    if (status < 0) cw_draw_sheet_release(sheet);
    return status;
}

static const char *const event_columns[] = {"PATIENT_ID", "START_DATE", "EVENT_TYPE", "STOP_DATE", "AGENT", "LINE", "RESULT", "SETTING", "TEST",
                                            "TREATMENT_TYPE", "EVENT_TYPE_DETAILED"};

/* A short word in place of a RECIST word is a slip of the pen, and a lost PD would lose the lead time. Prose stays: studies write it. */
static bool mistyped_recist(const char *result)
{
    static const char *const words[] = {"", "CR", "PR", "SD", "PD", "NE", "NED", "NA", "iCR", "iPR", "iSD", "iUPD", "iCPD", "uPD", "cPD"};
    double number;
    if (strlen(result) > 4 || cw_parse_double(result, &number)) return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (cw_ascii_equal(result, words[i])) return false;
    return true;
}

/* cBioPortal writes the agent of a treatment as AGENT, a laboratory's test and result as TEST and RESULT. */
static int read_event(const source *s, cw_event *e)
{
    e->line = s->table.line[s->row];
    if (id_cell(s, "PATIENT_ID", &e->patient) < 0 || date_cell(s, "START_DATE", true, &e->start) < 0 ||
        date_cell(s, "STOP_DATE", false, &e->stop) < 0 || event_type_cell(s, &e->type) < 0 ||
        text_cell(s, "AGENT", &e->agent) < 0 || text_cell(s, "LINE", &e->line_id) < 0 || text_cell(s, "RESULT", &e->result) < 0 ||
        text_cell(s, "SETTING", &e->setting) < 0 || text_cell(s, "TEST", &e->test) < 0)
        return s->err->code;
    if (e->stop.known && e->stop.is_date != e->start.is_date)
        return cw_err_set(s->err, CW_EFORMAT, "%s:%zu: START_DATE and STOP_DATE are of two kinds; use calendar dates or day numbers for both",
                          s->table.path, e->line);
    if (e->stop.known && e->stop.day < e->start.day)
        return cw_err_set(s->err, CW_EFORMAT, "%s:%zu: STOP_DATE '%s' is before START_DATE '%s'", s->table.path, e->line, cell(s, "STOP_DATE"),
                          cell(s, "START_DATE"));
    const char *needed = e->type == CW_EVENT_TREATMENT ? "AGENT" : e->type == CW_EVENT_LAB_TEST ? "TEST" : NULL;
    if (needed && cw_table_column(&s->table, needed) < 0)
        return cw_err_set(s->err, CW_EFORMAT, "%s:%zu: a %s row needs a column '%s', which the header does not name", s->table.path, e->line, cw_event_type_name(e->type), needed);
    if (e->type == CW_EVENT_TREATMENT && !*e->agent)
        return cw_err_set(s->err, CW_EFORMAT, "%s:%zu: AGENT is empty in a TREATMENT row; name the agent", s->table.path, e->line);
    if (e->type == CW_EVENT_IMAGING && mistyped_recist(e->result))
        return cw_err_set(s->err, CW_EFORMAT, "%s:%zu: RESULT '%s' of an IMAGING row is not CR, PR, SD, PD or a number", s->table.path, e->line, e->result);
    if (e->type == CW_EVENT_LAB_TEST && !*e->test)
        return cw_err_set(s->err, CW_EFORMAT, "%s:%zu: TEST is empty in a LAB_TEST row; name the test", s->table.path, e->line);
    return 0;
}

int cw_event_sheet_read(cw_event_sheet *sheet, const char *path, cw_err *err)
{
    source s = {0};
    by_text *v = NULL;
    int status = open_source(&s, path, event_columns, sizeof event_columns / sizeof *event_columns, 3, err);
    sheet->arena = s.arena;
    if (status < 0) goto done;
    sheet->path = cw_arena_strdup(s.arena, path);
    sheet->sha256 = cw_arena_strdup(s.arena, s.table.sha256);
    sheet->event = cw_arena_alloc(s.arena, s.table.n_rows, sizeof *sheet->event);
    v = calloc(s.table.n_rows, sizeof *v);
    if (!sheet->path || !sheet->sha256 || !sheet->event || !v) {
        status = cw_err_nomem(err);
        goto done;
    }
    for (; s.row < s.table.n_rows; s.row++) {
        cw_event *e = &sheet->event[sheet->n];
        if ((status = read_event(&s, e)) < 0) goto done;
        v[sheet->n++] = (by_text){e->patient, e->line, e->start, e->patient};
    }
    status = check_kinds(v, sheet->n, sheet->path, "START_DATE", err);
done:
    free(v);
    cw_table_release(&s.table);
    if (status < 0) cw_event_sheet_release(sheet);
    return status;
}
