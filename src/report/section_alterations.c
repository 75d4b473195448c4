/* SPDX-License-Identifier: MIT */
/* section_alterations.c - the alterations: verdict and evidence, what each draw saw and could have seen, and the rest of the panel. */
#include "report/sections.h"

#include <math.h>
#include <string.h>
#include "report/words.h"

static const char dash[] = "\xe2\x80\x93";

static void put_evidence(cw_text *t, const json_t *alteration)
{
    bool growth;
    double ln = cw_view_ln_e(alteration, &growth), threshold = cw_json_get_real(json_object_get(alteration, "evidence"), "ln_threshold");
    cw_html(t, "<td class=\"num\">%s", cw_words_evidence(ln).s);
    if (growth) cw_text_put(t, "<br><span class=\"quiet\">for growth</span>");
    if (isfinite(threshold) && isfinite(ln)) cw_html(t, "<br><span class=\"quiet\">alarm at %s</span>", cw_words_evidence(threshold).s);
    cw_text_put(t, "</td>");
}

/* Within the last line of therapy. A direction that the draws do not settle is said to be so. */
static void put_rate(cw_text *t, const json_t *alteration)
{
    const json_t *growth = json_object_get(alteration, "growth"), *now = json_array_get(growth, json_array_size(growth) - 1);
    cw_range doubling = cw_view_range(alteration, "doubling_days"), half = cw_view_range(now, "half_life_days");
    double rising = cw_json_get_real(now, "p_rising");
    bool settled = !(rising > 0.025 && rising < 0.975);
    if (!settled) cw_text_put(t, "<td>");
    else if (isfinite(doubling.est) || isfinite(doubling.lo)) cw_html(t, "<td>doubles in %s", cw_words_range(doubling, "days").s);
    else if (isfinite(half.est)) cw_html(t, "<td>halves in %s", cw_words_range(half, "days").s);
    else cw_html(t, "<td>%s", dash);
    if (!settled) cw_html(t, "not settled: rises with probability %.2f", rising);
    if (!settled && isfinite(doubling.lo)) cw_html(t, "<br><span class=\"quiet\">doubles in %.0f day%s at the fastest</span>", doubling.lo, cw_words_s(doubling.lo));
    cw_text_put(t, "</td>");
}

static void put_lead(cw_text *t, const json_t *alteration)
{
    double days = cw_json_get_real(alteration, "lead_days");
    if (isfinite(days)) cw_html(t, "<td class=\"num\">%.0f day%s</td>", days, cw_words_s(days));
    else cw_html(t, "<td>%s</td>", cw_json_get_bool(alteration, "lead_censored", false) ? "no progression yet" : dash);
}

static void put_words(cw_text *t, const cw_view *view, const json_t *alteration)
{
    const json_t *forecast = json_object_get(alteration, "forecast");
    const char *statement = cw_json_get_string(alteration, "statement"), *terms = cw_json_get_string(alteration, "origin_terms"),
               *mechanism = cw_json_get_string(alteration, "mechanism"), *other = cw_json_get_string(alteration, "stated_by");
    cw_range crossing = cw_view_range(forecast, "crossing_day");
    cw_text words = {0};
    if (*statement) {
        cw_text_put(&words, "<p>");
        cw_sentence(&words, statement);
        cw_text_put(&words, "</p>");
    }
    if (*other && !strstr(statement, other)) cw_html(&words, "<p>Stated by another assay: %.100s.</p>", other);
    if (*mechanism) {
        cw_text_put(&words, "<p>Mechanism: ");
        cw_plain(&words, mechanism);
        cw_text_put(&words, ".</p>");
    }
    if (isfinite(crossing.est)) {
        cw_html(&words, "<p>Forecast: crosses a VAF of %.3g %% around %s", 100 * cw_json_get_real(forecast, "threshold_vaf"), cw_view_day_text(view, crossing.est).s);
        if (isfinite(crossing.lo)) cw_html(&words, " (from %s", cw_view_day_text(view, crossing.lo).s);
        if (isfinite(crossing.lo) && *cw_view_day_text(view, crossing.hi).s) cw_html(&words, " to %s)", cw_view_day_text(view, crossing.hi).s);
        else if (isfinite(crossing.lo)) cw_text_put(&words, ", no latest day)");
        double none = cw_json_get_real(forecast, "p_no_crossing");
        if (none >= 0.01) cw_html(&words, "; no crossing with probability %.2f", none);
        cw_text_put(&words, ".</p>");
    }
    if (*terms) cw_html(&words, "<p class=\"quiet\">Origin: %.400s.</p>", terms);
    if (words.failed) t->failed = true;
    if (words.n) {
        cw_text_put(t, "<tr class=\"words\"><td colspan=\"9\">");
        cw_text_put_n(t, words.s, words.n);
        cw_text_put(t, "</td></tr>\n");
    }
    cw_text_release(&words);
}

static void put_last(cw_text *t, const json_t *point)
{
    double lo = cw_json_get_real(point, "lo"), hi = cw_json_get_real(point, "hi"), alt = cw_json_get_real(point, "alt");
    if (!cw_view_is(point, "state", "detected")) {
        cw_html(t, "<td>%s</td>", point ? cw_words_point(point).s : dash);
        return;
    }
    cw_html(t, "<td class=\"num\"><b>%s</b>", cw_words_percent(cw_json_get_real(point, "vaf")).s);
    if (isfinite(lo) && isfinite(hi)) cw_html(t, "<br><span class=\"quiet\">%s to %s</span>", cw_words_percent(lo).s, cw_words_percent(hi).s);
    if (isfinite(alt)) cw_html(t, "<br><span class=\"quiet\">%s of %s</span>", cw_words_count(alt).s, cw_words_count(cw_json_get_real(point, "depth")).s);
    cw_text_put(t, "</td>");
}

static void put_verdict(cw_text *t, const cw_view *view, const json_t *alteration)
{
    char name[400];
    const json_t *last = cw_view_last_point(alteration), *alarm = cw_view_first_alarm(view, alteration);
    const char *status = cw_json_get_string(alteration, "status"), *node = cw_json_get_string(alteration, "node"), *role = cw_json_get_string(alteration, "role");
    if (!strcmp(role, "none")) role = "";
    cw_html(t, "<tr><th scope=\"row\"><span class=\"name\">%.80s</span><br><span class=\"quiet\">%.30s%s%.40s</span></th>", cw_view_name(alteration, name, sizeof name), role,
            *role && *node ? ", " : "", node);
    cw_html(t, "<td><span class=\"status %.20s\">%.40s</span></td><td>%.40s</td><td>%.40s</td>", status, cw_words_status(status), cw_words_status(cw_json_get_string(alteration, "origin")),
            cw_words_status(cw_json_get_string(alteration, "baseline")));
    put_last(t, last);
    put_evidence(t, alteration);
    if (alarm) cw_html(t, "<td class=\"num\">%s<br><span class=\"quiet\">%.20s</span></td>", cw_view_day_text(view, cw_view_at(alarm)).s, cw_json_get_string(alarm, "level"));
    else cw_html(t, "<td>%s</td>", dash);
    put_rate(t, alteration);
    put_lead(t, alteration);
    cw_text_put(t, "</tr>\n");
    put_words(t, view, alteration);
}

/* Calls f on the alterations that matter, most urgent first; returns how many. */
static size_t each_that_matters(cw_text *t, const cw_view *view, void (*f)(cw_text *, const cw_view *, const json_t *))
{
    size_t i, n = 0;
    json_t *alteration;
    for (int rank = 0; rank < 20; rank++)
        json_array_foreach((json_t *)view->alterations, i, alteration)
            if (cw_view_rank(alteration) == rank && cw_view_matters(alteration)) {
                if (f) f(t, view, alteration);
                n++;
            }
    return n;
}

static const json_t *point_in(const json_t *alteration, const json_t *draw)
{
    size_t i;
    json_t *point;
    json_array_foreach(json_object_get(alteration, "points"), i, point)
        if (cw_view_is(point, "draw", cw_json_get_string(draw, "id"))) return point;
    return NULL;
}

static void put_cell(cw_text *t, const json_t *point)
{
    const char *state = cw_json_get_string(point, "state"), *filters = cw_json_get_string(point, "filters");
    double alt = cw_json_get_real(point, "alt"), depth = cw_json_get_real(point, "depth"), lod = cw_json_get_real(point, "lod");
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
    if (alt > 0 && *filters && strcmp(filters, "PASS")) cw_html(t, "<br><span class=\"filter\">%.80s</span>", filters);
    cw_text_put(t, "</td>");
}

enum { DRAWS_ABREAST = 8 }; /* what fits a page; more draws go into further tables */

static void put_counts_row(cw_text *t, const cw_view *view, const json_t *alteration, size_t first, size_t end)
{
    char name[400];
    if (!json_array_size(json_object_get(alteration, "points"))) return;
    cw_html(t, "<tr><th scope=\"row\"><span class=\"name\">%.80s</span></th>", cw_view_name(alteration, name, sizeof name));
    for (size_t d = first; d < end; d++) put_cell(t, point_in(alteration, json_array_get(view->draws, d)));
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

static void put_counts(cw_text *t, const cw_view *view)
{
    size_t n = json_array_size(view->draws);
    if (!n) return;
    cw_text_put(t, "<h3>What each draw saw, and could have seen</h3>\n<p class=\"key\">VAF, mutant / deciding molecules, and the limit of detection (LoD95) of that draw at that site. "
                   "\xe2\x96\xbd: no mutant molecule; an alteration at the LoD or above would have been detected with 95 % probability.</p>\n");
    size_t tables = (n + DRAWS_ABREAST - 1) / DRAWS_ABREAST;
    for (size_t i = 0; i < tables; i++) put_counts_table(t, view, i * n / tables, (i + 1) * n / tables);
}

static void put_rest_row(cw_text *t, const json_t *alteration)
{
    char name[400];
    size_t i, assessable = 0;
    double best = NAN;
    json_t *point;
    const json_t *points = json_object_get(alteration, "points"), *last = cw_view_last_point(alteration);
    json_array_foreach((json_t *)points, i, point) {
        double lod = cw_json_get_real(point, "lod");
        assessable += !cw_view_is(point, "state", "not_assessable") && !cw_view_is(point, "state", "not_reported");
        if (isfinite(lod) && !(best <= lod)) best = lod;
    }
    cw_html(t, "<tr><th scope=\"row\"><span class=\"name\">%.80s</span></th><td>%.40s</td><td class=\"num\">%zu of %zu</td><td>%s</td><td class=\"num\">%s</td></tr>\n",
            cw_view_name(alteration, name, sizeof name), cw_json_get_string(alteration, "node"), assessable, json_array_size(points), last ? cw_words_point(last).s : dash,
            cw_words_percent(best).s);
}

static void put_rest(cw_text *t, const cw_view *view, size_t matter)
{
    static const char *const heading[] = {"Alteration", "Node", "Draws that could show it", "Last draw", "Lowest LoD of all draws", NULL};
    size_t i, blind = 0, n = json_array_size(view->alterations) - matter;
    json_t *alteration;
    if (!n) return;
    json_array_foreach((json_t *)view->alterations, i, alteration) blind += !cw_view_matters(alteration) && cw_view_is(alteration, "status", "not_assessable");
    cw_html(t, "<details><summary>The rest of the panel: %zu alteration%s followed and not detected in any draw", n, cw_words_s((double)n));
    if (blind) cw_html(t, "; %zu of them could not be assessed in the last draw", blind);
    cw_text_put(t, "</summary>\n");
    cw_table_open(t, "rest", "Alterations of the panel that no draw detected", heading);
    json_array_foreach((json_t *)view->alterations, i, alteration)
        if (!cw_view_matters(alteration)) put_rest_row(t, alteration);
    cw_table_close(t);
    cw_text_put(t, "</details>\n");
}

void cw_section_alterations(cw_page *page, const cw_view *view)
{
    static const char *const heading[] = {"Alteration", "Status", "Origin", "At baseline", "Last draw", "Evidence", "First alarm", "Growth", "Lead before imaging", NULL};
    cw_text *t = &page->body;
    size_t matter = each_that_matters(t, view, NULL);
    cw_page_section(page, "alterations", "Alterations");
    if (matter) {
        cw_table_open(t, "verdicts", "Every alteration that was seen, followed by a status, or stated by another assay; the most urgent first", heading);
        each_that_matters(t, view, put_verdict);
        cw_table_close(t);
        put_counts(t, view);
    } else {
        cw_text_put(t, "<p>No alteration was detected in any draw.</p>\n");
    }
    put_rest(t, view, matter);
    cw_page_end_section(page);
}
