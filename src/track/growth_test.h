/* SPDX-License-Identifier: MIT */
/* growth_test.h - is an allele that is already there rising? E-process by universal inference (statistics 3.4).
 *
 * Null: f_j = u_j c_j with c falling or flat and noise u_j within [g^-1/2, g^1/2]; its likelihood is maximised exactly on a log grid.
 * Alternative: a fixed mixture over levels at the first draw and doubling times. One test for each starting draw, mixed with weights
 * 1/(s (s + 1)), so that regrowth after a response is seen too. What was earned before the present line is left out: leaving out starts
 * makes E smaller and never larger, so the bound stands. */
#ifndef CW_TRACK_GROWTH_TEST_H
#define CW_TRACK_GROWTH_TEST_H

#include <stddef.h>
#include <clonewatch/error.h>
#include "track/observation.h"

enum { CW_GROWTH_GRID = 266 };

/* ln E after each of the n draws. obs and week are in time order; draws of kind CW_OBS_NONE carry nothing. first[j], at most j: the earliest
 * starting draw that counts after draw j; NULL: all count. */
CW_MUST_CHECK int cw_growth_ln_e(const cw_obs *obs, const double *week, size_t n, const size_t *first, const cw_rate_model *models, double slack, double *ln_e,
                                 cw_err *err);

/* The largest likelihood of draws 0..n-1 under the null (exposed for its brute-force twin in the tests). */
CW_MUST_CHECK int cw_growth_null_sup(const cw_obs *obs, size_t n, const cw_rate_model *models, double slack, double *ln_sup, cw_err *err);
#endif
