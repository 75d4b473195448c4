/* SPDX-License-Identifier: MIT */
/* weigh.c - what stands beside an entry: what speaks against its agent, where in the lines it was given and what rises under it, what its weaker
 * rows leave open, and whether it can be given at all. */
#include "advise/draft.h"

#include <string.h>

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

/* Agents that are not approved anywhere are named with their state: a row about them is of no use to a patient who cannot be given them. */
void cw_draft_say_standing(cw_draft *d, const cw_draft_entry *e, cw_open_list *open)
{
    const cw_knowledge *k = d->c->k;
    cw_regimen r;
    if (!cw_verdict_is_for(e->verdict)) return;
    cw_regimen_parse(k, e->agent, &r);
    for (size_t i = 0; i < r.n; i++) {
        const cw_agent *a = &k->agents[r.agent[i]];
        if (a->status && *a->status && strncmp(a->status, "approved", 8) && strcmp(a->status, "class")) cw_open_remark(open, cw_say(d->c, "%s: %s", a->agent, a->status));
    }
}

/* Does what is said of `other` hold for `agent`: the same, or the class it belongs to? A regimen speaks of the whole of it alone. */
static bool speaks_of(const cw_knowledge *k, const char *other, const char *agent)
{
    if (!strcmp(other, agent)) return true;
    ptrdiff_t of = cw_agent_find(k, other, strlen(other)), it = cw_agent_find(k, agent, strlen(agent));
    return of >= 0 && it >= 0 && strcmp(k->agents[of].kind, "regimen") && cw_agent_holds(k, (size_t)of, (size_t)it);
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

/* Does the row speak of the member, or, where that is a class, of one in it? */
static bool speaks_of_part(const cw_knowledge *k, const char *other, const char *member)
{
    ptrdiff_t of = cw_agent_find(k, other, strlen(other)), it = cw_agent_find(k, member, strlen(member));
    return speaks_of(k, other, member) || (of >= 0 && it >= 0 && !strcmp(k->agents[it].kind, "class") && strcmp(k->agents[of].kind, "regimen") && cw_agent_holds(k, (size_t)it, (size_t)of));
}

/* A combination or a class one of whose members is resisted by an alteration that stands, and that nothing of it answers. */
static void weigh_members(cw_draft *d, cw_draft_entry *e)
{
    const cw_knowledge *k = d->c->k;
    cw_regimen r;
    cw_regimen_parse(k, e->agent, &r);
    bool parts = r.n > 1 || (r.n && !strcmp(k->agents[r.agent[0]].kind, "class"));
    for (size_t m = 0; parts && m < r.n; m++) {
        const char *member = k->agents[r.agent[m]].agent;
        const cw_seen *said = NULL;
        for (size_t i = 0; i < d->n_fired; i++) {
            const cw_fired *f = &d->fired[i];
            if (f->seen == said || f->rule->effect != CW_RULE_RESISTS || f->open.n != f->open.remarks || f->seen->present != CW_YES || f->seen->fallen ||
                !speaks_of_part(k, f->rule->agent, member) || answered_by(d, f->seen, e->agent, &r))
                continue;
            said = f->seen; /* the rows of one alteration follow each other */
            e->contradicted = true;
            cw_open_add(&e->open, cw_say(d->c, "spoken against a part of it: %s reduces the activity of %s", cw_seen_name(d->c, f->seen),
                                            speaks_of(k, f->rule->agent, member) ? member : f->rule->agent));
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

bool cw_draft_line_resisted(const cw_draft *d)
{
    size_t n = d->c->p->n_lines;
    for (size_t i = 0; n && i < d->n_fired; i++)
        if (d->fired[i].rule->effect == CW_RULE_RESISTS && cw_line_has(d->c, n - 1, d->fired[i].rule->agent)) return true;
    return false;
}

bool cw_draft_line_escaped(const cw_draft *d)
{
    size_t n = d->c->p->n_lines;
    for (size_t i = 0; n && i < d->c->n_seen; i++) {
        const cw_seen *s = &d->c->seen[i];
        if (s->counts && (s->role == CW_ROLE_RESISTANCE || s->role == CW_ROLE_BOTH) && cw_rises_in_line(d->c, s, n - 1)) return true;
    }
    return false;
}

/* A driver rises with whatever grows: under its own agent that says something only where no resistance explains it. */
bool cw_draft_rises_under(const cw_draft *d, const cw_seen *s, const char *agent)
{
    size_t n = d->c->p->n_lines;
    if (!n || d->c->p->lines[n - 1].stop.known || !cw_line_has(d->c, n - 1, agent)) return false;
    return cw_rises_in_line(d->c, s, n - 1) && (s->role != CW_ROLE_DRIVER || !cw_draft_line_resisted(d));
}

/* "A", "A and B", "A, B and C": what the entry rests on and yet rises while its agent is given. */
static const char *risen_under(cw_draft *d, const cw_draft_entry *e, size_t *n)
{
    const char *names = "", *last = "";
    *n = 0;
    for (size_t i = 0; i < d->c->n_seen; i++) {
        const cw_seen *s = &d->c->seen[i];
        bool based = false;
        for (size_t j = 0; j < e->n_basis; j++) based |= e->basis[j].seen == s;
        if (!based || !cw_draft_rises_under(d, s, e->agent)) continue;
        if (*n) names = cw_say(d->c, "%s%s%s", names, *n > 1 ? ", " : "", last);
        last = cw_seen_name(d->c, s);
        (*n)++;
    }
    return *n > 1 ? cw_say(d->c, "%s and %s", names, last) : last;
}

/* The strongest row lends the entry its words. Of an alteration for which only an open or unreviewed row speaks, that is said too. */
static void say_basis(cw_draft *d, cw_draft_entry *e)
{
    for (size_t i = 0; i < e->n_basis; i++) {
        const cw_basis *best = &e->basis[i];
        bool first = true;
        for (size_t j = 0; j < e->n_basis; j++) {
            const cw_basis *b = &e->basis[j];
            if (b->seen != best->seen) continue;
            first &= j >= i;
            size_t open = b->open.n - b->open.remarks, least = best->open.n - best->open.remarks;
            if (open < least || (open == least && b->review < best->review)) best = b;
        }
        if (!first) continue;
        const char *name = cw_seen_name(d->c, best->seen);
        for (size_t j = 0; best->open.n > best->open.remarks && j < best->open.n; j++) {
            bool said = false;
            for (size_t o = 0; o < e->open.n; o++) said |= !strcmp(e->open.v[o], best->open.v[j]);
            if (!said) cw_open_add(&e->open, cw_say(d->c, "for %s: %s", name, best->open.v[j]));
        }
        if (best->review == CW_REVIEW_UNREVIEWED && e->support->review != CW_REVIEW_UNREVIEWED) cw_open_remark(&e->open, cw_say(d->c, "for %s: the row is unreviewed", name));
    }
}

/* An agent that was given already is still named, but not as if it were new; and an agent that answers the driver alone is not offered as if the
 * present line had failed. */
static void say_place_in_lines(cw_draft *d, cw_draft_entry *e, bool resisted)
{
    cw_case *c = d->c;
    if (e->verdict != CW_VERDICT_POINTS_TO || !c->p->n_lines) return;
    ptrdiff_t line = cw_last_line_with(c, e->agent);
    bool running = !c->p->lines[c->p->n_lines - 1].stop.known, present = running && line >= 0 && (size_t)line + 1 == c->p->n_lines;
    size_t n_risen = 0;
    const char *risen = present ? risen_under(d, e, &n_risen) : "";
    if (present && !resisted && !n_risen) return;
    if (n_risen) {
        e->contradicted = true;
        cw_open_add(&e->open, cw_say(c, "given in the present line %s, under which %s %s", c->p->lines[line].id, risen, n_risen == 1 ? "rises" : "rise"));
    } else if (line >= 0) cw_open_add(&e->open, cw_say(c, "given %s line %s", present ? "in the present" : "before, in", c->p->lines[line].id));
    else if (running && !resisted && !e->by_resistance && e->by_alteration)
        cw_open_add(&e->open, cw_say(c, "nothing that resists the present line %s is seen", c->p->lines[c->p->n_lines - 1].id));
}

void cw_draft_weigh(cw_draft *d)
{
    bool resisted = cw_draft_line_resisted(d) || cw_draft_line_escaped(d);
    for (size_t i = 0; i < d->n_entries; i++) {
        if (cw_verdict_is_for(d->entry[i].verdict)) say_basis(d, &d->entry[i]);
        say_place_in_lines(d, &d->entry[i], resisted);
    }
    weigh_entries(d);
}
