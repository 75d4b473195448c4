/* SPDX-License-Identifier: MIT */
/* strand.h - does the alternative allele sit on one strand more than the reference does? */
#ifndef CW_STATS_STRAND_H
#define CW_STATS_STRAND_H

#include <stdint.h>

/* Two-sided exact conditional test of k_forward : k_reverse given n_forward : n_reverse (Fisher). 1 when a margin is empty. */
double cw_strand_p(int64_t k_forward, int64_t k_reverse, int64_t n_forward, int64_t n_reverse);
#endif
