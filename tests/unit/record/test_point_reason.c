/* Why an alteration is or is not believed, in words: one case per answer a reader can get. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>
#include <clonewatch/patient.h>

static const char *reason(cw_point x, cw_alteration a, const cw_patient_draw *draw)
{
    static char text[600];
    cw_point_reason(&x, &a, draw, text, sizeof text);
    return text;
}

static cw_point point(cw_call_state state, int64_t alt, double ln_e, double ln_e_growth)
{
    return (cw_point){.state = state, .alt = alt, .depth = 20000, .k_star = 5, .ln_e = ln_e, .ln_e_growth = ln_e_growth, .filters = "PASS"};
}

static cw_alteration allele(cw_origin origin, bool on_growth)
{
    return (cw_alteration){.origin = origin, .evidence = {.ln_threshold = 8.3, .on_growth = on_growth}};
}

Test(point_reason, of_a_draw_that_says_nothing)
{
    cw_patient_draw out = {.excluded = true, .exclude_reason = "haemolysis"};
    cw_alteration a = allele(CW_ORIGIN_UNKNOWN, false);
    cr_expect_str_eq(reason(point(CW_CALL_DETECTED, 12, 9, NAN), a, &out), "outside the likelihood: the draw is excluded (haemolysis)");
    cr_expect_str_eq(reason(point(CW_CALL_NOT_REPORTED, -1, 0, NAN), a, NULL), "not reported: the file says nothing of it");
    cr_expect_str_eq(reason(point(CW_CALL_NOT_ASSESSABLE, 0, 0, NAN), a, NULL), "not assessable (20000 molecules decide): neither there nor absent");
}

Test(point_reason, of_evidence_for_emergence)
{
    cw_alteration a = allele(CW_ORIGIN_TUMOUR, false);
    cr_expect_str_eq(reason(point(CW_CALL_NOT_DETECTED, 0, -.4, NAN), a, NULL), "no mutant molecule; no evidence over the draws: ln E -0.4, an alarm needs 8.3");
    cr_expect_str_eq(reason(point(CW_CALL_BELOW_LOD, 3, 2.25, NAN), a, NULL), "3 mutant, detected only from 5 on; not believed yet: ln E 2.25 over the draws, an alarm needs 8.3");
    cr_expect_str_eq(reason(point(CW_CALL_DETECTED, 12, 8.3, NAN), a, NULL), "12 mutant, detected from 5 on; believed: ln E 8.3 over the draws reaches 8.3");
    a.baseline = CW_BASE_PRESENT;
    cr_expect_str_eq(reason(point(CW_CALL_DETECTED, 12, 30, 1), a, NULL), "12 mutant, detected from 5 on; believed: ln E 30 over the draws reaches 8.3; there at the baseline, ln E of growth 1");
    cr_expect_str_eq(reason(point(CW_CALL_DETECTED, 12, NAN, NAN), a, NULL), "12 mutant, detected from 5 on; no evidence is stated for this draw");
}

Test(point_reason, of_what_was_there_from_the_start)
{
    cr_expect_str_eq(reason(point(CW_CALL_DETECTED, 90, 99, 2), allele(CW_ORIGIN_TUMOUR, true), NULL),
                     "90 mutant, detected from 5 on; followed from the start, growth not shown: ln E of growth 2 of 8.3");
    cr_expect_str_eq(reason(point(CW_CALL_DETECTED, 90, 99, 20), allele(CW_ORIGIN_TUMOUR, true), NULL),
                     "90 mutant, detected from 5 on; followed from the start and believed to grow: ln E of growth 20 reaches 8.3");
    cr_expect_str_eq(reason(point(CW_CALL_DETECTED, 90, 99, 20), allele(CW_ORIGIN_CHIP, true), NULL), "90 mutant, detected from 5 on; of blood cells (CHIP), so no alarm");
    cr_expect_str_eq(reason(point(CW_CALL_DETECTED, 90, 99, 20), allele(CW_ORIGIN_GERMLINE, true), NULL), "90 mutant, detected from 5 on; germline, so no alarm");
    cr_expect(strstr(reason(point(CW_CALL_BELOW_LOD, 3, 2, NAN), allele(CW_ORIGIN_CHIP, false), NULL), "an alarm needs 8.3"), "watched until white cells decide");
}

Test(point_reason, names_flags_and_missing_counts)
{
    cw_alteration a = allele(CW_ORIGIN_UNKNOWN, false);
    cw_point x = point(CW_CALL_DETECTED, 12, 1, NAN), limit = point(CW_CALL_NOT_DETECTED, -1, -1, NAN);
    x.filters = "strand_bias;position";
    limit.limit_only = true;
    cr_expect_str_eq(reason(x, a, NULL), "12 mutant, detected from 5 on, flagged strand_bias;position; not believed yet: ln E 1 over the draws, an alarm needs 8.3");
    cr_expect_str_eq(reason(limit, a, NULL), "reported as not detected, without counts; no evidence over the draws: ln E -1, an alarm needs 8.3");
}
