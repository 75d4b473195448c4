/* SPDX-License-Identifier: MIT */
/* calls_vcf_meta.c - the header of a calls file: background, panel, draw, read filter, phase, fingerprint. */
#include "io/calls_vcf_meta.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/mem.h"
#include "base/parse.h"

typedef cw_calls_reader reader;

#define FAIL(r, ...) cw_calls_fail(r, CW_EFORMAT, __VA_ARGS__)

int cw_calls_fail(cw_calls_reader *r, int code, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return r->line ? cw_err_set(r->err, code, "%s:%zu: %s", r->path, r->line, text) : cw_err_set(r->err, code, "%s: %s", r->path, text);
}

/* Value of key in "<key=value,key="value">": 1 and the unquoted copy, 0 when the key is absent. */
static int header_value(reader *r, const char *line, const char *key, const char **value)
{
    const char *p = strchr(line, '<');
    for (size_t n; p && *p && *p != '>'; ) {
        const char *name = ++p;
        n = strcspn(p, "=,>");
        p += n;
        if (*p != '=') continue;
        bool hit = n == strlen(key) && !strncmp(name, key, n), quoted = *++p == '"';
        const char *start = quoted ? ++p : p;
        char *copy = cw_arena_strdup(r->c->arena, start), *to = copy;
        if (!copy) return cw_err_nomem(r->err);
        for (; *p && (quoted ? *p != '"' : *p != ',' && *p != '>'); p++) {
            if (quoted && *p == '\\' && p[1]) p++;
            *to++ = *p;
        }
        *to = '\0';
        if (quoted && *p == '"') p++;
        if (hit) {
            *value = copy;
            return 1;
        }
    }
    return 0;
}

static int header_word(reader *r, const char *line, const char *key, const char **value)
{
    const char *found = "";
    int got = header_value(r, line, key, &found);
    if (got == 1) *value = found;
    return got < 0 ? got : 0;
}

static int header_real(reader *r, const char *line, const char *key, double *value)
{
    const char *word;
    int got = header_value(r, line, key, &word);
    if (got <= 0) return got;
    return cw_parse_double(word, value) ? 0 : FAIL(r, "header value '%s=%.40s' is not a number", key, word);
}

static int header_count(reader *r, const char *line, const char *key, int64_t *value)
{
    const char *word;
    int got = header_value(r, line, key, &word);
    if (got <= 0) return got;
    return cw_parse_i64(word, value) ? 0 : FAIL(r, "header value '%s=%.40s' is not a whole number", key, word);
}

/* Comma-separated counts; *values in the arena. */
static int header_counts(reader *r, const char *line, const char *key, int64_t **values, size_t *n)
{
    const char *word = "";
    int got = header_value(r, line, key, &word);
    if (got <= 0) return got;
    size_t cells = 1;
    for (const char *p = word; *p; p++) cells += *p == ',';
    char *copy = cw_arena_strdup(r->c->arena, word), *save = NULL;
    *values = cw_arena_alloc(r->c->arena, cells, sizeof **values);
    if (!copy || !*values) return cw_err_nomem(r->err);
    *n = 0;
    for (char *cell = strtok_r(copy, ",", &save); cell; cell = strtok_r(NULL, ",", &save))
        if (!cw_parse_i64(cell, &(*values)[(*n)++])) return FAIL(r, "header value '%s': '%.40s' is not a whole number", key, cell);
    return 0;
}

static int read_background(reader *r, const char *line)
{
    cw_background_set *b = &r->c->background;
    const char *omega = NULL, *flag = "0";
    char *save = NULL;
    double w = NAN;
    if (r->has_background) return FAIL(r, "second ##clonewatch_background line");
    b->omega_hat = NAN;
    b->model = "";
    if (header_real(r, line, "omega_hat", &b->omega_hat) < 0 || header_word(r, line, "omega", &omega) < 0 || header_word(r, line, "model", &b->model) < 0 ||
        header_word(r, line, "default", &flag) < 0)
        return CW_EFORMAT;
    b->is_default = !strcmp(flag, "1");
    if (!(b->omega_hat >= 0 && b->omega_hat <= 10)) return FAIL(r, "##clonewatch_background needs omega_hat=NUMBER between 0 and 10");
    if (!omega) return FAIL(r, "##clonewatch_background needs omega=\"NUMBER,...\"");
    char *copy = cw_arena_strdup(r->c->arena, omega);
    if (!copy) return cw_err_nomem(r->err);
    b->n_omega = 0;
    for (char *cell = strtok_r(copy, ",", &save); cell; cell = strtok_r(NULL, ",", &save)) {
        if (!cw_parse_double(cell, &w) || !(w >= 0 && w <= 10)) return FAIL(r, "omega '%.40s' is not a number between 0 and 10", cell);
        if (b->n_omega == sizeof b->omega / sizeof *b->omega) return FAIL(r, "more than %zu values of omega", sizeof b->omega / sizeof *b->omega);
        b->omega[b->n_omega++] = w;
    }
    if (!b->n_omega) return FAIL(r, "##clonewatch_background needs omega=\"NUMBER,...\"");
    r->has_background = true;
    return 0;
}

static int read_filter_tallies(reader *r, const char *line)
{
    cw_read_filter *f = &r->c->filter;
    const struct { const char *key; int64_t *value; } part[] = {
        {"reads", &f->reads}, {"used", &f->used}, {"unmapped", &f->unmapped}, {"secondary", &f->secondary}, {"supplementary", &f->supplementary},
        {"qc_fail", &f->qc_fail}, {"duplicate", &f->duplicate}, {"low_mapq", &f->low_mapq}, {"no_sequence", &f->no_sequence},
        {"no_quality", &f->no_quality}, {"adapter_bases", &f->adapter_bases}, {"unpaired_names", &f->unpaired_names}};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        if (header_count(r, line, part[i].key, part[i].value) < 0) return CW_EFORMAT;
    return 0;
}

static int read_phase(reader *r, const char *line)
{
    cw_calls *c = r->c;
    if (cw_grow((void **)&c->phase, &r->phase_cap, c->n_phase + 1, sizeof *c->phase, r->err) < 0) return CW_ENOMEM;
    cw_phase *p = &c->phase[c->n_phase];
    *p = (cw_phase){.cwid_a = "", .cwid_b = ""};
    if (header_word(r, line, "a", &p->cwid_a) < 0 || header_word(r, line, "b", &p->cwid_b) < 0 || header_count(r, line, "both", &p->both) < 0 ||
        header_count(r, line, "only_a", &p->only_a) < 0 || header_count(r, line, "only_b", &p->only_b) < 0 || header_count(r, line, "neither", &p->neither) < 0)
        return CW_EFORMAT;
    c->n_phase++;
    return 0;
}

static int read_draw(reader *r, const char *line)
{
    cw_calls *c = r->c;
    if (header_word(r, line, "caller", &c->caller) < 0 || header_word(r, line, "level", &c->level) < 0 ||
        header_word(r, line, "consensus", &c->consensus_found) < 0 || header_count(r, line, "molecules", &c->molecules) < 0 ||
        header_real(r, line, "plasma_ml", &c->plasma_ml) < 0 || header_real(r, line, "cfdna_ng", &c->cfdna_ng) < 0 ||
        header_real(r, line, "noise", &c->noise_rate) < 0 || header_count(r, line, "noise_bases", &c->noise_bases) < 0 ||
        header_count(r, line, "fragment_q10", &c->fragment_q10) < 0 || header_count(r, line, "fragment_median", &c->fragment_median) < 0 ||
        header_count(r, line, "fragment_q90", &c->fragment_q90) < 0)
        return CW_EFORMAT;
    return 0;
}

static int read_fingerprint(reader *r, const char *line)
{
    cw_calls *c = r->c;
    size_t n[3] = {0, 0, 0};
    if (header_counts(r, line, "ref", &c->snp_ref, &n[0]) < 0 || header_counts(r, line, "alt", &c->snp_alt, &n[1]) < 0 ||
        header_counts(r, line, "other", &c->snp_other, &n[2]) < 0)
        return CW_EFORMAT;
    if (n[0] != n[1] || n[0] != n[2]) return FAIL(r, "##clonewatch_fingerprint has lists of different lengths");
    c->n_snps = n[0];
    return 0;
}

static int read_reference(reader *r, const char *line)
{
    cw_calls *c = r->c;
    if (cw_grow((void **)&c->reference, &r->reference_cap, c->n_references + 1, sizeof *c->reference, r->err) < 0) return CW_ENOMEM;
    cw_reference_note *x = &c->reference[c->n_references];
    *x = (cw_reference_note){"", "", "", "", "", ""};
    if (header_word(r, line, "input", &x->input) < 0 || header_word(r, line, "fasta", &x->fasta) < 0 || header_word(r, line, "md5_by_dict", &x->md5_by_dict) < 0 ||
        header_word(r, line, "md5_by_fasta", &x->md5_by_fasta) < 0 || header_word(r, line, "md5_not_compared", &x->md5_not_compared) < 0 ||
        header_word(r, line, "no_md5", &x->no_md5) < 0)
        return CW_EFORMAT;
    c->n_references++;
    return 0;
}

static int read_panel(reader *r, const char *line)
{
    const char *build = "";
    if (header_word(r, line, "name", &r->c->panel) < 0 || header_word(r, line, "version", &r->c->panel_version) < 0 || header_word(r, line, "build", &build) < 0)
        return CW_EFORMAT;
    r->c->build = cw_build_parse(build);
    return 0;
}

int cw_calls_read_meta(cw_calls_reader *r, const char *line)
{
    static const char ours[] = "##clonewatch_";
    if (strncmp(line, ours, sizeof ours - 1)) return 0;
    const char *key = line + sizeof ours - 1, *equals = strchr(key, '=');
    size_t n = equals ? (size_t)(equals - key) : 0;
#define IS(word) (n == sizeof word - 1 && !strncmp(key, word, n))
    if (IS("background")) return read_background(r, line);
    if (IS("readFilter")) return read_filter_tallies(r, line);
    if (IS("phase")) return read_phase(r, line);
    if (IS("draw")) return read_draw(r, line);
    if (IS("fingerprint")) return read_fingerprint(r, line);
    if (IS("panel")) return read_panel(r, line);
    if (IS("reference")) return read_reference(r, line);
    if (IS("callAlpha") && !cw_parse_double(equals + 1, &r->c->call_alpha)) return FAIL(r, "##clonewatch_callAlpha '%.40s' is not a number", equals + 1);
    if (IS("input"))
        return header_word(r, line, "name", &r->c->input_name) < 0 || header_word(r, line, "sha256", &r->c->input_sha256) < 0 ? CW_EFORMAT : 0;
#undef IS
    return 0;
}
