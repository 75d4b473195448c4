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

/* The parts of cw_read_view_make that few reads need: clips, and whether there is a gap, of any cigar (false: it does not fit the sequence);
 * cut to the fragment, returns how many bases. */
bool cw_read_view_walk(cw_read_view *v);
int64_t cw_read_view_cut(cw_read_view *v);

/* Ends of the fragment. The template length of an inward pair reaches from 5' end to 5' end; where an aligner measures it from leftmost to
 * rightmost base instead, no read reaches past it. Which strand a read is of nobody can foresee: both ends are worked out, without a branch. */
static inline void cw_read_view_find_fragment(cw_read_view *v, const bam1_core_t *c)
{
    const int64_t size = c->isize;
    if (c->tid != c->mtid || size > CW_FAR_BP || size < -CW_FAR_BP) return; /* nonsense, and sums with it could overflow */
    const int strands = c->flag & (BAM_FPAIRED | BAM_FMUNMAP | BAM_FREVERSE | BAM_FMREVERSE);
    const bool forward = (strands == (BAM_FPAIRED | BAM_FMREVERSE)) & (size > 0), reverse = (strands == (BAM_FPAIRED | BAM_FREVERSE)) & (size < 0);
    v->frag_end += -(int64_t)forward & (c->pos + size - v->frag_end);
    v->frag_beg += -(int64_t)reverse & (v->end + size - v->frag_beg);
}

/* View of a record; false when the cigar does not fit the sequence. cut_adapter: bases that lie past the fragment's end, the 5' end of the
 * mate, are adapter and are cut. *adapter counts them. */
static inline bool cw_read_view_make(cw_read_view *v, const bam1_t *b, int min_baseq, bool cut_adapter, int64_t *adapter)
{
    const bam1_core_t *c = &b->core;
    v->seq = bam_get_seq(b);
    v->qual = bam_get_qual(b);
    v->cigar = bam_get_cigar(b);
    v->n_cigar = (int)c->n_cigar;
    v->n_bases = c->l_qseq;
    v->pos = c->pos;
    v->reverse = (c->flag & BAM_FREVERSE) != 0;
    v->min_baseq = min_baseq;
    if (v->n_cigar == 1 && bam_cigar_type(bam_cigar_op(v->cigar[0])) == 3) {
        v->left_clip = v->right_clip = 0;
        v->plain = true;
        v->end = v->pos + (int64_t)bam_cigar_oplen(v->cigar[0]);
        if ((int32_t)bam_cigar_oplen(v->cigar[0]) != v->n_bases) return false;
    } else if (!cw_read_view_walk(v)) {
        return false;
    }
    v->from = v->pos;
    v->to = v->end;
    v->first = v->left_clip;
    v->last = v->n_bases - v->right_clip;
    v->frag_beg = v->pos - 2 * (int64_t)CW_FAR_BP;
    v->frag_end = v->end + 2 * (int64_t)CW_FAR_BP;
    if (!cut_adapter) return true;
    cw_read_view_find_fragment(v, c);
    if (__builtin_expect((v->frag_end < v->to) | (v->frag_beg > v->from), 0)) *adapter += cw_read_view_cut(v);
    return true;
}

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
