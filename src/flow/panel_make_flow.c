/* SPDX-License-Identifier: MIT */
/* panel_make_flow.c - a panel folder from a list that a laboratory already has: VCF, TSV of coordinates, or TSV of gene and HGVS names. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <clonewatch/knowledge.h>
#include "advise/named.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/table.h"
#include "flow/panel_flow.h"
#include "io/knowledge_io.h"
#include "io/panel_io.h"
#include "record/contigs.h"

/* ---- by coordinates ---- */

static const cw_known_alteration *known_place(const cw_knowledge *k, const cw_site *s, int b)
{
    for (size_t i = 0; i < k->n_alterations; i++) {
        const cw_place *p = &k->alterations[i].place[b];
        if (p->pos1 == s->pos1 && !strcmp(k->alterations[i].contig, cw_plain_contig(s->contig)) && !strcmp(p->ref, s->ref) && !strcmp(p->alt, s->alt)) return &k->alterations[i];
    }
    return NULL;
}

/* What the list has and the panel will not, and coordinates that only make sense in the other genome. */
static void tell_sites(const cw_knowledge *k, const cw_site_list *sites, const char *input, cw_build build, const cw_log *log)
{
    size_t here = 0, there = 0;
    int b = build == CW_BUILD_GRCH38;
    for (size_t i = 0; i < sites->n; i++) {
        bool known = known_place(k, &sites->v[i], b) != NULL;
        here += known;
        there += !known && known_place(k, &sites->v[i], !b);
    }
    if (sites->n_symbolic)
        cw_log_say(log, CW_LOG_WARNING, "%zu allele(s) of '%s' are symbolic ('<DEL>', '*', a breakend): they cannot be counted by their bases and are left out", sites->n_symbolic, input);
    if (there > here)
        cw_log_say(log, CW_LOG_WARNING, "%zu allele(s) of '%s' stand in the knowledge at these coordinates of %s, %zu at those of %s: is --build right?", there, input,
                   cw_build_name(build == CW_BUILD_GRCH38 ? CW_BUILD_GRCH37 : CW_BUILD_GRCH38), here, cw_build_name(build));
}

static int from_sites(const cw_knowledge *k, cw_arena *arena, const char *input, cw_build build, cw_alteration_list *out, const cw_log *log, cw_err *err)
{
    cw_site_list list = {0};
    if (build == CW_BUILD_UNKNOWN) return cw_err_set(err, CW_EUSAGE, "'%s' holds coordinates: say of which genome with --build GRCh37 or GRCh38", input);
    int status = cw_sites_read(arena, input, &list, err), b = build == CW_BUILD_GRCH38;
    const cw_site *sites = list.v;
    if (status == 0 && list.build != CW_BUILD_UNKNOWN && list.build != build)
        status = cw_err_set(err, CW_EREFUSED, "'%s' is on %s by the contig lengths of its header, not on %s (--build)", input, cw_build_name(list.build), cw_build_name(build));
    if (status == 0) tell_sites(k, &list, input, build, log);
    if (status == 0 && !list.n) status = cw_err_set(err, CW_EFORMAT, "'%s' holds no allele that can be counted by its bases", input);
    for (size_t i = 0; status == 0 && i < list.n; i++) {
        const cw_known_alteration *x = known_place(k, &sites[i], b);
        if (x) {
            status = cw_alteration_list_add(out, *x, err);
            continue;
        }
        cw_known_alteration a = {.gene = sites[i].gene, .hgvs_p = sites[i].hgvsp, .contig = cw_plain_contig(sites[i].contig), .transcript = "", .hgvs_c = "", .aliases = "",
                                 .type = cw_allele_type_of(sites[i].ref, sites[i].alt), .role = CW_ROLE_TRACKER, .node = "", .mechanism = "", .tumours = ""};
        for (int other = 0; other < 2; other++) a.place[other] = (cw_place){0, "", ""};
        a.place[b] = (cw_place){sites[i].pos1, sites[i].ref, sites[i].alt};
        a.id = cw_arena_printf(arena, "%s:%" PRId64 ":%s:%s", a.contig, sites[i].pos1, sites[i].ref, sites[i].alt);
        status = a.id ? cw_alteration_list_add(out, a, err) : cw_err_nomem(err);
    }
    free(list.v);
    return status;
}

/* ---- by names ---- */

static int from_names(const cw_knowledge *k, cw_arena *arena, const cw_table *t, cw_alteration_list *out, cw_err *err)
{
    for (size_t r = 0; r < t->n_rows; r++) {
        int status = cw_alteration_by_name(k, arena, t, r, out, err);
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

static int write_rows(const char *path, const cw_alteration_list *r, cw_err *err)
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
static int read_list(const cw_knowledge *k, cw_arena *arena, const char *input, cw_build build, cw_alteration_list *out, const cw_log *log, cw_err *err)
{
    cw_table t = {0};
    cw_err quiet = {0};
    bool names = cw_table_read(&t, input, &quiet) == 0 && cw_table_column(&t, "pos") < 0 && cw_table_column(&t, "POS") < 0 &&
                 (cw_table_column(&t, "gene") >= 0 || cw_table_column(&t, "Gene") >= 0 || cw_table_column(&t, "Hugo_Symbol") >= 0 || cw_table_column(&t, "SYMBOL") >= 0);
    int status = names ? from_names(k, arena, &t, out, err) : from_sites(k, arena, input, build, out, log, err);
    cw_table_release(&t);
    return status;
}

int cw_flow_panel_make(const char *base_dir, const char *input, cw_build build, const char *name, const char *output_dir, const cw_log *log, cw_err *err)
{
    cw_knowledge k = {0};
    cw_alteration_list r = {0};
    cw_arena *arena = cw_arena_new();
    char *knowledge = NULL;
    int status = arena ? cw_knowledge_load(&k, base_dir, err) : cw_err_nomem(err);
    if (status == 0) status = read_list(&k, arena, input, build, &r, log, err);
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
