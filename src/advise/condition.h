/* SPDX-License-Identifier: MIT */
/* condition.h - the conditions of a rule ("tumour(CRC)&absent(GENE:change)"), evaluated with three values. docs/knowledge.md has the grammar. */
#ifndef CW_ADVISE_CONDITION_H
#define CW_ADVISE_CONDITION_H

#include "advise/case.h"

typedef struct cw_open_list { const char *v[12]; size_t n, remarks; } cw_open_list; /* open conditions, in words; remarks: those of the n that leave nothing open */

typedef struct cw_condition_at {     /* what the words refer to */
    const cw_seen *alteration;       /* of the rule; NULL: none */
    const char *agent;               /* candidate: "combination" asks whether it is one; NULL: none */
    ptrdiff_t prior_line;            /* line that the rule starts from; -1: none */
} cw_condition_at;

/* Empty text holds. Open terms are added to `open`. */
cw_truth cw_condition(cw_case *c, const char *text, cw_condition_at at, cw_open_list *open);
/* `unless`: true there means that the rule does not hold. */
cw_truth cw_exception(cw_case *c, const char *text, cw_condition_at at, cw_open_list *open);

/* Grammar alone; false fills why with the part that is not understood. */
bool cw_condition_valid(const cw_knowledge *k, const char *text, char why[200]);

/* Does a tumour phrase hold for the patient? */
cw_truth cw_tumour_holds(const cw_case *c, const char *phrase, size_t n);
void cw_open_add(cw_open_list *open, const char *text);
void cw_open_remark(cw_open_list *open, const char *text);
#define CW_PARTIAL_ACTIVITY "activity is partial"
#endif
