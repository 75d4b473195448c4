/* patient.json: what is written reads back as the same patient, and that writes the same bytes; hostile documents are refused. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "io/patient_json.h"

static const cw_interval none = {NAN, NAN, NAN};
static const cw_day day5 = {true, true, 20458}, day9 = {true, true, 20500};

/* One of everything, with every kind of absent value. */
static void fill(cw_patient *p)
{
    static const char *agents[] = {"agent-a", "agent-b"}, *one[] = {"G:T:c.1A>G"}, *words[] = {"a note with \"quotes\", \xc3\xa9 and\ttab"};
    static cw_line lines[] = {{"L1", {agents, 2}, {true, true, 20458}, {0}, "metastatic"}, {"L2", {agents, 1}, {true, true, 20500}, {true, true, 20600}, ""}};
    static cw_imaging imaging[] = {{{true, true, 20500}, "PD", true}};
    static cw_fact facts[] = {{{0}, "HER2 IHC", "3+"}};
    static cw_patient_draw draws[2];
    static cw_point points[2];
    static cw_growth growth[1];
    static cw_level_rate rates[] = {{"raw", {1.5, 50000.123456789}}};
    static cw_level_set sets[] = {{"raw", {"model one", .35, {.2, .35, .5}, 3, true}}};
    static cw_alteration alterations[1];
    static double trajectory[] = {NAN, .0123456789012345678};
    static cw_clone clones[1];
    static cw_node_state nodes[1];
    static cw_phase_fact phases[] = {{"a", "b", 3, 0, 1, 1}};
    static cw_alarm alarms[1];
    static cw_finding findings[1];
    static cw_advice advice[1];
    static cw_not_assessable not_assessable[] = {{"lineage change", "not in plasma DNA", "re-biopsy"}};
    static cw_input inputs[] = {{"s.vcf", "00ff"}};
    draws[0] = (cw_patient_draw){"s1", "s1", day5, 0, true, "tube broken", true, -1, NAN, 20, "raw", "s1.vcf", "", "{\"swap\":[1,2.5,null]}"};
    draws[1] = (cw_patient_draw){"s2", "s2", day9, 42, false, "", true, 20000, 4, NAN, "raw", "s2.vcf", "00ff", ""};
    points[0] = (cw_point){.draw = 0, .ref = -1, .alt = -1, .other = -1, .depth = -1, .vaf = NAN, .lo = NAN, .hi = NAN, .lod = .001, .lod_alarm = NAN,
                           .state = CW_CALL_NOT_REPORTED, .per_ml = NAN, .filters = "", .k_star = -1, .limit_only = true};
    points[1] = (cw_point){.draw = 1, .ref = 19990, .alt = 0, .other = 10, .depth = 20000, .vaf = 0, .lo = 0, .hi = 1e-4, .lod = 2e-4, .lod_alarm = 3e-4,
                           .state = CW_CALL_NOT_DETECTED, .per_ml = 0, .filters = "PASS", .k_star = 4, .ln_bf = -1.5, .ln_bf_strand = -2.25};
    growth[0] = (cw_growth){"L1", {10, 20.5, INFINITY}, none, .9, .3};
    alterations[0] = (cw_alteration){.id = one[0], .gene = "G", .name = "p.X1Y", .type = CW_TYPE_SNV, .role = CW_ROLE_BOTH, .node = "n", .mechanism = "", .contig = "7",
        .ref = "A", .alt = "G", .beg = 0, .baseline = CW_BASE_BELOW_LOD, .status = CW_STATUS_EXPANDING, .origin = CW_ORIGIN_CHIP, .origin_terms = "terms", .statement = "words",
        .evidence = {-1.25, NAN, 4.6, .05, .2, 3}, .first_alarm = 0, .growth = growth, .n_growth = 1, .doubling_days = {10, 20.5, INFINITY},
        .forecast = {.05, {1, 2, INFINITY}, .25, "why not"}, .lead_days = NAN, .lead_lo = NAN, .lead_hi = NAN, .lead_censored = true, .rates = rates, .n_rates = 1, .late = true,
        .stated_by = "FISH", .points = points, .n_points = 2};
    clones[0] = (cw_clone){"C1", {one, 1}, none, CW_STATUS_WATCH, trajectory, 2, NAN, "not resolvable"};
    nodes[0] = (cw_node_state){"n", {one, 1}, NAN, 3, CW_STATUS_CLEARED};
    alarms[0] = (cw_alarm){"alarm:growth:alert:x", "alert", "growth", one[0], 1, 42, 7.5, day9, false};
    findings[0] = (cw_finding){"F1", one[0], "", "rule-1", "m", "n", "L1", {"scheme", "1"}, "reviewed", "says", {words, 1}, {words, 1}};
    advice[0] = (cw_advice){"A1", "agent-c", CW_VERDICT_NEEDS_ASSAY, {one, 1}, {NULL, 0}, {one, 1}, {words, 1}, true, {NULL, 0}, {"", ""}, "", "", {NULL, 0}};
    *p = (cw_patient){.id = "P \xc2\xb5", .tumour_type = "NSCLC", .sex = "", .command = "clonewatch track", .panel = "x", .panel_version = "1", .knowledge_version = "",
        .background_model = "model one", .background_is_default = true, .inputs = inputs, .n_inputs = 1, .alpha = .05, .alpha_confirmed = .005, .zero_day = -3.5,
        .weights_basis = "basis", .sets = sets, .n_sets = 1, .lines = lines, .n_lines = 2, .imaging = imaging, .n_imaging = 1, .facts = facts, .n_facts = 1, .draws = draws,
        .n_draws = 2, .alterations = alterations, .n_alterations = 1, .clones = clones, .n_clones = 1, .nodes = nodes, .n_nodes = 1, .phases = phases, .n_phases = 1,
        .response = {"clearance", "mean-vaf-50", -1, .5, .1, NAN, 1, NAN, NAN, NAN, NAN}, .alarms = alarms, .n_alarms = 1, .patient_ln_e = NAN, .notices = {words, 1},
        .since_previous = {words, 1}, .findings = findings, .n_findings = 1, .advice = advice, .n_advice = 1, .not_assessable = not_assessable, .n_not_assessable = 1};
}

static char *text_of(const cw_patient *p, json_t **value)
{
    cw_err err = {0};
    char *text;
    size_t n;
    cr_assert_eq(cw_patient_to_json(p, value, &err), 0, "%s", err.text);
    cr_assert_eq(cw_json_dump(*value, 1, &text, &n, &err), 0);
    return text;
}

Test(patient_json, reads_back_what_it_wrote)
{
    cw_patient p, q = {0};
    cw_err err = {0};
    json_t *a, *b;
    fill(&p);
    char *first = text_of(&p, &a);
    cr_assert_eq(cw_patient_from_json(&q, a, "p.json", &err), 0, "%s", err.text);
    char *second = text_of(&q, &b);
    cr_assert_str_eq(first, second);
    cr_assert_str_eq(q.alterations[0].id, "G:T:c.1A>G");
    cr_assert_eq(q.alterations[0].beg, 0);
    cr_assert(isinf(q.alterations[0].doubling_days.hi) && q.alterations[0].doubling_days.est == 20.5);
    cr_assert(isnan(q.alterations[0].growth[0].half_life_days.lo));
    cr_assert_eq(q.alterations[0].first_alarm, 0);
    cr_assert(!q.alarms[0].confirmed_by_model && q.alterations[0].late && q.draws[0].excluded);
    cr_assert_eq(q.alterations[0].points[0].alt, -1);
    cr_assert_eq(q.alterations[0].points[1].alt, 0);
    cr_assert(isnan(q.alterations[0].points[0].vaf) && q.alterations[0].points[1].vaf == 0);
    cr_assert(q.alterations[0].points[1].ln_bf == -1.5 && q.alterations[0].points[1].ln_bf_strand == -2.25);
    cr_assert_eq(q.alterations[0].rates[0].bg.b, 50000.123456789);
    cr_assert(!q.lines[0].stop.known && q.lines[1].stop.day == 20600);
    cr_assert_eq(q.response.mixed, -1);
    cr_assert_eq(q.response.wildtype_escape, 1);
    cr_assert(isnan(q.clones[0].trajectory[0]));
    cr_assert_str_eq(q.draws[0].qc, "{\"swap\":[1,2.5,null]}");
    free(first);
    free(second);
    json_decref(a);
    json_decref(b);
    cw_patient_release(&q);
}

static const char *refusal(const char *document)
{
    static cw_err err;
    cw_patient p = {0};
    json_error_t where;
    json_t *value = json_loads(document, JSON_DECODE_ANY, &where);
    memset(&err, 0, sizeof err);
    cr_assert_not_null(value, "%s", where.text);
    cr_assert_lt(cw_patient_from_json(&p, value, "p.json", &err), 0, "accepted: %s", document);
    cr_assert_null(p.arena);
    json_decref(value);
    return err.text;
}

Test(patient_json, hostile_documents_are_refused)
{
    cr_expect_not_null(strstr(refusal("[]"), "not a patient.json"));
    cr_expect_not_null(strstr(refusal("{}"), "not a patient.json"));
    cr_expect_not_null(strstr(refusal("{\"patient\":{\"id\":\"x\"},\"draws\":3}"), "draws"));
    cr_expect_not_null(strstr(refusal("{\"patient\":{},\"draws\":[4]}"), "draws[0]: is not an object"));
    cr_expect_not_null(strstr(refusal("{\"patient\":{},\"draws\":[{\"id\":\"a\"}]}"), "has no day"));
    cr_expect_not_null(strstr(refusal("{\"patient\":{},\"draws\":[{\"id\":\"a\",\"day\":0},{\"id\":\"a\",\"day\":1}]}"), "stands twice"));
    cr_expect_not_null(strstr(refusal("{\"patient\":{},\"alterations\":[{\"id\":\"a\",\"status\":\"odd\"}]}"), "status"));
    cr_expect_not_null(strstr(refusal("{\"patient\":{},\"alterations\":[{\"id\":\"a\",\"points\":[{\"draw\":\"s9\"}]}]}"), "s9"));
    cr_expect_not_null(strstr(refusal("{\"patient\":{},\"alterations\":[{\"gene\":\"a\"}]}"), "no id"));
    cr_expect_not_null(strstr(refusal("{\"patient\":{},\"lines\":[{\"start\":\"2026-13-01\"}]}"), "not a date"));
    cr_expect_not_null(strstr(refusal("{\"patient\":{\"backgrounds\":[{\"omega\":[1,1,1,1,1,1,1,1,1]}]}}"), "patient.backgrounds[0]: 'omega' has too many values"));
    cr_expect_not_null(strstr(refusal("{\"patient\":{},\"alterations\":[{\"id\":\"a\"},{\"id\":\"b\",\"growth\":[{},1]}]}"), "p.json: alterations[1].growth[1]: is not an object"));
    cr_expect_not_null(strstr(refusal("{\"patient\":{},\"clones\":[{\"trajectory\":{}}]}"), "clones[0]: 'trajectory' is not a list"));
}
