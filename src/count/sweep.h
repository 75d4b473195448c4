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

/* A vote on its way to its molecule: a few wait in a ring while the cache lines that they need are fetched. */
typedef struct cw_pending {
    uint64_t key;
    uint32_t open;            /* index of the open site */
    uint16_t vote;
    uint8_t mate, quality;
    bool primary, forward, duplex, base;
} cw_pending;
enum { CW_PENDING = 16 };

typedef struct cw_sweep {
    const cw_panel *panel;
    const cw_count_conf *conf;
    cw_tallies *tallies;
    const cw_log *log;
    cw_open_site *open; size_t n_open, cap_open;
    size_t guess;             /* molecules of the last locus: a first size for the next table */
    cw_pending pending[CW_PENDING];
    size_t n_pending;         /* votes taken so far; the ring holds the last of them */
    size_t n_settled;         /* votes that have reached their molecule */
    cw_molecules spare;       /* table of a closed locus, for the next */
    const cw_sites *sites;    /* of the current file */
    size_t next;              /* first site not opened yet */
    int open_tid;             /* contig of the open sites */
    int64_t close_at;         /* least reach_end of the open sites */
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
