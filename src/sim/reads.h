/* SPDX-License-Identifier: MIT */
/* reads.h - a tube as a coordinate-sorted, indexed BAM of read pairs, one pair per molecule (as after consensus calling). */
#ifndef CW_SIM_READS_H
#define CW_SIM_READS_H

#include "sim/targets.h"

/* Writes path and path.bai; each is whole or not there. */
CW_MUST_CHECK int cw_sim_bam(const cw_scenario *scenario, const cw_panel *panel, const cw_sim_genome *genome, const cw_sim_truth *truth,
                             const char *path, cw_err *err);
#endif
