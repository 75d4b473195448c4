/* SPDX-License-Identifier: MIT */
/* noise.h - how often bases next to the panel's alleles are read wrong: is this draw like the normals behind the background? */
#ifndef CW_DETECT_NOISE_H
#define CW_DETECT_NOISE_H

#include <clonewatch/background.h>
#include "base/log.h"

/* Mismatches per base over the off-target bases of a sample; NAN when it has none. *bases (may be NULL): how many. */
double cw_noise_rate(const cw_tallies *tallies, int64_t *bases);

/* 0 inside the model's 99 % range, or when model or draw say nothing (then a warning when the model has a range);
 * CW_EREFUSED outside it. The range is widened by the draw's own counting error (exact 99 % interval). */
CW_MUST_CHECK int cw_noise_check(const cw_tallies *tallies, const cw_background *background, const cw_log *log, cw_err *err);
#endif
