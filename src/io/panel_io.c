/* SPDX-License-Identifier: MIT */
/* panel_io.c - a panel folder into a cw_panel: panel.json chooses rows of the knowledge and may add rows of its own. */
#include "io/panel_io.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/json.h"
#include "base/parse.h"
#include "base/table.h"
#include "io/knowledge_rows.h"
#include "record/contigs.h"

static const char panel_schema[] = "clonewatch.panel/1";

/* Words of panel.json. Absent filters take everything. */
typedef struct filters { json_t *tumours, *genes, *roles; } filters;

static bool list_has(const json_t *list, const char *word)
{
    size_t i;
    json_t *v;
    json_array_foreach(list, i, v) if (json_is_string(v) && cw_ascii_equal(json_string_value(v), word)) return true;
    return false;
}

/* A row without tumour types, one for every tumour, and blood (CHIP must be told apart in any patient) belong to every panel. */
static bool tumour_wanted(const json_t *list, const char *tumours)
{
    if (!list || !*tumours) return true;
    char word[128];
    for (const char *p = tumours; *p;) {
        size_t n = strcspn(p, ";");
        if (n < sizeof word) {
            memcpy(word, p, n);
            word[n] = '\0';
            if (!strcmp(word, "pan-tumour") || !strncmp(word, "blood", 5) || list_has(list, word)) return true;
        }
        p += n + (p[n] == ';');
    }
    return false;
}

static bool wanted(const filters *f, const cw_known_alteration *a)
{
    return tumour_wanted(f->tumours, a->tumours) && (!f->genes || list_has(f->genes, a->gene)) && (!f->roles || list_has(f->roles, cw_role_name(a->role)));
}

static cw_allele allele_of(const cw_known_alteration *a, cw_build build, bool known)
{
    const cw_place *p = &a->place[build == CW_BUILD_GRCH38];
    cw_allele x = {.cwid = a->id, .gene = a->gene, .hgvsp = a->hgvs_p, .hgvsc = a->hgvs_c, .transcript = a->transcript, .mechanism = a->mechanism,
                   .node = a->node, .tumours = a->tumours, .aliases = a->aliases, .phase_group = "", .type = a->type, .role = a->role,
                   .known = known, .contig = a->contig, .beg = -1, .end = -1, .ref = "", .alt = ""};
    if (p->pos1) {
        x.has_locus = true;
        x.beg = p->pos1 - 1;
        x.end = x.beg + (int64_t)strlen(p->ref);
        x.ref = p->ref;
        x.alt = p->alt;
    }
    return x;
}

static const cw_known_alteration *row_by_id(const cw_known_alteration *rows, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(rows[i].id, id)) return &rows[i];
    return NULL;
}

/* The same change under another id is the same allele. */
static bool same_change(const cw_allele *a, const cw_allele *b)
{
    return a->has_locus && b->has_locus && a->beg == b->beg && !strcmp(a->contig, b->contig) && !strcmp(a->ref, b->ref) && !strcmp(a->alt, b->alt);
}

static int take_rows(cw_panel *panel, const filters *f, const cw_known_alteration *rows, size_t n, const cw_known_alteration *own, size_t n_own, cw_err *err)
{
    panel->alleles = cw_arena_alloc(panel->arena, n + n_own, sizeof *panel->alleles);
    if (!panel->alleles) return cw_err_nomem(err);
    for (size_t i = 0; i < n; i++)
        if (wanted(f, &rows[i])) panel->alleles[panel->n_alleles++] = allele_of(&rows[i], panel->build, true);
    for (size_t i = 0; i < n_own; i++) {
        const cw_known_alteration *k = row_by_id(rows, n, own[i].id);
        cw_allele x = allele_of(k ? k : &own[i], panel->build, k != NULL);
        bool there = false;
        for (size_t j = 0; j < panel->n_alleles && !there; j++)
            there = !strcmp(panel->alleles[j].cwid, x.cwid) || same_change(&panel->alleles[j], &x);
        if (!there) panel->alleles[panel->n_alleles++] = x;
    }
    return 0;
}

static bool gene_in_use(const cw_panel *panel, const char *gene)
{
    for (size_t i = 0; i < panel->n_alleles; i++)
        if (!strcmp(panel->alleles[i].gene, gene)) return true;
    return false;
}

static int take_genes(cw_panel *panel, const cw_known_gene *rows, size_t n, bool all, cw_err *err)
{
    int b = panel->build == CW_BUILD_GRCH38;
    panel->genes = cw_arena_alloc(panel->arena, n, sizeof *panel->genes);
    if (!panel->genes) return cw_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const cw_known_gene *g = &rows[i];
        if (!all && !gene_in_use(panel, g->gene)) continue;
        int64_t beg = g->beg[b], end = g->end[b];
        if (beg < 0 && g->n_cds[b]) beg = g->cds_beg[b][0], end = g->cds_end[b][g->n_cds[b] - 1]; /* UTR not known */
        if (beg < 0) continue;
        panel->genes[panel->n_genes++] = (cw_gene){.gene = g->gene, .transcript = g->transcript, .contig = g->contig, .node = g->node, .strand = g->strand,
            .beg = beg, .end = end, .exon_beg = g->exon_beg[b], .exon_end = g->exon_end[b], .n_exons = g->n_exons[b],
            .cds_beg = g->cds_beg[b], .cds_end = g->cds_end[b], .n_cds = g->n_cds[b]};
    }
    return 0;
}

static int read_snps(cw_panel *panel, const char *path, cw_err *err)
{
    cw_table t = {0};
    bool failed = false;
    int status = cw_table_read(&t, path, err);
    const char *pos_name = panel->build == CW_BUILD_GRCH38 ? "pos38" : "pos37";
    int rsid = -1, contig = -1, pos = -1, ref = -1, alt = -1, af = -1;
    if (status >= 0 && ((rsid = cw_table_require(&t, "rsid", err)) < 0 || (contig = cw_table_require(&t, "contig", err)) < 0 ||
                        (pos = cw_table_require(&t, pos_name, err)) < 0 || (ref = cw_table_require(&t, "ref", err)) < 0 ||
                        (alt = cw_table_require(&t, "alt", err)) < 0 || (af = cw_table_require(&t, "pop_af", err)) < 0))
        status = CW_EFORMAT;
    if (status >= 0 && !(panel->snps = cw_arena_alloc(panel->arena, t.n_rows, sizeof *panel->snps))) status = cw_err_nomem(err);
    for (size_t r = 0; status >= 0 && r < t.n_rows; r++) {
        cw_snp *s = &panel->snps[panel->n_snps++];
        const char *rb = cw_table_cell(&t, r, ref), *ab = cw_table_cell(&t, r, alt), *freq = cw_table_cell(&t, r, af);
        s->pop_af = NAN;
        int64_t p = 0;
        if (!cw_parse_i64(cw_table_cell(&t, r, pos), &p) || p < 1 || strlen(rb) != 1 || strlen(ab) != 1 || !strchr("ACGT", *rb) || !strchr("ACGT", *ab) ||
            (*freq && (!cw_parse_double(freq, &s->pop_af) || s->pop_af <= 0 || s->pop_af >= 1)))
            status = cw_err_set(err, CW_EFORMAT, "%s:%zu: SNP '%s' needs a position, two bases and a frequency between 0 and 1 (or none)", path, t.line[r],
                                cw_table_cell(&t, r, rsid));
        s->pos = p - 1;
        s->ref = *rb;
        s->alt = *ab;
        s->rsid = cw_row_text(panel->arena, &t, r, "rsid", &failed);
        s->contig = cw_row_text(panel->arena, &t, r, "contig", &failed);
    }
    cw_table_release(&t);
    return failed ? cw_err_nomem(err) : status < 0 ? status : 0;
}

/* BED without a header: contig, beg, end; further columns and browser/track lines are skipped. */
static int read_targets(cw_panel *panel, const char *path, cw_err *err)
{
    FILE *f = fopen(path, "r");
    if (!f) return cw_err_set(err, CW_EIO, "cannot open targets '%s'", path);
    size_t line = 0, cap = 0, room = 0;
    char *text = NULL;
    int status = 0;
    struct { const char **contig; int64_t *beg, *end; } old;
    while (status == 0 && getline(&text, &cap, f) >= 0) {
        char *rest = NULL, *contig = strtok_r(text, " \t\r\n", &rest), *beg = strtok_r(NULL, " \t\r\n", &rest), *end = strtok_r(NULL, " \t\r\n", &rest);
        int64_t b = 0, e = 0;
        line++;
        if (!contig || *contig == '#' || !strcmp(contig, "track") || !strcmp(contig, "browser")) continue;
        if (!beg || !end || !cw_parse_i64(beg, &b) || !cw_parse_i64(end, &e) || b < 0 || e <= b) {
            status = cw_err_set(err, CW_EFORMAT, "%s:%zu: '%s' is not followed by a begin and a larger end", path, line, contig);
            break;
        }
        if (panel->n_targets == room) {
            old.contig = panel->target_contig, old.beg = panel->target_beg, old.end = panel->target_end;
            room = room ? 2 * room : 256;
            panel->target_contig = cw_arena_alloc(panel->arena, room, sizeof *panel->target_contig);
            panel->target_beg = cw_arena_alloc(panel->arena, room, sizeof *panel->target_beg);
            panel->target_end = cw_arena_alloc(panel->arena, room, sizeof *panel->target_end);
            if (!panel->target_contig || !panel->target_beg || !panel->target_end) {
                status = cw_err_nomem(err);
                break;
            }
            for (size_t i = 0; i < panel->n_targets; i++)
                panel->target_contig[i] = old.contig[i], panel->target_beg[i] = old.beg[i], panel->target_end[i] = old.end[i];
        }
        if (!(panel->target_contig[panel->n_targets] = cw_arena_strdup(panel->arena, cw_plain_contig(contig)))) status = cw_err_nomem(err);
        panel->target_beg[panel->n_targets] = b;
        panel->target_end[panel->n_targets++] = e;
    }
    if (status == 0 && ferror(f)) status = cw_err_set(err, CW_EIO, "cannot read targets '%s'", path);
    if (status == 0 && panel->n_targets == 0) status = cw_err_set(err, CW_EFORMAT, "targets '%s' name no interval", path);
    free(text);
    fclose(f);
    return status;
}

static int check_keys(const json_t *doc, const char *path, cw_err *err)
{
    static const char *const known[] = {"schema", "name", "version", "description", "knowledge", "tumours", "genes", "roles", "alterations", "targets"};
    const char *key;
    json_t *v;
    if (!json_is_object(doc)) return cw_err_set(err, CW_EFORMAT, "'%s' is not a JSON object", path);
    json_object_foreach((json_t *)doc, key, v)
    {
        bool ok = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) ok |= !strcmp(key, known[i]);
        if (!ok) return cw_err_set(err, CW_EFORMAT, "%s:1: '%s' is not a word of panel.json; see panels/README.md", path, key);
        bool list = !strcmp(key, "tumours") || !strcmp(key, "genes") || !strcmp(key, "roles"), targets = !strcmp(key, "targets");
        if (!json_is_null(v) && (list ? !json_is_array(v) : targets ? !json_is_object(v) : !json_is_string(v)))
            return cw_err_set(err, CW_EFORMAT, "%s:1: the value of '%s' must be %s", path, key,
                              list ? "a list of words" : targets ? "an object of build and BED file" : "text");
    }
    const char *schema = cw_json_get_string(doc, "schema");
    if (strcmp(schema, panel_schema))
        return cw_err_set(err, CW_EFORMAT, "%s:1: panel schema '%s' is not read by this program; it needs '%s'", path, schema, panel_schema);
    if (!*cw_json_get_string(doc, "name") || !*cw_json_get_string(doc, "version"))
        return cw_err_set(err, CW_EFORMAT, "%s:1: a panel needs a 'name' and a 'version'", path);
    return 0;
}

static json_t *list_of(const json_t *doc, const char *key)
{
    json_t *v = json_object_get(doc, key);
    return json_is_array(v) ? v : NULL;
}

static int fill(cw_panel *panel, const json_t *doc, const char *dir, cw_err *err)
{
    filters f = {list_of(doc, "tumours"), list_of(doc, "genes"), list_of(doc, "roles")};
    const char *knowledge = cw_json_get_string(doc, "knowledge"), *own_name = cw_json_get_string(doc, "alterations");
    cw_known_alteration *rows = NULL, *own = NULL;
    cw_known_gene *genes = NULL;
    size_t n = 0, n_own = 0, n_genes = 0;
    cw_arena *a = panel->arena;
    int status = 0;
    panel->name = cw_arena_strdup(a, cw_json_get_string(doc, "name"));
    panel->version = cw_arena_strdup(a, cw_json_get_string(doc, "version"));
    panel->dir = cw_arena_strdup(a, dir);
    panel->knowledge_version = "";
    if (!panel->name || !panel->version || !panel->dir) return cw_err_nomem(err);
    if (*knowledge) {
        const char *kdir = cw_join_path(a, dir, knowledge), *p1 = kdir ? cw_join_path(a, kdir, "alterations.tsv") : NULL;
        const char *p2 = kdir ? cw_join_path(a, kdir, "genes.tsv") : NULL, *p3 = kdir ? cw_join_path(a, kdir, "snps.tsv") : NULL;
        if (!p1 || !p2 || !p3) return cw_err_nomem(err);
        if ((status = cw_read_knowledge_version(a, kdir, &panel->knowledge_version, err)) < 0 || (status = cw_read_alterations(a, p1, false, &rows, &n, err)) < 0 ||
            (status = cw_read_genes(a, p2, &genes, &n_genes, err)) < 0 || (status = read_snps(panel, p3, err)) < 0)
            return status;
    }
    if (*own_name) {
        const char *p = cw_join_path(a, dir, own_name);
        if (!p) return cw_err_nomem(err);
        if ((status = cw_read_alterations(a, p, true, &own, &n_own, err)) < 0) return status;
    }
    if ((status = take_rows(panel, &f, rows, n, own, n_own, err)) < 0) return status;
    if ((status = take_genes(panel, genes, n_genes, !f.tumours && !f.genes && !f.roles, err)) < 0) return status;
    const char *bed = cw_json_get_string(json_object_get(doc, "targets"), cw_build_name(panel->build));
    if (*bed) {
        const char *p = cw_join_path(a, dir, bed);
        if (!p) return cw_err_nomem(err);
        if ((status = read_targets(panel, p, err)) < 0) return status;
    }
    return cw_panel_index(panel, err);
}

int cw_panel_load(cw_panel *panel, const char *dir, cw_build build, cw_err *err)
{
    *panel = (cw_panel){.build = build};
    if (build != CW_BUILD_GRCH37 && build != CW_BUILD_GRCH38)
        return cw_err_set(err, CW_EUSAGE, "panel '%s' needs a genome build; give --build GRCh37 or GRCh38", dir);
    if (!(panel->arena = cw_arena_new())) return cw_err_nomem(err);
    json_t *doc = NULL;
    const char *path = cw_join_path(panel->arena, dir, "panel.json");
    int status = path ? cw_json_read(path, &doc, err) : cw_err_nomem(err);
    if (status == 0) status = check_keys(doc, path, err);
    if (status == 0) status = fill(panel, doc, dir, err);
    json_decref(doc);
    if (status < 0) cw_panel_release(panel);
    return status;
}

int cw_panel_own_rows(cw_arena *arena, const char *dir, cw_known_alteration **rows, size_t *n, const char **path, bool *has_knowledge, cw_err *err)
{
    json_t *doc = NULL;
    const char *file = cw_join_path(arena, dir, "panel.json");
    int status = file ? cw_json_read(file, &doc, err) : cw_err_nomem(err);
    *rows = NULL;
    *n = 0;
    *path = "";
    if (status == 0) status = check_keys(doc, file, err);
    *has_knowledge = status == 0 && *cw_json_get_string(doc, "knowledge");
    const char *own = status == 0 ? cw_json_get_string(doc, "alterations") : "";
    if (status == 0 && *own) {
        *path = cw_join_path(arena, dir, own);
        status = *path ? cw_read_alterations(arena, *path, true, rows, n, err) : cw_err_nomem(err);
    }
    json_decref(doc);
    return status;
}
