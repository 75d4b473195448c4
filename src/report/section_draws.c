/* SPDX-License-Identifier: MIT */
/* section_draws.c - the chart, the quality of each draw, treatment and imaging in words, and the response. */
#include "report/sections.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "report/timeline.h"
#include "report/words.h"

static const char dash[] = "\xe2\x80\x93";

static void put_key(cw_text *t, const cw_timeline *chart)
{
    bool blood = false;
    for (size_t s = 0; s < chart->n_series; s++) blood |= chart->series[s].blood;
    cw_text_put(t, "<p class=\"key\">Filled mark: detected, with its 95 % interval. Open circle: seen, but below the limit of detection. Open triangle: no mutant molecule, drawn at the "
                   "limit of detection of that draw. \xc3\x97: not assessable. Dashed: passes through a draw that only gives a limit. Red ring: alarm. Dotted red line: progression on imaging.");
    if (blood) cw_text_put(t, " Grey: CHIP or germline; never an alarm.");
    if (chart->left_out) cw_html(t, " %zu further alteration%s in the tables only.", chart->left_out, chart->left_out == 1 ? " is" : "s are");
    cw_text_put(t, "</p>\n");
}

static void put_alt(cw_text *alt, const cw_timeline *chart, const cw_view *view)
{
    cw_text_format(alt, "Line chart, VAF in percent on a log axis against time, %zu draw%s. ", json_array_size(view->draws), cw_words_s((double)json_array_size(view->draws)));
    for (size_t s = 0; s < chart->n_series; s++) {
        const json_t *last = cw_view_last_point(chart->series[s].alteration);
        cw_text_format(alt, "%s: %s; last draw: %s. ", chart->series[s].name, cw_words_status(cw_json_get_string(chart->series[s].alteration, "status")), cw_words_point(last).s);
    }
    cw_text_put(alt, "The tables below hold the same numbers.");
}

int cw_section_timeline(cw_page *page, const cw_view *view, cw_err *err)
{
    cw_timeline chart = {0};
    cw_text alt = {0}, still = {0};
    bool any = false;
    int status = cw_timeline_open(&chart, view, &any, err);
    if (status == 0 && any) {
        cw_page_section(page, "timeline", "VAF over time");
        put_alt(&alt, &chart, view);
        cw_timeline_svg(&still, &chart, view);
        cw_page_chart_still(page, "vaf-over-time", "Treatment, imaging and variant allele fraction on one time axis", cw_text_string(&alt), cw_timeline_spec(page, &chart, view), &still);
        put_key(&page->body, &chart);
        cw_page_end_section(page);
        status = cw_text_failed(&alt, err);
        if (status == 0) status = cw_text_failed(&still, err);
    }
    cw_text_release(&still);
    cw_text_release(&alt);
    cw_timeline_close(&chart);
    return status;
}

typedef enum figure_form { COUNT, SHARE, LENGTH, RATE } figure_form;

/* Figures of the quality control by the name they have in qc.json; what is not here is said as it is. */
static const struct figure { const char *key, *words; figure_form form; } figures[] = {
    {"loci", "loci in the targets", COUNT}, {"loci_assessable", "of them assessable", COUNT}, {"reads", "reads", COUNT},
    {"duplicate_fraction", "duplicates", SHARE}, {"duplex_fraction", "duplex", SHARE}, {"fragment_q10_bp", "fragments: shortest tenth below", LENGTH},
    {"fragment_median_bp", "median", LENGTH}, {"fragment_q90_bp", "longest tenth above", LENGTH}, {"noise", "noise per base", RATE},
    {"noise_bases", "bases read for it", COUNT}, {"genome_equivalents", "genome equivalents", COUNT}, {"recovery", "recovery", SHARE},
    {"contamination", "contamination", SHARE}, {"contamination_lo", "from", SHARE}, {"contamination_hi", "to", SHARE}, {"contamination_snps", "SNPs for contamination", COUNT}};

static void put_figure(cw_text *t, const char *key, double v)
{
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        const struct figure *f = &figures[i];
        if (strcmp(key, f->key)) continue;
        cw_html(t, "%s ", f->words);
        if (f->form == COUNT) cw_html(t, "%s", cw_words_count(v).s);
        else if (f->form == SHARE) cw_html(t, "%s", cw_words_percent(v).s);
        else if (f->form == LENGTH) cw_html(t, "%.0f bp", v);
        else cw_html(t, "%.2g", v);
        return;
    }
    cw_plain(t, key);
    cw_html(t, " %.4g", v);
}

/* The quality control of the draw, in the order it comes; the molecules stand in the row above. */
static void put_qc(cw_text *t, const json_t *qc)
{
    const char *key;
    json_t *v;
    bool first = true;
    json_object_foreach((json_t *)qc, key, v) {
        if (json_is_null(v) || json_is_object(v) || json_is_array(v) || !strcmp(key, "molecules")) continue;
        if (!first) cw_text_put(t, "; ");
        first = false;
        if (json_is_number(v)) {
            put_figure(t, key, json_number_value(v));
            continue;
        }
        cw_plain(t, key);
        if (json_is_string(v)) cw_html(t, " %.80s", json_string_value(v));
        else cw_text_put(t, json_is_true(v) ? " yes" : " no");
    }
    if (first) cw_text_put(t, "no further quality figures");
}

static int rising(const void *a, const void *b) { return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b); }

typedef struct draw_sum { size_t assessable, detected; double median_lod; } draw_sum;

static draw_sum sum_draw(cw_text *t, const cw_view *view, const json_t *draw)
{
    draw_sum sum = {0, 0, NAN};
    size_t i, k, n = 0;
    json_t *alteration, *point;
    double *lods = malloc((json_array_size(view->alterations) + 1) * sizeof *lods);
    if (!lods) {
        t->failed = true;
        return sum;
    }
    json_array_foreach((json_t *)view->alterations, i, alteration)
        json_array_foreach(json_object_get(alteration, "points"), k, point) {
            double lod = cw_json_get_real(point, "lod");
            if (!cw_view_is(point, "draw", cw_json_get_string(draw, "id"))) continue;
            sum.detected += cw_view_is(point, "state", "detected");
            sum.assessable += !cw_view_is(point, "state", "not_assessable") && !cw_view_is(point, "state", "not_reported");
            if (isfinite(lod)) lods[n++] = lod;
            break;
        }
    qsort(lods, n, sizeof *lods, rising);
    if (n) sum.median_lod = lods[n / 2];
    free(lods);
    return sum;
}

static void put_draw(cw_text *t, const cw_view *view, const json_t *draw)
{
    draw_sum sum = sum_draw(t, view, draw);
    bool excluded = cw_json_get_bool(draw, "excluded", false);
    double ng = cw_json_get_real(draw, "cfdna_ng"), ml = cw_json_get_real(draw, "plasma_ml");
    cw_html(t, "<tr%s><th scope=\"row\">%.60s</th><td>%s</td>", excluded ? " class=\"excluded\"" : "", cw_json_get_string(draw, "sample"), cw_view_draw_text(view, draw).s);
    cw_html(t, "<td class=\"num\">%s</td><td class=\"num\">%s</td>", cw_words_count(cw_json_get_real(draw, "molecules")).s, cw_words_percent(sum.median_lod).s);
    cw_html(t, "<td class=\"num\">%zu of %zu</td><td class=\"num\">%zu</td>", sum.assessable, json_array_size(view->alterations), sum.detected);
    if (isfinite(ng)) cw_html(t, "<td class=\"num\">%.1f ng", ng);
    else cw_html(t, "<td class=\"num\">%s", dash);
    if (isfinite(ml)) cw_html(t, " from %.1f mL", ml);
    cw_html(t, "</td><td>%.20s</td></tr>\n<tr class=\"words\"><td colspan=\"8\">", cw_json_get_string(draw, "level"));
    if (excluded) cw_html(t, "<strong>Excluded: %.200s.</strong> ", cw_json_get_string(draw, "exclude_reason"));
    cw_text_put(t, "<span class=\"quiet\">");
    put_qc(t, json_object_get(draw, "qc"));
    cw_text_put(t, "</span></td></tr>\n");
}

static void put_lines(cw_text *t, const cw_view *view)
{
    static const char *const heading[] = {"Line", "Agents", "Setting", "From", "To", NULL};
    size_t i;
    json_t *line;
    if (!json_array_size(view->lines)) return;
    cw_table_open(t, "lines", "Lines of therapy", heading);
    json_array_foreach((json_t *)view->lines, i, line) {
        const json_t *stop = json_object_get(line, "stop"), *start = json_object_get(line, "start");
        bool open = !json_is_string(stop) && !json_is_number(stop), dated = json_is_string(start) || json_is_number(start);
        cw_html(t, "<tr><th scope=\"row\">%.40s</th><td>", cw_json_get_string(line, "id"));
        cw_words_of(t, json_object_get(line, "agents"), " + ");
        cw_html(t, "</td><td>%.40s</td><td>%s</td><td>%s</td></tr>\n", cw_json_get_string(line, "setting"), cw_view_day_text(view, cw_view_day(view, start)).s,
                open ? (dated ? "running" : dash) : cw_view_day_text(view, cw_view_day(view, stop)).s);
    }
    cw_table_close(t);
}

static void put_events(cw_text *t, const cw_view *view)
{
    static const char *const heading[] = {"Date", "What", "Result", NULL};
    size_t i;
    json_t *o;
    if (!json_array_size(view->imaging) && !json_array_size(view->surgeries) && !json_array_size(view->facts)) return;
    cw_table_open(t, "events", json_array_size(view->surgeries) ? "Imaging, surgery and results of other assays" : "Imaging and results of other assays", heading);
    json_array_foreach((json_t *)view->imaging, i, o)
        cw_html(t, "<tr><td>%s</td><td>imaging</td><td%s>%.60s</td></tr>\n", cw_view_day_text(view, cw_view_day(view, json_object_get(o, "date"))).s,
                cw_json_get_bool(o, "progression", false) ? " class=\"progression\"" : "", cw_json_get_string(o, "result"));
    json_array_foreach((json_t *)view->surgeries, i, o)
        cw_html(t, "<tr><td>%s</td><td>surgery</td><td>%.80s</td></tr>\n", cw_view_day_text(view, cw_view_day(view, json_object_get(o, "date"))).s, cw_json_get_string(o, "result"));
    json_array_foreach((json_t *)view->facts, i, o)
        cw_html(t, "<tr><td>%s</td><td>%.80s</td><td>%.80s</td></tr>\n", cw_view_day_text(view, cw_view_day(view, json_object_get(o, "date"))).s, cw_json_get_string(o, "test"),
                cw_json_get_string(o, "result"));
    cw_table_close(t);
}

void cw_section_draws(cw_page *page, const cw_view *view)
{
    static const char *const heading[] = {"Sample", "Date", "Molecules", "Median LoD", "Assessable", "Detected", "cfDNA", "Level", NULL};
    cw_text *t = &page->body;
    size_t i;
    json_t *draw;
    if (!json_array_size(view->draws) && !json_array_size(view->lines)) return;
    cw_page_section(page, "draws", "Draws, treatment and imaging");
    if (json_array_size(view->draws)) {
        cw_table_open(t, "draws", "Plasma draws: yield, limits and quality. Molecules: median of unique molecules over all loci within the targets, whether or not there were enough to judge", heading);
        json_array_foreach((json_t *)view->draws, i, draw) put_draw(t, view, draw);
        cw_table_close(t);
    }
    cw_text_put(t, "<div class=\"pair\">\n");
    put_lines(t, view);
    put_events(t, view);
    cw_text_put(t, "</div>\n");
    cw_page_end_section(page);
}

static void put_ratio(cw_text *t, const json_t *ratio)
{
    double r = cw_json_get_real(ratio, "ratio"), lo = cw_json_get_real(ratio, "lo"), hi = cw_json_get_real(ratio, "hi");
    if (!isfinite(r)) return;
    cw_html(t, "<li>Resistance alterations to driver, in the last draw: %s", cw_words_number(r).s);
    if (isfinite(lo) && isfinite(hi)) cw_html(t, " (95 %% interval %s to %s)", cw_words_number(lo).s, cw_words_number(hi).s);
    cw_text_put(t, ".");
    if (json_is_true(json_object_get(ratio, "wildtype_escape"))) cw_text_put(t, " The driver outgrows the resistance alterations: part of what grows may not carry them, and escape in another way.");
    cw_text_put(t, "</li>\n");
}

static void put_fraction(cw_text *t, const json_t *mrd)
{
    double theta = cw_json_get_real(mrd, "tumour_fraction"), ln = cw_json_get_real(mrd, "ln_e");
    const json_t *interval = json_object_get(mrd, "interval");
    if (isfinite(theta)) {
        cw_html(t, "<li>Tumour fraction over the tracked variants: %s", cw_words_percent(theta).s);
        if (json_is_number(json_array_get(interval, 0)) && json_is_number(json_array_get(interval, 1)))
            cw_html(t, " (%s to %s)", cw_words_percent(json_number_value(json_array_get(interval, 0))).s, cw_words_percent(json_number_value(json_array_get(interval, 1))).s);
        cw_text_put(t, ".</li>\n");
    }
    double lod = cw_json_get_real(mrd, "lod"), bound = cw_json_get_real(mrd, "lod_bound");
    if (isfinite(lod)) cw_html(t, "<li>The last draw alone would have shown a tumour fraction of %s with 95 %% chance.</li>\n", cw_words_percent(lod).s);
    else if (isfinite(bound)) cw_html(t, "<li>A tumour fraction below %s could not have been shown by the last draw alone, by any test.</li>\n", cw_words_percent(bound).s);
    if (isfinite(ln)) cw_html(t, "<li>Evidence for tumour DNA over all tracked variants and draws: %s.</li>\n", cw_words_evidence(ln).s);
}

void cw_section_response(cw_page *page, const cw_view *view)
{
    cw_text *t = &page->body, items = {0};
    const char *molecular = cw_json_get_string(view->response, "molecular"), *preset = cw_json_get_string(view->response, "preset");
    const json_t *mixed = json_object_get(view->response, "mixed");
    int64_t version = cw_json_get_int(view->response, "preset_version", 0);
    if (*molecular) {
        cw_html(&items, "<li>Molecular response: <strong>%.60s</strong>, by the rule \xe2\x80\x9c%.120s\xe2\x80\x9d", cw_words_status(molecular), preset);
        if (version > 0) cw_html(&items, ", version %" PRId64, version);
        cw_text_put(&items, ". No rule is an accepted standard.</li>\n");
    }
    if (json_is_boolean(mixed))
        cw_html(&items, "<li>Mixed response: <strong>%s</strong>.</li>\n", json_is_true(mixed) ? "yes, one alteration rises while another falls under the same line" : "no");
    put_ratio(&items, json_object_get(view->response, "resistance_to_driver"));
    put_fraction(&items, json_object_get(view->response, "mrd"));
    if (items.failed) t->failed = true;
    if (items.n) {
        cw_page_section(page, "response", "Response");
        cw_text_put(t, "<ul>\n");
        cw_text_put_n(t, items.s, items.n);
        cw_text_put(t, "</ul>\n");
        cw_page_end_section(page);
    }
    cw_text_release(&items);
}
