/* SPDX-License-Identifier: MIT */
/* explain.h - from an id back to where it came from: advice -> findings -> rule with its file and line -> alteration, clone and counts -> sources. */
#ifndef CW_REPORT_EXPLAIN_H
#define CW_REPORT_EXPLAIN_H

#include <stdio.h>
#include <clonewatch/knowledge.h>
#include <clonewatch/patient.h>

typedef struct cw_explain {
    FILE *f;
    const cw_knowledge *k;
    const cw_patient *p; /* NULL: knowledge only */
} cw_explain;

/* id of an advice, finding, clone, alteration, alarm, draw, node, line, scan, operation or test, ALTERATION@DRAW, or the id of a row of the
 * knowledge. false: there is none, and nothing was written. */
bool cw_explain_id(const cw_explain *w, const char *id);

/* Rows of the knowledge at this depth; false: no row has the id. */
bool cw_explain_rule(const cw_explain *w, int depth, const char *id);
bool cw_explain_known_alteration(const cw_explain *w, int depth, const char *id);
void cw_explain_put(const cw_explain *w, int depth, const char *name, const char *value); /* a line; "" leaves it out */
#endif
