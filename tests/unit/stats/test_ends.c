/* The position test has the level that it states: over all outcomes of a real allele, p < 1e-4 comes up at most once in 10,000, at the
 * reference's own odds and at those that the test grants. (Values of p: tests/oracle/stats.tsv.) */
#include <criterion/criterion.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include "stats/ends.h"

enum { MOST = 300 };

/* Chance that p < 1e-4, given the margins, when the allele's odds of lying near an end are `odds` times the reference's. */
static double named(int k, int near, int far, double odds)
{
    double weight[MOST + 1], all = 0, below = 0, top = -INFINITY;
    for (int x = 0; x <= k; x++) {
        double p = gsl_ran_hypergeometric_pdf((unsigned)x, (unsigned)near, (unsigned)far, (unsigned)k);
        weight[x] = p > 0 ? log(p) + x * log(odds) : -INFINITY;
        top = fmax(top, weight[x]);
    }
    for (int x = 0; x <= k; x++) {
        double w = exp(weight[x] - top);
        all += w;
        if (w > 0 && cw_ends_p(x, k - x, near - x, far - k + x) < 1e-4) below += w;
    }
    return below / all;
}

Test(ends, a_real_allele_is_named_at_most_once_in_ten_thousand)
{
    static const int depth[] = {400, 3000, 20000};
    static const double share[] = {.01, .06, .12, .4, .8};
    static const int carriers[] = {1, 2, 3, 5, 6, 8, 13, 40, 120, MOST};
    double most = 0;
    for (size_t d = 0; d < 3; d++)
        for (size_t s = 0; s < 5; s++)
            for (size_t c = 0; c < 10; c++) {
                int near = (int)(share[s] * depth[d]), far = depth[d] - near;
                double level = named(carriers[c], near, far, CW_ENDS_ODDS);
                cr_expect(level <= 1e-4 * (1 + 1e-9), "%d of %d:%d: %g", carriers[c], near, far, level);
                cr_expect(named(carriers[c], near, far, 1) <= level);
                most = fmax(most, level);
            }
    cr_expect(most > 2e-5, "the test never uses its level: %g", most);
}

Test(ends, one_or_two_carriers_never_reach_the_line_where_a_tenth_lies_near)
{
    cr_expect(cw_ends_least_p(1, 0, 120, 880) > 1e-4 && cw_ends_least_p(0, 2, 120, 880) > 1e-4);
    cr_expect_lt(cw_ends_least_p(0, 6, 120, 880), 1e-4);
    cr_expect_eq(cw_ends_p(3, 0, 50, 0), 1); /* all molecules lie alike, as of one amplicon */
    cr_expect_eq(cw_ends_least_p(3, 0, 50, 0), 1);
}

Test(ends, a_million_molecules_take_no_time, .timeout = 5)
{
    for (int i = 0; i < 100; i++) cr_assert(cw_ends_p(60000, 440000, 60000 + i, 440000) > .99);
    cr_assert_lt(cw_ends_p(90000, 410000, 60000, 440000), 1e-10); /* odds 1.61 */
}
