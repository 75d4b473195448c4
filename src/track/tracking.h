/* SPDX-License-Identifier: MIT */
/* tracking.h - the working state of cw_track(): what the files of this room hand to each other. A look is a draw that enters the
 * likelihood: plasma, not excluded. Arrays over alleles x looks are [allele * n_looks + look]. */
#ifndef CW_TRACK_TRACKING_H
#define CW_TRACK_TRACKING_H

#include "base/mem.h"
#include "stats/joint.h"
#include "track/cache.h"
#include "track/observation.h"
#include "track/track.h"

typedef struct cw_tracking {
    const cw_track_input *in;
    const cw_track_conf *conf;
    cw_patient *p;               /* p->arena holds what stays */
    cw_arena *scratch;           /* dies with the call */
    const cw_log *log;
    cw_track_cache *cache;       /* of the caller, or one for this call */
    bool is_date;                /* kind of the patient's dates */
    int64_t origin_day;          /* civil day of day 0 when is_date */
    size_t n_looks;
    size_t *draw;                /* [look] index into p->draws */
    double *day, *week;          /* [look] */
    cw_obs *obs;
    cw_rate_model *model;        /* [allele * n_sets + level] */
    double *ln_e;                /* evidence 3.2 after each look */
    double *ln_e_growth;         /* growth test 3.4 after each look; NAN where it was not made */
    bool *given;                 /* [allele] present before any draw: driver, known from tissue, CHIP, germline */
    bool *of_blood;              /* [allele] CHIP or germline beyond the doubt that a known resistance allele is given, or of a gene of CHIP and not shown to be tumour: never an alarm */
    bool *watch;                 /* [allele] on the e-BH list of the last look */
    double *p_falling;           /* [allele] P(r < 0) in the present line; NAN: not estimated */
    double *backcast;            /* [allele] 5 % quantile of the fraction at the baseline of the line in which it emerged, seen from the later draws of that line; NAN: not estimated */
    size_t alarm_cap;            /* of p->alarms */
} cw_tracking;

/* Day on the axis of cw_patient_draw.day; NAN when unknown. */
double cw_tracking_day(const cw_tracking *t, const cw_day *day);
/* The line in force at a day: the latest that began strictly before it; -1: none. A draw on the day a line starts is its baseline. */
ptrdiff_t cw_tracking_line(const cw_tracking *t, double day);
/* Draws up to this day are the baseline of a draw at `day`. */
double cw_tracking_baseline_day(const cw_tracking *t, double day);
/* There already: from the start, or over its threshold at a baseline draw. */
bool cw_tracking_present(const cw_tracking *t, size_t allele, double baseline_day);
/* Short of "falling", and not to be called rising: P(r < 0) > .9 in the present line, or > .5 and the last draw below another of the line by more than
 * the slack. False where no rate was fitted. */
bool cw_tracking_rather_falls(const cw_tracking *t, size_t allele);
/* The baseline draw of the present line, where the last draw lies below it by more than the slack and above no draw since (95 % intervals); or NULL. */
const cw_point *cw_tracking_fell_from(const cw_tracking *t, size_t allele);
/* Falling: P(r < 0) >= .975 in the present line, or fell from its baseline and no rise is shown since. */
bool cw_tracking_falls(const cw_tracking *t, size_t allele);
/* Lines, scans and facts of the previous report. */
CW_MUST_CHECK int cw_tracking_take_history(cw_tracking *t, cw_err *err);
/* Alarms of the previous report: none is dropped, and the earlier of two days stands. */
CW_MUST_CHECK int cw_tracking_keep_alarms(cw_tracking *t, cw_err *err);
/* Alarms of the joint test; look[j] is the state after look first + j. */
CW_MUST_CHECK int cw_tracking_raise_mrd(cw_tracking *t, size_t first, const cw_joint_look *look, size_t n, cw_err *err);
const char *cw_tracking_text(cw_tracking *t, const char *s); /* copy into the patient's arena; NULL: out of memory */

/* The steps, in order. */
CW_MUST_CHECK int cw_track_series(cw_tracking *t, cw_err *err);     /* draws, alterations, points, observations */
CW_MUST_CHECK int cw_track_looks(cw_tracking *t, const uint8_t *level_of_draw, cw_err *err); /* of series: what the likelihoods see */
CW_MUST_CHECK int cw_track_clinical(cw_tracking *t, cw_err *err);   /* lines, imaging, surgeries, facts */
CW_MUST_CHECK int cw_track_weights(cw_tracking *t, cw_err *err);    /* zero of t, tiers, pi */
CW_MUST_CHECK int cw_track_evidence(cw_tracking *t, cw_err *err);   /* ln_e, ln_e_growth, lod_alarm */
CW_MUST_CHECK int cw_track_rates(cw_tracking *t, cw_err *err);      /* growth by line, forecast */
CW_MUST_CHECK int cw_track_backcasts(cw_tracking *t, cw_err *err);  /* what was there at the baseline of what emerged */
CW_MUST_CHECK int cw_track_alarms(cw_tracking *t, cw_err *err);     /* emergence, growth, node, patient */
CW_MUST_CHECK int cw_track_words(cw_tracking *t, cw_err *err);      /* baseline, status, statement, lead time */
CW_MUST_CHECK int cw_track_origin(cw_tracking *t, cw_err *err);
CW_MUST_CHECK int cw_track_clones(cw_tracking *t, cw_err *err);
CW_MUST_CHECK int cw_track_response(cw_tracking *t, cw_err *err);
CW_MUST_CHECK int cw_track_notices(cw_tracking *t, cw_err *err);
/* Is this the result of a scan that the words of progression and response are known for? */
bool cw_track_scan_understood(const char *result);
CW_MUST_CHECK int cw_track_compare(cw_tracking *t, cw_err *err);    /* with --previous: what is new */
#endif
