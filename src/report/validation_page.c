/* SPDX-License-Identifier: MIT */
/* validation_page.c - the figures of a validation as a table and as a page. */
#include "report/validation_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/out.h"
#include "base/table.h"
#include "report/page.h"

static const char in_silico_sentence[] = "In-silico data supplement samples and never replace them: simulated reads and counts know only the errors that their maker put in.";

static const char built_in_sentence[] = "the calls rest on the built-in background, not on normals of this assay: what is found here is not what a model of the assay would find";

/* --- table --- */

static void put_real(FILE *f, double x)
{
    if (isnan(x)) fputs("\tNA", f);
    else if (isinf(x)) fputs(x > 0 ? "\tInf" : "\t-Inf", f);
    else fprintf(f, "\t%.6g", x);
}

int cw_report_validation_tsv(const cw_validation *v, const cw_validation_words *words, const char *path, cw_err *err)
{
    cw_out out;
    int status = cw_out_open(&out, path, err);
    if (status < 0) return status;
    fputs("measure\tgroup\tvaf_lo\tvaf_hi\tinput_ng\tn\tpositive\tvalue\tlo\thi\tnote\n", out.file);
    for (size_t i = 0; i < v->n; i++) {
        const cw_validation_row *r = &v->row[i];
        const char *group = cw_tsv_protect(v->arena, r->group);
        fprintf(out.file, "%s\t%s", r->measure, group ? group : "");
        put_real(out.file, r->vaf_lo), put_real(out.file, r->vaf_hi), put_real(out.file, r->input_ng);
        put_real(out.file, r->n < 0 ? NAN : (double)r->n), put_real(out.file, r->positive < 0 ? NAN : (double)r->positive);
        put_real(out.file, r->value), put_real(out.file, r->lo), put_real(out.file, r->hi);
        fprintf(out.file, "\t%s\n", r->note);
    }
    if (words->built_in) {
        const char *group = cw_tsv_protect(v->arena, words->built_in);
        fprintf(out.file, "built_in_background\t%s\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tNA\t%s\n", group ? group : "", built_in_sentence);
    }
    return cw_out_commit(&out, err);
}

/* --- page --- */

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

int cw_report_validation_page(const cw_validation *v, const cw_validation_words *words, const char *path, cw_err *err)
{
    static const char *const blanks[] = {"lob", "false_positive_rate", "false_positives_per_blank"}, *const limits[] = {"lod95", "stated_lod"}, *const found[] = {"sensitivity"},
                      *const spread[] = {"bias", "cv_within", "cv_total"}, *const invalid[] = {"not_assessable"};
    static const char interval[] = "<th>value %</th><th>lo</th><th>hi</th>";
    cw_page page = {.title = words->title};
    char under[160];
    snprintf(under, sizeof under, "%zu samples, %zu of them blank; %zu alleles; %zu lots, %zu days", v->samples, v->blanks, v->alleles, v->lots, v->days);
    cw_page_open(&page, words->title, under);
    if (words->simulated) cw_html(&page.body, "<p><strong>Simulated data.</strong> %s</p>", in_silico_sentence);
    else cw_html(&page.body, "<p>%s</p>", in_silico_sentence);
    if (words->built_in) cw_html(&page.body, "<p><strong>Built-in background (%.60s):</strong> %s.</p>", words->built_in, built_in_sentence);
    cw_page_section(&page, "sensitivity", "Sensitivity");
    int status = put_curve(&page, v, err);
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
    if (status == 0) status = cw_page_write(&page, path, err);
    cw_page_release(&page);
    return status;
}
