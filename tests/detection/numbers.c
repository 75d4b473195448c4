/* Numbers of detection by simulation, as lines for tests/bench/record.py (measure, value, unit, goal, met) without the command column.
 *   numbers            all; exit status 1 when a goal is not met */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <clonewatch/tally.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include "detect/identity.h"
#include "stats/ends.h"
#include "stats/gamma_nodes.h"
#include "stats/init.h"
#include "stats/joint.h"
#include "stats/limits.h"
#include "stats/origin.h"

static gsl_rng *rng;
static bool all_met = true;

static void say(const char *measure, double value, const char *unit, const char *goal, bool met)
{
    printf("%s\t%.6g\t%s\t%s\t%s\n", measure, value, unit, goal, met ? "yes" : "no");
    all_met &= met;
}

static double gamma_cv(double cv) { return gsl_ran_gamma(rng, 1 / (cv * cv), cv * cv); }

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Randomised p-values of 100,000 null counts over four backgrounds and depths; Kolmogorov-Smirnov distance; 5 % point 1.358 / sqrt(n). */
static void uniform_p(void)
{
    enum { N = 100000 };
    static const double setting[4][3] = {{1.5, 50000, 10000}, {1.5, 5000, 3000}, {31.5, 1e6, 30000}, {8, 1e5, 20000}}; /* a, b, n */
    static double p[N];
    cw_gamma_nodes nodes[4];
    for (int s = 0; s < 4; s++)
        if (cw_gamma_nodes_fill(&nodes[s], setting[s][0], setting[s][1]) < 0) abort();
    for (int i = 0; i < N; i++) {
        const double *s = setting[i % 4];
        int64_t k = gsl_ran_poisson(rng, s[2] * gsl_ran_gamma(rng, s[0], 1 / s[1]) * gamma_cv(.35));
        double above = cw_gamma_nodes_upper(&nodes[i % 4], k + 1, s[2], .35), at = cw_gamma_nodes_upper(&nodes[i % 4], k, s[2], .35);
        p[i] = above + gsl_rng_uniform(rng) * (at - above);
    }
    qsort(p, N, sizeof *p, ascending);
    double worst = 0;
    for (int i = 0; i < N; i++) worst = fmax(worst, fmax(fabs(p[i] - (double)i / N), fabs(p[i] - (double)(i + 1) / N)));
    say("p-values under the null, KS distance of 100000 (5 % point 0.00429)", worst, "distance", "<= 0.00429", worst <= 1.358 / sqrt(N));
}

/* 5 depths x 4 backgrounds x 3 priors: stated LoD against the fraction that is found in 95 % of 20,000 simulated draws. */
static void limits(void)
{
    enum { RUNS = 20000 };
    static const double depth[] = {2000, 5000, 10000, 20000, 30000}, rate[] = {1e-6, 1e-5, 3e-5, 1e-4}, shape[] = {1.5, 12, 200};
    static double e[RUNS], v[RUNS];
    static unsigned long seed[RUNS];
    double most_optimistic = -INFINITY, most_cautious = -INFINITY;
    int outside = 0;
    for (int i = 0; i < RUNS; i++) seed[i] = gsl_rng_get(rng);
    gsl_rng *inner = gsl_rng_alloc(gsl_rng_taus2);
    for (int d = 0; d < 5; d++)
        for (int r = 0; r < 4; r++)
            for (int s = 0; s < 3; s++) {
                cw_gamma_nodes nodes;
                double n = depth[d], a = shape[s], b = a / rate[r];
                if (cw_gamma_nodes_fill(&nodes, a, b) < 0) abort();
                int64_t k_star = cw_critical_count(&nodes, n, .35, .001);
                double stated = cw_limit_of_detection(k_star, n, a / b, .35, .25), lo = log(.1 / n), hi = log(.5);
                for (int i = 0; i < RUNS; i++) e[i] = gsl_ran_gamma(rng, a, 1 / b) * gamma_cv(.35), v[i] = gamma_cv(.25);
                for (int step = 0; step < 16; step++) { /* the same random numbers at every fraction: a smooth curve */
                    double f = exp(.5 * (lo + hi));
                    int found = 0;
                    for (int i = 0; i < RUNS; i++) {
                        gsl_rng_set(inner, seed[i]);
                        found += gsl_ran_poisson(inner, n * (e[i] + f * v[i])) >= (unsigned)k_star;
                    }
                    if (found >= .95 * RUNS) hi = .5 * (lo + hi);
                    else lo = .5 * (lo + hi);
                }
                double simulated = fmax(exp(hi), 3 / n), off = stated / simulated - 1;
                most_cautious = fmax(most_cautious, off);
                most_optimistic = fmax(most_optimistic, -off);
                outside += fabs(off) > .15;
            }
    gsl_rng_free(inner);
    say("stated LoD95 too high at most, 60 cells", 100 * most_cautious, "%", "<= 15", most_cautious <= .15);
    say("stated LoD95 too low (optimistic) at most, 60 cells", 100 * most_optimistic, "%", "<= 5", most_optimistic <= .05);
    say("cells outside +-15 %, of 60", outside, "cells", "= 0", outside == 0);
}

enum { SNPS = 20, DRAWS = 5 };

static void swaps(void)
{
    int found = 0, invented = 0;
    cw_snp snp[SNPS];
    for (int run = 0; run < 1000; run++) {
        int genotype[2][SNPS];
        int64_t count[DRAWS][3][SNPS];
        cw_fingerprint print[DRAWS];
        cw_person_pair pair[DRAWS * (DRAWS - 1) / 2];
        cw_person verdict[DRAWS];
        bool is_normal[DRAWS] = {true};
        size_t swapped = 1 + (size_t)run % (DRAWS - 1);
        for (int i = 0; i < SNPS; i++) {
            snp[i].pop_af = .3 + .4 * gsl_rng_uniform(rng);
            for (int p = 0; p < 2; p++) genotype[p][i] = (int)gsl_ran_binomial(rng, snp[i].pop_af, 2);
        }
        for (size_t s = 0; s < DRAWS; s++) {
            unsigned depth = 30 + (unsigned)gsl_rng_uniform_int(rng, 3000);
            for (int i = 0; i < SNPS; i++) {
                double f = genotype[s == swapped][i] / 2.;
                count[s][1][i] = gsl_ran_binomial(rng, f * .999 + (1 - f) * .001, depth);
                count[s][0][i] = (int64_t)depth - count[s][1][i];
                count[s][2][i] = 0;
            }
            print[s] = (cw_fingerprint){count[s][0], count[s][1], count[s][2], SNPS};
        }
        cw_identity_set(print, is_normal, DRAWS, snp, SNPS, pair, verdict);
        for (size_t s = 0; s < DRAWS; s++) {
            found += s == swapped && verdict[s] == CW_PERSON_OTHER;
            invented += s != swapped && verdict[s] == CW_PERSON_OTHER;
        }
    }
    say("swapped draws named, of 1000 (20 SNPs, depth 30 and more)", found, "draws", "= 1000", found == 1000);
    say("other draws named, of 4000", invented, "draws", "= 0", invented == 0);
}

static void decoys(void)
{
    enum { RUNS = 10000 };
    int wrong = 0, chip = 0;
    for (int run = 0; run < RUNS; run++) {
        int64_t k[8], n[8];
        size_t draws = 1 + gsl_rng_uniform_int(rng, 8);
        double f = pow(10, -3 + 2.3 * gsl_rng_uniform(rng));
        for (size_t j = 0; j < draws; j++) n[j] = 10000, k[j] = gsl_ran_poisson(rng, 10000 * (3e-5 * gamma_cv(.35) + f * gamma_cv(.25)));
        int64_t w = gsl_ran_poisson(rng, 10000 * (3e-5 * gamma_cv(.35) + f * gamma_cv(.25)));
        const cw_origin_evidence x = {draws, k, n, NULL, 3e-5, w, 10000, run % 2 == 0, run % 4 == 1, NAN};
        cw_origin_verdict v;
        cw_origin_decide(&x, &v);
        wrong += v.origin == CW_FROM_TUMOUR;
        chip += v.origin == CW_FROM_CHIP;
    }
    say("CHIP decoys (0.1-20 %) called tumour with white cells, of 10000", 100. * wrong / RUNS, "%", "<= 1", wrong <= RUNS / 100);
    say("CHIP decoys called CHIP with white cells", 100. * chip / RUNS, "%", ">= 90", chip >= .9 * RUNS);
}

/* 400 patients without tumour DNA, 16 variants, 4 draws: how many ever reach 1/alpha; and with it at .1 %. */
static void joint(void)
{
    enum { S = 16, J = 4, RUNS = 400 };
    int ever[2] = {0, 0};
    for (int run = 0; run < RUNS; run++)
        for (int tumour = 0; tumour < 2; tumour++) {
            cw_joint_site site[S];
            cw_joint_look look[J];
            int64_t k[S * J], n[S * J];
            const double week[J] = {0, 8, 16, 24};
            for (int i = 0; i < S; i++) site[i] = cw_joint_site_from_background(1.5 + 20, 21.5 / 2e-5, .35, .5, -1);
            double rate[S];
            for (int i = 0; i < S; i++) rate[i] = gsl_ran_gamma(rng, 21.5, 2e-5 / 21.5);
            for (int c = 0; c < S * J; c++) n[c] = 8000, k[c] = gsl_ran_poisson(rng, 8000 * (rate[c % S] * gamma_cv(.35) + (tumour ? 5e-4 * gamma_cv(.25) : 0)));
            const cw_joint_input in = {S, J, site, week, k, n};
            if (cw_joint_test(&in, look) < 0) abort();
            bool alarm = false;
            for (int j = 0; j < J; j++) alarm |= look[j].ln_e >= log(20);
            ever[tumour] += alarm;
        }
    say("joint test of 16 variants: false alarm ever in 4 draws, 400 patients without tumour", 100. * ever[0] / RUNS, "%", "<= 5", ever[0] <= .05 * RUNS);
    say("joint test of 16 variants: found at tumour fraction 0.1 %, 400 patients", 100. * ever[1] / RUNS, "%", ">= 95", ever[1] >= .95 * RUNS);
}

/* Of molecules over a locus, the share in which it lies near an end of the read that shows it best. Lengths: normal with SD 18 round the
 * mean, and twice that for the share of long ones; both ends are read. */
static double near_share(double mean, double share_long, int read)
{
    double near = 0, all = 0;
    for (int length = 60; length < 500; length++) {
        double weight = (1 - share_long) * gsl_ran_gaussian_pdf(length - mean, 18) + share_long * gsl_ran_gaussian_pdf(length - 2 * mean, 27);
        int n = read < length ? read : length;
        for (int x = 0; x < length; x++) {
            int left = x < n ? (x < n - 1 - x ? x : n - 1 - x) : -1, y = length - 1 - x, right = y < n ? (y < n - 1 - y ? y : n - 1 - y) : -1;
            int best = left > right ? left : right;
            if (best < 0) continue;
            all += weight;
            if (best < CW_END_BP) near += weight;
        }
    }
    return near / all;
}

/* A million alleles of 3 to 2,500 carriers among 10,000: how often are they named `position`, and how often would Fisher's test name them? */
static void positions(void)
{
    enum { N = 1000000, DEPTH = 10000 };
    static const int carriers[] = {3, 6, 12, 40, 150, 600, 2500};
    static const double mean[] = {167, 130};
    static const char *const whose[] = {"as long as the reference's (167 bp)", "of 130 bp"};
    char text[160];
    for (int m = 0; m < 2; m++) {
        int named = 0, fisher = 0;
        for (int i = 0; i < N; i++) {
            const int k = carriers[i % 7], read = i % 2 ? 100 : 150;
            static double share[2][2][2]; /* by mean and read length: of the reference, of the carriers */
            double *s = share[m][i % 2];
            if (s[0] == 0) s[0] = near_share(167, .08, read), s[1] = m ? near_share(mean[m], 0, read) : s[0];
            unsigned x = gsl_ran_binomial(rng, s[1], (unsigned)k), ref = gsl_ran_binomial(rng, s[0], DEPTH);
            named += cw_ends_p(x, k - x, ref, DEPTH - ref) < 1e-4;
            fisher += x > 0 && gsl_cdf_hypergeometric_Q(x - 1, x + ref, (unsigned)k - x + DEPTH - ref, (unsigned)k) < 1e-4;
        }
        snprintf(text, sizeof text, "position test: true alleles named, of a million in fragments %s", whose[m]);
        say(text, named / (double)N, "share", "<= 1e-4", named <= 1e-4 * N);
        printf("the same, fragments of %g bp, by Fisher's exact test, which is not used\t%.6g\tshare\t-\t-\n", mean[m], fisher / (double)N);
    }
    const double reference = near_share(167, .08, 150);
    for (int k = 6; k <= 24; k *= 2) {
        int named = 0;
        for (int i = 0; i < 10000; i++) {
            unsigned x = gsl_ran_binomial(rng, .8, (unsigned)k), ref = gsl_ran_binomial(rng, reference, DEPTH);
            named += cw_ends_p(x, k - x, ref, DEPTH - ref) < 1e-4;
        }
        printf("position test: artefacts named whose carriers lie near an end in 80 %%, %d carriers\t%.4g\t%%\t-\t-\n", k, named / 100.);
    }
}

int main(void)
{
    cw_stats_init();
    rng = gsl_rng_alloc(gsl_rng_mt19937);
    if (!rng) return 1;
    uniform_p();
    limits();
    swaps();
    decoys();
    joint();
    positions();
    gsl_rng_free(rng);
    return !all_met;
}
