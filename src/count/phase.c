/* SPDX-License-Identifier: MIT */
/* phase.c - which alleles of neighbouring loci lie on the same molecules. */
#include "count/phase.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

/* Classes at one locus as rows: reference, alleles, other. */
static size_t row_of(const cw_site *s, uint16_t vote) { return vote == CW_VOTE_OTHER ? s->n_alt + 1 : vote; }

/* How many molecules say i at a and j at b, over molecules that decide at both. */
static int64_t *cross(const cw_site *a, const cw_molecules *ma, const cw_site *b, const cw_molecules *mb)
{
    int64_t *m = calloc((a->n_alt + 2) * (b->n_alt + 2), sizeof *m);
    if (!m) return NULL;
    for (size_t i = 0; i < ma->n; i++) {
        const cw_molecule *x = &ma->at[i];
        if (x->vote[0] > CW_VOTE_OTHER) continue;
        const cw_molecule *y = cw_molecules_find(mb, x->key);
        if (y && y->vote[0] <= CW_VOTE_OTHER) m[row_of(a, x->vote[0]) * (b->n_alt + 2) + row_of(b, y->vote[0])]++;
    }
    return m;
}

static int add_pairs(cw_phaser *p, const cw_site *a, const cw_site *b, const int64_t *m, const cw_panel *panel, cw_err *err)
{
    const size_t na = a->n_alt + 2, nb = b->n_alt + 2;
    int64_t total = 0;
    for (size_t i = 0; i < na * nb; i++) total += m[i];
    for (size_t i = 1; i <= a->n_alt; i++) {
        int64_t row = 0;
        for (size_t j = 0; j < nb; j++) row += m[i * nb + j];
        for (size_t j = 1; row && j <= b->n_alt; j++) {
            int64_t column = 0, both = m[i * nb + j];
            for (size_t k = 0; k < na; k++) column += m[k * nb + j];
            if (!column) continue;
            if (cw_grow((void **)&p->pair, &p->cap_pairs, p->n_pairs + 1, sizeof *p->pair, err) < 0) return CW_ENOMEM;
            size_t from_a = panel->loci[a->locus].first + i - 1, from_b = panel->loci[b->locus].first + j - 1;
            p->pair[p->n_pairs++] = (cw_phase_tally){from_a, from_b, both, row - both, column - both, total - row - column + both};
        }
    }
    return 0;
}

static bool any_alt(const cw_molecules *m)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->at[i].vote[0] >= 1 && m->at[i].vote[0] < CW_VOTE_OTHER) return true;
    return false;
}

int cw_phaser_add(cw_phaser *p, const cw_site *site, cw_molecules *molecules, const cw_panel *panel, cw_err *err)
{
    if (!any_alt(molecules)) {
        cw_molecules_release(molecules);
        return 0;
    }
    for (size_t k = 0; k < p->n_kept; k++) {
        cw_phase_site *o = &p->kept[k];
        if (!cw_sites_phased(site, o->site)) continue;
        bool first = o->site->locus < site->locus;
        const cw_site *a = first ? o->site : site, *b = first ? site : o->site;
        int64_t *m = cross(a, first ? &o->molecules : molecules, b, first ? molecules : &o->molecules);
        int status = m ? add_pairs(p, a, b, m, panel, err) : cw_err_nomem(err);
        free(m);
        if (status < 0) return status;
    }
    if (cw_grow((void **)&p->kept, &p->cap_kept, p->n_kept + 1, sizeof *p->kept, err) < 0) return CW_ENOMEM;
    p->kept[p->n_kept++] = (cw_phase_site){site, *molecules};
    memset(molecules, 0, sizeof *molecules);
    return 0;
}

int cw_phaser_join(cw_phaser *p, const cw_phaser *other, cw_err *err)
{
    if (!other->n_pairs) return 0;
    if (cw_grow((void **)&p->pair, &p->cap_pairs, p->n_pairs + other->n_pairs, sizeof *p->pair, err) < 0) return CW_ENOMEM;
    memcpy(p->pair + p->n_pairs, other->pair, other->n_pairs * sizeof *p->pair);
    p->n_pairs += other->n_pairs;
    return 0;
}

void cw_phaser_pass(cw_phaser *p, int tid, int64_t pos)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_kept; i++) {
        /* an open locus begins at most one reach before the reads */
        if (tid < 0 || p->kept[i].site->tid != tid || p->kept[i].site->end + CW_PHASE_BP + 3 * CW_MAX_CHANGE_BP < pos) cw_molecules_release(&p->kept[i].molecules);
        else p->kept[n++] = p->kept[i];
    }
    p->n_kept = n;
}

static int by_alleles(const void *pa, const void *pb)
{
    const cw_phase_tally *a = pa, *b = pb;
    if (a->allele_a != b->allele_a) return a->allele_a < b->allele_a ? -1 : 1;
    return a->allele_b < b->allele_b ? -1 : a->allele_b > b->allele_b;
}

/* Pairs carry places in by_locus until here, so that the order is that of the loci; several files of a draw add up. */
int cw_phaser_finish(cw_phaser *p, const cw_panel *panel, cw_tallies *t, cw_err *err)
{
    size_t n = 0;
    if (p->n_pairs) qsort(p->pair, p->n_pairs, sizeof *p->pair, by_alleles);
    for (size_t i = 0; i < p->n_pairs; i++) {
        cw_phase_tally *last = n ? &p->pair[n - 1] : NULL;
        if (last && by_alleles(last, &p->pair[i]) == 0) {
            last->both += p->pair[i].both;
            last->only_a += p->pair[i].only_a;
            last->only_b += p->pair[i].only_b;
            last->neither += p->pair[i].neither;
        } else {
            p->pair[n++] = p->pair[i];
        }
    }
    if (!(t->phase = cw_arena_alloc(t->arena, n, sizeof *t->phase))) return cw_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        t->phase[i] = p->pair[i];
        t->phase[i].allele_a = panel->by_locus[p->pair[i].allele_a];
        t->phase[i].allele_b = panel->by_locus[p->pair[i].allele_b];
    }
    t->n_phase = n;
    return 0;
}

void cw_phaser_release(cw_phaser *p)
{
    if (!p) return;
    cw_phaser_pass(p, -1, 0);
    free(p->kept);
    free(p->pair);
    memset(p, 0, sizeof *p);
}
