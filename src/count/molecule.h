/* SPDX-License-Identifier: MIT */
/* molecule.h - the molecules at one locus, in the order in which they were first seen, and a hash table of their places in that order,
 * so that the reads of a molecule meet. */
#ifndef CW_COUNT_MOLECULE_H
#define CW_COUNT_MOLECULE_H

#include <stdbool.h>
#include <stdint.h>
#include "count/count.h"
#include "count/site.h"

enum { CW_MOL_FORWARD = 1, CW_MOL_DUPLEX = 2, CW_MOL_BASE = 4, CW_MOL_FIRST = 8, CW_MOL_SECOND = 16, CW_MOL_STRAND_B = 32,
       CW_MOL_INSIDE = 64 /* and 128 of the second read: the locus is not near an end; once resolved, that of the molecule */ };

/* 16 bytes, so that four share a cache line. */
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

/* Mates lie near each other in the file, so their molecule is still in cache; and what is done to every molecule passes over no gaps. */
typedef struct cw_molecules {
    cw_molecule *at; size_t n; /* at[n] is blank, for the next one */
    cw_molecule_extra *extra;  /* beside each, or NULL: neither families nor lengths are asked for */
    uint32_t *place;           /* by hash: 1 + place in `at`; 0: free */
    size_t mask;               /* places - 1; at most half of them are taken */
} cw_molecules;

uint64_t cw_hash_bytes(const void *bytes, size_t n);

/* Room for about n molecules. */
CW_MUST_CHECK int cw_molecules_init(cw_molecules *m, size_t n, bool with_extra, cw_err *err);

/* The molecule of a key will be asked for soon: fetch the cache line of its place. */
static inline void cw_molecules_prefetch(const cw_molecules *m, uint64_t key) { __builtin_prefetch(&m->place[key & m->mask], 1); }

/* Empty, for another locus of about n molecules; the memory is kept when it suits. */
CW_MUST_CHECK int cw_molecules_reuse(cw_molecules *m, size_t n, bool with_extra, cw_err *err);

/* Twice the room. False: out of memory. */
CW_MUST_CHECK bool cw_molecules_grow(cw_molecules *m);

/* The molecule with this key, made when absent; grows the table. NULL: out of memory. Whether it is new is as likely as not, so nothing here
 * branches on it: a free place leads to the blank molecule, which has the key already. */
static inline cw_molecule *cw_molecules_at(cw_molecules *m, uint64_t key)
{
    if (__builtin_expect(m->n > m->mask / 2, 0) && !cw_molecules_grow(m)) return NULL;
    const uint32_t n = (uint32_t)m->n;
    size_t i = key & m->mask;
    m->at[n].key = key;
    uint32_t k = m->place[i] - 1 < n ? m->place[i] - 1 : n;
    while (m->at[k].key != key) {
        i = (i + 1) & m->mask;
        k = m->place[i] - 1 < n ? m->place[i] - 1 : n;
    }
    m->place[i] = k + 1;
    m->n += k == n;
    m->at[m->n] = (cw_molecule){.vote = {CW_VOTE_NONE, CW_VOTE_NONE}};
    return &m->at[k];
}

/* NULL when absent. */
const cw_molecule *cw_molecules_find(const cw_molecules *m, uint64_t key);

/* One class out of the two reads' votes (docs/counting-rules.md), where neither is simply the other or the only one. */
uint16_t cw_molecule_resolve_conflict(const cw_molecule *x, cw_mates rule);

static inline uint16_t cw_molecule_resolve(const cw_molecule *x, cw_mates rule)
{
    const uint16_t a = x->vote[0], b = x->vote[1], least = a < b ? a : b, most = a < b ? b : a;
    const uint32_t conflict = (uint32_t)(a ^ b) * (uint16_t)(most + 1); /* one test instead of two: each alone comes out either way */
    return __builtin_expect(conflict != 0, 0) ? cw_molecule_resolve_conflict(x, rule) : least;
}

/* Of a molecule of this class: does a read that voted for it show the locus away from its ends? */
static inline bool cw_molecule_inside(const cw_molecule *x, uint16_t class)
{
    return ((x->vote[0] == class) & (x->flags / CW_MOL_INSIDE)) | ((x->vote[1] == class) & (x->flags / (CW_MOL_INSIDE << 1)));
}

void cw_molecules_release(cw_molecules *m);
#endif
