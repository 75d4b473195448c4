/* SPDX-License-Identifier: MIT */
/* patient_json.c - cw_patient -> patient.json. Key order is the order of formats: what a reader looks for first stands first. */
#include "io/patient_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <clonewatch/version.h>
#include <htslib/hts.h>
#include "base/parse.h"

static json_t *day_value(cw_json *j, const cw_day *d)
{
    if (!d->known) return json_null();
    if (!d->is_date) return json_integer((json_int_t)d->day);
    char text[16];
    cw_format_date(d->day, text);
    return cw_json_string(j, text);
}

static json_t *strings(cw_json *j, const cw_strings *s)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < s->n; i++) cw_json_append(j, a, cw_json_string(j, s->v[i]));
    return a;
}

/* [lo, est, hi]; an infinite end is null inside the array; nothing estimable is null as a whole. */
static json_t *interval(cw_json *j, const cw_interval *v)
{
    if (isnan(v->lo) && isnan(v->est) && isnan(v->hi)) return json_null();
    json_t *a = cw_json_array(j);
    cw_json_append(j, a, cw_json_real(j, v->lo));
    cw_json_append(j, a, cw_json_real(j, v->est));
    cw_json_append(j, a, cw_json_real(j, v->hi));
    return a;
}

static json_t *pair(cw_json *j, double lo, double hi)
{
    if (isnan(lo) && isnan(hi)) return json_null();
    json_t *a = cw_json_array(j);
    cw_json_append(j, a, cw_json_real(j, lo));
    cw_json_append(j, a, cw_json_real(j, hi));
    return a;
}

static json_t *tristate(int v) { return v < 0 ? json_null() : json_boolean(v > 0); }

static const char *draw_id(const cw_patient *p, size_t draw) { return draw < p->n_draws ? p->draws[draw].id : ""; }

static json_t *provenance(cw_json *j, const cw_patient *p)
{
    json_t *o = cw_json_object(j), *inputs = cw_json_array(j);
    cw_json_set_string(j, o, "version", CLONEWATCH_VERSION);
    cw_json_set_string(j, o, "command", p->command);
    cw_json_set_string(j, o, "htslib", hts_version());
    cw_json_set_string(j, o, "panel", p->panel);
    cw_json_set_string(j, o, "panel_version", p->panel_version);
    cw_json_set_string(j, o, "knowledge", p->knowledge_version);
    cw_json_set_string(j, o, "background", p->background_model);
    cw_json_set_bool(j, o, "background_is_default", p->background_is_default);
    for (size_t i = 0; i < p->n_inputs; i++) {
        json_t *in = cw_json_object(j);
        cw_json_set_string(j, in, "path_basename", p->inputs[i].name);
        cw_json_set_string(j, in, "sha256", p->inputs[i].sha256);
        cw_json_append(j, inputs, in);
    }
    cw_json_set(j, o, "inputs", inputs);
    return o;
}

static json_t *level_sets(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_sets; i++) {
        const cw_background_set *s = &p->sets[i].set;
        json_t *o = cw_json_object(j), *omega = cw_json_array(j);
        cw_json_set_string(j, o, "level", p->sets[i].level);
        cw_json_set_string(j, o, "model", s->model);
        cw_json_set_bool(j, o, "is_default", s->is_default);
        cw_json_set_real(j, o, "omega_hat", s->omega_hat);
        for (size_t k = 0; k < s->n_omega; k++) cw_json_append(j, omega, cw_json_real(j, s->omega[k]));
        cw_json_set(j, o, "omega", omega);
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *patient_object(cw_json *j, const cw_patient *p)
{
    json_t *o = cw_json_object(j);
    cw_json_set_string(j, o, "id", p->id);
    cw_json_set_string(j, o, "tumour_type", p->tumour_type);
    cw_json_set_string(j, o, "sex", p->sex);
    cw_json_set_real(j, o, "alpha", p->alpha);
    cw_json_set_real(j, o, "alpha_confirmed", p->alpha_confirmed);
    cw_json_set_real(j, o, "zero_day", p->zero_day);
    cw_json_set_string(j, o, "weights_basis", p->weights_basis);
    cw_json_set_real(j, o, "ln_e", p->patient_ln_e);
    cw_json_set(j, o, "backgrounds", level_sets(j, p));
    return o;
}

static json_t *lines(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_lines; i++) {
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "id", p->lines[i].id);
        cw_json_set(j, o, "agents", strings(j, &p->lines[i].agents));
        cw_json_set(j, o, "start", day_value(j, &p->lines[i].start));
        cw_json_set(j, o, "stop", day_value(j, &p->lines[i].stop));
        cw_json_set_string(j, o, "setting", p->lines[i].setting);
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *surgeries(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_surgeries; i++) {
        char id[32];
        snprintf(id, sizeof id, "surgery-%zu", i + 1);
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "id", id);
        cw_json_set(j, o, "date", day_value(j, &p->surgeries[i].date));
        cw_json_set_string(j, o, "result", p->surgeries[i].result);
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *imaging(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_imaging; i++) {
        char id[32];
        snprintf(id, sizeof id, "imaging-%zu", i + 1);
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "id", id);
        cw_json_set(j, o, "date", day_value(j, &p->imaging[i].date));
        cw_json_set_string(j, o, "result", p->imaging[i].result);
        cw_json_set_bool(j, o, "progression", p->imaging[i].progression);
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *facts(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_facts; i++) {
        char id[32];
        snprintf(id, sizeof id, "fact-%zu", i + 1);
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "id", id);
        cw_json_set(j, o, "date", day_value(j, &p->facts[i].date));
        cw_json_set_string(j, o, "test", p->facts[i].test);
        cw_json_set_string(j, o, "result", p->facts[i].result);
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *draws(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_draws; i++) {
        const cw_patient_draw *d = &p->draws[i];
        json_t *o = cw_json_object(j), *qc = NULL;
        cw_json_set_string(j, o, "id", d->id);
        cw_json_set_string(j, o, "sample", d->sample);
        cw_json_set(j, o, "date", day_value(j, &d->date));
        cw_json_set_real(j, o, "day", d->day);
        cw_json_set_count(j, o, "molecules", d->molecules);
        cw_json_set_real(j, o, "plasma_ml", d->plasma_ml);
        cw_json_set_real(j, o, "cfdna_ng", d->cfdna_ng);
        cw_json_watch();
        if (d->qc && *d->qc) qc = json_loads(d->qc, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
        if (cw_json_starved()) j->failed = true;
        cw_json_set(j, o, "qc", qc ? qc : json_null());
        cw_json_set_bool(j, o, "excluded", d->excluded);
        cw_json_set_string(j, o, "exclude_reason", d->exclude_reason);
        cw_json_set_bool(j, o, "has_calls", d->has_call_file);
        cw_json_set_string(j, o, "level", d->level);
        cw_json_set_string(j, o, "calls", d->calls_name);
        cw_json_set_string(j, o, "calls_sha256", d->calls_sha256);
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *points(cw_json *j, const cw_patient *p, const cw_alteration *alteration)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < alteration->n_points; i++) {
        const cw_point *v = &alteration->points[i];
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "draw", draw_id(p, v->draw));
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
    cw_json_set_string(j, o, "draw", draw_id(p, a->draw));
    cw_json_set(j, o, "date", day_value(j, &a->date));
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
        cw_json_set(j, o, "doubling_days", interval(j, &g->doubling_days));
        cw_json_set(j, o, "half_life_days", interval(j, &g->half_life_days));
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
    cw_json_set(j, o, "crossing_day", interval(j, &f->crossing_day));
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
    cw_json_set(j, o, "doubling_days", interval(j, &x->doubling_days));
    cw_json_set(j, o, "growth", growth(j, x));
    cw_json_set(j, o, "forecast", forecast(j, &x->forecast));
    cw_json_set_real(j, o, "lead_days", x->lead_days);
    cw_json_set(j, o, "lead_interval", pair(j, x->lead_lo, x->lead_hi));
    cw_json_set_bool(j, o, "lead_censored", x->lead_censored);
    cw_json_set_string(j, o, "stated_by", x->stated_by);
    cw_json_set(j, o, "background", rates(j, x));
    cw_json_set(j, o, "points", points(j, p, x));
    return o;
}

static json_t *clones(cw_json *j, const cw_patient *p)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < p->n_clones; i++) {
        const cw_clone *c = &p->clones[i];
        json_t *o = cw_json_object(j), *trajectory = cw_json_array(j);
        cw_json_set_string(j, o, "id", c->id);
        cw_json_set(j, o, "alterations", strings(j, &c->alterations));
        cw_json_set(j, o, "doubling_days", interval(j, &c->doubling_days));
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
        cw_json_set(j, o, "alterations", strings(j, &n->alterations));
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
        cw_json_set_string(j, o, "draw", draw_id(p, f->draw));
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *response(cw_json *j, const cw_response *r)
{
    json_t *o = cw_json_object(j), *ratio = cw_json_object(j), *mrd = cw_json_object(j);
    cw_json_set_string(j, o, "molecular", r->molecular);
    cw_json_set_string(j, o, "preset", r->preset);
    cw_json_set(j, o, "mixed", tristate(r->mixed));
    cw_json_set_real(j, ratio, "ratio", r->driver_resistance_ratio);
    cw_json_set_real(j, ratio, "lo", r->ratio_lo);
    cw_json_set_real(j, ratio, "hi", r->ratio_hi);
    cw_json_set(j, ratio, "wildtype_escape", tristate(r->wildtype_escape));
    cw_json_set(j, o, "resistance_to_driver", ratio);
    cw_json_set_real(j, mrd, "tumour_fraction", r->tumour_fraction);
    cw_json_set(j, mrd, "interval", pair(j, r->tumour_fraction_lo, r->tumour_fraction_hi));
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
        cw_json_set_string(j, o, "draw", draw_id(p, x->draw));
        cw_json_set(j, o, "date", day_value(j, &x->date));
        cw_json_set_real(j, o, "day", x->day);
        cw_json_set_real(j, o, "ln_e", x->ln_e);
        cw_json_set_bool(j, o, "confirmed_by_model", x->confirmed_by_model);
        cw_json_append(j, a, o);
    }
    return a;
}

static json_t *level(cw_json *j, const cw_level *l)
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
        cw_json_set(j, o, "level", level(j, &f->level));
        cw_json_set_string(j, o, "review", f->review);
        cw_json_set_string(j, o, "statement", f->statement);
        cw_json_set(j, o, "citations", strings(j, &f->citations));
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
        cw_json_set(j, o, "covers", strings(j, &d->covers));
        cw_json_set(j, o, "leaves", strings(j, &d->leaves));
        cw_json_set(j, o, "conditions", strings(j, &d->conditions));
        cw_json_set(j, o, "findings", strings(j, &d->findings));
        cw_json_set(j, o, "level", level(j, &d->level));
        cw_json_set_string(j, o, "review", d->review);
        cw_json_set_string(j, o, "statement", d->statement);
        cw_json_set(j, o, "citations", strings(j, &d->citations));
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

int cw_patient_to_json(const cw_patient *p, json_t **value, cw_err *err)
{
    cw_json j = {0};
    json_t *o = cw_json_object(&j), *alterations = cw_json_array(&j);
    *value = NULL;
    cw_json_set(&j, o, "clonewatch", provenance(&j, p));
    cw_json_set(&j, o, "patient", patient_object(&j, p));
    cw_json_set(&j, o, "notices", strings(&j, &p->notices));
    cw_json_set(&j, o, "since_previous", strings(&j, &p->since_previous));
    cw_json_set(&j, o, "lines", lines(&j, p));
    cw_json_set(&j, o, "imaging", imaging(&j, p));
    cw_json_set(&j, o, "surgeries", surgeries(&j, p));
    cw_json_set(&j, o, "facts", facts(&j, p));
    cw_json_set(&j, o, "draws", draws(&j, p));
    for (size_t i = 0; i < p->n_alterations; i++) cw_json_append(&j, alterations, alteration(&j, p, &p->alterations[i]));
    cw_json_set(&j, o, "alterations", alterations);
    cw_json_set(&j, o, "clones", clones(&j, p));
    cw_json_set(&j, o, "nodes", nodes(&j, p));
    cw_json_set(&j, o, "phases", phases(&j, p));
    cw_json_set(&j, o, "response", response(&j, &p->response));
    cw_json_set(&j, o, "alarms", alarms(&j, p));
    cw_json_set(&j, o, "findings", findings(&j, p));
    cw_json_set(&j, o, "advice", advice(&j, p));
    cw_json_set(&j, o, "not_assessable", not_assessable(&j, p));
    if (cw_json_failed(&j, err) < 0) {
        json_decref(o);
        return CW_ENOMEM;
    }
    *value = o;
    return 0;
}
