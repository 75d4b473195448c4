/* SPDX-License-Identifier: MIT */
/* tiers.h - which alleles the knowledge expects in a patient, as it stood before the first draw (docs/emergence.md, "Weights"). */
#ifndef CW_FLOW_TIERS_H
#define CW_FLOW_TIERS_H

#include <clonewatch/knowledge.h>
#include <clonewatch/patient.h>

struct cw_arena;
typedef struct cw_tiers {
    const cw_knowledge *knowledge;
    const char *tumour_type;
    const char **agents; size_t n_agents; /* of the lines begun on or before the first draw */
    const char *basis;            /* one sentence for patient.json */
} cw_tiers;

/* first: date of the first draw. */
CW_MUST_CHECK int cw_tiers_make(cw_tiers *tiers, const cw_knowledge *knowledge, const char *tumour_type, const cw_event *events, size_t n_events,
                                const cw_day *first, struct cw_arena *arena, cw_err *err);
/* 1..3; 3 for all without knowledge. */
int cw_tiers_of(const cw_tiers *tiers, const char *cwid);

/* The knowledge that the panel names; *has false and no error when it names none (own alleles only). */
CW_MUST_CHECK int cw_flow_knowledge(cw_knowledge *knowledge, const char *panel_dir, bool *has, cw_err *err);
#endif
