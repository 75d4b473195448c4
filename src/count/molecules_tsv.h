/* SPDX-License-Identifier: MIT */
/* molecules_tsv.h - --molecules FILE: which molecule said what, one line per molecule and locus. */
#ifndef CW_COUNT_MOLECULES_TSV_H
#define CW_COUNT_MOLECULES_TSV_H

#include <clonewatch/panel.h>
#include "base/out.h"
#include "count/molecule.h"
#include "count/site.h"

typedef struct cw_molecules_tsv {
    cw_out out;
    bool is_open;
} cw_molecules_tsv;

CW_MUST_CHECK int cw_molecules_tsv_open(cw_molecules_tsv *t, const char *path, cw_err *err);
/* Molecules of a locus, resolved. */
void cw_molecules_tsv_write(cw_molecules_tsv *t, const cw_panel *panel, const cw_site *site, const cw_molecules *m);
CW_MUST_CHECK int cw_molecules_tsv_commit(cw_molecules_tsv *t, cw_err *err);
void cw_molecules_tsv_abort(cw_molecules_tsv *t);
#endif
