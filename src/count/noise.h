/* SPDX-License-Identifier: MIT */
/* noise.h - mismatches beside the loci: what the assay shows where nothing is expected. */
#ifndef CW_COUNT_NOISE_H
#define CW_COUNT_NOISE_H

#include <clonewatch/tally.h>
#include "count/read_view.h"

/* Bases seen at a position: A C G T, what is none of these, and room that makes it a power of two. */
typedef uint32_t cw_noise_column[8];

/* Bases seen around one locus. */
typedef struct cw_noise {
    cw_noise_column *seen; /* per position from site->noise_beg */
    uint32_t whole;       /* reads that are still looked at whatever their name */
} cw_noise;

/* Sum over loci. */
typedef struct cw_noise_sum {
    int64_t bases, off; /* with everything: a wrong reference shows here */
} cw_noise_sum;

/* The first reads of a locus are all looked at, at most CW_NOISE_READS a locus and CW_NOISE_TOTAL over the loci, each its equal share;
 * then one in 64 by the name's hash. So the cost stays small beside decoding, however deep or many the loci, and what is seen at one
 * locus does not depend on the others' reads. */
enum { CW_NOISE_READS = 500, CW_NOISE_TOTAL = 100000 };
CW_MUST_CHECK int cw_noise_init(cw_noise *n, const cw_site *s, size_t n_loci, cw_err *err);
void cw_noise_look(cw_noise *n, const cw_site *s, const cw_read_view *v);
static inline void cw_noise_add(cw_noise *n, const cw_site *s, const cw_read_view *v, uint64_t name_hash)
{
    if (n->whole) n->whole--;
    else if (name_hash >> 58) return;
    cw_noise_look(n, s, v);
}

/* Add to the tallies; positions at which more than one base in ten differs hold a variant, not noise. Releases. */
void cw_noise_close(cw_noise *n, const cw_site *s, cw_tallies *t, cw_noise_sum *sum);
void cw_noise_release(cw_noise *n);
#endif
