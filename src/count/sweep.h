/* SPDX-License-Identifier: MIT */
/* sweep.h - one pass over the reads of a file in coordinate order, with the loci that they touch held open. */
#ifndef CW_COUNT_SWEEP_H
#define CW_COUNT_SWEEP_H

#include "count/consensus.h"
#include "count/copies.h"
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
    uint8_t marks;            /* CW_MOL_* that the vote brings to its molecule */
    uint8_t first_mark;       /* CW_MOL_* that it brings when it is the molecule's first */
    bool primary;
} cw_pending;
enum { CW_PENDING = 16 };

/* A stretch of a file and the loci [from, to) of its sites, for a thread of its own. Reads are read on past `stop` until no locus of the
 * stretch is open any more; that stretches fit together is checked by the reads at their seams. */
typedef struct cw_stretch {
    const char *path;
    size_t from, to;
    uint64_t start, stop;     /* places in the file; start 0: its first read, stop 0: its end */
    int tid; int64_t beg;     /* no read before `stop` reaches past this: the first locus of the next stretch */
    int counted_tid; int64_t counted_end; /* reads before this touch loci of earlier stretches, where they are tallied */
    uint64_t first, after;    /* hashes of the first read of the stretch and of the first at or after stop; 0: none */
} cw_stretch;

/* The index sent two stretches to places that do not fit together. */
int cw_stretch_misfit(const cw_stretch *s, cw_err *err);

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
    size_t next, last;        /* first site not opened yet, and one past the last to open */
    int tid;                  /* until a read of another contig, one that begins at close_at or one that ends past open_at, no site opens or closes */
    int64_t close_at;         /* least reach_end of the open sites */
    int64_t open_at;          /* reach_beg of the next site; 0: not looked yet */
    uint16_t drop_flags;      /* BAM_F* of reads that are not counted */
    size_t n_files;
    cw_copies here, before;   /* reads of the current file and of those before it; not asked for with one file */
    cw_consensus_tags tags;
    cw_phaser phaser;
    cw_molecules_tsv tsv;
    cw_noise_sum noise;
    bool with_extra;          /* families or lengths are kept beside molecules */
    cw_stretch *stretch;      /* NULL: the whole file */
    cw_read_filter elsewhere; /* reads that an earlier stretch tallies */
} cw_sweep;

CW_MUST_CHECK int cw_sweep_open(cw_sweep *sweep, const cw_panel *panel, const cw_count_conf *conf, size_t n_files, cw_tallies *tallies, const cw_log *log, cw_err *err);
CW_MUST_CHECK int cw_sweep_file(cw_sweep *sweep, cw_alignment *a, const cw_sites *sites, size_t file, cw_err *err);

/* The steps of it, for split.c: look for the sites [from, to) from the next read on; read only what touches them where an index saves
 * reading; one read in the order of the file; its end. */
void cw_sweep_begin(cw_sweep *sweep, const cw_sites *sites, size_t from, size_t to);
CW_MUST_CHECK int cw_sweep_restrict(cw_alignment *a, const cw_sites *sites, size_t from, size_t to, cw_err *err);
CW_MUST_CHECK int cw_sweep_read(cw_sweep *sweep, const bam1_t *read, cw_err *err);
CW_MUST_CHECK int cw_sweep_end(cw_sweep *sweep, cw_err *err);
CW_MUST_CHECK int cw_sweep_finish(cw_sweep *sweep, cw_err *err);
void cw_sweep_release(cw_sweep *sweep);
#endif
