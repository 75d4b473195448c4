/* SPDX-License-Identifier: MIT */
/* truth.h - what one tube truly holds: haplotypes with their shares, and the patient's fingerprint. */
#ifndef CW_SIM_TRUTH_H
#define CW_SIM_TRUTH_H

#include "sim/scenario.h"

/* One kind of chromosome copy in the tube: the alleles that lie on it together. */
typedef struct cw_sim_haplotype {
    double share;                 /* of the molecules at any place */
    const cw_allele **alleles; size_t n;
} cw_sim_haplotype;

typedef struct cw_sim_truth {
    struct cw_arena *arena;
    const char *patient, *sample;
    cw_sim_haplotype *haplotypes; size_t n_haplotypes; /* the rest of the molecules is wild type */
    double *meant, *vaf; size_t n_clones; /* per clone: VAF by its course, and in this tube after draw noise */
    unsigned char *genotype; size_t n_snps; /* alt copies 0..2 */
    bool *focus;                  /* per locus of the panel: a clone of the patient has an allele here */
    double yield;
} cw_sim_truth;

typedef struct cw_sim_tube { /* which tube */
    const char *sample;
    bool normal;                  /* white blood cells: clones of the blood alone */
    double day;                   /* on the scenario's axis */
    const double *line_start; size_t n_lines; /* on the same axis */
} cw_sim_tube;

/* patient NULL: a person without any clone, named by name. */
CW_MUST_CHECK int cw_sim_truth_make(cw_sim_truth *truth, const cw_scenario *scenario, const cw_sim_patient *patient, const char *name,
                                    const cw_sim_tube *tube, const cw_panel *panel, cw_err *err);
void cw_sim_truth_release(cw_sim_truth *truth);

/* Allele of the panel by any of the names of cw_sim_clone.alleles. */
CW_MUST_CHECK int cw_sim_find_allele(const cw_panel *panel, const char *name, const cw_allele **allele, cw_err *err);
#endif
