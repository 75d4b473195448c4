/* Mass and volume against tests/oracle/yield.tsv (mpmath). */
#include "../oracle_table.h"
#include "stats/yield.h"

Test(yield, oracle)
{
    cw_table t;
    oracle_open(&t, CW_SOURCE_DIR "/tests/oracle/yield.tsv", 300);
    for (size_t r = 0; r < t.n_rows; r++) {
        double ng = oracle_real(&t, r, "ng"), f = oracle_real(&t, r, "f"), lo, mid, hi;
        cw_mutants_per_ml((int64_t)oracle_real(&t, r, "k"), (int64_t)oracle_real(&t, r, "n"), ng, oracle_real(&t, r, "ml"), oracle_real(&t, r, "cv"), &lo, &mid, &hi);
        const struct { const char *name; double got; } value[] = {{"per_ml", mid}, {"lo", lo}, {"hi", hi}, {"genomes", cw_genome_equivalents(ng)}, {"p_empty", cw_p_empty_tube(f, ng)},
                                                                  {"floor", cw_limit_floor_by_mass(f, ng)}};
        for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
            double want = oracle_real(&t, r, value[i].name);
            cr_expect(oracle_same(value[i].got, want, 1e-9, 1e-290), "line %zu: %s is %.15g, oracle %.15g", t.line[r], value[i].name, value[i].got, want);
        }
    }
    cw_table_release(&t);
}

Test(yield, ten_ng_by_hand)
{
    cr_expect_float_eq(cw_genome_equivalents(10), 3030, 1e-9);
    cr_expect_float_eq(cw_p_empty_tube(1e-3, 10), .04832, 1e-5); /* exp(-3.03) */
    cr_expect_float_eq(cw_limit_floor_by_mass(1e-4, 10), 3 / 3030., 1e-15);
    cr_expect_float_eq(cw_limit_floor_by_mass(.02, 10), .02, 0);
    cr_expect_float_eq(cw_limit_floor_by_mass(.02, NAN), .02, 0);
}
