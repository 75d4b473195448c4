/* SPDX-License-Identifier: MIT */
/* draw_tables.c - what each draw saw of each alteration that matters, what it could have seen, and why it is or is not believed. */
#include "report/sections.h"

#include <math.h>
#include <string.h>
#include "report/words.h"

static const char dash[] = "\xe2\x80\x93";

static void put_cell(cw_text *t, const json_t *point)
{
    const char *state = cw_json_get_string(point, "state"), *filters = cw_json_get_string(point, "filters");
    double alt = cw_json_get_real(point, "alt"), depth = cw_json_get_real(point, "depth"), lod = cw_json_get_real(point, "lod"),
           alarm = cw_json_get_real(point, "lod_alarm");
    if (!point) {
        cw_html(t, "<td class=\"none\">%s</td>", dash);
        return;
    }
    cw_html(t, "<td class=\"%.20s\">", state);
    if (!strcmp(state, "detected")) cw_html(t, "<b>%s</b>", cw_words_percent(cw_json_get_real(point, "vaf")).s);
    else if (!strcmp(state, "below_lod")) cw_html(t, "below LoD");
    else if (!strcmp(state, "not_detected")) cw_text_put(t, "\xe2\x96\xbd not det.");
    else cw_html(t, "%.20s", cw_words_status(state));
    if (isfinite(alt)) cw_html(t, "<br><span class=\"quiet\">%s/%s</span>", cw_words_count(alt).s, cw_words_count(depth).s);
    if (isfinite(lod)) cw_html(t, "<br><span class=\"quiet\">LoD %s</span>", cw_words_percent(lod).s);
    if (isfinite(alarm)) cw_html(t, "<br><span class=\"quiet\">alarm %s</span>", cw_words_percent(alarm).s);
    if (alt > 0 && *filters && strcmp(filters, "PASS")) cw_html(t, "<br><span class=\"filter\">%.80s</span>", filters);
    cw_text_put(t, "</td>");
}

enum { DRAWS_ABREAST = 8 }; /* what fits a page; more draws go into further tables */

static void put_counts_row(cw_text *t, const cw_view *view, const json_t *alteration, size_t first, size_t end)
{
    char name[400];
    if (!json_array_size(json_object_get(alteration, "points"))) return;
    cw_html(t, "<tr><th scope=\"row\"><span class=\"name\">%.80s</span></th>", cw_view_name(alteration, name, sizeof name));
    for (size_t d = first; d < end; d++) put_cell(t, cw_view_point(alteration, cw_json_get_string(json_array_get(view->draws, d), "id")));
    cw_text_put(t, "</tr>\n");
}

static void put_counts_table(cw_text *t, const cw_view *view, size_t first, size_t end)
{
    size_t i;
    json_t *alteration;
    cw_html(t, "<div class=\"scroll\"><table class=\"counts\">\n<caption>Draws %zu to %zu</caption>\n<thead><tr><th scope=\"col\">Alteration</th>", first + 1, end);
    for (size_t d = first; d < end; d++) {
        const json_t *draw = json_array_get(view->draws, d);
        cw_html(t, "<th scope=\"col\">%.40s<br><span class=\"quiet\">", cw_json_get_string(draw, "sample"));
        if (view->dated) cw_html(t, "%s<br>", cw_view_day_text(view, cw_view_at(draw)).s);
        if (isfinite(cw_view_at(draw))) cw_html(t, "day %g", cw_view_at(draw));
        cw_text_put(t, "</span></th>");
    }
    cw_text_put(t, "</tr></thead>\n<tbody>\n");
    for (int rank = 0; rank < 20; rank++)
        json_array_foreach((json_t *)view->alterations, i, alteration)
            if (cw_view_rank(alteration) == rank && cw_view_matters(alteration)) put_counts_row(t, view, alteration, first, end);
    cw_table_close(t);
}

/* --- why, draw by draw --- */

static void put_reason_row(cw_text *t, const cw_view *view, const json_t *alteration, const json_t *point)
{
    const json_t *draw = cw_view_draw_of(view, point);
    const char *filters = cw_json_get_string(point, "filters");
    double alt = cw_json_get_real(point, "alt"), vaf = cw_json_get_real(point, "vaf"), lo = cw_json_get_real(point, "lo"), hi = cw_json_get_real(point, "hi"),
           growth = cw_json_get_real(point, "ln_e_growth");
    bool on_growth = cw_view_is(json_object_get(alteration, "evidence"), "test", "growth") && isfinite(growth);
    char reason[600];
    cw_html(t, "<tr><th scope=\"row\">%.60s<br><span class=\"quiet\">%s</span></th>", cw_json_get_string(draw, "sample"), cw_view_draw_text(view, draw).s);
    if (isfinite(alt)) cw_html(t, "<td class=\"num\">%s of %s</td>", cw_words_count(alt).s, cw_words_count(cw_json_get_real(point, "depth")).s);
    else cw_html(t, "<td>%s</td>", dash);
    cw_html(t, "<td class=\"num\">%s", cw_words_percent(vaf).s);
    if (isfinite(vaf) && isfinite(lo) && isfinite(hi)) cw_html(t, "<br><span class=\"quiet\">%s to %s</span>", cw_words_percent(lo).s, cw_words_percent(hi).s);
    cw_html(t, "</td><td class=\"num\">%s</td><td class=\"num\">%s</td>", cw_words_percent(cw_json_get_real(point, "lod")).s, cw_words_percent(cw_json_get_real(point, "lod_alarm")).s);
    cw_html(t, "<td class=\"num\">%s%s</td>", cw_words_evidence(on_growth ? growth : cw_json_get_real(point, "ln_e")).s, on_growth ? " (growth)" : "");
    cw_html(t, "<td>%.120s</td><td class=\"why\">%s</td></tr>\n", *filters ? filters : dash, cw_words_reason(view, alteration, point, reason, sizeof reason));
}

static void put_reasons(cw_text *t, const cw_view *view, const json_t *alteration)
{
    static const char *const heading[] = {"Draw", "Mutant molecules", "VAF (95 %)", "LoD", "Alarm from", "Evidence", "Filters", "Why it is or is not believed", NULL};
    char name[400];
    size_t i;
    json_t *point;
    if (!json_array_size(json_object_get(alteration, "points"))) return;
    cw_text caption = {0};
    cw_text_format(&caption, "%s, origin: %s", cw_view_name(alteration, name, sizeof name), cw_words_status(cw_json_get_string(alteration, "origin")));
    cw_table_open(t, "reasons", cw_text_string(&caption), heading);
    json_array_foreach(json_object_get(alteration, "points"), i, point) put_reason_row(t, view, alteration, point);
    cw_table_close(t);
    if (caption.failed) t->failed = true;
    cw_text_release(&caption);
}

/* --- what the filter words mean --- */

static bool has_word(const char *filters, const char *word)
{
    size_t n = strlen(word);
    for (; *filters; filters += strcspn(filters, ";"), filters += *filters == ';')
        if (strcspn(filters, ";") == n && !strncmp(filters, word, n)) return true;
    return false;
}

static bool is_said(const cw_view *view, const char *word)
{
    size_t i, j;
    json_t *alteration, *point;
    json_array_foreach((json_t *)view->alterations, i, alteration)
        if (cw_view_matters(alteration))
            json_array_foreach(json_object_get(alteration, "points"), j, point)
                if (cw_json_get_real(point, "alt") > 0 && has_word(cw_json_get_string(point, "filters"), word)) return true;
    return false;
}

static void put_filter_key(cw_text *t, const cw_view *view)
{
    static const char *const meaning[][2] = {
        {"weak_evidence", "fewer mutant molecules than this draw alone needs to call it"},
        {"low_molecules", "fewer deciding molecules than the assay needs"},
        {"not_targeted", "outside the targets of the panel"},
        {"strand_bias", "the carriers lie on one strand more than the reference does (exact test below 1 in 10\xe2\x80\xaf""000)"},
        {"orientation", "the carriers lie where the background of their strand explains them, as damage of one strand looks"},
        {"position", "the carriers lie near the ends of their reads, the reference does not (exact test below 1 in 10\xe2\x80\xaf""000), as damage of fragment ends looks"},
        {"systematic_noise", "the background rate of the allele is above 0.1 %"},
        {"panel_of_normals", "the normals of the assay show this very allele"},
        {"base_qual", "more molecules of low quality than deciding ones"},
        {"multiallelic", "more than one allele detected at the place"},
        {"chip", "listed as an allele of clonal haematopoiesis"}};
    size_t n = 0;
    for (size_t i = 0; i < sizeof meaning / sizeof *meaning; i++) {
        if (!is_said(view, meaning[i][0])) continue;
        cw_text_put(t, n++ ? "; " : "<p class=\"key\">Filters are said and change nothing by themselves. ");
        cw_html(t, "<span class=\"filter\">%s</span>: %s", meaning[i][0], meaning[i][1]);
    }
    if (n) cw_text_put(t, ".</p>\n");
}

void cw_draw_tables(cw_text *t, const cw_view *view)
{
    size_t n = json_array_size(view->draws);
    if (!n) return;
    cw_text_put(t, "<h3>What each draw saw, and could have seen</h3>\n<p class=\"key\">VAF, mutant / deciding molecules, the limit of detection (LoD95) of that draw alone at that site, and the VAF at "
                   "which that draw, after those before it, would have raised the alarm with 95 % probability. "
                   "\xe2\x96\xbd: no mutant molecule; an alteration at the LoD or above would have been detected with 95 % probability.</p>\n");
    size_t tables = (n + DRAWS_ABREAST - 1) / DRAWS_ABREAST;
    for (size_t i = 0; i < tables; i++) put_counts_table(t, view, i * n / tables, (i + 1) * n / tables);
    put_filter_key(t, view);
    cw_text_put(t, "<details><summary>Draw by draw: the evidence, and why each alteration is or is not believed</summary>\n");
    cw_each_that_matters(t, view, put_reasons);
    cw_text_put(t, "</details>\n");
}
