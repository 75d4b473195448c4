/* SPDX-License-Identifier: MIT */
/* truth.c - clones on a day -> shares of haplotypes.
 *
 * The VAF of a clone counts the molecules that carry its own alleles, its descendants' included (heterozygous, two copies). What a
 * clone has beyond its descendants is its own share; each cell of it gives one copy that carries the alleles of homolog 1 of the clone and
 * all its ancestors (cis), and one that carries those of homolog 2 (trans). Draw noise multiplies each own share. */
#include "sim/truth.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/mem.h"
#include "sim/stream.h"

int cw_sim_find_allele(const cw_panel *panel, const char *name, const cw_allele **allele, cw_err *err)
{
    char text[512];
    *allele = NULL;
    size_t found = 0, singles = 0;
    const cw_allele *single = NULL;
    for (size_t i = 0; i < panel->n_alleles; i++) {
        const cw_allele *a = &panel->alleles[i];
        bool same = !strcmp(a->cwid, name);
        if (!same && a->has_locus) {
            snprintf(text, sizeof text, "%s:%lld:%s:%s", a->contig, (long long)a->beg + 1, a->ref, a->alt);
            same = !strcmp(text, name);
        }
        for (int j = 0; !same && j < 2; j++) {
            snprintf(text, sizeof text, "%s %s", a->gene, j ? a->hgvsc : a->hgvsp);
            same = *(j ? a->hgvsc : a->hgvsp) && !strcmp(text, name);
        }
        if (!same || !a->has_locus) continue;
        if (!found++) *allele = a;
        if (a->type == CW_TYPE_SNV && !singles++) single = a;
    }
    if (singles == 1) *allele = single; /* a protein name means the change of one base, where only one does it */
    if (found == 1 || singles == 1) return 0;
    return cw_err_set(err, CW_EFORMAT, found ? "allele '%.80s' of the scenario fits %zu rows of the panel; name it by its change in DNA (c.) or as contig:pos:ref:alt"
                                             : "allele '%.80s' of the scenario is not in the panel with coordinates (%zu rows fit)", name, found);
}

static int add_copy(cw_sim_truth *t, const cw_sim_patient *p, const cw_panel *panel, size_t clone, int homolog, double share, cw_err *err)
{
    size_t n = 0;
    for (ptrdiff_t c = (ptrdiff_t)clone; c >= 0; c = p->clones[c].parent)
        if (p->clones[c].homolog == homolog) n += p->clones[c].n_alleles;
    if (!n || share <= 0) return 0;
    cw_sim_haplotype *h = &t->haplotypes[t->n_haplotypes];
    h->share = share;
    if (!(h->alleles = cw_arena_alloc(t->arena, n, sizeof *h->alleles))) return cw_err_nomem(err);
    for (ptrdiff_t c = (ptrdiff_t)clone; c >= 0; c = p->clones[c].parent) {
        if (p->clones[c].homolog != homolog) continue;
        for (size_t i = 0; i < p->clones[c].n_alleles; i++)
            if (cw_sim_find_allele(panel, p->clones[c].alleles[i], &h->alleles[h->n++], err) < 0) return CW_EFORMAT;
    }
    t->n_haplotypes++;
    return 0;
}

/* Two alleles of one copy must not want the same bases. */
static int check_copy(const cw_sim_truth *t, const cw_sim_haplotype *h, cw_err *err)
{
    for (size_t i = 0; i < h->n; i++)
        for (size_t j = 0; j < i; j++)
            if (!strcmp(h->alleles[i]->contig, h->alleles[j]->contig) && h->alleles[i]->beg < h->alleles[j]->end && h->alleles[j]->beg < h->alleles[i]->end)
                return cw_err_set(err, CW_EFORMAT, "patient '%s': '%s' and '%s' overlap and cannot lie on one molecule; give one of them \"homolog\": 2", t->patient,
                                  h->alleles[j]->cwid, h->alleles[i]->cwid);
    return 0;
}

static int mix_clones(cw_sim_truth *t, const cw_scenario *s, const cw_sim_patient *p, const cw_sim_tube *tube, const cw_panel *panel, cw_err *err)
{
    size_t n = p->n_clones;
    t->n_clones = n;
    t->meant = cw_arena_alloc(t->arena, n, sizeof *t->meant);
    t->vaf = cw_arena_alloc(t->arena, n, sizeof *t->vaf);
    t->haplotypes = cw_arena_alloc(t->arena, 2 * n, sizeof *t->haplotypes);
    double *own = cw_arena_alloc(t->arena, n, sizeof *own);
    if (!t->meant || !t->vaf || !t->haplotypes || !own) return cw_err_nomem(err);
    for (size_t i = n; i-- > 0;) { /* children stand behind their parents: what they hold is summed up before the parent is reached */
        const cw_sim_clone *c = &p->clones[i];
        double meant = tube->normal && !c->blood ? 0 : cw_sim_course(c, tube->day, tube->line_start, tube->n_lines);
        double children = t->meant[i];
        own[i] = fmax(0, meant - children);
        t->meant[i] = fmax(meant, children);
        if (c->parent >= 0) t->meant[c->parent] += t->meant[i];
    }
    double total = 0;
    for (size_t i = n; i-- > 0;) {
        gsl_rng *rng = cw_stream_new(s->seed, "clone", t->patient, tube->sample, p->clones[i].id, 0);
        if (!rng) return cw_err_nomem(err);
        own[i] *= cw_stream_gamma_cv(rng, s->assay.draw_cv);
        gsl_rng_free(rng);
        t->vaf[i] += own[i];
        if (p->clones[i].parent >= 0) t->vaf[p->clones[i].parent] += t->vaf[i];
        size_t before = t->n_haplotypes;
        for (int homolog = 1; homolog <= 2; homolog++)
            if (add_copy(t, p, panel, i, homolog, own[i], err) < 0) return err->code;
        for (size_t h = before; h < t->n_haplotypes; h++) {
            if (check_copy(t, &t->haplotypes[h], err) < 0) return CW_EFORMAT;
            total += own[i];
        }
    }
    if (total > 1)
        return cw_err_set(err, CW_EFORMAT, "patient '%s': in sample '%s' the clones together carry %.0f %% of the molecules; lower their VAFs", t->patient,
                          tube->sample, 100 * total);
    return 0;
}

static int mark_focus(cw_sim_truth *t, const cw_sim_patient *p, const cw_panel *panel, cw_err *err)
{
    for (size_t c = 0; p && c < p->n_clones; c++)
        for (size_t i = 0; i < p->clones[c].n_alleles; i++) {
            const cw_allele *a;
            if (cw_sim_find_allele(panel, p->clones[c].alleles[i], &a, err) < 0) return CW_EFORMAT;
            t->focus[a->locus] = true;
        }
    return 0;
}

int cw_sim_truth_make(cw_sim_truth *t, const cw_scenario *s, const cw_sim_patient *p, const char *name, const cw_sim_tube *tube,
                      const cw_panel *panel, cw_err *err)
{
    const cw_sim_sample *special = cw_scenario_sample(s, tube->sample);
    int status = 0;
    if (!(t->arena = cw_arena_new())) return cw_err_nomem(err);
    t->patient = cw_arena_strdup(t->arena, name);
    t->sample = cw_arena_strdup(t->arena, tube->sample);
    t->yield = special ? special->yield : 1;
    t->n_snps = panel->n_snps;
    t->genotype = cw_arena_alloc(t->arena, panel->n_snps, 1);
    t->focus = cw_arena_alloc(t->arena, panel->n_loci, sizeof *t->focus);
    if (!t->patient || !t->sample || !t->genotype || !t->focus) status = cw_err_nomem(err);
    if (status == 0) status = mark_focus(t, p, panel, err);
    if (status == 0 && p) status = mix_clones(t, s, p, tube, panel, err);
    const char *whose = special && special->of ? special->of : name;
    for (size_t i = 0; status == 0 && i < panel->n_snps; i++) {
        gsl_rng *rng = cw_stream_new(s->seed, "genotype", whose, "", panel->snps[i].contig, panel->snps[i].pos);
        if (!rng) {
            status = cw_err_nomem(err);
            break;
        }
        for (int copy = 0; copy < 2; copy++) t->genotype[i] = (unsigned char)(t->genotype[i] + (gsl_rng_uniform(rng) < panel->snps[i].pop_af));
        gsl_rng_free(rng);
    }
    if (status < 0) cw_sim_truth_release(t);
    return status;
}

void cw_sim_truth_release(cw_sim_truth *t)
{
    if (!t) return;
    cw_arena_free(t->arena);
    memset(t, 0, sizeof *t);
}
