/* SPDX-License-Identifier: MIT */
/* draft.h - findings and advice while they are being collected: one entry per agent and verdict, however many rules lead there. */
#ifndef CW_ADVISE_DRAFT_H
#define CW_ADVISE_DRAFT_H

#include "advise/condition.h"

typedef struct cw_fired {        /* a rule that holds for an alteration of the patient, perhaps with open conditions */
    const cw_seen *seen;
    const cw_rule *rule;
    cw_open_list open;
} cw_fired;

typedef struct cw_basis {        /* one row that speaks of the agent because of an alteration */
    const cw_seen *seen;
    cw_open_list open;
    cw_review review;
} cw_basis;

typedef struct cw_draft_entry {
    const char *agent, *statement;
    cw_verdict verdict;
    const cw_support *support;   /* of the best rule: reviewed before unreviewed, closed before open, resistance before driver */
    bool by_resistance, by_alteration; /* the best rule speaks of a resistance alteration, of an alteration at all */
    cw_open_list open;           /* its open conditions */
    cw_basis *basis; size_t n_basis, cap_basis; /* the best rule's alteration and those of all others */
    const char **findings; size_t n_findings, cap_findings;
    const char **citations; size_t n_citations, cap_citations;
    const char **covers, **leaves, **unanswered; size_t n_covers, n_leaves, n_unanswered;
    const char *firm, *firm_words; /* the strongest statement that leaves nothing open, NULL: none; ", in part" or that sources disagree about it */
    int firm_rank;               /* 0 plain, 1 in part, 2 disputed */
    bool contradicted;           /* for the agent, while another entry of it speaks of reduced activity */
    int standing;                /* 0 approved, 1 under study, 2 not in clinical use */
} cw_draft_entry;

typedef struct cw_draft {
    cw_case *c;
    cw_fired *fired; size_t n_fired, cap_fired;
    cw_finding *finding; size_t n_findings, cap_findings;
    cw_draft_entry *entry; size_t n_entries, cap_entries;
    cw_not_assessable *gap; size_t n_gaps, cap_gaps;
    const char **notice; size_t n_notices, cap_notices;
} cw_draft;

bool cw_verdict_is_for(cw_verdict v);
/* Does an alteration that is present resist an agent of the present line? */
bool cw_draft_line_resisted(const cw_draft *d);
/* Does a resistance alteration rise in the present line, whatever the rows say of it? */
bool cw_draft_line_escaped(const cw_draft *d);
/* Does the alteration rise in the present line, which holds the agent, and is the agent what it rises against? */
bool cw_draft_rises_under(const cw_draft *d, const cw_seen *s, const char *agent);

void cw_draft_release(cw_draft *d);

/* What a statement rests on. */
typedef struct cw_reason {
    const char *rule;            /* row id */
    const cw_seen *seen;         /* NULL: by the lines alone */
    const char *mechanism, *node, *line; /* line: id of the line explained, or "" */
    const cw_support *support;
    const char *statement;
    const cw_open_list *open;    /* conditions of the row that are open here */
} cw_reason;

/* Adds the finding (once per rule and alteration) and returns its id, or NULL when memory is out. */
CW_MUST_CHECK const char *cw_draft_finding(cw_draft *d, const cw_reason *reason, cw_err *err);
CW_MUST_CHECK int cw_draft_advice(cw_draft *d, const char *agent, cw_verdict verdict, const char *finding, const cw_reason *reason, cw_err *err);
CW_MUST_CHECK int cw_draft_gap(cw_draft *d, const char *what, const char *why, const char *assay, cw_err *err);
CW_MUST_CHECK int cw_draft_notice(cw_draft *d, const char *text, cw_err *err);

/* The steps, each in a file of its own. */
CW_MUST_CHECK int cw_match_rules(cw_draft *d, cw_err *err);       /* match.c: alteration x agent, nodes */
CW_MUST_CHECK int cw_match_lines(cw_draft *d, cw_err *err);       /* lines.c: cross-resistance, order, intervals, gaps */
CW_MUST_CHECK int cw_match_silent(cw_draft *d, cw_err *err);      /* match.c: known alterations of which nothing was said */
CW_MUST_CHECK int cw_match_coverage(cw_draft *d, cw_err *err);    /* coverage.c: agent x clone */
void cw_draft_weigh(cw_draft *d);                                 /* weigh.c: what stands beside each entry */
void cw_draft_say_standing(cw_draft *d, const cw_draft_entry *e, cw_open_list *open); /* weigh.c: agents that are not approved */
CW_MUST_CHECK int cw_draft_finish(cw_draft *d, cw_err *err);      /* draft.c: rank, and hand over to the patient */
#endif
