/* Partitions against tests/oracle/partition.tsv (numpy, every partition), and what they must and must not say. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../oracle_table.h"
#include "stats/init.h"
#include "stats/negative_binomial.h"
#include "track/partition.h"
#include "track/phase.h"

TestSuite(partition, .init = cw_stats_init);

enum { MOST = 8 };

/* counts k[item * n_draws + draw] of n; background 1e-5, CV .35 of it, .07 between alleles. */
static double *table(const int64_t *k, const int64_t *n, size_t items, size_t draws)
{
    double *like = calloc(items * draws * CW_RATIO_WIDE, sizeof *like);
    for (size_t c = 0; c < items * draws; c++) {
        double top = -INFINITY, *at = like + c * CW_RATIO_WIDE;
        for (int x = 0; x < CW_RATIO_WIDE; x++) {
            double f = cw_ratio_fraction(x) < .99 ? cw_ratio_fraction(x) : .99;
            at[x] = cw_nb_ln_pmf(k[c], (double)n[c] * (f + 1e-5), cw_nb_size((double)n[c], 1e-5, f, .35, .07));
            if (at[x] > top) top = at[x];
        }
        for (int x = 0; x < CW_RATIO_WIDE; x++) at[x] = exp(at[x] - top);
    }
    return like;
}

/* Partition of counts of 10,000 molecules in draws four weeks apart. */
static void split(const int64_t *k, size_t items, size_t draws, const double *ln_phase, size_t *label, double *together)
{
    int64_t *n = malloc(items * draws * sizeof *n);
    double *week = malloc(draws * sizeof *week);
    cw_err err = {0};
    for (size_t c = 0; c < items * draws; c++) n[c] = 10000;
    for (size_t j = 0; j < draws; j++) week[j] = 4. * (double)j;
    double *like = table(k, n, items, draws);
    const cw_partition_data data = {like, week, ln_phase, items, draws};
    cr_assert_eq(cw_partition(&data, label, together, &err), 0, "%s", err.text);
    free(like);
    free(n);
    free(week);
}

Test(partition, oracle)
{
    cw_table t;
    oracle_open(&t, CW_SOURCE_DIR "/tests/oracle/partition.tsv", 24);
    for (size_t r = 0; r < t.n_rows; r++) {
        double week[MOST], want[MOST * MOST], ln_phase[MOST * MOST] = {0}, together[MOST * MOST];
        int64_t k[MOST * MOST], n[MOST * MOST];
        size_t cells = 0, label[MOST], draws = oracle_list(oracle_cell(&t, r, "weeks"), week, MOST);
        char text[4096], *save = NULL;
        snprintf(text, sizeof text, "%s", oracle_cell(&t, r, "counts"));
        for (char *s = strtok_r(text, ",;", &save); s; s = strtok_r(NULL, ",;", &save), cells++) {
            char *slash;
            k[cells] = strtoll(s, &slash, 10);
            n[cells] = strtoll(slash + 1, NULL, 10);
        }
        size_t items = cells / draws, a, b;
        double cis, only_a, only_b;
        if (sscanf(oracle_cell(&t, r, "phase"), "%zu:%zu:%lf:%lf:%lf", &a, &b, &cis, &only_a, &only_b) == 5)
            ln_phase[a * items + b] = ln_phase[b * items + a] = cw_phase_ln_ratio(cis, only_a, only_b);
        double *like = table(k, n, items, draws);
        const cw_partition_data data = {like, week, ln_phase, items, draws};
        cw_err err = {0};
        cr_assert_eq(cw_partition(&data, label, together, &err), 0, "%s", err.text);
        oracle_list(oracle_cell(&t, r, "label"), want, MOST);
        for (size_t i = 0; i < items; i++) cr_expect_eq(label[i], (size_t)want[i], "line %zu, allele %zu: clone %zu", t.line[r], i, label[i]);
        size_t pairs = oracle_list(oracle_cell(&t, r, "together"), want, MOST * MOST), at = 0;
        cr_assert_eq(pairs, items * (items - 1) / 2);
        for (b = 0; b < items; b++)
            for (a = 0; a < b; a++, at++)
                cr_expect_float_eq(together[a * items + b], want[at], 1e-6, "line %zu, %zu and %zu: %.12g, oracle %.12g", t.line[r], a, b, together[a * items + b], want[at]);
        free(like);
    }
    cw_table_release(&t);
}

/* The second at half the first; the third against them. */
Test(partition, falling_and_rising_are_two_clones)
{
    static const int64_t k[3 * 4] = {1000, 500, 200, 90, 480, 260, 110, 40, 2, 10, 60, 300};
    double together[9];
    size_t label[3];
    split(k, 3, 4, NULL, label, together);
    cr_assert_eq(label[0], 0);
    cr_assert_eq(label[1], 0);
    cr_assert_eq(label[2], 1);
    cr_assert_gt(together[1], .5);
    cr_assert_lt(together[2], .001);
}

/* Counts that differ between draws by far more than their counting noise (chi-squared of 2 x 5, p < 1e-3), though both rise together: not one clone. */
Test(partition, parallel_but_different_is_not_one_clone)
{
    static const int64_t k[2 * 5] = {21, 60, 95, 210, 400, 34, 38, 130, 150, 480};
    double together[4];
    size_t label[2];
    split(k, 2, 5, NULL, label, together);
    cr_expect_lt(together[1], .5, "%g", together[1]);
}

/* A handful of molecules in one draw tells nothing: about the prior of 1/2, and never certainty. */
Test(partition, few_molecules_leave_it_open)
{
    static const int64_t k[2] = {6, 5};
    double together[4];
    size_t label[2];
    split(k, 2, 1, NULL, label, together);
    cr_expect(together[1] > .4 && together[1] < .8, "%g", together[1]);
}

/* No count alone makes one clone certain: equal counts may be two clones of equal size. */
Test(partition, equal_counts_are_not_certainty)
{
    static const int64_t k[2 * 4] = {50, 80, 120, 200, 50, 80, 120, 200};
    double together[4];
    size_t label[2];
    split(k, 2, 4, NULL, label, together);
    cr_expect(together[1] > .8 && together[1] < .995, "%g", together[1]);
}

/* Hand-worked. Twelve molecules carry both and none one alone: one clone .5 (.8 + .2 / 2^12), and two clones .25 x 1/13 (nested, q uniform). The terms of two
 * chromosomes, .01^12, do not count. */
Test(partition, molecules_that_span_two_alleles)
{
    cr_expect_float_eq(cw_phase_ln_ratio(12, 0, 0), log(.5 * (.8 + .2 / 4096) / (.25 / 13)), 1e-9);
    /* Never both, and each alone: two clones is what is expected of them, one clone needs two chromosomes (1/2 against 3/4). */
    cr_expect_float_eq(cw_phase_ln_ratio(0, 20, 20), log(.5 / .75), 1e-4);
    /* 43 both, 18 of the first alone: not on every molecule of it, and not on half of them: .1 / 2^61 against B(44, 19) / 8. */
    cr_expect_float_eq(cw_phase_ln_ratio(43, 18, 0), log(.5 * (.8 * 1e-36 + .1 * pow(.5, 61))) - log(.125) - (lgamma(44) + lgamma(19) - lgamma(63)), 1e-9);
    cr_expect_lt(cw_phase_ln_ratio(43, 18, 0), -1);
    cr_expect_eq(cw_phase_ln_ratio(0, 0, 0), 0);
    cr_expect_eq(cw_phase_ln_ratio(5, 7, 2), cw_phase_ln_ratio(5, 2, 7));
}

/* The same counts, with molecules and without. */
Test(partition, molecules_join_and_part)
{
    static const int64_t k[2 * 3] = {30, 60, 110, 26, 66, 100};
    double alone[4], joined[4], parted[4], cis = cw_phase_ln_ratio(180, 0, 0), nested = cw_phase_ln_ratio(43, 18, 0);
    double ln_cis[4] = {0, cis, cis, 0}, ln_nested[4] = {0, nested, nested, 0};
    size_t label[2];
    split(k, 2, 3, NULL, label, alone);
    split(k, 2, 3, ln_cis, label, joined);
    cr_expect_gt(joined[1], .999);
    cr_expect_float_eq(log(joined[1] / (1 - joined[1])) - log(alone[1] / (1 - alone[1])), cis, 1e-6);
    split(k, 2, 3, ln_nested, label, parted);
    cr_expect_lt(parted[1], alone[1]);
}

/* Twelve alleles of three courses: beyond nine the greedy way finds them too. */
Test(partition, many_alleles)
{
    enum { MANY = 12, DRAWS = 4 };
    int64_t k[MANY * DRAWS];
    double *together = calloc(MANY * MANY, sizeof *together);
    size_t label[MANY];
    for (int i = 0; i < MANY; i++)
        for (int j = 0; j < DRAWS; j++) k[i * DRAWS + j] = i % 3 == 0 ? 2000 >> j : i % 3 == 1 ? 20 << j : 150 + (i * 7 + j * 3) % 20;
    split(k, MANY, DRAWS, NULL, label, together);
    for (int i = 0; i < MANY; i++) cr_expect_eq(label[i], (size_t)(i % 3), "allele %d in clone %zu", i, label[i]);
    for (int i = 0; i < MANY; i++)
        for (int x = 0; x < MANY; x++) {
            double p = together[i * MANY + x];
            cr_expect_eq(p, together[x * MANY + i]);
            if (i % 3 == x % 3) cr_expect_gt(p, .9, "%d and %d: %g", i, x, p);
            else cr_expect_lt(p, .01, "%d and %d: %g", i, x, p);
        }
    free(together);
}
