/* SPDX-License-Identifier: MIT */
/* draft.c - collecting findings and advice, ranking them, and handing them to the patient. */
#include "advise/draft.h"

#include <string.h>

void cw_draft_release(cw_draft *d)
{
    for (size_t i = 0; i < d->n_entries; i++) {
        free(d->entry[i].findings);
        free(d->entry[i].citations);
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
    if (split_citations(d, r->support->citation, &f->citations, err) < 0) return NULL;
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

int cw_draft_advice(cw_draft *d, const char *agent, cw_verdict verdict, const char *finding, const cw_reason *r, const cw_open_list *open, cw_err *err)
{
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

/* The least advanced component counts: a regimen is not approved because one of its agents is. */
static int standing(const cw_knowledge *k, const char *agent)
{
    cw_regimen r;
    int worst = 0;
    cw_regimen_parse(k, agent, &r);
    for (size_t i = 0; i < r.n; i++) {
        const char *status = k->agents[r.agent[i]].status;
        int rank = !status ? 1 : !strncmp(status, "approved", 8) || !strcmp(status, "class") ? 0 : !strncmp(status, "investigational", 15) ? 1 : 2;
        if (rank > worst) worst = rank;
    }
    return r.unknown ? 2 : worst;
}

/* Does what is said of `other` hold for `agent`: the same, or the class it belongs to? */
static bool speaks_of(const cw_knowledge *k, const char *other, const char *agent)
{
    if (!strcmp(other, agent)) return true;
    ptrdiff_t of = cw_agent_find(k, other, strlen(other)), it = cw_agent_find(k, agent, strlen(agent));
    return of >= 0 && it >= 0 && cw_agent_holds(k, (size_t)of, (size_t)it);
}

/* An agent may work again when the clone that resisted it has fallen, and not while another one that resists it stands. */
static void weigh_re_challenge(cw_draft *d, cw_draft_entry *e)
{
    const cw_knowledge *k = d->c->k;
    const char *names = NULL;
    for (size_t i = 0; i < d->c->n_seen; i++) {
        const cw_seen *s = &d->c->seen[i];
        bool resists = false;
        for (size_t j = 0; j < d->n_fired; j++) {
            const cw_rule *r = d->fired[j].rule;
            resists |= d->fired[j].seen == s && r->effect == CW_RULE_RESISTS && d->fired[j].open.n == d->fired[j].open.remarks && (speaks_of(k, r->agent, e->agent) || speaks_of(k, e->agent, r->agent));
        }
        if (!resists || s->fallen || s->present != CW_YES) continue;
        const char *name = cw_seen_name(d->c, s);
        names = names ? cw_say(d->c, "%s, %s", names, name) : name;
    }
    if (!names) return;
    e->contradicted = true;
    cw_open_add(&e->open, cw_say(d->c, "resistance to it that has not fallen: %s", names));
}

/* Does a row point from the alteration to the combination, or to one of its members? */
static bool answered_by(const cw_draft *d, const cw_seen *s, const char *combination, const cw_regimen *r)
{
    const cw_knowledge *k = d->c->k;
    for (size_t i = 0; i < d->n_fired; i++) {
        const cw_rule *rule = d->fired[i].rule;
        if (d->fired[i].seen != s || rule->effect != CW_RULE_SENSITISES) continue;
        if (!strcmp(rule->agent, combination)) return true;
        for (size_t m = 0; m < r->n; m++)
            if (speaks_of(k, rule->agent, k->agents[r->agent[m]].agent)) return true;
    }
    return false;
}

/* A combination one of whose members is resisted by an alteration that stands, and that no other member answers. */
static void weigh_members(cw_draft *d, cw_draft_entry *e)
{
    const cw_knowledge *k = d->c->k;
    cw_regimen r;
    cw_regimen_parse(k, e->agent, &r);
    for (size_t m = 0; r.n > 1 && m < r.n; m++) {
        const char *member = k->agents[r.agent[m]].agent;
        const cw_seen *said = NULL;
        for (size_t i = 0; i < d->n_fired; i++) {
            const cw_fired *f = &d->fired[i];
            if (f->seen == said || f->rule->effect != CW_RULE_RESISTS || f->open.n != f->open.remarks || f->seen->present != CW_YES || f->seen->fallen ||
                !speaks_of(k, f->rule->agent, member) || answered_by(d, f->seen, e->agent, &r))
                continue;
            said = f->seen; /* the rows of one alteration follow each other */
            e->contradicted = true;
            cw_open_add(&e->open, cw_say(d->c, "spoken against a part of it: %s reduces the activity of %s", cw_seen_name(d->c, f->seen), member));
        }
    }
}

/* What speaks for an agent is read alone: what speaks against it must stand beside it. */
static void weigh_entries(cw_draft *d)
{
    for (size_t i = 0; i < d->n_entries; i++) {
        cw_draft_entry *e = &d->entry[i];
        e->standing = standing(d->c->k, e->agent);
        if (e->verdict == CW_VERDICT_RE_CHALLENGE) weigh_re_challenge(d, e);
        if (e->verdict == CW_VERDICT_POINTS_TO) weigh_members(d, e);
        for (size_t j = 0; j < d->n_entries && e->verdict == CW_VERDICT_POINTS_TO; j++) {
            const cw_draft_entry *o = &d->entry[j];
            if (o->verdict != CW_VERDICT_REDUCED_ACTIVITY || !o->firm || !speaks_of(d->c->k, o->agent, e->agent)) continue;
            e->contradicted = true;
            cw_open_add(&e->open, cw_say(d->c, "spoken against%s: %s", o->firm_words, o->firm));
        }
    }
}

/* Does an alteration that is present resist an agent of the present line? */
static bool present_line_resisted(const cw_draft *d)
{
    size_t n = d->c->p->n_lines;
    for (size_t i = 0; n && i < d->n_fired; i++)
        if (d->fired[i].rule->effect == CW_RULE_RESISTS && cw_line_has(d->c, n - 1, d->fired[i].rule->agent)) return true;
    return false;
}

/* An agent that was given already is still named, but not as if it were new; and an agent that answers the driver alone is not offered as if the
 * present line had failed. */
static void say_place_in_lines(cw_draft *d, cw_draft_entry *e, bool resisted)
{
    cw_case *c = d->c;
    if (e->verdict != CW_VERDICT_POINTS_TO || !c->p->n_lines) return;
    ptrdiff_t line = cw_last_line_with(c, e->agent);
    bool running = !c->p->lines[c->p->n_lines - 1].stop.known, present = running && line >= 0 && (size_t)line + 1 == c->p->n_lines;
    if (present && !resisted) return;
    if (line >= 0) cw_open_add(&e->open, cw_say(c, "given %s line %s", present ? "in the present" : "before, in", c->p->lines[line].id));
    else if (running && !resisted && !e->by_resistance && e->by_alteration)
        cw_open_add(&e->open, cw_say(c, "nothing that resists the present line %s is seen", c->p->lines[c->p->n_lines - 1].id));
}

static int kept(cw_arena *arena, const char *const *list, size_t n, cw_strings *out, cw_err *err)
{
    *out = (cw_strings){.v = cw_arena_alloc(arena, n, sizeof *out->v), .n = n};
    if (!out->v) return cw_err_nomem(err);
    if (n) memcpy(out->v, list, n * sizeof *out->v);
    return 0;
}

static int hand_over(cw_draft *d, const cw_draft_entry *e, cw_advice *a, cw_err *err)
{
    cw_arena *arena = d->c->arena;
    *a = (cw_advice){.agent = e->agent, .verdict = e->verdict, .level = {e->support->scheme, e->support->level},
                     .review = cw_review_name(e->support->review), .statement = e->statement};
    a->id = cw_say(d->c, "%s:%s", cw_verdict_name(e->verdict), e->agent);
    ptrdiff_t row = cw_agent_find(d->c->k, e->agent, strlen(e->agent));
    if (row >= 0 && !strcmp(d->c->k->agents[row].kind, "class") && *d->c->k->agents[row].members)
        a->statement = cw_say(d->c, "%s (%s: a class; %s)", e->statement, e->agent, d->c->k->agents[row].members);
    if (kept(arena, e->covers, e->n_covers, &a->covers, err) < 0 || kept(arena, e->leaves, e->n_leaves, &a->leaves, err) < 0 ||
        kept(arena, e->unanswered, e->n_unanswered, &a->unanswered, err) < 0 ||
        kept(arena, e->open.v, e->open.n, &a->conditions, err) < 0 || kept(arena, e->findings, e->n_findings, &a->findings, err) < 0 ||
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
    bool resisted = present_line_resisted(d);
    for (size_t i = 0; i < d->n_entries; i++) say_place_in_lines(d, &d->entry[i], resisted);
    weigh_entries(d);
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
