/* SPDX-License-Identifier: MIT */
/* copies.h - do two files of one draw hold the same reads? Then their molecules would be counted twice. Told by a sample of the reads, the same
 * ones of every file: those whose hash of name, place and flag is lowest. */
#ifndef CW_COUNT_COPIES_H
#define CW_COUNT_COPIES_H

#include <clonewatch/error.h>
#include <htslib/sam.h>
#include <stddef.h>
#include <stdint.h>

enum { CW_COPIES_KEPT = 8192 }; /* at most; halved whenever it is full */

typedef struct cw_copies {
    uint64_t *hash; size_t n; /* NULL: not asked for */
    uint64_t limit;           /* reads with a lower hash are kept */
} cw_copies;

CW_MUST_CHECK int cw_copies_open(cw_copies *c, cw_err *err);

/* name: hash of the read's name. */
void cw_copies_note(cw_copies *c, const bam1_t *read, uint64_t name);

/* Add another sample to this one. */
void cw_copies_join(cw_copies *c, const cw_copies *other);

/* Sorts both. How many reads of the smaller sample, over the range that both cover, are in the other; *of: how many there are. */
size_t cw_copies_shared(cw_copies *a, cw_copies *b, size_t *of);

void cw_copies_release(cw_copies *c);
#endif
