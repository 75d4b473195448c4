/* SPDX-License-Identifier: MIT */
/* names.h - how people write agents, tumours and changes, brought to the rows of the knowledge. */
#ifndef CW_ADVISE_NAMES_H
#define CW_ADVISE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <clonewatch/knowledge.h>
#include "record/spelling.h"

/* Agent by name or synonym; -1: not in the knowledge. */
ptrdiff_t cw_agent_find(const cw_knowledge *k, const char *name, size_t n);
/* Does `agent` (class or regimen) hold `member`, directly or through a class of its own? An agent holds itself. */
bool cw_agent_holds(const cw_knowledge *k, size_t agent, size_t member);

/* An agent or "A + B": the components. */
enum { CW_REGIMEN_MAX = 12 };
typedef struct cw_regimen {
    size_t agent[CW_REGIMEN_MAX], n; /* known components */
    size_t unknown;                  /* components that the knowledge does not name */
} cw_regimen;
/* Also as records of treatment write it: "a/b", "a and b", with a dose or a salt behind the name. */
void cw_regimen_parse(const cw_knowledge *k, const char *text, cw_regimen *regimen);

/* An agent whose name differs from this unknown one by at most two letters; NULL: none. */
const char *cw_agent_meant(const cw_knowledge *k, const char *name);

/* "breast HER2+ HR+" -> tumour row and the statuses it states. tumour -1: none named. */
enum { CW_STATUS_MAX = 8 };
typedef struct cw_tumour_words {
    ptrdiff_t tumour;
    size_t status[CW_STATUS_MAX], n; /* rows of status_words.tsv */
} cw_tumour_words;
void cw_tumour_parse(const cw_knowledge *k, const char *text, size_t n, cw_tumour_words *words);
/* The phrase in the one vocabulary of the tables, whatever its own words and order: "HER2-positive ER+ breast cancer" is "breast HER2+ ER+".
 * A phrase without a tumour of the tables keeps its words. */
void cw_tumour_say(const cw_knowledge *k, const char *text, size_t n, char *out, size_t size);
/* Is tumour `a` the tumour `b` or one below it? */
bool cw_tumour_within(const cw_knowledge *k, ptrdiff_t a, ptrdiff_t b);
#endif
