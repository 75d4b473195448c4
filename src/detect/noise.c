/* SPDX-License-Identifier: MIT */
/* noise.c - off-target noise of one draw against the normals of the background model. */
#include "detect/noise.h"

#include <inttypes.h>
#include <math.h>
#include "stats/beta.h"

enum { ENOUGH_BASES = 10000 }; /* below this a rate of 1e-4 cannot be told from ten times as much */

static int64_t mismatches(const cw_tallies *t)
{
    int64_t sum = 0;
    for (int i = 0; i < 12; i++) sum += t->molecules_mismatch[i];
    return sum;
}

double cw_noise_rate(const cw_tallies *t, int64_t *bases)
{
    int64_t sum = mismatches(t), all = t->molecules_ref_bases + sum;
    if (bases) *bases = all;
    return all > 0 ? (double)sum / (double)all : NAN;
}

int cw_noise_check(const cw_tallies *t, const cw_background *b, const cw_log *log, cw_err *err)
{
    int64_t bases;
    double lo, hi, rate = cw_noise_rate(t, &bases);
    if (!isfinite(b->offtarget_lo) || !isfinite(b->offtarget_hi)) return 0;
    if (bases < ENOUGH_BASES) {
        cw_log_say(log, CW_LOG_WARNING, "sample '%s' has %" PRId64 " off-target bases, too few to compare its noise with the normals of background '%s'", t->sample, bases, b->id);
        return 0;
    }
    cw_clopper_pearson(mismatches(t), bases, .99, &lo, &hi);
    if (hi >= b->offtarget_lo && lo <= b->offtarget_hi) return 0;
    return cw_err_set(err, CW_EREFUSED,
                      "sample '%s' has an off-target noise of %.3g mismatches per base, outside the 99 %% range %.3g-%.3g of the normals of background '%s'; "
                      "fit a background to normals of the same batch and assay",
                      t->sample, rate, b->offtarget_lo, b->offtarget_hi, b->id);
}
