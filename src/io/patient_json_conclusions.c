/* SPDX-License-Identifier: MIT */
/* patient_json_conclusions.c - what follows from the alterations: clones, nodes, phases, response, alarms, findings, advice, gaps. */
#include "io/patient_json_parts.h"

#include <math.h>
#include <stdio.h>

/* --- writing --- */

static json_t *clones(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_clones; i++) {
        const cw_clone *c = &p->clones[i];
        json_t *o = cw_json_object(j), *trajectory = cw_json_array(j);
        cw_json_set_string(j, o, "id", c->id);
        cw_json_set(j, o, "alterations", cw_pj_put_strings(j, &c->alterations));
        cw_json_set(j, o, "doubling_days", cw_pj_put_interval(j, &c->doubling_days));
        cw_json_set_string(j, o, "status", cw_status_name(c->status));
        for (size_t k = 0; k < c->n_trajectory; k++) cw_json_append(j, trajectory, cw_json_real(j, c->trajectory[k]));
        cw_json_set(j, o, "trajectory", trajectory);
        cw_json_set_real(j, o, "co_membership", c->co_membership);
        cw_json_set_string(j, o, "order", c->order);
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *nodes(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_nodes; i++) {
        const cw_node_state *n = &p->nodes[i];
        json_t *o = cw_json_object(j);
        char id[256];
        snprintf(id, sizeof id, "node:%s", n->node);
        cw_json_set_string(j, o, "id", id);
        cw_json_set_string(j, o, "node", n->node);
        cw_json_set(j, o, "alterations", cw_pj_put_strings(j, &n->alterations));
        cw_json_set_real(j, o, "ln_e", n->ln_e);
        cw_json_set_real(j, o, "ln_threshold", n->ln_threshold);
        cw_json_set_string(j, o, "status", cw_status_name(n->status));
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *phases(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_phases; i++) {
        const cw_phase_fact *f = &p->phases[i];
        json_t *o = cw_json_object(j);
        char id[32];
        snprintf(id, sizeof id, "phase-%zu", i + 1);
        cw_json_set_string(j, o, "id", id);
        cw_json_set_string(j, o, "a", f->a);
        cw_json_set_string(j, o, "b", f->b);
        cw_json_set_int(j, o, "cis", f->cis);
        cw_json_set_int(j, o, "trans_a", f->trans_a);
        cw_json_set_int(j, o, "trans_b", f->trans_b);
        cw_json_set_string(j, o, "draw", cw_pj_draw_id(p, f->draw));
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *put_tristate(int v) { return v < 0 ? json_null() : json_boolean(v > 0); }

static json_t *response(cw_json *j, const cw_response *r)
{
    json_t *o = cw_json_object(j), *ratio = cw_json_object(j), *mrd = cw_json_object(j);
    cw_json_set_string(j, o, "molecular", r->molecular);
    cw_json_set_string(j, o, "preset", r->preset);
    cw_json_set_count(j, o, "preset_version", r->preset_version ? r->preset_version : -1);
    cw_json_set(j, o, "mixed", put_tristate(r->mixed));
    cw_json_set_real(j, ratio, "ratio", r->driver_resistance_ratio);
    cw_json_set_real(j, ratio, "lo", r->ratio_lo);
    cw_json_set_real(j, ratio, "hi", r->ratio_hi);
    cw_json_set(j, ratio, "wildtype_escape", put_tristate(r->wildtype_escape));
    cw_json_set(j, o, "resistance_to_driver", ratio);
    cw_json_set_real(j, mrd, "tumour_fraction", r->tumour_fraction);
    cw_json_set(j, mrd, "interval", cw_pj_put_pair(j, r->tumour_fraction_lo, r->tumour_fraction_hi));
    cw_json_set_real(j, mrd, "ln_e", r->mrd_ln_e);
    cw_json_set_real(j, mrd, "lod", r->mrd_lod);
    cw_json_set_real(j, mrd, "lod_bound", r->mrd_lod_bound);
    cw_json_set(j, o, "mrd", mrd);
    return o;
}

static json_t *alarms(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_alarms; i++) {
        const cw_alarm *x = &p->alarms[i];
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "id", x->id);
        cw_json_set_string(j, o, "level", x->level);
        cw_json_set_string(j, o, "kind", x->kind);
        cw_json_set_string(j, o, "what", x->what);
        cw_json_set_string(j, o, "draw", cw_pj_draw_id(p, x->draw));
        cw_json_set(j, o, "date", cw_pj_put_day(j, &x->date));
        cw_json_set_real(j, o, "day", x->day);
        cw_json_set_real(j, o, "ln_e", x->ln_e);
        cw_json_set_bool(j, o, "confirmed_by_model", x->confirmed_by_model);
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *put_level(cw_json *j, const cw_level *l)
{
    if ((!l->scheme || !*l->scheme) && (!l->value || !*l->value)) return json_null();
    json_t *o = cw_json_object(j);
    cw_json_set_string(j, o, "scheme", l->scheme);
    cw_json_set_string(j, o, "value", l->value);
    return o;
}

static json_t *findings(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_findings; i++) {
        const cw_finding *f = &p->findings[i];
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "id", f->id);
        cw_json_set_string(j, o, "alteration", f->alteration);
        cw_json_set_string(j, o, "clone", f->clone);
        cw_json_set_string(j, o, "rule", f->rule);
        cw_json_set_string(j, o, "mechanism", f->mechanism);
        cw_json_set_string(j, o, "node", f->node);
        cw_json_set_string(j, o, "explains_line", f->explains_line);
        cw_json_set(j, o, "level", put_level(j, &f->level));
        cw_json_set_string(j, o, "review", f->review);
        cw_json_set_string(j, o, "statement", f->statement);
        cw_json_set(j, o, "citations", cw_pj_put_strings(j, &f->citations));
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *advice(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_advice; i++) {
        const cw_advice *d = &p->advice[i];
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "id", d->id);
        cw_json_set_string(j, o, "agent", d->agent);
        cw_json_set_string(j, o, "verdict", cw_verdict_name(d->verdict));
        cw_json_set(j, o, "covers", cw_pj_put_strings(j, &d->covers));
        cw_json_set(j, o, "leaves", cw_pj_put_strings(j, &d->leaves));
        cw_json_set(j, o, "unanswered", cw_pj_put_strings(j, &d->unanswered));
        cw_json_set(j, o, "conditions", cw_pj_put_strings(j, &d->conditions));
        cw_json_set_bool(j, o, "contradicted", d->contradicted);
        cw_json_set(j, o, "findings", cw_pj_put_strings(j, &d->findings));
        cw_json_set(j, o, "level", put_level(j, &d->level));
        cw_json_set_string(j, o, "review", d->review);
        cw_json_set_string(j, o, "statement", d->statement);
        cw_json_set(j, o, "citations", cw_pj_put_strings(j, &d->citations));
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *not_assessable(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_not_assessable; i++) {
        json_t *o = cw_json_object(j);
        char id[48];
        snprintf(id, sizeof id, "not-assessable-%zu", i + 1);
        cw_json_set_string(j, o, "id", id);
        cw_json_set_string(j, o, "what", p->not_assessable[i].what);
        cw_json_set_string(j, o, "why", p->not_assessable[i].why);
        cw_json_set_string(j, o, "assay", p->not_assessable[i].assay);
        cw_json_append(j, a, o);
    }
    return a;
}

void cw_pj_put_conclusions(cw_json *j, json_t *o, const cw_patient *p)
{
    cw_json_set(j, o, "clones", clones(j, p));
    cw_json_set(j, o, "nodes", nodes(j, p));
    cw_json_set(j, o, "phases", phases(j, p));
    cw_json_set(j, o, "response", response(j, &p->response));
    cw_json_set(j, o, "alarms", alarms(j, p));
    cw_json_set(j, o, "findings", findings(j, p));
    cw_json_set(j, o, "advice", advice(j, p));
    cw_json_set(j, o, "not_assessable", not_assessable(j, p));
}

/* --- reading --- */

static void read_clones(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "clones", cw_clone, clones, n_clones)
    {
        CW_PJ_ELEMENT(cw_clone)
        const json_t *a;
        v->id = cw_pj_text(r, o, "id");
        v->alterations = cw_pj_strings(r, o, "alterations");
        v->doubling_days = cw_pj_interval(o, "doubling_days");
        CW_PJ_WORD(r, o, "status", cw_status_parse, &v->status);
        v->trajectory = cw_pj_list(r, o, "trajectory", sizeof *v->trajectory, &v->n_trajectory, &a);
        if (!v->trajectory) v->n_trajectory = 0;
        for (size_t k = 0; k < v->n_trajectory; k++) v->trajectory[k] = cw_pj_at(a, k, NAN);
        v->co_membership = cw_json_get_real(o, "co_membership");
        v->order = cw_pj_text(r, o, "order");
        r->list = "clones";
    }
}

static void read_nodes(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "nodes", cw_node_state, nodes, n_nodes)
    {
        CW_PJ_ELEMENT(cw_node_state)
        v->node = cw_pj_text(r, o, "node");
        v->alterations = cw_pj_strings(r, o, "alterations");
        v->ln_e = cw_json_get_real(o, "ln_e");
        v->ln_threshold = cw_json_get_real(o, "ln_threshold");
        CW_PJ_WORD(r, o, "status", cw_status_parse, &v->status);
    }
}

static void read_phases(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "phases", cw_phase_fact, phases, n_phases)
    {
        CW_PJ_ELEMENT(cw_phase_fact)
        *v = (cw_phase_fact){cw_pj_text(r, o, "a"), cw_pj_text(r, o, "b"), cw_json_get_int(o, "cis", 0), cw_json_get_int(o, "trans_a", 0),
                             cw_json_get_int(o, "trans_b", 0), cw_pj_draw_index(r, o, "draw")};
    }
}

static int read_tristate(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_boolean(v) ? json_is_true(v) : -1;
}

static void read_response(cw_pj_reader *r, const json_t *root)
{
    const json_t *o = json_object_get(root, "response"), *ratio = json_object_get(o, "resistance_to_driver"), *mrd = json_object_get(o, "mrd");
    const json_t *range = json_object_get(mrd, "interval");
    r->p->response = (cw_response){.molecular = cw_pj_text(r, o, "molecular"), .preset = cw_pj_text(r, o, "preset"), .mixed = read_tristate(o, "mixed"),
        .driver_resistance_ratio = cw_json_get_real(ratio, "ratio"), .ratio_lo = cw_json_get_real(ratio, "lo"), .ratio_hi = cw_json_get_real(ratio, "hi"),
        .wildtype_escape = read_tristate(ratio, "wildtype_escape"), .tumour_fraction = cw_json_get_real(mrd, "tumour_fraction"),
        .tumour_fraction_lo = cw_pj_at(range, 0, NAN), .tumour_fraction_hi = cw_pj_at(range, 1, NAN), .mrd_ln_e = cw_json_get_real(mrd, "ln_e"),
        .mrd_lod = cw_json_get_real(mrd, "lod"), .mrd_lod_bound = cw_json_get_real(mrd, "lod_bound"),
        .preset_version = (int)cw_json_get_int(o, "preset_version", 0)};
}

static void read_alarms(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "alarms", cw_alarm, alarms, n_alarms)
    {
        CW_PJ_ELEMENT(cw_alarm)
        v->id = cw_pj_text(r, o, "id");
        v->level = cw_pj_text(r, o, "level");
        v->kind = cw_pj_text(r, o, "kind");
        v->what = cw_pj_text(r, o, "what");
        v->draw = cw_pj_draw_index(r, o, "draw");
        v->date = cw_pj_day(r, o, "date");
        v->day = cw_json_get_real(o, "day");
        v->ln_e = cw_json_get_real(o, "ln_e");
        v->confirmed_by_model = cw_json_get_bool(o, "confirmed_by_model", true);
    }
    const json_t *alterations = json_object_get(root, "alterations");
    for (size_t i = 0; i < r->p->n_alterations; i++) {
        const char *id = cw_json_get_string(json_object_get(json_array_get(alterations, i), "first_alarm"), "alarm");
        for (size_t k = 0; *id && k < r->p->n_alarms; k++)
            if (r->p->alarms[k].id && !strcmp(r->p->alarms[k].id, id)) r->p->alterations[i].first_alarm = (ptrdiff_t)k;
    }
}

static cw_level read_level(cw_pj_reader *r, const json_t *o)
{
    const json_t *l = json_object_get(o, "level");
    return (cw_level){cw_pj_text(r, l, "scheme"), cw_pj_text(r, l, "value")};
}

static void read_findings(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "findings", cw_finding, findings, n_findings)
    {
        CW_PJ_ELEMENT(cw_finding)
        v->id = cw_pj_text(r, o, "id");
        v->alteration = cw_pj_text(r, o, "alteration");
        v->clone = cw_pj_text(r, o, "clone");
        v->rule = cw_pj_text(r, o, "rule");
        v->mechanism = cw_pj_text(r, o, "mechanism");
        v->node = cw_pj_text(r, o, "node");
        v->explains_line = cw_pj_text(r, o, "explains_line");
        v->level = read_level(r, o);
        v->review = cw_pj_text(r, o, "review");
        v->statement = cw_pj_text(r, o, "statement");
        v->citations = cw_pj_strings(r, o, "citations");
        r->list = "findings";
    }
}

static void read_advice(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "advice", cw_advice, advice, n_advice)
    {
        CW_PJ_ELEMENT(cw_advice)
        v->id = cw_pj_text(r, o, "id");
        v->agent = cw_pj_text(r, o, "agent");
        CW_PJ_WORD(r, o, "verdict", cw_verdict_parse, &v->verdict);
        v->covers = cw_pj_strings(r, o, "covers");
        v->leaves = cw_pj_strings(r, o, "leaves");
        v->unanswered = cw_pj_strings(r, o, "unanswered");
        v->conditions = cw_pj_strings(r, o, "conditions");
        v->contradicted = cw_json_get_bool(o, "contradicted", false);
        v->findings = cw_pj_strings(r, o, "findings");
        v->level = read_level(r, o);
        v->review = cw_pj_text(r, o, "review");
        v->statement = cw_pj_text(r, o, "statement");
        v->citations = cw_pj_strings(r, o, "citations");
        r->list = "advice";
    }
}

static void read_not_assessable(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "not_assessable", cw_not_assessable, not_assessable, n_not_assessable)
    {
        CW_PJ_ELEMENT(cw_not_assessable)
        *v = (cw_not_assessable){cw_pj_text(r, o, "what"), cw_pj_text(r, o, "why"), cw_pj_text(r, o, "assay")};
    }
}

void cw_pj_read_conclusions(cw_pj_reader *r, const json_t *root)
{
    read_clones(r, root);
    read_nodes(r, root);
    read_phases(r, root);
    read_response(r, root);
    read_alarms(r, root);
    read_findings(r, root);
    read_advice(r, root);
    read_not_assessable(r, root);
}
