/* Facts of other assays that state an alteration, and those that do not. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include "advise/advise.h"
#include "advise/names.h"
#include "base/mem.h"
#include "io/knowledge_io.h"

static const char *stated_id(const char *test, const char *result)
{
    static char id[128];
    cw_err err = {0};
    cw_knowledge k = {0};
    cw_patient p = {.arena = cw_arena_new()};
    cw_fact fact = {.date = {.known = true, .is_date = true, .day = 20000}, .test = test, .result = result};
    p.facts = &fact;
    p.n_facts = 1;
    cr_assert_eq(cw_knowledge_load(&k, CW_SOURCE_DIR "/panels/pan-tumour", &err), 0, "%s", err.text);
    cr_assert_eq(cw_advise_reported(&k, &p, &err), 0, "%s", err.text);
    cr_assert_eq(cw_advise_reported(&k, &p, &err), 0, "%s", err.text); /* a second time changes nothing */
    cr_assert_leq(p.n_alterations, 1);
    cr_assert_eq(p.n_clones, p.n_alterations);
    *id = '\0';
    if (p.n_alterations) {
        snprintf(id, sizeof id, "%s", p.alterations[0].id);
        cr_assert_str_eq(p.alterations[0].stated_by, test);
        cr_assert_eq(p.alterations[0].status, CW_STATUS_NOT_ASSESSABLE);
        cr_assert_eq(p.alterations[0].n_points, 0);
    }
    cw_arena_free(p.arena);
    cw_knowledge_release(&k);
    return id;
}

Test(reported, a_positive_result_states_the_alteration)
{
    cr_assert_str_eq(stated_id("MET FISH", "amplified (ratio 5.2)"), "MET:NM_000245.4:amplification");
    cr_assert_str_eq(stated_id("MET amplification", "positive"), "MET:NM_000245.4:amplification");
    cr_assert_str_eq(stated_id("EGFR T790M tissue", "detected"), "EGFR:NM_005228.5:c.2369C>T");
    cr_assert_str_eq(stated_id("EGFR tissue panel", "p.T790M"), "EGFR:NM_005228.5:c.2369C>T");
}

Test(reported, a_denial_a_number_or_an_unknown_gene_states_nothing)
{
    cr_assert_str_eq(stated_id("MET FISH", "not amplified"), "");
    cr_assert_str_eq(stated_id("MET FISH", "non-amplified"), "");
    cr_assert_str_eq(stated_id("MET amplification", "negative"), "");
    cr_assert_str_eq(stated_id("MET FISH", "5.2"), "");
    cr_assert_str_eq(stated_id("HER2 IHC", "1+"), "");
    cr_assert_str_eq(stated_id("CEA", "positive"), "");
    cr_assert_str_eq(stated_id("EGFR T790M tissue", "wild type"), "");
}

/* Ranking on the installed knowledge: nothing that the same patient's molecules speak against stands above what they do not. */
Test(ranking, an_agent_that_a_clone_resists_stands_below_one_that_none_resists)
{
    cw_err err = {0};
    cw_knowledge k = {0};
    cw_patient p = {0};
    cr_assert_eq(cw_knowledge_load(&k, CW_SOURCE_DIR "/panels/pan-tumour", &err), 0, "%s", err.text);
    cr_assert_eq(cw_advise_stated(&k, "NSCLC", "erlotinib;osimertinib", "EGFR T790M,EGFR C797S,MET amplification", NULL, &p, &err), 0, "%s", err.text);
    cr_assert_eq(cw_advise(&k, &p, &err), 0, "%s", err.text);
    bool against = false, seen = false;
    const char *review = "";
    for (size_t i = 0; i < p.n_advice; i++) {
        if (p.advice[i].verdict != CW_VERDICT_POINTS_TO) continue;
        if (strcmp(review, p.advice[i].review)) against = false; /* the review state ranks first of all */
        review = p.advice[i].review;
        bool resisted = false;
        for (size_t j = 0; j < p.n_advice; j++)
            resisted |= p.advice[j].verdict == CW_VERDICT_REDUCED_ACTIVITY && !strcmp(p.advice[i].agent, p.advice[j].agent);
        cr_assert(resisted || !against, "'%s' stands below an agent that is spoken against", p.advice[i].agent);
        against |= resisted;
        seen |= resisted;
    }
    cr_assert(seen == true);
    cw_patient_release(&p);
    cw_knowledge_release(&k);
}

Test(reported, a_tumour_is_said_in_one_vocabulary)
{
    static const char *const said[][2] = {
        {"ER+ HER2-non-amplified breast", "breast HER2- ER+"}, {"breast HER2-negative, ER-positive", "breast HER2- ER+"}, {"HER2+ breast", "breast HER2+"},
        {"breast HER2+ HR+", "breast HER2+ HR+"}, {"triple-negative breast cancer", "breast HER2- HR-"}, {"non-small-cell lung cancer ALK-positive", "NSCLC ALK+"},
        {"mCRPC", "prostate"}, {"HR+", "HR+"}, {"Klatskin MSI-H", "Klatskin MSI-H"}};
    cw_knowledge k = {0};
    cw_err err = {0};
    char text[100];
    cr_assert_eq(cw_knowledge_load(&k, CW_SOURCE_DIR "/panels/pan-tumour", &err), 0, "%s", err.text);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        cw_tumour_say(&k, said[i][0], strlen(said[i][0]), text, sizeof text);
        cr_expect_str_eq(text, said[i][1], "%s: %s", said[i][0], text);
    }
    cw_knowledge_release(&k);
}
