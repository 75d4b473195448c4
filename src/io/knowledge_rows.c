/* SPDX-License-Identifier: MIT */
/* knowledge_rows.c - rows of alterations.tsv and genes.tsv: every cell checked when it is read, errors with file:line. */
#include "io/knowledge_rows.h"

#include <string.h>
#include "base/parse.h"
#include "record/spelling.h"

static const char knowledge_schema[] = "clonewatch.knowledge/1";
static const char *const build_suffix[2] = {"37", "38"};

const char *cw_join_path(cw_arena *arena, const char *dir, const char *file)
{
    if (*file == '/') return cw_arena_strdup(arena, file);
    return cw_arena_printf(arena, "%s/%s", dir, file);
}

const char *cw_row_text(cw_arena *arena, const cw_table *table, size_t row, const char *column, bool *failed)
{
    const char *cell = cw_table_cell(table, row, cw_table_column(table, column));
    if (!*cell) return "";
    const char *copy = cw_arena_strdup(arena, cell);
    if (copy) return copy;
    *failed = true;
    return "";
}

int cw_read_knowledge_version(cw_arena *arena, const char *dir, const char **version, cw_err *err)
{
    cw_table t = {0};
    const char *path = cw_join_path(arena, dir, "version.tsv");
    if (!path) return cw_err_nomem(err);
    int status = cw_table_read(&t, path, err), key = -1, value = -1;
    if (status == 0 && (status = key = cw_table_require(&t, "key", err)) >= 0) status = value = cw_table_require(&t, "value", err);
    const char *schema = "";
    size_t line = 1;
    *version = "";
    for (size_t r = 0; status >= 0 && r < t.n_rows; r++) {
        const char *v = cw_table_cell(&t, r, value);
        if (!strcmp(cw_table_cell(&t, r, key), "schema")) schema = v, line = t.line[r];
        if (!strcmp(cw_table_cell(&t, r, key), "version") && !(*version = cw_arena_strdup(arena, v))) status = cw_err_nomem(err);
    }
    if (status >= 0 && strcmp(schema, knowledge_schema))
        status = cw_err_set(err, CW_EFORMAT, "%s:%zu: knowledge schema '%s' is not read by this program; it needs '%s'", path, line, schema, knowledge_schema);
    if (status >= 0 && !**version) status = cw_err_set(err, CW_EFORMAT, "%s:1: no version is named; add a row 'version'", path);
    cw_table_release(&t);
    return status < 0 ? status : 0;
}

static int row_error(const cw_table *t, size_t row, cw_err *err, const char *trouble, const char *subject)
{
    return cw_err_set(err, CW_EFORMAT, "%s:%zu: %s '%s'", t->path, t->line[row], trouble, subject);
}

static int read_place(cw_arena *arena, const cw_table *t, size_t row, const char *suffix, cw_place *p, cw_err *err)
{
    char pos[8], ref[8], alt[8];
    bool failed = false;
    memcpy(pos, "pos37", 6), memcpy(ref, "ref37", 6), memcpy(alt, "alt37", 6);
    memcpy(pos + 3, suffix, 2), memcpy(ref + 3, suffix, 2), memcpy(alt + 3, suffix, 2);
    const char *text = cw_table_cell(t, row, cw_table_column(t, pos));
    p->ref = cw_row_text(arena, t, row, ref, &failed);
    p->alt = cw_row_text(arena, t, row, alt, &failed);
    if (failed) return cw_err_nomem(err);
    if (!*text) {
        if (*p->ref || *p->alt) return row_error(t, row, err, "bases without a position in column", pos);
        return 0;
    }
    if (!cw_parse_i64(text, &p->pos1) || p->pos1 < 1 || p->pos1 > INT32_MAX) return row_error(t, row, err, "not a position:", text);
    if (!cw_are_bases(p->ref)) return row_error(t, row, err, "REF must be bases A C G T in upper case, not", p->ref);
    if (!cw_are_bases(p->alt)) return row_error(t, row, err, "ALT must be bases A C G T in upper case, not", p->alt);
    if (!strcmp(p->ref, p->alt)) return row_error(t, row, err, "REF and ALT are the same:", p->ref);
    return 0;
}

/* An id for a user's row that has none: what names it best, in the same form as the ids of the knowledge. */
static const char *made_id(cw_arena *arena, const cw_known_alteration *a)
{
    const char *change = *a->hgvs_c ? a->hgvs_c : a->hgvs_p;
    if (*a->gene && *change) return cw_arena_printf(arena, "%s:%s:%s", a->gene, a->transcript, change);
    const cw_place *p = a->place[1].pos1 ? &a->place[1] : &a->place[0];
    if (p->pos1) return cw_arena_printf(arena, "%s:%lld:%s:%s", a->contig, (long long)p->pos1, p->ref, p->alt);
    return "";
}

static int read_words(const cw_table *t, size_t row, bool own, cw_known_alteration *a, cw_err *err)
{
    const char *type = cw_table_cell(t, row, cw_table_column(t, "type")), *role = cw_table_cell(t, row, cw_table_column(t, "role"));
    const char *review = cw_table_cell(t, row, cw_table_column(t, "review"));
    const cw_place *p = a->place[1].pos1 ? &a->place[1] : &a->place[0];
    if (own && !*type) a->type = p->pos1 ? cw_allele_type_of(p->ref, p->alt) : CW_TYPE_OTHER;
    else if ((a->type = cw_allele_type_parse(type)) == CW_TYPE_UNKNOWN) return row_error(t, row, err, "unknown alteration type", type);
    if (own && !*role) a->role = CW_ROLE_TRACKER;
    else if (!cw_role_parse(role, &a->role)) return row_error(t, row, err, "unknown role", role);
    if (own && !*review) a->review = CW_REVIEW_UNREVIEWED;
    else if (!cw_review_parse(review, &a->review)) return row_error(t, row, err, "unknown review state", review);
    return 0;
}

static int read_alteration(cw_arena *arena, const cw_table *t, size_t row, bool own, cw_known_alteration *a, cw_err *err)
{
    bool failed = false;
    *a = (cw_known_alteration){.line = t->line[row]};
    const struct { const char *column, **to; } cells[] = {
        {"id", &a->id}, {"gene", &a->gene}, {"transcript", &a->transcript}, {"enst", &a->enst}, {"hgvs_c", &a->hgvs_c},
        {"hgvs_p", &a->hgvs_p}, {"aliases", &a->aliases}, {"mechanism", &a->mechanism}, {"node", &a->node}, {"tumours", &a->tumours},
        {"contig", &a->contig}, {"conditions", &a->conditions}, {"citation", &a->citation}, {"verified_by", &a->verified_by},
        {"confidence", &a->confidence}, {"open_question", &a->open_question}, {"note", &a->note}};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) *cells[i].to = cw_row_text(arena, t, row, cells[i].column, &failed);
    if (failed) return cw_err_nomem(err);
    for (int b = 0; b < 2; b++)
        if (read_place(arena, t, row, build_suffix[b], &a->place[b], err) < 0) return err ? err->code : CW_EFORMAT;
    bool placed = a->place[0].pos1 || a->place[1].pos1;
    if (placed && !*a->contig) return row_error(t, row, err, "a position without a contig for", a->id);
    if (!strncmp(a->contig, "chr", 3)) a->contig += 3; /* panels name contigs without chr; alignments are matched either way */
    if (own && !*a->id && !(a->id = made_id(arena, a))) return cw_err_nomem(err);
    if (!*a->id) return row_error(t, row, err, "an alteration needs an id, a gene with a change, or a place; row has", a->gene);
    if (strpbrk(a->id, " \t;,=%")) return row_error(t, row, err, "an id must not hold blanks ; , = or %, as it goes into VCF:", a->id);
    return read_words(t, row, own, a, err);
}

/* Ids must be unique; a sorted copy keeps this fast for big user panels. */
static int by_id(const void *a, const void *b)
{
    const cw_known_alteration *x = *(const cw_known_alteration *const *)a, *y = *(const cw_known_alteration *const *)b;
    int c = strcmp(x->id, y->id);
    return c ? c : (x->line > y->line) - (x->line < y->line);
}

static int refuse_duplicates(cw_known_alteration *rows, size_t n, const char *path, cw_err *err)
{
    cw_known_alteration **sorted = malloc((n ? n : 1) * sizeof(cw_known_alteration *));
    if (!sorted) return cw_err_nomem(err);
    for (size_t i = 0; i < n; i++) sorted[i] = &rows[i];
    qsort(sorted, n, sizeof *sorted, by_id);
    int status = 0;
    for (size_t i = 1; i < n && status == 0; i++)
        if (!strcmp(sorted[i]->id, sorted[i - 1]->id))
            status = cw_err_set(err, CW_EFORMAT, "%s:%zu: id '%s' stands already in line %zu", path, sorted[i]->line, sorted[i]->id, sorted[i - 1]->line);
    free(sorted);
    return status;
}

int cw_read_alterations(cw_arena *arena, const char *path, bool own, cw_known_alteration **rows, size_t *n, cw_err *err)
{
    static const char *const needed[] = {"id", "gene", "transcript", "hgvs_c", "hgvs_p", "aliases", "type", "role", "mechanism", "node", "tumours",
                                         "contig", "pos37", "ref37", "alt37", "pos38", "ref38", "alt38", "conditions", "citation", "review"};
    cw_table t = {0};
    int status = cw_table_read(&t, path, err);
    for (size_t i = 0; !own && status >= 0 && i < sizeof needed / sizeof *needed; i++) status = cw_table_require(&t, needed[i], err);
    if (status >= 0 && !(*rows = cw_arena_alloc(arena, t.n_rows, sizeof **rows))) status = cw_err_nomem(err);
    for (size_t r = 0; status >= 0 && r < t.n_rows; r++) status = read_alteration(arena, &t, r, own, &(*rows)[r], err);
    *n = t.n_rows;
    if (status >= 0) status = refuse_duplicates(*rows, *n, path, err);
    cw_table_release(&t);
    return status < 0 ? status : 0;
}

/* "10-20,30-45": 0-based half-open intervals, in order, none empty. */
static int read_intervals(cw_arena *arena, const cw_table *t, size_t row, const char *column, int64_t **beg, int64_t **end, size_t *n, cw_err *err)
{
    const char *cell = cw_table_cell(t, row, cw_table_column(t, column));
    *n = 0;
    if (!*cell) return 0;
    size_t count = 1;
    for (const char *p = cell; *p; p++) count += *p == ',';
    *beg = cw_arena_alloc(arena, count, sizeof **beg);
    *end = cw_arena_alloc(arena, count, sizeof **end);
    char *copy = cw_arena_strdup(arena, cell), *rest = NULL;
    if (!*beg || !*end || !copy) return cw_err_nomem(err);
    for (char *part = strtok_r(copy, ",", &rest); part; part = strtok_r(NULL, ",", &rest)) {
        char *dash = strchr(part, '-');
        if (dash) *dash = '\0';
        if (!dash || !cw_parse_i64(part, &(*beg)[*n]) || !cw_parse_i64(dash + 1, &(*end)[*n]) || (*beg)[*n] < 0 || (*end)[*n] <= (*beg)[*n] ||
            (*n && (*beg)[*n] < (*end)[*n - 1]))
            return row_error(t, row, err, "intervals must be BEG-END,BEG-END in order; trouble in column", column);
        ++*n;
    }
    return 0;
}

static int read_bound(const cw_table *t, size_t row, const char *column, int64_t *value, cw_err *err)
{
    const char *cell = cw_table_cell(t, row, cw_table_column(t, column));
    *value = -1;
    if (*cell && (!cw_parse_i64(cell, value) || *value < 0)) return row_error(t, row, err, "not a position:", cell);
    return 0;
}

static int read_gene(cw_arena *arena, const cw_table *t, size_t row, cw_known_gene *g, cw_err *err)
{
    static const char *const column[2][4] = {{"beg37", "end37", "exons37", "cds37"}, {"beg38", "end38", "exons38", "cds38"}};
    bool failed = false;
    *g = (cw_known_gene){.line = t->line[row]};
    const struct { const char *column, **to; } cells[] = {{"gene", &g->gene}, {"aliases", &g->aliases}, {"transcript", &g->transcript}, {"enst", &g->enst},
                                                          {"contig", &g->contig}, {"node", &g->node}, {"alteration_kinds", &g->kinds}};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) *cells[i].to = cw_row_text(arena, t, row, cells[i].column, &failed);
    if (failed) return cw_err_nomem(err);
    const char *strand = cw_table_cell(t, row, cw_table_column(t, "strand"));
    if (strcmp(strand, "+") && strcmp(strand, "-")) return row_error(t, row, err, "strand must be + or -, not", strand);
    g->strand = *strand;
    if (!*g->gene) return row_error(t, row, err, "a gene needs a name; contig", g->contig);
    for (int b = 0; b < 2; b++)
        if (read_bound(t, row, column[b][0], &g->beg[b], err) < 0 || read_bound(t, row, column[b][1], &g->end[b], err) < 0 ||
            read_intervals(arena, t, row, column[b][2], &g->exon_beg[b], &g->exon_end[b], &g->n_exons[b], err) < 0 ||
            read_intervals(arena, t, row, column[b][3], &g->cds_beg[b], &g->cds_end[b], &g->n_cds[b], err) < 0)
            return err && err->code ? err->code : CW_EFORMAT;
    return 0;
}

int cw_read_genes(cw_arena *arena, const char *path, cw_known_gene **rows, size_t *n, cw_err *err)
{
    cw_table t = {0};
    int status = cw_table_read(&t, path, err);
    if (status >= 0) status = cw_table_require(&t, "gene", err);
    if (status >= 0) status = cw_table_require(&t, "strand", err);
    if (status >= 0 && !(*rows = cw_arena_alloc(arena, t.n_rows, sizeof **rows))) status = cw_err_nomem(err);
    for (size_t r = 0; status >= 0 && r < t.n_rows; r++) {
        status = read_gene(arena, &t, r, &(*rows)[r], err);
        for (size_t i = 0; status >= 0 && i < r; i++)
            if (!strcmp((*rows)[i].gene, (*rows)[r].gene)) status = row_error(&t, r, err, "gene stands twice:", (*rows)[r].gene);
    }
    *n = t.n_rows;
    cw_table_release(&t);
    return status < 0 ? status : 0;
}
