/* The background model of invented normals against tests/oracle/background.tsv (scipy): classes, dispersion set, shrunk sites, range of noise and who is refused. */
#include <stdio.h>
#include <string.h>
#include "../oracle_table.h"
#include "base/mem.h"
#include "detect/background_fit.h"
#include "detect/noise.h"
#include "stats/init.h"

enum { ALLELES = 64, NORMALS = 24, TEXT = 1 << 16 };

typedef struct normals { /* what one row of the table says, as cw_background_fit wants it */
    cw_panel panel;
    cw_allele allele[ALLELES];
    cw_locus locus[ALLELES];
    size_t by_locus[ALLELES], n_alleles, n_normals;
    cw_tallies tallies[NORMALS];
    const cw_tallies *sample[NORMALS];
    cw_tally tally[NORMALS][ALLELES];
    int64_t count[NORMALS][ALLELES][4][2];
    char text[TEXT];
} normals;

/* k/n after k/n; returns where the list ends. */
static const char *pair(const char *text, int64_t *k, int64_t *n)
{
    char *end;
    *k = strtoll(text, &end, 10);
    cr_assert_eq(*end, '/');
    *n = strtoll(end + 1, &end, 10);
    return end;
}

static void read_normals(const cw_table *t, size_t r, normals *x)
{
    memset(x, 0, sizeof *x);
    cr_assert_lt(strlen(oracle_cell(t, r, "alleles")), TEXT);
    strcpy(x->text, oracle_cell(t, r, "alleles"));
    char *save = NULL;
    for (char *a = strtok_r(x->text, ";", &save); a; a = strtok_r(NULL, ";", &save), x->n_alleles++) {
        char *cell[5], *inner = NULL;
        for (int i = 0; i < 5; i++) cell[i] = strtok_r(i ? NULL : a, ",", &inner);
        size_t i = x->n_alleles;
        cr_assert_lt(i, ALLELES);
        x->allele[i] = (cw_allele){.cwid = "x", .contig = "chr1", .beg = (int64_t)i * 100, .end = (int64_t)i * 100 + (int64_t)strlen(cell[0]), .ref = cell[0], .alt = cell[1], .has_locus = true, .locus = i};
        x->locus[i] = (cw_locus){.contig = "chr1", .beg = x->allele[i].beg, .end = x->allele[i].end, .ref = cell[0], .first = i, .n = 1, .before = *cell[2] == '-' ? '\0' : *cell[2],
                                 .after = *cell[3] == '-' ? '\0' : *cell[3], .run = atoi(cell[4])};
        x->by_locus[i] = i;
    }
    const char *p = oracle_cell(t, r, "counts");
    for (size_t i = 0; i < x->n_alleles; i++, p += *p == ';')
        for (size_t s = 0; *p && *p != ';'; s++, p += *p == ',') {
            int64_t k, n;
            p = pair(p, &k, &n);
            cr_assert_lt(s, NORMALS);
            x->count[s][i][0][0] = n - k, x->count[s][i][0][1] = k;
            x->tally[s][i] = (cw_tally){.n_alt = 1, .count = x->count[s][i][0], .forward = x->count[s][i][1], .reverse = x->count[s][i][2], .duplex = x->count[s][i][3]};
        }
    p = oracle_cell(t, r, "forward");
    for (size_t i = 0; i < x->n_alleles; i++, p += *p == ';')
        for (size_t s = 0; *p && *p != ';'; s++, p += *p == ',') {
            int64_t(*c)[2] = x->count[s][i];
            c[2][0] = -1; /* not known */
            if (*p == '.') p++;
            else {
                p = pair(p, &c[1][1], &c[1][0]);
                c[2][0] = c[0][0] - c[1][0], c[2][1] = c[0][1] - c[1][1];
            }
        }
    for (p = oracle_cell(t, r, "noise"); *p; p += *p == ',', x->n_normals++) {
        int64_t wrong, bases;
        p = pair(p, &wrong, &bases);
        x->tallies[x->n_normals] = (cw_tallies){.sample = "n", .consensus = CW_CONS_UMI, .tally = x->tally[x->n_normals], .n = x->n_alleles, .molecules_ref_bases = bases - wrong,
                                                .molecules_mismatch = {[5] = wrong}};
        x->sample[x->n_normals] = &x->tallies[x->n_normals];
    }
    x->panel = (cw_panel){.name = "p", .build = CW_BUILD_GRCH38, .alleles = x->allele, .n_alleles = x->n_alleles, .loci = x->locus, .n_loci = x->n_alleles, .by_locus = x->by_locus};
}

static void expect(const cw_table *t, size_t r, const char *what, double got, double want)
{
    cr_expect(oracle_same(got, want, 1e-6, 0), "line %zu: %s is %.12g, oracle %.12g (%.2g)", t->line[r], what, got, want, got / want - 1);
}

static void check_classes(const cw_table *t, size_t r, const cw_background *b)
{
    size_t n = 0;
    for (const char *p = oracle_cell(t, r, "classes"); *p; p += *p == ';', n++) {
        char name[32], *end;
        size_t length = strcspn(p, "|"), i = 0;
        snprintf(name, sizeof name, "%.*s", (int)length, p);
        while (i < b->n_classes && strcmp(b->classes[i].name, name)) i++;
        cr_assert_lt(i, b->n_classes, "line %zu: no class %s", t->line[r], name);
        double want[5];
        p += length;
        for (int x = 0; x < 5; x++, p = end) want[x] = strtod(p + 1, &end);
        expect(t, r, name, b->classes[i].mu, want[0]);
        expect(t, r, name, b->classes[i].nu, want[1]);
        expect(t, r, name, (double)b->classes[i].sites, want[2]);
        expect(t, r, name, (double)b->classes[i].molecules, want[3]);
        cr_expect_eq(b->classes[i].mutants, (int64_t)want[4]);
    }
    cr_expect_eq(b->n_classes, n, "line %zu: %zu classes, oracle %zu", t->line[r], b->n_classes, n);
}

/* mu and nu, or a and b; the oracle's nan is unknown: 0. */
static void expect_rate(const cw_table *t, size_t r, const char *what, double x, double y, const double *want)
{
    expect(t, r, what, x, isnan(want[0]) ? 0 : want[0]);
    expect(t, r, what, y, isnan(want[1]) ? 0 : want[1]);
}

static void check_strands(const cw_table *t, size_t r, const cw_background *b)
{
    for (const char *p = oracle_cell(t, r, "strand_classes"); *p; p += *p == ';') {
        char name[32], *end;
        size_t length = strcspn(p, "|"), i = 0;
        double want[8];
        snprintf(name, sizeof name, "%.*s", (int)length, p);
        while (i < b->n_classes && strcmp(b->classes[i].name, name)) i++;
        cr_assert_lt(i, b->n_classes, "line %zu: no class %s", t->line[r], name);
        p += length;
        for (int x = 0; x < 8; x++, p = end) want[x] = strtod(p + 1, &end);
        for (int s = 0; s < CW_STRANDS; s++) {
            const struct cw_bg_class_strand *c = &b->classes[i].strand[s];
            expect_rate(t, r, name, c->mu, c->nu, &want[4 * s]);
            cr_expect(c->molecules == (int64_t)want[4 * s + 2] && c->mutants == (int64_t)want[4 * s + 3], "line %zu: %s", t->line[r], name);
        }
    }
    size_t n = 0;
    for (const char *p = oracle_cell(t, r, "strand_sites"); *p; p += *p == ';', n++) {
        char *end;
        double want[4];
        cr_assert(n < b->n_sites && b->sites[n].beg == 100 * strtoll(p, &end, 10));
        for (int x = 0; x < 4; x++) want[x] = strtod(end + 1, &end);
        for (int s = 0; s < CW_STRANDS; s++) expect_rate(t, r, "strand site", b->sites[n].strand[s].a, b->sites[n].strand[s].b, &want[2 * s]);
        p = end;
    }
    cr_expect_eq(n, b->n_sites);
}

static void check_sites(const cw_table *t, size_t r, const cw_background *b)
{
    size_t n = 0;
    for (const char *p = oracle_cell(t, r, "sites"); *p; p += *p == ';', n++) {
        char *end;
        int64_t index = strtoll(p, &end, 10);
        double want_a = strtod(end + 1, &end), want_b = strtod(end + 1, &end);
        p = end;
        cr_assert(n < b->n_sites && b->sites[n].beg == 100 * index, "line %zu: site %zu", t->line[r], n); /* both in order of position */
        expect(t, r, "a", b->sites[n].a, want_a);
        expect(t, r, "b", b->sites[n].b, want_b);
    }
    cr_expect_eq(b->n_sites, n);
}

static void check_draws(const cw_table *t, size_t r, const cw_background *b)
{
    const char *p = oracle_cell(t, r, "draws"), *refused = oracle_cell(t, r, "refused");
    for (; *p; p += *p == ',', refused += 2) {
        int64_t wrong, bases;
        cw_err err = {0};
        p = pair(p, &wrong, &bases);
        cw_tallies draw = {.sample = "d", .molecules_ref_bases = bases - wrong, .molecules_mismatch = {[2] = wrong}};
        cr_expect_eq(cw_noise_check(&draw, b, NULL, &err), *refused == '1' ? CW_EREFUSED : 0, "line %zu: %lld of %lld", t->line[r], (long long)wrong, (long long)bases);
    }
}

Test(background_oracle, follows_the_formulas, .init = cw_stats_init, .timeout = 120)
{
    static normals x;
    cw_table t;
    oracle_open(&t, CW_SOURCE_DIR "/tests/oracle/background.tsv", 100);
    for (size_t r = 0; r < t.n_rows; r++) {
        cw_background b;
        cw_background_fit_conf conf;
        cw_err err = {0};
        double omega[8];
        read_normals(&t, r, &x);
        cw_background_fit_conf_default(&conf);
        conf.max_vaf = oracle_real(&t, r, "max_vaf");
        cr_assert_eq(cw_background_fit(&x.panel, x.sample, x.n_normals, &conf, &b, NULL, &err), 0, "%s", err.text);
        check_classes(&t, r, &b);
        expect(&t, r, "omega_hat", b.set.omega_hat, oracle_real(&t, r, "omega_hat"));
        cr_expect_eq(b.set.n_omega, oracle_list(oracle_cell(&t, r, "omega"), omega, 8), "line %zu: the set has %zu values", t.line[r], b.set.n_omega);
        for (size_t i = 0; i < b.set.n_omega; i++) expect(&t, r, "omega", b.set.omega[i], omega[i]);
        check_sites(&t, r, &b);
        check_strands(&t, r, &b);
        expect(&t, r, "offtarget_lo", b.offtarget_lo, oracle_real(&t, r, "offtarget_lo"));
        expect(&t, r, "offtarget_hi", b.offtarget_hi, oracle_real(&t, r, "offtarget_hi"));
        check_draws(&t, r, &b);
        cw_background_release(&b);
    }
    cw_table_release(&t);
}
