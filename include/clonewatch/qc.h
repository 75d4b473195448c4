/* SPDX-License-Identifier: MIT */
/* qc.h - the quality of a draw: yield, library, noise, whose it is. Made by detect, shown by report. */
#ifndef CLONEWATCH_QC_H
#define CLONEWATCH_QC_H

#include <clonewatch/tally.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cw_person { CW_PERSON_UNKNOWN = 0, CW_PERSON_SAME, CW_PERSON_OTHER } cw_person;
const char *cw_person_word(cw_person s); /* "inconclusive", "same", "different" */

typedef struct cw_person_pair { size_t a, b, snps; double lod; cw_person same; } cw_person_pair;

typedef struct cw_contamination {
    double fraction, lo, hi;      /* of molecules from another person; 95 % interval; NAN: not estimable */
    double lod;                   /* log10 likelihood ratio against none */
    size_t snps;                  /* homozygous SNPs used */
} cw_contamination;

/* NAN and -1: not known. */
typedef struct cw_qc {
    int64_t molecules;            /* median over the loci within the targets; -1 unknown */
    int64_t loci, assessable;     /* loci looked at; with enough molecules */
    int64_t reads;
    cw_read_filter filter;        /* of them, what was left out by which rule; says nothing when reads are unknown */
    double duplicates;            /* share of reads marked as duplicates */
    double duplex;                /* share of deciding molecules seen on both strands */
    int64_t fragment_q10, fragment_median, fragment_q90;
    double noise; int64_t noise_bases; /* mismatches per off-target base */
    double genomes;               /* haploid genome equivalents that went in, by cfDNA mass */
    double recovery;              /* molecules / genomes */
    cw_contamination contamination;
    bool low_yield, contaminated, noisy;
} cw_qc;

extern const cw_qc cw_qc_unknown;  /* nothing is known */

/* One sample among those that were looked at together. */
typedef struct cw_qc_sample {
    const char *patient, *name, *level;
    bool of_sheet;                /* a row of a draw sheet, not a file of its own */
    bool judged;
    const char *why;              /* it was not judged */
    cw_person verdict;
    cw_qc qc;
} cw_qc_sample;

enum { CW_QC_IDENTITY = 1, CW_QC_CONTAMINATION = 2, CW_QC_YIELD = 4, CW_QC_NOISE = 8, CW_QC_WORDS = 4 };
unsigned cw_qc_failures(const cw_qc_sample *s);
const char *cw_qc_word(int bit);  /* of 1 << bit; bit below CW_QC_WORDS */
/* "identity,yield" into bits; false: an unknown word. */
bool cw_qc_words_parse(const char *text, unsigned *bits);

#ifdef __cplusplus
}
#endif
#endif
