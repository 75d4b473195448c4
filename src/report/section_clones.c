/* SPDX-License-Identifier: MIT */
/* section_clones.c - alterations that move together, signalling nodes on which they converge, and phase read from molecules. */
#include "report/sections.h"

#include <math.h>
#include <string.h>
#include "report/words.h"

static void put_trajectory(cw_text *t, const json_t *trajectory)
{
    size_t i;
    json_t *vaf;
    json_array_foreach((json_t *)trajectory, i, vaf)
        cw_html(t, "%s%s", i ? " \xe2\x86\x92 " : "", !json_is_number(vaf) ? "not assessable" : json_number_value(vaf) > 0 ? cw_words_percent(json_number_value(vaf)).s : "not det.");
}

/* No time without an upper end: the direction is not settled then, as in the table of the alterations. */
static void put_doubling(cw_text *t, cw_range doubling)
{
    if (isfinite(doubling.lo) && !isfinite(doubling.hi)) cw_html(t, "not settled; at the fastest %.0f day%s", doubling.lo, cw_words_s(doubling.lo));
    else cw_html(t, "%s", cw_words_range(doubling, "days").s);
}

static void put_clone(cw_text *t, const cw_view *view, const json_t *clone)
{
    const char *status = cw_json_get_string(clone, "status"), *order = cw_json_get_string(clone, "order");
    double together = cw_json_get_real(clone, "co_membership");
    cw_html(t, "<tr id=\"clone-%.40s\"><th scope=\"row\">%.40s</th><td>", cw_json_get_string(clone, "id"), cw_json_get_string(clone, "id"));
    cw_names_of(t, view, json_object_get(clone, "alterations"));
    cw_html(t, "</td><td><span class=\"status %.20s\">%.40s</span></td><td>", status, cw_words_status(status));
    put_doubling(t, cw_view_range(clone, "doubling_days"));
    cw_text_put(t, "</td><td class=\"trajectory\">");
    put_trajectory(t, json_object_get(clone, "trajectory"));
    cw_html(t, "</td><td class=\"order\">%.60s</td><td class=\"num\">", order);
    if (isfinite(together)) cw_html(t, "%.2f", together);
    else cw_text_put(t, "\xe2\x80\x93");
    if (cw_view_may_be_several(clone)) cw_text_put(t, "<br><span class=\"quiet\">may be several clones</span>");
    cw_text_put(t, "</td></tr>\n");
}

static bool quiet_node(const json_t *node)
{
    return !json_array_size(json_object_get(node, "alterations")) && (cw_view_is(node, "status", "not_detected") || cw_view_is(node, "status", "not_assessable"));
}

/* When it was raised, and on what: alleles that are there at a later baseline leave the sum, so the evidence of today may be less. */
static void put_node_alarm(cw_text *t, const cw_view *view, const char *node)
{
    size_t i;
    json_t *alarm;
    json_array_foreach((json_t *)view->alarms, i, alarm) {
        if (!cw_view_is(alarm, "kind", "node") || !cw_view_is(alarm, "what", node) || !cw_view_is(alarm, "level", "alert")) continue;
        cw_html(t, "%s<br><span class=\"quiet\">at %s</span>", cw_view_day_text(view, cw_view_at(alarm)).s, cw_words_evidence(cw_json_get_real(alarm, "ln_e")).s);
        return;
    }
    cw_text_put(t, "\xe2\x80\x93");
}

static void put_node(cw_text *t, const cw_view *view, const json_t *node)
{
    const char *status = cw_json_get_string(node, "status");
    double threshold = cw_json_get_real(node, "ln_threshold");
    cw_html(t, "<tr><th scope=\"row\">%.60s</th><td>", cw_json_get_string(node, "node"));
    cw_names_of(t, view, json_object_get(node, "alterations"));
    cw_html(t, "</td><td><span class=\"status %.20s\">%.40s</span></td><td class=\"num\">%s", status, cw_words_status(status), cw_words_evidence(cw_json_get_real(node, "ln_e")).s);
    if (isfinite(threshold)) cw_html(t, "<br><span class=\"quiet\">alarm at %s</span>", cw_words_evidence(threshold).s);
    cw_text_put(t, "</td><td>");
    put_node_alarm(t, view, cw_json_get_string(node, "node"));
    cw_text_put(t, "</td></tr>\n");
}

static void put_nodes(cw_text *t, const cw_view *view)
{
    static const char *const heading[] = {"Node", "Alterations that emerge or expand", "Status", "Evidence of what was not there at the baseline", "Alarm", NULL};
    size_t i, quiet = 0, n = json_array_size(view->nodes);
    json_t *node;
    json_array_foreach((json_t *)view->nodes, i, node) quiet += quiet_node(node);
    if (n > quiet) {
        cw_table_open(t, "nodes", "Convergence: signalling nodes that the alterations act on. Several weak signals on one node count together", heading);
        json_array_foreach((json_t *)view->nodes, i, node)
            if (!quiet_node(node)) put_node(t, view, node);
        cw_table_close(t);
    }
    if (quiet) cw_html(t, "<p class=\"key\">No sign of emergence on %zu %snode%s.</p>\n", quiet, n > quiet ? "other " : "", quiet == 1 ? "" : "s");
}

static void put_name(cw_text *t, const cw_view *view, const char *id)
{
    char name[400];
    ptrdiff_t at = cw_view_find(view, "alteration", id);
    cw_html(t, "<span class=\"name\">%.80s</span>", at < 0 ? id : cw_view_name(json_array_get(view->alterations, (size_t)at), name, sizeof name));
}

static bool matters(const cw_view *view, const char *id)
{
    ptrdiff_t at = cw_view_find(view, "alteration", id);
    return at < 0 || cw_view_matters(json_array_get(view->alterations, (size_t)at));
}

/* Only pairs of which both were seen: beside every carrier lie errors of single molecules at the places around it. */
static bool phase_matters(const cw_view *view, const json_t *phase)
{
    return matters(view, cw_json_get_string(phase, "a")) && matters(view, cw_json_get_string(phase, "b"));
}

/* What the counts of one draw tell of the clones; a single molecule can be an error, as can one in twenty (track/order.h). */
static const char *phase_meaning(long long cis, long long only_a, long long only_b)
{
    bool a_within = 20 * only_a <= cis + only_a, b_within = 20 * only_b <= cis + only_b;
    if (cis >= 2 && b_within && only_a >= 2 && !a_within) return "; the second arose on molecules of the first";
    if (cis >= 2 && a_within && only_b >= 2 && !b_within) return "; the first arose on molecules of the second";
    if (cis >= 2 && a_within && b_within) return "; neither is seen without the other";
    if (cis == 0 && only_a >= 2 && only_b >= 2) return "; in trans: never on one molecule, though both may lie in the same cells";
    return "";
}

static void put_phases(cw_text *t, const cw_view *view)
{
    size_t i, n = 0;
    json_t *phase;
    json_array_foreach((json_t *)view->phases, i, phase) n += phase_matters(view, phase);
    if (!n) return;
    cw_text_put(t, "<h3>Phase read from molecules</h3>\n<ul>\n");
    json_array_foreach((json_t *)view->phases, i, phase) {
        if (!phase_matters(view, phase)) continue;
        long long cis = cw_json_get_int(phase, "cis", 0), only_a = cw_json_get_int(phase, "trans_a", 0), only_b = cw_json_get_int(phase, "trans_b", 0);
        cw_text_put(t, "<li>");
        put_name(t, view, cw_json_get_string(phase, "a"));
        cw_text_put(t, " and ");
        put_name(t, view, cw_json_get_string(phase, "b"));
        cw_html(t, ": %lld molecule%s both (in cis), %lld only the first, %lld only the second", cis, cis == 1 ? " carries" : "s carry", only_a, only_b);
        if (*cw_json_get_string(phase, "draw")) cw_html(t, ", in draw %.60s", cw_json_get_string(phase, "draw"));
        cw_html(t, "%s.</li>\n", phase_meaning(cis, only_a, only_b));
    }
    cw_text_put(t, "</ul>\n");
}

void cw_section_clones(cw_page *page, const cw_view *view)
{
    static const char *const heading[] = {"Clone", "Alterations", "Status", "Doubling time", "VAF per draw", "Descends from", "Together", NULL};
    cw_text *t = &page->body;
    size_t i;
    json_t *clone;
    if (!json_array_size(view->clones) && !json_array_size(view->nodes) && !json_array_size(view->phases)) return;
    cw_page_section(page, "clones", "Clones and convergence");
    if (json_array_size(view->clones)) {
        cw_table_open(t, "clones", "Alterations that move together over the draws. Together: least posterior probability that two of them belong to one clone", heading);
        json_array_foreach((json_t *)view->clones, i, clone) put_clone(t, view, clone);
        cw_table_close(t);
    }
    put_nodes(t, view);
    put_phases(t, view);
    cw_page_end_section(page);
}
