/* SPDX-License-Identifier: MIT */
/* section_summary.c - who the patient is, and first of all what is new: one sentence for each alarm. */
#include "report/sections.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "report/words.h"

static void fact(cw_text *t, const char *term, const char *value)
{
    if (*value) cw_html(t, "<div><dt>%s</dt><dd>%.160s</dd></div>\n", term, value);
}

static void put_facts(cw_text *t, const cw_view *view)
{
    size_t n = json_array_size(view->draws), n_lines = json_array_size(view->lines);
    const json_t *last = json_array_get(view->draws, n - 1), *line = json_array_get(view->lines, n_lines - 1);
    cw_text_put(t, "<dl class=\"facts\">\n");
    fact(t, "Patient", cw_json_get_string(view->patient, "id"));
    fact(t, "Tumour type", cw_json_get_string(view->patient, "tumour_type"));
    fact(t, "Sex", cw_json_get_string(view->patient, "sex"));
    cw_html(t, "<div><dt>Plasma draws</dt><dd>%zu", n);
    if (n > 1) cw_html(t, " over %.0f day%s", view->last_day - view->first_day, cw_words_s(view->last_day - view->first_day));
    cw_text_put(t, "</dd></div>\n");
    if (n) fact(t, "Last draw", cw_view_draw_text(view, last).s);
    if (line) {
        cw_html(t, "<div><dt>Last line of therapy</dt><dd>");
        cw_words_of(t, json_object_get(line, "agents"), " + ");
        cw_html(t, "%s</dd></div>\n", json_is_string(json_object_get(line, "stop")) || json_is_number(json_object_get(line, "stop")) ? " (stopped)" : "");
    }
    cw_text_put(t, "</dl>\n");
}

static void put_list(cw_text *t, const char *heading, const char *class_name, const json_t *sentences)
{
    size_t i;
    json_t *sentence;
    if (!json_array_size(sentences)) return;
    cw_html(t, "<div class=\"%s\"><h3>%s</h3>\n<ul>\n", class_name, heading);
    json_array_foreach((json_t *)sentences, i, sentence)
        if (json_is_string(sentence)) {
            cw_text_put(t, "<li>");
            cw_sentence(t, json_string_value(sentence));
            cw_text_put(t, "</li>\n");
        }
    cw_text_put(t, "</ul></div>\n");
}

static void put_days(cw_text *t, double days) { cw_html(t, "%.0f day%s %s", fabs(days), cw_words_s(days), days >= 0 ? "before" : "after"); }

/* Lead before imaging, with its interval: both ends are known only to lie between two looks. */
static void put_lead(cw_text *t, const json_t *alteration)
{
    double days = cw_json_get_real(alteration, "lead_days");
    const json_t *interval = json_object_get(alteration, "lead_interval"), *lo = json_array_get(interval, 0), *hi = json_array_get(interval, 1);
    if (fabs(days) >= 0.5) cw_html(t, "; %s %s progression on imaging", cw_words_days(fabs(days)).s, days > 0 ? "before" : "after");
    else if (isfinite(days)) cw_text_put(t, "; on the day of progression on imaging");
    else if (cw_json_get_bool(alteration, "lead_censored", false)) cw_text_put(t, "; imaging has not shown progression since");
    if (isfinite(days) && json_is_number(lo) && json_is_number(hi)) {
        cw_text_put(t, " (between ");
        put_days(t, json_number_value(lo));
        cw_text_put(t, " and ");
        put_days(t, json_number_value(hi));
        cw_text_put(t, ")");
    }
}

static const char *kind_word(const json_t *alarm)
{
    static const char *const kinds[][2] = {{"emergence", "emerging"}, {"growth", "growth over the draws"}, {"node", "converging"}, {"mrd", "tumour DNA present"}};
    const char *kind = cw_json_get_string(alarm, "kind");
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (!strcmp(kind, kinds[k][0])) return kinds[k][1];
    return kind;
}

static bool same_what(const json_t *a, const json_t *b) { return cw_view_is(a, "what", cw_json_get_string(b, "what")); }

static bool is_first(const cw_view *view, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (same_what(json_array_get(view->alarms, i), json_array_get(view->alarms, index))) return false;
    return true;
}

/* "growth over the draws: alert and confirmed on 2026-03-01 (day 84) at evidence 1 : 900". Alarms of one kind and day are one event; the kind is said when it changes. */
static void put_event(cw_text *t, const cw_view *view, size_t index, const char **kind)
{
    const json_t *alarm = json_array_get(view->alarms, index);
    double day = cw_view_at(alarm);
    size_t n = json_array_size(view->alarms);
    for (size_t i = 0; i < index; i++) {
        const json_t *o = json_array_get(view->alarms, i);
        if (same_what(o, alarm) && cw_view_at(o) == day && cw_view_is(o, "kind", cw_json_get_string(alarm, "kind"))) return;
    }
    if (!is_first(view, index)) cw_text_put(t, "; ");
    if (!*kind || strcmp(*kind, kind_word(alarm))) cw_html(t, "%.40s: ", *kind = kind_word(alarm));
    cw_html(t, "%.20s", cw_json_get_string(alarm, "level"));
    for (size_t i = index + 1; i < n; i++) {
        const json_t *o = json_array_get(view->alarms, i);
        if (same_what(o, alarm) && cw_view_at(o) == day && cw_view_is(o, "kind", cw_json_get_string(alarm, "kind"))) cw_html(t, " and %.20s", cw_json_get_string(o, "level"));
    }
    cw_html(t, " on <span class=\"date\">%s</span>", cw_view_day_text(view, day).s);
    if (view->dated && isfinite(day)) cw_html(t, " (day %g)", day);
    cw_html(t, " at evidence %s", cw_words_evidence(cw_json_get_real(alarm, "ln_e")).s);
}

/* Filters are said and not applied: also beside the alarm that stands on the draw. */
static void put_flags(cw_text *t, const json_t *point)
{
    const char *filters = cw_json_get_string(point, "filters");
    if (cw_json_get_real(point, "alt") > 0 && *filters && strcmp(filters, "PASS")) cw_html(t, ", flagged <span class=\"filter\">%.80s</span>", filters);
}

/* Evidence of a whole series can pass its threshold at a draw that is lower than the one before it. */
static bool is_lower(const json_t *alteration, const json_t *point)
{
    size_t i;
    json_t *o;
    const json_t *before = NULL;
    json_array_foreach(json_object_get(alteration, "points"), i, o) {
        if (o == point) break;
        if (json_is_number(json_object_get(o, "lo"))) before = o;
    }
    return before && cw_json_get_real(point, "hi") < cw_json_get_real(before, "lo");
}

static void put_alarm_detail(cw_text *t, const json_t *alarm, const json_t *alteration)
{
    const json_t *then = cw_view_point(alteration, cw_json_get_string(alarm, "draw")), *last = cw_view_last_point(alteration);
    bool growth;
    double now = cw_view_ln_e(alteration, &growth);
    cw_text_put(t, "<br><span class=\"quiet\">");
    if (then) {
        cw_html(t, "VAF at the first alarm %s", cw_words_point(then).s);
        put_flags(t, then);
        if (is_lower(alteration, then)) cw_text_put(t, ", lower than in the draw before: the evidence is that of the series");
    }
    if (last && last != then) {
        cw_html(t, "%sin the last draw %s", then ? "; " : "", cw_words_point(last).s);
        put_flags(t, last);
    }
    if (isfinite(now)) cw_html(t, "; evidence %sover all draws %s", growth ? "for growth " : "", cw_words_evidence(now).s);
    cw_text_put(t, ". ");
    cw_sentence(t, cw_json_get_string(alteration, "statement"));
    cw_text_put(t, "</span>");
}

/* A node or the patient as a whole alarms whenever one of its alterations does: then it is told in one line with the others. */
static bool implied(const cw_view *view, const json_t *alarm)
{
    size_t i;
    json_t *other;
    if (cw_view_is(alarm, "kind", "mrd") || cw_view_find(view, "alteration", cw_json_get_string(alarm, "what")) >= 0) return false;
    json_array_foreach((json_t *)view->alarms, i, other)
        if (cw_view_find(view, "alteration", cw_json_get_string(other, "what")) >= 0 && cw_view_at(other) <= cw_view_at(alarm)) return true;
    return false;
}

static void put_implied(cw_text *t, const cw_view *view)
{
    size_t i, n = 0;
    json_t *alarm;
    json_array_foreach((json_t *)view->alarms, i, alarm) {
        if (!implied(view, alarm) || !is_first(view, i)) continue;
        cw_text_put(t, n++ ? ", " : "<li><span class=\"quiet\">With them, over their own thresholds: ");
        cw_html(t, "%.60s (%s, %s)", cw_view_is(alarm, "what", "patient") ? "all alterations together" : cw_json_get_string(alarm, "what"),
                cw_view_day_text(view, cw_view_at(alarm)).s, cw_words_evidence(cw_json_get_real(alarm, "ln_e")).s);
    }
    if (n) cw_text_put(t, ".</span></li>\n");
}

/* One item for all alarms on one thing, in the order in which they came. */
static void put_alarm(cw_text *t, const cw_view *view, size_t index)
{
    const json_t *alarm = json_array_get(view->alarms, index);
    ptrdiff_t at = cw_view_find(view, "alteration", cw_json_get_string(alarm, "what"));
    const json_t *alteration = at < 0 ? NULL : json_array_get(view->alterations, (size_t)at);
    const char *kind = NULL;
    char name[400];
    bool believed = true;
    cw_html(t, "<li><strong class=\"name\">%.80s</strong> ", alteration ? cw_view_name(alteration, name, sizeof name)
            : cw_view_is(alarm, "what", "patient") ? "All alterations together" : cw_json_get_string(alarm, "what"));
    for (size_t i = index; i < json_array_size(view->alarms); i++) {
        const json_t *o = json_array_get(view->alarms, i);
        if (!same_what(o, alarm)) continue;
        put_event(t, view, i, &kind);
        if (i == index && alteration) put_lead(t, alteration);
        believed &= cw_json_get_bool(o, "confirmed_by_model", true);
    }
    cw_text_put(t, ".");
    if (alteration) put_alarm_detail(t, alarm, alteration);
    if (!believed)
        cw_text_put(t, "<br><strong>Raised in an earlier report and not confirmed by the present model; an alarm once raised stays on the report.</strong>");
    cw_text_put(t, "</li>\n");
}

/* The day of the last alarm on the same thing. */
static double last_day_of(const cw_view *view, size_t index)
{
    double day = cw_view_at(json_array_get(view->alarms, index));
    for (size_t i = index + 1; i < json_array_size(view->alarms); i++) {
        const json_t *o = json_array_get(view->alarms, i);
        if (same_what(o, json_array_get(view->alarms, index)) && cw_view_at(o) > day) day = cw_view_at(o);
    }
    return day;
}

/* By the day of the last alarm on each thing, the latest first. */
static void put_alarm_list(cw_text *t, const cw_view *view)
{
    size_t n = json_array_size(view->alarms), best;
    double *day = calloc(n + 1, sizeof *day); /* NAN: told, or told elsewhere */
    if (!day) t->failed = true;
    for (size_t i = 0; day && i < n; i++) {
        day[i] = !is_first(view, i) || implied(view, json_array_get(view->alarms, i)) ? NAN : last_day_of(view, i);
        if (isnan(day[i]) && is_first(view, i) && !implied(view, json_array_get(view->alarms, i))) day[i] = -1e9; /* an alarm without a day is told last */
    }
    while (day) {
        best = n;
        for (size_t i = 0; i < n; i++)
            if (!isnan(day[i]) && (best == n || day[i] > day[best])) best = i;
        if (best == n) break;
        put_alarm(t, view, best);
        day[best] = NAN;
    }
    put_implied(t, view);
    free(day);
}

static void put_alarms(cw_text *t, const cw_view *view)
{
    size_t n = json_array_size(view->alarms), n_draws = json_array_size(view->draws);
    double bound = cw_json_get_real(view->patient, "alpha");
    bool joint = isfinite(cw_json_get_real(json_object_get(view->response, "mrd"), "ln_e")); /* spends a bound of its own */
    if (n) {
        cw_text_put(t, "<div class=\"alarms\"><h3>Alarms, the latest first</h3>\n<ul>\n");
        put_alarm_list(t, view);
        cw_text_put(t, "</ul>\n");
    } else if (n_draws) {
        size_t assessed, of;
        cw_view_assessed(view, &assessed, &of);
        cw_html(t, "<div class=\"alarms none\"><h3>No alarm%s</h3>\n<p>No alteration reached its evidence threshold in %zu draw%s. What each draw could have shown "
                "stands beside each alteration as its limit of detection. ", of && !assessed ? ", and nothing that could have raised one" : "", n_draws, cw_words_s((double)n_draws));
        if (of && !assessed) cw_html(t, "<strong>In the last draw not one of %zu alterations could be assessed: that none is seen there says nothing.</strong>", of);
        else if (assessed < of) cw_html(t, "In the last draw %zu of %zu alterations could be assessed.", assessed, of);
        cw_text_put(t, "</p>\n");
    }
    if ((n || n_draws) && isfinite(bound))
        cw_html(t, "<p class=\"quiet\">The chance that this patient's series ever raises a false alert, over all draws and all alterations together%s, is at most %.3g %%; "
                "this rests on the background model%s. Evidence 1 : E says that the counts are E times more likely under a growing clone than under background alone. "
                "A lead before imaging is an interval, because a draw and a scan only say that something happened since the one before.</p>\n",
                joint ? " and by the joint test of the variants known from the tumour" : "", 100 * (joint ? 2 : 1) * bound,
                cw_json_get_bool(view->program, "background_is_default", false) ? ", here the built-in default, which no normals of this assay have confirmed" : " made from normals of this assay");
    if (n || n_draws) cw_text_put(t, "</div>\n");
}

void cw_section_summary(cw_page *page, const cw_view *view)
{
    cw_text *t = &page->body;
    put_facts(t, view);
    cw_page_section(page, "summary", "Summary");
    put_list(t, "New since the last report", "since", view->since_previous);
    put_alarms(t, view);
    if (json_is_true(json_object_get(view->response, "mixed")))
        cw_text_put(t, "<p><strong>Mixed response:</strong> at least one alteration rises while another falls under the same line of therapy.</p>\n");
    if (json_is_true(json_object_get(json_object_get(view->response, "resistance_to_driver"), "wildtype_escape")))
        cw_text_put(t, "<p><strong>Perhaps an escape without the followed resistance alterations:</strong> the driver outgrows its resistance alterations; part of what grows may not carry them.</p>\n");
    put_list(t, "Read before use", "notices", view->notices);
    cw_page_end_section(page);
}
