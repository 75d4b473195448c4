/* SPDX-License-Identifier: MIT */
/* alarm_count.h - how many mutant molecules a draw must show to raise an alarm. */
#ifndef CW_TRACK_ALARM_COUNT_H
#define CW_TRACK_ALARM_COUNT_H

#include <stddef.h>
#include <stdint.h>
#include "stats/gamma_nodes.h"
#include "stats/nb_curve.h"

enum { CW_ALARM_TERMS = 480, CW_ALARM_NULLS = 8 };

typedef struct cw_alarm_term { double ln_weight; const cw_nb_curve *curve; } cw_alarm_term;

/* A likelihood of all draws as a function of the last one's count: sum of weight x NB(k). */
typedef struct cw_alarm_sum { size_t n; cw_alarm_term term[CW_ALARM_TERMS]; } cw_alarm_sum;
typedef struct cw_alarm_null { size_t n; cw_alarm_term term[CW_GAMMA_NODES]; } cw_alarm_null;

typedef struct cw_alarm_question {
    cw_alarm_sum alternative;
    cw_alarm_null null[CW_ALARM_NULLS]; size_t n_nulls;
    double ln_factor;  /* the alarm is at: alternative >= exp(ln_factor) x the largest null */
    int64_t most;      /* molecules of the draw */
} cw_alarm_question;

/* Least k in 1 .. most that raises the alarm, -1 when none does. guess: where to begin; any gives the same answer. */
int64_t cw_alarm_count(const cw_alarm_question *q, int64_t guess);
#endif
