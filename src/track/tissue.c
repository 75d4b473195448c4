/* SPDX-License-Identifier: MIT */
/* tissue.c - which alleles of the calls are known from tumour tissue, by the patient's own list. */
#include "track/tissue.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/parse.h"
#include "record/contigs.h"

static bool on_list(const cw_panel *list, const cw_call_locus *l, const cw_call *call)
{
    for (size_t i = 0; i < list->n_alleles; i++) {
        const cw_allele *x = &list->alleles[i];
        if (x->has_locus && x->beg == l->beg && !strcmp(cw_plain_contig(x->contig), cw_plain_contig(l->contig)) && cw_ascii_equal(x->ref, l->ref) && cw_ascii_equal(x->alt, call->alt)) return true;
    }
    return false;
}

int cw_tissue_add(cw_tissue *t, const cw_panel *list, const cw_calls *calls, cw_err *err)
{
    for (size_t m = 0; m < calls->n_loci; m++)
        for (size_t a = calls->locus[m].first; a < calls->locus[m].first + calls->locus[m].n; a++) {
            if (!on_list(list, &calls->locus[m], &calls->call[a])) continue;
            if (cw_grow((void **)&t->id, &t->cap, t->n + 1, sizeof *t->id, err) < 0) return CW_ENOMEM;
            t->id[t->n++] = calls->call[a].cwid;
        }
    return 0;
}

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

void cw_tissue_sort(cw_tissue *t)
{
    if (t->n) qsort(t->id, t->n, sizeof *t->id, by_text);
}

bool cw_tissue_has(const cw_tissue *t, const char *cwid) { return t->n && bsearch(&cwid, t->id, t->n, sizeof *t->id, by_text); }

void cw_tissue_release(cw_tissue *t)
{
    free((void *)t->id);
    memset(t, 0, sizeof *t);
}
