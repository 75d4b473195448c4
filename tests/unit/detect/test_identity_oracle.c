/* Identity and contamination against tests/oracle/identity.tsv (numpy). */
#include <stdio.h>
#include "../oracle_table.h"
#include "detect/identity.h"
#include "stats/init.h"

enum { MOST = 64 };
typedef struct sample { int64_t ref[MOST], alt[MOST], other[MOST]; cw_fingerprint f; } sample;

static void read_sample(const char *text, sample *s)
{
    size_t n = 0;
    for (char *end; *text; text = *end ? end + 1 : end, n++) {
        cr_assert_lt(n, MOST);
        s->ref[n] = strtoll(text, &end, 10);
        s->alt[n] = strtoll(end + 1, &end, 10);
        s->other[n] = strtoll(end + 1, &end, 10);
    }
    s->f = (cw_fingerprint){s->ref, s->alt, s->other, n};
}

Test(identity_oracle, lod_and_contamination, .init = cw_stats_init)
{
    cw_table t;
    oracle_open(&t, CW_SOURCE_DIR "/tests/oracle/identity.tsv", 240);
    for (size_t r = 0; r < t.n_rows; r++) {
        double af[MOST];
        cw_snp snp[MOST] = {{0}};
        sample one, two;
        size_t n = oracle_list(oracle_cell(&t, r, "af"), af, MOST);
        for (size_t i = 0; i < n; i++) snp[i].pop_af = af[i];
        read_sample(oracle_cell(&t, r, "first"), &one);
        read_sample(oracle_cell(&t, r, "second"), &two);
        cr_assert(one.f.n == n && two.f.n == n);
        cw_person_pair pair;
        cw_contamination c;
        cw_identity_pair(&one.f, &two.f, snp, n, &pair);
        cw_contamination_estimate(&one.f, snp, n, &c);
        const struct { const char *name; double got; } value[] = {{"lod", pair.lod}, {"snps", (double)pair.snps}, {"homozygous", (double)c.snps}, {"fraction", c.fraction},
                                                                  {"lo", c.lo}, {"hi", c.hi}, {"contamination_lod", c.lod}};
        for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
            double want = oracle_real(&t, r, value[i].name);
            cr_expect(oracle_same(value[i].got, want, 1e-6, 1e-8), "line %zu: %s is %.12g, oracle %.12g", t.line[r], value[i].name, value[i].got, want);
        }
        double exact = oracle_real(&t, r, "fraction_ml");
        cr_expect(isnan(exact) || fabs(c.fraction - exact) <= .027 * exact, "line %zu: %g, without the grid %g", t.line[r], c.fraction, exact);
        cw_person want = pair.snps < 20 ? CW_PERSON_UNKNOWN : oracle_real(&t, r, "lod") >= 3 ? CW_PERSON_SAME : oracle_real(&t, r, "lod") <= -3 ? CW_PERSON_OTHER : CW_PERSON_UNKNOWN;
        cr_expect_eq(pair.same, want, "line %zu", t.line[r]);
    }
    cw_table_release(&t);
}
