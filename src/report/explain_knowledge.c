/* SPDX-License-Identifier: MIT */
/* explain_knowledge.c - a row of the knowledge as text: what it says, in which file and line it stands, and the sources behind it. */
#include "report/explain.h"

#include <string.h>
#include "record/spelling.h"

void cw_explain_put(const cw_explain *w, int depth, const char *name, const char *value)
{
    if (*value) fprintf(w->f, "%*s%s: %s\n", 2 * depth, "", name, value);
}

/* A citation "S1[87,88]" or "CIViC:EID238(A,R,PMID:25668228)" and the source that stands behind it. */
static void put_source(const cw_explain *w, int depth, cw_part citation)
{
    fprintf(w->f, "%*ssource: %.*s", 2 * depth, "", (int)citation.n, citation.s);
    for (size_t i = 0; i < w->k->n_sources; i++) {
        const cw_source *s = &w->k->sources[i];
        size_t n = strlen(s->id);
        bool whole = n == citation.n || (n < citation.n && strchr("[:(", citation.s[n]));
        if (n > citation.n || memcmp(s->id, citation.s, n) || !whole) continue;
        if (*s->title) fprintf(w->f, " - %s", s->title);
        if (!strcmp(s->checked, "no")) fputs(" (not opened; unchecked)", w->f);
        break;
    }
    fputc('\n', w->f);
}

static void put_questions(const cw_explain *w, int depth, const char *ids)
{
    for (cw_part p; cw_part_next(&ids, ',', &p);)
        for (size_t i = 0; i < w->k->n_questions; i++)
            if (cw_part_is(p, w->k->questions[i].id))
                fprintf(w->f, "%*sopen question %s (%s): %s\n", 2 * depth, "", w->k->questions[i].id, w->k->questions[i].kind, w->k->questions[i].question);
}

static void put_support(const cw_explain *w, int depth, const cw_support *s)
{
    if (*s->level) fprintf(w->f, "%*slevel: %s (scheme %s)\n", 2 * depth, "", s->level, s->scheme);
    cw_explain_put(w, depth, "review state", cw_review_name(s->review));
    put_questions(w, depth, s->open_question);
    cw_explain_put(w, depth, "note", s->note);
    const char *rest = s->citation;
    for (cw_part p; cw_part_next(&rest, ';', &p);)
        if (p.n) put_source(w, depth, p);
}

static void put_row_head(const cw_explain *w, int depth, const char *id, const char *file, size_t line)
{
    fprintf(w->f, "%*srule %s (knowledge %s, %s:%zu)\n", 2 * depth, "", id, w->k->version, file, line);
}

/* Evidence that says otherwise about the same allele and agent. */
static void put_conflicts(const cw_explain *w, int depth, const cw_rule *r)
{
    for (size_t i = 0; i < w->k->n_conflicts; i++) {
        const cw_conflict *c = &w->k->conflicts[i];
        const char *colon = strchr(r->alteration, ':');
        if (!colon || (size_t)(colon - r->alteration) != strlen(c->gene) || memcmp(r->alteration, c->gene, strlen(c->gene))) continue;
        if (!cw_same_change(colon + 1, strlen(colon + 1), c->allele, strlen(c->allele)) || !cw_same_name(c->agent, strlen(c->agent), r->agent, strlen(r->agent))) continue;
        fprintf(w->f, "%*sagainst it: %s %s (level %s) %s in %s, %s; %s: %s\n", 2 * depth, "", c->scheme, c->evidence, c->level, c->source_says, c->disease, c->citation, c->state,
                c->how);
    }
}

static bool put_treatment_rule(const cw_explain *w, int depth, const char *id)
{
    for (size_t i = 0; i < w->k->n_rules; i++) {
        const cw_rule *r = &w->k->rules[i];
        if (strcmp(r->id, id)) continue;
        put_row_head(w, depth, id, "rules.tsv", r->line);
        fprintf(w->f, "%*s%s %s %s\n", 2 * depth + 2, "", r->alteration, r->effect == CW_RULE_RESISTS ? "resists" : "sensitises to", r->agent);
        cw_explain_put(w, depth + 1, "if", r->iff);
        cw_explain_put(w, depth + 1, "unless", r->unless);
        cw_explain_put(w, depth + 1, "activity", r->activity);
        put_support(w, depth + 1, &r->support);
        put_conflicts(w, depth + 1, r);
        return true;
    }
    return false;
}

static bool put_cross(const cw_explain *w, int depth, const char *id)
{
    for (size_t i = 0; i < w->k->n_crosses; i++) {
        const cw_cross *x = &w->k->crosses[i];
        if (strcmp(x->id, id)) continue;
        put_row_head(w, depth, id, "cross_resistance.tsv", x->line);
        fprintf(w->f, "%*s%s, then %s: %s\n", 2 * depth + 2, "", x->prior, x->next, x->direction);
        cw_explain_put(w, depth + 1, "mechanism", x->mechanism);
        cw_explain_put(w, depth + 1, "marker", x->marker);
        cw_explain_put(w, depth + 1, "if", x->iff);
        cw_explain_put(w, depth + 1, "seen in plasma DNA", x->assessable);
        cw_explain_put(w, depth + 1, "assay", x->assay);
        put_support(w, depth + 1, &x->support);
        return true;
    }
    return false;
}

static bool put_line_rule(const cw_explain *w, int depth, const char *id)
{
    for (size_t i = 0; i < w->k->n_line_rules; i++) {
        const cw_line_rule *r = &w->k->line_rules[i];
        if (strcmp(r->id, id)) continue;
        put_row_head(w, depth, id, "line_rules.tsv", r->line);
        cw_explain_put(w, depth + 1, "statement", r->statement);
        cw_explain_put(w, depth + 1, "after", r->prior);
        cw_explain_put(w, depth + 1, "if", r->iff);
        put_support(w, depth + 1, &r->support);
        return true;
    }
    return false;
}

static bool put_node_agent(const cw_explain *w, int depth, const char *id)
{
    for (size_t i = 0; i < w->k->n_node_agents; i++) {
        const cw_node_agent *n = &w->k->node_agents[i];
        if (strcmp(n->id, id)) continue;
        put_row_head(w, depth, id, "node_agents.tsv", n->line);
        fprintf(w->f, "%*snode %s points to %s\n", 2 * depth + 2, "", n->node, n->agent);
        cw_explain_put(w, depth + 1, "if", n->iff);
        put_support(w, depth + 1, &n->support);
        return true;
    }
    return false;
}

static bool put_gap(const cw_explain *w, int depth, const char *id)
{
    for (size_t i = 0; i < w->k->n_gaps; i++) {
        const cw_gap *g = &w->k->gaps[i];
        if (strcmp(g->id, id)) continue;
        put_row_head(w, depth, id, "not_assessable.tsv", g->line);
        fprintf(w->f, "%*s%s: %s\n", 2 * depth + 2, "", g->what, g->why);
        cw_explain_put(w, depth + 1, "assay", g->assay);
        put_support(w, depth + 1, &g->support);
        return true;
    }
    return false;
}

bool cw_explain_rule(const cw_explain *w, int depth, const char *id)
{
    return put_treatment_rule(w, depth, id) || put_cross(w, depth, id) || put_line_rule(w, depth, id) || put_node_agent(w, depth, id) || put_gap(w, depth, id);
}

bool cw_explain_known_alteration(const cw_explain *w, int depth, const char *id)
{
    for (size_t i = 0; i < w->k->n_alterations; i++) {
        const cw_known_alteration *x = &w->k->alterations[i];
        if (strcmp(x->id, id)) continue;
        put_row_head(w, depth, id, "alterations.tsv", x->line);
        cw_explain_put(w, depth + 1, "mechanism", x->mechanism);
        cw_explain_put(w, depth + 1, "node", x->node);
        cw_explain_put(w, depth + 1, "tumours", x->tumours);
        cw_explain_put(w, depth + 1, "coordinates verified by", x->verified_by);
        cw_explain_put(w, depth + 1, "confidence of the coordinates", x->confidence);
        cw_explain_put(w, depth + 1, "review state", cw_review_name(x->review));
        return true;
    }
    return false;
}
