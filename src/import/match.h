/* SPDX-License-Identifier: MIT */
/* match.h - what another program reported, laid onto a panel: tallies per locus, and what is known of each allele.
 *
 * Same event after normalisation (trimmed, shifted left) means same allele. A panel allele that the file says nothing about stays
 * marked not reported: its tally is empty, not zero of something. The file's own alleles follow those of the panel. */
#ifndef CW_IMPORT_MATCH_H
#define CW_IMPORT_MATCH_H

#include <clonewatch/tally.h>
#include "import/variant_import.h"

typedef struct cw_import_mark {
    bool reported;        /* the file has counts, a limit, or reference molecules at this allele */
    bool counts_known;    /* false: counts were made from a fraction, or only a limit is known */
    size_t line;          /* of the file; 0: none */
    double vaf, lod;      /* as the file says; NAN: not said */
    const char *filters;  /* the caller's words */
} cw_import_mark;

typedef struct cw_import_fit {
    cw_panel panel;             /* the given panel's alleles in their order, then the file's own; strings are shared with both */
    size_t n_base;              /* how many are the panel's */
    cw_tallies tallies;         /* over panel.loci */
    cw_import_mark *mark;       /* per allele of panel */
    size_t n_reported, n_not_reported, n_own, n_left_out;
} cw_import_fit;

typedef struct cw_import_fit_conf {
    const char *reference;      /* FASTA, or NULL */
    bool assume, assume_dp;     /* a fraction without counts: refused; or it stands for depth molecules, or for the file's own depth */
    int64_t assume_depth;
    bool panel_only;
} cw_import_fit_conf;

/* panel may be NULL. *fit points into panel and imported, which have to live as long. */
CW_MUST_CHECK int cw_import_fit_make(cw_import_fit *fit, const cw_imported *imported, const cw_panel *panel,
                                     const cw_import_fit_conf *conf, const cw_log *log, cw_err *err);
void cw_import_fit_release(cw_import_fit *fit);
#endif
