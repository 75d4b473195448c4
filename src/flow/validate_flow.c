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
#include "report/page.h"

static const char in_silico_sentence[] = "In-silico data supplement samples and never replace them: simulated reads and counts know only the errors that their maker put in.";

static const char built_in_sentence[] = "the calls rest on the built-in background, not on normals of this assay: what is found here is not what a model of the assay would find";

typedef struct work {
    const cw_validate_conf *conf;
    cw_arena *arena;
    cw_trial *trial; size_t n, cap;
    const char *built_in;         /* id of the built-in background when verdicts rest on it; NULL: never */
    cw_err *err;
} work;

/* What is in the sample: VAF of an allele, from the caller's table. NAN: this allele of the sample is not part of the validation. */
typedef struct content { double (*vaf_of)(const void *context, const char *sample, const char *cwid); const void *context; } content;

static int add_calls(work *w, const char *path, const char *sample, double input_ng, const char *lot, const char *day, const content *what)
{
    cw_calls calls;
    int status = cw_calls_read(&calls, path, w->err);
    if (status < 0) return status;
    sample = cw_arena_strdup(w->arena, sample);
    lot = cw_arena_strdup(w->arena, lot);
    day = cw_arena_strdup(w->arena, day);
    if (calls.background.is_default && !w->built_in && !(w->built_in = cw_arena_strdup(w->arena, calls.background.model))) status = cw_err_nomem(w->err);
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

/* --- tables and page --- */

static void put_real(FILE *f, double x)
{
    if (isnan(x)) fputs("\tNA", f);
    else if (isinf(x)) fputs(x > 0 ? "\tInf" : "\t-Inf", f);
    else fprintf(f, "\t%.6g", x);
}

static int write_table(const work *w, const cw_validation *v, const char *path)
{
    cw_out out;
    int status = cw_out_open(&out, path, w->err);
    if (status < 0) return status;
    fputs("measure\tgroup\tvaf_lo\tvaf_hi\tinput_ng\tn\tpositive\tvalue\tlo\thi\tnote\n", out.file);
    for (size_t i = 0; i < v->n; i++) {
        const cw_validation_row *r = &v->row[i];
        const char *group = cw_tsv_protect(w->arena, r->group);
        fprintf(out.file, "%s\t%s", r->measure, group ? group : "");
        put_real(out.file, r->vaf_lo), put_real(out.file, r->vaf_hi), put_real(out.file, r->input_ng);
        put_real(out.file, r->n < 0 ? NAN : (double)r->n), put_real(out.file, r->positive < 0 ? NAN : (double)r->positive);
        put_real(out.file, r->value), put_real(out.file, r->lo), put_real(out.file, r->hi);
        fprintf(out.file, "\t%s\n", r->note);
    }
    if (w->built_in) {
        const char *group = cw_tsv_protect(w->arena, w->built_in);
        fprintf(out.file, "built_in_background\t%s\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tNA\t%s\n", group ? group : "", built_in_sentence);
    }
    return cw_out_commit(&out, w->err);
}

static void put_cell(cw_text *t, double x, double factor)
{
    if (isnan(x)) cw_text_put(t, "<td>–</td>");
    else if (isinf(x)) cw_text_put(t, "<td>not bounded</td>");
    else cw_html(t, "<td>%.4g</td>", x * factor);
}

/* One table of the rows with one of these measures; fractions in per cent. */
static void put_rows(cw_text *t, const cw_validation *v, const char *const *measure, size_t n, const char *head)
{
    cw_text_put(t, "<table><thead><tr><th>measure</th><th>of</th><th>VAF %</th><th>input ng</th><th>n</th><th>positive</th>");
    cw_text_put(t, head);
    cw_text_put(t, "<th></th></tr></thead><tbody>");
    for (size_t i = 0; i < v->n; i++) {
        const cw_validation_row *r = &v->row[i];
        bool here = false;
        for (size_t k = 0; k < n; k++) here |= !strcmp(r->measure, measure[k]);
        if (!here) continue;
        bool count = !strcmp(r->measure, "false_positives_per_blank");
        cw_html(t, "<tr><td>%s</td><td>%.80s</td>", r->measure, r->group);
        if (isnan(r->vaf_lo)) cw_text_put(t, "<td>–</td>");
        else if (r->vaf_lo == r->vaf_hi) cw_html(t, "<td>%.4g</td>", 100 * r->vaf_lo);
        else cw_html(t, "<td>%.4g to %.4g</td>", 100 * r->vaf_lo, 100 * fmin(1, r->vaf_hi));
        put_cell(t, r->input_ng, 1);
        put_cell(t, r->n < 0 ? NAN : (double)r->n, 1);
        put_cell(t, r->positive < 0 ? NAN : (double)r->positive, 1);
        put_cell(t, r->value, count ? 1 : 100), put_cell(t, r->lo, count ? 1 : 100), put_cell(t, r->hi, count ? 1 : 100);
        cw_html(t, "<td>%s</td></tr>", r->note);
    }
    cw_text_put(t, "</tbody></table>");
}

static void put_requirements(cw_text *t, const cw_validation *v)
{
    cw_text_put(t, "<table><thead><tr><th>requirement</th><th>needed</th><th>here</th><th></th></tr></thead><tbody>");
    for (size_t i = 0; i < v->n; i++)
        if (!strcmp(v->row[i].measure, "requirement"))
            cw_html(t, "<tr><td>%s</td><td>%lld</td><td>%lld</td><td>%s</td></tr>", v->row[i].group, (long long)v->row[i].n, (long long)v->row[i].positive, v->row[i].note);
    cw_text_put(t, "</tbody></table><table><thead><tr><th>requirement</th><th>figure in validation.tsv</th></tr></thead><tbody>"
                   "<tr><td>limit of blank (EP17-A2)</td><td>lob</td></tr><tr><td>limit of detection, probit (EP17-A2)</td><td>lod95, beside stated_lod</td></tr>"
                   "<tr><td>analytical sensitivity by VAF and input</td><td>sensitivity</td></tr><tr><td>analytical specificity, false positives</td>"
                   "<td>false_positive_rate, false_positives_per_blank</td></tr><tr><td>precision, trueness</td><td>cv_within, cv_total, bias</td></tr>"
                   "<tr><td>invalid results</td><td>not_assessable</td></tr></tbody></table>");
}

/* Sensitivity against VAF, one line per input. */
static int put_curve(cw_page *page, const cw_validation *v, cw_err *err)
{
    cw_xy *xy = calloc(v->n + 1, sizeof *xy);
    char (*name)[48] = calloc(v->n + 1, sizeof *name);
    size_t n = 0;
    double lod = NAN;
    if (!xy || !name) {
        free(xy), free(name);
        return cw_err_nomem(err);
    }
    for (size_t i = 0; i < v->n; i++) {
        const cw_validation_row *r = &v->row[i];
        if (!strcmp(r->measure, "lod95") && !strcmp(r->group, "all") && isnan(r->input_ng)) lod = r->value;
        if (strcmp(r->measure, "sensitivity")) continue;
        if (isnan(r->input_ng)) snprintf(name[n], sizeof *name, "all inputs");
        else snprintf(name[n], sizeof *name, "%.4g ng", r->input_ng);
        xy[n] = (cw_xy){name[n], sqrt(r->vaf_lo * fmin(1, r->vaf_hi)), r->value, r->lo, r->hi};
        n++;
    }
    const cw_xy_axes axes = {"VAF", "found", "input", true, false, true, .95, "95 %"};
    if (n) cw_page_chart(page, "curve", "Share of replicates in which the allele was detected, with exact 95 % intervals", "one line per input mass, share found against VAF", cw_page_xy_spec(page, &axes, xy, n));
    if (isfinite(lod)) cw_html(&page->body, "<p>LoD95 by probit over all: %.4g %% VAF.</p>", 100 * lod);
    free(xy), free(name);
    return 0;
}

static int write_page(const work *w, const cw_validation *v, const char *path)
{
    static const char *const blanks[] = {"lob", "false_positive_rate", "false_positives_per_blank"}, *const limits[] = {"lod95", "stated_lod"}, *const found[] = {"sensitivity"},
                      *const spread[] = {"bias", "cv_within", "cv_total"}, *const invalid[] = {"not_assessable"};
    static const char interval[] = "<th>value %</th><th>lo</th><th>hi</th>";
    const char *title = w->conf->title ? w->conf->title : "Analytical validation";
    cw_page page = {.title = title};
    char under[160];
    snprintf(under, sizeof under, "%zu samples, %zu of them blank; %zu alleles; %zu lots, %zu days", v->samples, v->blanks, v->alleles, v->lots, v->days);
    cw_page_open(&page, title, under);
    if (w->conf->in_silico || w->conf->truth) cw_html(&page.body, "<p><strong>Simulated data.</strong> %s</p>", in_silico_sentence);
    else cw_html(&page.body, "<p>%s</p>", in_silico_sentence);
    if (w->built_in) cw_html(&page.body, "<p><strong>Built-in background (%.60s):</strong> %s.</p>", w->built_in, built_in_sentence);
    cw_page_section(&page, "sensitivity", "Sensitivity");
    int status = put_curve(&page, v, w->err);
    put_rows(&page.body, v, found, 1, interval);
    cw_page_end_section(&page);
    cw_page_section(&page, "limits", "Limit of detection");
    put_rows(&page.body, v, limits, 2, interval);
    cw_page_end_section(&page);
    cw_page_section(&page, "blanks", "Limit of blank and false positives");
    put_rows(&page.body, v, blanks, 3, interval);
    cw_page_end_section(&page);
    cw_page_section(&page, "precision", "Precision and trueness");
    put_rows(&page.body, v, spread, 3, interval);
    cw_page_end_section(&page);
    cw_page_section(&page, "requirements", "Requirements and where they are tested");
    put_requirements(&page.body, v);
    put_rows(&page.body, v, invalid, 1, interval);
    cw_page_end_section(&page);
    if (status == 0) status = cw_page_write(&page, path, w->err);
    cw_page_release(&page);
    return status;
}

int cw_flow_validate(const cw_validate_conf *conf, const cw_log *log, cw_err *err)
{
    work w = {.conf = conf, .arena = cw_arena_new(), .err = err};
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
    if (status == 0) status = write_table(&w, &v, table);
    if (status == 0) status = write_page(&w, &v, page);
    cw_validation_release(&v);
    free(w.trial);
    cw_arena_free(w.arena);
    return status;
}
