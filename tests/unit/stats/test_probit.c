/* Probit against tests/oracle/probit.tsv (scipy), and what it says when there is nothing to fit. */
#include "../oracle_table.h"
#include "stats/init.h"
#include "stats/probit.h"

TestSuite(probit, .init = cw_stats_init);

Test(probit, oracle)
{
    cw_table t = {0};
    cw_err err = {0};
    cr_assert_eq(cw_table_read(&t, CW_SOURCE_DIR "/tests/oracle/probit.tsv", &err), 0, "%s", err.text);
    cr_assert_geq(t.n_rows, 120);
    for (size_t r = 0; r < t.n_rows; r++) {
        cw_probit_level level[128];
        cw_probit fit;
        size_t n = 0;
        for (char *p = (char *)(uintptr_t)cw_table_cell(&t, r, 0); *p; n++) {
            level[n].x = strtod(p, &p);
            level[n].hits = strtoll(p + 1, &p, 10);
            level[n].n = strtoll(p + 1, &p, 10);
            p += *p == ';';
        }
        cw_probit_fit(level, n, &fit);
        cr_expect_eq(fit.state, CW_PROBIT_FITTED);
        const double got[] = {fit.x95, fit.lo, fit.hi, fit.slope};
        for (int i = 0; i < 4; i++) {
            double want = strtod(cw_table_cell(&t, r, i + 1), NULL);
            cr_expect(oracle_same(got[i], want, 1e-6, 0), "row %zu column %d: %.9g, oracle %.9g", r, i + 1, got[i], want);
        }
    }
    cw_table_release(&t);
}

Test(probit, what_cannot_be_fitted_is_said)
{
    cw_probit fit;
    const cw_probit_level apart[] = {{-4, 0, 20}, {-3, 0, 20}, {-2, 20, 20}}, flat[] = {{-4, 10, 20}, {-3, 10, 20}, {-2, 9, 20}}, one[] = {{-3, 10, 20}};
    cw_probit_fit(apart, 3, &fit);
    cr_expect(fit.state == CW_PROBIT_SEPARATED && isnan(fit.x95) && fit.lo == -3 && fit.hi == -2);
    cw_probit_fit(flat, 3, &fit);
    cr_expect(fit.state == CW_PROBIT_NO_SLOPE && isnan(fit.x95));
    cw_probit_fit(one, 1, &fit);
    cr_expect(fit.state == CW_PROBIT_NO_SLOPE);
}

/* With one level found sometimes, all lower ones never and all higher ones always, the likelihood grows with the slope without end: 5 of 20 at -3 once
 * gave a "fitted" limit of 10^-2.998, where a quarter is found. */
Test(probit, one_level_between_is_no_fit)
{
    cw_probit fit;
    const cw_probit_level one[] = {{-4, 0, 20}, {-3, 5, 20}, {-2, 20, 20}}, lowest[] = {{-3, 5, 20}, {-2, 20, 20}}, highest[] = {{-4, 0, 20}, {-3, 5, 20}};
    cw_probit_fit(one, 3, &fit);
    cr_expect(fit.state == CW_PROBIT_SEPARATED && isnan(fit.x95) && fit.lo == -4 && fit.hi == -2);
    cw_probit_fit(lowest, 2, &fit);
    cr_expect(fit.state == CW_PROBIT_SEPARATED && isnan(fit.x95) && fit.lo == -INFINITY && fit.hi == -2);
    cw_probit_fit(highest, 2, &fit);
    cr_expect(fit.state == CW_PROBIT_SEPARATED && isnan(fit.x95) && fit.lo == -4 && fit.hi == INFINITY);
}
