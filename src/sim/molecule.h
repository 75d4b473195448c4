/* SPDX-License-Identifier: MIT */
/* molecule.h - one simulated fragment: its bases, where each of them lies on the reference, and the reads of its two ends. */
#ifndef CW_SIM_MOLECULE_H
#define CW_SIM_MOLECULE_H

#include <htslib/sam.h>
#include "sim/truth.h"

enum { CW_SIM_MIN_LENGTH = 50, CW_SIM_MAX_LENGTH = 560 };

typedef struct cw_sim_molecule {
    char base[2 * CW_SIM_MAX_LENGTH];
    int64_t place[2 * CW_SIM_MAX_LENGTH]; /* -1: inserted */
    size_t n;
} cw_sim_molecule;

/* The reference from beg to end (bases[0] lies at `from`) with the alleles of one copy, which may be NULL. An allele is on the molecule
 * when its whole interval is; an end that would fall inside one moves out of it. */
void cw_sim_molecule_make(cw_sim_molecule *m, const char *bases, int64_t from, int64_t beg, int64_t end, const cw_sim_haplotype *copy, const char *contig);

/* CIGAR of m->base[i..j), at most max operations; *pos is where it starts on the reference. An insertion or deletion within 5 bases of an
 * end is clipped softly, as aligners do. Returns the number of operations. */
size_t cw_sim_molecule_cigar(const cw_sim_molecule *m, size_t i, size_t j, uint32_t *cigar, size_t max, int64_t *pos);
#endif
