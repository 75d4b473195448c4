/* SPDX-License-Identifier: MIT */
/* validate_flow.c - replicates with known content -> validation.tsv and validation.html. */
#include "flow/validate_flow.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"
#include "base/parse.h"
#include "base/table.h"
#include "detect/validation.h"
#include "io/calls_vcf.h"
#include "io/draw_io.h"
#include "report/validation_page.h"

typedef struct work {
    const cw_validate_conf *conf;
    cw_arena *arena;
    cw_trial *trial; size_t n, cap;
    const char *built_in;         /* id of the built-in background when verdicts rest on it; NULL: never */
    const char *model, *level; double alpha; /* what the verdicts of the first file rest on; model NULL: none yet */
    bool mixed_model, mixed_level, mixed_alpha;
    const cw_log *log;
    cw_err *err;
} work;

/* What is in the sample: VAF of an allele, from the caller's table. NAN: this allele of the sample is not part of the validation. */
typedef struct content { double (*vaf_of)(const void *context, const char *sample, const char *cwid); const void *context; } content;

/* Verdicts by different rules are different assays: their figures, pooled, hold for none of them. Each difference is said once. */
static int compare_rules(work *w, const cw_calls *c, const char *path)
{
    if (!w->model) {
        w->model = cw_arena_strdup(w->arena, c->background.model);
        w->level = cw_arena_strdup(w->arena, c->level);
        w->alpha = c->call_alpha;
        return w->model && w->level ? 0 : cw_err_nomem(w->err);
    }
    static const char mixed[] = "figures of both together hold for neither; validate them one by one";
    if (!w->mixed_model && strcmp(w->model, c->background.model)) {
        w->mixed_model = true;
        cw_log_say(w->log, CW_LOG_WARNING, "'%s' was judged by background '%s', files before it by '%s': %s", path, c->background.model, w->model, mixed);
    }
    if (!w->mixed_level && strcmp(w->level, c->level)) {
        w->mixed_level = true;
        cw_log_say(w->log, CW_LOG_WARNING, "'%s' is of level %s, files before it of level %s: %s", path, c->level, w->level, mixed);
    }
    if (!w->mixed_alpha && w->alpha > 0 && c->call_alpha > 0 && c->call_alpha != w->alpha) {
        w->mixed_alpha = true;
        cw_log_say(w->log, CW_LOG_WARNING, "'%s' was judged with --call-alpha %g, files before it with %g: %s", path, c->call_alpha, w->alpha, mixed);
    }
    return 0;
}

static int add_calls(work *w, const char *path, const char *sample, double input_ng, const char *lot, const char *day, const content *what)
{
    cw_calls calls;
    int status = cw_calls_read(&calls, path, w->err);
    if (status < 0) return status;
    sample = cw_arena_strdup(w->arena, sample);
    lot = cw_arena_strdup(w->arena, lot);
    day = cw_arena_strdup(w->arena, day);
    status = compare_rules(w, &calls, path);
    if (status == 0 && calls.background.is_default && !w->built_in && !(w->built_in = cw_arena_strdup(w->arena, calls.background.model))) status = cw_err_nomem(w->err);
    for (size_t i = 0; i < calls.n_calls && status == 0; i++) {
        const cw_call *c = &calls.call[i];
        double vaf = what->vaf_of(what->context, sample ? sample : "", c->cwid);
        if (isnan(vaf)) continue;
        status = cw_grow((void **)&w->trial, &w->cap, w->n + 1, sizeof *w->trial, w->err);
        if (status < 0) break;
        bool assessable = c->state != CW_CALL_NOT_ASSESSABLE && c->state != CW_CALL_NOT_REPORTED && isfinite(c->vaf);
        w->trial[w->n] = (cw_trial){.sample = sample, .allele = cw_arena_strdup(w->arena, c->cwid), .lot = lot, .day = day, .vaf = vaf, .input_ng = input_ng,
                                    .assessable = assessable, .detected = c->state == CW_CALL_DETECTED, .observed = c->vaf, .lod = c->lod};
        if (!sample || !lot || !day || !w->trial[w->n++].allele) status = cw_err_nomem(w->err);
    }
    cw_calls_release(&calls);
    return status;
}

/* --- a table of replicates --- */

typedef struct one_level { const char *allele; double vaf; } one_level;

static double level_of(const void *context, const char *sample, const char *cwid)
{
    const one_level *l = context;
    (void)sample;
    return !*l->allele || !strcmp(l->allele, cwid) ? l->vaf : NAN;
}

static const char *beside(work *w, const char *sheet, const char *path)
{
    const char *slash = strrchr(sheet, '/');
    return *path == '/' || !slash ? path : cw_arena_printf(w->arena, "%.*s/%s", (int)(slash - sheet), sheet, path);
}

static int number_cell(work *w, const cw_table *t, size_t r, const char *column, bool needed, double most, double *x)
{
    const char *cell = cw_table_cell(t, r, cw_table_column(t, column));
    *x = NAN;
    if (!*cell && !needed) return 0;
    if (cw_parse_double(cell, x) && *x >= 0 && *x <= most) return 0;
    return cw_err_set(w->err, CW_EFORMAT, "%s:%zu: %s '%.40s' is not a number from 0 to %g", t->path, t->line[r], column, cell, most);
}

/* A result may count once: a file that stands in two rows must have another allele in each. A row without allele takes them all. And every replicate counts: figures by sample would take two
 * files of one name for one. */
static int refuse_twice(work *w, const cw_table *t, size_t r)
{
    const int vcf = cw_table_column(t, "vcf"), allele = cw_table_column(t, "allele"), sample = cw_table_column(t, "sample");
    const char *path = cw_table_cell(t, r, vcf), *name = cw_table_cell(t, r, allele);
    for (size_t i = 0; i < r; i++) {
        const char *other = cw_table_cell(t, i, allele);
        const bool same_file = !strcmp(path, cw_table_cell(t, i, vcf));
        if (!same_file && !strcmp(cw_table_cell(t, r, sample), cw_table_cell(t, i, sample)))
            return cw_err_set(w->err, CW_EFORMAT, "%s:%zu: sample '%s' has another file in line %zu; give every replicate a name of its own", t->path, t->line[r],
                              cw_table_cell(t, r, sample), t->line[i]);
        if (!same_file || (*name && *other && strcmp(name, other))) continue;
        return cw_err_set(w->err, CW_EFORMAT, "%s:%zu: results of '%s' stand in line %zu already%s", t->path, t->line[r], path, t->line[i],
                          strcmp(name, other) ? "; a row without allele takes every allele of the file: name the empty ones one by one" : "");
    }
    return 0;
}

static int read_replicates(work *w)
{
    cw_table t = {0};
    int status = cw_table_read(&t, w->conf->replicates, w->err);
    if (status == 0 && (cw_table_require(&t, "sample", w->err) < 0 || cw_table_require(&t, "vcf", w->err) < 0 || cw_table_require(&t, "vaf", w->err) < 0)) status = CW_EFORMAT;
    for (size_t r = 0; r < t.n_rows && status == 0; r++) {
        one_level level = {.allele = cw_table_cell(&t, r, cw_table_column(&t, "allele"))};
        double input;
        const char *sample = cw_table_cell(&t, r, cw_table_column(&t, "sample")), *path = beside(w, t.path, cw_table_cell(&t, r, cw_table_column(&t, "vcf")));
        if (number_cell(w, &t, r, "vaf", true, 1, &level.vaf) < 0 || number_cell(w, &t, r, "input_ng", false, 1e9, &input) < 0) status = CW_EFORMAT;
        else if (level.vaf > 0 && !*level.allele) status = cw_err_set(w->err, CW_EFORMAT, "%s:%zu: a row with vaf above 0 needs the allele (CWID) that was put in", t.path, t.line[r]);
        else if (!*sample) status = cw_err_set(w->err, CW_EFORMAT, "%s:%zu: the sample has no name", t.path, t.line[r]);
        else if (!path) status = cw_err_nomem(w->err);
        if (status == 0) status = refuse_twice(w, &t, r);
        if (status < 0) break;
        const content what = {level_of, &level};
        size_t before = w->n;
        status = add_calls(w, path, sample, input, cw_table_cell(&t, r, cw_table_column(&t, "lot")), cw_table_cell(&t, r, cw_table_column(&t, "day")), &what);
        if (status == 0 && w->n == before) status = cw_err_set(w->err, CW_EFORMAT, "%s:%zu: '%s' does not hold the allele '%s'", t.path, t.line[r], path, level.allele);
    }
    cw_table_release(&t);
    return status;
}

/* --- truth of a simulation --- */

static double truth_of(const void *context, const char *sample, const char *cwid)
{
    const cw_table *t = context;
    int s = cw_table_column(t, "sample"), c = cw_table_column(t, "cwid"), v = cw_table_column(t, "vaf");
    double vaf = 0, x;
    for (size_t r = 0; r < t->n_rows; r++)
        if (!strcmp(cw_table_cell(t, r, s), sample) && !strcmp(cw_table_cell(t, r, c), cwid) && cw_parse_double(cw_table_cell(t, r, v), &x)) vaf += x;
    return vaf;
}

static int read_truth(work *w)
{
    cw_table t = {0};
    cw_draw_sheet sheet = {0};
    int status = cw_table_read(&t, w->conf->truth, w->err);
    if (status == 0 && (cw_table_require(&t, "sample", w->err) < 0 || cw_table_require(&t, "cwid", w->err) < 0 || cw_table_require(&t, "vaf", w->err) < 0)) status = CW_EFORMAT;
    if (status == 0) status = cw_draw_sheet_read(&sheet, w->conf->draws, w->err);
    const content what = {truth_of, &t};
    for (size_t i = 0; i < sheet.n && status == 0; i++) {
        const cw_draw_row *r = &sheet.row[i];
        if (r->type == CW_DRAW_TUMOUR) continue;
        if (!*r->vcf) status = cw_err_set(w->err, CW_EFORMAT, "%s:%zu: validate needs the calls of sample '%s' (vcf column)", sheet.path, r->line, r->sample);
        else status = add_calls(w, r->vcf, r->sample, r->cfdna_ng, "", "", &what);
    }
    cw_draw_sheet_release(&sheet);
    cw_table_release(&t);
    return status;
}

int cw_flow_validate(const cw_validate_conf *conf, const cw_log *log, cw_err *err)
{
    work w = {.conf = conf, .arena = cw_arena_new(), .log = log, .err = err};
    cw_validation v = {0};
    const char *table = NULL, *page = NULL;
    int status = w.arena ? (conf->replicates ? read_replicates(&w) : read_truth(&w)) : cw_err_nomem(err);
    if (status == 0 && !w.n) status = cw_err_set(err, CW_EFORMAT, "there is no result to validate");
    if (status == 0) status = cw_validate(w.trial, w.n, &v, err);
    if (status == 0) {
        cw_log_say(log, CW_LOG_INFO, "%zu results of %zu samples", w.n, v.samples);
        table = cw_arena_printf(w.arena, "%s/validation.tsv", conf->out);
        page = cw_arena_printf(w.arena, "%s/validation.html", conf->out);
        status = table && page ? cw_make_folder(conf->out, err) : cw_err_nomem(err);
    }
    const cw_validation_words words = {conf->title ? conf->title : "Analytical validation", conf->in_silico || conf->truth, w.built_in};
    if (status == 0) status = cw_report_validation_tsv(&v, &words, table, err);
    if (status == 0) status = cw_report_validation_page(&v, &words, page, err);
    cw_validation_release(&v);
    free(w.trial);
    cw_arena_free(w.arena);
    return status;
}
