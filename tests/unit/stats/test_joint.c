/* The joint test against tests/oracle/joint.tsv (numpy), and its promises. */
#include <stdio.h>
#include <string.h>
#include "../oracle_table.h"
#include "stats/init.h"
#include "stats/joint.h"

TestSuite(joint, .init = cw_stats_init);

Test(joint, oracle)
{
    cw_table t = {0};
    cw_err err = {0};
    cr_assert_eq(cw_table_read(&t, CW_SOURCE_DIR "/tests/oracle/joint.tsv", &err), 0, "%s", err.text);
    cr_assert(t.n_rows >= 240);
    for (size_t r = 0; r < t.n_rows; r++) {
        cw_joint_site site[16];
        double weeks[16];
        int64_t k[256], n[256];
        cw_joint_look look[16];
        size_t sites = 0, draws = 0, cells = 0;
        char text[4096], *save = NULL;
        snprintf(text, sizeof text, "%s", cw_table_cell(&t, r, 0));
        for (char *s = strtok_r(text, ";", &save); s; s = strtok_r(NULL, ";", &save), sites++)
            cr_assert_eq(sscanf(s, "%lf:%lf:%lf:%d", &site[sites].mu, &site[sites].sd, &site[sites].h, &site[sites].group), 4);
        snprintf(text, sizeof text, "%s", cw_table_cell(&t, r, 1));
        for (char *s = strtok_r(text, ";", &save); s; s = strtok_r(NULL, ";", &save)) weeks[draws++] = strtod(s, NULL);
        snprintf(text, sizeof text, "%s", cw_table_cell(&t, r, 2));
        for (char *s = strtok_r(text, ",;", &save); s; s = strtok_r(NULL, ",;", &save), cells++) {
            char *slash;
            k[cells] = strtoll(s, &slash, 10);
            n[cells] = strtoll(slash + 1, NULL, 10);
        }
        cr_assert_eq(cells, sites * draws);
        const cw_joint_input in = {sites, draws, site, weeks, k, n};
        cr_assert_eq(cw_joint_test(&in, look), 0);
        const cw_joint_look *last = &look[draws - 1];
        const double got[] = {last->ln_e, last->theta, last->lo, last->hi, last->lod};
        for (int i = 0; i < 5; i++) {
            double want = strtod(cw_table_cell(&t, r, 3 + i), NULL);
            cr_expect(oracle_same(got[i], want, 1e-6, i ? 0 : 1e-6), "line %zu, column %d: %.12g, oracle %.12g", t.line[r], 3 + i, got[i], want);
        }
    }
    cw_table_release(&t);
}

Test(joint, one_loud_variant_alone_never_alarms)
{
    cw_joint_site site[10];
    double weeks[] = {0, 4, 8};
    int64_t k[30] = {0}, n[30];
    cw_joint_look look[3];
    for (int i = 0; i < 10; i++) site[i] = (cw_joint_site){2e-5, 1e-5, .5, -1};
    for (int c = 0; c < 30; c++) n[c] = 20000, k[c] = c % 10 == 3 ? 4000 : 0; /* 20 % in every draw */
    const cw_joint_input in = {10, 3, site, weeks, k, n};
    cr_assert_eq(cw_joint_test(&in, look), 0);
    for (int j = 0; j < 3; j++) cr_expect(look[j].ln_e < log(20), "%g", look[j].ln_e);
    for (int i = 0; i < 4; i++) site[i + 3].group = 0; /* nor does a phase group that comes as one molecule */
    for (int c = 0; c < 30; c++) k[c] = c % 10 >= 3 && c % 10 < 7 ? 4000 : 0;
    cr_assert_eq(cw_joint_test(&in, look), 0);
    for (int j = 0; j < 3; j++) cr_expect(look[j].ln_e < log(20), "%g", look[j].ln_e);
    for (int i = 0; i < 4; i++) site[i + 3].group = -1; /* four variants of their own do */
    cr_assert_eq(cw_joint_test(&in, look), 0);
    cr_expect(look[0].ln_e > log(20));
    cr_expect(look[0].lo > 0 && look[0].lo < look[0].theta && look[0].theta < look[0].hi);
}

Test(joint, the_limit_of_the_test_lies_above_its_bound_and_falls_with_more_variants)
{
    cw_joint_site site[40];
    int64_t n[40];
    double before = 1;
    for (int i = 0; i < 40; i++) site[i] = (cw_joint_site){2e-5, 1e-5, .5, -1}, n[i] = 5000;
    for (size_t s = 10; s <= 40; s *= 4) {
        double lod = cw_joint_lod(site, n, s, .05, 20);
        cr_expect(lod > 4.74 / (5000 * .5 * (double)s) && lod < before, "%zu variants: %g", s, lod);
        before = lod;
    }
}

/* By simulation on both sides, the program's with the hundred runs per step of track. What may differ: 5 % by the program's steps, which it rounds up, and chance: at 95 % the share
 * found moves by some .2 per unit of ln theta, so that a hundred runs (SE .022) know ln theta to .11; two of these for each, two of .11 / sqrt(8) for the mean. */
Test(joint, the_limit_of_the_test_against_another_simulation)
{
    cw_table t;
    double sum = 0;
    oracle_open(&t, CW_SOURCE_DIR "/tests/oracle/joint_lod.tsv", 8);
    for (size_t r = 0; r < t.n_rows; r++) {
        cw_joint_site site[64];
        int64_t n[64];
        size_t variants = (size_t)oracle_real(&t, r, "variants");
        for (size_t i = 0; i < variants; i++) {
            site[i] = (cw_joint_site){oracle_real(&t, r, "mu"), oracle_real(&t, r, "sd"), oracle_real(&t, r, "h"), -1};
            n[i] = (int64_t)oracle_real(&t, r, "n");
        }
        double want = oracle_real(&t, r, "lod"), got = cw_joint_lod(site, n, variants, oracle_real(&t, r, "alpha"), 100);
        cr_expect(got / want > .8 && got / want < 1.27, "line %zu: %.4g, oracle %.4g (%.3f)", t.line[r], got, want, got / want);
        sum += log(got / want);
    }
    double mean = exp(sum / (double)t.n_rows);
    cr_expect(mean > .93 && mean < 1.13, "%.3f", mean);
    cw_table_release(&t);
}
