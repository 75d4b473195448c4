/* SPDX-License-Identifier: MIT */
/* plan.h - an assay and a schedule of draws, and how early they would find a growing clone. Made by track, shown by report. */
#ifndef CLONEWATCH_PLAN_H
#define CLONEWATCH_PLAN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

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

typedef struct cw_plan_row {
    double doubling_weeks, interval_weeks;
    double power;               /* share with an alert at least four weeks before progression on imaging */
    double any;                 /* share with an alert before progression */
    double lead[3];             /* weeks from alert to progression: quartiles over all runs, 0 without alert */
    double vaf;                 /* median true fraction at the alert; NAN: none */
    double gain;                /* median weeks earlier than "VAF >= 0.5 %" on the same draws */
} cw_plan_row;

#ifdef __cplusplus
}
#endif
#endif
