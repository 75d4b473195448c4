/* SPDX-License-Identifier: MIT */
/* alleles.h - the alleles of a series while it is built: inside cw_track_series(). Records stand in the patient, p->alterations. */
#ifndef CW_TRACK_ALLELES_H
#define CW_TRACK_ALLELES_H

#include "track/tracking.h"

typedef struct cw_alleles {
    cw_tracking *t;
    size_t n_draws;              /* points of each allele */
    struct kh_cwid_s *index;     /* CWID -> place in p->alterations */
    size_t cap;                  /* of p->alterations */
    const char **level_sample;   /* [set] sample that brought it, for messages */
    bool later;                  /* a draw with calls was taken before: what is new now was not listed then */
    cw_err *err;
} cw_alleles;

CW_MUST_CHECK int cw_alleles_open(cw_alleles *b, cw_tracking *t, size_t n_draws, cw_err *err);
void cw_alleles_close(cw_alleles *b);

/* Place of an allele; -1: not listed. */
ptrdiff_t cw_alleles_find(const cw_alleles *b, const char *id);
/* The same, listed when it is not. */
CW_MUST_CHECK int cw_alleles_get(cw_alleles *b, const char *id, size_t *index, bool *is_new);
/* What a new one is called and where it lies: from the panel and a call, or from the previous report. */
CW_MUST_CHECK int cw_alleles_describe(cw_alleles *b, cw_alteration *x, const cw_call *call, const cw_call_locus *l, cw_build build);
CW_MUST_CHECK int cw_alleles_copy(cw_alleles *b, const cw_alteration *old, cw_alteration *x);

/* Backgrounds: one per assay level, the same in every draw. *index: of the level in p->sets. sample: for messages. */
CW_MUST_CHECK int cw_alleles_level(cw_alleles *b, const char *level, const cw_background_set *set, const char *sample, uint8_t *index);
CW_MUST_CHECK int cw_alleles_rate(cw_alleles *b, cw_alteration *x, const char *level, const cw_bg *bg, const char *sample);

/* What a draw says of an allele; what its file leaves out follows from counts and background. */
CW_MUST_CHECK int cw_alleles_point(cw_alleles *b, cw_point *v, const cw_call *call, const cw_call_locus *l, const cw_calls *calls, const cw_patient_draw *d);
#endif
