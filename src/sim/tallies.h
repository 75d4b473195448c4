/* SPDX-License-Identifier: MIT */
/* tallies.h - a tube straight to counts, without reads: the same truth and noise as reads.h, thousands of times faster. */
#ifndef CW_SIM_TALLIES_H
#define CW_SIM_TALLIES_H

#include "sim/targets.h"

CW_MUST_CHECK int cw_sim_tallies(const cw_scenario *scenario, const cw_panel *panel, const cw_sim_genome *genome, const cw_sim_truth *truth,
                                 cw_tallies *tallies, cw_err *err);

/* The tallies as a file of another caller: VCF in the manner of Mutect2 with forced alleles (AD, AF, DP of the tumour sample). */
CW_MUST_CHECK int cw_sim_caller_vcf(const cw_panel *panel, const cw_tallies *tallies, const char *path, cw_err *err);
#endif
