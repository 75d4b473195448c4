/* Origin: cases whose answer a reader can see. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include "stats/init.h"
#include "stats/origin.h"

TestSuite(origin, .init = cw_stats_init);

static cw_origin_class decide(const int64_t *k, size_t draws, int64_t wbc_k, int64_t wbc_n, bool chip, bool tumour, const double *driver)
{
    int64_t n[16];
    for (size_t j = 0; j < draws; j++) n[j] = 10000;
    const cw_origin_evidence x = {draws, k, n, driver, 3e-5, wbc_k, wbc_n, chip, tumour, NAN};
    cw_origin_verdict v;
    cw_origin_decide(&x, &v);
    cr_assert(*v.terms);
    return v.origin;
}

Test(origin, white_cells_decide)
{
    const int64_t same[] = {100, 90, 110, 105}, rising[] = {0, 5, 100, 700}, none[] = {0, 0, 0, 0};
    cr_expect_eq(decide(same, 4, 200, 20000, false, false, NULL), CW_FROM_CHIP);
    cr_expect_eq(decide(same, 4, 0, 20000, true, false, NULL), CW_FROM_TUMOUR); /* a CHIP gene, but the white cells say no */
    cr_expect_eq(decide(rising, 4, 0, 20000, false, true, NULL), CW_FROM_TUMOUR);
    cr_expect_eq(decide(rising, 4, 0, 20, false, true, NULL), CW_FROM_UNKNOWN); /* 20 molecules cannot say no */
    cr_expect_eq(decide(same, 4, 9800, 20000, false, false, NULL), CW_FROM_GERMLINE);
    cr_expect_eq(decide(same, 4, 5000, 20000, false, false, NULL), CW_FROM_UNKNOWN); /* 25 % */
    cr_expect_eq(decide(rising, 4, 1, 3, false, true, NULL), CW_FROM_UNKNOWN); /* a third of three molecules is one molecule */
    cr_expect_eq(decide(same, 4, 9, 20, false, false, NULL), CW_FROM_GERMLINE);
    cr_expect_eq(decide(none, 4, 0, 20000, false, true, NULL), CW_FROM_UNKNOWN);
}

/* 0.06 and 6 % in turn, by a million molecules: ln odds of a germline fraction are far beyond any figure that means something. */
Test(origin, an_impossible_term_is_said_in_words)
{
    const int64_t k[] = {600, 60000, 600, 60000, 600, 60000, 600, 60000}, m = 1000000, n[] = {m, m, m, m, m, m, m, m};
    const cw_origin_evidence x = {8, k, n, NULL, 3e-5, 0, 0, false, true, NAN};
    cw_origin_verdict v;
    cw_origin_decide(&x, &v);
    cr_expect(v.ln_near_half < -1000, "%g", v.ln_near_half);
    cr_expect(strstr(v.terms, "near 1/2 or 1 excluded; ") && !strstr(v.terms, "999"), "%s", v.terms);
}

Test(origin, without_white_cells_the_terms_decide)
{
    const int64_t same[] = {100, 90, 110, 105}, rising[] = {2, 15, 100, 700}, half[] = {5010, 4950, 5060, 4900}, falling[] = {400, 100, 20, 5};
    const double driver[] = {.08, .02, .004, .001};
    cr_expect_eq(decide(same, 4, 0, 0, true, false, NULL), CW_FROM_CHIP);
    cr_expect_eq(decide(same, 4, 0, 0, false, true, NULL), CW_FROM_TUMOUR);  /* listed resistance allele, stable */
    cr_expect_eq(decide(same, 4, 0, 0, false, false, NULL), CW_FROM_UNKNOWN);
    cr_expect_eq(decide(rising, 4, 0, 0, false, false, NULL), CW_FROM_TUMOUR);
    cr_expect_eq(decide(rising, 4, 0, 0, true, false, NULL), CW_FROM_UNKNOWN); /* a blood clone may grow */
    cr_expect_eq(decide(half, 4, 0, 0, false, false, NULL), CW_FROM_GERMLINE);
    cr_expect_eq(decide(falling, 4, 0, 0, true, false, driver), CW_FROM_TUMOUR); /* moves with the driver */
}

/* 2,000 blood clones at .1-10 %, white cells read: at most 1 % may be taken for the tumour. Draw CV .25 on both sides. */
Test(origin, chip_decoys_with_white_cells)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    int wrong = 0, chip = 0;
    for (int run = 0; run < 2000; run++) {
        size_t draws = 1 + gsl_rng_uniform_int(rng, 8);
        int64_t k[8];
        double f = pow(10, -3 + 2 * gsl_rng_uniform(rng));
        for (size_t j = 0; j < draws; j++) k[j] = gsl_ran_poisson(rng, 10000 * (3e-5 + gsl_ran_gamma(rng, 16, f / 16)));
        int64_t w = gsl_ran_poisson(rng, 10000 * (3e-5 + gsl_ran_gamma(rng, 16, f / 16)));
        cw_origin_class c = decide(k, draws, w, 10000, run % 2, false, NULL);
        wrong += c == CW_FROM_TUMOUR;
        chip += c == CW_FROM_CHIP;
    }
    gsl_rng_free(rng);
    cr_expect_leq(wrong, 20, "%d of 2000", wrong);
    cr_expect_geq(chip, 1900, "%d of 2000", chip);
}
