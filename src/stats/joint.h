/* SPDX-License-Identifier: MIT */
/* joint.h - many tracked variants, one question: is tumour DNA in this plasma at all?
 *
 * Anytime-valid (an e-process, Ville): P(E ever >= 1/alpha without tumour DNA) <= alpha, however many draws. One tumour fraction theta_j is
 * shared by all variants; a variant is carried by the clones still present with probability rho. For a trajectory g of theta:
 *   M_i = (1 - rho) + rho prod_j NB(k_ij; n_ij (mu_i + h_i theta_gj)) / NB(k_ij; n_ij mu_i)
 *   E_J = min over phi of the mean over rho of sum_g w_g prod_units min(cap, M)
 * null size by moments from mu_i and sd_i sqrt(phi), phi in {.5, 1, 2}; alternative with CV 1 (variants of one tumour differ in clonality
 * and copy number); rho in {.03, .1, .3, .6, .95}; trajectories: growth and step as for
 * single alleles, their fractions snapped to a log grid (any fixed mixture is valid). cap = 19.9 per variant, over all draws: one loud
 * variant alone never reaches 1/alpha = 20. A unit is a variant, or a phase group (variants on one molecule, whose errors may come
 * together): the mean of its members' M, valid under any dependence between them.
 * Like INVAR (Wan 2020) in spirit; differs by the e-process, the cap and rho.
 *
 * For `mrd`: rows are the tracked alleles (known from tissue), mu = a / b, sd = sqrt(a) / b widened by the background's CV w:
 * sd^2 = a / b^2 + (mu w)^2 (cw_joint_site_from_background); h = 1/2 for heterozygous variants of a diploid tumour. The rule of 1,000
 * molecules does not apply here: every molecule counts. Draws in order of time; missing counts: n = 0. */
#ifndef CW_STATS_JOINT_H
#define CW_STATS_JOINT_H

#include <stddef.h>
#include <stdint.h>

typedef struct cw_joint_site {
    double mu, sd;   /* background rate and its standard deviation between draws */
    double h;        /* VAF of the variant at tumour fraction 1 */
    int group;       /* phase group, >= 0; -1: on its own */
} cw_joint_site;

typedef struct cw_joint_input {
    size_t n_sites, n_draws;
    const cw_joint_site *site;
    const double *t_weeks;        /* [n_draws], from the fixed zero of the patient */
    const int64_t *k, *n;         /* [draw * n_sites + site]; n = 0: not read */
} cw_joint_input;

/* One look: after draw j. */
typedef struct cw_joint_look {
    double ln_e;                  /* E over all draws so far */
    double theta, lo, hi;         /* tumour fraction of this draw, 95 % profile interval, with at least .6 of the variants carried; NAN: nothing read */
    double lod;                   /* least theta at which two mutant molecules come with 95 % chance: 4.74 / sum n h; a bound, no test does better */
} cw_joint_look;

cw_joint_site cw_joint_site_from_background(double a, double b, double w, double h, int group);

/* looks[n_draws]. 0, or -1: out of memory. */
int cw_joint_test(const cw_joint_input *input, cw_joint_look *looks);

/* LoD95 of the test on one draw of these molecules by simulation (`runs` sets per step, fixed seed, to 5 %): least theta with E >= 1/alpha in 95 %.
 * NAN: not reached at theta = .5, or out of memory. */
double cw_joint_lod(const cw_joint_site *site, const int64_t *n, size_t n_sites, double alpha, int runs);
#endif
