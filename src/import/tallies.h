/* SPDX-License-Identifier: MIT */
/* tallies.h - rows of a foreign file -> tallies per locus of the panel, and a mark per allele. */
#ifndef CW_IMPORT_TALLIES_H
#define CW_IMPORT_TALLIES_H

#include "import/match.h"

typedef struct cw_row_choice {
    const cw_seen *row;         /* counts complete */
    const size_t *row_of;       /* per allele of the panel: index of its row, SIZE_MAX none */
    const bool *assumed;        /* per row: its counts were made from a fraction, or only a limit is known */
} cw_row_choice;

/* Fills fit->tallies and fit->mark from an indexed fit->panel. */
CW_MUST_CHECK int cw_import_tallies(cw_import_fit *fit, const cw_imported *imported, const cw_row_choice *choice, cw_err *err);
#endif
