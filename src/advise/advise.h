/* SPDX-License-Identifier: MIT */
/* advise.h - clones and alterations x knowledge -> findings and advice. No I/O: every rule is testable with typed-in structs. */
#ifndef CW_ADVISE_ADVISE_H
#define CW_ADVISE_ADVISE_H

#include <clonewatch/patient.h>
#include <clonewatch/knowledge.h>

/* Fills findings, advice and not_assessable of the patient (replacing what was there). Their texts may live in the knowledge: keep it until the
 * patient is written. */
CW_MUST_CHECK int cw_advise(const cw_knowledge *knowledge, cw_patient *patient, cw_err *err);

/* Weight tier of an allele before the first draw (statistics 3.3): 1 = resistance to the agents named, for this tumour; 2 = another
 * alteration of the knowledge; 3 = rest. agents are as written in the events, synonyms understood. */
int cw_advise_tier(const cw_knowledge *knowledge, const char *cwid, const char *tumour_type, const char *const *agents, size_t n_agents);

/* A case as people type it, without any draw: lines "a;b + c (adjuvant)", alterations "GENE change,GENE change=falling", facts "NAME=VALUE;...".
 * Any of the texts may be NULL. Fills id, tumour_type, lines, alterations, clones (one per alteration: nothing is known of their order)
 * and facts of an empty patient; the patient is released by the caller. An alteration that the knowledge does not hold is kept. */
CW_MUST_CHECK int cw_advise_stated(const cw_knowledge *knowledge, const char *tumour, const char *lines, const char *alterations,
                                   const char *facts, cw_patient *patient, cw_err *err);

/* Turn facts that state a known alteration ("GENE FISH: amplified", "GENE CHANGE tissue: positive") into alterations of their own, with
 * stated_by = the test, status not_assessable in plasma, and a clone each, so that agents are matched with them. A result that denies,
 * or a bare number, states nothing. Alterations that the patient already has are left as they are. Call before cw_advise. */
CW_MUST_CHECK int cw_advise_reported(const cw_knowledge *knowledge, cw_patient *patient, cw_err *err);
#endif
