/* SPDX-License-Identifier: MIT */
/* contigs.h - the chromosomes of the two human builds: the lengths by which a file tells its build. */
#ifndef CW_RECORD_CONTIGS_H
#define CW_RECORD_CONTIGS_H

#include <clonewatch/panel.h>

enum { CW_N_CONTIGS = 25 }; /* 1..22, X, Y, MT */

/* Name without "chr" ("MT" for the mitochondrion). */
const char *cw_contig_name(size_t i);
/* May it stand in a VCF (4.3, 1.4.7)? Tables and panels must not bring in what a header cannot hold. */
bool cw_contig_fits_vcf(const char *name);
/* Length in the build; 0 for CW_BUILD_UNKNOWN. */
int64_t cw_contig_length(cw_build build, size_t i);
/* Without "chr"; M is MT. Names that compare equal here are the same contig. */
const char *cw_plain_contig(const char *contig);
/* Index of a name with or without "chr" ("M" and "MT" are one); -1 when it is none of them. */
int cw_contig_find(const char *name);
/* The same for sorting: names that are none of them come last, as CW_N_CONTIGS. */
int cw_contig_rank(const char *name);
#endif
