/* SPDX-License-Identifier: MIT */
/* maf.c - Mutation Annotation Format: one row per variant and sample, alleles without anchor base ('-'), counts in t_ref_count
 * and t_alt_count (t_depth where the reference count is missing). */
#include <string.h>
#include "base/parse.h"
#include "base/table.h"
#include "import/variant_import.h"

typedef struct maf_columns { int gene, chrom, start, ref, alt1, alt2, sample, build, change, filter, k_ref, k_alt, depth; } maf_columns;

static int find_columns(const cw_table *t, maf_columns *c, cw_err *err)
{
    const struct { int *at; const char *name; } required[] = {
        {&c->chrom, "Chromosome"}, {&c->start, "Start_Position"}, {&c->ref, "Reference_Allele"}, {&c->alt2, "Tumor_Seq_Allele2"},
        {&c->sample, "Tumor_Sample_Barcode"}, {&c->k_alt, "t_alt_count"}};
    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if ((*required[i].at = cw_table_require(t, required[i].name, err)) < 0) return *required[i].at;
    c->gene = cw_table_column(t, "Hugo_Symbol");
    c->alt1 = cw_table_column(t, "Tumor_Seq_Allele1");
    c->build = cw_table_column(t, "NCBI_Build");
    c->change = cw_table_column(t, "HGVSp_Short");
    c->filter = cw_table_column(t, "FILTER");
    c->k_ref = cw_table_column(t, "t_ref_count");
    c->depth = cw_table_column(t, "t_depth");
    if (c->k_ref < 0 && c->depth < 0)
        return cw_err_set(err, CW_EFORMAT, "'%s' has neither column t_ref_count nor t_depth, so the molecules without the variant are not known", t->path);
    return 0;
}

static bool absent(const char *cell) { return !*cell || !strcmp(cell, ".") || !strcmp(cell, "NA") || !strcmp(cell, "-"); }

static int count_cell(const cw_table *t, size_t row, int column, int64_t *value, cw_err *err)
{
    const char *cell = cw_table_cell(t, row, column);
    *value = -1;
    if (absent(cell)) return 0;
    if (cw_parse_i64(cell, value) && *value >= 0 && *value <= 1000000000) return 0;
    return cw_err_set(err, CW_EFORMAT, "%s:%zu: %s '%s' is not a count", t->path, t->line[row], t->column[column], cell);
}

static bool bases_or_dash(const char *s) { return !strcmp(s, "-") || (*s && !s[strspn(s, "ACGTNacgtn")]); }

static int read_build(cw_imported *m, const cw_table *t, size_t row, int column, cw_err *err)
{
    const char *cell = cw_table_cell(t, row, column);
    cw_build build = CW_BUILD_UNKNOWN;
    if (!strcmp(cell, "37") || cw_ascii_equal(cell, "GRCh37") || cw_ascii_equal(cell, "hg19")) build = CW_BUILD_GRCH37;
    else if (!strcmp(cell, "38") || cw_ascii_equal(cell, "GRCh38") || cw_ascii_equal(cell, "hg38")) build = CW_BUILD_GRCH38;
    else if (*cell) return cw_err_set(err, CW_EFORMAT, "%s:%zu: NCBI_Build '%s' is neither GRCh37 nor GRCh38", t->path, t->line[row], cell);
    if (build != CW_BUILD_UNKNOWN && m->build != CW_BUILD_UNKNOWN && build != m->build)
        return cw_err_set(err, CW_EREFUSED, "%s:%zu: NCBI_Build differs from the rows before", t->path, t->line[row]);
    if (build != CW_BUILD_UNKNOWN) m->build = build;
    return 0;
}

static int read_row(cw_imported *m, const cw_table *t, size_t row, const maf_columns *c, cw_err *err)
{
    int64_t start, depth;
    const char *ref = cw_table_cell(t, row, c->ref), *alt = cw_table_cell(t, row, c->alt2), *cell = cw_table_cell(t, row, c->start);
    int status = read_build(m, t, row, c->build, err);
    if (status < 0) return status;
    if (!strcmp(ref, alt)) alt = cw_table_cell(t, row, c->alt1);
    if (!cw_parse_i64(cell, &start) || start < 1 || start > INT32_MAX)
        return cw_err_set(err, CW_EFORMAT, "%s:%zu: Start_Position '%s' is not a position", t->path, t->line[row], cell);
    if (!*cw_table_cell(t, row, c->chrom)) return cw_err_set(err, CW_EFORMAT, "%s:%zu: Chromosome is empty", t->path, t->line[row]);
    if (!bases_or_dash(ref) || !bases_or_dash(alt) || !strcmp(ref, alt))
        return cw_err_set(err, CW_EFORMAT, "%s:%zu: alleles '%s' and '%s' are not two different alleles of bases or '-'", t->path, t->line[row], ref, alt);
    cw_seen *s = cw_imported_add(m, err);
    if (!s) return CW_ENOMEM;
    bool insertion = !strcmp(ref, "-");
    s->line = t->line[row];
    s->beg = insertion ? start : start - 1; /* an insertion's Start_Position is the base before it */
    const char *filter = cw_table_cell(t, row, c->filter), *change = cw_table_cell(t, row, c->change);
    s->contig = cw_arena_strdup(m->arena, cw_table_cell(t, row, c->chrom));
    s->ref = insertion ? "" : cw_arena_strdup(m->arena, ref);
    s->alt = !strcmp(alt, "-") ? "" : cw_arena_strdup(m->arena, alt);
    s->gene = cw_arena_strdup(m->arena, cw_table_cell(t, row, c->gene));
    s->change = cw_arena_strdup(m->arena, change);
    s->filters = absent(filter) || !strcmp(filter, "PASS") ? "" : cw_arena_strdup(m->arena, filter);
    if (!s->contig || !s->ref || !s->alt || !s->gene || !s->change || !s->filters) return cw_err_nomem(err);
    if ((status = count_cell(t, row, c->k_ref, &s->k_ref, err)) < 0 || (status = count_cell(t, row, c->k_alt, &s->k_alt, err)) < 0 ||
        (status = count_cell(t, row, c->depth, &depth, err)) < 0)
        return status;
    s->depth = depth;
    if (s->k_alt >= 0 && s->k_ref < 0 && depth < s->k_alt)
        return cw_err_set(err, CW_EFORMAT, "%s:%zu: neither t_ref_count nor a t_depth of at least t_alt_count is given", t->path, t->line[row]);
    return 0;
}

int cw_import_maf(cw_imported *m, const char *path, const cw_import_source *source, cw_err *err)
{
    cw_table t = {0};
    maf_columns c;
    const char *sample = source->column;
    int status = cw_table_read(&t, path, err);
    if (status < 0) return status;
    if ((status = find_columns(&t, &c, err)) < 0) goto done;
    m->caller = "maf";
    for (size_t r = 0; r < t.n_rows; r++) {
        const char *name = cw_table_cell(&t, r, c.sample);
        if (!sample) sample = name;
        if (strcmp(sample, name)) {
            if (source->column) continue;
            status = cw_err_set(err, CW_EREFUSED, "%s:%zu: a second sample '%s' (the first is '%s'); name one with --sample", path, t.line[r], name, sample);
            goto done;
        }
        m->n_records++;
        if ((status = read_row(m, &t, r, &c, err)) < 0) goto done;
    }
    if (!m->n_records && source->column) {
        status = cw_err_set(err, CW_EFORMAT, "'%s' holds no row of sample '%s'", path, source->column);
        goto done;
    }
    if (!(m->sample = cw_arena_strdup(m->arena, sample ? sample : ""))) status = cw_err_nomem(err);
done:
    cw_table_release(&t);
    return status;
}
