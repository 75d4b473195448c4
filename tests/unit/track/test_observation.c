/* What an imported limit says, against tests/oracle/limit_likelihood.tsv (mpmath): ln P to 1e-6. */
#include "../oracle_table.h"
#include "stats/init.h"
#include "track/observation.h"

Test(observation, a_limit_enters_as_the_chance_of_fewer_molecules, .init = cw_stats_init)
{
    cw_table t;
    oracle_open(&t, CW_SOURCE_DIR "/tests/oracle/limit_likelihood.tsv", 250);
    for (size_t r = 0; r < t.n_rows; r++) {
        const cw_obs obs = {.k = -1, .k_star = (int64_t)oracle_real(&t, r, "k_star"), .n = oracle_real(&t, r, "n"), .kind = CW_OBS_LIMIT};
        const cw_rate_model model = {.e = oracle_real(&t, r, "e"), .w_hat = .35};
        double f = oracle_real(&t, r, "f"), want = oracle_real(&t, r, "ln_p"), got = cw_obs_ln(&obs, 0, &model, f, .35);
        cr_expect(oracle_same(got, want, 1e-6, 1e-15), "line %zu: %.12g, oracle %.12g", t.line[r], got, want);
        cr_expect(oracle_same(cw_obs_ln_background(&obs, 0, model.e + f, .35), want, 1e-6, 1e-15), "line %zu: background", t.line[r]);
    }
    cw_table_release(&t);
}
