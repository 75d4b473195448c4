/* SPDX-License-Identifier: MIT */
/* draft.c - collecting findings and advice, ranking them (weigh.c says what stands beside them), and handing them to the patient. */
#include "advise/draft.h"

#include <string.h>

void cw_draft_release(cw_draft *d)
{
    for (size_t i = 0; i < d->n_entries; i++) {
        free(d->entry[i].findings);
        free(d->entry[i].citations);
        free(d->entry[i].basis);
    }
    free(d->fired);
    free(d->finding);
    free(d->entry);
    free(d->gap);
    free(d->notice);
}

static int add_text(const char ***list, size_t *n, size_t *cap, const char *text, cw_err *err)
{
    for (size_t i = 0; i < *n; i++)
        if (!strcmp((*list)[i], text)) return 0;
    if (cw_grow((void **)list, cap, *n + 1, sizeof **list, err) < 0) return CW_ENOMEM;
    (*list)[(*n)++] = text;
    return 0;
}

static int split_citations(cw_draft *d, const char *text, cw_strings *out, cw_err *err)
{
    size_t n = 1;
    for (const char *s = text; *s; s++) n += *s == ';';
    *out = (cw_strings){.v = cw_arena_alloc(d->c->arena, n, sizeof *out->v)};
    if (!out->v) return cw_err_nomem(err);
    for (cw_part p; cw_part_next(&text, ';', &p);) {
        if (!p.n) continue;
        if (!(out->v[out->n] = cw_arena_strndup(d->c->arena, p.s, p.n))) return cw_err_nomem(err);
        out->n++;
    }
    return 0;
}

static int kept(cw_arena *arena, const char *const *list, size_t n, cw_strings *out, cw_err *err)
{
    *out = (cw_strings){.v = cw_arena_alloc(arena, n, sizeof *out->v), .n = n};
    if (!out->v) return cw_err_nomem(err);
    if (n) memcpy(out->v, list, n * sizeof *out->v);
    return 0;
}

const char *cw_draft_finding(cw_draft *d, const cw_reason *r, cw_err *err)
{
    const char *what = r->seen ? r->seen->a->id : *r->line ? r->line : "patient";
    const char *id = cw_say(d->c, "%s@%s", r->rule, what);
    for (size_t i = 0; i < d->n_findings; i++)
        if (!strcmp(d->finding[i].id, id)) return d->finding[i].id;
    if (cw_grow((void **)&d->finding, &d->cap_findings, d->n_findings + 1, sizeof *d->finding, err) < 0) return NULL;
    cw_finding *f = &d->finding[d->n_findings];
    *f = (cw_finding){.id = id, .alteration = r->seen ? r->seen->a->id : "", .clone = "", .rule = r->rule, .mechanism = r->mechanism, .node = r->node,
                      .explains_line = r->line, .level = {r->support->scheme, r->support->level}, .review = cw_review_name(r->support->review),
                      .statement = r->statement};
    if (split_citations(d, r->support->citation, &f->citations, err) < 0 || kept(d->c->arena, r->open->v, r->open->n, &f->conditions, err) < 0) return NULL;
    d->n_findings++;
    return id;
}

/* Is what the entry says so far weaker than this reason? A rule that nobody reviewed never stands for the entry while another does; then what holds
 * says more than what is open, and what answers the resistance more than what the driver always said. */
static bool weaker(const cw_draft_entry *e, const cw_support *support, const cw_open_list *open, bool by_resistance)
{
    if (!e->support) return true;
    bool unreviewed = e->support->review == CW_REVIEW_UNREVIEWED;
    if (unreviewed != (support->review == CW_REVIEW_UNREVIEWED)) return unreviewed;
    if ((e->open.n > 0) != (open->n > 0)) return e->open.n > 0;
    if (e->support->review != support->review) return e->support->review > support->review;
    return by_resistance && !e->by_resistance;
}

int cw_draft_advice(cw_draft *d, const char *agent, cw_verdict verdict, const char *finding, const cw_reason *r, cw_err *err)
{
    const cw_open_list *open = r->open;
    cw_draft_entry *e = NULL;
    for (size_t i = 0; i < d->n_entries && !e; i++)
        if (d->entry[i].verdict == verdict && !strcmp(d->entry[i].agent, agent)) e = &d->entry[i];
    if (!e) {
        if (cw_grow((void **)&d->entry, &d->cap_entries, d->n_entries + 1, sizeof *d->entry, err) < 0) return CW_ENOMEM;
        e = &d->entry[d->n_entries++];
        *e = (cw_draft_entry){.agent = agent, .verdict = verdict};
    }
    bool by_resistance = r->seen && (r->seen->role == CW_ROLE_RESISTANCE || r->seen->role == CW_ROLE_BOTH);
    if (weaker(e, r->support, open, by_resistance)) {
        e->by_resistance = by_resistance;
        e->by_alteration = r->seen != NULL;
        e->support = r->support;
        e->open = *open;
        e->statement = r->statement;
    }
    if (r->seen) {
        if (cw_grow((void **)&e->basis, &e->cap_basis, e->n_basis + 1, sizeof *e->basis, err) < 0) return CW_ENOMEM;
        e->basis[e->n_basis++] = (cw_basis){r->seen, *open, r->support->review};
    }
    static const char *const firm_words[] = {"", ", in part", ", though sources disagree"};
    int rank = r->support->review == CW_REVIEW_CONFLICT ? 2 : 0;
    for (size_t i = 0; i < open->n && !rank; i++) rank = !strcmp(open->v[i], CW_PARTIAL_ACTIVITY);
    if (open->n == open->remarks && (!e->firm || rank < e->firm_rank)) {
        e->firm = r->statement;
        e->firm_words = firm_words[e->firm_rank = rank];
    }
    if (add_text(&e->findings, &e->n_findings, &e->cap_findings, finding, err) < 0) return CW_ENOMEM;
    const char *rest = r->support->citation;
    for (cw_part p; cw_part_next(&rest, ';', &p);) {
        const char *copy = p.n ? cw_arena_strndup(d->c->arena, p.s, p.n) : "";
        if (!copy) return cw_err_nomem(err);
        if (p.n && add_text(&e->citations, &e->n_citations, &e->cap_citations, copy, err) < 0) return CW_ENOMEM;
    }
    return 0;
}

int cw_draft_gap(cw_draft *d, const char *what, const char *why, const char *assay, cw_err *err)
{
    for (size_t i = 0; i < d->n_gaps; i++)
        if (!strcmp(d->gap[i].what, what)) return 0;
    if (cw_grow((void **)&d->gap, &d->cap_gaps, d->n_gaps + 1, sizeof *d->gap, err) < 0) return CW_ENOMEM;
    d->gap[d->n_gaps++] = (cw_not_assessable){what, why, assay};
    return 0;
}

int cw_draft_notice(cw_draft *d, const char *text, cw_err *err) { return add_text(&d->notice, &d->n_notices, &d->cap_notices, text, err); }

/* By verdict; inside a verdict reviewed before unreviewed, agents that nothing speaks against before the others, closed before open, more
 * clones covered first, approved agents before those under study or never used in patients, then by name. */
static int by_rank(const void *pa, const void *pb)
{
    const cw_draft_entry *a = pa, *b = pb;
    if (a->verdict != b->verdict) return a->verdict < b->verdict ? -1 : 1;
    if (a->support->review != b->support->review) return a->support->review < b->support->review ? -1 : 1;
    if (a->contradicted != b->contradicted) return a->contradicted ? 1 : -1;
    if ((a->open.n > 0) != (b->open.n > 0)) return a->open.n > 0 ? 1 : -1;
    if (a->n_leaves != b->n_leaves) return a->n_leaves < b->n_leaves ? -1 : 1;
    if (a->n_covers != b->n_covers) return a->n_covers > b->n_covers ? -1 : 1;
    if (a->standing != b->standing) return a->standing < b->standing ? -1 : 1;
    return strcmp(a->agent, b->agent);
}

static int hand_over(cw_draft *d, const cw_draft_entry *e, cw_advice *a, cw_err *err)
{
    cw_arena *arena = d->c->arena;
    *a = (cw_advice){.agent = e->agent, .verdict = e->verdict, .level = {e->support->scheme, e->support->level},
                     .review = cw_review_name(e->support->review), .statement = e->statement, .contradicted = e->contradicted};
    a->id = cw_say(d->c, "%s:%s", cw_verdict_name(e->verdict), e->agent);
    cw_open_list conditions = e->open;
    cw_draft_say_standing(d, e, &conditions);
    ptrdiff_t row = cw_agent_find(d->c->k, e->agent, strlen(e->agent));
    if (row >= 0 && !strcmp(d->c->k->agents[row].kind, "class") && *d->c->k->agents[row].members)
        a->statement = cw_say(d->c, "%s (%s: a class; %s)", e->statement, e->agent, d->c->k->agents[row].members);
    if (kept(arena, e->covers, e->n_covers, &a->covers, err) < 0 || kept(arena, e->leaves, e->n_leaves, &a->leaves, err) < 0 ||
        kept(arena, e->unanswered, e->n_unanswered, &a->unanswered, err) < 0 ||
        kept(arena, conditions.v, conditions.n, &a->conditions, err) < 0 || kept(arena, e->findings, e->n_findings, &a->findings, err) < 0 ||
        kept(arena, e->citations, e->n_citations, &a->citations, err) < 0)
        return CW_ENOMEM;
    return 0;
}

/* Notices of an earlier run of advise are replaced; they are known by their first words. */
static int hand_over_notices(cw_draft *d, cw_err *err)
{
    static const char mark[] = "Agents: ";
    cw_patient *p = d->c->p;
    cw_strings all = {.v = cw_arena_alloc(d->c->arena, p->notices.n + d->n_notices, sizeof *all.v)};
    if (!all.v) return cw_err_nomem(err);
    for (size_t i = 0; i < p->notices.n; i++)
        if (strncmp(p->notices.v[i], mark, sizeof mark - 1)) all.v[all.n++] = p->notices.v[i];
    for (size_t i = 0; i < d->n_notices; i++) all.v[all.n++] = cw_say(d->c, "%s%s", mark, d->notice[i]);
    p->notices = all;
    return 0;
}

int cw_draft_finish(cw_draft *d, cw_err *err)
{
    cw_patient *p = d->c->p;
    cw_draft_weigh(d);
    if (d->n_entries) qsort(d->entry, d->n_entries, sizeof *d->entry, by_rank);
    p->findings = cw_arena_alloc(p->arena, d->n_findings, sizeof *p->findings);
    p->advice = cw_arena_alloc(p->arena, d->n_entries, sizeof *p->advice);
    p->not_assessable = cw_arena_alloc(p->arena, d->n_gaps, sizeof *p->not_assessable);
    if (!p->findings || !p->advice || !p->not_assessable) return cw_err_nomem(err);
    if (d->n_findings) memcpy(p->findings, d->finding, d->n_findings * sizeof *p->findings);
    if (d->n_gaps) memcpy(p->not_assessable, d->gap, d->n_gaps * sizeof *p->not_assessable);
    for (size_t i = 0; i < d->n_entries; i++)
        if (hand_over(d, &d->entry[i], &p->advice[i], err) < 0) return CW_ENOMEM;
    p->n_findings = d->n_findings;
    p->n_advice = d->n_entries;
    p->n_not_assessable = d->n_gaps;
    p->knowledge_version = cw_say(d->c, "%s", d->c->k->version);
    if (hand_over_notices(d, err) < 0) return CW_ENOMEM;
    return d->c->failed ? cw_err_nomem(err) : 0;
}
