/* SPDX-License-Identifier: MIT */
/* case.h - one patient seen through the knowledge: which lines were given, which alterations are there, what is known besides. */
#ifndef CW_ADVISE_CASE_H
#define CW_ADVISE_CASE_H

#include <clonewatch/knowledge.h>
#include <clonewatch/patient.h>
#include "advise/names.h"
#include "base/mem.h"

/* Unknown is not "no". */
typedef enum cw_truth { CW_NO = 0, CW_OPEN, CW_YES } cw_truth;

typedef struct cw_seen {              /* one alteration of the patient */
    const cw_alteration *a;
    const cw_known_alteration *known; /* NULL: not in the knowledge */
    const char *gene, *hgvsp, *hgvsc, *aliases, *mechanism, *node;
    cw_allele_type type;
    cw_role role;
    cw_truth present;
    bool rising, fallen;
    bool counts;                      /* may point to an agent: not CHIP, not germline */
} cw_seen;

typedef struct cw_known_fact { const char *fact, *value; cw_day date; } cw_known_fact;

typedef struct cw_case {
    const cw_knowledge *k;
    cw_patient *p;
    cw_arena *arena;                  /* the patient's: what is written here leaves with it */
    cw_seen *seen; size_t n_seen;
    cw_regimen *line;                 /* one per p->lines */
    cw_tumour_words tumour;
    cw_known_fact *facts; size_t n_facts;
    bool failed;                      /* memory ran out: sticks */
} cw_case;

CW_MUST_CHECK int cw_case_init(cw_case *c, const cw_knowledge *k, cw_patient *p, cw_err *err);

/* Does the selector "GENE:what" (or a whole id) name this alteration? */
bool cw_select(const cw_knowledge *k, const char *selector, size_t n, const cw_seen *s);
/* Is an alteration that the selector names present? */
cw_truth cw_present(const cw_case *c, const char *selector, size_t n);
/* Is this a form of the selector grammar that the knowledge can answer? Fills why (in words) when not. */
bool cw_selector_valid(const cw_knowledge *k, const char *selector, size_t n, const char **why);

/* Was the agent, class or "A + B" given in this line / in which line last (-1: none)? */
bool cw_line_has(const cw_case *c, size_t line, const char *agent);
ptrdiff_t cw_last_line_with(const cw_case *c, const char *agent);

/* Does the alteration rise within the line: by its growth there or its last two draws, else by an alarm after the start; a state given without draws is that of now. */
bool cw_rises_in_line(const cw_case *c, const cw_seen *s, size_t line);

/* Value of a fact, "" when not known. */
const char *cw_fact_value(const cw_case *c, const char *fact, size_t n);

/* Name for people: "EGFR p.T790M". */
const char *cw_seen_name(cw_case *c, const cw_seen *s);
/* printf into the patient's arena; "" and failed when memory is out. */
const char *cw_say(cw_case *c, const char *format, ...) CW_PRINTF(2, 3);
#endif
