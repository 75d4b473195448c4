/* SPDX-License-Identifier: MIT */
/* close.h - a locus that no read reaches any more: its molecules become its tally. */
#ifndef CW_COUNT_CLOSE_H
#define CW_COUNT_CLOSE_H

#include "count/sweep.h"

/* Resolve mates and families, add up, write the molecules where asked; the molecules go to the phaser or are kept as a spare table. */
CW_MUST_CHECK int cw_open_site_close(cw_open_site *o, cw_sweep *sweep, cw_err *err);
#endif
