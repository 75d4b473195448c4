/* SPDX-License-Identifier: MIT */
/* identity.h - do two samples come from one person, and how much of another person is in a sample? By the panel's fingerprint SNPs.
 *
 * LOD as in Picard CrosscheckFingerprints: sum over SNPs of log10 [ sum_g p(g) L1(g) L2(g) / ((sum_g p L1)(sum_g p L2)) ], genotypes in
 * Hardy-Weinberg proportions of the population frequency, L(g) = prod of (e, 1/2, 1-e) with e = .01. Two changes for deep plasma: counts are
 * scaled down to at most 50 molecules, because neither e nor 1/2 hold to a thousandth; and with probability .1 a heterozygous
 * SNP has lost or gained a copy in the tumour: any fraction from 1/9 to 8/9. (To let it look homozygous would blunt the test: 3 of 100 strangers
 * were then not told apart by 20 SNPs.) */
#ifndef CW_DETECT_IDENTITY_H
#define CW_DETECT_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>
#include <clonewatch/error.h>
#include <clonewatch/panel.h>
#include <clonewatch/qc.h>

enum { CW_SNP_DEPTH = 10, CW_SNPS_NEEDED = 20 }; /* a SNP counts from 10 molecules on in both samples; 20 such SNPs are needed */

typedef struct cw_fingerprint {
    const int64_t *ref, *alt, *other;
    size_t n;                     /* SNPs, as in the panel; 0: none were read */
} cw_fingerprint;

/* same: LOD >= 3; different: LOD <= -3; unknown between, or with too few SNPs. */
void cw_identity_pair(const cw_fingerprint *a, const cw_fingerprint *b, const cw_snp *snp, size_t n_snps, cw_person_pair *pair);

/* All pairs of n samples that are said to be one person; pair[n (n - 1) / 2] in order (0,1), (0,2) ... verdict[i]: CW_PERSON_OTHER for a sample that is
 * another person than the others. The person is the largest set of samples tied by "same"; of equally large sets the one with a normal
 * (is_normal), else none can be named and all of them are CW_PERSON_OTHER. CW_PERSON_UNKNOWN: no pair of the sample is conclusive. */
void cw_identity_set(const cw_fingerprint *sample, const bool *is_normal, size_t n, const cw_snp *snp, size_t n_snps, cw_person_pair *pair, cw_person *verdict);

/* Samples of several patients: each against the others of its patient, as cw_identity_set(), and where cross is set against those of every other
 * patient: two patients that are one person are both in question. pair[n * n] and verdict[n] are zeroed by the caller; a and b of a pair are
 * indices of samples. A sample without fingerprint is left out. */
typedef struct cw_identity_sample { const char *patient; cw_fingerprint print; bool is_normal; } cw_identity_sample;
CW_MUST_CHECK int cw_identity_of_all(const cw_identity_sample *sample, size_t n, const cw_snp *snp, size_t n_snps, bool cross, cw_person_pair *pair, size_t *n_pairs,
                                     cw_person *verdict, cw_err *err);

/* Admixture on the homozygous SNPs: the other person's genotype in Hardy-Weinberg proportions, read errors from the third allele's counts,
 * spread .15. Estimable when another person would show at one of them, of CW_SNP_DEPTH molecules, with a chance of 99 %: three to five SNPs. Beyond a fifth
 * few SNPs look homozygous: then two genotypes at every SNP, when their LOD is 3 or more; where they do not exclude so much, hi says so. */
void cw_contamination_estimate(const cw_fingerprint *f, const cw_snp *snp, size_t n_snps, cw_contamination *c);
#endif
