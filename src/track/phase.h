/* SPDX-License-Identifier: MIT */
/* phase.h - what molecules that span two alleles say: one clone, or two? */
#ifndef CW_TRACK_PHASE_H
#define CW_TRACK_PHASE_H

/* ln P(molecules | one clone) / P(molecules | two clones) of two alleles close enough for one molecule. cis: both, only_a and only_b: one. */
double cw_phase_ln_ratio(double cis, double only_a, double only_b);
#endif
