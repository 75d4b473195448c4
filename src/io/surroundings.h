/* SPDX-License-Identifier: MIT */
/* surroundings.h - the reference bases around a panel's loci, by which the background tells one C>T from another. */
#ifndef CW_IO_SURROUNDINGS_H
#define CW_IO_SURROUNDINGS_H

#include <clonewatch/panel.h>

/* Fills before, after and run of every locus; does nothing when reference is NULL. A contig that the FASTA does not have stays unknown. */
CW_MUST_CHECK int cw_panel_surroundings(cw_panel *panel, const char *reference, cw_err *err);
#endif
