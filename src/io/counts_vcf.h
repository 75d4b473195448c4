/* SPDX-License-Identifier: MIT */
/* counts_vcf.h - .counts.vcf.gz out and in: tallies of one or more samples over the same loci, without judgement. */
#ifndef CW_IO_COUNTS_VCF_H
#define CW_IO_COUNTS_VCF_H

#include <clonewatch/tally.h>
#include "io/calls_vcf.h"

/* What a counts file holds: its sites as a panel, and one cw_tallies per column. */
typedef struct cw_counts {
    struct cw_arena *arena;
    cw_panel panel;              /* loci in the order of cw_panel_index; build from ##clonewatch_build */
    cw_tallies *sample; size_t n_samples;
    const char *path;
} cw_counts;

/* One record per locus, all alleles as ALT, written even at zero. Atomic; path "-" is standard output. */
CW_MUST_CHECK int cw_counts_write(const cw_panel *panel, const cw_tallies *sample, size_t n_samples, const char *path,
                                  const cw_vcf_conf *conf, cw_err *err);

/* Needs AD; ADF, ADR, ADX, OTH, LQ, UNI, DIS and the header lines are zero or unknown when absent, ADE is unknown (-1). A file that cannot be read to
 * its end is an error. */
CW_MUST_CHECK int cw_counts_read(cw_counts *counts, const char *path, cw_err *err);

/* The tally of locus i of sample s lies in counts->sample[s].tally[i]. */
void cw_counts_release(cw_counts *counts);
#endif
