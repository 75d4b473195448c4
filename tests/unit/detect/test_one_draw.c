/* Every number of a call against tests/oracle/one_draw.tsv (scipy): relative error at most 1e-6. */
#include <string.h>
#include "../oracle_table.h"
#include "base/mem.h"
#include "detect/detect.h"
#include "stats/init.h"

TestSuite(one_draw, .init = cw_stats_init);

Test(one_draw, oracle, .timeout = 60)
{
    cw_table t;
    oracle_open(&t, CW_SOURCE_DIR "/tests/oracle/one_draw.tsv", 400);
    for (size_t r = 0; r < t.n_rows; r++) {
        cw_call call = {.counts_known = true, .filters = "", .bg = {oracle_real(&t, r, "a"), oracle_real(&t, r, "b")}};
        cw_call_locus locus = {.n = 1};
        cw_calls c = {.arena = cw_arena_new(), .locus = &locus, .n_loci = 1, .call = &call, .n_calls = 1, .plasma_ml = NAN, .cfdna_ng = NAN};
        cw_detect_conf conf;
        cw_err err = {0};
        cw_detect_conf_default(&conf);
        conf.call_alpha = oracle_real(&t, r, "alpha"), conf.draw_cv = oracle_real(&t, r, "draw_cv");
        c.background = (cw_background_set){.model = "oracle", .omega_hat = oracle_real(&t, r, "omega_hat")};
        c.background.n_omega = oracle_list(oracle_cell(&t, r, "omega"), c.background.omega, 8);
        locus.depth = (int64_t)oracle_real(&t, r, "n"), locus.k_ref = (int64_t)oracle_real(&t, r, "ref");
        locus.ref_forward = (int64_t)oracle_real(&t, r, "ref_forward"), locus.ref_reverse = locus.k_ref - locus.ref_forward;
        call.k = (int64_t)oracle_real(&t, r, "k"), call.forward = (int64_t)oracle_real(&t, r, "k_forward"), call.reverse = call.k - call.forward;
        const bool by_strand = *oracle_cell(&t, r, "a_forward") != '.';
        call.ln_bf_strand = NAN;
        if (by_strand) call.bg_strand[CW_FORWARD] = (cw_bg){oracle_real(&t, r, "a_forward"), oracle_real(&t, r, "b_forward")}, call.bg_strand[CW_REVERSE] = (cw_bg){oracle_real(&t, r, "a_reverse"), oracle_real(&t, r, "b_reverse")};
        cr_assert_eq(cw_calls_judge(&c, &conf, false, &err), 0);
        const struct { const char *name; double got, near_zero; } value[] = {
            {"p", call.p, 1e-290}, {"k_star", (double)call.k_star, 0}, {"lob", call.lob, 0}, {"lod", call.lod, 0}, {"ln_bf", call.ln_bf, 1e-6}, {"ln_bf_strand", call.ln_bf_strand, 1e-6},
            {"vaf_lo", call.vaf_lo, 0}, {"vaf_hi", call.vaf_hi, 0}, {"strand_p", call.strand_p, 1e-290}, {"true_lo", call.true_lo, 0}, {"true_hi", call.true_hi, 0}};
        for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
            double want = oracle_real(&t, r, value[i].name);
            cr_expect(oracle_same(value[i].got, want, 1e-6, value[i].near_zero), "line %zu: %s is %.12g, oracle %.12g", t.line[r], value[i].name, value[i].got, want);
        }
        cr_expect_float_eq(call.vaf, (double)call.k / (double)locus.depth, 1e-15);
        cr_expect_eq(strstr(call.filters, "orientation") != NULL, oracle_real(&t, r, "orientation") > 0, "line %zu: filters %s", t.line[r], call.filters);
        cr_expect_str_eq(cw_call_state_name(call.state), oracle_cell(&t, r, "state"), "line %zu", t.line[r]);
        cw_arena_free(c.arena);
    }
    cw_table_release(&t);
}
