/* SPDX-License-Identifier: MIT */
/* vcf_text.c - VCF and BCF as lines of text; damage is an error, never an early end. */
#include "import/vcf_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <htslib/bgzf.h>
#include <htslib/hfile.h>
#include <htslib/hts.h>
#include <htslib/kstring.h>
#include <htslib/vcf.h>
#include "base/parse.h"
#include "import/vcf_rules.h"

enum { MAX_LINE = 1 << 28, MAX_COLUMNS = 1 << 20 };

typedef struct cw_vcf_source {
    BGZF *text;          /* VCF: plain, gzip or bgzip */
    htsFile *binary;     /* BCF */
    bcf_hdr_t *header;
    bcf1_t *record;
    kstring_t line, head;
    char block[1 << 16]; size_t at, filled; /* VCF: bytes read and not yet cut into lines */
    size_t head_at;      /* BCF: next line of the header text */
    size_t columns_cap, meta_cap, info_cap, format_cap, filter_cap, alt_cap, contig_cap;
    cw_vcf_rules *rules; /* strict only */
} cw_vcf_source;

static int open_binary(cw_vcf_text *t, hFILE *file, cw_err *err)
{
    cw_vcf_source *s = t->source;
    s->binary = hts_hopen(file, t->path, "r");
    if (!s->binary) {
        hclose_abruptly(file);
        return cw_err_set(err, CW_EIO, "cannot read '%s': not a sound BCF file", t->path);
    }
    s->header = bcf_hdr_read(s->binary);
    s->record = bcf_init();
    if (!s->header) return cw_err_set(err, CW_EFORMAT, "'%s': the BCF header cannot be read", t->path);
    if (!s->record) return cw_err_nomem(err);
    if (bcf_hdr_format(s->header, 0, &s->head) < 0) return cw_err_nomem(err);
    return 0;
}

static int open_source(cw_vcf_text *t, cw_err *err)
{
    struct stat st;
    cw_vcf_source *s = t->source;
    if (strcmp(t->path, "-") && stat(t->path, &st) != 0) return cw_err_set(err, CW_EIO, "cannot open '%s': %s", t->path, strerror(errno));
    if (strcmp(t->path, "-") && S_ISDIR(st.st_mode)) return cw_err_set(err, CW_EIO, "'%s' is a folder, not a file", t->path);
    hFILE *file = hopen(t->path, "r");
    if (!file) return cw_err_set(err, CW_EIO, "cannot open '%s': %s", t->path, strerror(errno));
    htsFormat format;
    if (hts_detect_format(file, &format) < 0) {
        hclose_abruptly(file);
        return cw_err_set(err, CW_EIO, "cannot read '%s': %s", t->path, strerror(errno));
    }
    if (format.format == bcf) {
        int status = open_binary(t, file, err);
        if (status == 0 && hts_check_EOF(t->source->binary) == 0)
            status = cw_err_set(err, CW_EIO, "'%s' is cut short: its end-of-file block is missing; copy or make it again", t->path);
        return status;
    }
    if (format.format == bam || format.format == cram || format.format == sam) {
        hclose_abruptly(file);
        return cw_err_set(err, CW_EFORMAT, "'%s' holds reads (%s), not variants; 'clonewatch call' takes it, and column bam of a draw sheet", t->path, hts_format_file_extension(&format));
    }
    if (format.compression != no_compression && format.compression != gzip && format.compression != bgzf) {
        hclose_abruptly(file);
        return cw_err_set(err, CW_EFORMAT, "'%s' is neither VCF nor BCF; compress with bgzip", t->path);
    }
    s->text = bgzf_hopen(file, "r");
    if (!s->text) {
        hclose_abruptly(file);
        return cw_err_set(err, CW_EIO, "cannot read '%s': the compressed file is damaged at its start", t->path);
    }
    if (format.compression == bgzf && bgzf_check_EOF(s->text) == 0)
        return cw_err_set(err, CW_EIO, "'%s' is cut short: its end-of-file block is missing; copy or make it again", t->path);
    return 0;
}

/* bgzf_getline() would not tell a last line without its end, nor a NUL in the middle. CR before LF is cut off. */
static int text_line(cw_vcf_text *t, cw_err *err)
{
    cw_vcf_source *s = t->source;
    bool any = false;
    s->line.l = 0;
    for (;;) {
        if (s->at == s->filled) {
            ssize_t got = bgzf_read(s->text, s->block, sizeof s->block);
            if (got < 0 || s->text->errcode)
                return cw_err_set(err, CW_EIO, "%s:%zu: cannot be read: the compressed file is damaged or cut short here; copy or make it again",
                                  t->path, t->line + 1);
            s->at = 0;
            s->filled = (size_t)got;
            if (!got) break;
        }
        const char *from = s->block + s->at, *end = memchr(from, '\n', s->filled - s->at);
        size_t n = end ? (size_t)(end - from) : s->filled - s->at;
        s->at += n + (end != NULL);
        any = true;
        if (kputsn(from, n, &s->line) < 0) return cw_err_nomem(err);
        if (s->line.l > MAX_LINE) return cw_err_set(err, CW_EFORMAT, "%s:%zu: line longer than 256 MiB", t->path, t->line + 1);
        if (!end) continue;
        if (s->line.l && s->line.s[s->line.l - 1] == '\r') s->line.s[--s->line.l] = '\0';
        return 1;
    }
    if (any && t->strict && t->version < 405) return cw_err_set(err, CW_EFORMAT, "%s:%zu: the last line has no line end; the file may be cut short", t->path, t->line + 1);
    return any;
}

/* 1: a line in s->line (without its end), 0: end, < 0: damaged. */
static int next_line(cw_vcf_text *t, cw_err *err)
{
    cw_vcf_source *s = t->source;
    if (s->head_at < s->head.l) {
        const char *from = s->head.s + s->head_at, *end = memchr(from, '\n', s->head.l - s->head_at);
        size_t n = end ? (size_t)(end - from) : s->head.l - s->head_at;
        s->head_at += n + 1;
        s->line.l = 0;
        if (kputsn(from, n, &s->line) < 0) return cw_err_nomem(err);
        t->line++;
        return 1;
    }
    int got;
    if (s->binary) {
        got = bcf_read(s->binary, s->header, s->record);
        if (got == -1) return 0;
        if (got < -1 || s->record->errcode) return cw_err_set(err, CW_EIO, "'%s': record %zu cannot be read: the file is damaged", t->path, t->line + 1);
        s->line.l = 0;
        if (vcf_format(s->header, s->record, &s->line) < 0) return cw_err_set(err, CW_EFORMAT, "'%s': record %zu is not valid BCF", t->path, t->line + 1);
        while (s->line.l && s->line.s[s->line.l - 1] == '\n') s->line.s[--s->line.l] = '\0';
    } else {
        got = text_line(t, err);
        if (got <= 0) return got;
    }
    t->line++;
    if (s->line.l && memchr(s->line.s, '\0', s->line.l)) return cw_err_set(err, CW_EFORMAT, "%s:%zu: NUL byte in the line", t->path, t->line);
    return 1;
}

/* The end of one "key=value" of a structured line; quotes may hold commas. */
static const char *value_end(const char *v)
{
    bool quoted = false;
    for (; *v; v++) {
        if (*v == '\\' && quoted && v[1]) v++;
        else if (*v == '"') quoted = !quoted;
        else if (!quoted && (*v == ',' || (*v == '>' && !v[1]))) break;
    }
    return v;
}

/* One structured header value: key of "<ID=x,Description=\"a, b\">" copied into the arena without quotes; NULL: none or no memory. */
static const char *attribute(cw_arena *arena, const char *structured, const char *key)
{
    size_t k = strlen(key);
    if (*structured == '<') structured++;
    for (const char *p = structured; *p;) {
        const char *equals = strchr(p, '='), *end;
        if (!equals) return NULL;
        end = value_end(equals + 1);
        if ((size_t)(equals - p) == k && !strncmp(p, key, k)) {
            const char *v = equals + 1;
            size_t n = (size_t)(end - v);
            if (n >= 2 && v[0] == '"' && v[n - 1] == '"') v++, n -= 2;
            return cw_arena_strndup(arena, v, n);
        }
        p = *end ? end + 1 : end;
    }
    return NULL;
}

static int add_field(cw_vcf_text *t, cw_vcf_field **fields, size_t *n, size_t *cap, const char *body, cw_err *err)
{
    cw_vcf_field f = {attribute(t->arena, body, "ID"), attribute(t->arena, body, "Number"), attribute(t->arena, body, "Type")};
    if (!f.id) return 0; /* the strict rules name it */
    if (!f.number) f.number = "";
    if (!f.type) f.type = "";
    if (cw_grow((void **)fields, cap, *n + 1, sizeof f, err) < 0) return CW_ENOMEM;
    (*fields)[(*n)++] = f;
    return 0;
}

static int add_word(cw_vcf_text *t, const char ***words, size_t *n, size_t *cap, const char *body, cw_err *err)
{
    const char *id = attribute(t->arena, body, "ID");
    if (!id) return 0;
    if (cw_grow((void **)words, cap, *n + 1, sizeof **words, err) < 0) return CW_ENOMEM;
    (*words)[(*n)++] = id;
    return 0;
}

static int add_contig(cw_vcf_text *t, const char *body, cw_err *err)
{
    cw_vcf_contig c = {.id = attribute(t->arena, body, "ID"), .length = -1};
    const char *length = attribute(t->arena, body, "length");
    if (!c.id) return 0;
    if (length && (!cw_parse_i64(length, &c.length) || c.length < 0)) c.length = -1;
    if (cw_grow((void **)&t->contig, &t->source->contig_cap, t->n_contig + 1, sizeof c, err) < 0) return CW_ENOMEM;
    t->contig[t->n_contig++] = c;
    return 0;
}

static int add_meta(cw_vcf_text *t, const char *line, cw_err *err)
{
    cw_vcf_source *s = t->source;
    const char *copy = cw_arena_strdup(t->arena, line + 2);
    if (!copy) return cw_err_nomem(err);
    if (cw_grow((void **)&t->meta, &s->meta_cap, t->n_meta + 1, sizeof *t->meta, err) < 0) return CW_ENOMEM;
    t->meta[t->n_meta++] = copy;
    if (!strncmp(copy, "fileformat=VCFv4.", 17) && copy[17] >= '0' && copy[17] <= '9' && !copy[18]) t->version = 400 + copy[17] - '0';
    if (!strncmp(copy, "INFO=<", 6)) return add_field(t, &t->info, &t->n_info, &s->info_cap, copy + 5, err);
    if (!strncmp(copy, "FORMAT=<", 8)) return add_field(t, &t->format, &t->n_format, &s->format_cap, copy + 7, err);
    if (!strncmp(copy, "FILTER=<", 8)) return add_word(t, &t->filter, &t->n_filter, &s->filter_cap, copy + 7, err);
    if (!strncmp(copy, "ALT=<", 5)) return add_word(t, &t->alt, &t->n_alt, &s->alt_cap, copy + 4, err);
    if (!strncmp(copy, "contig=<", 8)) return add_contig(t, copy + 7, err);
    return 0;
}

static int split(cw_vcf_text *t, cw_err *err)
{
    cw_vcf_source *s = t->source;
    t->n_columns = 0;
    for (char *p = s->line.s;; p++) {
        if (t->n_columns == MAX_COLUMNS) return cw_err_set(err, CW_EFORMAT, "%s:%zu: more than %d columns", t->path, t->line, MAX_COLUMNS);
        if (cw_grow((void **)&t->column, &s->columns_cap, t->n_columns + 1, sizeof *t->column, err) < 0) return CW_ENOMEM;
        t->column[t->n_columns++] = p;
        p = strchr(p, '\t');
        if (!p) return 0;
        *p = '\0';
    }
}

static int read_names(cw_vcf_text *t, cw_err *err)
{
    static const char *const fixed[] = {"#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT"};
    int status = split(t, err);
    if (status < 0) return status;
    for (size_t i = 0; i < 8 || (i == 8 && t->n_columns > 8); i++)
        if (i >= t->n_columns || strcmp(t->column[i], fixed[i]))
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: column %zu of the header line must be '%s' (columns are separated by tabs)", t->path, t->line, i + 1, fixed[i]);
    t->n_samples = t->n_columns > 9 ? t->n_columns - 9 : 0;
    t->sample = cw_arena_alloc(t->arena, t->n_samples, sizeof *t->sample);
    if (!t->sample) return cw_err_nomem(err);
    for (size_t i = 0; i < t->n_samples; i++)
        if (!(t->sample[i] = cw_arena_strdup(t->arena, t->column[9 + i]))) return cw_err_nomem(err);
    return 0;
}

static int read_header(cw_vcf_text *t, cw_err *err)
{
    int got;
    while ((got = next_line(t, err)) > 0) {
        const char *line = t->source->line.s;
        if (t->line == 1 && !strncmp(line, "\xef\xbb\xbf", 3))
            return cw_err_set(err, CW_EFORMAT, "%s:1: begins with a byte order mark, with which programs do not take it for VCF; save it as UTF-8 without one", t->path);
        if (t->line == 1 && !t->source->binary && strncmp(line, "##fileformat=VCFv4.", 19))
            return cw_err_set(err, CW_EFORMAT, "%s:1: not a VCF file: the first line must be '##fileformat=VCFv4.x'", t->path);
        if (line[0] != '#') break;
        if (line[1] != '#') return read_names(t, err);
        int status = add_meta(t, line, err);
        if (status < 0) return status;
    }
    if (got < 0) return got;
    if (!t->line) return cw_err_set(err, CW_EFORMAT, "'%s' is empty", t->path);
    return cw_err_set(err, CW_EFORMAT, "%s:%zu: the header line '#CHROM POS ID ...' is missing", t->path, t->line);
}

int cw_vcf_text_open(cw_vcf_text *t, const char *path, cw_vcf_strictness strict, cw_err *err)
{
    *t = (cw_vcf_text){.strict = strict, .arena = cw_arena_new()};
    int status = CW_ENOMEM;
    if (!t->arena) return cw_err_nomem(err);
    t->path = cw_arena_strdup(t->arena, path);
    t->source = calloc(1, sizeof *t->source);
    if (!t->path || !t->source) {
        cw_err_nomem(err);
        goto failed;
    }
    if ((status = open_source(t, err)) < 0) goto failed;
    if ((status = read_header(t, err)) < 0) goto failed;
    if (strict && (status = cw_vcf_rules_open(&t->source->rules, t, err)) < 0) goto failed;
    return 0;
failed:
    cw_vcf_text_close(t);
    return status;
}

int cw_vcf_text_next(cw_vcf_text *t, cw_err *err)
{
    int got = next_line(t, err);
    while (got > 0 && !t->source->line.l && !t->strict) got = next_line(t, err); /* blank lines */
    if (got <= 0) return got;
    int status = split(t, err);
    if (status < 0) return status;
    if (t->n_columns < 8) return cw_err_set(err, CW_EFORMAT, "%s:%zu: %zu columns, but a record has at least 8 (separated by tabs)", t->path, t->line, t->n_columns);
    size_t expected = t->n_samples ? 9 + t->n_samples : 8;
    if (t->n_columns < expected) return cw_err_set(err, CW_EFORMAT, "%s:%zu: %zu columns, but the header line names %zu", t->path, t->line, t->n_columns, expected);
    if (t->strict && (status = cw_vcf_rules_check(t->source->rules, t, err)) < 0) return status;
    return 1;
}

void cw_vcf_text_close(cw_vcf_text *t)
{
    if (!t) return;
    if (t->source) {
        cw_vcf_source *s = t->source;
        cw_vcf_rules_close(s->rules);
        if (s->record) bcf_destroy(s->record);
        if (s->header) bcf_hdr_destroy(s->header);
        if (s->binary) hts_close(s->binary);
        if (s->text) bgzf_close(s->text);
        free(s->line.s);
        free(s->head.s);
        free(s);
    }
    free(t->column);
    free(t->meta);
    free(t->info);
    free(t->format);
    free(t->contig);
    free(t->filter);
    free(t->alt);
    cw_arena_free(t->arena);
    memset(t, 0, sizeof *t);
}

size_t cw_vcf_let_pass(const cw_vcf_text *t, const char **first)
{
    const cw_vcf_rules *rules = t->source ? t->source->rules : NULL;
    *first = rules ? cw_vcf_rules_passed(rules)->first : "";
    return rules ? cw_vcf_rules_passed(rules)->n : 0;
}

const char *cw_vcf_info(const cw_vcf_text *t, const char *key, size_t *n)
{
    size_t k = strlen(key);
    for (const char *p = t->column[CW_VCF_INFO];;) {
        size_t m = strcspn(p, ";");
        if (m >= k && !strncmp(p, key, k) && (m == k || p[k] == '=')) {
            *n = m == k ? 0 : m - k - 1;
            return m == k ? "" : p + k + 1;
        }
        if (!p[m]) return NULL;
        p += m + 1;
    }
}

const char *cw_vcf_value(const cw_vcf_text *t, size_t sample, const char *key, size_t *n)
{
    size_t k = strlen(key), column = CW_VCF_SAMPLES + sample;
    if (t->n_columns <= column) return NULL;
    const char *f = t->column[CW_VCF_FORMAT], *v = t->column[column];
    for (;;) {
        size_t m = strcspn(f, ":"), l = strcspn(v, ":");
        if (m == k && !strncmp(f, key, k)) {
            *n = l;
            return v;
        }
        if (!f[m] || !v[l]) return NULL;
        f += m + 1;
        v += l + 1;
    }
}

const cw_vcf_field *cw_vcf_declared(const cw_vcf_field *fields, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(fields[i].id, id)) return &fields[i];
    return NULL;
}
