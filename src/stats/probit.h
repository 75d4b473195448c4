/* SPDX-License-Identifier: MIT */
/* probit.h - hit rate against log concentration, and the level found 95 times in 100 (CLSI EP17's probit approach). */
#ifndef CW_STATS_PROBIT_H
#define CW_STATS_PROBIT_H

#include <stddef.h>
#include <stdint.h>

typedef struct cw_probit_level { double x; int64_t hits, n; } cw_probit_level; /* x: log10 of the level */

typedef enum cw_probit_state {
    CW_PROBIT_FITTED = 0,
    CW_PROBIT_SEPARATED,          /* every level but at most one is found always or never, so that no slope can be told: x95 lies between lo, the highest
                                     level that is never found, and hi, the lowest that is always found (infinite: there is none) */
    CW_PROBIT_NO_SLOPE,           /* hits do not rise with the level, or one level only */
} cw_probit_state;

typedef struct cw_probit {
    cw_probit_state state;
    double x95, lo, hi;           /* log10 of the level found in 95 %, 95 % profile-likelihood interval; NAN: none */
    double slope, ln_l;           /* hit rate = Phi(1.645 + slope (x - x95)) */
} cw_probit;

/* Maximum likelihood. lo or hi may be infinite when the data do not bound that side. */
void cw_probit_fit(const cw_probit_level *level, size_t n, cw_probit *fit);
#endif
