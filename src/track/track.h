/* SPDX-License-Identifier: MIT */
/* track.h - the calls of all draws of one patient -> series, clones, alarms (statistics 3 and 4). */
#ifndef CW_TRACK_TRACK_H
#define CW_TRACK_TRACK_H

#include <clonewatch/patient.h>
#include "base/log.h"

typedef struct cw_track_conf {
    double alpha, alpha_confirmed;      /* 0.05, 0.005 */
    double growth_slack;                /* g = 4 */
    double forecast_vaf;                /* threshold of the stated crossing, 0.05 */
    int64_t min_molecules;              /* 1000 */
    const char *response_preset;
} cw_track_conf;
void cw_track_conf_default(cw_track_conf *conf);

/* One row of the sheet with its calls; calls NULL when it has none (then the draw is listed, not assessable). */
typedef struct cw_track_draw { const cw_draw_row *row; const cw_calls *calls; } cw_track_draw;

typedef struct cw_track_input {
    const char *patient;
    const cw_track_draw *draws; size_t n_draws;  /* plasma and normal rows of this patient, sorted by date */
    const cw_event *events; size_t n_events;     /* of this patient */
    const cw_panel *panel;                       /* may be NULL */
    /* Tier (1..3) and "known from tissue" of an allele; made by flow from the knowledge (advise) and the tumour rows, for the lines
     * begun on or before the first draw. NULL: all tier 3. */
    int (*tier)(void *context, const char *cwid);
    bool (*known_from_tissue)(void *context, const char *cwid);
    void *context;
    const char *weights_basis;                   /* one sentence for patient.json */
    const cw_patient *previous;                  /* --previous, or NULL */
    struct cw_track_cache *cache;                /* what patients of one cohort share (track/cache.h); NULL: none */
} cw_track_input;

/* Fills everything of *patient except findings, advice, not_assessable and provenance (command, inputs). */
CW_MUST_CHECK int cw_track(const cw_track_input *input, const cw_track_conf *conf, cw_patient *patient, const cw_log *log, cw_err *err);

/* The lines of therapy out of TREATMENT events (formats.md: rows that overlap form one line ...). Used by flow for the tiers. */
CW_MUST_CHECK int cw_lines_from_events(const cw_event *events, size_t n, struct cw_arena *arena, cw_line **lines, size_t *n_lines, cw_err *err);
#endif
