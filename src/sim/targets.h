/* SPDX-License-Identifier: MIT */
/* targets.h - where the simulated assay looks: the loci and fingerprint SNPs of a panel, neighbours joined. */
#ifndef CW_SIM_TARGETS_H
#define CW_SIM_TARGETS_H

#include "sim/genome.h"
#include "sim/truth.h"

typedef struct cw_sim_target {
    int contig;
    int64_t beg, end;
    double molecules;             /* mean number over each place of it */
} cw_sim_target;

/* By place, into the arena. */
CW_MUST_CHECK int cw_sim_targets_make(const cw_panel *panel, const cw_sim_assay *assay, const cw_sim_truth *truth, struct cw_arena *arena,
                                      cw_sim_target **targets, size_t *n, cw_err *err);

/* Mean number of molecules at a locus of the panel. */
double cw_sim_locus_molecules(const cw_sim_assay *assay, const cw_sim_truth *truth, size_t locus);

/* rate[3 * (p - beg) + j]: errors per molecule at p towards the j-th base of "ACGT" without the reference base, in this draw. */
CW_MUST_CHECK int cw_sim_error_rates(const cw_sim_genome *genome, const cw_sim_assay *assay, uint64_t seed, const cw_sim_truth *truth, int contig,
                                     int64_t beg, int64_t end, double *rate, cw_err *err);
/* The j-th base (0..2) of "ACGT" without ref. */
char cw_sim_error_base(char ref, int j);
#endif
