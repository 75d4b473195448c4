/* SPDX-License-Identifier: MIT */
/* check.h - is the knowledge sound? Everything that can be told without a reference genome; no I/O. */
#ifndef CW_ADVISE_CHECK_H
#define CW_ADVISE_CHECK_H

#include <clonewatch/knowledge.h>

/* Called once per trouble: table file, line (0: the table as a whole), one sentence. */
typedef struct cw_issues {
    void (*found)(void *context, const char *file, size_t line, const char *text);
    void *context;
    size_t n;
} cw_issues;
void cw_issue(cw_issues *issues, const char *file, size_t line, const char *format, ...) CW_PRINTF(4, 5);

/* Words: agents, selectors, conditions, sources, nodes, mechanisms; circles; rules that contradict themselves; conditions that must stand. */
CW_MUST_CHECK int cw_check_words(const cw_knowledge *k, cw_issues *issues, cw_err *err);

/* Coordinates of alterations (of the knowledge or a user's own, named `file`): codon against residue, c. numbering through the exons,
 * one offset between the builds per gene, one reference base per position, no change twice. */
CW_MUST_CHECK int cw_check_alterations(const cw_knowledge *k, const cw_known_alteration *rows, size_t n, const char *file, cw_issues *issues, cw_err *err);
/* Gene models: exons in order, of one length in both builds, CDS inside exons. */
void cw_check_genes(const cw_knowledge *k, cw_issues *issues);

/* Place on the genome of coding position c (1-based) plus an offset into the intron; 0-based, -1 when outside. */
int64_t cw_gene_place(const cw_known_gene *g, int build, int64_t c, int64_t offset);
#endif
