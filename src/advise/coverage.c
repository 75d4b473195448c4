/* SPDX-License-Identifier: MIT */
/* coverage.c - agent x clone: which clones an agent reaches and which it leaves, and whether any single agent reaches them all. */
#include "advise/draft.h"

#include <string.h>

static const double TOGETHER = .95; /* below, the alterations of a clone may be of several clones */

typedef struct unit { /* a clone, or an alteration that lies in none */
    const char *id;
    const cw_seen **seen; size_t n;
    bool certain;               /* its alterations belong together */
} unit;

static const cw_seen *seen_by_id(const cw_case *c, const char *id)
{
    for (size_t i = 0; i < c->n_seen; i++)
        if (!strcmp(c->seen[i].a->id, id)) return &c->seen[i];
    return NULL;
}

/* Trackers and clonal haematopoiesis ask for no agent. */
static bool asks(const cw_seen *s)
{
    return s && s->counts && s->present == CW_YES && (s->role == CW_ROLE_DRIVER || s->role == CW_ROLE_RESISTANCE || s->role == CW_ROLE_BOTH);
}

static int units_of(cw_case *c, unit **units, size_t *n, cw_err *err)
{
    *n = 0;
    *units = cw_arena_alloc(c->arena, c->p->n_clones + c->n_seen, sizeof **units);
    if (!*units) return cw_err_nomem(err);
    for (size_t i = 0; i < c->p->n_clones; i++) {
        const cw_clone *clone = &c->p->clones[i];
        unit u = {.id = clone->id, .seen = cw_arena_alloc(c->arena, clone->alterations.n, sizeof *u.seen), .certain = !(clone->co_membership < TOGETHER)};
        if (!u.seen) return cw_err_nomem(err);
        for (size_t j = 0; j < clone->alterations.n; j++) {
            const cw_seen *s = seen_by_id(c, clone->alterations.v[j]);
            if (asks(s)) u.seen[u.n++] = s;
        }
        if (u.n) (*units)[(*n)++] = u;
    }
    for (size_t i = 0; i < c->n_seen; i++) {
        bool in_clone = false;
        for (size_t j = 0; j < c->p->n_clones; j++)
            for (size_t m = 0; m < c->p->clones[j].alterations.n; m++) in_clone |= !strcmp(c->p->clones[j].alterations.v[m], c->seen[i].a->id);
        if (in_clone || !asks(&c->seen[i])) continue;
        unit u = {.id = c->seen[i].a->id, .seen = cw_arena_alloc(c->arena, 1, sizeof *u.seen), .n = 1, .certain = true};
        if (!u.seen) return cw_err_nomem(err);
        u.seen[0] = &c->seen[i];
        (*units)[(*n)++] = u;
    }
    return 0;
}

/* Does the rule speak about `agent`? For: a member speaks for the class, but a class does not speak for each of its members; against: the class speaks
 * against them all. */
static bool speaks(const cw_knowledge *k, const cw_rule *r, const char *agent)
{
    if (!strcmp(r->agent, agent)) return true;
    ptrdiff_t a = cw_agent_find(k, agent, strlen(agent)), b = cw_agent_find(k, r->agent, strlen(r->agent));
    if (a < 0 || b < 0 || !strcmp(k->agents[a].kind, "regimen") || !strcmp(k->agents[b].kind, "regimen")) return false;
    return r->effect == CW_RULE_SENSITISES ? cw_agent_holds(k, (size_t)a, (size_t)b) : cw_agent_holds(k, (size_t)b, (size_t)a);
}

static bool says(const cw_draft *d, const cw_seen *s, cw_rule_effect effect, const char *agent)
{
    for (size_t i = 0; i < d->n_fired; i++)
        if (d->fired[i].seen == s && d->fired[i].rule->effect == effect && speaks(d->c->k, d->fired[i].rule, agent)) return true;
    return false;
}

/* Does a rule speak against the agent, or, where it is a class, against one of its members? */
static bool against(const cw_draft *d, const cw_seen *s, const char *agent)
{
    const cw_knowledge *k = d->c->k;
    ptrdiff_t a = cw_agent_find(k, agent, strlen(agent));
    if (says(d, s, CW_RULE_RESISTS, agent)) return true;
    for (size_t i = 0; a >= 0 && i < d->n_fired; i++) {
        const cw_rule *r = d->fired[i].rule;
        ptrdiff_t b = cw_agent_find(k, r->agent, strlen(r->agent));
        if (d->fired[i].seen == s && r->effect == CW_RULE_RESISTS && b >= 0 && strcmp(k->agents[b].kind, "regimen") && cw_agent_holds(k, (size_t)a, (size_t)b)) return true;
    }
    return false;
}

/* Agents that a node or a line points to answer the alterations of their findings. */
static bool answered_by_finding(const cw_draft *d, const cw_draft_entry *e, const cw_seen *s)
{
    for (size_t i = 0; i < e->n_findings; i++)
        for (size_t j = 0; j < d->n_findings; j++)
            if (!strcmp(d->finding[j].id, e->findings[i]) && !strcmp(d->finding[j].alteration, s->a->id)) return true;
    return false;
}

bool cw_verdict_is_for(cw_verdict v)
{
    return v == CW_VERDICT_POINTS_TO || v == CW_VERDICT_RE_SENSITISED || v == CW_VERDICT_RE_CHALLENGE || v == CW_VERDICT_COLLATERAL;
}

/* A regimen answers an alteration that a row points to it for, or to one of its members. It misses one that a row speaks of against the whole of
 * it, or against a member while nothing of the regimen answers: resistance to one member is no veto where another member answers. And it misses
 * what rises while it is given, whatever the rows say: the patient shows otherwise. */
static bool answers(const cw_draft *d, const cw_draft_entry *e, const cw_seen *s, bool *missed)
{
    cw_regimen r;
    const cw_knowledge *k = d->c->k;
    cw_regimen_parse(k, e->agent, &r);
    bool whole = cw_agent_find(k, e->agent, strlen(e->agent)) >= 0, answered = says(d, s, CW_RULE_SENSITISES, e->agent), member_resisted = false;
    for (size_t m = 0; r.n > 1 && m < r.n; m++) {
        const char *member = k->agents[r.agent[m]].agent;
        answered |= !whole && says(d, s, CW_RULE_SENSITISES, member);
        member_resisted |= against(d, s, member);
    }
    *missed = says(d, s, CW_RULE_RESISTS, e->agent) || (member_resisted && !answered) || cw_draft_rises_under(d, s, e->agent);
    if (cw_verdict_is_for(e->verdict) && e->verdict != CW_VERDICT_RE_CHALLENGE) answered |= answered_by_finding(d, e, s);
    return answered && !*missed;
}

/* An agent covers a clone when it answers every resistance alteration in it and misses none; a clone without resistance, when it answers a driver.
 * Alterations that may be of several clones are each asked for. What it does not answer in the clones it leaves goes on `unanswered`. */
static bool covers(const cw_draft *d, cw_draft_entry *e, const unit *u)
{
    bool resistance = false, any = false, all = true, none_missed = true;
    size_t before = e->n_unanswered;
    for (size_t i = 0; i < u->n; i++) resistance |= u->seen[i]->role != CW_ROLE_DRIVER;
    for (size_t i = 0; i < u->n; i++) {
        bool missed, answered = answers(d, e, u->seen[i], &missed);
        any |= answered;
        none_missed &= !missed;
        if (!answered && (!u->certain || u->seen[i]->role != CW_ROLE_DRIVER)) all = false;
        if (!answered) e->unanswered[e->n_unanswered++] = u->seen[i]->a->id;
    }
    bool covered = any && none_missed && (all || (u->certain && !resistance));
    if (covered) e->n_unanswered = before;
    return covered;
}

static int cover(cw_draft *d, cw_draft_entry *e, const unit *units, size_t n, cw_err *err)
{
    e->covers = cw_arena_alloc(d->c->arena, n, sizeof *e->covers);
    e->leaves = cw_arena_alloc(d->c->arena, n, sizeof *e->leaves);
    size_t asked = 0;
    for (size_t i = 0; i < n; i++) asked += units[i].n;
    e->unanswered = cw_arena_alloc(d->c->arena, asked, sizeof *e->unanswered);
    if (!e->covers || !e->leaves || !e->unanswered) return cw_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        if (covers(d, e, &units[i])) e->covers[e->n_covers++] = units[i].id;
        else e->leaves[e->n_leaves++] = units[i].id;
    }
    return 0;
}

int cw_match_coverage(cw_draft *d, cw_err *err)
{
    unit *units;
    size_t n, resistant = 0;
    if (units_of(d->c, &units, &n, err) < 0) return CW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        bool r = false;
        for (size_t j = 0; j < units[i].n; j++) r |= units[i].seen[j]->role != CW_ROLE_DRIVER;
        resistant += r;
    }
    bool one_for_all = false;
    for (size_t i = 0; i < d->n_entries; i++) {
        cw_draft_entry *e = &d->entry[i];
        if (cover(d, e, units, n, err) < 0) return CW_ENOMEM;
        cw_regimen r;
        cw_regimen_parse(d->c->k, e->agent, &r);
        one_for_all |= cw_verdict_is_for(e->verdict) && r.n == 1 && n && e->n_covers == n;
    }
    if (resistant < 2 || one_for_all) return 0;
    return cw_draft_notice(d, cw_say(d->c, "no single agent of the knowledge covers all %zu clones; each agent says which it covers and which it leaves", n), err);
}
