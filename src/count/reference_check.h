/* SPDX-License-Identifier: MIT */
/* reference_check.h - is this FASTA the reference that the reads were aligned to? */
#ifndef CW_COUNT_REFERENCE_CHECK_H
#define CW_COUNT_REFERENCE_CHECK_H

#include <clonewatch/tally.h>
#include "base/log.h"
#include "count/count.h"
#include "count/site.h"

/* What of the FASTA is read in all, contig by contig from the shortest on, when no .dict knows it: about half a second. */
#define CW_REFERENCE_MD5_BASES INT64_C(100000000)

/* Every contig that the sites touch must be as long in the FASTA as in the header; where the header has its M5, the MD5 of the bases must
 * be that one. The MD5 comes from the .dict beside the FASTA; of contigs that it does not know, and of those on which it contradicts the
 * header, from the bases themselves. What was compared how is appended to t->reference. */
CW_MUST_CHECK int cw_reference_check(const cw_alignment *a, const cw_reference *reference, const cw_sites *sites, cw_reference_md5_rule rule, cw_tallies *t,
                                     const cw_log *log, cw_err *err);
#endif
