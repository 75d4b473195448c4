/* SPDX-License-Identifier: MIT */
/* genome.h - a sparse reference: chromosomes of real length, N everywhere but around the loci and fingerprint SNPs of a panel.
 *
 * Only the REF bases of the panel are those of the human genome. The bases between them are made up from their coordinates (the same
 * for any panel), so the sequence must not be used for anything but simulated reads. */
#ifndef CW_SIM_GENOME_H
#define CW_SIM_GENOME_H

#include <clonewatch/panel.h>

enum { CW_SIM_MARGIN = 700 }; /* bases on each side of a locus: more than the longest fragment */

typedef struct cw_sim_window { int contig; int64_t beg, end; char *bases; } cw_sim_window; /* contig: cw_contig_name(contig) */

typedef struct cw_sim_genome {
    struct cw_arena *arena;
    cw_build build;
    cw_sim_window *window; size_t n; /* by contig and place, disjoint */
} cw_sim_genome;

/* Refuses two rows of the panel that name different bases for one place. */
CW_MUST_CHECK int cw_sim_genome_make(cw_sim_genome *genome, const cw_panel *panel, cw_err *err);
void cw_sim_genome_release(cw_sim_genome *genome);
const cw_sim_window *cw_sim_genome_at(const cw_sim_genome *genome, int contig, int64_t pos); /* NULL: only N there */

/* path (bgzipped FASTA, names with "chr"), path.fai and path.gzi. Each is whole or not there. */
CW_MUST_CHECK int cw_sim_genome_write(const cw_sim_genome *genome, const char *path, cw_err *err);
#endif
