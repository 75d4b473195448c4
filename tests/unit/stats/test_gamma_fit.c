/* Rates of a class against tests/oracle/gamma_fit.tsv (scipy). */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include "base/table.h"
#include "stats/gamma_fit.h"
#include "stats/init.h"

static size_t numbers(const char *text, double *x, size_t most)
{
    size_t n = 0;
    for (char *end; *text && n < most; text = end + (*end == ',')) x[n++] = strtod(text, &end);
    return n;
}

Test(gamma_fit, oracle, .init = cw_stats_init)
{
    cw_table t = {0};
    cw_err err = {0};
    static double k[512], n[512];
    cr_assert_eq(cw_table_read(&t, CW_SOURCE_DIR "/tests/oracle/gamma_fit.tsv", &err), 0, "%s", err.text);
    for (size_t r = 0; r < t.n_rows; r++) {
        size_t sites = numbers(cw_table_cell(&t, r, 0), k, 512);
        double mu, nu, want_mu = strtod(cw_table_cell(&t, r, 2), NULL), want_nu = strtod(cw_table_cell(&t, r, 3), NULL);
        cr_assert_eq(numbers(cw_table_cell(&t, r, 1), n, 512), sites);
        cr_assert_eq(cw_gamma_fit(k, n, sites, &mu, &nu), 0);
        cr_expect(fabs(mu / want_mu - 1) < 1e-6 && fabs(nu / want_nu - 1) < 1e-6, "row %zu: mu %.8g nu %.8g, oracle %.8g %.8g", r, mu, nu, want_mu, want_nu);
    }
    cw_table_release(&t);
}

Test(gamma_fit, nothing_seen_is_half_a_molecule, .init = cw_stats_init)
{
    double k[] = {0, 0}, n[] = {60000, 40000}, mu, nu;
    cr_assert_eq(cw_gamma_fit(k, n, 2, &mu, &nu), 0);
    cr_assert_float_eq(mu, 5e-6, 1e-12);
    n[0] = n[1] = 0;
    cr_assert_eq(cw_gamma_fit(k, n, 2, &mu, &nu), -1);
}
