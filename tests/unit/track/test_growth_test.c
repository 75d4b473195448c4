/* The growth test against brute force: the supremum over falling courses on a coarse grid, and no alarm for what falls. */
#include <criterion/criterion.h>
#include <math.h>
#include "stats/init.h"
#include "stats/negative_binomial.h"
#include "track/growth_test.h"

TestSuite(growth, .init = cw_stats_init);

static const double omega[] = {.35};
static const cw_rate_model model = {.nodes = NULL, .e = 1e-5, .w_hat = .35, .omega = omega, .n_omega = 1};

static double ln_poisson(const cw_obs *o, double f) { return cw_nb_ln_pmf(o->k, o->n * (model.e + f), INFINITY); }

/* Best likelihood of one draw with f within [c / reach, c * reach], by trying many f: nothing but the definition. */
static double clipped(const cw_obs *o, double c, double reach)
{
    double best = -INFINITY;
    for (int i = 0; i <= 400; i++) {
        double f = c / reach * pow(reach * reach, i / 400.), ln = ln_poisson(o, f < 1 ? f : 1);
        if (ln > best) best = ln;
    }
    return best;
}

/* All falling courses c1 >= c2 >= c3 on a grid of 60 points, one after the other. */
static double brute(const cw_obs *o, double slack)
{
    double c[60], table[3][60], best = -INFINITY;
    for (int i = 0; i < 60; i++) {
        c[i] = 1e-6 * pow(4e5, i / 59.);
        for (int j = 0; j < 3; j++) table[j][i] = clipped(&o[j], c[i], sqrt(slack));
    }
    for (int a = 0; a < 60; a++)
        for (int b = 0; b <= a; b++)
            for (int d = 0; d <= b; d++)
                if (table[0][a] + table[1][b] + table[2][d] > best) best = table[0][a] + table[1][b] + table[2][d];
    return best;
}

/* The dynamic programme is never below any falling course (so E is never too large), and not far above. */
Test(growth, supremum_against_brute_force)
{
    static const int64_t counts[][3] = {{100, 20, 5}, {5, 20, 100}, {50, 50, 50}, {0, 0, 3}, {3, 0, 0}, {10, 100, 20}, {2000, 100, 4000}, {1, 7, 2}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        cw_obs o[3];
        cw_err err = {0};
        double sup;
        for (int j = 0; j < 3; j++) o[j] = (cw_obs){.k = counts[i][j], .n = 20000, .kind = CW_OBS_COUNT};
        cr_assert_eq(cw_growth_null_sup(o, 3, &model, 4, &sup, &err), 0);
        double want = brute(o, 4), wider = brute(o, 4 * 1.05 * 1.3); /* 1.3: steps of the brute grid */
        cr_expect_geq(sup, want - 1e-9, "case %zu: %g below %g", i, sup, want);
        cr_expect_leq(sup, wider + .05, "case %zu: %g above %g", i, sup, wider);
    }
}

static double last_ln_e(const int64_t *k, size_t n)
{
    cw_obs o[16];
    double week[16], ln_e[16];
    cw_err err = {0};
    for (size_t j = 0; j < n; j++) {
        o[j] = (cw_obs){.k = k[j], .n = 20000, .kind = CW_OBS_COUNT};
        week[j] = 4. * (double)j;
    }
    cr_assert_eq(cw_growth_ln_e(o, week, n, NULL, &model, 4, ln_e, &err), 0);
    return ln_e[n - 1];
}

Test(growth, words_of_the_course)
{
    cr_assert_lt(last_ln_e((int64_t[]){1000, 500, 250, 120, 60}, 5), 0, "falling");
    cr_assert_lt(last_ln_e((int64_t[]){200, 260, 150, 240, 210}, 5), 0, "flat");
    cr_assert_lt(last_ln_e((int64_t[]){200, 400, 200, 390, 210}, 5), 0, "noise within the slack");
    cr_assert_gt(last_ln_e((int64_t[]){60, 120, 240, 480, 960}, 5), log(4000), "doubling");
    cr_assert_gt(last_ln_e((int64_t[]){1000, 100, 10, 20, 60, 200, 900}, 7), log(4000), "regrowth");
}

/* What the slack forgives, as docs/emergence.md has it: two draws four-fold apart are no evidence, and 5 % to 1 % to 6 % is short of any threshold. By scipy on a grid of 2 %: 5.31 where the
 * slack is 4 exactly, 1.74 where it is 4.2, as with half a step of the program's grid on either side. */
Test(growth, one_step_up)
{
    double ln_e = last_ln_e((int64_t[]){1000, 200, 1200}, 3);
    cr_expect_lt(last_ln_e((int64_t[]){300, 1200}, 2), 0);
    cr_expect(ln_e > 1.74 && ln_e < 5.31);
    cr_expect_float_eq(ln_e, 2.0, .05, "%g, and the page says 2.0", ln_e);
}

/* The weights of the starting draws: with no draw that can be judged, E = 1 whatever their number. */
Test(growth, missing_draws_carry_nothing)
{
    cw_obs o[3] = {{0}};
    double week[3] = {0, 4, 8}, ln_e[3];
    cw_err err = {0};
    cr_assert_eq(cw_growth_ln_e(o, week, 3, NULL, &model, 4, ln_e, &err), 0);
    for (int j = 0; j < 3; j++) cr_assert_float_eq(ln_e[j], 0, 1e-12);
}

/* Starts before the present line are left out: E is never larger than with all of them, equal where none is before, and what rose under the
 * earlier line alone is no evidence in this one. */
Test(growth, starts_of_the_present_line)
{
    static const int64_t k[] = {2, 12, 60, 300, 1200, 200, 90, 40};
    static const size_t first[] = {0, 0, 0, 0, 0, 4, 4, 4};
    cw_obs o[8];
    double week[8], all[8], now[8];
    cw_err err = {0};
    for (size_t j = 0; j < 8; j++) o[j] = (cw_obs){.k = k[j], .n = 20000, .kind = CW_OBS_COUNT}, week[j] = 4. * (double)j;
    cr_assert_eq(cw_growth_ln_e(o, week, 8, NULL, &model, 4, all, &err), 0);
    cr_assert_eq(cw_growth_ln_e(o, week, 8, first, &model, 4, now, &err), 0);
    for (size_t j = 0; j < 5; j++) cr_expect_eq(now[j], all[j]);
    for (size_t j = 5; j < 8; j++) {
        cr_expect_lt(now[j], 0);
        cr_expect_lt(now[j], all[j]);
    }
    cr_expect_gt(all[5], log(4000), "the earlier line's growth would still be raised");
}
