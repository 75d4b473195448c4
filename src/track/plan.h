/* SPDX-License-Identifier: MIT */
/* plan.h - before the first draw: how early would a growing resistant clone be found with this assay and this schedule?
 *
 * Simulated patients, fixed seed: one allele grows from a start log-uniform in 1e-6 .. 1e-4, the draws are judged by the test that track
 * uses, progression is the first scan at which the clone has reached a stated fraction. */
#ifndef CW_TRACK_PLAN_H
#define CW_TRACK_PLAN_H

#include <stddef.h>
#include <stdint.h>
#include <clonewatch/error.h>

typedef struct cw_plan_conf {
    double depth;               /* molecules at a site */
    double background;          /* mutant molecules per molecule without the allele */
    double background_cv;       /* between draws */
    int64_t normals, sites;     /* of the background model; alleles watched alike */
    double draw_cv;             /* of the true fraction */
    double scan_weeks, progression_vaf, alpha;
    int64_t runs;
    uint64_t seed;
} cw_plan_conf;
void cw_plan_conf_default(cw_plan_conf *conf);

typedef struct cw_plan_row {
    double doubling_weeks, interval_weeks;
    double power;               /* share with an alert at least four weeks before progression on imaging */
    double any;                 /* share with an alert before progression */
    double lead[3];             /* weeks from alert to progression: quartiles over all runs, 0 without alert */
    double vaf;                 /* median true fraction at the alert; NAN: none */
    double gain;                /* median weeks earlier than "VAF >= 0.5 %" on the same draws */
} cw_plan_row;

CW_MUST_CHECK int cw_plan(const cw_plan_conf *conf, double doubling_weeks, double interval_weeks, cw_plan_row *row, cw_err *err);
#endif
