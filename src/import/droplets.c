/* SPDX-License-Identifier: MIT */
/* droplets.c - a table of droplet or digital PCR results, one row per alteration; columns in docs/commands/import.md.
 *
 * Droplets become copies by the Poisson correction: of n accepted droplets p positive ones hold -n ln(1 - p/n) copies. A row with
 * only a limit (lod) says "not found, would have been seen above it". */
#include <math.h>
#include <string.h>
#include "base/parse.h"
#include "base/table.h"
#include "import/variant_import.h"

typedef struct droplet_columns {
    int sample, cwid, gene, change, chrom, pos, ref, alt, mutant_positives, wildtype_positives, droplets, mutant_copies, wildtype_copies, lod;
} droplet_columns;

static int find_columns(const cw_table *t, droplet_columns *c, cw_err *err)
{
    const struct { int *at; const char *name; } columns[] = {
        {&c->sample, "sample"}, {&c->cwid, "cwid"}, {&c->gene, "gene"}, {&c->change, "change"}, {&c->chrom, "chrom"}, {&c->pos, "pos"},
        {&c->ref, "ref"}, {&c->alt, "alt"}, {&c->mutant_positives, "mutant_positives"}, {&c->wildtype_positives, "wildtype_positives"},
        {&c->droplets, "droplets"}, {&c->mutant_copies, "mutant_copies"}, {&c->wildtype_copies, "wildtype_copies"}, {&c->lod, "lod"}};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) *columns[i].at = cw_table_column(t, columns[i].name);
    bool named = c->cwid >= 0 || (c->gene >= 0 && c->change >= 0) || (c->chrom >= 0 && c->pos >= 0 && c->ref >= 0 && c->alt >= 0);
    bool counted = (c->mutant_positives >= 0 && c->wildtype_positives >= 0 && c->droplets >= 0) || (c->mutant_copies >= 0 && c->wildtype_copies >= 0);
    if (!named)
        return cw_err_set(err, CW_EFORMAT, "'%s' names no alterations: columns cwid, or gene and change, or chrom, pos, ref and alt are needed", t->path);
    if (!counted && c->lod < 0)
        return cw_err_set(err, CW_EFORMAT, "'%s' holds no counts: columns mutant_positives, wildtype_positives and droplets, or mutant_copies and wildtype_copies, or lod are needed", t->path);
    return 0;
}

static int number_cell(const cw_table *t, size_t row, int column, double *value, cw_err *err)
{
    const char *cell = cw_table_cell(t, row, column);
    *value = NAN;
    if (!*cell || !strcmp(cell, "NA")) return 0;
    if (cw_parse_double(cell, value) && *value >= 0 && *value <= 1e9) return 0;
    return cw_err_set(err, CW_EFORMAT, "%s:%zu: %s '%s' is not a number of at least 0", t->path, t->line[row], t->column[column], cell);
}

static int copies(const cw_table *t, size_t row, double positives, double droplets, int64_t *count, cw_err *err)
{
    if (!(positives < droplets))
        return cw_err_set(err, CW_EFORMAT, "%s:%zu: %g positive of %g droplets cannot be turned into copies; positives have to be fewer", t->path, t->line[row],
                          positives, droplets);
    *count = llround(-droplets * log1p(-positives / droplets));
    return 0;
}

/* Positives are whole; one positive droplet is at least one copy, so less than one is a concentration and would be rounded to none. */
static int check_numbers(const cw_table *t, size_t row, const droplet_columns *c, double mutant, double wildtype, double mutant_copies, double wildtype_copies, cw_err *err)
{
    const struct { int column; double positives, copies; } cells[] = {{c->mutant_positives, mutant, NAN}, {c->wildtype_positives, wildtype, NAN},
        {c->mutant_copies, NAN, mutant_copies}, {c->wildtype_copies, NAN, wildtype_copies}};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        const char *cell = cw_table_cell(t, row, cells[i].column);
        if (isfinite(cells[i].positives) && cells[i].positives != floor(cells[i].positives))
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: %s '%s' is not a whole number", t->path, t->line[row], t->column[cells[i].column], cell);
        if (cells[i].copies > 0 && cells[i].copies < 1)
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: %s '%s' is between 0 and 1; give the copies of the whole reaction, not of a volume of it", t->path, t->line[row],
                              t->column[cells[i].column], cell);
    }
    return 0;
}

static int read_counts(cw_seen *s, const cw_table *t, size_t row, const droplet_columns *c, cw_err *err)
{
    double mutant, wildtype, droplets, mutant_copies, wildtype_copies;
    const struct { int column; double *value; } cells[] = {{c->mutant_positives, &mutant}, {c->wildtype_positives, &wildtype}, {c->droplets, &droplets},
        {c->mutant_copies, &mutant_copies}, {c->wildtype_copies, &wildtype_copies}, {c->lod, &s->lod}};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        int status = number_cell(t, row, cells[i].column, cells[i].value, err);
        if (status < 0) return status;
    }
    if (s->lod <= 0 || s->lod > 1)
        return cw_err_set(err, CW_EFORMAT, "%s:%zu: lod '%g' is not a fraction above 0 and up to 1; write 0.1 %% as 0.001", t->path, t->line[row], s->lod);
    int status = check_numbers(t, row, c, mutant, wildtype, mutant_copies, wildtype_copies, err);
    if (status < 0) return status;
    if (isfinite(mutant_copies) && isfinite(wildtype_copies)) {
        s->k_alt = llround(mutant_copies);
        s->k_ref = llround(wildtype_copies);
        return 0;
    }
    if (isfinite(mutant) && isfinite(wildtype) && isfinite(droplets)) {
        status = copies(t, row, mutant, droplets, &s->k_alt, err);
        return status < 0 ? status : copies(t, row, wildtype, droplets, &s->k_ref, err);
    }
    /* What was seen of the mutant must not pass as "not found". */
    if (isfinite(mutant_copies))
        return cw_err_set(err, CW_EFORMAT, "%s:%zu: mutant_copies is given without wildtype_copies; give both, or the limit alone", t->path, t->line[row]);
    if (isfinite(mutant))
        return cw_err_set(err, CW_EFORMAT, "%s:%zu: mutant_positives is given without %s; give all of mutant_positives, wildtype_positives and droplets, or the limit alone",
                          t->path, t->line[row], isfinite(wildtype) ? "droplets" : "wildtype_positives");
    if (isfinite(s->lod)) return 0;
    return cw_err_set(err, CW_EFORMAT, "%s:%zu: neither droplets, copies nor a limit is given", t->path, t->line[row]);
}

static int read_name(cw_imported *m, cw_seen *s, const cw_table *t, size_t row, const droplet_columns *c, cw_err *err)
{
    const char *cwid = cw_table_cell(t, row, c->cwid), *chrom = cw_table_cell(t, row, c->chrom), *pos = cw_table_cell(t, row, c->pos);
    const char *ref = cw_table_cell(t, row, c->ref), *alt = cw_table_cell(t, row, c->alt);
    int64_t pos1;
    if (*cwid) {
        s->change = cw_arena_strdup(m->arena, cwid);
    } else if (*chrom) {
        if (!cw_parse_i64(pos, &pos1) || pos1 < 1 || pos1 > INT32_MAX)
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: pos '%s' is not a position", t->path, t->line[row], pos);
        if (!*ref || !*alt || ref[strspn(ref, "ACGTacgt")] || alt[strspn(alt, "ACGTacgt")])
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: ref '%s' and alt '%s' have to be bases, as in VCF", t->path, t->line[row], ref, alt);
        s->contig = cw_arena_strdup(m->arena, chrom);
        s->beg = pos1 - 1;
        s->ref = cw_arena_strdup(m->arena, ref);
        s->alt = cw_arena_strdup(m->arena, alt);
    } else {
        s->gene = cw_arena_strdup(m->arena, cw_table_cell(t, row, c->gene));
        s->change = cw_arena_strdup(m->arena, cw_table_cell(t, row, c->change));
        if (s->gene && s->change && (!*s->gene || !*s->change))
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: the row names no alteration", t->path, t->line[row]);
    }
    return s->gene && s->change && s->contig && s->ref && s->alt ? 0 : cw_err_nomem(err);
}

int cw_import_droplets(cw_imported *m, const char *path, const cw_import_source *source, cw_err *err)
{
    cw_table t = {0};
    droplet_columns c;
    const char *sample = source->column;
    int status = cw_table_read(&t, path, err);
    if (status < 0) return status;
    if ((status = find_columns(&t, &c, err)) < 0) goto done;
    m->caller = "droplets";
    for (size_t r = 0; r < t.n_rows; r++) {
        const char *name = cw_table_cell(&t, r, c.sample);
        if (c.sample >= 0 && !sample) sample = name;
        if (c.sample >= 0 && strcmp(sample, name)) {
            if (source->column) continue;
            status = cw_err_set(err, CW_EREFUSED, "%s:%zu: a second sample '%s' (the first is '%s'); name one with --sample", path, t.line[r], name, sample);
            goto done;
        }
        cw_seen *s = cw_imported_add(m, err);
        if (!s) {
            status = CW_ENOMEM;
            goto done;
        }
        m->n_records++;
        s->line = t.line[r];
        if ((status = read_name(m, s, &t, r, &c, err)) < 0 || (status = read_counts(s, &t, r, &c, err)) < 0) goto done;
    }
    if (!(m->sample = cw_arena_strdup(m->arena, sample ? sample : ""))) status = cw_err_nomem(err);
done:
    cw_table_release(&t);
    return status;
}
