/* SPDX-License-Identifier: MIT */
/* patient_json_alterations.c - the alterations: what each draw saw of them, evidence, growth, forecast. */
#include "io/patient_json_parts.h"

#include <math.h>

/* --- writing --- */

static json_t *points(cw_json *j, const cw_patient *p, const cw_alteration *alteration)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < alteration->n_points; i++) {
        const cw_point *v = &alteration->points[i];
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "draw", cw_pj_draw_id(p, v->draw));
        cw_json_set_count(j, o, "ref", v->ref);
        cw_json_set_count(j, o, "alt", v->alt);
        cw_json_set_count(j, o, "other", v->other);
        cw_json_set_count(j, o, "depth", v->depth);
        cw_json_set_real(j, o, "vaf", v->vaf);
        cw_json_set_real(j, o, "lo", v->lo);
        cw_json_set_real(j, o, "hi", v->hi);
        cw_json_set_real(j, o, "lod", v->lod);
        cw_json_set_real(j, o, "lod_alarm", v->lod_alarm);
        cw_json_set_real(j, o, "ln_e", v->ln_e);
        cw_json_set_real(j, o, "ln_e_growth", v->ln_e_growth);
        cw_json_set_real(j, o, "ln_bf", v->ln_bf);
        cw_json_set_real(j, o, "ln_bf_strand", v->ln_bf_strand);
        cw_json_set_string(j, o, "state", cw_call_state_name(v->state));
        cw_json_set_count(j, o, "k_star", v->k_star);
        if (v->limit_only) cw_json_set_bool(j, o, "limit_only", true);
        cw_json_set_real(j, o, "per_ml", v->per_ml);
        cw_json_set_real(j, o, "per_ml_lo", v->per_ml_lo);
        cw_json_set_real(j, o, "per_ml_hi", v->per_ml_hi);
        cw_json_set_string(j, o, "filters", v->filters);
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *evidence(cw_json *j, const cw_evidence *e)
{
    json_t *o = cw_json_object(j);
    cw_json_set_real(j, o, "ln_e", e->ln_e);
    cw_json_set_real(j, o, "ln_threshold", e->ln_threshold);
    cw_json_set_real(j, o, "false_alarm_bound", e->false_alarm_bound);
    cw_json_set_real(j, o, "ln_e_growth", e->ln_e_growth);
    cw_json_set_real(j, o, "weight", e->weight);
    cw_json_set_count(j, o, "tier", e->tier > 0 ? e->tier : -1);
    cw_json_set_string(j, o, "test", e->on_growth ? "growth" : "emergence");
    return o;
}

static json_t *first_alarm(cw_json *j, const cw_patient *p, ptrdiff_t index)
{
    if (index < 0 || (size_t)index >= p->n_alarms) return json_null();
    const cw_alarm *a = &p->alarms[index];
    json_t *o = cw_json_object(j);
    cw_json_set_string(j, o, "alarm", a->id);
    cw_json_set_string(j, o, "level", a->level);
    cw_json_set_string(j, o, "kind", a->kind);
    cw_json_set_string(j, o, "draw", cw_pj_draw_id(p, a->draw));
    cw_json_set(j, o, "date", cw_pj_put_day(j, &a->date));
    cw_json_set_real(j, o, "day", a->day);
    return o;
}

static json_t *growth(cw_json *j, const cw_alteration *x)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < x->n_growth; i++) {
        const cw_growth *g = &x->growth[i];
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "line", g->line);
        cw_json_set(j, o, "doubling_days", cw_pj_put_interval(j, &g->doubling_days));
        cw_json_set(j, o, "half_life_days", cw_pj_put_interval(j, &g->half_life_days));
        cw_json_set_real(j, o, "p_rising", g->p_rising);
        cw_json_set_real(j, o, "noise_cv", g->noise_cv);
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *forecast(cw_json *j, const cw_forecast *f)
{
    if (!(f->threshold_vaf > 0)) return json_null();
    json_t *o = cw_json_object(j);
    cw_json_set_real(j, o, "threshold_vaf", f->threshold_vaf);
    cw_json_set(j, o, "crossing_day", cw_pj_put_interval(j, &f->crossing_day));
    cw_json_set_real(j, o, "p_no_crossing", f->p_no_crossing);
    cw_json_set_string(j, o, "refused", f->refused);
    return o;
}

static json_t *rates(cw_json *j, const cw_alteration *x)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < x->n_rates; i++) {
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "level", x->rates[i].level);
        cw_json_set_real(j, o, "a", x->rates[i].bg.a);
        cw_json_set_real(j, o, "b", x->rates[i].bg.b);
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *alteration(cw_json *j, const cw_patient *p, const cw_alteration *x)
{
    json_t *o = cw_json_object(j);
    cw_json_set_string(j, o, "id", x->id);
    cw_json_set_string(j, o, "gene", x->gene);
    cw_json_set_string(j, o, "name", x->name);
    cw_json_set_string(j, o, "type", cw_allele_type_name(x->type));
    cw_json_set_string(j, o, "role", cw_role_name(x->role));
    cw_json_set_string(j, o, "node", x->node);
    cw_json_set_string(j, o, "mechanism", x->mechanism);
    cw_json_set_string(j, o, "build", x->build == CW_BUILD_UNKNOWN ? "" : cw_build_name(x->build));
    cw_json_set_string(j, o, "contig", x->contig);
    cw_json_set_count(j, o, "pos", x->contig && *x->contig ? x->beg + 1 : -1);
    cw_json_set_string(j, o, "ref", x->ref);
    cw_json_set_string(j, o, "alt", x->alt);
    cw_json_set_string(j, o, "baseline", cw_baseline_name(x->baseline));
    cw_json_set_string(j, o, "status", cw_status_name(x->status));
    cw_json_set_string(j, o, "origin", cw_origin_name(x->origin));
    cw_json_set_string(j, o, "origin_terms", x->origin_terms);
    cw_json_set_string(j, o, "statement", x->statement);
    cw_json_set(j, o, "evidence", evidence(j, &x->evidence));
    cw_json_set_bool(j, o, "late", x->late);
    cw_json_set(j, o, "first_alarm", first_alarm(j, p, x->first_alarm));
    cw_json_set(j, o, "doubling_days", cw_pj_put_interval(j, &x->doubling_days));
    cw_json_set(j, o, "growth", growth(j, x));
    cw_json_set(j, o, "forecast", forecast(j, &x->forecast));
    cw_json_set_real(j, o, "lead_days", x->lead_days);
    cw_json_set(j, o, "lead_interval", cw_pj_put_pair(j, x->lead_lo, x->lead_hi));
    cw_json_set_bool(j, o, "lead_censored", x->lead_censored);
    cw_json_set_string(j, o, "stated_by", x->stated_by);
    cw_json_set(j, o, "background", rates(j, x));
    cw_json_set(j, o, "points", points(j, p, x));
    return o;
}

void cw_pj_put_alterations(cw_json *j, json_t *o, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_alterations; i++) cw_json_append(j, a, alteration(j, p, &p->alterations[i]));
    cw_json_set(j, o, "alterations", a);
}

/* --- reading --- */

static void read_points(cw_pj_reader *r, const json_t *alteration, cw_alteration *x)
{
    const json_t *a;
    x->points = cw_pj_list(r, alteration, "points", sizeof *x->points, &x->n_points, &a);
    if (!x->points) x->n_points = 0;
    for (size_t i = 0; i < x->n_points && r->status >= 0; i++) {
        const json_t *o = json_array_get(a, i);
        cw_point *v = &x->points[i];
        v->draw = cw_pj_draw_index(r, o, "draw");
        v->ref = cw_json_get_int(o, "ref", -1);
        v->alt = cw_json_get_int(o, "alt", -1);
        v->other = cw_json_get_int(o, "other", -1);
        v->depth = cw_json_get_int(o, "depth", -1);
        v->vaf = cw_json_get_real(o, "vaf");
        v->lo = cw_json_get_real(o, "lo");
        v->hi = cw_json_get_real(o, "hi");
        v->lod = cw_json_get_real(o, "lod");
        v->lod_alarm = cw_json_get_real(o, "lod_alarm");
        v->ln_e = cw_json_get_real(o, "ln_e");
        v->ln_e_growth = cw_json_get_real(o, "ln_e_growth");
        v->ln_bf = cw_json_get_real(o, "ln_bf");
        v->ln_bf_strand = cw_json_get_real(o, "ln_bf_strand");
        CW_PJ_WORD(r, o, "state", cw_call_state_parse, &v->state);
        v->k_star = cw_json_get_int(o, "k_star", -1);
        v->limit_only = cw_json_get_bool(o, "limit_only", false);
        v->per_ml = cw_json_get_real(o, "per_ml");
        v->per_ml_lo = cw_json_get_real(o, "per_ml_lo");
        v->per_ml_hi = cw_json_get_real(o, "per_ml_hi");
        v->filters = cw_pj_text(r, o, "filters");
    }
}

static void read_growth(cw_pj_reader *r, const json_t *alteration, cw_alteration *x)
{
    const json_t *a;
    x->growth = cw_pj_list(r, alteration, "growth", sizeof *x->growth, &x->n_growth, &a);
    if (!x->growth) x->n_growth = 0;
    for (size_t i = 0; i < x->n_growth; i++) {
        const json_t *o = json_array_get(a, i);
        cw_growth *v = &x->growth[i];
        v->line = cw_pj_text(r, o, "line");
        v->doubling_days = cw_pj_interval(o, "doubling_days");
        v->half_life_days = cw_pj_interval(o, "half_life_days");
        v->p_rising = cw_json_get_real(o, "p_rising");
        v->noise_cv = cw_json_get_real(o, "noise_cv");
    }
}

static void read_rates(cw_pj_reader *r, const json_t *alteration, cw_alteration *x)
{
    const json_t *a;
    x->rates = cw_pj_list(r, alteration, "background", sizeof *x->rates, &x->n_rates, &a);
    if (!x->rates) x->n_rates = 0;
    for (size_t i = 0; i < x->n_rates; i++) {
        const json_t *o = json_array_get(a, i);
        x->rates[i] = (cw_level_rate){cw_pj_text(r, o, "level"), {cw_json_get_real(o, "a"), cw_json_get_real(o, "b")}};
    }
}

static void read_judgement(cw_pj_reader *r, const json_t *o, cw_alteration *v)
{
    const json_t *e = json_object_get(o, "evidence"), *f = json_object_get(o, "forecast"), *lead = json_object_get(o, "lead_interval");
    CW_PJ_WORD(r, o, "baseline", cw_baseline_parse, &v->baseline);
    CW_PJ_WORD(r, o, "status", cw_status_parse, &v->status);
    CW_PJ_WORD(r, o, "origin", cw_origin_parse, &v->origin);
    v->origin_terms = cw_pj_text(r, o, "origin_terms");
    v->statement = cw_pj_text(r, o, "statement");
    v->evidence = (cw_evidence){.ln_e = cw_json_get_real(e, "ln_e"), .ln_e_growth = cw_json_get_real(e, "ln_e_growth"),
                                .ln_threshold = cw_json_get_real(e, "ln_threshold"), .false_alarm_bound = cw_json_get_real(e, "false_alarm_bound"),
                                .weight = cw_json_get_real(e, "weight"), .tier = (int)cw_json_get_int(e, "tier", 0),
                                .on_growth = !strcmp(cw_json_get_string(e, "test"), "growth")};
    v->late = cw_json_get_bool(o, "late", false);
    v->first_alarm = -1; /* set once the alarms are known */
    v->doubling_days = cw_pj_interval(o, "doubling_days");
    v->forecast = (cw_forecast){.threshold_vaf = cw_json_get_real(f, "threshold_vaf"), .crossing_day = cw_pj_interval(f, "crossing_day"),
                                .p_no_crossing = cw_json_get_real(f, "p_no_crossing"), .refused = cw_pj_text(r, f, "refused")};
    v->lead_days = cw_json_get_real(o, "lead_days");
    v->lead_lo = cw_pj_at(lead, 0, NAN);
    v->lead_hi = cw_pj_at(lead, 1, NAN);
    v->lead_censored = cw_json_get_bool(o, "lead_censored", false);
}

void cw_pj_read_alterations(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "alterations", cw_alteration, alterations, n_alterations)
    {
        CW_PJ_ELEMENT(cw_alteration)
        v->id = cw_pj_text(r, o, "id");
        if (!*v->id) cw_pj_fail(r, "has no id:", "");
        v->gene = cw_pj_text(r, o, "gene");
        v->name = cw_pj_text(r, o, "name");
        v->type = cw_allele_type_parse(cw_json_get_string(o, "type"));
        CW_PJ_WORD(r, o, "role", cw_role_parse, &v->role);
        v->node = cw_pj_text(r, o, "node");
        v->mechanism = cw_pj_text(r, o, "mechanism");
        v->build = cw_build_parse(cw_json_get_string(o, "build"));
        v->contig = cw_pj_text(r, o, "contig");
        v->beg = cw_json_get_int(o, "pos", 0) - 1;
        v->ref = cw_pj_text(r, o, "ref");
        v->alt = cw_pj_text(r, o, "alt");
        read_judgement(r, o, v);
        v->stated_by = cw_pj_text(r, o, "stated_by");
        read_growth(r, o, v);
        read_rates(r, o, v);
        read_points(r, o, v);
        r->list = "alterations";
    }
}
