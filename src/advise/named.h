/* SPDX-License-Identifier: MIT */
/* named.h - an alteration by its gene and HGVS name: a row of the knowledge, or a substitution placed through the gene's exons. */
#ifndef CW_ADVISE_NAMED_H
#define CW_ADVISE_NAMED_H

#include <clonewatch/knowledge.h>
#include "base/mem.h"
#include "base/table.h"

typedef struct cw_alteration_list { cw_known_alteration *v; size_t n, cap; } cw_alteration_list; /* free(v) */

/* Listed twice: kept once, by its id. */
CW_MUST_CHECK int cw_alteration_list_add(cw_alteration_list *list, cw_known_alteration a, cw_err *err);

/* The alterations that a row of a table names by gene and change, in any of the usual columns. */
CW_MUST_CHECK int cw_alteration_by_name(const cw_knowledge *k, cw_arena *arena, const cw_table *t, size_t row, cw_alteration_list *out, cw_err *err);
#endif
