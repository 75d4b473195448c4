/* SPDX-License-Identifier: MIT */
/* patient_json_given.c - what patient.json was given: who, with what, lines of therapy, imaging, operations, other tests, draws. */
#include "io/patient_json_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <clonewatch/version.h>
#include <htslib/hts.h>

/* --- writing --- */

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
        cw_json_set(j, o, "agents", cw_pj_put_strings(j, &p->lines[i].agents));
        cw_json_set(j, o, "start", cw_pj_put_day(j, &p->lines[i].start));
        cw_json_set(j, o, "stop", cw_pj_put_day(j, &p->lines[i].stop));
        cw_json_set_string(j, o, "setting", p->lines[i].setting);
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
        cw_json_set(j, o, "date", cw_pj_put_day(j, &p->imaging[i].date));
        cw_json_set_string(j, o, "result", p->imaging[i].result);
        cw_json_set_bool(j, o, "progression", p->imaging[i].progression);
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
        cw_json_set(j, o, "date", cw_pj_put_day(j, &p->surgeries[i].date));
        cw_json_set_string(j, o, "result", p->surgeries[i].result);
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
        cw_json_set(j, o, "date", cw_pj_put_day(j, &p->facts[i].date));
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
        cw_json_set(j, o, "date", cw_pj_put_day(j, &d->date));
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

void cw_pj_put_given(cw_json *j, json_t *o, const cw_patient *p)
{
    cw_json_set(j, o, "clonewatch", provenance(j, p));
    cw_json_set(j, o, "patient", patient_object(j, p));
    cw_json_set(j, o, "notices", cw_pj_put_strings(j, &p->notices));
    cw_json_set(j, o, "since_previous", cw_pj_put_strings(j, &p->since_previous));
    cw_json_set(j, o, "lines", lines(j, p));
    cw_json_set(j, o, "imaging", imaging(j, p));
    cw_json_set(j, o, "surgeries", surgeries(j, p));
    cw_json_set(j, o, "facts", facts(j, p));
    cw_json_set(j, o, "draws", draws(j, p));
}

/* --- reading --- */

static void read_provenance(cw_pj_reader *r, const json_t *root)
{
    const json_t *cw = json_object_get(root, "clonewatch");
    cw_patient *p = r->p;
    p->command = cw_pj_text(r, cw, "command");
    p->panel = cw_pj_text(r, cw, "panel");
    p->panel_version = cw_pj_text(r, cw, "panel_version");
    p->knowledge_version = cw_pj_text(r, cw, "knowledge");
    p->background_model = cw_pj_text(r, cw, "background");
    p->background_is_default = cw_json_get_bool(cw, "background_is_default", false);
    CW_PJ_EACH(r, cw, "inputs", cw_input, inputs, n_inputs)
    {
        CW_PJ_ELEMENT(cw_input)
        v->name = cw_pj_text(r, o, "path_basename");
        v->sha256 = cw_pj_text(r, o, "sha256");
    }
}

static void read_patient(cw_pj_reader *r, const json_t *root)
{
    const json_t *o_patient = json_object_get(root, "patient");
    cw_patient *p = r->p;
    p->id = cw_pj_text(r, o_patient, "id");
    p->tumour_type = cw_pj_text(r, o_patient, "tumour_type");
    p->sex = cw_pj_text(r, o_patient, "sex");
    p->alpha = cw_json_get_real(o_patient, "alpha");
    p->alpha_confirmed = cw_json_get_real(o_patient, "alpha_confirmed");
    p->zero_day = cw_json_get_real(o_patient, "zero_day");
    p->weights_basis = cw_pj_text(r, o_patient, "weights_basis");
    p->patient_ln_e = cw_json_get_real(o_patient, "ln_e");
    CW_PJ_EACH(r, o_patient, "backgrounds", cw_level_set, sets, n_sets)
    {
        CW_PJ_ELEMENT(cw_level_set)
        const json_t *omega = json_object_get(o, "omega");
        v->level = cw_pj_text(r, o, "level");
        v->set.model = cw_pj_text(r, o, "model");
        v->set.is_default = cw_json_get_bool(o, "is_default", false);
        v->set.omega_hat = cw_json_get_real(o, "omega_hat");
        if (json_array_size(omega) > sizeof v->set.omega / sizeof *v->set.omega) cw_pj_fail(r, "has too many values:", "omega");
        else v->set.n_omega = json_array_size(omega);
        for (size_t k = 0; k < v->set.n_omega; k++) v->set.omega[k] = cw_pj_at(omega, k, NAN);
    }
    p->notices = cw_pj_strings(r, root, "notices");
    p->since_previous = cw_pj_strings(r, root, "since_previous");
}

static void read_lines(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "lines", cw_line, lines, n_lines)
    {
        CW_PJ_ELEMENT(cw_line)
        v->id = cw_pj_text(r, o, "id");
        v->agents = cw_pj_strings(r, o, "agents");
        r->list = "lines";
        v->start = cw_pj_day(r, o, "start");
        v->stop = cw_pj_day(r, o, "stop");
        v->setting = cw_pj_text(r, o, "setting");
    }
}

static void read_imaging(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "imaging", cw_imaging, imaging, n_imaging)
    {
        CW_PJ_ELEMENT(cw_imaging)
        v->date = cw_pj_day(r, o, "date");
        v->result = cw_pj_text(r, o, "result");
        v->progression = cw_json_get_bool(o, "progression", false);
    }
}

static void read_surgeries(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "surgeries", cw_surgery, surgeries, n_surgeries)
    {
        CW_PJ_ELEMENT(cw_surgery)
        v->date = cw_pj_day(r, o, "date");
        v->result = cw_pj_text(r, o, "result");
    }
}

static void read_facts(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "facts", cw_fact, facts, n_facts)
    {
        CW_PJ_ELEMENT(cw_fact)
        v->date = cw_pj_day(r, o, "date");
        v->test = cw_pj_text(r, o, "test");
        v->result = cw_pj_text(r, o, "result");
    }
}

static void read_draws(cw_pj_reader *r, const json_t *root)
{
    CW_PJ_EACH(r, root, "draws", cw_patient_draw, draws, n_draws)
    {
        CW_PJ_ELEMENT(cw_patient_draw)
        const json_t *qc = json_object_get(o, "qc");
        v->id = cw_pj_text(r, o, "id");
        v->sample = cw_pj_text(r, o, "sample");
        v->date = cw_pj_day(r, o, "date");
        v->day = cw_json_get_real(o, "day");
        v->molecules = cw_json_get_int(o, "molecules", -1);
        v->plasma_ml = cw_json_get_real(o, "plasma_ml");
        v->cfdna_ng = cw_json_get_real(o, "cfdna_ng");
        v->qc = "";
        if (qc && !json_is_null(qc)) {
            cw_json_watch();
            char *dump = json_dumps(qc, JSON_COMPACT | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY);
            if (dump && !cw_json_starved()) v->qc = cw_pj_keep(r, dump);
            else cw_pj_nomem(r);
            free(dump);
        }
        v->excluded = cw_json_get_bool(o, "excluded", false);
        v->exclude_reason = cw_pj_text(r, o, "exclude_reason");
        v->has_call_file = cw_json_get_bool(o, "has_calls", false);
        v->level = cw_pj_text(r, o, "level");
        v->calls_name = cw_pj_text(r, o, "calls");
        v->calls_sha256 = cw_pj_text(r, o, "calls_sha256");
        if (!isfinite(v->day)) cw_pj_fail(r, "has no day:", v->id);
        for (size_t k = 0; k < i; k++)
            if (!strcmp(items_[k].id, v->id)) cw_pj_fail(r, "stands twice:", v->id);
    }
}

void cw_pj_read_given(cw_pj_reader *r, const json_t *root)
{
    read_provenance(r, root);
    read_patient(r, root);
    read_lines(r, root);
    read_imaging(r, root);
    read_surgeries(r, root);
    read_facts(r, root);
    read_draws(r, root);
}
