/* SPDX-License-Identifier: MIT */
/* match.c - rules that hold for the alterations of the patient: alteration x agent, and the node on which alterations converge. */
#include "advise/draft.h"

#include <string.h>

/* The last line with the agent; one that began after the first alarm is not what the alteration explains. */
static ptrdiff_t line_before(const cw_case *c, const char *agent, const cw_alarm *alarm)
{
    for (size_t i = c->p->n_lines; i-- > 0;) {
        const cw_day *start = &c->p->lines[i].start;
        bool later = alarm && alarm->date.known && start->known && start->day > alarm->date.day;
        if (!later && cw_line_has(c, i, agent)) return (ptrdiff_t)i;
    }
    return -1;
}

/* The last line with an agent that this alteration resists: what the alteration explains. */
static ptrdiff_t explained_line(cw_case *c, const cw_seen *s)
{
    ptrdiff_t best = -1;
    const cw_alarm *alarm = s->a->first_alarm >= 0 && (size_t)s->a->first_alarm < c->p->n_alarms ? &c->p->alarms[s->a->first_alarm] : NULL;
    for (size_t i = 0; i < c->k->n_rules; i++) {
        const cw_rule *r = &c->k->rules[i];
        if (r->effect != CW_RULE_RESISTS || !cw_select(c->k, r->alteration, strlen(r->alteration), s)) continue;
        ptrdiff_t line = line_before(c, r->agent, alarm);
        cw_open_list open = {.n = 0};
        if (line > best && cw_condition(c, r->iff, (cw_condition_at){s, r->agent, line}, &open) != CW_NO &&
            cw_exception(c, r->unless, (cw_condition_at){s, r->agent, line}, &open) != CW_NO)
            best = line;
    }
    return best;
}

/* Evidence from another tumour is said to be so. */
static void other_tumour(cw_case *c, const cw_seen *s, cw_open_list *open)
{
    const char *tumours = s->known ? s->known->tumours : "";
    cw_truth best = CW_NO;
    if (!*tumours || cw_list_has(tumours, "pan-tumour") || !*c->p->tumour_type) return;
    const char *rest = tumours;
    for (cw_part p; cw_part_next(&rest, ';', &p);) {
        cw_truth t = cw_tumour_holds(c, p.s, p.n);
        if (t > best) best = t;
    }
    if (best == CW_NO) cw_open_add(open, cw_say(c, "evidence is for %s", tumours));
}

static void also_say(cw_case *c, const cw_rule *r, cw_open_list *open)
{
    if (!strcmp(r->activity, "partial")) cw_open_remark(open, CW_PARTIAL_ACTIVITY);
    if (*r->dose) cw_open_remark(open, cw_say(c, "dose: %s", r->dose));
    if (*r->assay) cw_open_add(open, cw_say(c, "needs another assay: %s", r->assay));
    if (r->support.review != CW_REVIEW_CONFLICT) return;
    if (*r->support.open_question) cw_open_remark(open, cw_say(c, "sources disagree: open question %s", r->support.open_question));
    else cw_open_remark(open, cw_say(c, "sources disagree: %s", r->support.note));
}

static const char *mechanism_words(const cw_knowledge *k, const char *mechanism)
{
    for (size_t i = 0; i < k->n_mechanisms; i++)
        if (!strcmp(k->mechanisms[i].mechanism, mechanism)) return k->mechanisms[i].description;
    return mechanism;
}

static const cw_cross *re_sensitising_row(const cw_case *c, const cw_seen *s, const char *agent)
{
    for (size_t i = 0; i < c->k->n_crosses; i++) {
        const cw_cross *x = &c->k->crosses[i];
        if (x->effect != CW_CROSS_RE_SENSITISES || strcmp(x->next, agent) || cw_last_line_with(c, x->prior) < 0) continue;
        const char *rest = x->marker;
        for (cw_part p; cw_part_next(&rest, ';', &p);)
            if (cw_select(c->k, p.s, p.n, s)) return x;
    }
    return NULL;
}

static int fire(cw_draft *d, const cw_seen *s, const cw_rule *r, ptrdiff_t line, cw_err *err)
{
    cw_case *c = d->c;
    cw_condition_at at = {s, r->agent, line};
    cw_open_list open = {.n = 0};
    if (cw_condition(c, r->iff, at, &open) == CW_NO || cw_exception(c, r->unless, at, &open) == CW_NO) return 0;
    if (s->known && *s->known->conditions) { /* conditions of the whole row */
        const char *rest = s->known->conditions;
        for (cw_part p; cw_part_next(&rest, ';', &p);) {
            char text[256];
            if (p.n < 7 || p.n >= sizeof text || strncmp(p.s, "unless=", 7)) continue;
            memcpy(text, p.s + 7, p.n - 7);
            text[p.n - 7] = '\0';
            if (cw_exception(c, text, at, &open) == CW_NO) return 0;
        }
    }
    if (!strstr(r->iff, "tumour(")) other_tumour(c, s, &open);
    also_say(c, r, &open);
    if (cw_grow((void **)&d->fired, &d->cap_fired, d->n_fired + 1, sizeof *d->fired, err) < 0) return CW_ENOMEM;
    d->fired[d->n_fired++] = (cw_fired){s, r, open};
    bool resists = r->effect == CW_RULE_RESISTS;
    const char *name = cw_seen_name(c, s);
    cw_reason reason = {.rule = r->id, .seen = s, .mechanism = s->mechanism, .node = s->node, .line = line >= 0 ? c->p->lines[line].id : "",
                        .support = &r->support,
                        .statement = cw_say(c, "%s (%s) %s %s", name, mechanism_words(c->k, s->mechanism), resists ? "reduces the activity of" : "points to", r->agent), .open = &open};
    const char *finding = cw_draft_finding(d, &reason, err);
    if (!finding) return CW_ENOMEM;
    if (!resists && re_sensitising_row(c, s, r->agent)) return 0; /* said by that row, as re-sensitised */
    return cw_draft_advice(d, r->agent, resists ? CW_VERDICT_REDUCED_ACTIVITY : CW_VERDICT_POINTS_TO, finding, &reason, err);
}

/* ---- nodes ---- */

/* A driver is a resistance where it resists a line that was given. */
static bool converges(cw_case *c, const cw_seen *s, const char *node)
{
    if (!s->counts || s->present != CW_YES || strcmp(s->node, node)) return false;
    return s->role == CW_ROLE_RESISTANCE || (s->role == CW_ROLE_BOTH && explained_line(c, s) >= 0);
}

static int node_agent(cw_draft *d, const cw_node_agent *n, cw_err *err)
{
    cw_case *c = d->c;
    cw_open_list open = {.n = 0};
    size_t members = 0;
    for (size_t i = 0; i < c->n_seen; i++) {
        members += converges(c, &c->seen[i], n->node);
    }
    if (!members || cw_condition(c, n->iff, (cw_condition_at){NULL, n->agent, -1}, &open) == CW_NO) return 0;
    for (size_t i = 0; i < c->n_seen; i++) {
        const cw_seen *s = &c->seen[i];
        if (!converges(c, s, n->node)) continue;
        ptrdiff_t line = explained_line(c, s);
        cw_reason reason = {.rule = n->id, .seen = s, .mechanism = s->mechanism, .node = n->node, .line = line >= 0 ? c->p->lines[line].id : "",
                            .support = &n->support,
                            .statement = cw_say(c, "%zu alteration%s converge%s on node %s, which points to %s", members, members == 1 ? "" : "s",
                                                members == 1 ? "s" : "", n->node, n->agent), .open = &open};
        const char *finding = cw_draft_finding(d, &reason, err);
        if (!finding || cw_draft_advice(d, n->agent, CW_VERDICT_POINTS_TO, finding, &reason, err) < 0) return CW_ENOMEM;
    }
    return 0;
}

/* ---- what is there, but says nothing ---- */

static const char *unknown_agents(cw_case *c, size_t line)
{
    const char *names = "";
    const cw_strings *agents = &c->p->lines[line].agents;
    for (size_t i = 0; i < agents->n; i++) {
        cw_regimen r;
        cw_regimen_parse(c->k, agents->v[i], &r);
        if (!r.unknown) continue;
        const char *meant = cw_agent_meant(c->k, agents->v[i]);
        names = cw_say(c, "%s%s%s%s%s%s", names, *names ? ", " : "", agents->v[i], meant ? " (" : "", meant ? meant : "", meant ? "?)" : "");
    }
    return names;
}

static int silent_alterations(cw_draft *d, cw_err *err)
{
    cw_case *c = d->c;
    if (!*c->k->version) return cw_draft_notice(d, "the panel names no knowledge; no agent is matched", err);
    for (size_t i = 0; i < c->n_seen; i++) {
        const cw_seen *s = &c->seen[i];
        if (s->present != CW_YES) continue;
        if (!s->counts) {
            if (cw_draft_notice(d, cw_say(c, "%s is of clonal haematopoiesis or germline and points to no agent", cw_seen_name(c, s)), err) < 0) return CW_ENOMEM;
        } else if (!s->known && (*s->a->stated_by || s->rising)) {
            const char *rises = *s->a->stated_by ? "" : "rises and ";
            if (cw_draft_notice(d, cw_say(c, "%s %sis not in the knowledge; nothing is concluded from it", cw_seen_name(c, s), rises), err) < 0) return CW_ENOMEM;
        }
    }
    for (size_t i = 0; i < c->p->n_lines; i++) {
        if (!c->line[i].unknown) continue;
        if (cw_draft_notice(d, cw_say(c, "line %s holds what the knowledge does not name: %s; cross-resistance from it is not known", c->p->lines[i].id, unknown_agents(c, i)), err) < 0)
            return CW_ENOMEM;
    }
    if (!*c->p->tumour_type) return cw_draft_notice(d, "no tumour type is given; every tumour condition stays open", err);
    if (c->tumour.tumour < 0)
        return cw_draft_notice(d, cw_say(c, "tumour type '%s' is not in the knowledge; every tumour condition stays open", c->p->tumour_type), err);
    return 0;
}

int cw_match_rules(cw_draft *d, cw_err *err)
{
    cw_case *c = d->c;
    for (size_t i = 0; i < c->n_seen; i++) {
        const cw_seen *s = &c->seen[i];
        if (s->present != CW_YES || !s->counts) continue;
        ptrdiff_t line = explained_line(c, s);
        for (size_t j = 0; j < c->k->n_rules; j++) {
            const cw_rule *r = &c->k->rules[j];
            if (cw_select(c->k, r->alteration, strlen(r->alteration), s) && fire(d, s, r, line, err) < 0) return CW_ENOMEM;
        }
    }
    for (size_t i = 0; i < c->k->n_node_agents; i++)
        if (node_agent(d, &c->k->node_agents[i], err) < 0) return CW_ENOMEM;
    return silent_alterations(d, err);
}

int cw_match_silent(cw_draft *d, cw_err *err)
{
    cw_case *c = d->c;
    const char *names = "";
    for (size_t i = 0; i < c->n_seen; i++) {
        const cw_seen *s = &c->seen[i];
        bool said = !s->known || !s->counts || s->present != CW_YES || (s->role != CW_ROLE_DRIVER && s->role != CW_ROLE_RESISTANCE && s->role != CW_ROLE_BOTH);
        for (size_t j = 0; j < d->n_findings && !said; j++) said = !strcmp(d->finding[j].alteration, s->a->id);
        if (!said) names = cw_say(c, "%s%s%s", names, *names ? ", " : "", cw_seen_name(c, s));
    }
    return *names && *c->k->version ? cw_draft_notice(d, cw_say(c, "no row of the knowledge speaks of %s in this patient; nothing is concluded from it", names), err) : 0;
}
