/* SPDX-License-Identifier: MIT */
/* plan.h - before the first draw: how early would a growing resistant clone be found with this assay and this schedule?
 *
 * Simulated patients, fixed seed: one allele grows from a start log-uniform in 1e-6 .. 1e-4, the draws are judged by the test that track
 * uses, progression is the first scan at which the clone has reached a stated fraction. */
#ifndef CW_TRACK_PLAN_H
#define CW_TRACK_PLAN_H

#include <clonewatch/error.h>
#include <clonewatch/plan.h>

enum { CW_PLAN_MOLECULES = 1000 }; /* with fewer no draw is judged, as in track */

void cw_plan_conf_default(cw_plan_conf *conf);

CW_MUST_CHECK int cw_plan(const cw_plan_conf *conf, double doubling_weeks, double interval_weeks, cw_plan_row *row, cw_err *err);
#endif
