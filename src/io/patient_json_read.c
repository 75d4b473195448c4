/* SPDX-License-Identifier: MIT */
/* patient_json_read.c - patient.json -> cw_patient. The file may come from anywhere: every list must be a list, every word a known
 * one, every draw named must exist. What is absent or null becomes the value that means "does not apply". */
#include "io/patient_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/parse.h"

typedef struct reader {
    cw_patient *p;
    cw_arena *arena;
    const char *path;
    cw_err *err;
    int status;          /* first failure; later calls do nothing harmful */
    const char *list;    /* where we are, for messages */
    size_t index;
} reader;

static void fail(reader *r, const char *what, const char *subject)
{
    if (r->status >= 0)
        r->status = cw_err_set(r->err, CW_EFORMAT, "%s: %s[%zu]: %s '%.80s'; was the file written by clonewatch?", r->path, r->list, r->index, what, subject);
}

static void out_of_memory(reader *r)
{
    if (r->status >= 0) r->status = cw_err_nomem(r->err);
}

static const char *keep(reader *r, const char *s)
{
    if (!*s) return "";
    const char *copy = cw_arena_strdup(r->arena, s);
    if (copy) return copy;
    out_of_memory(r);
    return "";
}

static const char *text(reader *r, const json_t *o, const char *key) { return keep(r, cw_json_get_string(o, key)); }

/* The list under key as zeroed records; absent or null is an empty list. */
static void *list_of(reader *r, const json_t *o, const char *key, size_t size, size_t *n, const json_t **array)
{
    *n = 0;
    *array = json_object_get(o, key);
    if (*array && !json_is_null(*array) && !json_is_array(*array)) {
        r->list = key;
        r->index = 0;
        fail(r, "is not a list:", key);
    }
    size_t count = json_array_size(*array);
    void *items = cw_arena_alloc(r->arena, count, size);
    if (!items) {
        out_of_memory(r);
        return NULL;
    }
    *n = count;
    return items;
}

static cw_strings strings(reader *r, const json_t *o, const char *key)
{
    const json_t *a;
    cw_strings s = {0};
    s.v = list_of(r, o, key, sizeof *s.v, &s.n, &a);
    if (!s.v) s.n = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *v = json_string_value(json_array_get(a, i));
        s.v[i] = keep(r, v ? v : "");
    }
    return s;
}

static cw_day day(reader *r, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    cw_day d = {0};
    if (json_is_integer(v)) {
        d = (cw_day){.known = true, .day = json_integer_value(v)};
    } else if (json_is_string(v)) {
        d.known = d.is_date = true;
        if (!cw_parse_date(json_string_value(v), &d.day)) fail(r, "not a date:", json_string_value(v));
    }
    return d;
}

static double at(const json_t *a, size_t i, double absent)
{
    const json_t *v = json_array_get(a, i);
    return json_is_number(v) ? json_number_value(v) : absent;
}

static cw_interval interval(const json_t *o, const char *key)
{
    const json_t *a = json_object_get(o, key);
    if (!json_is_array(a)) return (cw_interval){NAN, NAN, NAN};
    return (cw_interval){at(a, 0, NAN), at(a, 1, INFINITY), at(a, 2, INFINITY)};
}

static int tristate(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_boolean(v) ? json_is_true(v) : -1;
}

static size_t draw_index(reader *r, const json_t *o, const char *key)
{
    const char *id = cw_json_get_string(o, key);
    for (size_t i = 0; i < r->p->n_draws; i++)
        if (!strcmp(r->p->draws[i].id, id)) return i;
    fail(r, "names a draw that is not in 'draws':", id);
    return 0;
}

#define WORD(r, o, key, parse, into) \
    do { \
        const char *w_ = cw_json_get_string(o, key); \
        if (*w_ && !parse(w_, into)) fail(r, "'" key "' is not a known word:", w_); \
    } while (0)

/* Every element of `key` as an object `o` with its record `v`. */
#define EACH(r, parent, key, type, field, count) \
    const json_t *array_; \
    type *items_ = list_of(r, parent, key, sizeof(type), &(r)->p->count, &array_); \
    (r)->p->field = items_; \
    if (!items_) (r)->p->count = 0; \
    (r)->list = key; \
    for (size_t i = 0; i < (r)->p->count && (r)->status >= 0; i++)

#define ELEMENT(type) \
    r->index = i; \
    const json_t *o = json_array_get(array_, i); \
    type *v = &items_[i]; \
    if (!json_is_object(o)) { \
        fail(r, "is not an object:", ""); \
        break; \
    }

static void read_provenance(reader *r, const json_t *root)
{
    const json_t *cw = json_object_get(root, "clonewatch");
    cw_patient *p = r->p;
    p->command = text(r, cw, "command");
    p->panel = text(r, cw, "panel");
    p->panel_version = text(r, cw, "panel_version");
    p->knowledge_version = text(r, cw, "knowledge");
    p->background_model = text(r, cw, "background");
    p->background_is_default = cw_json_get_bool(cw, "background_is_default", false);
    EACH(r, cw, "inputs", cw_input, inputs, n_inputs)
    {
        ELEMENT(cw_input)
        v->name = text(r, o, "path_basename");
        v->sha256 = text(r, o, "sha256");
    }
}

static void read_patient(reader *r, const json_t *root)
{
    const json_t *o_patient = json_object_get(root, "patient");
    cw_patient *p = r->p;
    p->id = text(r, o_patient, "id");
    p->tumour_type = text(r, o_patient, "tumour_type");
    p->sex = text(r, o_patient, "sex");
    p->alpha = cw_json_get_real(o_patient, "alpha");
    p->alpha_confirmed = cw_json_get_real(o_patient, "alpha_confirmed");
    p->zero_day = cw_json_get_real(o_patient, "zero_day");
    p->weights_basis = text(r, o_patient, "weights_basis");
    p->patient_ln_e = cw_json_get_real(o_patient, "ln_e");
    EACH(r, o_patient, "backgrounds", cw_level_set, sets, n_sets)
    {
        ELEMENT(cw_level_set)
        const json_t *omega = json_object_get(o, "omega");
        v->level = text(r, o, "level");
        v->set.model = text(r, o, "model");
        v->set.is_default = cw_json_get_bool(o, "is_default", false);
        v->set.omega_hat = cw_json_get_real(o, "omega_hat");
        if (json_array_size(omega) > sizeof v->set.omega / sizeof *v->set.omega) fail(r, "has too many values:", "omega");
        else v->set.n_omega = json_array_size(omega);
        for (size_t k = 0; k < v->set.n_omega; k++) v->set.omega[k] = at(omega, k, NAN);
    }
    p->notices = strings(r, root, "notices");
    p->since_previous = strings(r, root, "since_previous");
}

static void read_lines(reader *r, const json_t *root)
{
    EACH(r, root, "lines", cw_line, lines, n_lines)
    {
        ELEMENT(cw_line)
        v->id = text(r, o, "id");
        v->agents = strings(r, o, "agents");
        r->list = "lines";
        v->start = day(r, o, "start");
        v->stop = day(r, o, "stop");
        v->setting = text(r, o, "setting");
    }
}

static void read_imaging(reader *r, const json_t *root)
{
    EACH(r, root, "imaging", cw_imaging, imaging, n_imaging)
    {
        ELEMENT(cw_imaging)
        v->date = day(r, o, "date");
        v->result = text(r, o, "result");
        v->progression = cw_json_get_bool(o, "progression", false);
    }
}

static void read_surgeries(reader *r, const json_t *root)
{
    EACH(r, root, "surgeries", cw_surgery, surgeries, n_surgeries)
    {
        ELEMENT(cw_surgery)
        v->date = day(r, o, "date");
        v->result = text(r, o, "result");
    }
}

static void read_facts(reader *r, const json_t *root)
{
    EACH(r, root, "facts", cw_fact, facts, n_facts)
    {
        ELEMENT(cw_fact)
        v->date = day(r, o, "date");
        v->test = text(r, o, "test");
        v->result = text(r, o, "result");
    }
}

static void read_draws(reader *r, const json_t *root)
{
    EACH(r, root, "draws", cw_patient_draw, draws, n_draws)
    {
        ELEMENT(cw_patient_draw)
        const json_t *qc = json_object_get(o, "qc");
        v->id = text(r, o, "id");
        v->sample = text(r, o, "sample");
        v->date = day(r, o, "date");
        v->day = cw_json_get_real(o, "day");
        v->molecules = cw_json_get_int(o, "molecules", -1);
        v->plasma_ml = cw_json_get_real(o, "plasma_ml");
        v->cfdna_ng = cw_json_get_real(o, "cfdna_ng");
        v->qc = "";
        if (qc && !json_is_null(qc)) {
            cw_json_watch();
            char *dump = json_dumps(qc, JSON_COMPACT | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY);
            if (dump && !cw_json_starved()) v->qc = keep(r, dump);
            else out_of_memory(r);
            free(dump);
        }
        v->excluded = cw_json_get_bool(o, "excluded", false);
        v->exclude_reason = text(r, o, "exclude_reason");
        v->has_call_file = cw_json_get_bool(o, "has_calls", false);
        v->level = text(r, o, "level");
        v->calls_name = text(r, o, "calls");
        v->calls_sha256 = text(r, o, "calls_sha256");
        if (!isfinite(v->day)) fail(r, "has no day:", v->id);
        for (size_t k = 0; k < i; k++)
            if (!strcmp(items_[k].id, v->id)) fail(r, "stands twice:", v->id);
    }
}

static void read_points(reader *r, const json_t *alteration, cw_alteration *x)
{
    const json_t *a;
    x->points = list_of(r, alteration, "points", sizeof *x->points, &x->n_points, &a);
    if (!x->points) x->n_points = 0;
    for (size_t i = 0; i < x->n_points && r->status >= 0; i++) {
        const json_t *o = json_array_get(a, i);
        cw_point *v = &x->points[i];
        v->draw = draw_index(r, o, "draw");
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
        WORD(r, o, "state", cw_call_state_parse, &v->state);
        v->k_star = cw_json_get_int(o, "k_star", -1);
        v->limit_only = cw_json_get_bool(o, "limit_only", false);
        v->per_ml = cw_json_get_real(o, "per_ml");
        v->per_ml_lo = cw_json_get_real(o, "per_ml_lo");
        v->per_ml_hi = cw_json_get_real(o, "per_ml_hi");
        v->filters = text(r, o, "filters");
    }
}

static void read_growth(reader *r, const json_t *alteration, cw_alteration *x)
{
    const json_t *a;
    x->growth = list_of(r, alteration, "growth", sizeof *x->growth, &x->n_growth, &a);
    if (!x->growth) x->n_growth = 0;
    for (size_t i = 0; i < x->n_growth; i++) {
        const json_t *o = json_array_get(a, i);
        cw_growth *v = &x->growth[i];
        v->line = text(r, o, "line");
        v->doubling_days = interval(o, "doubling_days");
        v->half_life_days = interval(o, "half_life_days");
        v->p_rising = cw_json_get_real(o, "p_rising");
        v->noise_cv = cw_json_get_real(o, "noise_cv");
    }
}

static void read_rates(reader *r, const json_t *alteration, cw_alteration *x)
{
    const json_t *a;
    x->rates = list_of(r, alteration, "background", sizeof *x->rates, &x->n_rates, &a);
    if (!x->rates) x->n_rates = 0;
    for (size_t i = 0; i < x->n_rates; i++) {
        const json_t *o = json_array_get(a, i);
        x->rates[i] = (cw_level_rate){text(r, o, "level"), {cw_json_get_real(o, "a"), cw_json_get_real(o, "b")}};
    }
}

static void read_judgement(reader *r, const json_t *o, cw_alteration *v)
{
    const json_t *e = json_object_get(o, "evidence"), *f = json_object_get(o, "forecast"), *lead = json_object_get(o, "lead_interval");
    WORD(r, o, "baseline", cw_baseline_parse, &v->baseline);
    WORD(r, o, "status", cw_status_parse, &v->status);
    WORD(r, o, "origin", cw_origin_parse, &v->origin);
    v->origin_terms = text(r, o, "origin_terms");
    v->statement = text(r, o, "statement");
    v->evidence = (cw_evidence){.ln_e = cw_json_get_real(e, "ln_e"), .ln_e_growth = cw_json_get_real(e, "ln_e_growth"),
                                .ln_threshold = cw_json_get_real(e, "ln_threshold"), .false_alarm_bound = cw_json_get_real(e, "false_alarm_bound"),
                                .weight = cw_json_get_real(e, "weight"), .tier = (int)cw_json_get_int(e, "tier", 0),
                                .on_growth = !strcmp(cw_json_get_string(e, "test"), "growth")};
    v->late = cw_json_get_bool(o, "late", false);
    v->first_alarm = -1; /* set once the alarms are known */
    v->doubling_days = interval(o, "doubling_days");
    v->forecast = (cw_forecast){.threshold_vaf = cw_json_get_real(f, "threshold_vaf"), .crossing_day = interval(f, "crossing_day"),
                                .p_no_crossing = cw_json_get_real(f, "p_no_crossing"), .refused = text(r, f, "refused")};
    v->lead_days = cw_json_get_real(o, "lead_days");
    v->lead_lo = at(lead, 0, NAN);
    v->lead_hi = at(lead, 1, NAN);
    v->lead_censored = cw_json_get_bool(o, "lead_censored", false);
}

static void read_alterations(reader *r, const json_t *root)
{
    EACH(r, root, "alterations", cw_alteration, alterations, n_alterations)
    {
        ELEMENT(cw_alteration)
        v->id = text(r, o, "id");
        if (!*v->id) fail(r, "has no id:", "");
        v->gene = text(r, o, "gene");
        v->name = text(r, o, "name");
        v->type = cw_allele_type_parse(cw_json_get_string(o, "type"));
        WORD(r, o, "role", cw_role_parse, &v->role);
        v->node = text(r, o, "node");
        v->mechanism = text(r, o, "mechanism");
        v->build = cw_build_parse(cw_json_get_string(o, "build"));
        v->contig = text(r, o, "contig");
        v->beg = cw_json_get_int(o, "pos", 0) - 1;
        v->ref = text(r, o, "ref");
        v->alt = text(r, o, "alt");
        read_judgement(r, o, v);
        v->stated_by = text(r, o, "stated_by");
        read_growth(r, o, v);
        read_rates(r, o, v);
        read_points(r, o, v);
        r->list = "alterations";
    }
}

static void read_clones(reader *r, const json_t *root)
{
    EACH(r, root, "clones", cw_clone, clones, n_clones)
    {
        ELEMENT(cw_clone)
        const json_t *a;
        v->id = text(r, o, "id");
        v->alterations = strings(r, o, "alterations");
        v->doubling_days = interval(o, "doubling_days");
        WORD(r, o, "status", cw_status_parse, &v->status);
        v->trajectory = list_of(r, o, "trajectory", sizeof *v->trajectory, &v->n_trajectory, &a);
        if (!v->trajectory) v->n_trajectory = 0;
        for (size_t k = 0; k < v->n_trajectory; k++) v->trajectory[k] = at(a, k, NAN);
        v->co_membership = cw_json_get_real(o, "co_membership");
        v->order = text(r, o, "order");
        r->list = "clones";
    }
}

static void read_nodes(reader *r, const json_t *root)
{
    EACH(r, root, "nodes", cw_node_state, nodes, n_nodes)
    {
        ELEMENT(cw_node_state)
        v->node = text(r, o, "node");
        v->alterations = strings(r, o, "alterations");
        v->ln_e = cw_json_get_real(o, "ln_e");
        v->ln_threshold = cw_json_get_real(o, "ln_threshold");
        WORD(r, o, "status", cw_status_parse, &v->status);
    }
}

static void read_phases(reader *r, const json_t *root)
{
    EACH(r, root, "phases", cw_phase_fact, phases, n_phases)
    {
        ELEMENT(cw_phase_fact)
        *v = (cw_phase_fact){text(r, o, "a"), text(r, o, "b"), cw_json_get_int(o, "cis", 0), cw_json_get_int(o, "trans_a", 0),
                             cw_json_get_int(o, "trans_b", 0), draw_index(r, o, "draw")};
    }
}

static void read_response(reader *r, const json_t *root)
{
    const json_t *o = json_object_get(root, "response"), *ratio = json_object_get(o, "resistance_to_driver"), *mrd = json_object_get(o, "mrd");
    const json_t *range = json_object_get(mrd, "interval");
    r->p->response = (cw_response){.molecular = text(r, o, "molecular"), .preset = text(r, o, "preset"), .mixed = tristate(o, "mixed"),
        .driver_resistance_ratio = cw_json_get_real(ratio, "ratio"), .ratio_lo = cw_json_get_real(ratio, "lo"), .ratio_hi = cw_json_get_real(ratio, "hi"),
        .wildtype_escape = tristate(ratio, "wildtype_escape"), .tumour_fraction = cw_json_get_real(mrd, "tumour_fraction"),
        .tumour_fraction_lo = at(range, 0, NAN), .tumour_fraction_hi = at(range, 1, NAN), .mrd_ln_e = cw_json_get_real(mrd, "ln_e"),
        .mrd_lod = cw_json_get_real(mrd, "lod"), .mrd_lod_bound = cw_json_get_real(mrd, "lod_bound")};
}

static void read_alarms(reader *r, const json_t *root)
{
    EACH(r, root, "alarms", cw_alarm, alarms, n_alarms)
    {
        ELEMENT(cw_alarm)
        v->id = text(r, o, "id");
        v->level = text(r, o, "level");
        v->kind = text(r, o, "kind");
        v->what = text(r, o, "what");
        v->draw = draw_index(r, o, "draw");
        v->date = day(r, o, "date");
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

static cw_level level(reader *r, const json_t *o)
{
    const json_t *l = json_object_get(o, "level");
    return (cw_level){text(r, l, "scheme"), text(r, l, "value")};
}

static void read_findings(reader *r, const json_t *root)
{
    EACH(r, root, "findings", cw_finding, findings, n_findings)
    {
        ELEMENT(cw_finding)
        v->id = text(r, o, "id");
        v->alteration = text(r, o, "alteration");
        v->clone = text(r, o, "clone");
        v->rule = text(r, o, "rule");
        v->mechanism = text(r, o, "mechanism");
        v->node = text(r, o, "node");
        v->explains_line = text(r, o, "explains_line");
        v->level = level(r, o);
        v->review = text(r, o, "review");
        v->statement = text(r, o, "statement");
        v->citations = strings(r, o, "citations");
        r->list = "findings";
    }
}

static void read_advice(reader *r, const json_t *root)
{
    EACH(r, root, "advice", cw_advice, advice, n_advice)
    {
        ELEMENT(cw_advice)
        v->id = text(r, o, "id");
        v->agent = text(r, o, "agent");
        WORD(r, o, "verdict", cw_verdict_parse, &v->verdict);
        v->covers = strings(r, o, "covers");
        v->leaves = strings(r, o, "leaves");
        v->conditions = strings(r, o, "conditions");
        v->findings = strings(r, o, "findings");
        v->level = level(r, o);
        v->review = text(r, o, "review");
        v->statement = text(r, o, "statement");
        v->citations = strings(r, o, "citations");
        r->list = "advice";
    }
}

static void read_not_assessable(reader *r, const json_t *root)
{
    EACH(r, root, "not_assessable", cw_not_assessable, not_assessable, n_not_assessable)
    {
        ELEMENT(cw_not_assessable)
        *v = (cw_not_assessable){text(r, o, "what"), text(r, o, "why"), text(r, o, "assay")};
    }
}

int cw_patient_from_json(cw_patient *patient, const json_t *root, const char *path, cw_err *err)
{
    cw_patient_release(patient);
    reader r = {.p = patient, .path = path, .err = err, .list = "document"};
    if (!json_is_object(root) || !json_is_object(json_object_get(root, "patient")))
        return cw_err_set(err, CW_EFORMAT, "%s: not a patient.json: it has no object 'patient'", path);
    r.arena = patient->arena = cw_arena_new();
    if (!r.arena) return cw_err_nomem(err);
    read_provenance(&r, root);
    read_patient(&r, root);
    read_lines(&r, root);
    read_imaging(&r, root);
    read_surgeries(&r, root);
    read_facts(&r, root);
    read_draws(&r, root);
    read_alterations(&r, root);
    read_clones(&r, root);
    read_nodes(&r, root);
    read_phases(&r, root);
    read_response(&r, root);
    read_alarms(&r, root);
    read_findings(&r, root);
    read_advice(&r, root);
    read_not_assessable(&r, root);
    if (r.status < 0) cw_patient_release(patient);
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
