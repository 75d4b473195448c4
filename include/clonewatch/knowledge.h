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
    const char *gene, *transcript, *enst, *contig, *node, *kinds;
    char strand;
    int64_t beg[2], end[2];       /* -1: not known */
    int64_t *exon_beg[2], *exon_end[2]; size_t n_exons[2];
    int64_t *cds_beg[2], *cds_end[2]; size_t n_cds[2];
    size_t line;
} cw_known_gene;

typedef struct cw_knowledge {
    struct cw_arena *arena;
    const char *version, *dir;
    cw_known_alteration *alterations; size_t n_alterations;
    cw_known_gene *genes; size_t n_genes;
} cw_knowledge;

const char *cw_review_name(cw_review r);
bool cw_review_parse(const char *s, cw_review *review);

void cw_knowledge_release(cw_knowledge *k);

#ifdef __cplusplus
}
#endif
#endif
