/* The posterior of the growth rate against its definition: the plain sum over r, ln f0 and v, without tables, windows or messages. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include "stats/init.h"
#include "stats/negative_binomial.h"
#include "track/rate.h"

TestSuite(rate, .init = cw_stats_init);

static const double omega[] = {.35}, noise[] = {.1, .2, .35, .5, .8};
static const cw_rate_model model = {.nodes = NULL, .e = 1e-5, .w_hat = .35, .omega = omega, .n_omega = 1};

typedef struct summary { double mean, sd, rising; } summary;

/* sum over the three flat priors; f at the first draw from 1e-7 to .9, 400 steps. */
static summary brute(const cw_obs *o, const double *week, size_t n)
{
    double sum = 0, first = 0, second = 0, rising = 0;
    for (int r = 0; r < CW_RATE_STEPS; r++) {
        double rate = CW_RATE_LOWEST + CW_RATE_STEP * r, mass = 0;
        for (int v = 0; v < 5; v++)
            for (int f = 0; f < 400; f++) {
                double ln = 60;
                for (size_t j = 0; j < n; j++) {
                    double x = 1e-7 * pow(9e6, f / 399.) * exp2(rate * (week[j] - week[0]));
                    x = x < .9 ? x : .9;
                    ln += cw_nb_ln_pmf(o[j].k, o[j].n * (model.e + x), cw_nb_size(o[j].n, model.e, x, model.w_hat, noise[v]));
                }
                mass += exp(ln);
            }
        sum += mass, first += mass * rate, second += mass * rate * rate;
        rising += mass * (rate > 1e-9 ? 1 : rate > -1e-9 ? .5 : 0);
    }
    return (summary){first / sum, sqrt(second / sum - first / sum * first / sum), rising / sum};
}

static void compare(const int64_t *k, const double *week, size_t n)
{
    cw_obs o[8];
    cw_rate_posterior *p = malloc(sizeof *p);
    cw_rate_piece piece = {0, n, week[0]};
    cw_err err = {0};
    double mean = 0, second = 0;
    for (size_t j = 0; j < n; j++) o[j] = (cw_obs){.k = k[j], .n = 20000, .kind = CW_OBS_COUNT};
    cr_assert_eq(cw_rate_fit(o, week, &model, &piece, 1, false, p, &err), 0);
    summary want = brute(o, week, n);
    for (int r = 0; r < CW_RATE_STEPS; r++) {
        double rate = CW_RATE_LOWEST + CW_RATE_STEP * r;
        mean += p->r[r] * rate, second += p->r[r] * rate * rate;
    }
    cr_expect_float_eq(mean, want.mean, .01, "mean %g, not %g", mean, want.mean);
    cr_expect_float_eq(sqrt(second - mean * mean), want.sd, .1 * want.sd + .002, "sd %g, not %g", sqrt(second - mean * mean), want.sd);
    cr_expect_float_eq(cw_rate_p_rising(p), want.rising, .02, "P(r > 0) %g, not %g", cw_rate_p_rising(p), want.rising);
    free(p);
}

Test(rate, posterior_against_its_definition)
{
    static const double week[] = {0, 4, 8, 12};
    compare((int64_t[]){20, 40, 80, 160}, week, 4);
    compare((int64_t[]){500, 120, 33, 9}, week, 4);
    compare((int64_t[]){100, 130, 90, 110}, week, 4);
    compare((int64_t[]){2, 9, 30, 150}, week, 4);
    compare((int64_t[]){5, 0, 4, 3}, week, 4);
    compare((int64_t[]){40, 90}, week, 2);
}

/* A baseline draw and a line of three draws, by the definition: at the start of the line the course goes on (9/10) or sets in anywhere (1/10);
 * it is straight, or turns at the second draw of the line (1/30). Plain sums over ln f, both rates and v; draws 4 weeks apart. */
enum { GRID = 400 };
static double table[4][GRID];
static double at(int j, double i) { return table[j][i < 0 ? 0 : i > GRID - 1 ? GRID - 1 : (int)(i + .5)]; }

static summary brute_line(const cw_obs *o)
{
    const double h = log(9e6) / (GRID - 1), range = log(9e6), per = 4 * CW_RATE_STEP * M_LN2 / h; /* cells a step of the rate moves in 4 weeks */
    const int low = -(CW_RATE_STEPS / 2), steps = CW_RATE_STEPS;
    static double mass[CW_RATE_STEPS];
    double sum = 0, first = 0, second = 0, rising = 0;
    for (int r = 0; r < steps; r++) mass[r] = 0;
    for (int v = 0; v < 5; v++) {
        double before = 0;
        for (int j = 0; j < 4; j++)
            for (int i = 0; i < GRID; i++) {
                double f = 1e-7 * exp(h * i);
                table[j][i] = exp(cw_nb_ln_pmf(o[j].k, o[j].n * (model.e + f), cw_nb_size(o[j].n, model.e, f, model.w_hat, noise[v])));
            }
        for (int i = 0; i < GRID; i++) before += table[0][i] * h / range;
        for (int i = 0; i < GRID; i++) { /* ln f at the start of the line */
            double level = .9 * table[0][i] + .1 * before;
            for (int r = 0; r < steps; r++) {
                double step = per * (r + low), two = level * at(1, i + step) * at(2, i + 2 * step);
                mass[r] += (1 - .1 / 3) * two * at(3, i + 3 * step);
                for (int q = 0; q < steps && two > 1e-25; q++) mass[q] += .1 / 3 / steps * two * at(3, i + 2 * step + per * (q + low));
            }
        }
    }
    for (int r = 0; r < steps; r++) {
        double rate = CW_RATE_STEP * (r + low);
        sum += mass[r], first += mass[r] * rate, second += mass[r] * rate * rate;
        rising += mass[r] * (r + low > 0 ? 1 : r + low == 0 ? .5 : 0);
    }
    return (summary){first / sum, sqrt(second / sum - first / sum * first / sum), rising / sum};
}

Test(rate, line_after_a_baseline_against_its_definition)
{
    static const int64_t counts[][4] = {{1000, 10, 20, 45}, {1000, 28, 56, 250}, {1000, 40, 41, 38}, {500, 260, 120, 70}, {50, 100, 210, 390}, {500, 60, 8, 40}, {0, 3, 9, 30}};
    static const double week[] = {0, 4, 8, 12};
    const cw_rate_piece piece[] = {{0, 1, 0}, {1, 4, 0}};
    cw_rate_posterior *p = malloc(2 * sizeof *p);
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        cw_obs o[4];
        cw_err err = {0};
        double mean = 0, second = 0;
        for (int j = 0; j < 4; j++) o[j] = (cw_obs){.k = counts[c][j], .n = 20000, .kind = CW_OBS_COUNT};
        cr_assert_eq(cw_rate_fit(o, week, &model, piece, 2, true, p, &err), 0);
        summary want = brute_line(o);
        for (int r = 0; r < CW_RATE_STEPS; r++) {
            double rate = CW_RATE_LOWEST + CW_RATE_STEP * r;
            mean += p[1].r[r] * rate, second += p[1].r[r] * rate * rate;
        }
        cr_expect_float_eq(mean, want.mean, .015, "case %zu: mean %g, not %g", c, mean, want.mean);
        cr_expect_float_eq(sqrt(second - mean * mean), want.sd, .1 * want.sd + .002, "case %zu: sd %g, not %g", c, sqrt(second - mean * mean), want.sd);
        cr_expect_float_eq(cw_rate_p_rising(&p[1]), want.rising, .02, "case %zu: P(r > 0) %g, not %g", c, cw_rate_p_rising(&p[1]), want.rising);
    }
    free(p);
}

/* A response of 99 % inside four weeks, then doubling: no constant rate from the baseline reaches it, and it is not falling. */
Test(rate, deep_response_then_growth_is_not_falling)
{
    static const double week[] = {0, 4, 8, 12};
    const cw_rate_piece piece[] = {{0, 1, 0}, {1, 4, 0}};
    cw_rate_posterior *p = malloc(2 * sizeof *p);
    static const int64_t k[] = {1000, 10, 20, 40};
    cw_obs o[4];
    cw_err err = {0};
    for (int j = 0; j < 4; j++) o[j] = (cw_obs){.k = k[j], .n = 20000, .kind = CW_OBS_COUNT};
    cr_assert_eq(cw_rate_fit(o, week, &model, piece, 2, true, p, &err), 0);
    cr_expect_gt(cw_rate_p_rising(&p[1]), .8);
    free(p);
}

/* Doubling every four weeks from 1 %: 8 % after twelve weeks, 5 % after 4 log2 5 = 9.29. */
Test(rate, crossing_and_course)
{
    static const double week[] = {-12, -8, -4, 0}, q[] = {.05, .5, .95};
    static const int64_t k[] = {25, 50, 100, 200};
    cw_obs o[4];
    cw_rate_posterior *p = malloc(sizeof *p);
    cw_rate_piece piece = {0, 4, -12};
    cw_err err = {0};
    double weeks[3], never, f;
    for (int j = 0; j < 4; j++) o[j] = (cw_obs){.k = k[j], .n = 20000, .kind = CW_OBS_COUNT};
    cr_assert_eq(cw_rate_fit(o, week, &model, &piece, 1, true, p, &err), 0);
    cr_assert_eq(cw_rate_crossing(p, .05, 100, q, weeks, 3, &never, &err), 0);
    cr_expect(weeks[0] < 9.29 && 9.29 < weeks[2]);
    cr_expect_float_eq(weeks[1], 9.29, 1.5);
    cr_expect_lt(never, .02);
    cr_assert_eq(cw_rate_fraction_at(p, 12, .5, &f, &err), 0);
    cr_expect_float_eq(log(f / .08), 0, .35);
    cr_assert_eq(cw_rate_crossing(p, .05, 3, q, weeks, 3, &never, &err), 0); /* beyond the horizon */
    cr_expect(isinf(weeks[1]) && never > .9);
    free(p);
}

/* Across a change of line the course is continuous: a fall, then a rise, each with its own rate. */
Test(rate, pieces_have_rates_of_their_own)
{
    static const double week[] = {0, 4, 8, 12, 16, 20};
    static const int64_t k[] = {1000, 480, 260, 240, 500, 1010};
    cw_obs o[6];
    cw_rate_posterior *p = malloc(2 * sizeof *p);
    const cw_rate_piece piece[] = {{0, 3, 0}, {3, 6, 10}};
    cw_err err = {0};
    for (int j = 0; j < 6; j++) o[j] = (cw_obs){.k = k[j], .n = 20000, .kind = CW_OBS_COUNT};
    cr_assert_eq(cw_rate_fit(o, week, &model, piece, 2, true, p, &err), 0);
    cr_expect_float_eq(cw_rate_quantile(&p[0], .5), -.25, .06);
    cr_expect_float_eq(cw_rate_quantile(&p[1], .5), .25, .06);
    cr_expect_lt(cw_rate_p_rising(&p[0]), .025);
    cr_expect_gt(cw_rate_p_rising(&p[1]), .975);
    free(p);
}
