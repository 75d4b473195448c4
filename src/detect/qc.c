/* SPDX-License-Identifier: MIT */
/* qc.c - quality of a draw out of its calls. */
#include "detect/qc.h"

#include <math.h>
#include "stats/beta.h"
#include "stats/yield.h"

enum { NOISE_BASES = 10000 }; /* fewer off-target bases say nothing about the noise */

void cw_qc_conf_default(cw_qc_conf *conf) { *conf = (cw_qc_conf){.min_molecules = 1000, .max_contamination = .01}; }

static void count_molecules(const cw_calls *c, const cw_qc_conf *conf, cw_qc *q)
{
    double all = 0, duplex = 0;
    bool known = false;
    for (size_t i = 0; i < c->n_loci; i++) {
        const cw_call_locus *l = &c->locus[i];
        if (!cw_calls_targets(c, l)) continue;
        q->loci++;
        q->assessable += l->depth >= conf->min_molecules;
        if (l->k_ref < 0 || l->ref_duplex < 0) continue;
        known = true;
        all += (double)l->k_ref, duplex += (double)l->ref_duplex;
        for (size_t k = l->first; k < l->first + l->n; k++)
            if (c->call[k].k > 0 && c->call[k].duplex >= 0) all += (double)c->call[k].k, duplex += (double)c->call[k].duplex;
    }
    q->duplex = known && all > 0 ? duplex / all : NAN;
}

static bool is_noisy(const cw_calls *c, const cw_background *b)
{
    double lo, hi;
    if (!b || !isfinite(b->offtarget_lo) || c->noise_bases < NOISE_BASES) return false;
    cw_clopper_pearson((int64_t)llround(c->noise_rate * (double)c->noise_bases), c->noise_bases, .99, &lo, &hi);
    return hi < b->offtarget_lo || lo > b->offtarget_hi;
}

void cw_qc_of_calls(const cw_calls *c, const cw_fingerprint *f, const cw_snp *snp, size_t n_snps, const cw_background *b, const cw_qc_conf *conf, cw_qc *q)
{
    *q = (cw_qc){.molecules = c->molecules, .reads = c->filter.reads > 0 ? c->filter.reads : -1, .filter = c->filter, .fragment_q10 = c->fragment_q10 > 0 ? c->fragment_q10 : -1,
                 .fragment_median = c->fragment_median > 0 ? c->fragment_median : -1, .fragment_q90 = c->fragment_q90 > 0 ? c->fragment_q90 : -1,
                 .noise = c->noise_bases > 0 ? c->noise_rate : NAN, .noise_bases = c->noise_bases > 0 ? c->noise_bases : -1, .genomes = NAN, .recovery = NAN};
    q->duplicates = c->filter.reads > 0 ? (double)c->filter.duplicate / (double)c->filter.reads : NAN;
    count_molecules(c, conf, q);
    if (c->cfdna_ng > 0) q->genomes = cw_genome_equivalents(c->cfdna_ng);
    if (c->molecules >= 0 && q->genomes > 0) q->recovery = (double)c->molecules / q->genomes;
    cw_contamination_estimate(f, snp, n_snps, &q->contamination);
    q->low_yield = c->molecules < conf->min_molecules;
    q->contaminated = q->contamination.fraction > conf->max_contamination && q->contamination.lod >= 3;
    q->noisy = is_noisy(c, b);
}
