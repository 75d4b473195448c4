/* SPDX-License-Identifier: MIT */
/* patient_json.c - the objects of patient.json: a row for each field, in the order of the file. What a reader looks for first stands first. */
#include "io/patient_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <clonewatch/version.h>
#include <htslib/hts.h>
#include "base/mem.h"
#include "io/patient_json_kinds.h"

/* Rows of a table about records of type OF: key and member are one word; are two; the kind does not follow from the type; only the file has it. */
#define F(member) AS(#member, member)
#define AS(name, member) {.key = name, .kind = CW_PJ_KIND_OF(((OF *)0)->member), .at = offsetof(OF, member)}
#define KIND(name, kind_, type, member) {.key = name, .kind = &kind_, .at = AT(type, member)}
#define ONLY(name, kind_, word_) {.key = name, .kind = &kind_, .word = word_}
#define WHOLE(name, kind_) {.key = name, .kind = &kind_} /* a field of its own kind, which sees the whole record */
#define PAIR(name, lo, hi) {.key = name, .kind = &cw_pj_pair, .at = AT(double, lo), .also = AT(double, hi)}
#define REALS(member, count) {.key = #member, .kind = &cw_pj_reals, .at = AT(double *, member), .also = AT(size_t, count)}
#define LIST(name, member, count, shape_) {.key = name, .kind = &cw_pj_list, .at = offsetof(OF, member), .also = AT(size_t, count), .shape = &shape_}
#define OBJECT(name, member, shape_) {.key = name, .kind = &cw_pj_object, .at = offsetof(OF, member), .shape = &shape_}
#define PART(name, shape_) {.key = name, .kind = &cw_pj_object, .shape = &shape_} /* an object of the file whose fields are members of this record */
#define AT(type, member) (offsetof(OF, member) + 0 * _Generic(((OF *)0)->member, type: sizeof(type))) /* a member of another type does not compile */
#define SHAPE(fields, ...) {.size = sizeof(OF), .field = fields, .n = sizeof fields / sizeof *fields, __VA_ARGS__}

/* --- what was given: who, with what, lines of therapy, imaging, operations, other tests, draws --- */

#define OF cw_input
static const cw_pj_field input_fields[] = {AS("path_basename", name), F(sha256)};
static const cw_pj_shape input = SHAPE(input_fields);

#undef OF
#define OF cw_patient
static void put_htslib(cw_pj_writer *w, json_t *o, const cw_pj_field *f, const void *record) { (void)record, cw_json_set_string(&w->j, o, f->key, hts_version()); }
static const cw_pj_kind htslib = {put_htslib, NULL};
static const cw_pj_field provenance_fields[] = {
    ONLY("version", cw_pj_constant, CLONEWATCH_VERSION), F(command), WHOLE("htslib", htslib), F(panel), F(panel_version), AS("knowledge", knowledge_version),
    AS("background", background_model), F(background_is_default), LIST("inputs", inputs, n_inputs, input)};
static const cw_pj_shape provenance = SHAPE(provenance_fields);

#undef OF
#define OF cw_level_set
static void put_omega(cw_pj_writer *w, json_t *o, const cw_pj_field *f, const void *record)
{
    const cw_background_set *s = &((const cw_level_set *)record)->set;
    json_t *a = cw_json_array(&w->j);
    for (size_t i = 0; i < s->n_omega; i++) cw_json_append(&w->j, a, cw_json_real(&w->j, s->omega[i]));
    cw_json_set(&w->j, o, f->key, a);
}
static void read_omega(cw_pj_reader *r, const json_t *o, const cw_pj_field *f, void *record)
{
    cw_background_set *s = &((cw_level_set *)record)->set;
    const json_t *a = json_object_get(o, f->key);
    if (json_array_size(a) > sizeof s->omega / sizeof *s->omega) cw_pj_fail(r, f->key, "has too many values", NULL);
    else s->n_omega = json_array_size(a);
    for (size_t i = 0; i < s->n_omega; i++) s->omega[i] = cw_pj_at(a, i, NAN);
}
static const cw_pj_kind omega = {put_omega, read_omega};
static const cw_pj_field level_set_fields[] = {F(level), AS("model", set.model), AS("is_default", set.is_default), AS("omega_hat", set.omega_hat), WHOLE("omega", omega)};
static const cw_pj_shape level_set = SHAPE(level_set_fields);

#undef OF
#define OF cw_patient
static const cw_pj_field person_fields[] = {F(id), F(tumour_type), F(sex), F(alpha), F(alpha_confirmed), F(zero_day), F(weights_basis), AS("ln_e", patient_ln_e),
                                            LIST("backgrounds", sets, n_sets, level_set)};
static const cw_pj_shape person = SHAPE(person_fields);

#undef OF
#define OF cw_line
static const cw_pj_field line_fields[] = {F(id), F(agents), F(start), F(stop), F(setting)};
static const cw_pj_shape line = SHAPE(line_fields);

#undef OF
#define OF cw_imaging
static const cw_pj_field imaging_fields[] = {ONLY("id", cw_pj_numbered, "imaging"), F(date), F(result), F(progression)};
static const cw_pj_shape imaging = SHAPE(imaging_fields);

#undef OF
#define OF cw_surgery
static const cw_pj_field surgery_fields[] = {ONLY("id", cw_pj_numbered, "surgery"), F(date), F(result)};
static const cw_pj_shape surgery = SHAPE(surgery_fields);

#undef OF
#define OF cw_fact
static const cw_pj_field fact_fields[] = {ONLY("id", cw_pj_numbered, "fact"), F(date), F(test), F(result)};
static const cw_pj_shape fact = SHAPE(fact_fields);

#undef OF
#define OF cw_patient_draw
/* The quality of a draw is an object of the file and text in memory: nobody here looks into it. */
static void put_quality(cw_pj_writer *w, json_t *o, const cw_pj_field *f, const void *record)
{
    const char *text = ((const cw_patient_draw *)record)->qc;
    cw_json_watch();
    json_t *v = text && *text ? json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL) : NULL;
    if (cw_json_starved()) w->j.failed = true;
    cw_json_set(&w->j, o, f->key, v ? v : json_null());
}
static void read_quality(cw_pj_reader *r, const json_t *o, const cw_pj_field *f, void *record)
{
    const json_t *v = json_object_get(o, f->key);
    cw_patient_draw *d = record;
    d->qc = "";
    if (!v || json_is_null(v)) return;
    cw_json_watch();
    char *text = json_dumps(v, JSON_COMPACT | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY);
    if (text && !cw_json_starved()) d->qc = cw_pj_keep(r, text);
    else cw_pj_nomem(r);
    free(text);
}
static void check_draw(cw_pj_reader *r, const void *record)
{
    const cw_patient_draw *d = record;
    if (!isfinite(d->day)) cw_pj_fail(r, NULL, "has no day", d->id);
    for (const cw_patient_draw *before = r->p->draws; before < d; before++)
        if (!strcmp(before->id, d->id)) cw_pj_fail(r, NULL, "stands twice", d->id);
}
static const cw_pj_kind quality = {put_quality, read_quality};
static const cw_pj_field draw_fields[] = {F(id), F(sample), F(date), F(day), F(molecules), F(plasma_ml), F(cfdna_ng), WHOLE("qc", quality), F(excluded), F(exclude_reason),
                                          AS("has_calls", has_call_file), F(level), AS("calls", calls_name), F(calls_sha256)};
static const cw_pj_shape draw = SHAPE(draw_fields, .check = check_draw);

/* --- the alterations: what each draw saw of them, evidence, growth, forecast --- */

#undef OF
#define OF cw_point
static const cw_pj_field point_fields[] = {
    F(draw), F(ref), F(alt), F(other), F(depth), F(vaf), F(lo), F(hi), F(lod), F(lod_alarm), F(ln_e), F(ln_e_growth), F(ln_bf), F(ln_bf_strand), F(state), F(k_star),
    KIND("limit_only", cw_pj_flag, bool, limit_only), F(per_ml), F(per_ml_lo), F(per_ml_hi), F(filters)};
static const cw_pj_shape point = SHAPE(point_fields);

#undef OF
#define OF cw_evidence
static void put_test(cw_pj_writer *w, json_t *o, const cw_pj_field *f, const void *record)
{
    cw_json_set_string(&w->j, o, f->key, ((const cw_evidence *)record)->on_growth ? "growth" : "emergence");
}
static void read_test(cw_pj_reader *r, const json_t *o, const cw_pj_field *f, void *record)
{
    (void)r, ((cw_evidence *)record)->on_growth = !strcmp(cw_json_get_string(o, f->key), "growth");
}
static const cw_pj_kind test = {put_test, read_test};
static const cw_pj_field evidence_fields[] = {F(ln_e), F(ln_threshold), F(false_alarm_bound), F(ln_e_growth), F(weight), KIND("tier", cw_pj_from_one, int, tier), WHOLE("test", test)};
static const cw_pj_shape evidence = SHAPE(evidence_fields);

#undef OF
#define OF cw_growth
static const cw_pj_field growth_fields[] = {F(line), F(doubling_days), F(half_life_days), F(p_rising), F(noise_cv)};
static const cw_pj_shape growth = SHAPE(growth_fields);

#undef OF
#define OF cw_forecast
static bool is_forecast(const void *record) { return ((const cw_forecast *)record)->threshold_vaf > 0; }
static const cw_pj_field forecast_fields[] = {F(threshold_vaf), F(crossing_day), F(p_no_crossing), F(refused)};
static const cw_pj_shape forecast = SHAPE(forecast_fields, .applies = is_forecast);

#undef OF
#define OF cw_level_rate
static const cw_pj_field rate_fields[] = {F(level), AS("a", bg.a), AS("b", bg.b)};
static const cw_pj_shape rate = SHAPE(rate_fields);

#undef OF
#define OF cw_alarm
static const cw_pj_field first_alarm_fields[] = {AS("alarm", id), F(level), F(kind), F(draw), F(date), F(day)};
static const cw_pj_shape first_alarm = SHAPE(first_alarm_fields);
static const cw_pj_field alarm_fields[] = {F(id), F(level), F(kind), F(what), F(draw), F(date), F(day), F(ln_e), KIND("confirmed_by_model", cw_pj_bool_true, bool, confirmed_by_model)};
static const cw_pj_shape alarm = SHAPE(alarm_fields);

#undef OF
#define OF cw_white_cells
static bool is_white_cells(const void *record) { return ((const cw_white_cells *)record)->depth > 0; }
static const cw_pj_field white_cells_fields[] = {KIND("alt", cw_pj_integer, int64_t, alt), KIND("depth", cw_pj_integer, int64_t, depth)};
static const cw_pj_shape white_cells = SHAPE(white_cells_fields, .applies = is_white_cells);

#undef OF
#define OF cw_alteration
static void put_position(cw_pj_writer *w, json_t *o, const cw_pj_field *f, const void *record)
{
    const cw_alteration *x = record;
    cw_json_set_count(&w->j, o, f->key, x->contig && *x->contig ? x->beg + 1 : -1);
}
static void read_position(cw_pj_reader *r, const json_t *o, const cw_pj_field *f, void *record)
{
    (void)r, ((cw_alteration *)record)->beg = cw_json_get_int(o, f->key, 0) - 1;
}
static void put_first_alarm(cw_pj_writer *w, json_t *o, const cw_pj_field *f, const void *record)
{
    ptrdiff_t i = ((const cw_alteration *)record)->first_alarm;
    json_t *v = i < 0 || (size_t)i >= w->p->n_alarms ? json_null() : cw_json_object(&w->j);
    if (json_is_object(v)) cw_pj_put_record(w, v, &first_alarm, &w->p->alarms[i]);
    cw_json_set(&w->j, o, f->key, v);
}
static void read_first_alarm(cw_pj_reader *r, const json_t *o, const cw_pj_field *f, void *record)
{
    (void)r, (void)o, (void)f, ((cw_alteration *)record)->first_alarm = -1; /* set once the alarms are known: find_first_alarms */
}
static void check_alteration(cw_pj_reader *r, const void *record)
{
    if (!*((const cw_alteration *)record)->id) cw_pj_fail(r, NULL, "has no id", NULL);
}
static const cw_pj_kind position = {put_position, read_position}, to_first_alarm = {put_first_alarm, read_first_alarm};
static const cw_pj_field alteration_fields[] = {
    F(id), F(gene), F(name), F(type), F(role), F(node), F(mechanism), F(build), F(contig), WHOLE("pos", position), F(ref), F(alt), F(baseline), F(status), F(origin),
    F(origin_terms), KIND("known_from_tissue", cw_pj_flag, bool, known_from_tissue), F(phase_group), OBJECT("white_cells", white_cells, white_cells), F(statement), OBJECT("evidence", evidence, evidence), F(late), WHOLE("first_alarm", to_first_alarm), F(doubling_days),
    LIST("growth", growth, n_growth, growth), OBJECT("forecast", forecast, forecast), F(lead_days), PAIR("lead_interval", lead_lo, lead_hi), F(lead_censored), F(stated_by),
    LIST("background", rates, n_rates, rate), LIST("points", points, n_points, point)};
static const cw_pj_shape alteration = SHAPE(alteration_fields, .check = check_alteration);

/* --- what follows from them: clones, nodes, phases, response, findings, advice, gaps --- */

#undef OF
#define OF cw_clone
static const cw_pj_field clone_fields[] = {F(id), F(alterations), F(doubling_days), F(status), REALS(trajectory, n_trajectory), F(co_membership), F(order)};
static const cw_pj_shape clone = SHAPE(clone_fields);

#undef OF
#define OF cw_node_state
static void put_node_id(cw_pj_writer *w, json_t *o, const cw_pj_field *f, const void *record)
{
    char id[256];
    snprintf(id, sizeof id, "node:%s", ((const cw_node_state *)record)->node);
    cw_json_set_string(&w->j, o, f->key, id);
}
static const cw_pj_kind node_id = {put_node_id, NULL};
static const cw_pj_field node_fields[] = {WHOLE("id", node_id), F(node), F(alterations), F(ln_e), F(ln_threshold), F(status)};
static const cw_pj_shape node = SHAPE(node_fields);

#undef OF
#define OF cw_phase_fact
static const cw_pj_field phase_fields[] = {ONLY("id", cw_pj_numbered, "phase"), F(a), F(b), KIND("cis", cw_pj_integer, int64_t, cis), KIND("trans_a", cw_pj_integer, int64_t, trans_a),
                                           KIND("trans_b", cw_pj_integer, int64_t, trans_b), F(draw)};
static const cw_pj_shape phase = SHAPE(phase_fields);

#undef OF
#define OF cw_response
static const cw_pj_field ratio_fields[] = {AS("ratio", driver_resistance_ratio), AS("lo", ratio_lo), AS("hi", ratio_hi), KIND("wildtype_escape", cw_pj_yes_no, int, wildtype_escape)};
static const cw_pj_shape ratio = SHAPE(ratio_fields);
static const cw_pj_field mrd_fields[] = {F(tumour_fraction), PAIR("interval", tumour_fraction_lo, tumour_fraction_hi), AS("ln_e", mrd_ln_e), AS("lod", mrd_lod),
                                         AS("lod_bound", mrd_lod_bound)};
static const cw_pj_shape mrd = SHAPE(mrd_fields);
static const cw_pj_field response_fields[] = {F(molecular), F(preset), KIND("preset_version", cw_pj_from_one, int, preset_version), KIND("mixed", cw_pj_yes_no, int, mixed),
                                              PART("resistance_to_driver", ratio), PART("mrd", mrd)};
static const cw_pj_shape response = SHAPE(response_fields);

#undef OF
#define OF cw_level
static bool is_level(const void *record)
{
    const cw_level *l = record;
    return (l->scheme && *l->scheme) || (l->value && *l->value);
}
static const cw_pj_field level_fields[] = {F(scheme), F(value)};
static const cw_pj_shape level = SHAPE(level_fields, .applies = is_level);

#undef OF
#define OF cw_finding
static const cw_pj_field finding_fields[] = {F(id), F(alteration), F(clone), F(rule), F(mechanism), F(node), F(explains_line), OBJECT("level", level, level), F(review),
                                             F(statement), F(citations), F(conditions)};
static const cw_pj_shape finding = SHAPE(finding_fields);

#undef OF
#define OF cw_advice
static const cw_pj_field advice_fields[] = {F(id), F(agent), F(verdict), F(covers), F(leaves), F(unanswered), F(conditions), F(contradicted), F(findings), OBJECT("level", level, level),
                                            F(review), F(statement), F(citations)};
static const cw_pj_shape advice = SHAPE(advice_fields);

#undef OF
#define OF cw_not_assessable
static const cw_pj_field gap_fields[] = {ONLY("id", cw_pj_numbered, "not-assessable"), F(what), F(why), F(assay)};
static const cw_pj_shape gap = SHAPE(gap_fields);

/* --- the document: draws stand before all that names one --- */

#undef OF
#define OF cw_patient
static const cw_pj_field document_fields[] = {
    PART("clonewatch", provenance), PART("patient", person), F(notices), F(since_previous), LIST("lines", lines, n_lines, line), LIST("imaging", imaging, n_imaging, imaging),
    LIST("surgeries", surgeries, n_surgeries, surgery), LIST("facts", facts, n_facts, fact), LIST("draws", draws, n_draws, draw),
    LIST("alterations", alterations, n_alterations, alteration), LIST("clones", clones, n_clones, clone), LIST("nodes", nodes, n_nodes, node),
    LIST("phases", phases, n_phases, phase), OBJECT("response", response, response), LIST("alarms", alarms, n_alarms, alarm),
    LIST("findings", findings, n_findings, finding), LIST("advice", advice, n_advice, advice),
    LIST("not_assessable", not_assessable, n_not_assessable, gap)};
static const cw_pj_shape document = SHAPE(document_fields);

int cw_patient_to_json(const cw_patient *p, json_t **value, cw_err *err)
{
    cw_pj_writer w = {.p = p};
    json_t *o = cw_json_object(&w.j);
    *value = NULL;
    cw_pj_put_record(&w, o, &document, p);
    if (cw_json_failed(&w.j, err) < 0) {
        json_decref(o);
        return CW_ENOMEM;
    }
    *value = o;
    return 0;
}

static void find_first_alarms(cw_patient *p, const json_t *root)
{
    const json_t *alterations = json_object_get(root, "alterations");
    for (size_t i = 0; i < p->n_alterations; i++) {
        const char *id = cw_json_get_string(json_object_get(json_array_get(alterations, i), "first_alarm"), "alarm");
        for (size_t k = 0; *id && k < p->n_alarms; k++)
            if (!strcmp(p->alarms[k].id, id)) p->alterations[i].first_alarm = (ptrdiff_t)k;
    }
}

int cw_patient_from_json(cw_patient *patient, const json_t *root, const char *path, cw_err *err)
{
    cw_patient_release(patient);
    cw_pj_reader r = {.p = patient, .path = path, .err = err};
    if (!json_is_object(root) || !json_is_object(json_object_get(root, "patient")))
        return cw_err_set(err, CW_EFORMAT, "%s: not a patient.json: it has no object 'patient'", path);
    if (!(patient->arena = cw_arena_new())) return cw_err_nomem(err);
    cw_pj_read_record(&r, root, &document, patient);
    if (r.status == 0) find_first_alarms(patient, root);
    else cw_patient_release(patient);
    return r.status;
}

int cw_patient_read(cw_patient *patient, const char *path, cw_err *err)
{
    json_t *root = NULL;
    int status = cw_json_read(path, &root, err);
    if (status < 0) return status;
    status = cw_patient_from_json(patient, root, path, err);
    json_decref(root);
    return status;
}
