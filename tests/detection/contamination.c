/* Contamination in invented samples, as lines for tests/bench/record.py (measure, value, unit, goal, met) without the command column. Frequencies .3 to .7, 1,000 to 5,000
 * molecules at each SNP, 2e-4 errors to each base, CV .15 between SNPs; "tumour": every heterozygous SNP of the patient lies at .3 or .7; "copies": two of them at .05 to .2
 * or .8 to .95 (lost in most cells, or one of many).
 *   contamination [RUNS]   400 samples each by default: some minutes */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include "detect/qc.h"
#include "stats/init.h"

enum { MOST = 40 };
static const double ERROR = 2e-4;
static gsl_rng *rng;

typedef struct seen { int contaminated, estimable, bounded, covered; } seen;

typedef enum growth { NO_TUMOUR, SKEWS_ALL, TWO_FAR } growth;

static double own_fraction(double af, growth tumour, int *far)
{
    double f = gsl_ran_binomial(rng, af, 2) / 2.;
    if (f != .5 || tumour == NO_TUMOUR || (tumour == TWO_FAR && ++*far > 2)) return f;
    f = tumour == SKEWS_ALL ? .3 : .05 + .15 * gsl_rng_uniform(rng);
    return gsl_rng_uniform(rng) < .5 ? f : 1 - f;
}

static void one_sample(int snps, double share, growth tumour, const cw_qc_conf *conf, seen *s)
{
    cw_snp snp[MOST] = {{0}};
    int64_t ref[MOST], alt[MOST], other[MOST];
    int far = 0;
    for (int i = 0; i < snps; i++) {
        double q = snp[i].pop_af = .3 + .4 * gsl_rng_uniform(rng), own = own_fraction(q, tumour, &far), guest = gsl_ran_binomial(rng, q, 2) / 2.;
        unsigned n = 1000 + (unsigned)gsl_rng_uniform_int(rng, 4001);
        double f = (1 - share) * own + share * guest, noise = gsl_ran_gamma(rng, 1 / (.15 * .15), .15 * .15);
        bool low = f < .5; /* the noise is that of the rarer allele, at a SNP of the patient's own one allele */
        double p = fmin(1, (low ? f : 1 - f) * (own == 0 || own == 1 ? noise : 1) + ERROR);
        int64_t k = gsl_ran_binomial(rng, p, n);
        alt[i] = low ? k : (int64_t)n - k;
        ref[i] = (int64_t)n - alt[i];
        other[i] = gsl_ran_poisson(rng, 2 * ERROR * n);
    }
    cw_contamination c;
    cw_contamination_estimate(&(cw_fingerprint){ref, alt, other, (size_t)snps}, snp, (size_t)snps, &c);
    s->estimable += isfinite(c.fraction);
    s->bounded += c.hi <= conf->max_contamination;
    s->covered += c.lo <= share && share <= c.hi;
    s->contaminated += c.fraction > conf->max_contamination && c.lod >= 3; /* as in cw_qc_of_calls() */
}

static void say(int snps, const char *what, const char *of, int n, int runs)
{
    printf("contamination, %d SNPs, %s: %s\t%.4g\t%% of %d\t-\t-\n", snps, what, of, 100. * n / runs, runs);
}

int main(int argc, char **argv)
{
    static const struct { double share; growth tumour; const char *name; } kind[] = {
        {0, NO_TUMOUR, "clean"}, {0, SKEWS_ALL, "clean, with a tumour"}, {0, TWO_FAR, "clean, copies at two SNPs"}, {.005, NO_TUMOUR, "0.5 % of another person"},
        {.02, NO_TUMOUR, "2 % of another person"}, {.02, SKEWS_ALL, "2 %, with a tumour"},
        {.1, NO_TUMOUR, "10 % of another person"}, {.25, NO_TUMOUR, "25 % of another person"}, {.45, NO_TUMOUR, "45 % of another person"}, {.45, SKEWS_ALL, "45 %, with a tumour"}};
    int runs = argc > 1 ? atoi(argv[1]) : 400;
    cw_qc_conf conf;
    cw_qc_conf_default(&conf);
    cw_stats_init();
    rng = gsl_rng_alloc(gsl_rng_taus2);
    for (int snps = 20; snps <= 40; snps += 20)
        for (size_t k = 0; k < sizeof kind / sizeof *kind; k++) {
            seen s = {0};
            for (int i = 0; i < runs; i++) one_sample(snps, kind[k].share, kind[k].tumour, &conf, &s);
            say(snps, kind[k].name, "fails contamination", s.contaminated, runs);
            say(snps, kind[k].name, "not estimable", runs - s.estimable, runs);
            if (kind[k].share <= conf.max_contamination) say(snps, kind[k].name, "upper end at most 1 %", s.bounded, runs);
            say(snps, kind[k].name, "the interval holds the true share", s.covered, runs);
            fflush(stdout);
        }
    gsl_rng_free(rng);
    return 0;
}
