/* SPDX-License-Identifier: MIT */
/* classify.h - what one read says at one locus (docs/counting-rules.md). */
#ifndef CW_COUNT_CLASSIFY_H
#define CW_COUNT_CLASSIFY_H

#include <clonewatch/tally.h>
#include "count/site.h"

/* A read as the rules see it: aligned interval after adapter was cut, and the bases with their qualities. */
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
    int min_baseq;
} cw_read_view;

/* View of a record; false when the cigar does not fit the sequence. cut_adapter: cut bases past the fragment's end. *adapter counts them. */
bool cw_read_view_make(cw_read_view *v, const bam1_t *b, int min_baseq, bool cut_adapter, int64_t *adapter);

/* What the vote rests on. */
typedef struct cw_said {
    uint8_t quality; /* of the deciding base; 254: an alignment gap decided */
    uint8_t base;    /* 4-bit code of the deciding base at SNV loci, else 0 */
    int32_t q;       /* query index of the deciding base, -1 when none */
    bool inside;     /* of reference and alleles: the locus begins at least CW_END_BP from both ends of the read */
} cw_said;

/* Vote of the read at the site (CW_VOTE_* or class), CW_VOTE_NONE when it does not cover it. */
uint16_t cw_classify(const cw_site *s, const cw_read_view *v, cw_said *said);
#endif
