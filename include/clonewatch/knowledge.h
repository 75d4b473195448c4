/* SPDX-License-Identifier: MIT */
/* knowledge.h - the knowledge tables in memory, as they stand in panels/knowledge (docs/knowledge.md names every column).
 *
 * Each row keeps its id, its level with the scheme of that level, its citation and its review state, and the file line it
 * came from. Conditions and selectors are kept as text here; advise/ evaluates them, and never changes a row. */
#ifndef CLONEWATCH_KNOWLEDGE_H
#define CLONEWATCH_KNOWLEDGE_H

#include <clonewatch/panel.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How far a row may be trusted; the order is the order of ranking. */
typedef enum cw_review {
    CW_REVIEW_REVIEWED = 0, /* alteration and agent both named in the cited source */
    CW_REVIEW_PARTLY,       /* a source supports part of the row */
    CW_REVIEW_CONFLICT,     /* sources disagree; the row says how */
    CW_REVIEW_UNREVIEWED    /* no source was read for it */
} cw_review;

/* One place of an alteration in one build; pos1 is 0 when it has none there. */
typedef struct cw_place { int64_t pos1; const char *ref, *alt; } cw_place;

typedef struct cw_known_alteration {
    const char *id, *gene, *transcript, *enst, *hgvs_c, *hgvs_p, *aliases;
    cw_allele_type type;
    cw_role role;
    const char *mechanism, *node, *tumours, *contig;
    cw_place place[2];            /* GRCh37, GRCh38 */
    const char *conditions, *citation, *verified_by, *confidence, *open_question, *note;
    cw_review review;
    size_t line;
} cw_known_alteration;

typedef struct cw_known_gene {
    const char *gene, *aliases, *transcript, *enst, *contig, *node, *kinds;
    char strand;
    int64_t beg[2], end[2];       /* -1: not known */
    int64_t *exon_beg[2], *exon_end[2]; size_t n_exons[2];
    int64_t *cds_beg[2], *cds_end[2]; size_t n_cds[2];
    size_t line;
} cw_known_gene;

/* What every statement carries, so that no output shows it without its source. */
typedef struct cw_support {
    const char *level, *scheme;   /* "" when unreviewed; levels are never converted between schemes */
    const char *citation, *note, *open_question;
    cw_review review;
} cw_support;

typedef struct cw_agent {
    const char *agent, *kind, *drug_class, *targets, *synonyms, *members, *status, *named_in_seed;
    size_t line;
} cw_agent;

typedef enum cw_rule_effect { CW_RULE_RESISTS = 0, CW_RULE_SENSITISES } cw_rule_effect;

typedef struct cw_rule {          /* alteration x agent */
    const char *id, *alteration, *agent, *iff, *unless, *activity, *assay, *dose;
    cw_rule_effect effect;
    cw_support support;
    size_t line;
} cw_rule;

typedef enum cw_cross_effect {
    CW_CROSS_REDUCED = 0, CW_CROSS_RETAINED, CW_CROSS_OVERCOMES, CW_CROSS_FAVOURS, CW_CROSS_COLLATERAL, CW_CROSS_RE_SENSITISES,
    CW_CROSS_RE_CHALLENGE, CW_CROSS_UNRESOLVED
} cw_cross_effect;

typedef struct cw_cross {         /* line already given x next agent */
    const char *id, *prior, *next, *marker, *iff, *mechanism, *assessable, *assay, *direction, *place;
    cw_cross_effect effect;
    bool both;
    cw_support support;
    size_t line;
} cw_cross;

typedef enum cw_line_effect { CW_LINE_POINTS_TO = 0, CW_LINE_REDUCED, CW_LINE_NEEDS_ASSAY, CW_LINE_RE_CHALLENGE, CW_LINE_ESCAPE } cw_line_effect;

typedef struct cw_line_rule {     /* order, interval and state of the lines */
    const char *id, *agent, *prior, *setting, *rising, *not_rising, *fallen, *iff, *mechanism, *statement, *assay;
    int64_t interval_min, interval_max; /* days; -1: no bound */
    cw_line_effect effect;
    cw_support support;
    size_t line;
} cw_line_rule;

typedef struct cw_node_agent { const char *id, *node, *agent, *iff; cw_support support; size_t line; } cw_node_agent;
typedef struct cw_node { const char *node, *description; size_t line; } cw_node;
typedef struct cw_mechanism { const char *mechanism, *klass, *description; size_t line; } cw_mechanism;
typedef struct cw_tumour { const char *tumour, *parent, *synonyms; size_t line; } cw_tumour;
typedef struct cw_status_rule { const char *word, *fact, *value; size_t line; } cw_status_rule;
typedef struct cw_fact_word { const char *test, *results, *fact, *value; size_t line; } cw_fact_word;
/* complete: a panel that finds none of its alleles has found none of the class; otherwise other changes may hide outside it */
typedef struct cw_allele_class { const char *klass, *types, *roles, *mechanisms, *changes, *description; bool complete; size_t line; } cw_allele_class;
typedef struct cw_gene_group { const char *group, *genes; size_t line; } cw_gene_group;
typedef struct cw_gap { const char *id, *what, *why, *assay, *iff; cw_support support; size_t line; } cw_gap;
/* A source that says otherwise than our row, and what was done about it. */
typedef struct cw_conflict { const char *id, *gene, *allele, *agent, *our_side, *source_says, *level, *scheme, *evidence, *disease, *citation, *state, *how; size_t line; } cw_conflict;
typedef struct cw_question { const char *id, *kind, *question; size_t line; } cw_question;
typedef struct cw_required { const char *alteration, *agent, *any_of, *why; cw_rule_effect effect; size_t line; } cw_required;
typedef struct cw_source { const char *id, *kind, *title, *checked; size_t line; } cw_source;

typedef struct cw_knowledge {
    struct cw_arena *arena;
    const char *version, *dir;
    cw_known_alteration *alterations; size_t n_alterations;
    cw_known_gene *genes; size_t n_genes;
    cw_agent *agents; size_t n_agents;
    cw_rule *rules; size_t n_rules;
    cw_cross *crosses; size_t n_crosses;
    cw_line_rule *line_rules; size_t n_line_rules;
    cw_node_agent *node_agents; size_t n_node_agents;
    cw_node *nodes; size_t n_nodes;
    cw_mechanism *mechanisms; size_t n_mechanisms;
    cw_tumour *tumours; size_t n_tumours;
    cw_status_rule *statuses; size_t n_statuses;
    cw_fact_word *fact_words; size_t n_fact_words;
    cw_allele_class *classes; size_t n_classes;
    cw_gene_group *groups; size_t n_groups;
    cw_gap *gaps; size_t n_gaps;
    cw_required *required; size_t n_required; /* conditions that a rule must not lose */
    cw_conflict *conflicts; size_t n_conflicts;
    cw_question *questions; size_t n_questions; /* what the open_question columns name */
    cw_source *sources; size_t n_sources;
} cw_knowledge;

const char *cw_review_name(cw_review r);
bool cw_review_parse(const char *s, cw_review *review);

void cw_knowledge_release(cw_knowledge *k);

#ifdef __cplusplus
}
#endif
#endif
