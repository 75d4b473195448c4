/* SPDX-License-Identifier: MIT */
/* panel.c - life cycle of the panel and the words of its enumerations. */
#include <clonewatch/panel.h>

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "record/contigs.h"

const char *cw_build_name(cw_build build)
{
    return build == CW_BUILD_GRCH37 ? "GRCh37" : build == CW_BUILD_GRCH38 ? "GRCh38" : "unknown";
}

cw_build cw_build_parse(const char *name)
{
    return !name ? CW_BUILD_UNKNOWN : !strcmp(name, "GRCh37") ? CW_BUILD_GRCH37 : !strcmp(name, "GRCh38") ? CW_BUILD_GRCH38 : CW_BUILD_UNKNOWN;
}

static const char *const type_names[] = {"unknown", "SNV", "MNV", "insertion", "deletion", "delins", "amplification",
                                         "loss", "fusion", "splice", "large_deletion", "other"};

const char *cw_allele_type_name(cw_allele_type t) { return type_names[t]; }

cw_allele_type cw_allele_type_parse(const char *s)
{
    for (size_t i = 1; i < sizeof type_names / sizeof *type_names; i++)
        if (!strcmp(s, type_names[i])) return (cw_allele_type)i;
    return CW_TYPE_UNKNOWN;
}

static const char *const role_names[] = {"none", "driver", "resistance", "both", "tracker", "chip"};

const char *cw_role_name(cw_role r) { return role_names[r]; }

bool cw_role_parse(const char *s, cw_role *role)
{
    for (size_t i = 0; i < sizeof role_names / sizeof *role_names; i++)
        if (!strcmp(s, role_names[i])) {
            *role = (cw_role)i;
            return true;
        }
    return false;
}

cw_allele_type cw_allele_type_of(const char *ref, const char *alt)
{
    size_t r = strlen(ref), a = strlen(alt);
    if (r == 1 && a == 1) return CW_TYPE_SNV;
    if (r == a) return CW_TYPE_MNV;
    if (r == 1 && *ref == *alt) return CW_TYPE_INS;
    if (a == 1 && *ref == *alt) return CW_TYPE_DEL;
    return CW_TYPE_DELINS;
}

/* Contigs in the order in which the panel's alleles first name them would depend on the file; natural order does not:
 * 1..22, X, Y, M, then others by name; "chr" is ignored for the rank. */
static int by_place(const void *pa, const void *pb, void *context)
{
    const cw_panel *panel = context;
    const cw_allele *a = &panel->alleles[*(const size_t *)pa], *b = &panel->alleles[*(const size_t *)pb];
    int ra = cw_contig_rank(a->contig), rb = cw_contig_rank(b->contig), c;
    if (ra != rb) return ra < rb ? -1 : 1;
    if ((c = strcmp(a->contig, b->contig)) != 0) return c;
    if (a->beg != b->beg) return a->beg < b->beg ? -1 : 1;
    if (a->end != b->end) return a->end < b->end ? -1 : 1;
    if ((c = strcmp(a->ref, b->ref)) != 0) return c;
    if ((c = strcmp(a->alt, b->alt)) != 0) return c;
    return *(const size_t *)pa < *(const size_t *)pb ? -1 : 1;
}

int cw_panel_index(cw_panel *panel, cw_err *err)
{
    panel->n_loci = 0;
    panel->by_locus = cw_arena_alloc(panel->arena, panel->n_alleles, sizeof *panel->by_locus);
    panel->loci = cw_arena_alloc(panel->arena, panel->n_alleles, sizeof *panel->loci);
    if (!panel->by_locus || !panel->loci) return cw_err_nomem(err);
    size_t n = 0;
    for (size_t i = 0; i < panel->n_alleles; i++)
        if (panel->alleles[i].has_locus) panel->by_locus[n++] = i;
    qsort_r(panel->by_locus, n, sizeof *panel->by_locus, by_place, panel);
    for (size_t i = 0; i < n; i++) {
        cw_allele *a = &panel->alleles[panel->by_locus[i]];
        cw_locus *last = panel->n_loci ? &panel->loci[panel->n_loci - 1] : NULL;
        if (!last || strcmp(last->contig, a->contig) || last->beg != a->beg || strcmp(last->ref, a->ref))
            panel->loci[panel->n_loci++] = (cw_locus){.contig = a->contig, .tid = -1, .beg = a->beg, .end = a->end, .ref = a->ref, .first = i};
        else if (!strcmp(panel->alleles[panel->by_locus[i - 1]].alt, a->alt))
            return cw_err_set(err, CW_EFORMAT, "alleles '%s' and '%s' are the same change %s:%lld %s>%s", a->cwid,
                              panel->alleles[panel->by_locus[i - 1]].cwid, a->contig, (long long)a->beg + 1, a->ref, a->alt);
        panel->loci[panel->n_loci - 1].n++;
        a->locus = panel->n_loci - 1;
    }
    return 0;
}

const cw_allele *cw_panel_find(const cw_panel *panel, const char *cwid)
{
    for (size_t i = 0; i < panel->n_alleles; i++)
        if (!strcmp(panel->alleles[i].cwid, cwid)) return &panel->alleles[i];
    return NULL;
}

void cw_panel_release(cw_panel *panel)
{
    if (!panel) return;
    cw_arena_free(panel->arena);
    memset(panel, 0, sizeof *panel);
}
