/* SPDX-License-Identifier: MIT */
/* named.c - an alteration by its gene and HGVS name: a row of the knowledge, or a substitution placed through the gene's exons. */
#include "advise/named.h"

#include <stdlib.h>
#include <string.h>
#include "advise/check.h"
#include "advise/names.h"

int cw_alteration_list_add(cw_alteration_list *r, cw_known_alteration a, cw_err *err)
{
    for (size_t i = 0; i < r->n; i++)
        if (!strcmp(r->v[i].id, a.id)) return 0; /* listed twice: kept once */
    if (cw_grow((void **)&r->v, &r->cap, r->n + 1, sizeof *r->v, err) < 0) return CW_ENOMEM;
    r->v[r->n++] = a;
    return 0;
}

static char complement(char b) { return b == 'A' ? 'T' : b == 'C' ? 'G' : b == 'G' ? 'C' : b == 'T' ? 'A' : 'N'; }

/* A substitution "c.35G>A" in a gene whose exons are known has its place in both builds without any reference. */
static bool place_substitution(cw_arena *arena, const cw_known_gene *g, const char *hgvs, cw_known_alteration *a)
{
    char *end;
    const char *s = strncmp(hgvs, "c.", 2) ? hgvs : hgvs + 2;
    long long c = strtoll(s, &end, 10), offset = 0;
    if (end == s || c < 1) return false;
    if (*end == '+' || *end == '-') offset = strtoll(end, &end, 10);
    if (strlen(end) != 3 || end[1] != '>' || !strchr("ACGT", end[0]) || !strchr("ACGT", end[2])) return false;
    bool reverse = g->strand == '-';
    char ref[2] = {reverse ? complement(end[0]) : end[0], '\0'}, alt[2] = {reverse ? complement(end[2]) : end[2], '\0'};
    bool any = false;
    for (int b = 0; b < 2; b++) {
        int64_t at = cw_gene_place(g, b, c, offset);
        a->place[b] = (cw_place){at >= 0 ? at + 1 : 0, at >= 0 ? cw_arena_strdup(arena, ref) : "", at >= 0 ? cw_arena_strdup(arena, alt) : ""};
        if (!a->place[b].ref || !a->place[b].alt) return false;
        any |= at >= 0;
    }
    return any;
}

static const char *first_cell(const cw_table *t, size_t row, const char *const *columns)
{
    for (; *columns; columns++) {
        const char *cell = cw_table_cell(t, row, cw_table_column(t, *columns));
        if (*cell) return cell;
    }
    return "";
}

static bool is_change(const cw_known_alteration *x, const char *name)
{
    size_t n = strlen(name);
    if (cw_same_change(x->hgvs_c, strlen(x->hgvs_c), name, n) || cw_same_change(x->hgvs_p, strlen(x->hgvs_p), name, n)) return true;
    const char *rest = x->aliases;
    for (cw_part p; cw_part_next(&rest, ';', &p);)
        if (cw_same_change(p.s, p.n, name, n)) return true;
    return false;
}

int cw_alteration_by_name(const cw_knowledge *k, cw_arena *arena, const cw_table *t, size_t row, cw_alteration_list *out, cw_err *err)
{
    static const char *const genes[] = {"gene", "Gene", "Hugo_Symbol", "SYMBOL", NULL}, *const cs[] = {"hgvs_c", "hgvsc", "HGVSc", NULL};
    static const char *const ps[] = {"hgvs_p", "hgvsp", "HGVSp_Short", "HGVSp", "hgvs", "HGVS", "change", NULL};
    const char *gene = first_cell(t, row, genes), *c = first_cell(t, row, cs), *p = first_cell(t, row, ps);
    size_t before = out->n, matched = 0;
    const char *colon = strrchr(c, ':');
    if (colon) c = colon + 1; /* "NM_...:c.35G>A" */
    colon = strrchr(p, ':');
    if (colon) p = colon + 1;
    if (!strncmp(p, "c.", 2) && !*c) c = p, p = "";
    char *one = cw_arena_alloc(arena, strlen(p) + 1, 1);
    if (!one) return cw_err_nomem(err);
    (void)cw_one_letter(p, strlen(p), one);
    p = one;
    const cw_known_gene *g = NULL;
    for (size_t i = 0; i < k->n_genes && !g; i++)
        if (cw_same_name(k->genes[i].gene, strlen(k->genes[i].gene), gene, strlen(gene))) g = &k->genes[i];
    if (!g) return cw_err_set(err, CW_EFORMAT, "%s:%zu: gene '%s' is not in the knowledge; give its alleles by coordinates", t->path, t->line[row], gene);
    for (size_t i = 0; i < k->n_alterations; i++) {
        const cw_known_alteration *x = &k->alterations[i];
        if (strcmp(x->gene, g->gene) || !(*c ? is_change(x, c) : *p && is_change(x, p))) continue;
        matched++;
        if (cw_alteration_list_add(out, *x, err) < 0) return CW_ENOMEM;
    }
    if (matched || out->n > before) return 0;
    cw_known_alteration a = {.gene = g->gene, .transcript = g->transcript, .contig = g->contig, .node = g->node, .mechanism = "", .tumours = "", .aliases = "",
                             .type = CW_TYPE_SNV, .role = CW_ROLE_TRACKER};
    a.hgvs_c = cw_arena_strdup(arena, c);
    a.hgvs_p = cw_arena_strdup(arena, p);
    a.id = cw_arena_printf(arena, "%s:%s:%s", g->gene, g->transcript, c);
    if (!a.hgvs_c || !a.hgvs_p || !a.id) return cw_err_nomem(err);
    if (!*c || !place_substitution(arena, g, c, &a))
        return cw_err_set(err, CW_EFORMAT, "%s:%zu: '%s %s' is not in the knowledge, and only substitutions by their c. name can be placed; give it by coordinates", t->path,
                          t->line[row], gene, *c ? c : p);
    return cw_alteration_list_add(out, a, err);
}
