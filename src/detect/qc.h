/* SPDX-License-Identifier: MIT */
/* qc.h - what a draw's calls say about its quality: yield, library, noise, contamination. */
#ifndef CW_DETECT_QC_H
#define CW_DETECT_QC_H

#include <clonewatch/background.h>
#include "detect/identity.h"

typedef struct cw_qc_conf {
    int64_t min_molecules;        /* 1000: the median below it fails yield */
    double max_contamination;     /* 0.01: more than this, with LOD >= 3, fails contamination */
} cw_qc_conf;
void cw_qc_conf_default(cw_qc_conf *conf);

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

/* fingerprint may be empty; background (may be NULL) gives the range of noise. */
void cw_qc_of_calls(const cw_calls *calls, const cw_fingerprint *fingerprint, const cw_snp *snp, size_t n_snps, const cw_background *background,
                    const cw_qc_conf *conf, cw_qc *qc);
#endif
