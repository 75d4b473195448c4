/* SPDX-License-Identifier: MIT */
/* simulate_flow.h - a scenario -> reference, draws in the files that the draw sheet names, and the truth behind them. */
#ifndef CW_FLOW_SIMULATE_FLOW_H
#define CW_FLOW_SIMULATE_FLOW_H

#include <stdbool.h>
#include <stdint.h>
#include <clonewatch/error.h>
#include "base/log.h"

typedef struct cw_simulate_conf {
    const char *scenario, *panel_dir, *out; /* out: a folder */
    int64_t seed;                 /* -1: the scenario's */
    int threads;
    bool no_reference;
} cw_simulate_conf;

/* OUT gets copies of the sheet and the events, every file that the sheet names, truth.tsv and reference.fa.gz with its indexes. */
CW_MUST_CHECK int cw_flow_simulate(const cw_simulate_conf *conf, const cw_log *log, cw_err *err);
#endif
