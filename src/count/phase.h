/* SPDX-License-Identifier: MIT */
/* phase.h - which alleles of neighbouring loci lie on the same molecules. */
#ifndef CW_COUNT_PHASE_H
#define CW_COUNT_PHASE_H

#include "count/molecule.h"
#include "count/site.h"

/* A closed locus whose molecules are kept while loci that can be phased with it are still open. */
typedef struct cw_phase_site {
    const cw_site *site;
    cw_molecules molecules;  /* resolved */
} cw_phase_site;

typedef struct cw_phaser {
    cw_phase_site *kept; size_t n_kept, cap_kept;
    cw_phase_tally *pair; size_t n_pairs, cap_pairs;
} cw_phaser;

/* Join the closed locus with those kept, then keep it: takes the molecules over (they are zeroed). */
CW_MUST_CHECK int cw_phaser_add(cw_phaser *p, const cw_site *site, cw_molecules *molecules, const cw_panel *panel, cw_err *err);

/* The pairs of another stretch of the file; no locus of one is phased with one of the other. */
CW_MUST_CHECK int cw_phaser_join(cw_phaser *p, const cw_phaser *other, cw_err *err);

/* Let go of loci that no read at or after the place can be phased with. tid -1: all. */
void cw_phaser_pass(cw_phaser *p, int tid, int64_t pos);

/* Pairs sorted, one each, into the tallies. */
CW_MUST_CHECK int cw_phaser_finish(cw_phaser *p, const cw_panel *panel, cw_tallies *tallies, cw_err *err);
void cw_phaser_release(cw_phaser *p);
#endif
