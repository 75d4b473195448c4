/* SPDX-License-Identifier: MIT */
/* verdict.h - what one read says of one change (docs/counting-rules.md, "Which allele"). */
#ifndef CW_COUNT_VERDICT_H
#define CW_COUNT_VERDICT_H

#include "count/read_view.h"

/* CANNOT_TELL: it fits the allele as far as it goes; DOES_NOT_SPAN: it does not fit it, and does not read the reference either. */
typedef enum cw_verdict_state { CW_REFERENCE, CW_CARRIES, CW_SOMETHING_ELSE, CW_TOO_POOR, CW_CANNOT_TELL, CW_DOES_NOT_SPAN } cw_verdict_state;

enum { CW_BY_GAP = 254 }; /* quality of a verdict that an alignment gap supports */

typedef struct cw_verdict {
    cw_verdict_state state;
    uint8_t quality, base; /* of the base that decides; base only where one base is all there is */
    int32_t q;             /* its query index, -1 when none */
    int off;               /* of a carrier: bases that differ from the allele all the same */
} cw_verdict;

static inline cw_verdict cw_says(cw_verdict_state state) { return (cw_verdict){state, 0, 0, -1, 0}; }
static inline cw_verdict cw_another(int32_t q) { return (cw_verdict){CW_SOMETHING_ELSE, CW_BY_GAP, 0, q, 0}; } /* another gap */

cw_verdict cw_verdict_of(const cw_site *s, const cw_change *c, const cw_read_view *v);

/* The part of it for changes of equal length (verdict_block.c). */
cw_verdict cw_judge_substitution(const cw_site *s, const cw_change *c, const cw_read_view *v);
#endif
