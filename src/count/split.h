/* SPDX-License-Identifier: MIT */
/* split.h - the loci of one file shared out over threads, each with a reader and a sweep of its own. */
#ifndef CW_COUNT_SPLIT_H
#define CW_COUNT_SPLIT_H

#include "count/sweep.h"

/* Sweep the file by its index in stretches, conf->threads at a time, when that pays: *done. Otherwise (no index, a small file, loci too
 * close together, --molecules) *done stays false, and the threads decode beside the one sweep. The tallies are the same in any case:
 * loci are counted by themselves, those that can be phased stay together, and a read is tallied with the first locus that it touches.
 * Whatever the index says, stretches must meet: the read that follows one is the first of the next, and none before it reaches there. */
CW_MUST_CHECK int cw_split_sweep(cw_sweep *whole, cw_alignment *a, bool *done, cw_err *err);
#endif
