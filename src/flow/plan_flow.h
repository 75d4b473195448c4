/* SPDX-License-Identifier: MIT */
/* plan_flow.h - lead time and power against draw interval, as a table and as a page. */
#ifndef CW_FLOW_PLAN_FLOW_H
#define CW_FLOW_PLAN_FLOW_H

#include <stddef.h>
#include "base/log.h"
#include "track/plan.h"

typedef struct cw_plan_flow_conf {
    cw_plan_conf plan;
    const double *doubling, *interval; size_t n_doubling, n_interval; /* weeks */
    const char *table, *page;  /* files; table NULL or "-": standard output; page NULL: none */
} cw_plan_flow_conf;

CW_MUST_CHECK int cw_flow_plan(const cw_plan_flow_conf *conf, const cw_log *log, cw_err *err);
#endif
