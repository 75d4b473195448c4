/* SPDX-License-Identifier: MIT */
/* sweep.h - one pass over the reads of a file in coordinate order, with the loci that they touch held open. */
#ifndef CW_COUNT_SWEEP_H
#define CW_COUNT_SWEEP_H

#include "count/consensus.h"
#include "count/count.h"
#include "count/molecule.h"
#include "count/molecules_tsv.h"
#include "count/noise.h"
#include "count/phase.h"
#include "count/site.h"
#include "io/alignment.h"

/* A locus that reads still reach. */
typedef struct cw_open_site {
    const cw_site *site;
    cw_molecules molecules;
    cw_noise noise;
} cw_open_site;

typedef struct cw_sweep {
    const cw_panel *panel;
    const cw_count_conf *conf;
    cw_tallies *tallies;
    const cw_log *log;
    cw_open_site *open; size_t n_open, cap_open;
    size_t guess;             /* molecules of the last locus: a first size for the next table */
    const cw_sites *sites;    /* of the current file */
    size_t next;              /* first site not opened yet */
    size_t n_files;
    cw_consensus_tags tags;
    cw_phaser phaser;
    cw_molecules_tsv tsv;
    cw_noise_sum noise;
    bool with_extra;          /* families or lengths are kept beside molecules */
} cw_sweep;

CW_MUST_CHECK int cw_sweep_open(cw_sweep *sweep, const cw_panel *panel, const cw_count_conf *conf, size_t n_files, cw_tallies *tallies, const cw_log *log, cw_err *err);
CW_MUST_CHECK int cw_sweep_file(cw_sweep *sweep, cw_alignment *a, const cw_sites *sites, size_t file, cw_err *err);
CW_MUST_CHECK int cw_sweep_finish(cw_sweep *sweep, cw_err *err);
void cw_sweep_release(cw_sweep *sweep);
#endif
