/* SPDX-License-Identifier: MIT */
/* plan_flow.c - every doubling time against every draw interval. */
#include "flow/plan_flow.h"

#include <stdlib.h>
#include "report/plan_page.h"

int cw_flow_plan(const cw_plan_flow_conf *conf, const cw_log *log, cw_err *err)
{
    size_t n = conf->n_doubling * conf->n_interval;
    cw_plan_row *row = calloc(n ? n : 1, sizeof *row);
    int status = row ? 0 : cw_err_nomem(err);
    if (conf->plan.depth < CW_PLAN_MOLECULES)
        cw_log_say(log, CW_LOG_WARNING, "fewer than %d molecules at a site: no draw is assessable, so that no alert can come", CW_PLAN_MOLECULES);
    for (size_t i = 0; status == 0 && i < n; i++) {
        cw_log_progress(log, "schedules", i, n, "");
        status = cw_plan(&conf->plan, conf->doubling[i / conf->n_interval], conf->interval[i % conf->n_interval], &row[i], err);
    }
    if (status == 0) status = cw_report_plan_tsv(row, n, conf->table, err);
    if (status == 0 && conf->page) status = cw_report_plan_page(&conf->plan, row, n, conf->page, err);
    free(row);
    return status;
}
