/* SPDX-License-Identifier: MIT */
/* plan_page.h - lead time and power against draw interval, as a table and as a page. */
#ifndef CW_REPORT_PLAN_PAGE_H
#define CW_REPORT_PLAN_PAGE_H

#include <stddef.h>
#include <clonewatch/error.h>
#include <clonewatch/plan.h>

CW_MUST_CHECK int cw_report_plan_tsv(const cw_plan_row *row, size_t n, const char *path, cw_err *err);
CW_MUST_CHECK int cw_report_plan_page(const cw_plan_conf *plan, const cw_plan_row *row, size_t n, const char *path, cw_err *err);
#endif
