/* SPDX-License-Identifier: MIT */
/* lines.c - what the lines already given say by themselves: cross-resistance with or without a finding, order, intervals,
 * re-challenge, wild-type escape, and what plasma cannot show. */
#include "advise/draft.h"

#include <string.h>

/* ---- markers ---- */

static const cw_seen *marker_seen(const cw_case *c, const char *markers)
{
    for (cw_part p; cw_part_next(&markers, ';', &p);)
        for (size_t i = 0; i < c->n_seen; i++)
            if (c->seen[i].counts && c->seen[i].present == CW_YES && cw_select(c->k, p.s, p.n, &c->seen[i])) return &c->seen[i];
    return NULL;
}

static cw_truth marker_present(const cw_case *c, const char *markers)
{
    cw_truth best = CW_NO;
    for (cw_part p; cw_part_next(&markers, ';', &p);) {
        cw_truth t = cw_present(c, p.s, p.n);
        if (t > best) best = t;
    }
    return best;
}

/* "KRAS:any;BRAF:V600" as people say it. */
static const char *marker_words(cw_case *c, const char *markers)
{
    const char *all = "";
    for (cw_part p; cw_part_next(&markers, ';', &p);) {
        const char *colon = memchr(p.s, ':', p.n);
        size_t gene = colon ? (size_t)(colon - p.s) : p.n, change = colon ? p.n - gene - 1 : 0;
        const char *name = colon ? cw_say(c, "%.*s", (int)change, colon + 1) : "", *in_front = cw_gene_before(cw_say(c, "%.*s", (int)gene, p.s), name);
        bool any = !strcmp(name, "any");
        all = cw_say(c, "%s%s%s%s%s", all, *all ? " or " : "", any ? "any alteration of " : in_front, any || !*in_front || !change ? "" : " ", any ? in_front : name);
    }
    return all;
}

static bool looked_for(const cw_case *c, cw_part marker)
{
    for (size_t i = 0; i < c->n_seen; i++)
        if (c->seen[i].counts && cw_select(c->k, marker.s, marker.n, &c->seen[i])) return true;
    return false;
}

/* An open marker: nobody looked, or plasma was read for some of its alleles and sees none of them, which does not exclude the others. */
static const char *marker_open(cw_case *c, const char *markers)
{
    const char *words = marker_words(c, markers), *rest = markers;
    size_t absent = 0;
    bool open = false;
    for (cw_part p; cw_part_next(&rest, ';', &p);) open |= !looked_for(c, p);
    for (size_t i = 0; i < c->n_seen; i++) {
        bool named = false;
        rest = markers;
        for (cw_part p; cw_part_next(&rest, ';', &p);) named |= c->seen[i].counts && cw_select(c->k, p.s, p.n, &c->seen[i]);
        absent += named;
        open |= named && c->seen[i].present != CW_NO;
    }
    return open ? cw_say(c, "only with %s: not known", words)
                         : cw_say(c, "only with %s: plasma shows none of the %zu that were looked for; others are not known", words, absent);
}

/* Does an alteration, fallen since, resist the agent of that line? */
static const cw_seen *fallen_against(cw_case *c, const char *agent, const char *markers)
{
    for (size_t i = 0; i < c->n_seen; i++) {
        const cw_seen *s = &c->seen[i];
        if (!s->counts || !s->fallen) continue;
        bool named = !*markers || !strcmp(markers, "any");
        const char *rest = named ? "" : markers;
        for (cw_part p; cw_part_next(&rest, ';', &p);) named |= cw_select(c->k, p.s, p.n, s);
        for (size_t j = 0; named && j < c->k->n_rules; j++) {
            const cw_rule *r = &c->k->rules[j];
            ptrdiff_t a = cw_agent_find(c->k, agent, strlen(agent)), b = cw_agent_find(c->k, r->agent, strlen(r->agent));
            cw_open_list open = {.n = 0};
            if (r->effect == CW_RULE_RESISTS && a >= 0 && b >= 0 && (cw_agent_holds(c->k, (size_t)a, (size_t)b) || cw_agent_holds(c->k, (size_t)b, (size_t)a)) &&
                cw_select(c->k, r->alteration, strlen(r->alteration), s) && cw_condition(c, r->iff, (cw_condition_at){s, r->agent, -1}, &open) != CW_NO)
                return s;
        }
    }
    return NULL;
}

/* The last line is the present one: its agents have not stopped, unless it says so. */
static bool stopped(const cw_case *c, ptrdiff_t line)
{
    return line >= 0 && ((size_t)line + 1 < c->p->n_lines || c->p->lines[line].stop.known);
}

/* Is the agent, or another of a class of it, given in the line that runs? Then it cannot be taken up again. */
static bool class_runs(const cw_case *c, const char *agent)
{
    const cw_knowledge *k = c->k;
    size_t n = c->p->n_lines;
    ptrdiff_t it = cw_agent_find(k, agent, strlen(agent));
    if (!n || c->p->lines[n - 1].stop.known) return false;
    if (cw_line_has(c, n - 1, agent)) return true;
    for (size_t i = 0; it >= 0 && i < c->line[n - 1].n; i++)
        for (size_t row = 0; row < k->n_agents; row++)
            if (!strcmp(k->agents[row].kind, "class") && cw_agent_holds(k, row, (size_t)it) && cw_agent_holds(k, row, c->line[n - 1].agent[i])) return true;
    return false;
}

/* ---- cross-resistance ---- */

static cw_verdict verdict_of(const cw_cross *x)
{
    switch (x->effect) {
    case CW_CROSS_REDUCED: return CW_VERDICT_REDUCED_ACTIVITY;
    case CW_CROSS_COLLATERAL: return CW_VERDICT_COLLATERAL;
    case CW_CROSS_RE_SENSITISES: return CW_VERDICT_RE_SENSITISED;
    case CW_CROSS_RE_CHALLENGE: return CW_VERDICT_RE_CHALLENGE;
    case CW_CROSS_UNRESOLVED: return CW_VERDICT_NOT_ASSESSABLE;
    case CW_CROSS_RETAINED:
    case CW_CROSS_OVERCOMES:
    case CW_CROSS_FAVOURS: break;
    }
    return CW_VERDICT_POINTS_TO;
}

static const char *cross_words(cw_case *c, const cw_cross *x, const char *prior, const char *next)
{
    return cw_say(c, "%s after %s: %s (%s)", next, prior, x->mechanism, x->direction);
}

/* Does another row of the same two agents, whose marker is seen, say that the activity is retained? */
static bool retained_by_marker(const cw_case *c, const cw_cross *x)
{
    for (size_t i = 0; i < c->k->n_crosses; i++) {
        const cw_cross *o = &c->k->crosses[i];
        if (o->effect == CW_CROSS_RETAINED && *o->marker && !strcmp(o->prior, x->prior) && !strcmp(o->next, x->next) && marker_seen(c, o->marker)) return true;
    }
    return false;
}

static int cross_row(cw_draft *d, const cw_cross *x, const char *prior, const char *next, cw_err *err)
{
    cw_case *c = d->c;
    ptrdiff_t line = cw_last_line_with(c, prior);
    if (line < 0) return 0;
    const cw_seen *marker = marker_seen(c, x->marker);
    cw_open_list open = {.n = 0};
    cw_truth holds = cw_condition(c, x->iff, (cw_condition_at){marker, next, line}, &open), marked = *x->marker ? marker_present(c, x->marker) : CW_YES;
    cw_verdict verdict = verdict_of(x);
    if (holds == CW_NO) return 0;
    if (x->effect == CW_CROSS_RE_CHALLENGE) {
        marker = fallen_against(c, prior, x->marker);
        if (!marker || !stopped(c, line) || class_runs(c, next)) return 0;
    } else if (marked == CW_NO) {
        return 0;
    } else if (marked == CW_OPEN) { /* against an agent an unknown marker is a warning, unless a known one retains it; for an agent it is a question */
        cw_open_add(&open, marker_open(c, x->marker));
        if (verdict != CW_VERDICT_REDUCED_ACTIVITY || strstr(x->direction, "(marker") || retained_by_marker(c, x)) verdict = CW_VERDICT_NEEDS_ASSAY;
    }
    if (x->support.review == CW_REVIEW_CONFLICT) cw_open_remark(&open, cw_say(c, "sources disagree: %s", x->support.level));
    if (strcmp(x->assessable, "yes") && verdict != CW_VERDICT_POINTS_TO) {
        const char *what = cw_say(c, "%s (%s, then %s)", x->mechanism, prior, next);
        const char *why = strcmp(x->assessable, "no") ? "plasma DNA shows only part of it" : "it leaves no trace in plasma DNA";
        if (cw_draft_gap(d, what, why, x->assay, err) < 0) return CW_ENOMEM;
    }
    cw_reason reason = {.rule = x->id, .seen = marker, .mechanism = marker ? marker->mechanism : "cross_resistance", .node = marker ? marker->node : "",
                        .line = c->p->lines[line].id, .support = &x->support, .statement = cross_words(c, x, prior, next), .open = &open};
    const char *finding = cw_draft_finding(d, &reason, err);
    return finding ? cw_draft_advice(d, next, verdict, finding, &reason, err) : CW_ENOMEM;
}

/* ---- order, interval and state of the lines ---- */

/* Days from the end of the prior line to what came next: progression on imaging, the next line, else the last draw. */
static bool interval_after(const cw_case *c, size_t line, int64_t *days)
{
    const char *stated = cw_fact_value(c, "relapse interval days", 21);
    if (*stated) {
        int64_t v = 0;
        for (const char *s = stated; *s; s++) {
            if (*s < '0' || *s > '9' || v > 100000) return false;
            v = v * 10 + (*s - '0');
        }
        *days = v;
        return true;
    }
    const cw_line *l = &c->p->lines[line];
    if (!l->stop.known) return false;
    bool found = false;
    int64_t to = 0;
    for (size_t i = 0; i < c->p->n_imaging; i++) {
        const cw_imaging *m = &c->p->imaging[i];
        if (m->progression && m->date.known && m->date.day >= l->stop.day && (!found || m->date.day < to)) to = m->date.day, found = true;
    }
    for (size_t i = line + 1; i < c->p->n_lines; i++)
        if (c->p->lines[i].start.known && c->p->lines[i].start.day >= l->stop.day && (!found || c->p->lines[i].start.day < to)) to = c->p->lines[i].start.day, found = true;
    if (!found)
        for (size_t i = 0; i < c->p->n_draws; i++)
            if (c->p->draws[i].date.known && (!found || c->p->draws[i].date.day > to)) to = c->p->draws[i].date.day, found = true;
    *days = to - l->stop.day;
    return found && *days >= 0;
}

static ptrdiff_t line_in_setting(const cw_case *c, const char *prior, const char *setting)
{
    for (size_t i = c->p->n_lines; i-- > 0;) {
        const char *s = c->p->lines[i].setting;
        if (!cw_line_has(c, i, prior)) continue;
        if (!*setting || cw_same_name(s, strlen(s), setting, strlen(setting)) || (!strcmp(setting, "adjuvant") && cw_same_name(s, strlen(s), "neoadjuvant", 11)))
            return (ptrdiff_t)i;
    }
    return -1;
}

static cw_truth interval_holds(cw_case *c, const cw_line_rule *r, ptrdiff_t line, cw_open_list *open)
{
    int64_t days = 0;
    if (r->interval_min < 0 && r->interval_max < 0) return CW_YES;
    if (!interval_after(c, (size_t)line, &days)) {
        if (r->interval_min >= 0) cw_open_add(open, cw_say(c, "interval since line %s at least %lld day%s: not known", c->p->lines[line].id, (long long)r->interval_min, r->interval_min == 1 ? "" : "s"));
        if (r->interval_max >= 0) cw_open_add(open, cw_say(c, "interval since line %s at most %lld day%s: not known", c->p->lines[line].id, (long long)r->interval_max, r->interval_max == 1 ? "" : "s"));
        return CW_OPEN;
    }
    return (r->interval_min < 0 || days >= r->interval_min) && (r->interval_max < 0 || days <= r->interval_max) ? CW_YES : CW_NO;
}

/* The driver rises, and no alteration that the selector names does, though one was there; or the counts say that the driver leaves them behind. */
static const cw_seen *escaping(const cw_case *c, const cw_line_rule *r)
{
    const cw_seen *driver = NULL;
    bool was_there = false;
    for (size_t i = 0; i < c->n_seen; i++) {
        const cw_seen *s = &c->seen[i];
        if (cw_select(c->k, r->not_rising, strlen(r->not_rising), s)) {
            if (s->rising && c->p->response.wildtype_escape != 1) return NULL;
            was_there |= s->present == CW_YES || s->fallen;
        } else if (s->rising && s->counts && cw_select(c->k, r->rising, strlen(r->rising), s)) {
            driver = s;
        }
    }
    return was_there ? driver : NULL;
}

static int say_line_rule(cw_draft *d, const cw_line_rule *r, const char *agent, cw_verdict verdict, const cw_seen *s, ptrdiff_t line, const cw_open_list *open, cw_err *err)
{
    cw_case *c = d->c;
    cw_reason reason = {.rule = r->id, .seen = s, .mechanism = *r->mechanism ? r->mechanism : s ? s->mechanism : "", .node = s ? s->node : "",
                        .line = line >= 0 ? c->p->lines[line].id : "", .support = &r->support, .statement = r->statement, .open = open};
    const char *finding = cw_draft_finding(d, &reason, err);
    if (!finding) return CW_ENOMEM;
    if (verdict == CW_VERDICT_NEEDS_ASSAY && cw_draft_gap(d, r->statement, "plasma DNA does not decide it", r->assay, err) < 0) return CW_ENOMEM;
    return cw_draft_advice(d, agent, verdict, finding, &reason, err);
}

/* Each agent of a line by the name it has in the knowledge. */
static int for_each_agent(cw_draft *d, const cw_line_rule *r, size_t line, cw_verdict verdict, const cw_open_list *open, const cw_seen *only, cw_err *err)
{
    cw_case *c = d->c;
    for (size_t i = 0; i < c->line[line].n; i++) {
        const char *agent = c->k->agents[c->line[line].agent[i]].agent;
        const cw_seen *s = only ? only : fallen_against(c, agent, r->fallen);
        if (!s || (*r->prior && strcmp(r->prior, agent) && !cw_agent_holds(c->k, (size_t)cw_agent_find(c->k, r->prior, strlen(r->prior)), c->line[line].agent[i])))
            continue;
        if (verdict == CW_VERDICT_RE_CHALLENGE && class_runs(c, agent)) continue;
        if (say_line_rule(d, r, agent, verdict, s, (ptrdiff_t)line, open, err) < 0) return CW_ENOMEM;
    }
    return 0;
}

static int line_rule(cw_draft *d, const cw_line_rule *r, cw_err *err)
{
    static const cw_verdict verdicts[] = {CW_VERDICT_POINTS_TO, CW_VERDICT_REDUCED_ACTIVITY, CW_VERDICT_NEEDS_ASSAY, CW_VERDICT_RE_CHALLENGE, CW_VERDICT_REDUCED_ACTIVITY};
    cw_case *c = d->c;
    ptrdiff_t line = *r->prior ? line_in_setting(c, r->prior, r->setting) : -1;
    cw_open_list open = {.n = 0};
    if (*r->prior && line < 0) return 0;
    if (line >= 0 && interval_holds(c, r, line, &open) == CW_NO) return 0;
    if (cw_condition(c, r->iff, (cw_condition_at){NULL, r->agent, line}, &open) == CW_NO) return 0;
    if (r->effect == CW_LINE_RE_CHALLENGE) {
        for (size_t i = 0; i < c->p->n_lines; i++)
            if (stopped(c, (ptrdiff_t)i) && for_each_agent(d, r, i, CW_VERDICT_RE_CHALLENGE, &open, NULL, err) < 0) return CW_ENOMEM;
        return 0;
    }
    if (r->effect == CW_LINE_ESCAPE) {
        const cw_seen *driver = escaping(c, r);
        return driver ? for_each_agent(d, r, (size_t)line, CW_VERDICT_REDUCED_ACTIVITY, &open, driver, err) : 0;
    }
    /* advice for an agent that rests on nothing but open conditions would be noise for every patient of the tumour, and nonsense for one whose
     * tumour is not known */
    if (r->effect == CW_LINE_POINTS_TO && line < 0 && open.n && (c->tumour.tumour < 0 || (!c->n_facts && !c->p->n_lines))) return 0;
    return say_line_rule(d, r, r->agent, verdicts[r->effect], NULL, line, &open, err);
}

static int gaps(cw_draft *d, cw_err *err)
{
    cw_case *c = d->c;
    for (size_t i = 0; i < c->k->n_gaps; i++) {
        const cw_gap *g = &c->k->gaps[i];
        cw_open_list open = {.n = 0};
        cw_truth t = cw_condition(c, g->iff, (cw_condition_at){NULL, NULL, -1}, &open);
        if (t == CW_YES || (t == CW_OPEN && c->p->n_lines))
            if (cw_draft_gap(d, g->what, g->why, g->assay, err) < 0) return CW_ENOMEM;
    }
    return 0;
}

int cw_match_lines(cw_draft *d, cw_err *err)
{
    const cw_knowledge *k = d->c->k;
    for (size_t i = 0; i < k->n_crosses; i++) {
        const cw_cross *x = &k->crosses[i];
        if (cross_row(d, x, x->prior, x->next, err) < 0) return CW_ENOMEM;
        if (x->both && cross_row(d, x, x->next, x->prior, err) < 0) return CW_ENOMEM;
    }
    for (size_t i = 0; i < k->n_line_rules; i++)
        if (line_rule(d, &k->line_rules[i], err) < 0) return CW_ENOMEM;
    return gaps(d, err);
}
