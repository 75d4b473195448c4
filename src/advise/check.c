/* SPDX-License-Identifier: MIT */
/* check.c - the words of the knowledge: does every row name what exists, cite what is listed, and not contradict itself? */
#include "advise/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "advise/condition.h"

void cw_issue(cw_issues *issues, const char *file, size_t line, const char *format, ...)
{
    char text[700];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    issues->n++;
    if (issues->found) issues->found(issues->context, file, line, text);
}

/* ---- agents ---- */

static void check_agent(const cw_knowledge *k, const char *file, size_t line, const char *text, cw_issues *out)
{
    if (cw_agent_find(k, text, strlen(text)) >= 0) return;
    const char *rest = text;
    for (cw_part p; cw_part_next(&rest, '+', &p);)
        if (cw_agent_find(k, p.s, p.n) < 0) cw_issue(out, file, line, "unknown agent '%.*s'; name it in agents.tsv", (int)(p.n > 60 ? 60 : p.n), p.s);
    if (!*text) cw_issue(out, file, line, "no agent is named");
}

typedef struct name { const char *s; size_t n, row; } name;

static int by_name(const void *pa, const void *pb)
{
    const name *a = pa, *b = pb;
    int c = cw_name_order(a->s, a->n, b->s, b->n);
    return c ? c : (a->row > b->row) - (a->row < b->row);
}

/* A name that leads to two agents: a synonym in a circle (A says B, B says A) is the plainest case. */
static int check_synonyms(const cw_knowledge *k, cw_issues *out, cw_err *err)
{
    size_t n = 0, cap = 0;
    name *names = NULL;
    for (size_t i = 0; i < k->n_agents; i++) {
        if (cw_grow((void **)&names, &cap, n + 64, sizeof *names, err) < 0) goto nomem;
        names[n++] = (name){k->agents[i].agent, strlen(k->agents[i].agent), i};
        const char *rest = k->agents[i].synonyms;
        for (cw_part p; cw_part_next(&rest, ';', &p);) {
            if (cw_grow((void **)&names, &cap, n + 1, sizeof *names, err) < 0) goto nomem;
            if (p.n) names[n++] = (name){p.s, p.n, i};
        }
    }
    if (n) qsort(names, n, sizeof *names, by_name);
    for (size_t i = 1; i < n; i++)
        if (names[i].row != names[i - 1].row && cw_same_name(names[i].s, names[i].n, names[i - 1].s, names[i - 1].n))
            cw_issue(out, "agents.tsv", k->agents[names[i].row].line, "'%.*s' names two agents, here and in line %zu: a synonym must lead to one agent",
                     (int)names[i].n, names[i].s, k->agents[names[i - 1].row].line);
    free(names);
    return 0;
nomem:
    free(names);
    return CW_ENOMEM;
}

static bool reaches(const cw_knowledge *k, size_t from, size_t to, int depth)
{
    if (depth > 6) return true;
    const char *rest = k->agents[from].members;
    for (cw_part p; cw_part_next(&rest, ';', &p);) {
        ptrdiff_t m = cw_agent_find(k, p.s, p.n);
        if (m >= 0 && ((size_t)m == to || reaches(k, (size_t)m, to, depth + 1))) return true;
    }
    return false;
}

static void check_agents(const cw_knowledge *k, cw_issues *out)
{
    for (size_t i = 0; i < k->n_agents; i++) {
        const cw_agent *a = &k->agents[i];
        if (strcmp(a->kind, "drug") && strcmp(a->kind, "class") && strcmp(a->kind, "regimen"))
            cw_issue(out, "agents.tsv", a->line, "kind '%s' is not drug, class or regimen", a->kind);
        const char *rest = a->members;
        for (cw_part p; cw_part_next(&rest, ';', &p);)
            if (cw_agent_find(k, p.s, p.n) < 0) cw_issue(out, "agents.tsv", a->line, "member '%.*s' of '%s' is no agent", (int)(p.n > 60 ? 60 : p.n), p.s, a->agent);
        if (*a->members && reaches(k, i, i, 0)) cw_issue(out, "agents.tsv", a->line, "'%s' is a member of itself, in a circle", a->agent);
    }
}

/* ---- sources ---- */

static bool cites(const char *id, cw_part citation)
{
    size_t n = strlen(id);
    if (n > citation.n || memcmp(id, citation.s, n)) return false;
    return n == citation.n || citation.s[n] == '[' || citation.s[n] == ':' || citation.s[n] == '(';
}

static void check_support(const cw_knowledge *k, const char *file, size_t line, const cw_support *s, cw_issues *out)
{
    if (!*s->citation) cw_issue(out, file, line, "a rule without a source; name one of sources.tsv, or 'general knowledge'");
    const char *rest = s->citation;
    for (cw_part p; cw_part_next(&rest, ';', &p);) {
        bool found = false;
        for (size_t i = 0; i < k->n_sources && !found; i++) found = cites(k->sources[i].id, p);
        if (!found) cw_issue(out, file, line, "source '%.*s' is not in sources.tsv", (int)(p.n > 60 ? 60 : p.n), p.s);
    }
    if (*s->level && !*s->scheme) cw_issue(out, file, line, "level '%s' without its scheme", s->level);
    if (s->review == CW_REVIEW_UNREVIEWED && *s->level) cw_issue(out, file, line, "an unreviewed row must not carry the level '%s'", s->level);
    if (s->review == CW_REVIEW_REVIEWED && cites("general knowledge", (cw_part){s->citation, strlen(s->citation)}))
        cw_issue(out, file, line, "general knowledge cannot be 'reviewed'");
}

/* ---- rules ---- */

static void check_condition(const cw_knowledge *k, const char *file, size_t line, const char *column, const char *text, cw_issues *out)
{
    char why[200];
    if (!cw_condition_valid(k, text, why)) cw_issue(out, file, line, "column '%s': %s", column, why);
}

static void check_selectors(const cw_knowledge *k, const char *file, size_t line, const char *list, cw_issues *out)
{
    const char *why;
    for (cw_part p; cw_part_next(&list, ';', &p);)
        if (!cw_selector_valid(k, p.s, p.n, &why)) cw_issue(out, file, line, "alteration '%.*s': %s", (int)(p.n > 60 ? 60 : p.n), p.s, why);
}

static int by_pair(const void *pa, const void *pb)
{
    const cw_rule *a = *(const cw_rule *const *)pa, *b = *(const cw_rule *const *)pb;
    int c = strcmp(a->alteration, b->alteration);
    if (!c) c = strcmp(a->agent, b->agent);
    return c ? c : (a->line > b->line) - (a->line < b->line);
}

/* An alteration and an agent stand in one row: two rows would say the same twice, or contradict each other. */
static int check_pairs(const cw_knowledge *k, cw_issues *out, cw_err *err)
{
    const cw_rule **sorted = malloc((k->n_rules ? k->n_rules : 1) * sizeof(cw_rule *));
    if (!sorted) return cw_err_nomem(err);
    for (size_t i = 0; i < k->n_rules; i++) sorted[i] = &k->rules[i];
    qsort(sorted, k->n_rules, sizeof *sorted, by_pair);
    for (size_t i = 1; i < k->n_rules; i++)
        if (!strcmp(sorted[i]->alteration, sorted[i - 1]->alteration) && !strcmp(sorted[i]->agent, sorted[i - 1]->agent))
            cw_issue(out, "rules.tsv", sorted[i]->line, "'%s' and '%s' stand already in line %zu%s", sorted[i]->alteration, sorted[i]->agent, sorted[i - 1]->line,
                     sorted[i]->effect != sorted[i - 1]->effect ? ", with the opposite effect" : "");
    free(sorted);
    return 0;
}

/* Conditions that a patient's safety rests on: required_conditions.tsv names them, so that no edit loses one. */
static void check_required(const cw_knowledge *k, cw_issues *out)
{
    for (size_t i = 0; i < k->n_required; i++) {
        const cw_required *q = &k->required[i];
        ptrdiff_t klass = cw_agent_find(k, q->agent, strlen(q->agent));
        if (klass < 0) cw_issue(out, "required_conditions.tsv", q->line, "unknown agent '%s'", q->agent);
        for (size_t j = 0; klass >= 0 && j < k->n_rules; j++) {
            const cw_rule *r = &k->rules[j];
            cw_regimen agents;
            cw_regimen_parse(k, r->agent, &agents);
            bool meant = false, has = false;
            for (size_t m = 0; m < agents.n; m++) meant |= cw_agent_holds(k, (size_t)klass, agents.agent[m]);
            if (!meant || strcmp(r->alteration, q->alteration) || r->effect != q->effect) continue;
            const char *rest = q->any_of;
            for (cw_part p; cw_part_next(&rest, ';', &p);) {
                char word[128];
                if (p.n >= sizeof word) continue;
                memcpy(word, p.s, p.n);
                word[p.n] = '\0';
                has |= strstr(r->iff, word) != NULL;
            }
            if (!has) cw_issue(out, "rules.tsv", r->line, "'%s' with '%s' must not stand without its condition (one of %s): %s", r->alteration, r->agent, q->any_of, q->why);
        }
    }
}

static bool node_known(const cw_knowledge *k, const char *node)
{
    for (size_t i = 0; i < k->n_nodes; i++)
        if (!strcmp(k->nodes[i].node, node)) return true;
    return !*node;
}

static bool mechanism_known(const cw_knowledge *k, const char *mechanism)
{
    for (size_t i = 0; i < k->n_mechanisms; i++)
        if (!strcmp(k->mechanisms[i].mechanism, mechanism)) return true;
    return !*mechanism;
}

static void check_rows(const cw_knowledge *k, cw_issues *out)
{
    for (size_t i = 0; i < k->n_rules; i++) {
        const cw_rule *r = &k->rules[i];
        check_selectors(k, "rules.tsv", r->line, r->alteration, out);
        check_agent(k, "rules.tsv", r->line, r->agent, out);
        check_condition(k, "rules.tsv", r->line, "if", r->iff, out);
        check_condition(k, "rules.tsv", r->line, "unless", r->unless, out);
        check_support(k, "rules.tsv", r->line, &r->support, out);
    }
    for (size_t i = 0; i < k->n_crosses; i++) {
        const cw_cross *x = &k->crosses[i];
        check_agent(k, "cross_resistance.tsv", x->line, x->prior, out);
        check_agent(k, "cross_resistance.tsv", x->line, x->next, out);
        check_condition(k, "cross_resistance.tsv", x->line, "if", x->iff, out);
        check_support(k, "cross_resistance.tsv", x->line, &x->support, out);
        const char *rest = x->marker, *why; /* a marker may be what only another assay shows; its gene must exist */
        for (cw_part p; cw_part_next(&rest, ';', &p);)
            if (!cw_selector_valid(k, p.s, p.n, &why) && (!strncmp(why, "no gene", 7) || !strcmp(x->assessable, "yes")))
                cw_issue(out, "cross_resistance.tsv", x->line, "marker '%.*s': %s", (int)(p.n > 60 ? 60 : p.n), p.s, why);
    }
    for (size_t i = 0; i < k->n_line_rules; i++) {
        const cw_line_rule *r = &k->line_rules[i];
        if (*r->agent != '@') check_agent(k, "line_rules.tsv", r->line, r->agent, out);
        if (*r->prior) check_agent(k, "line_rules.tsv", r->line, r->prior, out);
        check_condition(k, "line_rules.tsv", r->line, "if", r->iff, out);
        check_support(k, "line_rules.tsv", r->line, &r->support, out);
        check_selectors(k, "line_rules.tsv", r->line, r->rising, out);
        check_selectors(k, "line_rules.tsv", r->line, r->not_rising, out);
        if (!mechanism_known(k, r->mechanism)) cw_issue(out, "line_rules.tsv", r->line, "mechanism '%s' is not in mechanisms.tsv", r->mechanism);
    }
    for (size_t i = 0; i < k->n_node_agents; i++) {
        const cw_node_agent *n = &k->node_agents[i];
        check_agent(k, "node_agents.tsv", n->line, n->agent, out);
        check_condition(k, "node_agents.tsv", n->line, "if", n->iff, out);
        check_support(k, "node_agents.tsv", n->line, &n->support, out);
        if (!node_known(k, n->node)) cw_issue(out, "node_agents.tsv", n->line, "node '%s' is not in nodes.tsv", n->node);
    }
    for (size_t i = 0; i < k->n_gaps; i++) {
        check_condition(k, "not_assessable.tsv", k->gaps[i].line, "if", k->gaps[i].iff, out);
        check_support(k, "not_assessable.tsv", k->gaps[i].line, &k->gaps[i].support, out);
    }
}

static void check_groups(const cw_knowledge *k, cw_issues *out)
{
    for (size_t i = 0; i < k->n_groups; i++) {
        const char *rest = k->groups[i].genes;
        for (cw_part p; cw_part_next(&rest, ';', &p);) {
            bool found = false;
            for (size_t g = 0; g < k->n_genes && !found; g++) found = cw_part_is(p, k->genes[g].gene);
            if (!found) cw_issue(out, "gene_groups.tsv", k->groups[i].line, "gene '%.*s' is not in genes.tsv", (int)(p.n > 40 ? 40 : p.n), p.s);
        }
    }
    for (size_t i = 0; i < k->n_genes; i++)
        if (!node_known(k, k->genes[i].node)) cw_issue(out, "genes.tsv", k->genes[i].line, "node '%s' is not in nodes.tsv", k->genes[i].node);
    for (size_t i = 0; i < k->n_alterations; i++) {
        const cw_known_alteration *a = &k->alterations[i];
        bool gene = false;
        for (size_t g = 0; g < k->n_genes && !gene; g++) gene = !strcmp(k->genes[g].gene, a->gene);
        if (!gene) cw_issue(out, "alterations.tsv", a->line, "unknown gene '%s'; name it in genes.tsv", a->gene);
        if (!node_known(k, a->node)) cw_issue(out, "alterations.tsv", a->line, "node '%s' is not in nodes.tsv", a->node);
        if (!mechanism_known(k, a->mechanism)) cw_issue(out, "alterations.tsv", a->line, "mechanism '%s' is not in mechanisms.tsv", a->mechanism);
    }
}

int cw_check_words(const cw_knowledge *k, cw_issues *out, cw_err *err)
{
    check_agents(k, out);
    check_groups(k, out);
    check_rows(k, out);
    check_required(k, out);
    if (check_synonyms(k, out, err) < 0) return CW_ENOMEM;
    return check_pairs(k, out, err);
}
