/* SPDX-License-Identifier: MIT */
/* background_io.c - background model out and in. */
#include "io/background_io.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"
#include "base/parse.h"
#include "base/table.h"

static const char FORMAT[] = "clonewatch background model 1";

/* Empty cells: not known. */
static void put_count(FILE *f, int64_t x, bool known)
{
    if (known) fprintf(f, "%" PRId64, x);
    fputc('\t', f);
}

static void put_pair(FILE *f, double x, double y, const char *end)
{
    if (x > 0) fprintf(f, "%.6g\t%.6g%s", x, y, end);
    else fprintf(f, "\t%s", end);
}

int cw_background_write(const cw_background *b, const char *path, cw_err *err)
{
    cw_out out;
    int status = cw_out_open(&out, path, err);
    if (status < 0) return status;
    FILE *f = out.file;
    fprintf(f, "# %s\n# name: %s\n# level: %s\n# build: %s\n# normals: %" PRId64 "\n# omega_hat: %.6g\n# omega:", FORMAT, b->id, b->level, cw_build_name(b->build), b->normals,
            b->set.omega_hat);
    for (size_t i = 0; i < b->set.n_omega; i++) fprintf(f, " %.6g", b->set.omega[i]);
    fprintf(f, "\n");
    if (isfinite(b->offtarget_lo)) fprintf(f, "# offtarget_range: %.6g %.6g\n", b->offtarget_lo, b->offtarget_hi);
    fprintf(f, "kind\tname\tcontig\tpos\tref\talt\tsites\tmolecules\tmutants\tforward\treverse\trate\tnu\ta\tb\t"
               "molecules_forward\tmolecules_reverse\trate_forward\tnu_forward\trate_reverse\tnu_reverse\ta_forward\tb_forward\ta_reverse\tb_reverse\n");
    for (size_t i = 0; i < b->n_classes; i++) {
        const cw_bg_class *c = &b->classes[i];
        fprintf(f, "class\t%s\t\t\t\t\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t", c->name, c->sites, c->molecules, c->mutants);
        for (int x = 0; x < CW_STRANDS; x++) put_count(f, c->strand[x].mutants, c->strand[x].mu > 0);
        fprintf(f, "%.6g\t%.6g\t\t\t", c->mu, c->nu);
        for (int x = 0; x < CW_STRANDS; x++) put_count(f, c->strand[x].molecules, c->strand[x].mu > 0);
        for (int x = 0; x < CW_STRANDS; x++) put_pair(f, c->strand[x].mu, c->strand[x].nu, "\t");
        fprintf(f, "\t\t\t\n");
    }
    for (size_t i = 0; i < b->n_sites; i++) {
        const cw_bg_site *s = &b->sites[i];
        fprintf(f, "site\t\t%s\t%" PRId64 "\t%s\t%s\t\t%" PRId64 "\t%" PRId64 "\t", s->contig, s->beg + 1, s->ref, s->alt, s->molecules, s->mutants);
        for (int x = 0; x < CW_STRANDS; x++) put_count(f, s->strand[x].mutants, s->strand[x].a > 0);
        fprintf(f, "%.6g\t\t%.6g\t%.6g\t", s->a / s->b, s->a, s->b);
        for (int x = 0; x < CW_STRANDS; x++) put_count(f, s->strand[x].molecules, s->strand[x].a > 0);
        fprintf(f, "\t\t\t\t");
        for (int x = 0; x < CW_STRANDS; x++) put_pair(f, s->strand[x].a, s->strand[x].b, x + 1 < CW_STRANDS ? "\t" : "\n");
    }
    return cw_out_commit(&out, err);
}

/* "# key: value" among the comments; NULL when absent. */
static const char *comment(const cw_table *t, const char *key)
{
    size_t n = strlen(key);
    for (size_t i = 0; i < t->n_comments; i++) {
        const char *c = t->comment[i] + strspn(t->comment[i], " ");
        if (!strncmp(c, key, n) && c[n] == ':') return c + n + 1 + strspn(c + n + 1, " ");
    }
    return NULL;
}

static int number(const cw_table *t, size_t r, const char *column, double *x, cw_err *err)
{
    const char *cell = cw_table_cell(t, r, cw_table_column(t, column));
    if (cw_parse_double(cell, x) && *x > 0 && isfinite(*x)) return 0;
    return cw_err_set(err, CW_EFORMAT, "%s:%zu: %s '%.40s' is not a number above 0", t->path, t->line[r], column, cell);
}

static int count(const cw_table *t, size_t r, const char *column, int64_t *x, cw_err *err)
{
    const char *cell = cw_table_cell(t, r, cw_table_column(t, column));
    *x = 0;
    if (!*cell || (cw_parse_i64(cell, x) && *x >= 0)) return 0;
    return cw_err_set(err, CW_EFORMAT, "%s:%zu: %s '%.40s' is not a count", t->path, t->line[r], column, cell);
}

static const struct { const char *mutants, *molecules, *rate, *nu, *a, *b; } strand_column[CW_STRANDS] = {
    {"forward", "molecules_forward", "rate_forward", "nu_forward", "a_forward", "b_forward"},
    {"reverse", "molecules_reverse", "rate_reverse", "nu_reverse", "a_reverse", "b_reverse"}};

/* Counts and rate of one strand, the latter in the columns x and y of the row's kind; a row without both rates is one of unknown rates. */
static int read_strand(const cw_table *t, size_t r, int strand, const char *x_name, const char *y_name, double *x, double *y, int64_t *molecules, int64_t *mutants, cw_err *err)
{
    const char *k_name = strand_column[strand].mutants, *n_name = strand_column[strand].molecules;
    *x = *y = 0;
    if (count(t, r, k_name, mutants, err) < 0 || count(t, r, n_name, molecules, err) < 0) return CW_EFORMAT;
    if (!*cw_table_cell(t, r, cw_table_column(t, x_name)) && !*cw_table_cell(t, r, cw_table_column(t, y_name))) return 0;
    if (number(t, r, x_name, x, err) < 0 || number(t, r, y_name, y, err) < 0) return CW_EFORMAT;
    if (*mutants <= *molecules) return 0;
    return cw_err_set(err, CW_EFORMAT, "%s:%zu: %s %" PRId64 " is more than %s %" PRId64, t->path, t->line[r], k_name, *mutants, n_name, *molecules);
}

static int numbers_of(const cw_table *t, const char *key, double *x, size_t most, size_t *n, cw_err *err)
{
    const char *text = comment(t, key);
    char copy[256], *save = NULL;
    *n = 0;
    if (!text) return 0;
    if (strlen(text) >= sizeof copy) return cw_err_set(err, CW_EFORMAT, "%s: '# %s:' is too long", t->path, key);
    memcpy(copy, text, strlen(text) + 1);
    for (char *cell = strtok_r(copy, " ", &save); cell; cell = strtok_r(NULL, " ", &save)) {
        if (*n == most || !cw_parse_double(cell, &x[*n]) || !(x[*n] > 0)) return cw_err_set(err, CW_EFORMAT, "%s: '# %s: %.60s' is not a list of at most %zu numbers above 0", t->path, key, text, most);
        ++*n;
    }
    return 0;
}

static int read_head(const cw_table *t, cw_background *b, cw_err *err)
{
    const char *name = comment(t, "name"), *level = comment(t, "level"), *build = comment(t, "build"), *normals = comment(t, "normals");
    double range[2], hat[1];
    size_t n;
    if (!t->n_comments || strcmp(t->comment[0] + strspn(t->comment[0], " "), FORMAT))
        return cw_err_set(err, CW_EFORMAT, "%s:1: this is not a background model; the first line must be '# %s' (make one with 'clonewatch background')", t->path, FORMAT);
    if (!name || !*name || !level) return cw_err_set(err, CW_EFORMAT, "%s: the lines '# name:' and '# level:' are needed", t->path);
    b->id = cw_arena_printf(b->arena, "%s-%.12s", name, t->sha256);
    b->level = cw_arena_strdup(b->arena, level);
    if (!b->id || !b->level) return cw_err_nomem(err);
    b->build = cw_build_parse(build);
    if (normals && !cw_parse_i64(normals, &b->normals)) return cw_err_set(err, CW_EFORMAT, "%s: '# normals: %.40s' is not a count", t->path, normals);
    b->set.model = b->id;
    b->offtarget_lo = b->offtarget_hi = NAN;
    if (numbers_of(t, "omega_hat", hat, 1, &n, err) < 0) return CW_EFORMAT;
    if (n != 1) return cw_err_set(err, CW_EFORMAT, "%s: the line '# omega_hat: NUMBER' is needed", t->path);
    b->set.omega_hat = hat[0];
    if (numbers_of(t, "omega", b->set.omega, sizeof b->set.omega / sizeof *b->set.omega, &b->set.n_omega, err) < 0) return CW_EFORMAT;
    if (!b->set.n_omega) return cw_err_set(err, CW_EFORMAT, "%s: the line '# omega: NUMBER ...' is needed", t->path);
    if (numbers_of(t, "offtarget_range", range, 2, &n, err) < 0) return CW_EFORMAT;
    if (n == 2) b->offtarget_lo = range[0], b->offtarget_hi = range[1];
    return 0;
}

static int read_class(const cw_table *t, size_t r, cw_background *b, cw_err *err)
{
    cw_bg_class *c = &b->classes[b->n_classes++];
    c->name = cw_arena_strdup(b->arena, cw_table_cell(t, r, cw_table_column(t, "name")));
    if (!c->name) return cw_err_nomem(err);
    if (!*c->name) return cw_err_set(err, CW_EFORMAT, "%s:%zu: a class needs a name", t->path, t->line[r]);
    for (size_t i = 0; i + 1 < b->n_classes; i++)
        if (!strcmp(b->classes[i].name, c->name)) return cw_err_set(err, CW_EFORMAT, "%s:%zu: class '%s' stands twice", t->path, t->line[r], c->name);
    if (number(t, r, "rate", &c->mu, err) < 0 || number(t, r, "nu", &c->nu, err) < 0 || count(t, r, "sites", &c->sites, err) < 0 || count(t, r, "molecules", &c->molecules, err) < 0 ||
        count(t, r, "mutants", &c->mutants, err) < 0)
        return CW_EFORMAT;
    for (int x = 0; x < CW_STRANDS; x++) {
        struct cw_bg_class_strand *s = &c->strand[x];
        if (read_strand(t, r, x, strand_column[x].rate, strand_column[x].nu, &s->mu, &s->nu, &s->molecules, &s->mutants, err) < 0) return CW_EFORMAT;
    }
    return 0;
}

static int read_site(const cw_table *t, size_t r, cw_background *b, cw_err *err)
{
    cw_bg_site *s = &b->sites[b->n_sites++];
    int64_t pos1;
    s->contig = cw_arena_strdup(b->arena, cw_table_cell(t, r, cw_table_column(t, "contig")));
    s->ref = cw_arena_strdup(b->arena, cw_table_cell(t, r, cw_table_column(t, "ref")));
    s->alt = cw_arena_strdup(b->arena, cw_table_cell(t, r, cw_table_column(t, "alt")));
    if (!s->contig || !s->ref || !s->alt) return cw_err_nomem(err);
    if (!*s->contig || !*s->ref || !*s->alt || !cw_parse_i64(cw_table_cell(t, r, cw_table_column(t, "pos")), &pos1) || pos1 < 1)
        return cw_err_set(err, CW_EFORMAT, "%s:%zu: a site needs contig, pos, ref and alt", t->path, t->line[r]);
    s->beg = pos1 - 1;
    if (number(t, r, "a", &s->a, err) < 0 || number(t, r, "b", &s->b, err) < 0 || count(t, r, "molecules", &s->molecules, err) < 0 || count(t, r, "mutants", &s->mutants, err) < 0)
        return CW_EFORMAT;
    for (int x = 0; x < CW_STRANDS; x++) {
        struct cw_bg_site_strand *own = &s->strand[x];
        if (read_strand(t, r, x, strand_column[x].a, strand_column[x].b, &own->a, &own->b, &own->molecules, &own->mutants, err) < 0) return CW_EFORMAT;
    }
    return 0;
}

static int compare_sites(const void *a, const void *b) { return cw_bg_site_compare(a, b); }

static int read_rows(const cw_table *t, cw_background *b, cw_err *err)
{
    static const char *const needed[] = {"kind", "name", "contig", "pos", "ref", "alt", "rate", "nu", "a", "b"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (cw_table_require(t, needed[i], err) < 0) return CW_EFORMAT;
    b->classes = cw_arena_alloc(b->arena, t->n_rows, sizeof *b->classes);
    b->sites = cw_arena_alloc(b->arena, t->n_rows, sizeof *b->sites);
    if (!b->classes || !b->sites) return cw_err_nomem(err);
    for (size_t r = 0; r < t->n_rows; r++) {
        const char *kind = cw_table_cell(t, r, cw_table_column(t, "kind"));
        int status = !strcmp(kind, "class") ? read_class(t, r, b, err) : !strcmp(kind, "site") ? read_site(t, r, b, err)
                     : cw_err_set(err, CW_EFORMAT, "%s:%zu: kind '%.40s' is neither class nor site", t->path, t->line[r], kind);
        if (status < 0) return status;
    }
    qsort(b->sites, b->n_sites, sizeof *b->sites, compare_sites);
    for (size_t i = 1; i < b->n_sites; i++)
        if (!compare_sites(&b->sites[i - 1], &b->sites[i]))
            return cw_err_set(err, CW_EFORMAT, "%s: the site %s:%" PRId64 " %s>%s stands twice", t->path, b->sites[i].contig, b->sites[i].beg + 1, b->sites[i].ref, b->sites[i].alt);
    return b->n_classes ? 0 : cw_err_set(err, CW_EFORMAT, "%s: the model has no class", t->path);
}

int cw_background_read(cw_background *b, const char *path, cw_err *err)
{
    cw_table t = {0};
    memset(b, 0, sizeof *b);
    int status = cw_table_read(&t, path, err);
    if (status < 0) return status;
    b->arena = cw_arena_new();
    status = b->arena ? read_head(&t, b, err) : cw_err_nomem(err);
    if (status == 0) status = read_rows(&t, b, err);
    cw_table_release(&t);
    if (status < 0) cw_background_release(b);
    return status;
}
