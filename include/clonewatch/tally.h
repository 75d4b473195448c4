/* SPDX-License-Identifier: MIT */
/* tally.h - what the molecules of one sample say at each locus. Made by count, judged by detect. */
#ifndef CLONEWATCH_TALLY_H
#define CLONEWATCH_TALLY_H

#include <clonewatch/panel.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { CW_END_BP = 10 }; /* closer than this to an end of its read, a locus lies near the end; MuTect's clustered-position filter draws the line there, too */

/* Molecules (fragments), by the class they fall into; every molecule that covers the locus is in exactly one:
 * ref + sum(alt) + other + low_quality + uninformative + discordant = molecules seen. Index 0 of the arrays is the
 * reference, 1..n the alleles of the locus in the order of cw_panel.by_locus. */
typedef struct cw_tally {
    size_t n_alt;
    int64_t *count;       /* [1 + n_alt] molecules */
    int64_t *forward;     /* [1 + n_alt] of them with the deciding read(s) on the + strand (F1R2: first in pair forward) */
    int64_t *reverse;     /* [1 + n_alt] */
    int64_t *duplex;      /* [1 + n_alt] molecules seen on both strands of the DNA */
    int64_t *near_end;    /* [1 + n_alt] molecules in which the locus lies near an end of every read that decides; NULL, or -1: not known */
    bool *uncounted;      /* [n_alt] alleles that cannot be counted by their bases (too long): nothing is known of them; NULL: none */
    int64_t other, low_quality, uninformative, discordant;
    int64_t hist_other_base; /* SNV loci only: bases that are neither ref nor a panel allele; off-target noise */
} cw_tally;

/* Phase of two alleles of the panel, read from molecules that decide at both loci. Only pairs of which both alleles were seen, on
 * one contig, at most 300 bp apart and not overlapping; a < b as indices into cw_panel.alleles by place. */
typedef struct cw_phase_tally {
    size_t allele_a, allele_b;
    int64_t both, only_a, only_b, neither;
} cw_phase_tally;

/* Why reads were left out, over the reads that touch a locus of the panel. One molecule can lose several reads. */
typedef struct cw_read_filter {
    int64_t reads, used, unmapped, secondary, supplementary, qc_fail, duplicate, low_mapq, no_sequence, no_quality,
        adapter_bases, unpaired_names;
} cw_read_filter;

typedef enum cw_consensus { CW_CONS_AUTO = 0, CW_CONS_RAW, CW_CONS_UMI, CW_CONS_SIMPLEX, CW_CONS_DUPLEX } cw_consensus;
const char *cw_consensus_name(cw_consensus c); /* "auto", "raw", "umi", "simplex", "duplex" */
bool cw_consensus_parse(const char *s, cw_consensus *c);
/* The assay level by which a background is chosen: as cw_consensus_name(), but raw where nothing is said. */
const char *cw_consensus_level(cw_consensus c);

/* What one alignment file was held against: names of contigs joined by ','. Every contig that the panel touches is in one of the four, and
 * is as long in the FASTA as in the alignment's header. */
typedef struct cw_reference_note {
    const char *input, *fasta;     /* base names */
    const char *md5_by_dict;       /* the M5 of the header is that of the .dict beside the FASTA */
    const char *md5_by_fasta;      /* ... that of the bases of the FASTA */
    const char *md5_not_compared;  /* the header has an M5 that was not looked at */
    const char *no_md5;            /* the header has none */
} cw_reference_note;

/* The tallies of one sample over one panel: tally[i] belongs to panel->loci[i]. */
typedef struct cw_tallies {
    struct cw_arena *arena;
    const char *sample;
    cw_build build;
    cw_consensus consensus;      /* as found or as told */
    const char *consensus_found; /* one line for header and stderr: which tags, how many reads looked at */
    cw_tally *tally; size_t n;
    cw_read_filter filter;
    int64_t fragment_length[1024]; /* histogram of template lengths of used molecules; last bin = longer */
    int64_t molecules_ref_bases;   /* off-panel noise: reference bases read around the loci ... */
    int64_t molecules_mismatch[12]; /* ... and mismatches by class A>C A>G A>T C>A C>G C>T G>A G>C G>T T>A T>C T>G */
    int64_t bases_by_ref[4];       /* denominators of molecules_mismatch: A C G T */
    cw_phase_tally *phase; size_t n_phase; /* sorted by place of allele_a, then of allele_b */
    int64_t *snp_ref, *snp_alt, *snp_other; size_t n_snps; /* fingerprint SNPs, molecules */
    const char *input_sha256;      /* "" when from a stream */
    const char *input_name;        /* base name */
    cw_reference_note *reference; size_t n_references; /* one per alignment file; none without a FASTA */
} cw_tallies;

void cw_tallies_release(cw_tallies *t);

#ifdef __cplusplus
}
#endif
#endif
