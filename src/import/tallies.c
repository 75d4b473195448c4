/* SPDX-License-Identifier: MIT */
/* tallies.c - the rows that were given to alleles, and the stretches reported as reference, put together per locus. */
#include "import/tallies.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"
#include "import/known_bases.h"

/* --- stretches reported as reference --- */

typedef struct place { const char *contig; const cw_covered *c; } place;

static int by_place(const void *pa, const void *pb)
{
    const place *a = pa, *b = pb;
    int c = strcmp(a->contig, b->contig);
    return c ? c : a->c->beg < b->c->beg ? -1 : a->c->beg > b->c->beg;
}

/* Least depth over [beg,end), with the words of that stretch, when stretches without gap cover it; false: they do not. */
static bool covered_depth(const place *p, size_t n, const char *contig, int64_t beg, int64_t end, int64_t *depth, int64_t *other, const char **filters)
{
    size_t lo = 0, hi = n;
    while (lo < hi) { /* first stretch that begins behind beg */
        size_t mid = lo + (hi - lo) / 2;
        int c = strcmp(p[mid].contig, contig);
        if (c > 0 || (c == 0 && p[mid].c->beg > beg)) hi = mid;
        else lo = mid + 1;
    }
    if (!lo) return false;
    int64_t at = beg;
    *depth = INT64_MAX;
    *other = 0;
    for (size_t i = lo - 1; i < n && at < end; i++) {
        if (strcmp(p[i].contig, contig) || p[i].c->beg > at || p[i].c->end <= at) return false;
        if (p[i].c->depth < *depth) *depth = p[i].c->depth, *other = p[i].c->other, *filters = p[i].c->filters;
        at = p[i].c->end;
    }
    return at >= end;
}

/* --- tallies --- */

typedef struct filling {
    cw_import_fit *fit;
    const cw_imported *m;
    const cw_row_choice *choice;
    const place *place;         /* [m->n_covered], sorted */
} filling;

/* Strands that do not add up to the count are of other molecules (before a filter, of single mates). */
static void add_strands(cw_tally *t, size_t i, int64_t forward, int64_t reverse)
{
    if (forward < 0 || reverse < 0 || forward + reverse != t->count[i]) {
        t->forward[i] = t->reverse[i] = -1;
        return;
    }
    t->forward[i] = forward;
    t->reverse[i] = reverse;
}

/* One locus: REF from the row that saw most of it, the alleles each from its row, the rest of the molecules as other. */
static void fill_tally(const filling *f, const cw_locus *l, cw_tally *t)
{
    const cw_panel *p = &f->fit->panel;
    int64_t total = 0, depth = 0, alts = 0;
    for (size_t i = 0; i < l->n; i++) {
        size_t allele = p->by_locus[l->first + i], r = f->choice->row_of[allele];
        if (r == SIZE_MAX) continue;
        const cw_seen *s = &f->choice->row[r];
        f->fit->mark[allele] = (cw_import_mark){true, !f->choice->assumed[r], s->line, s->vaf, s->lod, s->filters};
        t->count[1 + i] = s->k_alt;
        alts += s->k_alt;
        add_strands(t, 1 + i, s->alt_forward, s->alt_reverse);
        if (s->k_ref > t->count[0] || !total) {
            t->count[0] = s->k_ref;
            add_strands(t, 0, s->ref_forward, s->ref_reverse);
        }
        if (s->k_ref + s->k_alt + s->k_other > total) total = s->k_ref + s->k_alt + s->k_other;
        if (s->depth > depth) depth = s->depth;
    }
    for (size_t i = 0; i < l->n; i++) {
        size_t allele = p->by_locus[l->first + i];
        int64_t d, other;
        const char *filters = "";
        if (f->choice->row_of[allele] != SIZE_MAX || !covered_depth(f->place, f->m->n_covered, cw_plain_contig(l->contig), l->beg, l->end, &d, &other, &filters)) continue;
        f->fit->mark[allele] = (cw_import_mark){.reported = true, .counts_known = true, .vaf = NAN, .lod = NAN, .filters = filters};
        if (!total) t->count[0] = d, total = d + other;
    }
    if (total > t->count[0] + alts) t->other = total - t->count[0] - alts;
    if (depth > t->count[0] + alts + t->other) t->uninformative = depth - t->count[0] - alts - t->other;
}

int cw_import_tallies(cw_import_fit *fit, const cw_imported *m, const cw_row_choice *choice, cw_err *err)
{
    const cw_panel *p = &fit->panel;
    cw_tallies *t = &fit->tallies;
    *t = (cw_tallies){.arena = cw_arena_new(), .build = p->build, .n = p->n_loci, .input_sha256 = m->sha256, .input_name = ""};
    place *places = calloc(m->n_covered + 1, sizeof *places);
    const filling f = {fit, m, choice, places};
    int status = 0;
    if (!t->arena || !places || !(t->tally = cw_arena_alloc(t->arena, p->n_loci, sizeof *t->tally))) {
        status = cw_err_nomem(err);
        goto done;
    }
    for (size_t i = 0; i < m->n_covered; i++) places[i] = (place){cw_plain_contig(m->covered[i].contig), &m->covered[i]};
    qsort(places, m->n_covered, sizeof *places, by_place);
    t->input_name = cw_base_name(m->path);
    t->sample = m->sample;
    t->consensus = CW_CONS_RAW;
    t->consensus_found = cw_arena_printf(t->arena, "counts as caller '%s' gives them", m->caller);
    for (size_t i = 0; i < p->n_loci; i++) {
        cw_tally *tally = &t->tally[i];
        size_t n = 1 + p->loci[i].n;
        int64_t *cells = cw_arena_alloc(t->arena, 4 * n, sizeof *cells);
        if (!cells || !t->consensus_found) {
            status = cw_err_nomem(err);
            goto done;
        }
        *tally = (cw_tally){.n_alt = n - 1, .count = cells, .forward = cells + n, .reverse = cells + 2 * n, .duplex = cells + 3 * n};
        for (size_t k = n; k < 4 * n; k++) cells[k] = -1; /* strands are not known until a caller says them */
        fill_tally(&f, &p->loci[i], tally);
    }
done:
    free(places);
    return status;
}
