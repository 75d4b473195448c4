/* Every function of stats against tests/oracle/stats.tsv (mpmath, 40 digits): relative error at most 1e-9, k* exactly. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/table.h"
#include "stats/beta.h"
#include "stats/ends.h"
#include "stats/gamma_nodes.h"
#include "stats/init.h"
#include "stats/limits.h"
#include "stats/negative_binomial.h"
#include "stats/strand.h"

TestSuite(stats, .init = cw_stats_init);

static const double omega[] = {.2, .35, .5};

static double value_of(const char *f, const double *x)
{
    cw_gamma_nodes nodes = {0};
    double lo = NAN, hi = NAN;
    if (!strcmp(f, "nb_ln_pmf")) return cw_nb_ln_pmf((int64_t)x[0], x[1], x[2]);
    if (!strcmp(f, "nb_upper")) return cw_nb_upper((int64_t)x[0], x[1], x[2]);
    if (!strcmp(f, "lod")) return cw_limit_of_detection((int64_t)x[0], x[1], x[2], x[3], x[4]);
    if (!strcmp(f, "strand_p")) return cw_strand_p((int64_t)x[0], (int64_t)x[1], (int64_t)x[2], (int64_t)x[3]);
    if (!strcmp(f, "ends_p")) return cw_ends_p((int64_t)x[0], (int64_t)x[1], (int64_t)x[2], (int64_t)x[3]);
    if (!strcmp(f, "ends_least_p")) return cw_ends_least_p((int64_t)x[0], (int64_t)x[1], (int64_t)x[2], (int64_t)x[3]);
    if (!strncmp(f, "jeffreys", 8)) cw_jeffreys((int64_t)x[0], (int64_t)x[1], .95, &lo, &hi);
    if (!strncmp(f, "clopper", 7)) cw_clopper_pearson((int64_t)x[0], (int64_t)x[1], .95, &lo, &hi);
    if (strstr(f, "_lo")) return lo;
    if (strstr(f, "_hi")) return hi;
    cr_assert_eq(cw_gamma_nodes_fill(&nodes, x[0], x[1]), 0);
    if (!strcmp(f, "node")) return nodes.x[(int)x[2]];
    if (!strcmp(f, "ln_marginal")) return cw_gamma_nodes_ln_marginal(&nodes, (int64_t)x[2], x[3], x[4]);
    if (!strcmp(f, "p_value")) return cw_gamma_nodes_upper(&nodes, (int64_t)x[2], x[3], x[4]);
    if (!strcmp(f, "k_star")) return (double)cw_critical_count(&nodes, x[2], x[3], x[4]);
    if (!strcmp(f, "one_draw_ln_e")) return cw_one_draw_ln_e(&nodes, (int64_t)x[2], x[3], x[0] / x[1], x[4], omega, 3);
    cr_assert_fail("unknown function %s", f);
    return NAN;
}

Test(stats, oracle)
{
    cw_table t = {0};
    cw_err err = {0};
    cr_assert_eq(cw_table_read(&t, CW_SOURCE_DIR "/tests/oracle/stats.tsv", &err), 0, "%s", err.text);
    cr_assert(t.n_rows > 400);
    for (size_t r = 0; r < t.n_rows; r++) {
        char args[256], *save = NULL;
        double x[8] = {0};
        int n = 0;
        snprintf(args, sizeof args, "%s", cw_table_cell(&t, r, 1));
        for (char *a = strtok_r(args, ",", &save); a && n < 8; a = strtok_r(NULL, ",", &save)) x[n++] = strtod(a, NULL);
        double want = strtod(cw_table_cell(&t, r, 2), NULL), got = value_of(cw_table_cell(&t, r, 0), x);
        double error = want == got ? 0 : fabs(got - want) / fmax(fabs(want), 1e-290);
        cr_expect(error < 1e-9, "line %zu: %s(%s) is %.17g, oracle %.17g", t.line[r], cw_table_cell(&t, r, 0), cw_table_cell(&t, r, 1), got, want);
    }
    cw_table_release(&t);
}

Test(stats, a_site_never_seen_has_the_mean_of_its_gamma)
{
    cw_gamma_nodes nodes;
    cr_assert_eq(cw_gamma_nodes_fill(&nodes, 1.5, 50000), 0);
    double mean = 0, weight = 0;
    for (int m = 0; m < CW_GAMMA_NODES; m++) mean += nodes.weight[m] * nodes.x[m], weight += nodes.weight[m];
    cr_assert_float_eq(weight, 1, 1e-15);
    cr_assert_float_eq(mean, 3e-5, 1e-17);
    cr_assert_eq(cw_gamma_nodes_fill(&nodes, 0, 1), -1);
    cr_assert_eq(cw_gamma_nodes_fill(&nodes, 1, INFINITY), -1);
}

/* Deep and noisy: a tail so far out that its terms are denormal numbers once never came to an end. */
Test(stats, a_million_noisy_molecules_have_limits_too, .timeout = 20)
{
    cw_gamma_nodes nodes;
    cr_assert_eq(cw_gamma_nodes_fill(&nodes, 1.5, 5000), 0);
    int64_t k = cw_critical_count(&nodes, 1e6, .35, .001);
    cr_assert(cw_gamma_nodes_upper(&nodes, k, 1e6, .35) <= .001 && cw_gamma_nodes_upper(&nodes, k - 1, 1e6, .35) > .001);
    cr_assert(cw_limit_of_detection(k, 1e6, 3e-4, .35, .25) > 0);
    cr_assert_eq(cw_nb_upper(100000, 1, 8), 0);
}

Test(stats, halving_the_depth_raises_the_limit_of_detection)
{
    cw_gamma_nodes nodes;
    cr_assert_eq(cw_gamma_nodes_fill(&nodes, 31.5, 1e6), 0);
    double before = 0;
    for (double n = 64000; n >= 1000; n /= 2) {
        int64_t k = cw_critical_count(&nodes, n, .35, .001);
        double lod = cw_limit_of_detection(k, n, 31.5e-6, .35, .25);
        cr_assert(lod > before && lod >= 3 / n);
        before = lod;
    }
}
