/* SPDX-License-Identifier: MIT */
/* case.c - one patient seen through the knowledge. */
#include "advise/case.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <math.h>
#include <string.h>

const char *cw_say(cw_case *c, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const char *copy = cw_arena_strdup(c->arena, text);
    if (copy) return copy;
    c->failed = true;
    return "";
}

/* ---- alterations ---- */

static cw_truth presence(const cw_alteration *a)
{
    switch (a->status) {
    case CW_STATUS_EMERGING:
    case CW_STATUS_EXPANDING:
    case CW_STATUS_STABLE:
    case CW_STATUS_FALLING: return CW_YES;
    case CW_STATUS_NOT_DETECTED:
    case CW_STATUS_CLEARED: return CW_NO;
    case CW_STATUS_WATCH: return *a->stated_by ? CW_YES : CW_OPEN;
    case CW_STATUS_NOT_ASSESSABLE: break;
    }
    return *a->stated_by || a->first_alarm >= 0 ? CW_YES : CW_OPEN; /* seen before, and the last draw cannot say otherwise */
}

static const cw_known_alteration *known_by_name(const cw_knowledge *k, const cw_alteration *a)
{
    for (size_t i = 0; i < k->n_alterations; i++)
        if (!strcmp(k->alterations[i].id, a->id)) return &k->alterations[i];
    for (size_t i = 0; i < k->n_alterations && *a->gene && *a->name; i++) {
        const cw_known_alteration *x = &k->alterations[i];
        if (!strcmp(x->gene, a->gene) && *x->hgvs_p && cw_same_change(x->hgvs_p, strlen(x->hgvs_p), a->name, strlen(a->name))) return x;
    }
    return NULL;
}

static cw_seen look_at(const cw_knowledge *k, const cw_alteration *a)
{
    const cw_known_alteration *x = known_by_name(k, a);
    cw_seen s = {.a = a, .known = x, .gene = a->gene, .hgvsp = a->name, .hgvsc = "", .aliases = "", .mechanism = a->mechanism, .node = a->node,
                 .type = a->type, .role = a->role, .present = presence(a)};
    if (x) {
        s.gene = x->gene, s.hgvsp = x->hgvs_p, s.hgvsc = x->hgvs_c, s.aliases = x->aliases, s.mechanism = x->mechanism, s.node = x->node;
        s.type = x->type;
        s.role = x->role;
    }
    s.rising = a->status == CW_STATUS_EMERGING || a->status == CW_STATUS_EXPANDING;
    s.fallen = a->status == CW_STATUS_FALLING || a->status == CW_STATUS_CLEARED;
    s.counts = a->origin != CW_ORIGIN_CHIP && a->origin != CW_ORIGIN_GERMLINE && s.role != CW_ROLE_CHIP;
    return s;
}

const char *cw_seen_name(cw_case *c, const cw_seen *s)
{
    const char *name = *s->a->name ? s->a->name : s->a->id, *gene = cw_gene_before(s->a->gene, name);
    return cw_say(c, "%s%s%s", gene, *gene ? " " : "", name);
}

/* ---- selectors ---- */

static bool gene_in(const cw_knowledge *k, const char *word, size_t n, const char *gene)
{
    if (strlen(gene) == n && !memcmp(gene, word, n)) return true;
    for (size_t i = 0; i < k->n_groups; i++)
        if (strlen(k->groups[i].group) == n && !memcmp(k->groups[i].group, word, n)) return cw_list_has(k->groups[i].genes, gene);
    return false;
}

static const cw_allele_class *class_find(const cw_knowledge *k, const char *word, size_t n)
{
    for (size_t i = 0; i < k->n_classes; i++)
        if (cw_same_name(k->classes[i].klass, strlen(k->classes[i].klass), word, n)) return &k->classes[i];
    return NULL;
}

/* Columns of a class are alternatives; a class without any takes every change that is more than a tracker. */
static bool in_class(const cw_allele_class *c, const cw_seen *s)
{
    if (!*c->types && !*c->roles && !*c->mechanisms && !*c->changes) return s->role != CW_ROLE_TRACKER && s->role != CW_ROLE_CHIP;
    if (*c->types && cw_list_has(c->types, cw_allele_type_name(s->type))) return true;
    if (*c->roles && cw_list_has(c->roles, cw_role_name(s->role))) return true;
    if (*c->mechanisms && cw_list_has(c->mechanisms, s->mechanism)) return true;
    const char *rest = c->changes;
    for (cw_part p; cw_part_next(&rest, ';', &p);) {
        char word[16];
        if (p.n >= sizeof word) continue;
        memcpy(word, p.s, p.n);
        word[p.n] = '\0';
        if (*s->hgvsp && strstr(s->hgvsp, word)) return true;
    }
    return false;
}

/* "V600": residue and number without the new residue. */
static bool is_codon(const char *what, size_t n)
{
    if (n < 2 || !isupper((unsigned char)*what)) return false;
    for (size_t i = 1; i < n; i++)
        if (!isdigit((unsigned char)what[i])) return false;
    return true;
}

static bool at_codon(const char *what, size_t n, const char *hgvsp)
{
    if (!strncmp(hgvsp, "p.", 2)) hgvsp += 2;
    return !strncmp(hgvsp, what, n) && !isdigit((unsigned char)hgvsp[n]);
}

bool cw_select(const cw_knowledge *k, const char *selector, size_t n, const cw_seen *s)
{
    if (strlen(s->a->id) == n && !memcmp(s->a->id, selector, n)) return true;
    const char *colon = memchr(selector, ':', n);
    if (!colon || !gene_in(k, selector, (size_t)(colon - selector), s->gene)) return false;
    const char *what = colon + 1;
    size_t m = n - (size_t)(what - selector);
    const cw_allele_class *c = class_find(k, what, m);
    if (c) return in_class(c, s);
    if (is_codon(what, m) && at_codon(what, m, s->hgvsp)) return true;
    if (cw_same_change(s->hgvsp, strlen(s->hgvsp), what, m) || cw_same_change(s->hgvsc, strlen(s->hgvsc), what, m)) return true;
    if (s->known && *s->known->id) { /* the change part of the id: "AR-V7", "exon19_deletion" */
        const char *change = strrchr(s->known->id, ':');
        if (change && cw_same_change(change + 1, strlen(change + 1), what, m)) return true;
    }
    const char *rest = s->aliases;
    for (cw_part p; cw_part_next(&rest, ';', &p);)
        if (cw_same_change(p.s, p.n, what, m)) return true;
    return false;
}

cw_truth cw_present(const cw_case *c, const char *selector, size_t n)
{
    cw_truth best = CW_NO;
    size_t matches = 0;
    for (size_t i = 0; i < c->n_seen; i++) {
        const cw_seen *s = &c->seen[i];
        if (!s->counts || !cw_select(c->k, selector, n, s)) continue;
        matches++;
        if (s->present > best) best = s->present;
    }
    if (best != CW_NO) return best;
    if (!matches) return CW_OPEN; /* nothing was said about it */
    const char *colon = memchr(selector, ':', n);
    const cw_allele_class *k = colon ? class_find(c->k, colon + 1, n - (size_t)(colon + 1 - selector)) : NULL;
    return k && !k->complete ? CW_OPEN : CW_NO; /* a gene can be lost by a change that no panel lists */
}

bool cw_selector_valid(const cw_knowledge *k, const char *selector, size_t n, const char **why)
{
    *why = "a selector is GENE:change, GENE:class or an id of alterations.tsv";
    const char *colon = memchr(selector, ':', n);
    if (!colon || colon == selector || colon + 1 == selector + n) return false;
    size_t g = (size_t)(colon - selector), m = n - g - 1;
    bool gene = false, change = class_find(k, colon + 1, m) != NULL;
    for (size_t i = 0; i < k->n_genes && !gene; i++) gene = strlen(k->genes[i].gene) == g && !memcmp(k->genes[i].gene, selector, g);
    for (size_t i = 0; i < k->n_groups && !gene; i++) gene = strlen(k->groups[i].group) == g && !memcmp(k->groups[i].group, selector, g);
    *why = "no gene or group of genes has this name";
    if (!gene) return false;
    *why = "the gene has no such alteration, and no class has this name";
    for (size_t i = 0; i < k->n_alterations && !change; i++) {
        const cw_known_alteration *x = &k->alterations[i];
        cw_alteration a = {.id = x->id, .gene = x->gene, .name = x->hgvs_p, .node = x->node, .mechanism = x->mechanism};
        cw_seen s = {.a = &a, .known = x, .gene = x->gene, .hgvsp = x->hgvs_p, .hgvsc = x->hgvs_c, .aliases = x->aliases, .mechanism = x->mechanism};
        change = cw_select(k, selector, n, &s);
    }
    /* what only another assay shows (a truncated protein, a level of expression) needs no row of its own */
    return change;
}

/* ---- lines ---- */

static bool given(const cw_case *c, size_t line, size_t agent)
{
    const cw_regimen *r = &c->line[line];
    const cw_agent *wanted = &c->k->agents[agent];
    for (size_t i = 0; i < r->n; i++) {
        if (r->agent[i] == agent) return true;
        if (strcmp(wanted->kind, "regimen") && cw_agent_holds(c->k, agent, r->agent[i])) return true;
        if (!strcmp(c->k->agents[r->agent[i]].kind, "regimen") && cw_agent_holds(c->k, r->agent[i], agent)) return true;
    }
    if (strcmp(wanted->kind, "regimen") || !*wanted->members) return false;
    const char *rest = wanted->members; /* a named regimen was given when all its members were */
    for (cw_part p; cw_part_next(&rest, ';', &p);) {
        ptrdiff_t m = cw_agent_find(c->k, p.s, p.n);
        if (m < 0 || (size_t)m == agent || !given(c, line, (size_t)m)) return false;
    }
    return true;
}

bool cw_line_has(const cw_case *c, size_t line, const char *agent)
{
    cw_regimen wanted;
    cw_regimen_parse(c->k, agent, &wanted);
    if (wanted.unknown || !wanted.n) return false;
    for (size_t i = 0; i < wanted.n; i++)
        if (!given(c, line, wanted.agent[i])) return false;
    return true;
}

ptrdiff_t cw_last_line_with(const cw_case *c, const char *agent)
{
    for (size_t i = c->p->n_lines; i-- > 0;)
        if (cw_line_has(c, i, agent)) return (ptrdiff_t)i;
    return -1;
}

/* The last draw of the line lies above the one before it, the 95 % intervals apart. */
static bool risen_at_last(const cw_case *c, const cw_alteration *a, const cw_line *l)
{
    const cw_point *last = NULL, *before = NULL;
    for (size_t i = 0; i < a->n_points; i++) {
        const cw_point *v = &a->points[i];
        const cw_patient_draw *d = v->draw < c->p->n_draws ? &c->p->draws[v->draw] : NULL;
        bool judged = v->state == CW_CALL_DETECTED || v->state == CW_CALL_BELOW_LOD || v->state == CW_CALL_NOT_DETECTED;
        if (!d || d->excluded || !judged || !d->date.known || !l->start.known || d->date.day < l->start.day) continue;
        before = last;
        last = v;
    }
    return before && last->lo > before->hi;
}

bool cw_rises_in_line(const cw_case *c, const cw_seen *s, size_t line)
{
    static const double SURE = .9; /* P(rising) from which track says that an allele rises */
    const cw_alteration *a = s->a;
    const cw_line *l = &c->p->lines[line];
    if (!s->rising || s->present != CW_YES) return false;
    if (!c->p->n_draws) return true;
    for (size_t i = 0; i < a->n_growth; i++)
        if (!strcmp(a->growth[i].line, l->id) && isfinite(a->growth[i].p_rising)) return a->growth[i].p_rising >= SURE || risen_at_last(c, a, l);
    if (a->first_alarm < 0 || (size_t)a->first_alarm >= c->p->n_alarms) return false;
    const cw_day *alarm = &c->p->alarms[a->first_alarm].date;
    return alarm->known && l->start.known && alarm->day > l->start.day;
}

/* ---- facts ---- */

static void add_fact(cw_case *c, const char *fact, const char *value, cw_day date)
{
    for (size_t i = 0; i < c->n_facts; i++)
        if (!strcmp(c->facts[i].fact, fact)) { /* the later result stands */
            if (!c->facts[i].date.known || (date.known && date.day >= c->facts[i].date.day)) c->facts[i] = (cw_known_fact){fact, value, date};
            return;
        }
    c->facts[c->n_facts++] = (cw_known_fact){fact, value, date};
}

static bool result_is(const char *results, const char *result)
{
    for (cw_part p; cw_part_next(&results, '|', &p);)
        if (cw_same_name(p.s, p.n, result, strlen(result)) && (p.n == strlen(result) || p.n > 1)) return true;
        else if (p.n == 1 && strlen(result) == 1 && *p.s == *result) return true;
    return false;
}

static int take_facts(cw_case *c, cw_err *err)
{
    const cw_knowledge *k = c->k;
    size_t room = c->p->n_facts * 3 + k->n_statuses + 2 * CW_STATUS_MAX + 8;
    c->facts = cw_arena_alloc(c->arena, room, sizeof *c->facts);
    if (!c->facts) return cw_err_nomem(err);
    for (size_t i = 0; i < c->tumour.n; i++) {
        const cw_status_rule *s = &k->statuses[c->tumour.status[i]];
        add_fact(c, s->fact, s->value, (cw_day){.known = false});
        for (size_t w = 0; w < k->n_fact_words; w++) /* one receptor can imply another */
            if (!strcmp(k->fact_words[w].test, s->fact) && result_is(k->fact_words[w].results, s->value))
                add_fact(c, k->fact_words[w].fact, k->fact_words[w].value, (cw_day){.known = false});
    }
    for (size_t i = 0; i < c->p->n_facts; i++) {
        const cw_fact *f = &c->p->facts[i];
        size_t found = 0;
        for (size_t w = 0; w < k->n_fact_words && c->n_facts < room; w++)
            if (cw_same_name(k->fact_words[w].test, strlen(k->fact_words[w].test), f->test, strlen(f->test)) && result_is(k->fact_words[w].results, f->result)) {
                add_fact(c, k->fact_words[w].fact, k->fact_words[w].value, f->date);
                found++;
            }
        if (!found && c->n_facts < room) add_fact(c, f->test, f->result, f->date);
    }
    return 0;
}

const char *cw_fact_value(const cw_case *c, const char *fact, size_t n)
{
    for (size_t i = 0; i < c->n_facts; i++)
        if (cw_same_name(c->facts[i].fact, strlen(c->facts[i].fact), fact, n)) return c->facts[i].value;
    return "";
}

/* ---- the case ---- */

static void parse_line(const cw_knowledge *k, const cw_line *line, cw_regimen *all)
{
    *all = (cw_regimen){.n = 0};
    for (size_t i = 0; i < line->agents.n; i++) {
        cw_regimen r;
        cw_regimen_parse(k, line->agents.v[i], &r);
        for (size_t j = 0; j < r.n && all->n < CW_REGIMEN_MAX; j++) all->agent[all->n++] = r.agent[j];
        all->unknown += r.unknown;
    }
}

int cw_case_init(cw_case *c, const cw_knowledge *k, cw_patient *p, cw_err *err)
{
    *c = (cw_case){.k = k, .p = p, .arena = p->arena};
    c->seen = cw_arena_alloc(c->arena, p->n_alterations, sizeof *c->seen);
    c->line = cw_arena_alloc(c->arena, p->n_lines, sizeof *c->line);
    if (!c->seen || !c->line) return cw_err_nomem(err);
    for (size_t i = 0; i < p->n_alterations; i++) c->seen[c->n_seen++] = look_at(k, &p->alterations[i]);
    for (size_t i = 0; i < p->n_lines; i++) parse_line(k, &p->lines[i], &c->line[i]);
    cw_tumour_parse(k, p->tumour_type, strlen(p->tumour_type), &c->tumour);
    return take_facts(c, err);
}
