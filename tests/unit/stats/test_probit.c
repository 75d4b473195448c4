/* Probit against tests/oracle/probit.tsv (scipy), and what it says when there is nothing to fit. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include "base/table.h"
#include "stats/init.h"
#include "stats/probit.h"

TestSuite(probit, .init = cw_stats_init);

Test(probit, oracle)
{
    cw_table t = {0};
    cw_err err = {0};
    cr_assert_eq(cw_table_read(&t, CW_SOURCE_DIR "/tests/oracle/probit.tsv", &err), 0, "%s", err.text);
    cr_assert_eq(t.n_rows, 5);
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
            cr_expect_float_eq(got[i], want, i == 3 ? 1e-4 : 1e-6, "row %zu column %d: %.9g, oracle %.9g", r, i + 1, got[i], want);
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
