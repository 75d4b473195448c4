/* SPDX-License-Identifier: MIT */
/* alignment.h - BAM, CRAM or SAM behind a door: opened with every check, read once in coordinate order, and believed only when
 * read to its end. A missing EOF block, a read error, reads out of order, a stale or foreign index: all are errors. */
#ifndef CW_IO_ALIGNMENT_H
#define CW_IO_ALIGNMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <clonewatch/panel.h>
#include <htslib/bgzf.h>
#include <htslib/sam.h>

typedef struct cw_alignment_conf {
    int threads;           /* 1: decode in the calling thread; more: so many decode while it counts. A BAM with an index waits for
                            * cw_alignment_decode_beside, since it can be read in stretches instead */
    const char *reference; /* FASTA or NULL; CRAM needs one unless it brings its own */
    const char *index;     /* explicit index, or NULL: beside the file when there */
    bool allow_stale_index, allow_remote, no_index;
} cw_alignment_conf;

typedef struct cw_interval {
    int tid;
    int64_t beg, end; /* 0-based half-open */
} cw_interval;

typedef struct cw_alignment {
    char *path;
    samFile *file;
    sam_hdr_t *header;
    hts_idx_t *index;     /* NULL: none found, or a stream */
    hts_itr_t *itr;       /* NULL: the whole file */
    uint64_t bytes;       /* of the file that the reads to come lie in; 0: not known */
    BGZF *bam;            /* what a BAM's records are read from one after another; NULL: another format, by intervals, or at its end */
    htsThreadPool pool;
    bam1_t *read;         /* the current read */
    char *sample;         /* @RG SM, or the file's base name without its suffix */
    int last_tid;
    int64_t last_pos;
    bool whole;           /* end reached and checked */
    bool stale_index;     /* allowed by the caller, worth a warning */
} cw_alignment;

CW_MUST_CHECK int cw_alignment_open(cw_alignment *a, const char *path, const cw_alignment_conf *conf, cw_err *err);

/* Read only what overlaps the intervals (sorted by tid, beg; not overlapping) when an index is there and that saves at least half
 * of the file's bytes; otherwise the whole file will be read, with the same reads coming by. */
CW_MUST_CHECK int cw_alignment_restrict(cw_alignment *a, const cw_interval *interval, size_t n, cw_err *err);

/* So many threads decode a BAM from here on; does nothing where they already do. */
CW_MUST_CHECK int cw_alignment_decode_beside(cw_alignment *a, int threads, cw_err *err);

/* Can be read in stretches: a local BAM with its index, the whole of which would be read otherwise. */
bool cw_alignment_in_stretches(const cw_alignment *a);

/* Place in such a file (BGZF virtual offset) from which on every read lies that reaches past `beg` on the contig, by the index;
 * 0: there is none, or the index does not say. */
CW_MUST_CHECK int cw_alignment_place(const cw_alignment *a, int tid, int64_t beg, uint64_t *place, cw_err *err);

/* Go on reading from a place that is the start of a record. */
CW_MUST_CHECK int cw_alignment_seek(cw_alignment *a, uint64_t place, cw_err *err);

/* The place of the next record. */
static inline uint64_t cw_alignment_tell(const cw_alignment *a) { return (uint64_t)bgzf_tell(a->bam); }

/* Whatever is not a whole BAM's next record of the same contig, in order: the end, an error, another format, another contig. r: what htslib returned. */
CW_MUST_CHECK int cw_alignment_turn(cw_alignment *a, int r, cw_err *err);

/* 1: a->read holds the next read; 0: end of a file that is whole; < 0: error. */
CW_MUST_CHECK static inline int cw_alignment_next(cw_alignment *a, cw_err *err)
{
    if (!a->bam) return cw_alignment_turn(a, 0, err);
    const int r = bam_read1(a->bam, a->read); /* without sam_read1's switch over formats, which the one hot loop of the program would feel */
    const bam1_core_t *c = &a->read->core;
    if (__builtin_expect(r < 0 || c->tid != a->last_tid || c->pos < a->last_pos || (uint32_t)c->mtid + 1 > (uint32_t)a->header->n_targets, 0))
        return cw_alignment_turn(a, r, err);
    a->last_pos = c->pos;
    return 1;
}

/* Build by the lengths of chromosomes 1-22, X, Y under either naming; CW_BUILD_UNKNOWN when none of them is known or they disagree. */
cw_build cw_header_build(const sam_hdr_t *header);

/* Index of a panel's contig in the header: the name as it is, else its twin in the fixed table (1 - chr1 ... MT - chrM). -1: absent. */
int cw_header_contig(const sam_hdr_t *header, const char *name);

void cw_alignment_close(cw_alignment *a);
#endif
