/* SPDX-License-Identifier: MIT */
/* ends.h - does the alternative allele sit near the ends of reads more than the reference does? */
#ifndef CW_STATS_ENDS_H
#define CW_STATS_ENDS_H

#include <stdint.h>

/* Odds of lying near an end that a real allele may have over the reference. Of fragments of L bases, read from both sides, the share
 * 2 CW_END_BP / L lies near an end; tumour fragments are shorter (most enriched at 90-150 bp, reference near 167): 130 against 167
 * is 1.3, 120 against 167 is 1.47. An artefact of the ends has odds beyond 10. */
#define CW_ENDS_ODDS 1.5

/* One-sided exact conditional test: P(at least k_near of the allele's molecules lie near an end), given the margins of
 * k_near : k_far against n_near : n_far (reference) and odds CW_ENDS_ODDS (Fisher's noncentral hypergeometric distribution).
 * 1 when a margin is empty. */
double cw_ends_p(int64_t k_near, int64_t k_far, int64_t n_near, int64_t n_far);

/* The least that cw_ends_p can be with these margins: every molecule of the allele near an end, as far as there are any. */
double cw_ends_least_p(int64_t k_near, int64_t k_far, int64_t n_near, int64_t n_far);
#endif
