/* SPDX-License-Identifier: MIT */
/* haplotypes.h - a read's bases against two haplotypes: the reference, and the one that carries a change. */
#ifndef CW_COUNT_HAPLOTYPES_H
#define CW_COUNT_HAPLOTYPES_H

#include "count/verdict.h"

enum { CW_TAIL_ADVANTAGE = 4 };  /* bases by which a clipped or mismatching tail must fit the allele better than the reference */
enum { CW_TOLERANCE = 20 };      /* one differing base in so many is taken for a sequencing error in long comparisons */

/* A base of the read and its place on the reference, from which a comparison goes to the read's end. q < 0: none. off: bases between the
 * alignment and an anchor in its clip that differ from the reference. */
typedef struct cw_anchor { int64_t pos; int32_t q; int off; } cw_anchor;

typedef struct cw_comparison {
    int n;             /* bases that pass, where both haplotypes are known */
    int off_ref, off_alt;
    int off_inserted;  /* of off_alt, at bases that the allele inserts */
    int telling;       /* bases at which the haplotypes differ */
    uint8_t quality;   /* of the first telling base */
    int32_t q;
} cw_comparison;

/* k-th base to the right of the left flank on the haplotype that carries the change. */
uint8_t cw_alt_rightward(const cw_site *s, const cw_change *c, int64_t k);

/* The flanks, moved out over the gaps that the aligner put within some bases of them. False: there is no gap near. */
bool cw_move_over_gaps(const cw_change *c, const cw_read_view *v, int64_t *lo, int64_t *hi);

/* Where a comparison to the right, and to the left, starts. */
cw_anchor cw_left_anchor(const cw_site *s, const cw_change *c, const cw_read_view *v);
cw_anchor cw_right_anchor(const cw_site *s, const cw_change *c, const cw_read_view *v);

/* To the right of the anchor: at most limit bases, and not past the fragment's end on the longer haplotype. To the left: all of them. */
cw_comparison cw_compare_tail(const cw_site *s, const cw_change *c, const cw_read_view *v, cw_anchor a, int64_t limit);
cw_comparison cw_compare_head(const cw_site *s, const cw_change *c, const cw_read_view *v, cw_anchor a);

/* Read leftwards from the right flank, is the read the allele's to its first base, and not the reference's? So is a carrier that begins among
 * repeats on the left: aligned without a gap, it has the reference's bases at the flank and differs further on. */
bool cw_is_alt_from_its_start(const cw_site *s, const cw_change *c, const cw_read_view *v);

/* What is inserted must be the allele's own, as where an aligned gap spells it: a long tail behind it would forgive another insertion. */
static inline bool cw_fits_alt(const cw_comparison *m, const cw_change *c)
{
    return m->off_alt <= m->n / CW_TOLERANCE && m->off_inserted <= c->ins_len / CW_TOLERANCE && m->off_ref - m->off_alt >= CW_TAIL_ADVANTAGE;
}

/* It fits the allele, by too few bases to be sure. */
static inline bool cw_leans_to_alt(const cw_comparison *m) { return m->off_alt <= m->n / CW_TOLERANCE && m->off_ref > m->off_alt; }

static inline cw_verdict cw_carries(const cw_comparison *m, cw_anchor from) { return (cw_verdict){CW_CARRIES, m->quality, 0, m->q, m->off_alt + from.off}; }

/* What a read's bases from its gaps, clips or ends on say of the change: carries it, may carry it (cannot tell), or `otherwise`. */
cw_verdict cw_judge_ends(const cw_site *s, const cw_change *c, const cw_read_view *v, cw_verdict otherwise);
#endif
