/* Origin against tests/oracle/origin.tsv (numpy): the word, and without white cells every term of it. */
#include <string.h>
#include "../oracle_table.h"
#include "stats/init.h"
#include "stats/origin.h"

enum { MOST = 16 };

Test(origin_oracle, terms_and_words, .init = cw_stats_init)
{
    static const char *const word[] = {"unknown", "tumour", "chip", "germline"};
    cw_table t;
    oracle_open(&t, CW_SOURCE_DIR "/tests/oracle/origin.tsv", 500);
    for (size_t r = 0; r < t.n_rows; r++) {
        int64_t k[MOST], n[MOST];
        double driver[MOST];
        cw_origin_evidence x = {.k = k, .n = n, .background = oracle_real(&t, r, "background"), .wbc_k = (int64_t)oracle_real(&t, r, "wbc_k"),
                                .wbc_n = (int64_t)oracle_real(&t, r, "wbc_n"), .chip_role = oracle_real(&t, r, "chip_role") > 0,
                                .tumour_role = oracle_real(&t, r, "tumour_role") > 0, .population_af = oracle_real(&t, r, "population_af")};
        x.n_draws = oracle_counts(oracle_cell(&t, r, "k"), k, MOST);
        cr_assert_eq(oracle_counts(oracle_cell(&t, r, "n"), n, MOST), x.n_draws);
        if (oracle_list(oracle_cell(&t, r, "driver"), driver, MOST)) x.driver_vaf = driver;
        cw_origin_verdict v;
        cw_origin_decide(&x, &v);
        cr_expect_str_eq(word[v.origin], oracle_cell(&t, r, "origin"), "line %zu: %s, oracle %s (%s)", t.line[r], word[v.origin], oracle_cell(&t, r, "origin"), v.terms);
        const struct { const char *name; double got; } value[] = {
            {"p_tumour", v.p_tumour}, {"p_chip", v.p_chip}, {"p_germline", v.p_germline}, {"ln_gene_chip", v.ln_gene_chip}, {"ln_gene_germline", v.ln_gene_germline},
            {"ln_population", v.ln_population}, {"ln_near_half", v.ln_near_half}, {"ln_movement", v.ln_movement}};
        for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
            double want = oracle_real(&t, r, value[i].name);
            cr_expect(oracle_same(value[i].got, want, 1e-6, 1e-6), "line %zu: %s is %.12g, oracle %.12g", t.line[r], value[i].name, value[i].got, want);
        }
        cr_expect_eq(v.by_white_cells, x.wbc_n > 0);
    }
    cw_table_release(&t);
}
