/* What each draw could have raised, against tests/oracle/alarm.tsv (brute force, by the definition): the count exactly, the fraction to 1e-9. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/table.h"
#include "stats/init.h"
#include "stats/limits.h"
#include "track/emergence.h"

TestSuite(alarm_count, .init = cw_stats_init);

enum { MOST = 16 };

/* "NA" is NAN. */
static size_t numbers(const char *text, double *x)
{
    size_t n = 0;
    for (; text && *text && n < MOST; text = strchr(text, ','), text += text != NULL) x[n++] = strncmp(text, "NA", 2) ? strtod(text, NULL) : NAN;
    return n;
}

static void check_row(const cw_table *t, size_t r)
{
    enum { A, B, OMEGA_HAT, OMEGA, WEEKS, N, K, LEVEL, THRESHOLD, COUNT, LIMIT, COLUMNS };
    double x[COLUMNS][MOST];
    size_t n[COLUMNS];
    cw_gamma_nodes nodes[2];
    cw_rate_model models[2];
    cw_emergence_grid grid = {0};
    cw_emergence e = {0};
    cw_err err = {0};
    for (size_t c = 0; c < COLUMNS; c++) n[c] = numbers(cw_table_cell(t, r, c), x[c]);
    cr_assert_leq(n[A], 2);
    for (size_t l = 0; l < n[A]; l++) {
        cr_assert_eq(cw_gamma_nodes_fill(&nodes[l], x[A][l], x[B][l]), 0);
        models[l] = (cw_rate_model){&nodes[l], x[A][l] / x[B][l], *x[OMEGA_HAT], x[OMEGA], (int)n[OMEGA]};
    }
    cr_assert_eq(cw_emergence_grid_init(&grid, x[WEEKS], n[WEEKS], &err), 0);
    cr_assert_eq(cw_emergence_start(&e, n[WEEKS], n[A], &err), 0);
    for (size_t j = 0; j < n[WEEKS]; j++) {
        static const int64_t guess[] = {1, 4, 31, 33, 500, 1000000};
        cw_obs obs = {.n = x[N][j], .k = (int64_t)x[K][j], .kind = x[N][j] >= 1000 ? CW_OBS_COUNT : CW_OBS_NONE, .level = (uint8_t)x[LEVEL][j]};
        const cw_rate_model *m = &models[obs.level];
        cw_emergence_next next;
        cw_emergence_prepare(&next, &e, &grid, &obs, models);
        bool asked = obs.kind == CW_OBS_COUNT && cw_emergence_ln_e(&e, models) < *x[THRESHOLD];
        for (size_t g = 0; asked && g < sizeof guess / sizeof *guess; g++) {
            int64_t got = cw_emergence_alarm_count(&e, &next, models, *x[THRESHOLD], guess[g]), want = isnan(x[COUNT][j]) ? -1 : (int64_t)x[COUNT][j];
            double limit = cw_limit_of_detection(got, obs.n, m->e, m->w_hat, .25);
            cr_expect_eq(got, want, "row %zu draw %zu guess %lld: %lld, not %lld", r + 1, j, (long long)guess[g], (long long)got, (long long)want);
            if (isnan(x[LIMIT][j])) cr_expect(isnan(limit), "row %zu draw %zu: %g", r + 1, j, limit);
            else cr_expect_float_eq(limit / x[LIMIT][j], 1, 1e-9, "row %zu draw %zu: %.15g, not %.15g", r + 1, j, limit, x[LIMIT][j]);
        }
        if (!asked) cr_expect(isnan(x[COUNT][j]), "row %zu draw %zu", r + 1, j);
        cw_emergence_take(&e, &next, models);
    }
    cw_emergence_release(&e);
    cw_emergence_grid_release(&grid);
}

Test(alarm_count, follows_the_definition)
{
    cw_table t = {0};
    cw_err err = {0};
    cr_assert_eq(cw_table_read(&t, CW_SOURCE_DIR "/tests/oracle/alarm.tsv", &err), 0, "%s", err.text);
    cr_assert_geq(t.n_rows, 12);
    for (size_t r = 0; r < t.n_rows; r++) check_row(&t, r);
    cw_table_release(&t);
}
