/* SPDX-License-Identifier: MIT */
/* count.h - alignments to tallies: which allele each molecule carries at each locus of the panel. */
#ifndef CW_COUNT_COUNT_H
#define CW_COUNT_COUNT_H

#include <clonewatch/tally.h>
#include "base/log.h"

typedef enum cw_mates { CW_MATES_STRICT = 0, CW_MATES_GBCMS } cw_mates;

/* Whether the M5 of the alignment's @SQ lines is held against the reference: by its .dict and as much of its bases as costs half a second,
 * by all bases that the .dict does not settle, or not at all. */
typedef enum cw_reference_md5_rule { CW_REFERENCE_MD5_AUTO = 0, CW_REFERENCE_MD5_ALL, CW_REFERENCE_MD5_NONE } cw_reference_md5_rule;

typedef struct cw_count_conf {
    int min_mapq, min_baseq;      /* 20, 20 */
    cw_mates mates;
    cw_consensus consensus;
    bool keep_duplicates, keep_secondary, keep_supplementary, keep_qc_fail;
    int threads;                  /* total */
    const char *reference;        /* FASTA path or NULL */
    cw_reference_md5_rule reference_md5;
    const char *index;            /* explicit index path or NULL */
    bool allow_stale_index, allow_remote, strict;
    const char *molecules_path;   /* --molecules FILE, or NULL */
    const char *contig_map;       /* TSV: panel name, alignment name; or NULL: names must match up to an exact "chr" prefix table */
    const char *tag_table;        /* further consensus tags, TSV; or NULL */
    const char *sample;           /* sample name instead of @RG SM, or NULL */
    bool checksum;                /* SHA-256 of the inputs into the tallies; on */
    bool no_index;                /* read the whole file though an index is there */
    bool keep_adapter;            /* do not cut bases past the mate's 5' end */
    bool keep_no_quality;         /* reads without base qualities vote as if every base passed */
    struct cw_alignment *stream;  /* standard input, opened by cw_alignment_build to look at its header; read on by cw_count */
} cw_count_conf;

void cw_count_conf_default(cw_count_conf *conf);
CW_MUST_CHECK int cw_count_conf_check(const cw_count_conf *conf, cw_err *err);

/* Genome build of an alignment file by its contig lengths; CW_BUILD_UNKNOWN when it is neither. "-" is opened for good: conf->stream
 * holds it until cw_count has read it, and cw_count_stream_close ends it in any case. */
CW_MUST_CHECK int cw_alignment_build(const char *path, cw_count_conf *conf, cw_build *build, cw_err *err);
void cw_count_stream_close(cw_count_conf *conf);

/* One sample: one alignment file, or several that belong to one draw (simplex and duplex BAM), merged. */
CW_MUST_CHECK int cw_count(const char *const *paths, size_t n_paths, const cw_panel *panel, const cw_count_conf *conf,
                           cw_tallies *tallies, const cw_log *log, cw_err *err);
#endif
