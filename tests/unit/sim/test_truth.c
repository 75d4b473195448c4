/* Courses, haplotypes and streams against values worked out by hand. */
#include <criterion/criterion.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "sim/genome.h"
#include "sim/stream.h"
#include "sim/targets.h"
#include "sim/truth.h"

Test(course, points_are_joined_on_the_logarithm_and_zero_is_a_step)
{
    cw_sim_point p[] = {{0, 0}, {100, 0.001}, {200, 0.1}, {300, 0}};
    cw_sim_clone c = {.points = p, .n_points = 4};
    const struct { double day, vaf; } expected[] = {{-5, 0}, {99, 0}, {100, 0.001}, {150, 0.01}, {200, 0.1}, {250, 0.1}, {300, 0}, {999, 0}};
    for (size_t i = 0; i < 8; i++) cr_assert_float_eq(cw_sim_course(&c, expected[i].day, NULL, 0), expected[i].vaf, 1e-12, "day %g", expected[i].day);
}

Test(course, growth_follows_the_lines_both_ways)
{
    double doubling[] = {0, 10, -20}, lines[] = {50, 100}; /* flat, doubling in 10 days from day 50, halving in 20 from day 100 */
    cw_sim_clone c = {.day = 60, .vaf = 0.001, .max_vaf = 0.02, .doubling_days = doubling, .n_doubling = 3};
    cr_assert_float_eq(cw_sim_course(&c, 60, lines, 2), 0.001, 1e-15);
    cr_assert_float_eq(cw_sim_course(&c, 80, lines, 2), 0.004, 1e-15);
    cr_assert_float_eq(cw_sim_course(&c, 100, lines, 2), 0.016, 1e-15);
    cr_assert_float_eq(cw_sim_course(&c, 140, lines, 2), 0.004, 1e-15);
    cr_assert_float_eq(cw_sim_course(&c, 50, lines, 2), 0.0005, 1e-15);
    cr_assert_float_eq(cw_sim_course(&c, 0, lines, 2), 0.0005, 1e-15);
    c.vaf = 0.01;
    cr_assert_float_eq(cw_sim_course(&c, 100, lines, 2), 0.02, 1e-15); /* capped */
}

static cw_allele alleles[] = {
    {.cwid = "A", .gene = "G", .hgvsp = "p.A", .hgvsc = "c.1A>C", .contig = "1", .beg = 5000, .end = 5001, .ref = "A", .alt = "C", .type = CW_TYPE_SNV, .has_locus = true},
    {.cwid = "B", .gene = "G", .hgvsp = "p.B", .hgvsc = "c.2G>T", .contig = "1", .beg = 5020, .end = 5021, .ref = "G", .alt = "T", .type = CW_TYPE_SNV, .has_locus = true},
    {.cwid = "C", .gene = "G", .hgvsp = "p.B", .hgvsc = "c.2G>C", .contig = "1", .beg = 5020, .end = 5021, .ref = "G", .alt = "C", .type = CW_TYPE_SNV, .has_locus = true},
};

static cw_panel panel;
static void make_panel(void)
{
    panel = (cw_panel){.arena = cw_arena_new(), .name = "t", .build = CW_BUILD_GRCH38, .alleles = alleles, .n_alleles = 3};
    cr_assert_eq(cw_panel_index(&panel, NULL), 0);
}
static void drop_panel(void) { cw_panel_release(&panel); }
TestSuite(truth, .init = make_panel, .fini = drop_panel);

static cw_sim_point f20[] = {{0, 0.20}}, f05[] = {{0, 0.05}}, f10[] = {{0, 0.10}};
static const char *nameA[] = {"G p.A"}, *nameB[] = {"G c.2G>T"}, *nameC[] = {"1:5021:G:C"};

static double share_with(const cw_sim_truth *t, const char *one, const char *two)
{
    double sum = 0;
    for (size_t h = 0; h < t->n_haplotypes; h++) {
        bool has_one = false, has_two = false;
        for (size_t i = 0; i < t->haplotypes[h].n; i++) {
            has_one |= !strcmp(t->haplotypes[h].alleles[i]->cwid, one);
            has_two |= !strcmp(t->haplotypes[h].alleles[i]->cwid, two);
        }
        if (has_one && has_two) sum += t->haplotypes[h].share;
    }
    return sum;
}

Test(truth, cis_lies_on_one_molecule_and_trans_does_not)
{
    cw_sim_clone clones[] = {{.id = "a", .parent = -1, .alleles = nameA, .n_alleles = 1, .homolog = 1, .points = f20, .n_points = 1},
                             {.id = "cis", .parent = 0, .alleles = nameB, .n_alleles = 1, .homolog = 1, .points = f05, .n_points = 1},
                             {.id = "trans", .parent = 0, .alleles = nameC, .n_alleles = 1, .homolog = 2, .points = f10, .n_points = 1}};
    cw_sim_patient p = {.id = "P", .clones = clones, .n_clones = 3};
    cw_scenario s = {.seed = 1, .assay = {.draw_cv = 0}};
    cw_sim_tube tube = {.sample = "s"};
    cw_sim_truth t = {0};
    cw_err err = {0};
    cr_assert_eq(cw_sim_truth_make(&t, &s, &p, "P", &tube, &panel, &err), 0, "%s", err.text);
    cr_assert_float_eq(share_with(&t, "A", "A"), 0.20, 1e-12); /* the VAF of each allele is its share of molecules */
    cr_assert_float_eq(share_with(&t, "B", "B"), 0.05, 1e-12);
    cr_assert_float_eq(share_with(&t, "C", "C"), 0.10, 1e-12);
    cr_assert_float_eq(share_with(&t, "A", "B"), 0.05, 1e-12); /* every B with A */
    cr_assert_float_eq(share_with(&t, "A", "C"), 0, 0);        /* no C with A */
    cr_assert(t.focus[0] && t.focus[1]);
    cw_sim_truth_release(&t);
    tube.normal = true; /* white cells: no tumour */
    cr_assert_eq(cw_sim_truth_make(&t, &s, &p, "P", &tube, &panel, &err), 0);
    cr_assert_eq(t.n_haplotypes, 0);
    cw_sim_truth_release(&t);
}

Test(truth, refusals)
{
    const cw_allele *a;
    cw_err err = {0};
    cr_assert_lt(cw_sim_find_allele(&panel, "G p.B", &a, &err), 0);
    cr_assert_str_eq(err.text, "allele 'G p.B' of the scenario fits 2 rows of the panel; name it by its change in DNA (c.) or as contig:pos:ref:alt");
    cw_sim_clone clones[] = {{.id = "b", .parent = -1, .alleles = nameB, .n_alleles = 1, .homolog = 1, .points = f20, .n_points = 1},
                             {.id = "c", .parent = 0, .alleles = nameC, .n_alleles = 1, .homolog = 1, .points = f05, .n_points = 1}};
    cw_sim_patient p = {.id = "P", .clones = clones, .n_clones = 2};
    cw_scenario s = {.seed = 1};
    cw_sim_tube tube = {.sample = "s"};
    cw_sim_truth t = {0};
    cw_err_clear(&err);
    cr_assert_lt(cw_sim_truth_make(&t, &s, &p, "P", &tube, &panel, &err), 0);
    cr_assert_str_eq(err.text, "patient 'P': 'C' and 'B' overlap and cannot lie on one molecule; give one of them \"homolog\": 2");
    cw_sim_genome g = {0};
    alleles[2].beg = 5019, alleles[2].end = 5021, alleles[2].ref = "GA", alleles[2].alt = "G"; /* 5020 is G in the other row */
    cr_assert_eq(cw_panel_index(&panel, NULL), 0);
    cw_err_clear(&err);
    cr_assert_lt(cw_sim_genome_make(&g, &panel, &err), 0);
    cr_assert_str_eq(err.text, "1:5021: 'B' of the panel says the reference base is G, another row says A");
}

Test(truth, the_made_up_bases_do_not_depend_on_the_panel)
{
    cw_sim_genome whole = {0}, part = {0};
    cw_err err = {0};
    cr_assert_eq(cw_sim_genome_make(&whole, &panel, &err), 0, "%s", err.text);
    panel.n_alleles = 1;
    cr_assert_eq(cw_panel_index(&panel, NULL), 0);
    cr_assert_eq(cw_sim_genome_make(&part, &panel, &err), 0);
    for (int64_t p = 4400; p < 5700; p++)
        if (p != 5020) cr_assert_eq(whole.window[0].bases[p - whole.window[0].beg], part.window[0].bases[p - part.window[0].beg]);
    cr_assert_eq(whole.window[0].bases[5000 - whole.window[0].beg], 'A');
    cr_assert_null(cw_sim_genome_at(&whole, 0, 100));
    cw_sim_genome_release(&whole);
    cw_sim_genome_release(&part);
}

Test(truth, error_rates_have_the_mean_of_their_class_and_do_not_depend_on_the_window)
{
    cw_sim_genome g = {0};
    cw_err err = {0};
    cw_sim_assay assay = {.site_shape = 2, .background_cv = 0.3};
    cw_sim_truth t = {.patient = "P", .sample = "s"};
    double rate[3 * 1200], inside[3 * 10], sum = 0;
    for (int i = 0; i < 12; i++) assay.background[i] = 1e-4;
    cr_assert_eq(cw_sim_genome_make(&g, &panel, &err), 0);
    cr_assert_eq(cw_sim_error_rates(&g, &assay, 5, &t, 0, 4400, 5600, rate, &err), 0);
    for (size_t i = 0; i < 3600; i++) sum += rate[i];
    /* mean of 3600 products with CV sqrt(1/2 + .09 + .045) = .8: standard error 1.3 % */
    cr_assert_float_eq(sum / 3600, 1e-4, 5e-6);
    cr_assert_eq(cw_sim_error_rates(&g, &assay, 5, &t, 0, 4995, 5005, inside, &err), 0);
    cr_assert_arr_eq(inside, rate + 3 * 595, sizeof inside);
    cw_sim_genome_release(&g);
}

Test(stream, names_are_kept_apart)
{
    cr_assert(cw_stream_key(1, "ab", "c", "", "", 0) != cw_stream_key(1, "a", "bc", "", "", 0));
    cr_assert(cw_stream_key(1, "a", "", "", "", 0) != cw_stream_key(2, "a", "", "", "", 0));
    cr_assert(cw_stream_key(1, "a", "", "", "", 5) != cw_stream_key(1, "a", "", "", "", 6));
    gsl_rng *rng = cw_stream_new(3, "x", "", "", "", 0);
    double sum = 0, squares = 0;
    for (int i = 0; i < 20000; i++) {
        double x = cw_stream_gamma_cv(rng, 0.25);
        sum += x;
        squares += x * x;
    }
    double mean = sum / 20000, cv = sqrt(squares / 20000 - mean * mean) / mean;
    cr_assert_float_eq(mean, 1, 0.007); /* 4 standard errors */
    cr_assert_float_eq(cv, 0.25, 0.007);
    gsl_rng_free(rng);
}
