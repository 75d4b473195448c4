/* SPDX-License-Identifier: MIT */
/* check_alleles.c - coordinates against names: every allele is found again from its c. name through the exons of its gene, in both
 * builds. A single wrong digit in a table shows here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "advise/check.h"

/* ---- c. names ---- */

typedef struct coding { /* "c.2369C>T", "c.124-1G>A", "c.2236_2250del", "c.2310_2311insGGT" */
    int64_t from, from_offset, to, to_offset;
    const char *kind; /* what follows the positions */
} coding;

static bool read_position(const char **s, int64_t *pos, int64_t *offset)
{
    char *end;
    if (**s < '0' || **s > '9') return false;
    *pos = strtoll(*s, &end, 10);
    *offset = 0;
    if (*end == '+' || *end == '-') {
        const char sign = *end;
        const char *digits = end + 1;
        if (*digits < '0' || *digits > '9') return false;
        *offset = strtoll(digits, &end, 10);
        if (sign == '-') *offset = -*offset;
    }
    *s = end;
    return true;
}

static bool read_coding(const char *hgvs, coding *c)
{
    const char *s = hgvs;
    if (strncmp(s, "c.", 2)) return false;
    s += 2;
    if (!read_position(&s, &c->from, &c->from_offset)) return false;
    c->to = c->from;
    c->to_offset = c->from_offset;
    if (*s == '_') {
        s++;
        if (!read_position(&s, &c->to, &c->to_offset)) return false;
    }
    c->kind = s;
    return true;
}

int64_t cw_gene_place(const cw_known_gene *g, int build, int64_t c, int64_t offset)
{
    if (c < 1) return -1;
    int64_t left = c - 1;
    size_t n = g->n_cds[build];
    for (size_t i = 0; i < n; i++) {
        size_t e = g->strand == '+' ? i : n - 1 - i;
        int64_t length = g->cds_end[build][e] - g->cds_beg[build][e];
        if (left < length) return g->strand == '+' ? g->cds_beg[build][e] + left + offset : g->cds_end[build][e] - 1 - left - offset;
        left -= length;
    }
    return -1;
}

static char complement(char b)
{
    return b == 'A' ? 'T' : b == 'C' ? 'G' : b == 'G' ? 'C' : b == 'T' ? 'A' : b;
}

/* ---- one allele ---- */

static int64_t residue_number(const char *hgvsp)
{
    const char *s = hgvsp;
    if (!strncmp(s, "p.", 2)) s += 2;
    while (*s && (*s < '0' || *s > '9')) s++;
    return *s ? strtoll(s, NULL, 10) : -1;
}

static void check_substitution(const cw_known_alteration *a, const cw_known_gene *g, const coding *c, int b, const char *file, cw_issues *out)
{
    static const char *const builds[2] = {"GRCh37", "GRCh38"};
    const cw_place *p = &a->place[b];
    int64_t place = cw_gene_place(g, b, c->from, c->from_offset);
    bool reverse = g->strand == '-';
    char ref = c->kind[0], alt = strlen(c->kind) >= 3 ? c->kind[2] : '\0';
    if (place < 0) {
        cw_issue(out, file, a->line, "'%s': coding position %lld lies outside the CDS of %s in %s", a->id, (long long)c->from, g->gene, builds[b]);
        return;
    }
    if (place + 1 != p->pos1)
        cw_issue(out, file, a->line, "'%s': position %lld in %s, but %s through the exons is %lld", a->id, (long long)p->pos1, builds[b], a->hgvs_c, (long long)place + 1);
    if ((reverse ? complement(ref) : ref) != p->ref[0] || (reverse ? complement(alt) : alt) != p->alt[0])
        cw_issue(out, file, a->line, "'%s': bases %s>%s in %s are not those of %s on the %c strand", a->id, p->ref, p->alt, builds[b], a->hgvs_c, g->strand);
}

/* Longer changes may lie anywhere in a repeat, since VCF puts them to the left and HGVS to the 3' end: the place must be near. */
static void check_near(const cw_known_alteration *a, const cw_known_gene *g, const coding *c, int b, const char *file, cw_issues *out)
{
    const cw_place *p = &a->place[b];
    int64_t x = cw_gene_place(g, b, c->from, c->from_offset), y = cw_gene_place(g, b, c->to, c->to_offset), slack = 24 + (int64_t)strlen(p->ref) + (int64_t)strlen(p->alt);
    if (x < 0 || y < 0) {
        cw_issue(out, file, a->line, "'%s': %s lies outside the CDS of %s", a->id, a->hgvs_c, g->gene);
        return;
    }
    int64_t lo = x < y ? x : y, hi = x < y ? y : x;
    if (p->pos1 - 1 < lo - slack || p->pos1 - 1 > hi + slack)
        cw_issue(out, file, a->line, "'%s': position %lld is not near %s (%lld-%lld through the exons)", a->id, (long long)p->pos1, a->hgvs_c, (long long)lo + 1, (long long)hi + 1);
    int64_t net = (int64_t)strlen(p->alt) - (int64_t)strlen(p->ref), named = c->to - c->from + 1;
    if (!strcmp(c->kind, "del") && !c->from_offset && net != -named)
        cw_issue(out, file, a->line, "'%s': %s deletes %lld bases, REF and ALT differ by %lld", a->id, a->hgvs_c, (long long)named, (long long)-net);
    if (!strcmp(c->kind, "dup") && net != named)
        cw_issue(out, file, a->line, "'%s': %s doubles %lld bases, REF and ALT differ by %lld", a->id, a->hgvs_c, (long long)named, (long long)net);
    if (!strncmp(c->kind, "ins", 3) && net != (int64_t)strlen(c->kind + 3))
        cw_issue(out, file, a->line, "'%s': %s inserts %zu bases, REF and ALT differ by %lld", a->id, a->hgvs_c, strlen(c->kind + 3), (long long)net);
    if (!strncmp(c->kind, "delins", 6) && net != (int64_t)strlen(c->kind + 6) - named)
        cw_issue(out, file, a->line, "'%s': %s changes the length by %lld, REF and ALT by %lld", a->id, a->hgvs_c, (long long)((int64_t)strlen(c->kind + 6) - named), (long long)net);
}

static void check_residue(const cw_known_alteration *a, const coding *c, const char *file, cw_issues *out)
{
    int64_t residue = residue_number(a->hgvs_p), codon = (c->from + 2) / 3, slack = c->kind[0] && c->kind[1] == '>' ? 0 : 1 + (c->to - c->from + 1) / 3 + (int64_t)strlen(c->kind) / 3;
    if (residue < 0 || c->from_offset || strstr(a->hgvs_p, "splice")) return;
    if (strstr(a->hgvs_p, "fs")) slack += 4; /* named by the first residue that changes */
    if (codon < residue - slack || codon > residue + slack)
        cw_issue(out, file, a->line, "'%s': %s lies in codon %lld, but the name is %s", a->id, a->hgvs_c, (long long)codon, a->hgvs_p);
}

static const cw_known_gene *gene_of(const cw_knowledge *k, const char *gene)
{
    for (size_t i = 0; i < k->n_genes; i++)
        if (!strcmp(k->genes[i].gene, gene)) return &k->genes[i];
    return NULL;
}

static void check_type(const cw_known_alteration *a, const char *file, cw_issues *out)
{
    for (int b = 0; b < 2; b++)
        if (a->place[b].pos1 && cw_allele_type_of(a->place[b].ref, a->place[b].alt) != a->type)
            cw_issue(out, file, a->line, "'%s': type '%s', but REF and ALT are a %s", a->id, cw_allele_type_name(a->type),
                     cw_allele_type_name(cw_allele_type_of(a->place[b].ref, a->place[b].alt)));
}

static void check_one(const cw_knowledge *k, const cw_known_alteration *a, const char *file, cw_issues *out)
{
    const cw_known_gene *g = gene_of(k, a->gene);
    coding c;
    check_type(a, file, out);
    if (g && (a->place[0].pos1 || a->place[1].pos1) && strcmp(g->contig, a->contig))
        cw_issue(out, file, a->line, "'%s' lies on contig %s, its gene on %s", a->id, a->contig, g->contig);
    if (!*a->hgvs_c) return;
    if (!read_coding(a->hgvs_c, &c)) {
        cw_issue(out, file, a->line, "'%s': '%s' is not a coding name this program reads", a->id, a->hgvs_c);
        return;
    }
    check_residue(a, &c, file, out);
    bool substitution = strlen(c.kind) == 3 && c.kind[1] == '>';
    for (int b = 0; g && b < 2; b++) {
        if (!a->place[b].pos1 || !g->n_cds[b]) continue;
        if (substitution) check_substitution(a, g, &c, b, file, out);
        else check_near(a, g, &c, b, file, out);
    }
}

/* ---- all alleles together ---- */

static int by_place(const void *pa, const void *pb, void *context)
{
    int b = *(const int *)context;
    const cw_known_alteration *x = *(const cw_known_alteration *const *)pa, *y = *(const cw_known_alteration *const *)pb;
    int c = strcmp(x->contig, y->contig);
    if (c) return c;
    if (x->place[b].pos1 != y->place[b].pos1) return x->place[b].pos1 < y->place[b].pos1 ? -1 : 1;
    if ((c = strcmp(x->place[b].ref, y->place[b].ref)) != 0) return c;
    if ((c = strcmp(x->place[b].alt, y->place[b].alt)) != 0) return c;
    return (x->line > y->line) - (x->line < y->line);
}

/* Where two REFs overlap they must hold the same bases; the same change must not stand twice. */
static void check_overlaps(const cw_known_alteration **sorted, size_t n, int b, const char *file, cw_issues *out)
{
    static const char *const builds[2] = {"GRCh37", "GRCh38"};
    for (size_t i = 0; i < n; i++) {
        const cw_place *p = &sorted[i]->place[b];
        int64_t end = p->pos1 + (int64_t)strlen(p->ref);
        for (size_t j = i + 1; j < n && !strcmp(sorted[i]->contig, sorted[j]->contig) && sorted[j]->place[b].pos1 < end; j++) {
            const cw_place *q = &sorted[j]->place[b];
            if (p->pos1 == q->pos1 && !strcmp(p->ref, q->ref) && !strcmp(p->alt, q->alt)) {
                cw_issue(out, file, sorted[j]->line, "'%s' is the same change in %s as '%s' in line %zu", sorted[j]->id, builds[b], sorted[i]->id, sorted[i]->line);
                continue;
            }
            size_t shift = (size_t)(q->pos1 - p->pos1), m = strlen(p->ref) - shift;
            if (m > strlen(q->ref)) m = strlen(q->ref);
            if (memcmp(p->ref + shift, q->ref, m))
                cw_issue(out, file, sorted[j]->line, "'%s': reference bases in %s at %s:%lld differ from '%s' in line %zu", sorted[j]->id, builds[b], sorted[j]->contig,
                         (long long)q->pos1, sorted[i]->id, sorted[i]->line);
        }
    }
}

static void check_offset(const cw_known_alteration *rows, size_t n, const char *file, cw_issues *out)
{
    for (size_t i = 0; i < n; i++) {
        if (!rows[i].place[0].pos1 || !rows[i].place[1].pos1) continue;
        if (strcmp(rows[i].place[0].ref, rows[i].place[1].ref) || strcmp(rows[i].place[0].alt, rows[i].place[1].alt))
            cw_issue(out, file, rows[i].line, "'%s': the bases differ between the builds", rows[i].id);
        for (size_t j = 0; j < i; j++) { /* against the first of the gene that has both */
            if (strcmp(rows[j].gene, rows[i].gene) || !rows[j].place[0].pos1 || !rows[j].place[1].pos1) continue;
            int64_t a = rows[i].place[1].pos1 - rows[i].place[0].pos1, b = rows[j].place[1].pos1 - rows[j].place[0].pos1;
            if (*rows[i].gene && a != b)
                cw_issue(out, file, rows[i].line, "'%s': GRCh38 minus GRCh37 is %lld, elsewhere in %s it is %lld", rows[i].id, (long long)a, rows[i].gene, (long long)b);
            break;
        }
    }
}

int cw_check_alterations(const cw_knowledge *k, const cw_known_alteration *rows, size_t n, const char *file, cw_issues *out, cw_err *err)
{
    const cw_known_alteration **sorted = malloc((n ? n : 1) * sizeof(cw_known_alteration *));
    if (!sorted) return cw_err_nomem(err);
    for (size_t i = 0; i < n; i++) check_one(k, &rows[i], file, out);
    check_offset(rows, n, file, out);
    for (int b = 0; b < 2; b++) {
        size_t m = 0;
        for (size_t i = 0; i < n; i++)
            if (rows[i].place[b].pos1) sorted[m++] = &rows[i];
        qsort_r(sorted, m, sizeof *sorted, by_place, &b);
        check_overlaps(sorted, m, b, file, out);
    }
    free(sorted);
    return 0;
}

/* ---- gene models ---- */

static bool inside_exons(const cw_known_gene *g, int b, int64_t beg, int64_t end)
{
    for (size_t i = 0; i < g->n_exons[b]; i++)
        if (g->exon_beg[b][i] <= beg && end <= g->exon_end[b][i]) return true;
    return g->n_exons[b] == 0;
}

void cw_check_genes(const cw_knowledge *k, cw_issues *out)
{
    for (size_t i = 0; i < k->n_genes; i++) {
        const cw_known_gene *g = &k->genes[i];
        if (g->n_exons[0] && g->n_exons[1] && g->n_exons[0] != g->n_exons[1])
            cw_issue(out, "genes.tsv", g->line, "'%s' has %zu exons in GRCh37 and %zu in GRCh38", g->gene, g->n_exons[0], g->n_exons[1]);
        for (size_t e = 0; e < g->n_exons[0] && g->n_exons[0] == g->n_exons[1]; e++)
            if (g->exon_end[0][e] - g->exon_beg[0][e] != g->exon_end[1][e] - g->exon_beg[1][e])
                cw_issue(out, "genes.tsv", g->line, "exon %zu of '%s' differs in length between the builds", e + 1, g->gene);
        for (int b = 0; b < 2; b++) {
            int64_t bases = 0;
            for (size_t e = 0; e < g->n_cds[b]; e++) {
                bases += g->cds_end[b][e] - g->cds_beg[b][e];
                if (!inside_exons(g, b, g->cds_beg[b][e], g->cds_end[b][e])) cw_issue(out, "genes.tsv", g->line, "CDS part %zu of '%s' lies outside its exons", e + 1, g->gene);
            }
            if (bases % 3 && *g->transcript) /* fusion partners without a transcript of their own may be incomplete */
                cw_issue(out, "genes.tsv", g->line, "the CDS of '%s' has %lld bases, which is not a multiple of three", g->gene, (long long)bases);
        }
    }
}
