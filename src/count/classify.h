/* SPDX-License-Identifier: MIT */
/* classify.h - what one read says at one locus (docs/counting-rules.md). */
#ifndef CW_COUNT_CLASSIFY_H
#define CW_COUNT_CLASSIFY_H

#include <clonewatch/tally.h>
#include "count/verdict.h"

/* What the vote rests on. */
typedef struct cw_said {
    uint8_t quality; /* of the deciding base; 254: an alignment gap decided */
    uint8_t base;    /* 4-bit code of the deciding base at SNV loci, else 0 */
    int32_t q;       /* query index of the deciding base, -1 when none */
    bool inside;     /* of reference and alleles: the locus begins at least CW_END_BP from both ends of the read */
} cw_said;

static inline bool cw_lies_inside(int32_t q, int32_t first, int32_t last) { return q - first >= CW_END_BP && last - q > CW_END_BP; }

/* Any alleles: they compete. */
uint16_t cw_classify_changes(const cw_site *s, const cw_read_view *v, cw_said *said);

/* Vote of the read at the site (CW_VOTE_* or class), CW_VOTE_NONE when it does not cover it. */
static inline uint16_t cw_classify(const cw_site *s, const cw_read_view *v, cw_said *said)
{
    if (!s->simple) return cw_classify_changes(s, v, said);
    const int32_t q = cw_read_view_at(v, s->seen_beg);
    *said = (cw_said){CW_BY_GAP, 0, q, false};
    if (q < 0) return q == CW_AT_DELETED ? CW_VOTE_OTHER : q == CW_AT_SKIPPED ? CW_VOTE_UNINFORMATIVE : CW_VOTE_NONE;
    said->quality = v->qual[q];
    said->base = cw_read_view_base(v, q);
    said->inside = cw_lies_inside(q, v->first, v->last);
    return said->quality >= v->min_baseq ? s->base_class[said->base] : CW_VOTE_LOW_QUALITY;
}
#endif
