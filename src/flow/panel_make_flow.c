/* SPDX-License-Identifier: MIT */
/* panel_make_flow.c - a panel folder from a list that a laboratory already has: VCF, TSV of coordinates, or TSV of gene and HGVS names. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <clonewatch/knowledge.h>
#include "advise/check.h"
#include "advise/names.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/table.h"
#include "flow/panel_flow.h"
#include "io/knowledge_io.h"
#include "io/panel_io.h"
#include "record/contigs.h"

typedef struct rows { cw_known_alteration *v; size_t n, cap; } rows;

static int add(rows *r, cw_known_alteration a, cw_err *err)
{
    for (size_t i = 0; i < r->n; i++)
        if (!strcmp(r->v[i].id, a.id)) return 0; /* listed twice: kept once */
    if (cw_grow((void **)&r->v, &r->cap, r->n + 1, sizeof *r->v, err) < 0) return CW_ENOMEM;
    r->v[r->n++] = a;
    return 0;
}

/* ---- by coordinates ---- */

static const cw_known_alteration *known_place(const cw_knowledge *k, const cw_site *s, int b)
{
    for (size_t i = 0; i < k->n_alterations; i++) {
        const cw_place *p = &k->alterations[i].place[b];
        if (p->pos1 == s->pos1 && !strcmp(k->alterations[i].contig, cw_plain_contig(s->contig)) && !strcmp(p->ref, s->ref) && !strcmp(p->alt, s->alt)) return &k->alterations[i];
    }
    return NULL;
}

static int from_sites(const cw_knowledge *k, cw_arena *arena, const char *input, cw_build build, rows *out, cw_err *err)
{
    cw_site *sites = NULL;
    size_t n = 0;
    if (build == CW_BUILD_UNKNOWN) return cw_err_set(err, CW_EUSAGE, "'%s' holds coordinates: say of which genome with --build GRCh37 or GRCh38", input);
    int status = cw_sites_read(arena, input, &sites, &n, err), b = build == CW_BUILD_GRCH38;
    for (size_t i = 0; status == 0 && i < n; i++) {
        const cw_known_alteration *x = known_place(k, &sites[i], b);
        if (x) {
            status = add(out, *x, err);
            continue;
        }
        cw_known_alteration a = {.gene = sites[i].gene, .hgvs_p = sites[i].hgvsp, .contig = cw_plain_contig(sites[i].contig), .transcript = "", .hgvs_c = "", .aliases = "",
                                 .type = cw_allele_type_of(sites[i].ref, sites[i].alt), .role = CW_ROLE_TRACKER, .node = "", .mechanism = "", .tumours = ""};
        for (int other = 0; other < 2; other++) a.place[other] = (cw_place){0, "", ""};
        a.place[b] = (cw_place){sites[i].pos1, sites[i].ref, sites[i].alt};
        a.id = cw_arena_printf(arena, "%s:%" PRId64 ":%s:%s", a.contig, sites[i].pos1, sites[i].ref, sites[i].alt);
        status = a.id ? add(out, a, err) : cw_err_nomem(err);
    }
    free(sites);
    return status;
}

/* ---- by names ---- */

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

static int by_name(const cw_knowledge *k, cw_arena *arena, const cw_table *t, size_t row, rows *out, cw_err *err)
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
        if (add(out, *x, err) < 0) return CW_ENOMEM;
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
    return add(out, a, err);
}

static int from_names(const cw_knowledge *k, cw_arena *arena, const cw_table *t, rows *out, cw_err *err)
{
    for (size_t r = 0; r < t->n_rows; r++) {
        int status = by_name(k, arena, t, r, out, err);
        if (status < 0) return status;
    }
    return out->n ? 0 : cw_err_set(err, CW_EFORMAT, "'%s' names no alteration", t->path);
}

/* ---- writing ---- */

static void put_place(FILE *f, const cw_place *p)
{
    if (p->pos1) fprintf(f, "\t%" PRId64 "\t%s\t%s", p->pos1, p->ref, p->alt);
    else fputs("\t\t\t", f);
}

static int write_rows(const char *path, const rows *r, cw_err *err)
{
    cw_out out = {0};
    int status = cw_out_open(&out, path, err);
    if (status == 0) {
        fputs("id\tgene\ttranscript\thgvs_c\thgvs_p\ttype\trole\tcontig\tpos37\tref37\talt37\tpos38\tref38\talt38\n", out.file);
        for (size_t i = 0; i < r->n; i++) {
            const cw_known_alteration *a = &r->v[i];
            fprintf(out.file, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", a->id, a->gene, a->transcript, a->hgvs_c, a->hgvs_p, cw_allele_type_name(a->type), cw_role_name(a->role), a->contig);
            put_place(out.file, &a->place[0]);
            put_place(out.file, &a->place[1]);
            fputc('\n', out.file);
        }
        status = cw_out_commit(&out, err);
    }
    cw_out_abort(&out);
    return status;
}

static int write_json(const char *path, const char *name, const char *knowledge, cw_err *err)
{
    cw_json j = {0};
    json_t *o = cw_json_object(&j);
    cw_json_set_string(&j, o, "schema", "clonewatch.panel/1");
    cw_json_set_string(&j, o, "name", name);
    cw_json_set_string(&j, o, "version", "1");
    cw_json_set_string(&j, o, "knowledge", knowledge);
    cw_json_set(&j, o, "genes", cw_json_array(&j)); /* nothing of the knowledge but what the list names */
    cw_json_set_string(&j, o, "alterations", "alterations.tsv");
    int status = cw_json_failed(&j, err);
    if (status == 0) status = cw_json_write(o, 2, path, err);
    json_decref(o);
    return status;
}

/* Names or coordinates? A table without a column of positions is one of names. */
static int read_list(const cw_knowledge *k, cw_arena *arena, const char *input, cw_build build, rows *out, cw_err *err)
{
    cw_table t = {0};
    cw_err quiet = {0};
    bool names = cw_table_read(&t, input, &quiet) == 0 && cw_table_column(&t, "pos") < 0 && cw_table_column(&t, "POS") < 0 &&
                 (cw_table_column(&t, "gene") >= 0 || cw_table_column(&t, "Gene") >= 0 || cw_table_column(&t, "Hugo_Symbol") >= 0 || cw_table_column(&t, "SYMBOL") >= 0);
    int status = names ? from_names(k, arena, &t, out, err) : from_sites(k, arena, input, build, out, err);
    cw_table_release(&t);
    return status;
}

int cw_flow_panel_make(const char *base_dir, const char *input, cw_build build, const char *name, const char *output_dir, const cw_log *log, cw_err *err)
{
    cw_knowledge k = {0};
    rows r = {0};
    cw_arena *arena = cw_arena_new();
    char *knowledge = NULL;
    int status = arena ? cw_knowledge_load(&k, base_dir, err) : cw_err_nomem(err);
    if (status == 0) status = read_list(&k, arena, input, build, &r, err);
    if (status == 0 && !(knowledge = realpath(k.dir, NULL))) status = cw_err_set(err, CW_EIO, "cannot find the knowledge folder '%s'", k.dir);
    const char *rows_path = arena ? cw_arena_printf(arena, "%s/alterations.tsv", output_dir) : NULL, *json_path = arena ? cw_arena_printf(arena, "%s/panel.json", output_dir) : NULL;
    if (status == 0 && (!rows_path || !json_path)) status = cw_err_nomem(err);
    if (status == 0) status = cw_make_folder(output_dir, err);
    if (status == 0) status = write_rows(rows_path, &r, err);
    if (status == 0) status = write_json(json_path, name, knowledge, err);
    if (status == 0) {
        size_t known = 0;
        for (size_t i = 0; i < r.n; i++) known += *r.v[i].mechanism != '\0';
        cw_log_say(log, CW_LOG_INFO, "panel '%s': %zu alleles, %zu of them in the knowledge", name, r.n, known);
    }
    free(knowledge);
    free(r.v);
    cw_knowledge_release(&k);
    cw_arena_free(arena);
    return status;
}
