/* A background fitted to simulated normals finds the rates they were made with; written and read it is the same model. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include "base/mem.h"
#include "detect/background.h"
#include "detect/background_fit.h"
#include "detect/noise.h"
#include "io/background_io.h"
#include "stats/init.h"

enum { SITES = 300, NORMALS = 24 };
static cw_allele alleles[SITES];
static cw_locus loci[SITES];
static size_t by_locus[SITES];
static cw_panel panel;
static cw_tallies tallies[NORMALS];
static const cw_tallies *samples[NORMALS];
static int64_t counts[NORMALS][SITES][4][2];
static cw_tally tally[NORMALS][SITES];

/* 150 C>T sites at 5e-5, 150 A>C sites at 1e-5, nu 1.5, CV between draws .35, 20,000 molecules. Site 0 is germline in one normal. */
static void setup(void)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    cw_stats_init();
    for (size_t i = 0; i < SITES; i++) {
        bool ct = i < SITES / 2;
        alleles[i] = (cw_allele){.cwid = "x", .contig = "chr1", .beg = (int64_t)i * 10, .end = (int64_t)i * 10 + 1, .ref = ct ? "C" : "A", .alt = ct ? "T" : "C", .has_locus = true, .locus = i};
        loci[i] = (cw_locus){.contig = "chr1", .beg = alleles[i].beg, .end = alleles[i].end, .ref = alleles[i].ref, .first = i, .n = 1};
        by_locus[i] = i;
        double e = gsl_ran_gamma(rng, 1.5, (ct ? 5e-5 : 1e-5) / 1.5);
        for (size_t s = 0; s < NORMALS; s++) {
            int64_t k = gsl_ran_poisson(rng, 20000 * e * gsl_ran_gamma(rng, 1 / (.35 * .35), .35 * .35));
            if (i == 0 && s == 3) k = 9900;
            counts[s][i][0][0] = 20000 - k, counts[s][i][0][1] = k;
            counts[s][i][1][1] = k / 2, counts[s][i][2][1] = k - k / 2;
            tally[s][i] = (cw_tally){.n_alt = 1, .count = counts[s][i][0], .forward = counts[s][i][1], .reverse = counts[s][i][2], .duplex = counts[s][i][3]};
        }
    }
    for (size_t s = 0; s < NORMALS; s++) {
        tallies[s] = (cw_tallies){.sample = "n", .consensus = CW_CONS_UMI, .tally = tally[s], .n = SITES, .molecules_ref_bases = 1000000, .molecules_mismatch = {[5] = 90 + (int64_t)s}};
        samples[s] = &tallies[s];
    }
    panel = (cw_panel){.name = "p", .build = CW_BUILD_GRCH38, .alleles = alleles, .n_alleles = SITES, .loci = loci, .n_loci = SITES, .by_locus = by_locus};
    gsl_rng_free(rng);
}

static const cw_bg_class *class_of(const cw_background *b, const char *name)
{
    for (size_t i = 0; i < b->n_classes; i++)
        if (!strcmp(b->classes[i].name, name)) return &b->classes[i];
    cr_assert_fail("no class %s", name);
    return NULL;
}

Test(background, finds_the_rates_of_the_normals, .init = setup)
{
    cw_background b, back;
    cw_background_fit_conf conf;
    cw_err err = {0};
    char path[] = "/tmp/cw-background-XXXXXX";
    cw_background_fit_conf_default(&conf);
    conf.name = "assay";
    cr_assert_eq(cw_background_fit(&panel, samples, NORMALS, &conf, &b, NULL, &err), 0, "%s", err.text);
    cr_expect_float_eq(class_of(&b, "C>T")->mu, 5e-5, 1e-5); /* sd of the mean of 150 gammas: 7 % */
    cr_expect_float_eq(class_of(&b, "A>C")->mu, 1e-5, 2e-6);
    cr_expect_float_eq(class_of(&b, "C>T")->nu, 1.5, .5);
    bool has = false;
    for (size_t i = 0; i < b.set.n_omega; i++) has |= b.set.omega[i] == .35;
    cr_expect(has, "Omega holds the CV that the normals were made with");
    cr_expect_eq(b.n_sites, SITES);
    cr_expect(b.sites[0].molecules == 23 * 20000 && b.sites[0].mutants < 200, "the germline normal is left out at its site");
    cr_expect(b.offtarget_lo < 9e-5 && b.offtarget_hi > 1.1e-4 && b.offtarget_hi < 2e-4);
    cr_assert_neq(mkstemp(path), -1);
    cr_assert_eq(cw_background_write(&b, path, &err), 0, "%s", err.text);
    cr_assert_eq(cw_background_read(&back, path, &err), 0, "%s", err.text);
    remove(path);
    cr_expect(!strncmp(back.id, "assay-", 6) && strlen(back.id) == 18);
    cr_expect_eq(back.n_sites, b.n_sites);
    cr_expect_eq(back.n_classes, b.n_classes);
    cr_expect_float_eq(back.set.omega_hat, b.set.omega_hat, 0);
    for (size_t i = 0; i < b.n_sites; i++) cr_assert_float_eq(back.sites[i].b / b.sites[i].b, 1, 1e-5);
    for (size_t i = 0; i < b.n_classes; i++) cr_assert(b.classes[i].strand[0].mu == 0 && back.classes[i].strand[0].mu == 0, "strands of the reference were not given: no rates of strands");
    cr_expect(!back.set.is_default);
    cw_background_release(&b);
    cw_background_release(&back);
}

Test(background, normals_of_two_levels_are_refused, .init = setup)
{
    cw_background b;
    cw_background_fit_conf conf;
    cw_err err = {0};
    cw_background_fit_conf_default(&conf);
    tallies[5].consensus = CW_CONS_DUPLEX;
    cr_assert_eq(cw_background_fit(&panel, samples, NORMALS, &conf, &b, NULL, &err), CW_EREFUSED);
    cr_assert(strstr(err.text, "one model for each level"));
}

static int read_text(const char *text, cw_err *err)
{
    char path[] = "/tmp/cw-background-XXXXXX";
    cw_background b;
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    fputs(text, f);
    fclose(f);
    cw_err_clear(err);
    int status = cw_background_read(&b, path, err);
    remove(path);
    cw_background_release(&b);
    return status;
}

#define TOP "# clonewatch background model 1\n# name: n\n# level: umi\n# build: GRCh38\n# normals: 3\n# omega_hat: 0.35\n# omega: 0.2 0.35\n"
#define COLUMNS "kind\tname\tcontig\tpos\tref\talt\tsites\tmolecules\tmutants\tforward\treverse\trate\tnu\ta\tb\n"

#define STRAND_COLUMNS "kind\tname\tcontig\tpos\tref\talt\tsites\tmolecules\tmutants\tforward\treverse\trate\tnu\ta\tb\tmolecules_forward\tmolecules_reverse\trate_forward\tnu_forward\trate_reverse\tnu_reverse\ta_forward\tb_forward\ta_reverse\tb_reverse\n"

Test(background, files_that_are_none_are_refused)
{
    static const struct { const char *text, *says; } bad[] = {
        {COLUMNS "class\tC>T\t\t\t\t\t1\t1\t1\t\t\t1e-5\t1.5\t\t\n", "not a background model"},
        {TOP COLUMNS, "has no class"},
        {TOP COLUMNS "class\tC>T\t\t\t\t\t1\t1\t1\t\t\t0\t1.5\t\t\n", "rate '0' is not a number above 0"},
        {TOP COLUMNS "class\tC>T\t\t\t\t\t1\t1\t1\t\t\t1e-5\tnan\t\t\n", "nu 'nan'"},
        {TOP COLUMNS "clas\tC>T\t\t\t\t\t1\t1\t1\t\t\t1e-5\t1\t\t\n", "neither class nor site"},
        {TOP COLUMNS "class\tC>T\t\t\t\t\t1\t1\t1\t\t\t1e-5\t1\t\t\nclass\tC>T\t\t\t\t\t1\t1\t1\t\t\t1e-5\t1\t\t\n", "stands twice"},
        {TOP COLUMNS "class\tC>T\t\t\t\t\t1\t1\t1\t\t\t1e-5\t1\t\t\nsite\t\t7\tx\tA\tC\t\t\t\t\t\t\t\t1\t1\n", "needs contig, pos"},
        {TOP STRAND_COLUMNS "class\tC>T\t\t\t\t\t1\t9\t2\t1\t1\t1e-5\t1.5\t\t\t5\t4\t1e-5\t1\t0\t1\t\t\t\t\n", ":9: rate_reverse '0' is not a number above 0"},
        {TOP STRAND_COLUMNS "class\tC>T\t\t\t\t\t1\t9\t2\t1\t1\t1e-5\t1.5\t\t\t5\t4\t1e-5\t\t1e-5\t1\t\t\t\t\n", ":9: nu_forward '' is not a number above 0"},
        {TOP STRAND_COLUMNS "class\tC>T\t\t\t\t\t1\t9\t2\t1\t1\t1e-5\t1.5\t\t\t5\tx\t1e-5\t1\t1e-5\t1\t\t\t\t\n", ":9: molecules_reverse 'x' is not a count"},
        {TOP STRAND_COLUMNS "class\tC>T\t\t\t\t\t1\t9\t2\t1\t6\t1e-5\t1.5\t\t\t5\t4\t1e-5\t1\t1e-5\t1\t\t\t\t\n", ":9: reverse 6 is more than molecules_reverse 4"},
        {TOP STRAND_COLUMNS "class\tC>T\t\t\t\t\t1\t9\t2\t\t\t1e-5\t1.5\nsite\t\t7\t5\tC\tT\t\t9\t2\t1\t1\t1e-5\t\t1\t1\t5\t4\t\t\t\t\t1\tinf\t1\t1\n", ":10: b_forward 'inf' is not"},
        {"# clonewatch background model 1\n# name: n\n# level: umi\n# omega: 0.2\n" COLUMNS, "omega_hat"}};
    cw_err err = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect(read_text(bad[i].text, &err) < 0, "case %zu", i);
        cr_expect(strstr(err.text, bad[i].says) != NULL, "case %zu says '%s'", i, err.text);
    }
    cr_expect_eq(read_text(TOP COLUMNS "class\tC>T\t\t\t\t\t1\t1\t1\t\t\t1e-5\t1.5\t\t\n", &err), 0, "%s", err.text);
}

static void keep_text(void *context, cw_log_level level, const char *text)
{
    char *kept = context;
    if (level == CW_LOG_WARNING && strstr(text, "strand")) snprintf(kept + strlen(kept), 2000 - strlen(kept), "%s\n", text);
}

/* All C>T molecules on forward strands, A>C on both alike: one warning, about C>T. */
Test(background, damage_of_one_strand_is_said, .init = setup)
{
    cw_background b;
    cw_background_fit_conf conf;
    cw_err err = {0};
    char said[2000] = "";
    const cw_log log = {.emit = keep_text, .context = said};
    cw_background_fit_conf_default(&conf);
    cw_bg rate, strand[CW_STRANDS];
    double mu;
    const char *source;
    for (size_t s = 0; s < NORMALS; s++)
        for (size_t i = 0; i < SITES; i++)
            for (int x = 0; x < 2; x++) { /* an odd molecule now on one strand, now on the other */
                counts[s][i][1][x] = (counts[s][i][0][x] + (int64_t)((s + i) % 2)) / 2;
                counts[s][i][2][x] = counts[s][i][0][x] - counts[s][i][1][x];
            }
    cr_assert_eq(cw_background_fit(&panel, samples, NORMALS, &conf, &b, &log, &err), 0);
    cr_expect_str_eq(said, "");
    cw_background_release(&b);
    for (size_t s = 0; s < NORMALS; s++)
        for (size_t i = 0; i < SITES / 2; i++) counts[s][i][1][1] += counts[s][i][2][1], counts[s][i][2][1] = 0;
    cr_assert_eq(cw_background_fit(&panel, samples, NORMALS, &conf, &b, &log, &err), 0);
    cr_expect(strstr(said, "the normals show C>T ") == said && strstr(said, "on the forward strand") && !strstr(said, "A>C"), "%s", said);
    /* each strand has half of the molecules, the forward one all of C>T: twice the rate, and on the other half a molecule of 150 x 24 x 10,000 */
    const cw_bg_class *ct = class_of(&b, "C>T"), *ac = class_of(&b, "A>C");
    cr_expect_float_eq(ct->strand[CW_FORWARD].mu / ct->mu, 2, .02);
    cr_expect(ct->strand[CW_REVERSE].mutants == 0 && ct->strand[CW_FORWARD].mutants == ct->mutants && ct->strand[CW_FORWARD].molecules + ct->strand[CW_REVERSE].molecules == ct->molecules);
    cr_expect_float_eq(ct->strand[CW_REVERSE].mu * (double)ct->strand[CW_REVERSE].molecules, .5, 1e-9);
    cr_expect(fabs(ac->strand[CW_FORWARD].mu / ac->mu - 1) < .2 && fabs(ac->strand[CW_REVERSE].mu / ac->mu - 1) < .2);
    /* written and read, the site's rates by strand are the same to six digits: nu + k and nu / mu + n */
    cw_background back;
    char path[] = "/tmp/cw-background-XXXXXX";
    cr_assert_neq(mkstemp(path), -1);
    cr_assert_eq(cw_background_write(&b, path, &err), 0, "%s", err.text);
    cr_assert_eq(cw_background_read(&back, path, &err), 0, "%s", err.text);
    remove(path);
    for (size_t i = 0; i < SITES; i++) {
        const cw_bg_class *c = i < SITES / 2 ? ct : ac;
        cr_assert_eq(cw_background_rate(&back, &loci[i], &alleles[i], &rate, strand, &mu, &source, &err), 0);
        for (int x = 0; x < CW_STRANDS; x++) {
            const struct cw_bg_site_strand *site = &back.sites[i].strand[x];
            cr_assert_float_eq(strand[x].a, c->strand[x].nu + (double)site->mutants, 1e-5 * strand[x].a);
            cr_assert_float_eq(strand[x].b, c->strand[x].nu / c->strand[x].mu + (double)site->molecules, 1e-5 * strand[x].b);
        }
        cr_assert_eq(back.sites[i].strand[0].mutants + back.sites[i].strand[1].mutants, back.sites[i].mutants);
    }
    cw_background_release(&back);
    cw_background_release(&b);
}
