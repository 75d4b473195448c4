/* SPDX-License-Identifier: MIT */
/* plausible.h - do the finished tallies look like those of this reference, and of whole families? */
#ifndef CW_COUNT_PLAUSIBLE_H
#define CW_COUNT_PLAUSIBLE_H

#include <clonewatch/tally.h>
#include "base/log.h"

/* Without a FASTA the tallies alone can tell a wrong genome build: refused when at many loci most molecules show a base that is neither the
 * reference's nor a listed allele's, a warning when at most loci most molecules do not have the reference. */
CW_MUST_CHECK int cw_tallies_fit_reference(const cw_tallies *t, const cw_log *log, cw_err *err);

/* A warning when reads that families are made of were left out as duplicates. */
void cw_tallies_miss_duplicates(const cw_tallies *t, const cw_log *log);
#endif
