/* SPDX-License-Identifier: MIT */
/* read_view.h - a record as the counting rules see it: aligned interval after adapter was cut, and the bases with their qualities. */
#ifndef CW_COUNT_READ_VIEW_H
#define CW_COUNT_READ_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <htslib/sam.h>
#include "count/site.h"

typedef struct cw_read_view {
    const uint8_t *seq, *qual;  /* packed bases and qualities as in the BAM record */
    const uint32_t *cigar;
    int n_cigar;
    int32_t n_bases;            /* of the stored sequence, soft clips counted */
    int64_t pos, end;           /* aligned interval */
    int64_t from, to;           /* of it, what is not adapter */
    int64_t frag_beg, frag_end; /* ends of the fragment on the reference where the pair tells them, else far away */
    int32_t left_clip, right_clip; /* soft-clipped bases */
    int32_t first, last;        /* query interval [first, last) of the bases that are neither clipped nor adapter */
    bool plain;                 /* one M/=/X run between clips: no indel, no skip */
    bool reverse;
    int min_baseq;
} cw_read_view;

enum { CW_FAR_BP = 1 << 30 }; /* longer than any chromosome: how far away an unknown end of the fragment is put */

/* View of a record; false when the cigar does not fit the sequence. cut_adapter: cut bases past the fragment's end. *adapter counts them. */
bool cw_read_view_make(cw_read_view *v, const bam1_t *b, int min_baseq, bool cut_adapter, int64_t *adapter);

static inline uint8_t cw_read_view_base(const cw_read_view *v, int32_t q) { return bam_seqi(v->seq, q); }
/* Only A, C, G and T vote: N, "=" and the codes of several bases do not. */
static inline bool cw_read_view_passes(const cw_read_view *v, int32_t q)
{
    return v->qual[q] >= v->min_baseq && (1u << cw_read_view_base(v, q) & (1 << 1 | 1 << 2 | 1 << 4 | 1 << 8));
}

/* Why no base is aligned to a position. */
enum { CW_AT_DELETED = -1, CW_AT_SKIPPED = -2, CW_AT_OUTSIDE = -3 };

int32_t cw_read_view_walk_to(const cw_read_view *v, int64_t pos);

/* Index of the base aligned to the position, or why there is none. */
static inline int32_t cw_read_view_at(const cw_read_view *v, int64_t pos)
{
    if (pos < v->from || pos >= v->to) return CW_AT_OUTSIDE;
    return v->plain ? v->left_clip + (int32_t)(pos - v->pos) : cw_read_view_walk_to(v, pos);
}

/* Index of the base that would be aligned to the position if the alignment went on into its soft clip; CW_AT_OUTSIDE when there is none. */
int32_t cw_read_view_in_clip(const cw_read_view *v, int64_t pos);
#endif
