/* SPDX-License-Identifier: MIT */
/* origin.c - tumour, CHIP or germline. */
#include "stats/origin.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <gsl/gsl_sf_gamma.h>
#include "stats/beta.h"
#include "stats/log_sum.h"
#include "stats/negative_binomial.h"

static const double DRAW_CV = .25, DECIDED = .9;
/* Priors against tumour. Alleles of clonal haematopoiesis 20 : 1; driver and resistance alleles 1 : 150; any other even: about half of the
 * cfDNA variants of patients are from white cells (Razavi 2019). Germline 1 : 150 for listed tumour alleles, 1 : 20 for others. */
static const double LN_CHIP_ROLE = 3, LN_CHIP_TUMOUR_ROLE = -5, LN_GERMLINE_TUMOUR_ROLE = -5, LN_GERMLINE_OTHER = -3;
static const double LN_WITH_DRIVER = 2.197224577336219; /* ln 9: with the driver rather than flat or on its own */

enum { GRID = 120 };
static const double VAF_LO = 1e-5, VAF_HI = 1;

static double grid_vaf(int g) { return VAF_LO * pow(VAF_HI / VAF_LO, (g + .5) / GRID); }

static double ln_count(const cw_origin_evidence *x, size_t j, double f, double cv)
{
    double n = (double)x->n[j];
    return cw_nb_ln_pmf(x->k[j], n * (x->background + f), cw_nb_size(n, x->background, f, 0, cv));
}

/* ln marginal of "the same VAF in every draw", log-uniform prior. */
static double ln_constant(const cw_origin_evidence *x)
{
    double term[GRID];
    for (int g = 0; g < GRID; g++) {
        term[g] = -log(GRID);
        for (size_t j = 0; j < x->n_draws; j++)
            if (x->n[j] > 0) term[g] += ln_count(x, j, grid_vaf(g), DRAW_CV);
    }
    return cw_log_sum(term, GRID);
}

/* ... of "h times the driver's VAF", h log-uniform in 1/100 .. 100; -INFINITY without a driver. */
static double ln_with_driver(const cw_origin_evidence *x)
{
    double term[GRID];
    size_t used = 0;
    for (size_t j = 0; j < x->n_draws; j++) used += x->n[j] > 0 && x->driver_vaf && isfinite(x->driver_vaf[j]);
    if (used < 2) return -INFINITY;
    for (int g = 0; g < GRID; g++) {
        double h = .01 * pow(1e4, (g + .5) / GRID);
        term[g] = -log(GRID);
        for (size_t j = 0; j < x->n_draws; j++) {
            if (x->n[j] <= 0) continue;
            if (isfinite(x->driver_vaf[j])) term[g] += ln_count(x, j, fmin(1, h * x->driver_vaf[j]), DRAW_CV);
        }
    }
    for (size_t j = 0; j < x->n_draws; j++) { /* a draw without the driver's VAF tells nothing here: any VAF */
        if (x->n[j] <= 0 || isfinite(x->driver_vaf[j])) continue;
        double any[GRID];
        for (int g = 0; g < GRID; g++) any[g] = ln_count(x, j, grid_vaf(g), DRAW_CV) - log(GRID);
        for (int g = 0; g < GRID; g++) term[g] += cw_log_sum(any, GRID);
    }
    return cw_log_sum(term, GRID);
}

/* ... of "any VAF in each draw". */
static double ln_free(const cw_origin_evidence *x)
{
    double sum = 0;
    for (size_t j = 0; j < x->n_draws; j++) {
        if (x->n[j] <= 0) continue;
        double any[GRID];
        for (int g = 0; g < GRID; g++) any[g] = ln_count(x, j, grid_vaf(g), DRAW_CV) - log(GRID);
        sum += cw_log_sum(any, GRID);
    }
    return sum;
}

/* ... of "1/2 or 1 in every draw", with 10 % spread (mapping bias, copy number of the little tumour there is). */
static double ln_germline(const cw_origin_evidence *x)
{
    double het = log(.9), hom = log(.1);
    for (size_t j = 0; j < x->n_draws; j++) {
        if (x->n[j] <= 0) continue;
        double k = (double)x->k[j], n = (double)x->n[j], a = 50, ln_choose = cw_nb_ln_factor(x->n[j]) - cw_nb_ln_factor(x->k[j]) - cw_nb_ln_factor(x->n[j] - x->k[j]);
        het += ln_choose + gsl_sf_lngamma(a + k) + gsl_sf_lngamma(a + n - k) - gsl_sf_lngamma(2 * a + n) - 2 * gsl_sf_lngamma(a) + gsl_sf_lngamma(2 * a);
        hom += ln_choose + (n - k) * log(.005) + k * log(.995);
    }
    return cw_log_add(het, hom);
}

static void widened(int64_t k, int64_t n, double draws, double *lo, double *hi)
{
    cw_jeffreys(k, n, .95, lo, hi);
    double estimate = ((double)k + .5) / ((double)n + 1), z = 1.959963984540054, cv2 = DRAW_CV * DRAW_CV / draws;
    double below = log(estimate / fmax(*lo, 1e-12)), above = log(*hi / estimate);
    *lo = k == 0 ? 0 : estimate * exp(-sqrt(below * below + z * z * cv2));
    *hi = fmin(1, estimate * exp(sqrt(above * above + z * z * cv2)));
}

static void by_white_cells(const cw_origin_evidence *x, cw_origin_verdict *v)
{
    int64_t k = 0, n = 0;
    size_t draws = 0;
    double lo, hi, wbc_lo, wbc_hi, wbc = (double)x->wbc_k / (double)x->wbc_n;
    for (size_t j = 0; j < x->n_draws; j++)
        if (x->n[j] > 0) k += x->k[j], n += x->n[j], draws++;
    v->by_white_cells = true;
    widened(x->wbc_k, x->wbc_n, 1, &wbc_lo, &wbc_hi);
    const char *why;
    /* what the background alone brings to the white cells does not count as seen there */
    bool seen = cw_nb_upper(x->wbc_k, (double)x->wbc_n * x->background, 8) < .01;
    if (wbc >= .30 && !x->chip_role) {
        cw_jeffreys(x->wbc_k, x->wbc_n, .95, &lo, &hi);
        if (lo >= .20) v->origin = CW_FROM_GERMLINE, why = "30 % or more of the white cells' molecules carry it";
        else v->origin = CW_FROM_UNKNOWN, why = "30 % or more of the white cells' molecules carry it, but they are too few to tell"; /* one of three is one molecule */
    }
    else if (n <= 0) v->origin = CW_FROM_UNKNOWN, why = "no plasma draw reads it";
    else {
        widened(k, n, (double)draws, &lo, &hi);
        if (wbc >= .20 && !x->chip_role) v->origin = CW_FROM_UNKNOWN, why = "between 20 and 30 % of the white cells' molecules carry it";
        else if (k > 0 && lo > wbc_hi) v->origin = CW_FROM_TUMOUR, why = "plasma above white cells";
        else if (seen) v->origin = CW_FROM_CHIP, why = "white cells carry it and plasma is not above them";
        else v->origin = CW_FROM_UNKNOWN, why = k == 0 ? "not seen in plasma or white cells" : "white cells do not show it, but too few of their molecules were read";
    }
    snprintf(v->terms, sizeof v->terms, "white cells %" PRId64 "/%" PRId64 ", plasma %" PRId64 "/%" PRId64 " in %zu draw%s: %s", x->wbc_k, x->wbc_n, k, n, draws, draws == 1 ? "" : "s", why);
}

/* ln odds in words for a reader; beyond a thousand the figure means nothing but "never". */
static const char *odds(double ln_odds, char text[32])
{
    if (ln_odds < -999) return "excluded";
    snprintf(text, 32, "%+.1f", ln_odds);
    return text;
}

static void by_terms(const cw_origin_evidence *x, cw_origin_verdict *v)
{
    double constant = ln_constant(x), driver = ln_with_driver(x), any = ln_free(x);
    double tumour = cw_log_add(cw_log_add(constant, any), driver) - log(isfinite(driver) ? 3 : 2);
    v->ln_gene_chip = x->chip_role ? LN_CHIP_ROLE : x->tumour_role ? LN_CHIP_TUMOUR_ROLE : 0;
    v->ln_gene_germline = x->tumour_role ? LN_GERMLINE_TUMOUR_ROLE : LN_GERMLINE_OTHER;
    v->ln_population = isfinite(x->population_af) && x->population_af > 0 ? log(fmax(x->population_af, 1e-6) / 1e-5) : 0;
    v->ln_movement = constant - tumour;
    v->ln_near_half = ln_germline(x) - tumour;
    double chip = v->ln_gene_chip + v->ln_movement, germline = v->ln_gene_germline + v->ln_population + v->ln_near_half;
    double all = cw_log_add(cw_log_add(0, chip), germline);
    v->p_tumour = exp(-all), v->p_chip = exp(chip - all), v->p_germline = exp(germline - all);
    v->origin = v->p_chip >= DECIDED ? CW_FROM_CHIP : v->p_germline >= DECIDED ? CW_FROM_GERMLINE : v->p_tumour >= DECIDED ? CW_FROM_TUMOUR : CW_FROM_UNKNOWN;
    /* blood clones grow too: that it moves does not make it tumour, that it moves with the driver does */
    bool held = v->origin == CW_FROM_TUMOUR && x->chip_role && !x->tumour_role && !(driver - cw_log_add(constant, any) >= LN_WITH_DRIVER);
    if (held) v->origin = CW_FROM_UNKNOWN;
    char movement[32], near_half[32];
    static const char *const word[] = {"unknown", "tumour", "CHIP likely", "germline likely"};
    snprintf(v->terms, sizeof v->terms,
             "no white cells; ln odds CHIP : tumour = gene %+.1f, movement %s; germline : tumour = gene %+.1f, population %+.1f, near 1/2 or 1 %s; "
             "tumour %.2f, CHIP %.2f, germline %.2f: %s%s",
             v->ln_gene_chip, odds(v->ln_movement, movement), v->ln_gene_germline, v->ln_population, odds(v->ln_near_half, near_half), v->p_tumour, v->p_chip, v->p_germline, word[v->origin],
             held ? "; of clonal haematopoiesis by its gene, and not called tumour without white cells" : "");
}

void cw_origin_decide(const cw_origin_evidence *x, cw_origin_verdict *v)
{
    int64_t seen = 0, read = 0;
    memset(v, 0, sizeof *v);
    v->p_tumour = v->p_chip = v->p_germline = NAN;
    for (size_t j = 0; j < x->n_draws; j++)
        if (x->n[j] > 0) seen += x->k[j], read += x->n[j];
    if (x->wbc_n > 0) {
        by_white_cells(x, v);
    } else if (seen == 0 || (double)seen <= 3 * (double)read * x->background) {
        snprintf(v->terms, sizeof v->terms, "no white cells; not seen in plasma above its background");
    } else {
        by_terms(x, v);
    }
}
