/* SPDX-License-Identifier: MIT */
/* background.h - the background model: how often an assay shows an allele that is not there. */
#ifndef CLONEWATCH_BACKGROUND_H
#define CLONEWATCH_BACKGROUND_H

#include <clonewatch/call.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Rates of a class of alleles (substitution, or indel by length): e ~ Gamma(nu, rate nu / mu), mu in mutant molecules per molecule. */
typedef struct cw_bg_class {
    const char *name;             /* "C>T", "A[C>T]G", "ins1", "del3", "MNV", "other"; see detect/background.h */
    double mu, nu;
    int64_t sites, molecules, mutants; /* what it was fitted to */
    struct cw_bg_class_strand {   /* the same for each strand of origin alone; its molecules: reference and alleles of the panel. mu = 0: unknown */
        double mu, nu;
        int64_t molecules, mutants;
    } strand[CW_STRANDS];
} cw_bg_class;

/* One allele as the normals show it; the rate used is Gamma(nu + mutants, nu / mu + molecules) with nu, mu of its class. */
typedef struct cw_bg_site {
    const char *contig; int64_t beg;
    const char *ref, *alt;
    int64_t molecules, mutants;
    double a, b;
    struct cw_bg_site_strand {    /* a = 0: unknown */
        double a, b;
        int64_t molecules, mutants;
    } strand[CW_STRANDS];
} cw_bg_site;

typedef struct cw_background {
    struct cw_arena *arena;
    const char *id;               /* name and checksum: draws of one series must agree on it */
    const char *level;            /* raw, umi, simplex, duplex */
    cw_build build;
    cw_background_set set;        /* omega_hat and Omega */
    cw_bg_class *classes; size_t n_classes;
    cw_bg_site *sites; size_t n_sites; /* sorted by contig name without "chr", beg, ref, alt */
    double offtarget_lo, offtarget_hi; /* 99 % range of the normals' off-target mismatch rate; NAN: not known */
    int64_t normals;
} cw_background;

/* The order of cw_background.sites; "7" and "chr7" are the same. */
int cw_bg_site_compare(const cw_bg_site *a, const cw_bg_site *b);

void cw_background_release(cw_background *b);

#ifdef __cplusplus
}
#endif
#endif
