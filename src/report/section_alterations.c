/* SPDX-License-Identifier: MIT */
/* section_alterations.c - the alterations: verdict and evidence, and the rest of the panel. */
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

/* "emerging" stays until falling or cleared: the present line may rather fall, as P(rate < 0) > .9 says. */
static bool rather_falls(const json_t *alteration)
{
    const json_t *growth = json_object_get(alteration, "growth");
    size_t n = json_array_size(growth);
    return n && cw_json_get_real(json_array_get(growth, n - 1), "p_rising") < .1; /* NAN where there is none */
}

static void put_verdict(cw_text *t, const cw_view *view, const json_t *alteration)
{
    char name[400];
    const json_t *last = cw_view_last_point(alteration), *alarm = cw_view_first_alarm(view, alteration);
    const char *status = cw_json_get_string(alteration, "status"), *node = cw_json_get_string(alteration, "node"), *role = cw_json_get_string(alteration, "role");
    if (!strcmp(role, "none")) role = "";
    cw_html(t, "<tr><th scope=\"row\"><span class=\"name\">%.80s</span><br><span class=\"quiet\">%.30s%s%.40s</span></th>", cw_view_name(alteration, name, sizeof name), role,
            *role && *node ? ", " : "", node);
    bool over = cw_view_is(alteration, "status", "emerging") && rather_falls(alteration);
    cw_html(t, "<td><span class=\"status %.20s%s\">%.40s</span>", status, over ? " over" : "", cw_words_status(status));
    if (over) cw_html(t, "<br><span class=\"quiet\">not rising at the last draw</span>");
    cw_html(t, "</td><td>%.40s</td><td>%.40s</td>", cw_words_status(cw_json_get_string(alteration, "origin")),
            cw_view_is(alteration, "baseline", "below_lod") ? "seen, short of its threshold" : cw_words_status(cw_json_get_string(alteration, "baseline")));
    put_last(t, last);
    put_evidence(t, alteration);
    if (alarm) cw_html(t, "<td class=\"num\">%s<br><span class=\"quiet\">%.20s</span></td>", cw_view_day_text(view, cw_view_at(alarm)).s, cw_json_get_string(alarm, "level"));
    else cw_html(t, "<td>%s</td>", dash);
    put_rate(t, alteration);
    put_lead(t, alteration);
    cw_text_put(t, "</tr>\n");
    put_words(t, view, alteration);
}

static void put_rest_row(cw_text *t, const json_t *alteration)
{
    char name[400];
    size_t i, assessable = 0;
    double best = NAN, alarm = NAN;
    json_t *point;
    const json_t *points = json_object_get(alteration, "points"), *last = cw_view_last_point(alteration);
    json_array_foreach((json_t *)points, i, point) {
        double lod = cw_json_get_real(point, "lod"), limit = cw_json_get_real(point, "lod_alarm");
        assessable += !cw_view_is(point, "state", "not_assessable") && !cw_view_is(point, "state", "not_reported");
        if (isfinite(lod) && !(best <= lod)) best = lod;
        if (isfinite(limit) && !(alarm <= limit)) alarm = limit;
    }
    cw_html(t, "<tr><th scope=\"row\"><span class=\"name\">%.80s</span></th><td>%.40s</td><td class=\"num\">%zu of %zu</td><td>%s</td><td class=\"num\">%s</td><td class=\"num\">%s</td></tr>\n",
            cw_view_name(alteration, name, sizeof name), cw_json_get_string(alteration, "node"), assessable, json_array_size(points), last ? cw_words_point(last).s : dash,
            cw_words_percent(best).s, cw_words_percent(alarm).s);
}

static void put_rest(cw_text *t, const cw_view *view, size_t matter)
{
    static const char *const heading[] = {"Alteration", "Node", "Draws that could show it", "Last draw", "Lowest LoD of all draws", "Lowest alarm limit", NULL};
    size_t i, blind = 0, n = json_array_size(view->alterations) - matter;
    json_t *alteration;
    if (!n) return;
    json_array_foreach((json_t *)view->alterations, i, alteration) blind += !cw_view_matters(alteration) && cw_view_is(alteration, "status", "not_assessable");
    cw_html(t, "<details><summary>The rest of the panel: %zu alteration%s followed and not detected in any draw", n, cw_words_s((double)n));
    if (blind) cw_html(t, "; %zu of them could not be assessed in the last draw", blind);
    cw_text_put(t, "</summary>\n");
    cw_table_open(t, "rest", "Alterations of the panel that no draw detected; series.tsv has every draw of each", heading);
    json_array_foreach((json_t *)view->alterations, i, alteration)
        if (!cw_view_matters(alteration)) put_rest_row(t, alteration);
    cw_table_close(t);
    cw_text_put(t, "</details>\n");
}

void cw_section_alterations(cw_page *page, const cw_view *view)
{
    static const char *const heading[] = {"Alteration", "Status", "Origin", "At baseline", "Last draw", "Evidence", "First alarm", "Growth", "Lead before imaging", NULL};
    cw_text *t = &page->body;
    size_t matter = cw_each_that_matters(t, view, NULL);
    cw_page_section(page, "alterations", "Alterations");
    if (matter) {
        cw_table_open(t, "verdicts", "Every alteration that was seen, followed by a status, or stated by another assay; the most urgent first", heading);
        cw_each_that_matters(t, view, put_verdict);
        cw_table_close(t);
        cw_draw_tables(t, view);
    } else {
        cw_text_put(t, "<p>No alteration was detected in any draw.</p>\n");
    }
    put_rest(t, view, matter);
    cw_page_end_section(page);
}
