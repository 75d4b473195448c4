/* SPDX-License-Identifier: MIT */
/* detect.h - tallies x background -> calls: what was seen, what could have been seen, and why it is or is not believed. */
#ifndef CW_DETECT_DETECT_H
#define CW_DETECT_DETECT_H

#include <clonewatch/background.h>
#include "base/log.h"

typedef struct cw_detect_conf {
    double call_alpha;            /* 0.001: `detected` when p <= call_alpha, one draw alone */
    double draw_cv;               /* 0.25: CV of the true VAF between draws, for LoD */
    int64_t min_molecules;        /* 1000: fewer is not assessable (statistics 1) */
    double plasma_ml, cfdna_ng;   /* NAN when not given */
} cw_detect_conf;

void cw_detect_conf_default(cw_detect_conf *conf);

/* The built-in background by substitution class and level, for panels without normals; marked as such everywhere. */
CW_MUST_CHECK int cw_background_default(cw_background *background, const char *level, cw_err *err);

/* Calls of one sample, complete: *calls holds copies, tallies and panel may go. An allele outside the targets is not assessable.
 * CW_EREFUSED when the draw's off-target noise lies outside the 99 % range of the model's normals. */
CW_MUST_CHECK int cw_detect(const cw_tallies *tallies, const cw_panel *panel, const cw_background *background,
                            const cw_detect_conf *conf, cw_calls *calls, const cw_log *log, cw_err *err);

/* The verdict on every allele with known counts, out of counts, bg and calls->background alone: VAF and interval, p, k*, LoB, LoD, ln_bf
 * (together and, where bg_strand is known, by strand), strand and position test, state, filters. cw_detect ends with it; a calls file that holds counts and background but no verdict (k_star 0) gets one
 * the same way. Alleles with state not_assessable because of the targets keep it. only_missing: leave verdicts that are there. */
CW_MUST_CHECK int cw_calls_judge(cw_calls *calls, const cw_detect_conf *conf, bool only_missing, cw_err *err);

/* Mutant molecules per mL and the chance of an empty tube, of every allele, from calls->plasma_ml and calls->cfdna_ng. cw_calls_judge ends with it.
 * only_missing: leave numbers that are there; made again out of a limit that a file holds with six digits they would differ from the file's. */
void cw_calls_yield(cw_calls *calls, bool only_missing);
#endif
