/* SPDX-License-Identifier: MIT */
/* advise.c - clones x knowledge -> findings and advice: the steps in order, and the weight tier of an allele. */
#include "advise/advise.h"

#include <string.h>
#include "advise/draft.h"

int cw_advise(const cw_knowledge *knowledge, cw_patient *patient, cw_err *err)
{
    cw_case c;
    cw_draft d = {.c = &c};
    int status = cw_case_init(&c, knowledge, patient, err);
    if (status == 0) status = cw_draft_notice(&d, "for research use only; not a treatment recommendation", err);
    if (status == 0) status = cw_match_rules(&d, err);
    if (status == 0) status = cw_match_lines(&d, err);
    if (status == 0) status = cw_match_silent(&d, err);
    if (status == 0) status = cw_match_coverage(&d, err);
    if (status == 0) status = cw_draft_finish(&d, err);
    cw_draft_release(&d);
    return status;
}

/* Tumour terms alone decide: what the draws will show is not known before the first one. */
static bool tumour_allows(cw_case *c, const cw_rule *r)
{
    const char *at = strstr(r->iff, "tumour(");
    if (!at) return true;
    const char *end = strchr(at, ')');
    bool any = false;
    for (const char *s = at + 7; end && s < end;) {
        const char *comma = memchr(s, ',', (size_t)(end - s));
        size_t n = comma ? (size_t)(comma - s) : (size_t)(end - s);
        any |= cw_tumour_holds(c, s, n) != CW_NO;
        s += n + 1;
    }
    return any;
}

static bool for_this_tumour(const cw_case *c, const char *tumours)
{
    bool any = !*tumours;
    for (cw_part p; cw_part_next(&tumours, ';', &p);) any |= cw_part_is(p, "pan-tumour") || cw_tumour_holds(c, p.s, p.n) != CW_NO;
    return any;
}

int cw_advise_tier(const cw_knowledge *k, const char *cwid, const char *tumour_type, const char *const *agents, size_t n_agents)
{
    const cw_known_alteration *known = NULL;
    for (size_t i = 0; i < k->n_alterations && !known; i++)
        if (!strcmp(k->alterations[i].id, cwid)) known = &k->alterations[i];
    if (!known) return 3;
    if (known->role == CW_ROLE_CHIP) return 2;
    cw_patient p = {.tumour_type = tumour_type ? tumour_type : ""};
    cw_case c = {.k = k, .p = &p};
    cw_tumour_parse(k, p.tumour_type, strlen(p.tumour_type), &c.tumour);
    cw_alteration a = {.id = known->id, .gene = known->gene, .name = known->hgvs_p, .mechanism = known->mechanism, .node = known->node, .stated_by = ""};
    cw_seen s = {.a = &a, .known = known, .gene = known->gene, .hgvsp = known->hgvs_p, .hgvsc = known->hgvs_c, .aliases = known->aliases,
                 .mechanism = known->mechanism, .node = known->node, .type = known->type, .role = known->role};
    if (!for_this_tumour(&c, known->tumours)) return 2;
    for (size_t i = 0; i < n_agents; i++) {
        cw_regimen given;
        cw_regimen_parse(k, agents[i], &given);
        for (size_t j = 0; j < k->n_rules; j++) {
            const cw_rule *r = &k->rules[j];
            if (r->effect != CW_RULE_RESISTS || !cw_select(k, r->alteration, strlen(r->alteration), &s) || !tumour_allows(&c, r)) continue;
            ptrdiff_t wanted = cw_agent_find(k, r->agent, strlen(r->agent));
            for (size_t m = 0; wanted >= 0 && m < given.n; m++)
                if (cw_agent_holds(k, (size_t)wanted, given.agent[m]) || cw_agent_holds(k, given.agent[m], (size_t)wanted)) return 1;
        }
    }
    return 2;
}
