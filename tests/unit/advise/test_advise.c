/* Rules on typed-in structs: an invented knowledge of one gene, three agents and one class. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>
#include "advise/advise.h"
#include "advise/condition.h"
#include "base/mem.h"

#define SUPPORT(r) .support = {.level = "phase II", .scheme = "paper", .citation = "S9[1]", .note = "", .open_question = "", .review = r}

static cw_agent agents[] = {
    {.agent = "alphamab", .kind = "drug", .synonyms = "AM-1;Alphaza", .members = ""},
    {.agent = "betanib", .kind = "drug", .synonyms = "", .members = ""},
    {.agent = "gammanib", .kind = "drug", .synonyms = "", .members = ""},
    {.agent = "nib class", .kind = "class", .synonyms = "nibs", .members = "betanib;gammanib"}};
static cw_known_alteration alterations[] = {
    {.id = "ABC:T1:c.10A>G", .gene = "ABC", .transcript = "T1", .hgvs_p = "p.K4E", .hgvs_c = "c.10A>G", .aliases = "K5E", .type = CW_TYPE_SNV,
     .role = CW_ROLE_RESISTANCE, .mechanism = "second", .node = "N", .tumours = "lung", .conditions = "", .review = CW_REVIEW_REVIEWED},
    {.id = "ABC:T1:c.20A>G", .gene = "ABC", .transcript = "T1", .hgvs_p = "p.K7E", .hgvs_c = "c.20A>G", .aliases = "", .type = CW_TYPE_SNV,
     .role = CW_ROLE_DRIVER, .mechanism = "driver", .node = "N", .tumours = "lung", .conditions = "", .review = CW_REVIEW_REVIEWED},
    {.id = "CHP:T2:c.1A>G", .gene = "CHP", .transcript = "T2", .hgvs_p = "p.M1V", .hgvs_c = "c.1A>G", .aliases = "", .type = CW_TYPE_SNV,
     .role = CW_ROLE_CHIP, .mechanism = "chip", .node = "", .tumours = "blood", .conditions = "", .review = CW_REVIEW_REVIEWED}};
static cw_known_gene genes[] = {{.gene = "ABC", .aliases = "", .transcript = "T1", .contig = "1", .node = "N", .kinds = "", .strand = '+'},
                                {.gene = "CHP", .aliases = "", .transcript = "T2", .contig = "1", .node = "", .kinds = "", .strand = '+'}};
static cw_rule rules[] = {
    {.id = "R1", .alteration = "ABC:K4E", .agent = "betanib", .effect = CW_RULE_RESISTS, .iff = "tumour(lung)", .unless = "combination(alphamab)", .activity = "", .assay = "",
     .dose = "", SUPPORT(CW_REVIEW_REVIEWED)},
    {.id = "R2", .alteration = "ABC:K4E", .agent = "gammanib", .effect = CW_RULE_SENSITISES, .iff = "absent(ABC:K7E)", .unless = "", .activity = "", .assay = "", .dose = "",
     SUPPORT(CW_REVIEW_UNREVIEWED)},
    {.id = "R3", .alteration = "ABC:K4E", .agent = "alphamab", .effect = CW_RULE_SENSITISES, .iff = "trans(ABC:K7E)", .unless = "", .activity = "", .assay = "", .dose = "",
     SUPPORT(CW_REVIEW_REVIEWED)},
    {.id = "R4", .alteration = "CHP:M1V", .agent = "alphamab", .effect = CW_RULE_SENSITISES, .iff = "", .unless = "", .activity = "", .assay = "", .dose = "", SUPPORT(CW_REVIEW_REVIEWED)},
    {.id = "R5", .alteration = "ABC:K7E", .agent = "alphamab", .effect = CW_RULE_SENSITISES, .iff = "", .unless = "", .activity = "", .assay = "", .dose = "", SUPPORT(CW_REVIEW_REVIEWED)}};
static cw_tumour tumours[] = {{.tumour = "lung", .parent = "", .synonyms = "lung cancer"}, {.tumour = "LUAD", .parent = "lung", .synonyms = ""},
                              {.tumour = "colon", .parent = "", .synonyms = ""}};
static cw_status_rule statuses[] = {{.word = "QR+", .fact = "QR", .value = "positive"}, {.word = "QR-", .fact = "QR", .value = "negative"}};
static cw_fact_word fact_words[] = {{.test = "QR stain", .results = "3+|positive", .fact = "QR", .value = "positive"}, {.test = "QR stain", .results = "0", .fact = "QR", .value = "negative"}};
static cw_allele_class classes[] = {{.klass = "any", .types = "", .roles = "", .mechanisms = "", .changes = ""}};

static const cw_knowledge knowledge = {
    .version = "test", .dir = "", .agents = agents, .n_agents = 4, .alterations = alterations, .n_alterations = 3, .genes = genes, .n_genes = 2, .rules = rules, .n_rules = 5,
    .tumours = tumours, .n_tumours = 3, .statuses = statuses, .n_statuses = 2, .fact_words = fact_words, .n_fact_words = 2, .classes = classes, .n_classes = 1};

static cw_patient patient;
static cw_case the_case;

static void stated(const char *tumour, const char *lines, const char *alts, const char *facts)
{
    cw_err err = {0};
    cr_assert_eq(cw_advise_stated(&knowledge, tumour, lines, alts, facts, &patient, &err), 0, "%s", err.text);
    cr_assert_eq(cw_case_init(&the_case, &knowledge, &patient, &err), 0);
}

static cw_truth holds(const char *text)
{
    cw_open_list open = {.n = 0};
    return cw_condition(&the_case, text, (cw_condition_at){the_case.n_seen ? &the_case.seen[0] : NULL, "betanib", -1}, &open);
}

static void done(void) { cw_patient_release(&patient); }

TestSuite(condition, .fini = done);
TestSuite(advise, .fini = done);

Test(condition, nothing_holds) { stated("lung", NULL, NULL, NULL); cr_assert_eq(holds(""), CW_YES); }

Test(condition, tumour_by_name_subtype_parent_and_other)
{
    stated("LUAD", NULL, NULL, NULL);
    cr_assert_eq(holds("tumour(lung)"), CW_YES);
    cr_assert_eq(holds("tumour(colon)"), CW_NO);
    cr_assert_eq(holds("tumour(colon,lung)"), CW_YES);
    cr_assert_eq(holds("tumour(colon)&tumour(lung)"), CW_NO);
    done();
    stated("lung", NULL, NULL, NULL);
    cr_assert_eq(holds("tumour(LUAD)"), CW_OPEN);
    done();
    stated("", NULL, NULL, NULL);
    cr_assert_eq(holds("tumour(lung)"), CW_OPEN);
}

Test(condition, status_is_open_until_stated)
{
    stated("lung", NULL, NULL, NULL);
    cr_assert_eq(holds("tumour(lung QR+)"), CW_OPEN);
    done();
    stated("lung QR+", NULL, NULL, NULL);
    cr_assert_eq(holds("tumour(QR+ lung)"), CW_YES);
    cr_assert_eq(holds("tumour(QR- lung)"), CW_NO);
    done();
    stated("lung", NULL, NULL, "QR stain=0");
    cr_assert_eq(holds("tumour(lung QR+)"), CW_NO);
    cr_assert_eq(holds("fact(QR=negative)"), CW_YES);
    cr_assert_eq(holds("fact(other=yes)"), CW_OPEN);
}

Test(condition, absent_is_not_unknown)
{
    stated("lung", NULL, "ABC K4E", NULL);
    cr_assert_eq(holds("absent(ABC:K7E)"), CW_OPEN);
    cr_assert_eq(holds("with(ABC:K4E)"), CW_YES);
    cr_assert_eq(holds("with(ABC:any)"), CW_YES);
    done();
    stated("lung", NULL, "ABC K4E,ABC K7E=absent", NULL);
    cr_assert_eq(holds("absent(ABC:K7E)"), CW_YES);
    cr_assert_eq(holds("with(ABC:K7E)"), CW_NO);
}

Test(condition, prior_by_synonym_class_and_regimen)
{
    stated("lung", "AM 1 + betanib", NULL, NULL);
    cr_assert_eq(holds("prior(alphamab)"), CW_YES);
    cr_assert_eq(holds("prior(nib class)"), CW_YES);
    cr_assert_eq(holds("prior(gammanib)"), CW_NO);
    cr_assert_eq(holds("naive(gammanib)"), CW_YES);
    done();
    stated("lung", NULL, NULL, NULL);
    cr_assert_eq(holds("prior(betanib)"), CW_OPEN);
}

/* 2 cis molecules decide; none in cis and 2 of each kind decide the other way; anything less stays open */
Test(condition, phase_from_molecules)
{
    const struct { int64_t cis, a, b; cw_truth in_cis, in_trans; } cases[] = {
        {5, 0, 0, CW_YES, CW_NO}, {2, 9, 9, CW_YES, CW_NO}, {0, 2, 2, CW_NO, CW_YES}, {0, 9, 1, CW_OPEN, CW_OPEN}, {1, 9, 9, CW_OPEN, CW_OPEN}, {0, 0, 0, CW_OPEN, CW_OPEN}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stated("lung", NULL, "ABC K4E,ABC K7E", NULL);
        cw_phase_fact f = {alterations[1].id, alterations[0].id, cases[i].cis, cases[i].a, cases[i].b, 0};
        patient.phases = &f;
        patient.n_phases = 1;
        cr_expect_eq(holds("cis(ABC:K7E)"), cases[i].in_cis, "case %zu", i);
        cr_expect_eq(holds("trans(ABC:K7E)"), cases[i].in_trans, "case %zu", i);
        done();
    }
    stated("lung", NULL, "ABC K4E", NULL);
    cr_assert_eq(holds("trans(ABC:K7E)"), CW_OPEN);
}

Test(condition, grammar)
{
    char why[200];
    cr_assert(cw_condition_valid(&knowledge, "tumour(lung)&absent(ABC:K7E)&prior(Alphaza)", why));
    cr_assert(cw_condition_valid(&knowledge, "combination&biallelic", why));
    const char *wrong[] = {"tumor(lung)", "tumour(lung", "tumour()", "prior(nobody)", "with(XYZ:any)", "with(ABC:nothing)", "fact(QR)", "tumour(lung) prior(betanib)", "tumour(moon)"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) cr_expect_not(cw_condition_valid(&knowledge, wrong[i], why), "%s", wrong[i]);
}

static const cw_advice *entry(const char *agent, cw_verdict v)
{
    for (size_t i = 0; i < patient.n_advice; i++)
        if (!strcmp(patient.advice[i].agent, agent) && patient.advice[i].verdict == v) return &patient.advice[i];
    return NULL;
}

static void advised(const char *tumour, const char *lines, const char *alts, const char *facts)
{
    cw_err err = {0};
    cr_assert_eq(cw_advise_stated(&knowledge, tumour, lines, alts, facts, &patient, &err), 0);
    cr_assert_eq(cw_advise(&knowledge, &patient, &err), 0, "%s", err.text);
}

Test(advise, open_keeps_the_verdict_and_false_drops_it)
{
    advised("lung", "betanib", "ABC K4E", NULL);
    const cw_advice *a = entry("gammanib", CW_VERDICT_POINTS_TO);
    cr_assert_not_null(a);
    cr_assert_eq(a->conditions.n, 1);
    cr_assert_str_eq(a->review, "unreviewed");
    cr_assert_not_null(entry("betanib", CW_VERDICT_REDUCED_ACTIVITY));
    done();
    advised("colon", "betanib", "ABC K4E,ABC K7E", NULL);
    cr_assert_null(entry("gammanib", CW_VERDICT_POINTS_TO), "K7E is there");
    cr_assert_null(entry("betanib", CW_VERDICT_REDUCED_ACTIVITY), "another tumour");
}

Test(advise, chip_and_germline_point_nowhere)
{
    advised("lung", NULL, "CHP M1V", NULL);
    cr_assert_eq(patient.n_findings, 0);
    done();
    advised("lung", NULL, "ABC K4E=germline", NULL);
    cr_assert_eq(patient.n_findings, 0);
    done();
    advised("lung", NULL, "ABC K4E=cleared", NULL);
    cr_assert_eq(patient.n_findings, 0);
}

Test(advise, reviewed_ranks_first_whatever_the_order_of_the_table)
{
    advised("lung", NULL, "ABC K4E", "phase=trans");
    size_t alpha = 99, gamma = 99;
    for (size_t i = 0; i < patient.n_advice; i++) {
        if (!strcmp(patient.advice[i].agent, "alphamab")) alpha = i;
        if (!strcmp(patient.advice[i].agent, "gammanib")) gamma = i;
    }
    cr_assert_lt(alpha, gamma);
}

/* What is open for a rule stands with its finding, and not with that of the other rule of the same agent. */
Test(advise, open_conditions_of_each_rule)
{
    advised("lung", NULL, "ABC K4E,ABC K7E", NULL);
    const cw_advice *a = entry("alphamab", CW_VERDICT_POINTS_TO);
    cr_assert(a && a->findings.n == 2);
    size_t seen = 0;
    for (size_t i = 0; i < patient.n_findings; i++) {
        const cw_finding *f = &patient.findings[i];
        seen += !strcmp(f->rule, "R3") || !strcmp(f->rule, "R5");
        if (!strcmp(f->rule, "R3")) cr_expect(f->conditions.n == 1 && strstr(f->conditions.v[0], "K7E"), "%zu", f->conditions.n);
        if (!strcmp(f->rule, "R5")) cr_expect_eq(f->conditions.n, 0);
    }
    cr_expect_eq(seen, 2);
}

Test(advise, clones_covered_and_left)
{
    advised("lung", NULL, "ABC K4E,ABC K7E=rising", NULL);
    const cw_advice *a = entry("betanib", CW_VERDICT_REDUCED_ACTIVITY);
    cr_assert_not_null(a);
    cr_assert_eq(a->covers.n, 0);
    cr_assert_eq(a->leaves.n, 2);
    cr_assert_str_eq(patient.findings[0].alteration, "ABC:T1:c.10A>G");
}

Test(advise, tiers)
{
    const char *given[] = {"nibs"}, *other[] = {"alphamab"};
    cr_expect_eq(cw_advise_tier(&knowledge, "ABC:T1:c.10A>G", "lung", given, 1), 1);
    cr_expect_eq(cw_advise_tier(&knowledge, "ABC:T1:c.10A>G", "LUAD", given, 1), 1);
    cr_expect_eq(cw_advise_tier(&knowledge, "ABC:T1:c.10A>G", "colon", given, 1), 2);
    cr_expect_eq(cw_advise_tier(&knowledge, "ABC:T1:c.10A>G", "lung", other, 1), 2);
    cr_expect_eq(cw_advise_tier(&knowledge, "ABC:T1:c.20A>G", "lung", given, 1), 2);
    cr_expect_eq(cw_advise_tier(&knowledge, "CHP:T2:c.1A>G", "lung", given, 1), 2);
    cr_expect_eq(cw_advise_tier(&knowledge, "9:1:A:C", "lung", given, 1), 3);
}

Test(advise, names_as_people_write_them)
{
    const struct { const char *text, *id; } cases[] = {{"ABC p.K4E", "ABC:T1:c.10A>G"}, {"abc K4E", "ABC:T1:c.10A>G"}, {"ABC c.10A>G", "ABC:T1:c.10A>G"},
                                                       {"ABC:K5E", "ABC:T1:c.10A>G"}, {"ABC:T1:c.10A>G", "ABC:T1:c.10A>G"}, {"ABC X9Y", "ABC:X9Y"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stated("lung", NULL, cases[i].text, NULL);
        cr_expect_str_eq(patient.alterations[0].id, cases[i].id, "%s", cases[i].text);
        done();
    }
}

Test(advise, three_letter_names)
{
    const struct { const char *in, *out; } cases[] = {{"p.Leu858Arg", "p.L858R"}, {"p.Lys267ArgfsTer9", "p.K267Rfs*9"}, {"p.Glu746_Ala750del", "p.E746_A750del"},
                                                      {"p.Arg130Ter", "p.R130*"}, {"p.L858R", "p.L858R"}, {"amplification", "amplification"}, {"AR-V7", "AR-V7"},
                                                      {"p.Asp770_Asn771insGly", "p.D770_N771insG"}, {"c.2369C>T", "c.2369C>T"}};
    char out[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cw_one_letter(cases[i].in, strlen(cases[i].in), out);
        cr_expect_str_eq(out, cases[i].out, "%s", cases[i].in);
    }
}
