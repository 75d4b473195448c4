/* SPDX-License-Identifier: MIT */
/* condition.c - terms joined by '&', a comma inside brackets is "or"; each term answers yes, no or open. */
#include "advise/condition.h"

#include <stdio.h>
#include <string.h>

typedef enum word {
    W_TUMOUR, W_WITH, W_ABSENT, W_CIS, W_TRANS, W_PRIOR, W_NAIVE, W_COMBINATION, W_COMEDICATION, W_BIALLELIC, W_ORIGIN, W_MATCHED_TISSUE, W_FACT, W_UNTESTED, W_NONE
} word;
static const char *const words[] = {"tumour", "with", "absent", "cis", "trans", "prior", "naive", "combination", "comedication", "biallelic", "origin",
                                    "matched_tissue", "fact", "untested"};

typedef struct term { word word; const char *name; size_t n_name; const char *args; size_t n_args; bool has_args; } term;

/* Next term of `text`; 1, 0 at the end, -1 when it is not a term. */
static int next_term(const char **text, term *t)
{
    const char *s = *text;
    while (*s == ' ' || *s == '&') s++;
    if (!*s) return 0;
    *t = (term){.word = W_NONE, .name = s};
    t->n_name = strcspn(s, "(& ");
    s += t->n_name;
    if (*s == '(') {
        int depth = 0;
        t->args = s + 1;
        t->has_args = true;
        for (; *s; s++) {
            if (*s == '(') depth++;
            if (*s == ')' && --depth == 0) break;
        }
        if (*s != ')') return -1;
        t->n_args = (size_t)(s - t->args);
        s++;
    }
    while (*s == ' ') s++;
    if (*s && *s != '&') return -1;
    *text = s;
    for (int w = 0; w < W_NONE; w++)
        if (strlen(words[w]) == t->n_name && !memcmp(words[w], t->name, t->n_name)) t->word = (word)w;
    return t->word == W_NONE ? -1 : 1;
}

static int next_arg(const term *t, size_t *at, cw_part *arg)
{
    if (*at >= t->n_args) return 0;
    const char *s = t->args + *at, *comma = memchr(s, ',', t->n_args - *at);
    size_t n = comma ? (size_t)(comma - s) : t->n_args - *at;
    *at += n + (comma != NULL);
    while (n && *s == ' ') s++, n--;
    while (n && s[n - 1] == ' ') n--;
    *arg = (cw_part){s, n};
    return 1;
}

void cw_open_add(cw_open_list *open, const char *text)
{
    for (size_t i = 0; i < open->n; i++)
        if (!strcmp(open->v[i], text)) return;
    if (open->n < sizeof open->v / sizeof *open->v) open->v[open->n++] = text;
}

void cw_open_remark(cw_open_list *open, const char *text)
{
    size_t before = open->n;
    cw_open_add(open, text);
    open->remarks += open->n - before;
}

static cw_truth both(cw_truth a, cw_truth b) { return a < b ? a : b; }
static cw_truth either(cw_truth a, cw_truth b) { return a > b ? a : b; }
static cw_truth negated(cw_truth a) { return a == CW_YES ? CW_NO : a == CW_NO ? CW_YES : CW_OPEN; }

static cw_truth status_holds(const cw_case *c, const cw_status_rule *s)
{
    if (!strcmp(s->fact, "alteration")) return cw_present(c, s->value, strlen(s->value));
    const char *value = cw_fact_value(c, s->fact, strlen(s->fact));
    return !*value ? CW_OPEN : !strcmp(value, s->value) ? CW_YES : CW_NO;
}

cw_truth cw_tumour_holds(const cw_case *c, const char *phrase, size_t n)
{
    cw_tumour_words wanted;
    cw_tumour_parse(c->k, phrase, n, &wanted);
    cw_truth t = CW_OPEN;
    if (wanted.tumour < 0 && wanted.n) t = CW_YES;
    else if (c->tumour.tumour >= 0 && wanted.tumour >= 0)
        t = cw_tumour_within(c->k, c->tumour.tumour, wanted.tumour) ? CW_YES : cw_tumour_within(c->k, wanted.tumour, c->tumour.tumour) ? CW_OPEN : CW_NO;
    else if (*c->p->tumour_type && c->tumour.tumour < 0) t = CW_OPEN;
    for (size_t i = 0; i < wanted.n && t != CW_NO; i++) {
        bool stated = false; /* the patient's own phrase says the same word: "ALK+" needs no second proof */
        for (size_t j = 0; j < c->tumour.n; j++)
            stated |= !strcmp(c->k->statuses[wanted.status[i]].fact, "alteration") &&
                      !strcmp(c->k->statuses[c->tumour.status[j]].fact, c->k->statuses[wanted.status[i]].fact) &&
                      !strcmp(c->k->statuses[c->tumour.status[j]].value, c->k->statuses[wanted.status[i]].value);
        t = both(t, stated ? CW_YES : status_holds(c, &c->k->statuses[wanted.status[i]]));
    }
    return t;
}

/* Read-backed phase from the molecules that span both places; two molecules are asked for, since one can be an error. A result
 * stated by another assay (LAB_TEST "phase", cis or trans) stands where molecules do not decide. */
static cw_truth phase_of(const cw_case *c, const cw_seen *a, const cw_seen *b, bool cis)
{
    int64_t in_cis = 0, trans_a = 0, trans_b = 0;
    for (size_t i = 0; i < c->p->n_phases; i++) {
        const cw_phase_fact *f = &c->p->phases[i];
        bool forward = !strcmp(f->a, a->a->id) && !strcmp(f->b, b->a->id), back = !strcmp(f->b, a->a->id) && !strcmp(f->a, b->a->id);
        if (forward || back) in_cis += f->cis, trans_a += f->trans_a, trans_b += f->trans_b;
    }
    if (in_cis >= 2) return cis ? CW_YES : CW_NO;
    if (in_cis == 0 && trans_a >= 2 && trans_b >= 2) return cis ? CW_NO : CW_YES;
    const char *stated = cw_fact_value(c, "phase", 5);
    if (!strcmp(stated, "cis")) return cis ? CW_YES : CW_NO;
    if (!strcmp(stated, "trans")) return cis ? CW_NO : CW_YES;
    return CW_OPEN;
}

static cw_truth phase_holds(const cw_case *c, const cw_seen *a, cw_part selector, bool cis)
{
    cw_truth t = CW_NO;
    size_t matches = 0;
    for (size_t i = 0; a && i < c->n_seen; i++) {
        const cw_seen *b = &c->seen[i];
        if (b == a || !cw_select(c->k, selector.s, selector.n, b)) continue;
        matches++;
        if (b->present != CW_NO) t = either(t, both(b->present, phase_of(c, a, b, cis)));
    }
    return matches ? t : CW_OPEN;
}

static cw_truth prior_holds(const cw_case *c, cw_part agent)
{
    char name[128];
    if (!c->p->n_lines) return CW_OPEN;
    if (agent.n >= sizeof name) return CW_NO;
    memcpy(name, agent.s, agent.n);
    name[agent.n] = '\0';
    return cw_last_line_with(c, name) >= 0 ? CW_YES : CW_NO;
}

/* Is the candidate a combination (that holds the agent named)? */
static cw_truth combination_holds(const cw_case *c, const char *candidate, const cw_part *partner)
{
    cw_regimen r;
    if (!candidate) return CW_NO;
    cw_regimen_parse(c->k, candidate, &r);
    if (r.n + r.unknown < 2 && !(r.n && !strcmp(c->k->agents[r.agent[0]].kind, "regimen"))) return CW_NO;
    if (!partner) return CW_YES;
    ptrdiff_t wanted = cw_agent_find(c->k, partner->s, partner->n);
    for (size_t i = 0; wanted >= 0 && i < r.n; i++)
        if (cw_agent_holds(c->k, (size_t)wanted, r.agent[i]) || cw_agent_holds(c->k, r.agent[i], (size_t)wanted)) return CW_YES;
    return CW_NO;
}

static cw_truth origin_holds(const cw_seen *a, cw_part wanted)
{
    if (!a) return CW_OPEN;
    if (a->a->origin == CW_ORIGIN_UNKNOWN) return CW_NO; /* decided from white cells by track; without them the row stands as it is */
    const char *name = cw_origin_name(a->a->origin);
    return cw_same_name(name, strlen(name), wanted.s, wanted.n) ? CW_YES : CW_NO;
}

static cw_truth fact_holds(const cw_case *c, cw_part arg)
{
    const char *equal = memchr(arg.s, '=', arg.n);
    if (!equal) return CW_OPEN;
    size_t n = (size_t)(equal - arg.s);
    const char *value = cw_fact_value(c, arg.s, n);
    if (!*value) return CW_OPEN;
    return cw_same_name(value, strlen(value), equal + 1, arg.n - n - 1) ? CW_YES : CW_NO;
}

/* No result of this fact since the line from which the rule starts. */
static cw_truth untested(const cw_case *c, cw_part fact, ptrdiff_t line)
{
    char again[96];
    snprintf(again, sizeof again, "%.*s re-tested", (int)fact.n, fact.s);
    if (!strcmp(cw_fact_value(c, again, strlen(again)), "yes")) return CW_NO;
    for (size_t i = 0; i < c->n_facts; i++) {
        const cw_known_fact *f = &c->facts[i];
        if (!cw_same_name(f->fact, strlen(f->fact), fact.s, fact.n) || !f->date.known || line < 0) continue;
        const cw_line *l = &c->p->lines[line];
        cw_day since = l->stop.known ? l->stop : l->start;
        if (since.known && f->date.day > since.day) return CW_NO;
    }
    return CW_YES;
}

static cw_truth biallelic_holds(const cw_case *c, const cw_seen *a)
{
    if (!a) return CW_OPEN;
    char fact[96];
    snprintf(fact, sizeof fact, "biallelic %s", a->gene);
    const char *value = cw_fact_value(c, fact, strlen(fact));
    return !*value ? CW_OPEN : !strcmp(value, "yes") ? CW_YES : CW_NO;
}

static cw_truth arg_holds(cw_case *c, const term *t, cw_part arg, cw_condition_at at)
{
    switch (t->word) {
    case W_TUMOUR: return cw_tumour_holds(c, arg.s, arg.n);
    case W_WITH: return cw_present(c, arg.s, arg.n);
    case W_ABSENT: return cw_present(c, arg.s, arg.n); /* negated by the caller */
    case W_CIS: return phase_holds(c, at.alteration, arg, true);
    case W_TRANS: return phase_holds(c, at.alteration, arg, false);
    case W_PRIOR:
    case W_NAIVE: return prior_holds(c, arg);
    case W_COMBINATION: return combination_holds(c, at.agent, &arg);
    case W_ORIGIN: return origin_holds(at.alteration, arg);
    case W_FACT: return fact_holds(c, arg);
    case W_UNTESTED: return untested(c, arg, at.prior_line);
    case W_COMEDICATION: {
        const char *value = cw_fact_value(c, "comedication", 12);
        if (*value) return cw_same_name(value, strlen(value), arg.s, arg.n) ? CW_YES : CW_NO;
        char name[96];
        snprintf(name, sizeof name, "%.*s", (int)arg.n, arg.s);
        return c->p->n_lines && cw_line_has(c, c->p->n_lines - 1, name) ? CW_YES : CW_OPEN;
    }
    case W_BIALLELIC:
    case W_MATCHED_TISSUE:
    case W_NONE: break;
    }
    return CW_OPEN;
}

static cw_truth term_holds(cw_case *c, const term *t, cw_condition_at at)
{
    if (t->word == W_BIALLELIC) return biallelic_holds(c, at.alteration);
    if (t->word == W_MATCHED_TISSUE) {
        const char *value = cw_fact_value(c, "matched tissue", 14);
        return !*value ? CW_OPEN : !strcmp(value, "yes") ? CW_YES : CW_NO;
    }
    if (t->word == W_COMBINATION && !t->has_args) return combination_holds(c, at.agent, NULL);
    cw_truth any = CW_NO;
    cw_part arg;
    for (size_t i = 0; next_arg(t, &i, &arg);) any = either(any, arg_holds(c, t, arg, at));
    return t->word == W_ABSENT || t->word == W_NAIVE ? negated(any) : any;
}

static const char *in_words(cw_case *c, const term *t, bool exception)
{
    static const char *const before[] = {"tumour is ", "with ", "without ", "in cis with ", "in trans with ", "prior ", "never given: ", "combined with ",
                                         "comedication with ", "both alleles hit", "origin is ", "matched tissue at hand", "", "not tested since: "};
    if (t->word == W_TUMOUR) {
        char list[256] = "", one[128];
        size_t at = 0, n = 0;
        cw_part arg;
        while (next_arg(t, &at, &arg)) {
            cw_tumour_say(c->k, arg.s, arg.n, one, sizeof one);
            n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", n ? " or " : "", one);
            if (n >= sizeof list) break;
        }
        return cw_say(c, "%s%s%s: not known", exception ? "unless " : "", before[W_TUMOUR], list);
    }
    return cw_say(c, "%s%s%.*s: not known", exception ? "unless " : "", before[t->word], (int)t->n_args, t->has_args ? t->args : "");
}

static cw_truth evaluate(cw_case *c, const char *text, cw_condition_at at, cw_open_list *open, bool exception)
{
    cw_truth all = CW_YES;
    term t;
    cw_open_list mine = {.n = 0};
    for (int got; (got = next_term(&text, &t)) != 0;) {
        cw_truth one = got < 0 ? CW_OPEN : term_holds(c, &t, at);
        if (one == CW_OPEN && got > 0) cw_open_add(&mine, in_words(c, &t, exception));
        all = both(all, one);
        if (got < 0) break;
    }
    if (all == CW_OPEN)
        for (size_t i = 0; i < mine.n; i++) cw_open_add(open, mine.v[i]);
    return all;
}

cw_truth cw_condition(cw_case *c, const char *text, cw_condition_at at, cw_open_list *open) { return evaluate(c, text, at, open, false); }

cw_truth cw_exception(cw_case *c, const char *text, cw_condition_at at, cw_open_list *open)
{
    return *text ? negated(evaluate(c, text, at, open, true)) : CW_YES;
}

/* ---- grammar alone ---- */

/* A change that a condition asks for needs no row of its own: "absent(GENE:S1206C)" makes sense without one. */
static bool is_protein_change(cw_part arg)
{
    const char *colon = memchr(arg.s, ':', arg.n);
    if (!colon) return false;
    const char *s = colon + 1, *end = arg.s + arg.n;
    if (s >= end || *s < 'A' || *s > 'Z') return false;
    for (s++; s < end && *s >= '0' && *s <= '9';) s++;
    return s > colon + 2 && s + 1 == end && ((*s >= 'A' && *s <= 'Z') || *s == '*');
}

static bool arg_valid(const cw_knowledge *k, const term *t, cw_part arg, char why[200])
{
    const char *reason = "";
    cw_tumour_words tumour;
    bool fine = arg.n > 0;
    switch (t->word) {
    case W_TUMOUR:
        cw_tumour_parse(k, arg.s, arg.n, &tumour);
        fine = tumour.tumour >= 0 || (tumour.n && arg.n < 24);
        reason = "no row of tumours.tsv";
        break;
    case W_WITH:
    case W_ABSENT:
    case W_CIS:
    case W_TRANS: fine = cw_selector_valid(k, arg.s, arg.n, &reason) || (strncmp(reason, "no gene", 7) && is_protein_change(arg)); break;
    case W_PRIOR:
    case W_NAIVE:
    case W_COMBINATION:
        fine = cw_agent_find(k, arg.s, arg.n) >= 0;
        reason = "no agent has this name";
        break;
    case W_FACT:
        fine = arg.n && memchr(arg.s, '=', arg.n);
        reason = "a fact is NAME=VALUE";
        break;
    case W_ORIGIN:
        fine = cw_same_name("chip", 4, arg.s, arg.n) || cw_same_name("germline", 8, arg.s, arg.n) || cw_same_name("tumour", 6, arg.s, arg.n);
        reason = "origin is CHIP, germline or tumour";
        break;
    case W_COMEDICATION:
    case W_UNTESTED:
    case W_BIALLELIC:
    case W_MATCHED_TISSUE:
    case W_NONE: break;
    }
    if (!fine) snprintf(why, 200, "'%.*s': %s", (int)(arg.n > 60 ? 60 : arg.n), arg.s, reason);
    return fine;
}

bool cw_condition_valid(const cw_knowledge *k, const char *text, char why[200])
{
    term t;
    for (int got; (got = next_term(&text, &t)) != 0;) {
        bool bare = t.word == W_BIALLELIC || t.word == W_MATCHED_TISSUE || t.word == W_COMBINATION;
        if (got < 0 || (!bare && !t.n_args)) {
            snprintf(why, 200, "'%.60s' is not a condition", got < 0 ? t.name : text);
            return false;
        }
        cw_part arg;
        for (size_t i = 0; next_arg(&t, &i, &arg);)
            if (!arg_valid(k, &t, arg, why)) return false;
    }
    return true;
}
