/* Tallies typed in, verdicts known from tests/oracle/stats.tsv or by hand. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "detect/background.h"
#include "detect/detect.h"
#include "stats/init.h"

TestSuite(detect, .init = cw_stats_init);

enum { N = 5 };
static cw_panel panel;
static cw_tallies tallies;
static cw_tally tally[N];
static cw_allele alleles[N];
static int64_t counts[N][4][2];

/* Five SNV loci on one contig: ref 9999-k and k alternatives, half of each on either strand unless told. */
static void setup(void)
{
    static cw_locus loci[N];
    static size_t by_locus[N];
    static const char *const ids[N] = {"a", "b", "c", "d", "e"};
    cw_stats_init();
    for (size_t i = 0; i < N; i++) {
        alleles[i] = (cw_allele){.cwid = ids[i], .gene = "G", .hgvsp = "", .node = "", .type = CW_TYPE_SNV, .has_locus = true, .contig = "chr1",
                                 .beg = (int64_t)(100 * i), .end = (int64_t)(100 * i + 1), .ref = "A", .alt = "C", .locus = i};
        loci[i] = (cw_locus){.contig = "chr1", .beg = alleles[i].beg, .end = alleles[i].end, .ref = "A", .first = i, .n = 1};
        by_locus[i] = i;
        tally[i] = (cw_tally){.n_alt = 1, .count = counts[i][0], .forward = counts[i][1], .reverse = counts[i][2], .duplex = counts[i][3]};
    }
    panel = (cw_panel){.name = "p", .version = "1", .build = CW_BUILD_GRCH38, .alleles = alleles, .n_alleles = N, .loci = loci, .n_loci = N, .by_locus = by_locus};
    tallies = (cw_tallies){.sample = "S", .consensus = CW_CONS_UMI, .tally = tally, .n = N};
}

static void put(size_t i, int64_t ref, int64_t k, int64_t forward)
{
    counts[i][0][0] = ref, counts[i][0][1] = k;
    counts[i][1][0] = ref / 2, counts[i][1][1] = forward;
    counts[i][2][0] = ref - ref / 2, counts[i][2][1] = k - forward;
}

static cw_background known_background(void)
{
    static cw_bg_class classes[] = {{.name = "A>C", .mu = 3e-5, .nu = 1.5}};
    return (cw_background){.id = "typed", .level = "umi", .classes = classes, .n_classes = 1, .offtarget_lo = NAN, .offtarget_hi = NAN,
                           .set = {.model = "typed", .omega_hat = .35, .omega = {.2, .35, .5}, .n_omega = 3}};
}

/* An allele that is too long to be counted by its bases, at a locus of which another is counted: its 0 of 10,000 says nothing. */
Test(detect, uncounted_allele_is_not_assessable, .init = setup)
{
    cw_background b = known_background();
    cw_detect_conf conf;
    cw_calls c;
    cw_err err = {0};
    bool uncounted[1] = {true};
    for (size_t i = 0; i < N; i++) put(i, 10000, 0, 0);
    tally[1].uncounted = uncounted;
    cw_detect_conf_default(&conf);
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0, "%s", err.text);
    cr_expect_eq(c.call[0].state, CW_CALL_NOT_DETECTED);
    cr_expect_eq(c.call[1].state, CW_CALL_NOT_ASSESSABLE);
    cw_calls_release(&c);
}

Test(detect, states_and_limits_at_ten_thousand_molecules, .init = setup)
{
    cw_background b = known_background();
    cw_detect_conf conf;
    cw_calls c;
    cw_err err = {0};
    put(0, 10000, 0, 0);    /* nothing seen */
    put(1, 9999, 1, 1);     /* seen, not enough */
    put(2, 9970, 30, 15);   /* detected */
    put(3, 700, 5, 2);      /* too few molecules */
    put(4, 9960, 40, 40);   /* detected, all on one strand */
    cw_detect_conf_default(&conf);
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0, "%s", err.text);
    static const cw_call_state want[N] = {CW_CALL_NOT_DETECTED, CW_CALL_BELOW_LOD, CW_CALL_DETECTED, CW_CALL_NOT_ASSESSABLE, CW_CALL_DETECTED};
    static const char *const filters[N] = {"PASS", "weak_evidence", "PASS", "low_molecules", "strand_bias"};
    for (size_t i = 0; i < N; i++) {
        cr_expect_eq(c.call[i].state, want[i], "allele %zu", i);
        if (i != 3) cr_expect_str_eq(c.call[i].filters, filters[i]);
        else cr_expect(strstr(c.call[i].filters, filters[i]) != NULL);
    }
    cr_expect_eq(c.call[0].k_star, 5);                            /* oracle: k_star 1.5,50000,10000,0.35,0.001 */
    cr_expect_float_eq(c.call[0].lob, 4e-4, 1e-12);
    cr_expect_float_eq(c.call[0].lod, 0.0010323411396, 1e-9);      /* oracle: lod 5,10000,3e-05,0.35,0.25 */
    cr_expect_float_eq(c.call[0].vaf_lo, 0, 0);
    cr_expect(c.call[2].p < 1e-12 && c.call[2].ln_bf > 10 && c.call[0].ln_bf < 0);
    cr_expect_float_eq(c.call[4].strand_p, 1.8e-12, 2e-12);       /* 2 / 2^40, nearly */
    cr_expect_str_eq(c.call[0].bg_source, "class");
    cr_expect_eq(c.molecules, 10000); /* of 700 and four times 10000 */
    cr_expect_str_eq(c.level, "umi");
    cw_calls_release(&c);
}

/* Carriers and reference near read ends; the p-values are those of tests/oracle/stats.tsv. */
Test(detect, carriers_near_read_ends_are_named_and_nothing_else_changes, .init = setup)
{
    static int64_t near_end[N][2] = {{1200, 6}, {1200, 9}, {-1, 6}, {1200, 2}, {1200, 1}};
    cw_background b = known_background();
    cw_detect_conf conf;
    cw_calls c;
    cw_err err = {0};
    put(0, 10000, 6, 3);
    put(1, 10000, 10, 5);
    put(2, 10000, 6, 3);
    put(3, 10000, 2, 1);
    put(4, 10000, 10, 5);
    for (size_t i = 0; i < N; i++) tally[i].near_end = near_end[i];
    cw_detect_conf_default(&conf);
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0, "%s", err.text);
    cr_expect_float_eq(c.call[0].position_p, 2.4313155068626847e-5, 1e-14); /* six of six; the next: nine of ten */
    cr_expect_float_eq(c.call[1].position_p, 1.0233498888255608e-6, 1e-15);
    cr_expect(isnan(c.call[2].position_p), "not known is not assessable");
    cr_expect(isnan(c.call[3].position_p), "two carriers can never be below 1e-4");
    cr_expect_float_eq(c.call[4].position_p, .84451549895574038, 1e-9);
    static const char *const filters[N] = {"position", "position", "PASS", "weak_evidence", "PASS"};
    for (size_t i = 0; i < N; i++) {
        cr_expect_str_eq(c.call[i].filters, filters[i], "allele %zu: %s", i, c.call[i].filters);
        cr_expect_eq(c.call[i].near_end, near_end[i][1]);
        cr_expect_eq(c.locus[i].ref_near_end, near_end[i][0]);
    }
    cr_expect_eq(c.call[0].state, CW_CALL_DETECTED); /* said, not applied */
    cw_calls_release(&c);
    for (size_t i = 0; i < N; i++) tally[i].near_end = NULL;
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0, "%s", err.text);
    for (size_t i = 0; i < N; i++) cr_expect(isnan(c.call[i].position_p) && c.call[i].near_end == -1 && c.locus[i].ref_near_end == -1);
    cw_calls_release(&c);
}

/* Oxidation: the whole background of a class lies on the forward strand. Seven molecules of 10,000 are detected, whichever strand they lie on; on the forward one its background is what explains
 * them. Numbers: ln_bf and ln_bf_strand of tests/oracle/one_draw.py. */
Test(detect, each_strand_by_its_own_background, .init = setup)
{
    static cw_bg_class classes[] = {{.name = "A>C", .mu = 1e-4, .nu = 20, .strand = {{.mu = 2e-4, .nu = 20}, {.mu = 1e-6, .nu = 20}}}};
    cw_background b = known_background();
    cw_detect_conf conf;
    cw_calls c;
    cw_err err = {0};
    b.classes = classes;
    put(0, 9993, 7, 7);
    put(1, 9993, 7, 0);
    put(2, 9992, 8, 4);
    put(3, 9993, 7, 7), counts[3][2][0]--; /* a molecule without strand: not assessable */
    put(4, 9997, 3, 3);                    /* not detected in the first place */
    cw_detect_conf_default(&conf);
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0, "%s", err.text);
    static const double joint[] = {3.161896269596732, 3.161896269596732, 4.149397490238683}, by_strand[] = {0.08545166012152894, 33.06644432159484, 21.088596192993634};
    static const char *const filters[N] = {"orientation", "PASS", "PASS", "PASS", "weak_evidence"};
    for (size_t i = 0; i < N; i++) {
        cr_expect_str_eq(c.call[i].filters, filters[i], "allele %zu: %s", i, c.call[i].filters);
        cr_expect_eq(c.call[i].state, i < 4 ? CW_CALL_DETECTED : CW_CALL_BELOW_LOD, "said, not applied");
        if (i < 3) cr_expect_float_eq(c.call[i].ln_bf, joint[i], 1e-6);
        if (i < 3) cr_expect_float_eq(c.call[i].ln_bf_strand, by_strand[i], 1e-6);
    }
    cr_expect(c.call[0].ln_bf_strand < c.call[0].ln_bf && c.call[1].ln_bf_strand > c.call[1].ln_bf);
    cr_expect(isnan(c.call[3].ln_bf_strand) && c.call[3].ln_bf > 3);
    cw_calls_release(&c);
    classes[0].strand[CW_REVERSE].mu = 0; /* a model that knows one strand alone */
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0);
    for (size_t i = 0; i < N; i++) cr_expect(isnan(c.call[i].ln_bf_strand) && !strstr(c.call[i].filters, "orientation"));
    cw_calls_release(&c);
}

Test(detect, outside_the_targets_is_not_assessable, .init = setup)
{
    cw_background b = known_background();
    cw_detect_conf conf;
    cw_calls c;
    cw_err err = {0};
    const char *contig = "chr1";
    int64_t beg = 0, end = 250;
    for (size_t i = 0; i < N; i++) put(i, 9000, 30, 15);
    panel.target_contig = &contig, panel.target_beg = &beg, panel.target_end = &end, panel.n_targets = 1;
    cw_detect_conf_default(&conf);
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0);
    for (size_t i = 0; i < N; i++) cr_expect_eq(c.call[i].state, i < 3 ? CW_CALL_DETECTED : CW_CALL_NOT_ASSESSABLE);
    cr_expect_str_eq(c.call[4].filters, "not_targeted");
    cw_calls_release(&c);
}

/* Intervals of a BED as probes are tiled: touching, overlapping, in any order. A deletion across a joint is covered; one base of gap, or one outside, and it is not. */
Test(detect, a_locus_over_touching_intervals_is_within_the_targets, .init = setup)
{
    cw_background b = known_background();
    cw_detect_conf conf;
    cw_calls c;
    cw_err err = {0};
    const char *contig[] = {"chr1", "chr1", "chr1", "chr2", "chr1", "chr1", "chr1"};
    int64_t beg[] = {108, 100, 195, 200, 300, 309, 395}, end[] = {120, 108, 206, 220, 308, 320, 409};
    const cw_call_state expected[N] = {CW_CALL_NOT_ASSESSABLE, CW_CALL_DETECTED, CW_CALL_NOT_ASSESSABLE, CW_CALL_NOT_ASSESSABLE, CW_CALL_NOT_ASSESSABLE};
    for (size_t i = 0; i < N; i++) {
        cw_locus *l = (cw_locus *)&panel.loci[i];
        put(i, 9000, 30, 15);
        l->end = l->beg + 10;
    }
    panel.target_contig = contig, panel.target_beg = beg, panel.target_end = end, panel.n_targets = 7;
    cw_detect_conf_default(&conf);
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0, "%s", err.text);
    for (size_t i = 0; i < N; i++) cr_expect_eq(c.call[i].state, expected[i], "locus %zu", i);
    cw_calls_release(&c);
}

/* One good locus beside poor and empty ones: the draw is poor. What the assay does not target says nothing about it. */
Test(detect, molecules_of_a_draw_are_the_median_over_all_targeted_loci, .init = setup)
{
    cw_background b = known_background();
    cw_detect_conf conf;
    cw_calls c;
    cw_err err = {0};
    const char *contig = "chr1";
    int64_t beg = 0, end = 250;
    put(0, 1538, 0, 0), put(1, 120, 0, 0), put(2, 0, 0, 0), put(3, 0, 0, 0), put(4, 200, 0, 0);
    cw_detect_conf_default(&conf);
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0);
    cr_expect_eq(c.molecules, 120, "0 0 120 200 1538: %lld", (long long)c.molecules);
    cw_calls_release(&c);
    panel.target_contig = &contig, panel.target_beg = &beg, panel.target_end = &end, panel.n_targets = 1; /* the first three loci */
    put(2, 60, 0, 0);
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0);
    cr_expect_eq(c.molecules, 120, "60 120 1538: %lld", (long long)c.molecules);
    cw_calls_release(&c);
    put(0, 0, 0, 0), put(1, 0, 0, 0), put(2, 0, 0, 0);
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0);
    cr_expect_eq(c.molecules, 0, "nothing was read: zero, not unknown");
    cw_calls_release(&c);
}

Test(detect, a_site_of_the_normals_goes_before_its_class, .init = setup)
{
    cw_background b = known_background();
    static cw_bg_site sites[] = {{.contig = "1", .beg = 0, .ref = "A", .alt = "C", .molecules = 1000000, .mutants = 900, .a = 901.5, .b = 1050000},
                                 {.contig = "1", .beg = 100, .ref = "A", .alt = "C", .molecules = 1000000, .mutants = 0, .a = 1.5, .b = 1050000}};
    cw_detect_conf conf;
    cw_calls c;
    cw_err err = {0};
    for (size_t i = 0; i < N; i++) put(i, 9990, 10, 5);
    b.sites = sites, b.n_sites = 2;
    cw_detect_conf_default(&conf);
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0);
    cr_expect_float_eq(c.call[0].bg.a, 901.5, 0);
    cr_expect_eq(c.call[0].state, CW_CALL_BELOW_LOD); /* 10 of 10,000 where the normals show 8.6 of 10,000 */
    cr_expect(strstr(c.call[0].filters, "panel_of_normals") != NULL);
    cr_expect_str_eq(c.call[0].bg_source, "site");
    cr_expect_eq(c.call[1].state, CW_CALL_DETECTED);
    cr_expect_str_eq(c.call[1].filters, "PASS");
    cr_expect_str_eq(c.call[2].bg_source, "class");
    cw_calls_release(&c);
}

Test(detect, a_draw_noisier_than_the_normals_is_refused, .init = setup)
{
    cw_background b = known_background();
    cw_detect_conf conf;
    cw_calls c;
    cw_err err = {0};
    b.offtarget_lo = 1e-5, b.offtarget_hi = 8e-5;
    cw_detect_conf_default(&conf);
    tallies.molecules_ref_bases = 10000000;
    tallies.molecules_mismatch[5] = 500; /* 5e-5 */
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0, "%s", err.text);
    cw_calls_release(&c);
    tallies.molecules_mismatch[5] = 2000; /* 2e-4 */
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), CW_EREFUSED);
    cr_assert(strstr(err.text, "outside the 99 % range"));
    tallies.molecules_mismatch[5] = 10; /* too clean is another assay, too */
    cw_err_clear(&err);
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), CW_EREFUSED);
}

Test(detect, classes_from_special_to_general)
{
    char names[CW_BG_NAMES][CW_BG_NAME_SIZE];
    cr_assert_eq(cw_bg_class_names("C", "T", 'A', 'G', 0, names), 3);
    cr_assert_str_eq(names[0], "A[C>T]G");
    cr_assert_str_eq(names[1], "C>T");
    cr_assert_eq(cw_bg_class_names("CAA", "C", 0, 0, 12, names), 3);
    cr_assert_str_eq(names[0], "del2:run9");
    cr_assert_str_eq(names[1], "del2");
    cr_assert_eq(cw_bg_class_names("C", "CAAAA", 0, 0, 0, names), 2);
    cr_assert_str_eq(names[0], "ins3+");
    cr_assert_eq(cw_bg_class_names("CA", "TG", 0, 0, 0, names), 2);
    cr_assert_str_eq(names[0], "MNV");
    cr_assert_eq(cw_bg_class_names("C", "<DUP>", 0, 0, 0, names), 1);
}

Test(detect, the_default_background_says_that_it_is_one)
{
    cw_background b;
    cw_err err = {0};
    static const char *const levels[] = {"raw", "umi", "simplex", "duplex"};
    for (size_t i = 0; i < 4; i++) {
        cr_assert_eq(cw_background_default(&b, levels[i], &err), 0);
        cr_assert(b.set.is_default && strstr(b.id, levels[i]) && b.n_classes == 20);
        cw_background_release(&b);
    }
    cr_assert(cw_background_default(&b, "bogus", &err) < 0);
}

/* 10,000 molecules from 1 ng cannot be: 303 genomes went in, and a fraction below 3/303 may not have been in the tube at all. */
Test(detect, mass_and_volume_speak, .init = setup)
{
    cw_background b = known_background();
    cw_detect_conf conf;
    cw_calls c;
    cw_err err = {0};
    for (size_t i = 0; i < N; i++) put(i, 9970, 30, 15);
    put(1, 10000, 0, 0);
    cw_detect_conf_default(&conf);
    conf.plasma_ml = 4, conf.cfdna_ng = 20;
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0, "%s", err.text);
    cr_expect_float_eq(c.call[0].per_ml, .003 * 1515, 1e-9);      /* 20 ng / 4 mL x 303 */
    cr_expect_float_eq(c.call[0].per_ml_lo, 4.545 * exp(-1.959963984540054 * sqrt(1 / 30. + .0225)), 1e-9);
    cr_expect_float_eq(c.call[0].per_ml_hi, 4.545 * exp(1.959963984540054 * sqrt(1 / 30. + .0225)), 1e-9);
    cr_expect(c.call[1].per_ml == 0 && c.call[1].per_ml_lo == 0);
    cr_expect_float_eq(c.call[1].per_ml_hi, 3e-4 * 1515, 1e-9);
    cr_expect_float_eq(c.call[0].lod, 0.0010323411396, 1e-9);     /* as without the mass */
    cr_expect_float_eq(c.call[0].p_empty, exp(-0.0010323411396 * 6060), 1e-6);
    cw_calls_release(&c);
    conf.plasma_ml = NAN, conf.cfdna_ng = 1;
    cr_assert_eq(cw_detect(&tallies, &panel, &b, &conf, &c, NULL, &err), 0);
    cr_expect_float_eq(c.call[0].lod, 3 / 303., 1e-12);
    cr_expect(isnan(c.call[0].per_ml) && isnan(c.call[0].per_ml_hi));
    cw_calls_release(&c);
}
