/* SPDX-License-Identifier: MIT */
/* consensus.h - what a read is: a raw read, one of a UMI family, or the consensus of one; and whether both DNA strands stand behind it.
 *
 * Tags are told by a table: fgbio and fgumi (cD, aD and bD above 0, per base ad and bd), DRAGEN and Pisces (XV, XW above 0),
 * gencore (FR, RR), Connor (X5); a user's own table comes first. */
#ifndef CW_COUNT_CONSENSUS_H
#define CW_COUNT_CONSENSUS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/mem.h"
#include "base/table.h"
#include "count/count.h"
#include <htslib/sam.h>

enum { CW_LOOK_READS = 2000 }; /* reads that auto looks at */

typedef struct cw_tag_rule {
    const char *name;
    char consensus[3];       /* a read that has this tag is a consensus */
    char duplex[2][3];       /* duplex: all of these (one or two) are there and, when numbers, above 0 */
    char base[2][3];         /* the same per base (arrays), or "" */
    bool any_type;           /* a user's tag may be text; a known one is a number, and of another meaning otherwise */
} cw_tag_rule;

typedef enum cw_grouping { CW_GROUP_NONE = 0, CW_GROUP_MI, CW_GROUP_RX } cw_grouping;

typedef struct cw_consensus_tags {
    cw_table table;
    cw_tag_rule *rule; size_t n_rules, n_own; /* the user's first */
    const cw_tag_rule *found;  /* NULL: no consensus tags are read */
    cw_grouping grouping;
    cw_consensus level;
    bool all_duplex;           /* told so: --consensus duplex without tags, or the duplex file of a pair */
    char text[256];            /* one sentence: what was found */
    bool warn;                 /* the sentence is a warning: UMIs that are not used, or not there though asked for */
} cw_consensus_tags;

/* Reads the user's table (columns name, consensus, duplex, base; two tags joined by ';'). */
CW_MUST_CHECK int cw_consensus_open(cw_consensus_tags *c, const char *tag_table, cw_err *err);

/* Decide by the first reads of a file. */
void cw_consensus_look(cw_consensus_tags *c, cw_consensus told, bam1_t *const *read, size_t n, const char *file_name, bool one_of_several);

/* Both strands stand behind the read at query base q. */
bool cw_consensus_is_duplex(const cw_consensus_tags *c, const bam1_t *b, int32_t q);

/* Family of the read (0: none; it is its own) and the strand of the DNA that it copies. */
uint64_t cw_consensus_family(const cw_consensus_tags *c, const bam1_t *b, int64_t end, bool *strand_b);

void cw_consensus_release(cw_consensus_tags *c);
#endif
