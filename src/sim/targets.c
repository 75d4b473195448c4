/* SPDX-License-Identifier: MIT */
/* targets.c - targets, their depth, and how often each base in them is read wrongly. */
#include "sim/targets.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "record/contigs.h"
#include "sim/stream.h"

enum { JOIN = 100 }; /* loci closer than this are one target */

double cw_sim_locus_molecules(const cw_sim_assay *assay, const cw_sim_truth *truth, size_t locus)
{
    return (truth->focus[locus] ? assay->focus_molecules : assay->molecules) * truth->yield;
}

static int by_place(const void *pa, const void *pb)
{
    const cw_sim_target *a = pa, *b = pb;
    if (a->contig != b->contig) return a->contig < b->contig ? -1 : 1;
    if (a->beg != b->beg) return a->beg < b->beg ? -1 : 1;
    return a->end < b->end ? -1 : a->end > b->end;
}

int cw_sim_targets_make(const cw_panel *panel, const cw_sim_assay *assay, const cw_sim_truth *truth, cw_arena *arena, cw_sim_target **targets,
                        size_t *n, cw_err *err)
{
    cw_sim_target *t = cw_arena_alloc(arena, panel->n_loci + panel->n_snps, sizeof *t);
    if (!t) return cw_err_nomem(err);
    size_t m = 0;
    for (size_t i = 0; i < panel->n_loci; i++)
        t[m++] = (cw_sim_target){cw_contig_find(panel->loci[i].contig), panel->loci[i].beg, panel->loci[i].end, cw_sim_locus_molecules(assay, truth, i)};
    for (size_t i = 0; i < panel->n_snps; i++)
        t[m++] = (cw_sim_target){cw_contig_find(panel->snps[i].contig), panel->snps[i].pos, panel->snps[i].pos + 1, assay->snp_molecules * truth->yield};
    qsort(t, m, sizeof *t, by_place);
    size_t k = 0;
    for (size_t i = 0; i < m; i++) {
        cw_sim_target *last = k ? &t[k - 1] : NULL;
        if (last && last->contig == t[i].contig && t[i].beg - last->end < JOIN) {
            if (t[i].end > last->end) last->end = t[i].end;
            last->molecules = fmax(last->molecules, t[i].molecules);
        } else
            t[k++] = t[i];
    }
    *targets = t;
    *n = k;
    return 0;
}

char cw_sim_error_base(char ref, int j)
{
    static const char bases[] = "ACGT";
    for (int i = 0; i < 4; i++)
        if (bases[i] != ref && j-- == 0) return bases[i];
    return 'N';
}

/* A site's rate is the class's times a Gamma of the site (the same in every draw and patient) times one of the draw. Streams are by
 * contig and block of places, so that any part of a block gives the same numbers. */
int cw_sim_error_rates(const cw_sim_genome *genome, const cw_sim_assay *assay, uint64_t seed, const cw_sim_truth *truth, int contig, int64_t beg,
                       int64_t end, double *rate, cw_err *err)
{
    enum { BLOCK = 64 };
    static const char bases[] = "ACGT";
    const char *name = cw_contig_name((size_t)contig);
    for (int64_t block = beg / BLOCK * BLOCK; block < end; block += BLOCK) {
        gsl_rng *site = cw_stream_new(seed, "site", "", "", name, block), *draw = cw_stream_new(seed, "noise", truth->patient, truth->sample, name, block);
        if (!site || !draw) {
            gsl_rng_free(site);
            gsl_rng_free(draw);
            return cw_err_nomem(err);
        }
        for (int64_t p = block; p < block + BLOCK; p++) {
            const cw_sim_window *w = cw_sim_genome_at(genome, contig, p);
            const char *at = w ? strchr(bases, w->bases[p - w->beg]) : NULL;
            for (int j = 0; j < 3; j++) { /* drawn at every place, so that the next place's numbers stay where they are */
                double x = gsl_ran_gamma(site, assay->site_shape, 1 / assay->site_shape) * cw_stream_gamma_cv(draw, assay->background_cv);
                if (p >= beg && p < end) rate[3 * (p - beg) + j] = at && *at ? x * assay->background[3 * (at - bases) + j] : 0;
            }
        }
        gsl_rng_free(site);
        gsl_rng_free(draw);
    }
    return 0;
}
