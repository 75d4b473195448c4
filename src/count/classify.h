/* SPDX-License-Identifier: MIT */
/* classify.h - what one read says at one locus (docs/counting-rules.md). */
#ifndef CW_COUNT_CLASSIFY_H
#define CW_COUNT_CLASSIFY_H

#include <clonewatch/tally.h>
#include "count/read_view.h"

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
