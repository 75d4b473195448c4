/* SPDX-License-Identifier: MIT */
/* panel_lists.c - the alleles of a panel as a table, its places as BED. */
#include "report/panel_lists.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/table.h"
#include "record/contigs.h"

static int show_allele(FILE *f, cw_arena *arena, const cw_allele *a, cw_err *err)
{
    char pos[32] = "";
    if (a->has_locus) snprintf(pos, sizeof pos, "%" PRId64, a->beg + 1);
    const char *cells[] = {a->cwid, a->gene, a->hgvsp, a->hgvsc, a->aliases, cw_allele_type_name(a->type), cw_role_name(a->role), a->mechanism, a->node, a->tumours,
                           a->has_locus ? a->contig : "", pos, a->ref, a->alt, a->known ? "knowledge" : "own"};
    return cw_tsv_put(f, arena, cells, sizeof cells / sizeof *cells, err);
}

int cw_report_panel_alleles(FILE *f, const cw_panel *panel, const char *gene, cw_err *err)
{
    int status = 0;
    fprintf(f, "# panel %s version %s, knowledge %s, %s; coordinates 1-based\n", panel->name, panel->version, *panel->knowledge_version ? panel->knowledge_version : "none",
            cw_build_name(panel->build));
    fputs("id\tgene\thgvs_p\thgvs_c\taliases\ttype\trole\tmechanism\tnode\ttumours\tcontig\tpos\tref\talt\tfrom\n", f);
    for (size_t i = 0; status == 0 && i < panel->n_alleles; i++)
        if (!gene || !strcmp(panel->alleles[i].gene, gene)) status = show_allele(f, panel->arena, &panel->alleles[i], err);
    return status;
}

typedef struct interval { const char *contig; int64_t beg, end; const char *name; } interval;

static int by_place(const void *pa, const void *pb)
{
    const interval *a = pa, *b = pb;
    int ra = cw_contig_rank(a->contig), rb = cw_contig_rank(b->contig), c;
    if (ra != rb) return ra < rb ? -1 : 1;
    if ((c = strcmp(a->contig, b->contig)) != 0) return c;
    if (a->beg != b->beg) return a->beg < b->beg ? -1 : 1;
    if (a->end != b->end) return a->end < b->end ? -1 : 1;
    return strcmp(a->name, b->name);
}

static size_t gather(const cw_panel *p, const cw_panel_bed_conf *conf, interval *v)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_genes && conf->exons; i++)
        for (size_t e = 0; e < p->genes[i].n_cds; e++) v[n++] = (interval){p->genes[i].contig, p->genes[i].cds_beg[e], p->genes[i].cds_end[e], p->genes[i].gene};
    for (size_t i = 0; i < p->n_alleles; i++) {
        const cw_allele *a = &p->alleles[i];
        if (a->has_locus) v[n++] = (interval){a->contig, a->beg, a->end, *a->gene ? a->gene : a->cwid};
    }
    for (size_t i = 0; i < p->n_snps && !conf->no_snps; i++) v[n++] = (interval){p->snps[i].contig, p->snps[i].pos, p->snps[i].pos + 1, p->snps[i].rsid};
    for (size_t i = 0; i < n; i++) {
        v[i].beg = v[i].beg > conf->pad_bp ? v[i].beg - conf->pad_bp : 0;
        v[i].end += conf->pad_bp;
        int c = cw_contig_find(v[i].contig);
        int64_t length = c >= 0 ? cw_contig_length(conf->build, (size_t)c) : 0;
        if (length && v[i].end > length) v[i].end = length;
    }
    return n;
}

int cw_report_panel_bed(FILE *f, const cw_panel *panel, const cw_panel_bed_conf *conf, size_t *n, cw_err *err)
{
    size_t room = panel->n_alleles + panel->n_snps + 1;
    for (size_t i = 0; i < panel->n_genes; i++) room += panel->genes[i].n_cds;
    interval *v = malloc(room * sizeof *v);
    if (!v) return cw_err_nomem(err);
    *n = gather(panel, conf, v);
    if (*n) qsort(v, *n, sizeof *v, by_place);
    for (size_t i = 0; i < *n;) { /* overlapping and touching intervals are one */
        interval m = v[i];
        for (i++; i < *n && !strcmp(v[i].contig, m.contig) && v[i].beg <= m.end; i++)
            if (v[i].end > m.end) m.end = v[i].end;
        fprintf(f, "%s%s\t%" PRId64 "\t%" PRId64 "\t%s\n", conf->chr ? "chr" : "", conf->chr && !strcmp(m.contig, "MT") ? "M" : m.contig, m.beg, m.end, m.name);
    }
    free(v);
    return 0;
}
