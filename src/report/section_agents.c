/* SPDX-License-Identifier: MIT */
/* section_agents.c - what published knowledge says about agents, by verdict, with level, review state and sources beside each; which
 * clones an agent covers and leaves; the findings behind it. */
#include "report/sections.h"

#include <string.h>
#include "report/words.h"

static const struct { const char *verdict, *meaning; } groups[] = {
    {"points_to", "Published evidence connects the mechanism found with this agent."},
    {"re_sensitised", "A later alteration has made the tumour sensitive again to this agent, by the source named."},
    {"collateral", "Resistance to an earlier agent goes together with sensitivity to this one, by the source named."},
    {"re_challenge", "The clone that made this agent fail has fallen."},
    {"reduced_activity", "The alteration or an earlier line makes less activity likely, by the source named."},
    {"needs_assay", "Cannot be decided from plasma alone; the assay that would decide it is named."},
    {"not_assessable", "Cannot be decided from these draws."}};
enum { N_GROUPS = sizeof groups / sizeof *groups };

static bool reviewed(const json_t *advice) { return cw_view_is(advice, "review", "reviewed"); }

static void put_chips(cw_text *t, const char *word, const json_t *ids)
{
    if (!json_array_size(ids)) return;
    cw_html(t, "<br>%s ", word);
    cw_words_of(t, ids, ", ");
}

/* Findings and citations in one quiet line: what to look up, and with which id. */
static void put_sources(cw_text *t, const json_t *findings, const json_t *citations, const char *id)
{
    cw_text_put(t, "<br><span class=\"quiet\">");
    if (json_array_size(findings)) cw_text_put(t, "Findings: ");
    cw_words_of(t, findings, ", ");
    if (json_array_size(findings)) cw_text_put(t, ". ");
    if (json_array_size(citations)) cw_text_put(t, "Sources: ");
    cw_words_of(t, citations, ", ");
    if (json_array_size(citations)) cw_text_put(t, ". ");
    cw_html(t, "Id: %.120s</span>", id);
}

/* Of the strongest rule where it is an agent's row, of the one rule where it is a finding's. */
static void put_conditions(cw_text *t, const json_t *of)
{
    const json_t *conditions = json_object_get(of, "conditions");
    if (!json_array_size(conditions)) return;
    cw_text_put(t, "<br><span class=\"condition\">Conditions: ");
    cw_words_of(t, conditions, "; ");
    cw_text_put(t, "</span>");
}

static void put_advice(cw_text *t, const json_t *advice)
{
    const json_t *covers = json_object_get(advice, "covers"), *leaves = json_object_get(advice, "leaves");
    cw_html(t, "<tr><th scope=\"row\">%.80s</th><td class=\"why\">", cw_json_get_string(advice, "agent"));
    cw_sentence(t, cw_json_get_string(advice, "statement"));
    put_conditions(t, advice);
    put_sources(t, json_object_get(advice, "findings"), json_object_get(advice, "citations"), cw_json_get_string(advice, "id"));
    cw_text_put(t, "</td><td>");
    if (!json_array_size(covers) && !json_array_size(leaves)) cw_text_put(t, "\xe2\x80\x93");
    else {
        cw_text_put(t, "covers ");
        if (json_array_size(covers)) cw_words_of(t, covers, ", ");
        else cw_text_put(t, "none");
        put_chips(t, "leaves", leaves);
    }
    cw_text_put(t, "</td><td>");
    cw_level_of(t, advice);
    cw_text_put(t, "</td></tr>\n");
}

/* Unreviewed rows never stand above reviewed ones. */
static void put_group(cw_text *t, const cw_view *view, size_t group)
{
    static const char *const heading[] = {"Agent", "Why", "Clones", "Level and review", NULL};
    size_t i, n = 0;
    json_t *advice;
    json_array_foreach((json_t *)view->advice, i, advice) n += cw_view_is(advice, "verdict", groups[group].verdict);
    if (!n) return;
    cw_html(t, "<h3>%s</h3>\n", !strcmp(groups[group].verdict, "points_to") ? "Evidence points to" : cw_words_status(groups[group].verdict));
    cw_table_open(t, "advice", groups[group].meaning, heading);
    for (int pass = 1; pass >= 0; pass--)
        json_array_foreach((json_t *)view->advice, i, advice)
            if (cw_view_is(advice, "verdict", groups[group].verdict) && reviewed(advice) == pass) put_advice(t, advice);
    cw_table_close(t);
}

static bool holds(const json_t *ids, const char *id)
{
    size_t i;
    json_t *v;
    json_array_foreach((json_t *)ids, i, v)
        if (json_is_string(v) && !strcmp(json_string_value(v), id)) return true;
    return false;
}

/* What the agent does not answer in a clone that it leaves. */
static void put_unanswered(cw_text *t, const cw_view *view, const json_t *advice, const json_t *clone)
{
    size_t i, n = 0;
    json_t *id;
    char name[400];
    json_array_foreach(json_object_get(advice, "unanswered"), i, id) {
        ptrdiff_t at = json_is_string(id) && holds(json_object_get(clone, "alterations"), json_string_value(id)) ? cw_view_find(view, "alteration", json_string_value(id)) : -1;
        if (at < 0) continue;
        cw_text_put(t, n++ ? ", " : "<br><span class=\"quiet\">not answered: ");
        cw_html(t, "%.80s", cw_view_name(json_array_get(view->alterations, (size_t)at), name, sizeof name));
    }
    if (n) cw_text_put(t, "</span>");
}

/* One row per agent, with all that is said of it. */
static void put_coverage_row(cw_text *t, const cw_view *view, const json_t *advice)
{
    size_t c, i;
    json_t *clone, *other;
    const char *agent = cw_json_get_string(advice, "agent");
    cw_html(t, "<tr><th scope=\"row\">%.80s</th><td>", agent);
    bool first = true;
    for (size_t g = 0; g < N_GROUPS; g++)
        json_array_foreach((json_t *)view->advice, i, other) {
            if (!cw_view_is(other, "agent", agent) || !cw_view_is(other, "verdict", groups[g].verdict)) continue;
            cw_html(t, "%s%.40s", first ? "" : "; ", cw_words_status(groups[g].verdict));
            first = false;
        }
    cw_text_put(t, "</td>");
    json_array_foreach((json_t *)view->clones, c, clone) {
        const char *id = cw_json_get_string(clone, "id");
        if (holds(json_object_get(advice, "covers"), id)) {
            cw_text_put(t, "<td class=\"covers\">\xe2\x97\x8f<span class=\"word\"> covers</span>");
            if (json_array_size(json_object_get(advice, "conditions"))) cw_text_put(t, "<br><span class=\"quiet\">on its conditions</span>");
            cw_text_put(t, "</td>");
        }
        else if (holds(json_object_get(advice, "leaves"), id)) {
            cw_text_put(t, "<td class=\"leaves\">\xe2\x97\x8b<span class=\"word\"> leaves</span>");
            put_unanswered(t, view, advice, clone);
            cw_text_put(t, "</td>");
        }
        else cw_text_put(t, "<td class=\"none\">\xe2\x80\x93</td>");
    }
    cw_text_put(t, "</tr>\n");
}

/* Is there an entry for the agent in an earlier group, or before this one? */
static bool named_before(const cw_view *view, size_t group, size_t at, const char *agent)
{
    size_t i;
    json_t *other;
    for (size_t g = 0; g <= group; g++)
        json_array_foreach((json_t *)view->advice, i, other)
            if (cw_view_is(other, "agent", agent) && cw_view_is(other, "verdict", groups[g].verdict) && (g < group || i < at)) return true;
    return false;
}

static void put_coverage(cw_text *t, const cw_view *view)
{
    size_t i, c, rows = 0;
    json_t *advice, *clone;
    json_array_foreach((json_t *)view->advice, i, advice) rows += json_array_size(json_object_get(advice, "covers")) + json_array_size(json_object_get(advice, "leaves")) > 0;
    if (!rows || !json_array_size(view->clones)) return;
    cw_text_put(t, "<h3>Which clones each agent would cover and leave</h3>\n<div class=\"scroll\"><table class=\"coverage\">\n"
                   "<caption>\xe2\x97\x8f covers, \xe2\x97\x8b leaves. An agent covers a clone when it answers every resistance alteration in it; a clone that is left can grow on under the agent alone. "
                   "Where the alterations may belong to several clones (together below 0.95), each of them is asked for. A dash: nothing is known here.</caption>\n<thead><tr><th scope=\"col\">Agent</th><th scope=\"col\">Verdict</th>");
    json_array_foreach((json_t *)view->clones, c, clone) {
        cw_html(t, "<th scope=\"col\">%.30s<br><span class=\"quiet\">", cw_json_get_string(clone, "id"));
        cw_names_of(t, view, json_object_get(clone, "alterations"));
        if (cw_view_may_be_several(clone)) cw_html(t, "<br>together %.2f: may be several clones", cw_json_get_real(clone, "co_membership"));
        cw_text_put(t, "</span></th>");
    }
    cw_text_put(t, "</tr></thead>\n<tbody>\n");
    for (size_t g = 0; g < N_GROUPS; g++)
        json_array_foreach((json_t *)view->advice, i, advice)
            if (cw_view_is(advice, "verdict", groups[g].verdict) && json_array_size(json_object_get(advice, "covers")) + json_array_size(json_object_get(advice, "leaves")) > 0 &&
                !named_before(view, g, i, cw_json_get_string(advice, "agent")))
                put_coverage_row(t, view, advice);
    cw_table_close(t);
}

static void put_finding(cw_text *t, const cw_view *view, const json_t *finding)
{
    const char *alteration = cw_json_get_string(finding, "alteration"), *node = cw_json_get_string(finding, "node"), *line = cw_json_get_string(finding, "explains_line"),
               *clone = cw_json_get_string(finding, "clone");
    char name[400];
    ptrdiff_t at = cw_view_find(view, "alteration", alteration);
    cw_html(t, "<tr><th scope=\"row\">%.60s</th><td><span class=\"name\">%.80s</span>", cw_json_get_string(finding, "rule"),
            at < 0 ? alteration : cw_view_name(json_array_get(view->alterations, (size_t)at), name, sizeof name));
    if (*clone) cw_html(t, "<br><span class=\"quiet\">clone %.40s</span>", clone);
    cw_text_put(t, "</td><td class=\"why\">");
    cw_sentence(t, cw_json_get_string(finding, "statement"));
    put_conditions(t, finding);
    cw_text_put(t, "<br><span class=\"quiet\">Mechanism: ");
    cw_plain(t, cw_json_get_string(finding, "mechanism"));
    if (*node) cw_html(t, "; node %.40s", node);
    if (*line) cw_html(t, "; explains line %.40s", line);
    cw_text_put(t, ".</span>");
    put_sources(t, NULL, json_object_get(finding, "citations"), cw_json_get_string(finding, "id"));
    cw_text_put(t, "</td><td>");
    cw_level_of(t, finding);
    cw_text_put(t, "</td></tr>\n");
}

enum { FINDINGS_OPEN = 12 }; /* a longer list is folded; the agents above name their findings */

static void put_findings(cw_text *t, const cw_view *view)
{
    static const char *const heading[] = {"Rule", "Alteration", "What it means", "Level and review", NULL};
    size_t i, n = json_array_size(view->findings);
    json_t *finding;
    if (!n) return;
    cw_html(t, "<h3>Findings</h3>\n<details%s><summary>Alterations and lines that meet a row of the knowledge tables, with rule and sources: %zu</summary>\n", n <= FINDINGS_OPEN ? " open" : "", n);
    cw_table_open(t, "findings", "'clonewatch explain' follows any id down to its counts", heading);
    json_array_foreach((json_t *)view->findings, i, finding) put_finding(t, view, finding);
    cw_table_close(t);
    cw_text_put(t, "</details>\n");
}

void cw_section_agents(cw_page *page, const cw_view *view)
{
    cw_text *t = &page->body;
    if (!json_array_size(view->advice) && !json_array_size(view->findings)) return;
    cw_page_section(page, "agents", "Mechanisms and agents");
    cw_text_put(t, "<p class=\"research\">What the sources say about agents, given the mechanisms found. The order is no ranking of treatments; availability, fitness, toxicity and everything not in "
                   "plasma are outside this page. Levels are quoted in the scheme of their source and are not converted. "
                   "A row whose review is not complete is marked, and never stands above one that is.</p>\n");
    for (size_t g = 0; g < N_GROUPS; g++) put_group(t, view, g);
    put_coverage(t, view);
    put_findings(t, view);
    cw_page_end_section(page);
}
