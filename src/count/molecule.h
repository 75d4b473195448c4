/* SPDX-License-Identifier: MIT */
/* molecule.h - the molecules at one locus: an open-addressing table by hashed name, in which the reads of a molecule meet. */
#ifndef CW_COUNT_MOLECULE_H
#define CW_COUNT_MOLECULE_H

#include <stdbool.h>
#include <stdint.h>
#include "count/count.h"
#include "count/site.h"

enum { CW_MOL_FORWARD = 1, CW_MOL_DUPLEX = 2, CW_MOL_BASE = 4, CW_MOL_FIRST = 8, CW_MOL_SECOND = 16, CW_MOL_STRAND_B = 32,
       CW_MOL_INSIDE = 64 /* and 128 of the second read: the locus is not near an end; once resolved, that of the molecule */ };

/* 16 bytes, so that four share a cache line. Empty when both votes are CW_VOTE_NONE and key is 0. */
typedef struct cw_molecule {
    uint64_t key;         /* hash of the name, never 0 */
    uint16_t vote[2];     /* of the first and second read of the pair; after cw_molecule_resolve vote[0] is the class */
    uint8_t quality[2];
    uint8_t flags;        /* CW_MOL_* */
    uint8_t unused;
} cw_molecule;

typedef struct cw_molecule_extra {
    uint64_t family;      /* 0: its own */
    int32_t length;       /* template length, 0 when not known */
} cw_molecule_extra;

typedef struct cw_molecules {
    cw_molecule *slot;
    cw_molecule_extra *extra; /* beside each slot, or NULL: neither families nor lengths are asked for */
    size_t mask;          /* capacity - 1; 0: no table */
    size_t n;
} cw_molecules;

uint64_t cw_hash_bytes(const void *bytes, size_t n);

/* Room for about n molecules. */
CW_MUST_CHECK int cw_molecules_init(cw_molecules *m, size_t n, bool with_extra, cw_err *err);

/* The slot of a key will be asked for soon: fetch its cache line. */
static inline void cw_molecules_prefetch(const cw_molecules *m, uint64_t key) { __builtin_prefetch(&m->slot[key & m->mask], 1); }

/* Empty, for another locus of about n molecules; the memory is kept when it suits. */
CW_MUST_CHECK int cw_molecules_reuse(cw_molecules *m, size_t n, bool with_extra, cw_err *err);

/* The molecule with this key, made when absent; grows the table. NULL: out of memory. */
cw_molecule *cw_molecules_at(cw_molecules *m, uint64_t key);
/* NULL when absent. */
const cw_molecule *cw_molecules_find(const cw_molecules *m, uint64_t key);

/* One class out of the two reads' votes (docs/counting-rules.md). */
uint16_t cw_molecule_resolve(const cw_molecule *x, cw_mates rule);

/* Of a molecule of this class: does a read that voted for it show the locus away from its ends? */
static inline bool cw_molecule_inside(const cw_molecule *x, uint16_t class)
{
    return (x->vote[0] == class && (x->flags & CW_MOL_INSIDE)) || (x->vote[1] == class && (x->flags & CW_MOL_INSIDE << 1));
}

void cw_molecules_release(cw_molecules *m);
#endif
