/* ln E against tests/oracle/emergence.tsv (mpmath, by the definition): absolute error at most 1e-8. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/table.h"
#include "stats/init.h"
#include "track/emergence.h"

TestSuite(emergence, .init = cw_stats_init);

enum { MOST = 64 };

static size_t numbers(const char *text, double *x)
{
    size_t n = 0;
    for (char *end; *text && n < MOST; text = *end ? end + 1 : end) x[n++] = strtod(text, &end);
    return n;
}

static double ln_e_of(double a, double b, double w, const char *omegas, const char *weeks, const char *ns, const char *ks)
{
    double omega[MOST], week[MOST], n[MOST], k[MOST];
    cw_gamma_nodes nodes;
    cw_emergence e = {0};
    cw_emergence_grid grid = {0};
    cw_err err = {0};
    size_t n_omega = numbers(omegas, omega), looks = numbers(weeks, week);
    cr_assert_eq(numbers(ns, n), looks);
    cr_assert_eq(numbers(ks, k), looks);
    cr_assert_eq(cw_gamma_nodes_fill(&nodes, a, b), 0);
    cw_rate_model model = {&nodes, a / b, w, omega, (int)n_omega};
    cr_assert_eq(cw_emergence_grid_init(&grid, week, looks, &err), 0);
    cr_assert_eq(cw_emergence_start(&e, looks, 1, &err), 0);
    for (size_t j = 0; j < looks; j++) {
        cw_obs obs = {.n = n[j], .k = (int64_t)k[j], .kind = n[j] >= 1000 ? CW_OBS_COUNT : CW_OBS_NONE};
        cw_emergence_advance(&e, &grid, &obs, &model);
    }
    double ln_e = cw_emergence_ln_e(&e, &model);
    cw_emergence_release(&e);
    cw_emergence_grid_release(&grid);
    return ln_e;
}

Test(emergence, follows_the_definition)
{
    cw_table t = {0};
    cw_err err = {0};
    cr_assert_eq(cw_table_read(&t, CW_SOURCE_DIR "/tests/oracle/emergence.tsv", &err), 0, "%s", err.text);
    cr_assert_geq(t.n_rows, 30);
    for (size_t r = 0; r < t.n_rows; r++) {
        double x[3], want = strtod(cw_table_cell(&t, r, 7), NULL);
        for (int c = 0; c < 3; c++) x[c] = strtod(cw_table_cell(&t, r, c), NULL);
        double got = ln_e_of(x[0], x[1], x[2], cw_table_cell(&t, r, 3), cw_table_cell(&t, r, 4), cw_table_cell(&t, r, 5), cw_table_cell(&t, r, 6));
        cr_expect_float_eq(got, want, 1e-8, "row %zu: %.15g, not %.15g", r + 1, got, want);
    }
    cw_table_release(&t);
}

/* With every draw missing, nothing is learned: ln E = 0 at every look. */
Test(emergence, missing_draws_carry_nothing) { cr_assert_float_eq(ln_e_of(1.5, 50000, .35, ".2,.35", "0,4,8", "10,20,999", "1,2,3"), 0, 1e-12); }

/* E is a martingale under the null: over all counts of one draw, sum P(k) E(k) <= 1 with P the background itself. */
Test(emergence, expectation_under_the_null_is_at_most_one)
{
    cw_gamma_nodes nodes;
    cr_assert_eq(cw_gamma_nodes_fill(&nodes, 1.5, 50000), 0);
    double sum = 0;
    for (int64_t k = 0; k < 400; k++) {
        char text[32];
        snprintf(text, sizeof text, "%lld", (long long)k);
        sum += exp(cw_gamma_nodes_ln_marginal(&nodes, k, 20000, .35) + ln_e_of(1.5, 50000, .35, ".35", "0", "20000", text));
    }
    cr_assert_leq(sum, 1 + 1e-9);
    cr_assert_geq(sum, .2);
}
