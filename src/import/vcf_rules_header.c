/* SPDX-License-Identifier: MIT */
/* vcf_rules_header.c - the "##" lines and the column line against the specification. */
#include "import/vcf_rules.h"

#include <stdlib.h>
#include <string.h>
#include "base/parse.h"
#include "import/caller_profile.h"

enum { MAX_PAIRS = 64 };

/* One structured line "<key=value,...>", cut into pairs that point into it. */
typedef struct pair { const char *key, *value; size_t k, v; bool quoted; } pair;
typedef struct structured { pair pair[MAX_PAIRS]; size_t n; } structured;

typedef struct checking { const cw_vcf_text *t; size_t line; char kind[16]; cw_err *err; } checking;

#define FAULT(c, ...) cw_err_set((c)->err, CW_EFORMAT, __VA_ARGS__)
#define AT "%s:%zu: "
#define PLACE(c) (c)->t->path, (c)->line

const cw_vcf_field *cw_vcf_reserved(bool info, const char *key, size_t n)
{
    static const struct { int info; cw_vcf_field field; } reserved[] = {
#define INFO 1
#define FORMAT 0
#define CW_RESERVED(where, id, number, type) {where, {id, number, type}},
#include "vcf_reserved.def"
#undef CW_RESERVED
#undef INFO
#undef FORMAT
    };
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (reserved[i].info == info && strlen(reserved[i].field.id) == n && !strncmp(reserved[i].field.id, key, n)) return &reserved[i].field;
    return NULL;
}

static const char *quoted_end(const char *v) /* v stands behind the opening quote */
{
    for (; *v && *v != '"'; v++)
        if (*v == '\\' && v[1]) v++;
    return v;
}

/* Brackets hold commas: Values=[a, b]. */
static const char *plain_end(const char *v)
{
    if (*v == '[') {
        const char *close = strchr(v, ']');
        if (close) return close + 1;
    }
    return v + strcspn(v, ",");
}

static int cut(checking *c, const char *text, structured *s)
{
    size_t n = strlen(text);
    s->n = 0;
    if (n < 2 || text[n - 1] != '>') return FAULT(c, AT "##%s line is not closed by '>'", PLACE(c), c->kind);
    const char *p = text + 1, *end = text + n - 1;
    while (p < end) {
        size_t k = strcspn(p, "=,>");
        if (p[k] != '=' || !k) return FAULT(c, AT "##%s: '%.40s' is not a key=value pair", PLACE(c), c->kind, p);
        if (s->n == MAX_PAIRS) return FAULT(c, AT "##%s has more than %d pairs", PLACE(c), c->kind, MAX_PAIRS);
        pair *q = &s->pair[s->n++];
        *q = (pair){.key = p, .k = k, .value = p + k + 1, .quoted = p[k + 1] == '"'};
        if (q->quoted) {
            const char *close = quoted_end(++q->value);
            if (!*close || close >= end) return FAULT(c, AT "##%s: a quoted value is not closed", PLACE(c), c->kind);
            q->v = (size_t)(close - q->value);
            p = close + 1;
            if (p < end && *p != ',') return FAULT(c, AT "##%s: text behind a closing quote; quotes inside a value need a backslash", PLACE(c), c->kind);
        } else {
            const char *stop = plain_end(q->value);
            if (stop > end) stop = end;
            q->v = (size_t)(stop - q->value);
            p = stop;
            bool is_id = q->k == 2 && !strncmp(q->key, "ID", 2);
            if (!is_id && memchr(q->value, '"', q->v)) return FAULT(c, AT "##%s: quotes inside a value that is not quoted", PLACE(c), c->kind);
        }
        for (size_t i = 0; i + 1 < s->n; i++)
            if (s->pair[i].k == q->k && !strncmp(s->pair[i].key, q->key, q->k)) return FAULT(c, AT "##%s has '%.*s' twice", PLACE(c), c->kind, (int)q->k, q->key);
        if (p < end) p++;
    }
    return 0;
}

static const pair *find(const structured *s, const char *key)
{
    size_t k = strlen(key);
    for (size_t i = 0; i < s->n; i++)
        if (s->pair[i].k == k && !strncmp(s->pair[i].key, key, k)) return &s->pair[i];
    return NULL;
}

static bool is_word(const char *s, size_t n, const char *words)
{
    for (const char *w = words; *w;) {
        size_t m = strcspn(w, " ");
        if (m == n && !strncmp(w, s, n)) return true;
        w += m + (w[m] == ' ');
    }
    return false;
}

static bool is_number(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] < '0' || s[i] > '9') return false;
    return n > 0 && n < 10;
}

/* ID first, none of the characters that end it elsewhere. */
static int check_id(checking *c, const structured *s, const char *banned)
{
    if (!s->n || s->pair[0].k != 2 || strncmp(s->pair[0].key, "ID", 2) || !s->pair[0].v)
        return FAULT(c, AT "##%s has to begin with ID=", PLACE(c), c->kind);
    for (size_t i = 0; i < s->pair[0].v; i++)
        if (strchr(banned, s->pair[0].value[i])) return FAULT(c, AT "##%s: ID '%.*s' holds the character '%c'", PLACE(c), c->kind, (int)s->pair[0].v, s->pair[0].value, s->pair[0].value[i]);
    return 0;
}

static int check_description(checking *c, const structured *s)
{
    const pair *d = find(s, "Description");
    if (d && d->quoted) return 0;
    return FAULT(c, AT "##%s needs a Description in double quotes", PLACE(c), c->kind);
}

static int check_number_and_type(checking *c, const structured *s, const char *types, bool required)
{
    const pair *number = find(s, "Number"), *type = find(s, "Type");
    if (required && (!number || !type)) return FAULT(c, AT "##%s needs Number and Type", PLACE(c), c->kind);
    if (number && !is_number(number->value, number->v) && !is_word(number->value, number->v, "A R G . P LA LR LG M"))
        return FAULT(c, AT "##%s: Number '%.*s' is neither a count nor one of A, R, G and .", PLACE(c), c->kind, (int)number->v, number->value);
    if (type && !is_word(type->value, type->v, types))
        return FAULT(c, AT "##%s: Type '%.*s' is not one of %s", PLACE(c), c->kind, (int)type->v, type->value, types);
    if (number && type && type < number) return FAULT(c, AT "##%s: Number stands before Type", PLACE(c), c->kind);
    return 0;
}

static int check_reserved(checking *c, const structured *s, bool info)
{
    const pair *id = &s->pair[0], *number = find(s, "Number"), *type = find(s, "Type");
    const cw_vcf_field *r = cw_vcf_reserved(info, id->value, id->v);
    if (!r || cw_caller_owns(c->t, info, r->id)) return 0;
    bool number_fits = strlen(r->number) == number->v && !strncmp(r->number, number->value, number->v);
    bool type_fits = !*r->type || (strlen(r->type) == type->v && !strncmp(r->type, type->value, type->v));
    /* before 4.2 there was no Number=R, and A and G were often written as '.' */
    if (c->t->version <= 401 && number->v == 1 && *number->value == '.' && strchr("ARG", *r->number)) number_fits = true;
    if (number_fits && type_fits) return 0;
    return FAULT(c, AT "##%s: '%s' is reserved for Number=%s%s%s", PLACE(c), c->kind, r->id, r->number, *r->type ? ", Type=" : "", r->type);
}

static bool key_fits(const char *s, size_t n)
{
    static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    if (n == 5 && !strncmp(s, "1000G", 5)) return true;
    if (!n || !strchr(first, *s)) return false;
    for (size_t i = 1; i < n; i++)
        if (!strchr(first, s[i]) && !strchr("0123456789.", s[i])) return false;
    return true;
}

static int check_field(checking *c, const structured *s, bool info)
{
    int status = check_id(c, s, " ,<>;:=");
    if (status < 0) return status;
    const pair *id = &s->pair[0];
    if (c->t->version >= 403 && !key_fits(id->value, id->v)) return FAULT(c, AT "##%s: ID '%.*s' is not a key", PLACE(c), c->kind, (int)id->v, id->value);
    if ((status = check_number_and_type(c, s, info ? "Integer Float Flag Character String" : "Integer Float Character String", true)) < 0) return status;
    if ((status = check_description(c, s)) < 0) return status;
    return check_reserved(c, s, info);
}

static int check_alt(checking *c, const structured *s)
{
    int status = check_id(c, s, c->t->version >= 403 ? " <>" : " ,<>");
    if (status < 0) return status;
    const pair *id = &s->pair[0];
    const char *colon = memchr(id->value, ':', id->v);
    size_t n = colon ? (size_t)(colon - id->value) : id->v;
    if ((colon || c->t->version < 403) && !is_word(id->value, n, "DEL INS DUP INV CNV BND TRA * NON_REF"))
        return FAULT(c, AT "##ALT: ID '%.*s' begins with none of DEL, INS, DUP, INV, CNV", PLACE(c), (int)id->v, id->value);
    if ((status = check_number_and_type(c, s, "Integer Float Flag Character String", false)) < 0) return status;
    return check_description(c, s);
}

static int check_meta_line(checking *c, const structured *s)
{
    int status = check_id(c, s, " ,<>");
    if (status < 0 || (status = check_number_and_type(c, s, "Integer Float Character String Flag", false)) < 0) return status;
    const pair *values = find(s, "Values");
    if (values && (values->quoted || values->v < 2 || values->value[0] != '[')) return FAULT(c, AT "##META: Values have to stand in [ ]", PLACE(c));
    return 0;
}

/* Relations between samples: names only. */
static int check_pedigree(checking *c, const structured *s)
{
    if (c->t->version >= 403) {
        int status = check_id(c, s, " ,<>");
        if (status < 0) return status;
    }
    for (size_t i = 0; i < s->n; i++)
        for (size_t j = 0; j < s->pair[i].v; j++)
            if (strchr(" :;,<>", s->pair[i].value[j])) return FAULT(c, AT "##PEDIGREE: '%.*s' is not the name of a sample", PLACE(c), (int)s->pair[i].v, s->pair[i].value);
    return s->n ? 0 : FAULT(c, AT "##PEDIGREE is empty", PLACE(c));
}

static int check_sample(checking *c, const structured *s)
{
    int status = check_id(c, s, " ,<>*");
    if (status < 0) return status;
    const pair *genomes = find(s, "Genomes"), *mixture = find(s, "Mixture");
    if (c->t->version < 403 && (!genomes || !mixture)) return FAULT(c, AT "##SAMPLE needs Genomes and Mixture in this version", PLACE(c));
    if (c->t->version < 403 && (genomes->quoted || mixture->quoted)) return FAULT(c, AT "##SAMPLE: only the Description is quoted in this version", PLACE(c));
    for (size_t i = 0; genomes && !genomes->quoted && i < genomes->v; i++)
        if (strchr(" ,<>:", genomes->value[i])) return FAULT(c, AT "##SAMPLE: Genomes '%.*s' are not names", PLACE(c), (int)genomes->v, genomes->value);
    return 0;
}

static int check_contig(checking *c, const structured *s)
{
    int status = check_id(c, s, " ,<>"); /* ':' and '*' are in names of real contigs (HLA) */
    if (status < 0) return status;
    const pair *id = &s->pair[0], *length = find(s, "length");
    if (length && !(is_number(length->value, length->v))) return FAULT(c, AT "##contig: length '%.*s' is not a number", PLACE(c), (int)length->v, length->value);
    if (c->t->version >= 403 && id->v && id->value[id->v - 1] == '*') return FAULT(c, AT "##contig: ID '%.*s' ends with '*'", PLACE(c), (int)id->v, id->value);
    return 0;
}

static int check_filter(checking *c, const structured *s)
{
    int status = check_id(c, s, c->t->version >= 403 ? " ;" : " ;,");
    if (status < 0) return status;
    if (s->pair[0].v == 1 && s->pair[0].value[0] == '0') return FAULT(c, AT "##FILTER: '0' is reserved", PLACE(c));
    return check_description(c, s);
}

/* "scheme://host..." with a host that is not a bare number. */
static int check_url(checking *c, const char *value)
{
    const char *host = strstr(value, "://");
    if (!host) return 0;
    host += 3;
    size_t n = strcspn(host, ":/");
    if (n && strspn(host, "0123456789") < n) return 0;
    return FAULT(c, AT "##%s: '%.80s' is not a URL", PLACE(c), c->kind, value);
}

static int check_line(checking *c, const char *meta)
{
    static const char *const known[] = {"INFO", "FORMAT", "ALT", "FILTER", "META", "PEDIGREE", "SAMPLE", "contig"};
    structured s;
    const char *equals = strchr(meta, '=');
    if (!equals || equals == meta) return FAULT(c, AT "'##%.60s' is not a key=value line", PLACE(c), meta);
    if (!equals[1]) return FAULT(c, AT "'##%.60s' has no value", PLACE(c), meta);
    const char *kind = c->kind;
    memset(c->kind, 0, sizeof c->kind);
    if (equals - meta < (ptrdiff_t)sizeof c->kind) memcpy(c->kind, meta, (size_t)(equals - meta));
    size_t which = 0, n_known = sizeof known / sizeof *known;
    while (which < n_known && strcmp(known[which], kind)) which++;
    if (!strcmp(kind, "assembly") || !strcmp(kind, "pedigreeDB")) return !strcmp(equals + 1, "<>") ? FAULT(c, AT "'##%s' has no value", PLACE(c), kind) : check_url(c, equals + 1);
    if (which == n_known) return 0;
    if (equals[1] != '<') return FAULT(c, AT "##%s has to be followed by '<...>'", PLACE(c), kind);
    int status = cut(c, equals + 1, &s);
    if (status < 0) return status;
    switch (which) {
    case 0: return check_field(c, &s, true);
    case 1: return check_field(c, &s, false);
    case 2: return check_alt(c, &s);
    case 3: return check_filter(c, &s);
    case 4: return check_meta_line(c, &s);
    case 5: return check_pedigree(c, &s);
    case 6: return check_sample(c, &s);
    default: return check_contig(c, &s);
    }
}

static int by_name(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static int check_samples(checking *c)
{
    const cw_vcf_text *t = c->t;
    c->line = t->n_meta + 1;
    if (t->n_columns == 9) return FAULT(c, AT "the header line has FORMAT, but no sample", PLACE(c));
    const char **names = calloc(t->n_samples + 1, sizeof *names);
    if (!names) return cw_err_nomem(c->err);
    int status = 0;
    for (size_t i = 0; i < t->n_samples; i++) {
        names[i] = t->sample[i];
        if (!*names[i]) status = FAULT(c, AT "sample %zu has no name", PLACE(c), i + 1);
    }
    qsort(names, t->n_samples, sizeof *names, by_name);
    for (size_t i = 1; i < t->n_samples && status == 0; i++)
        if (!strcmp(names[i - 1], names[i])) status = FAULT(c, AT "sample '%s' stands twice", PLACE(c), names[i]);
    free(names);
    return status;
}

/* What cw_vcf_info() is asked for: vcf.c, caller_counts.c. */
static bool is_read(const char *key, size_t n) { return is_word(key, n, "AF DP DP4 END"); }

int cw_vcf_pass_info(const cw_vcf_text *t, const char *key, size_t n, cw_err *fault, cw_vcf_passed *passed, cw_err *err)
{
    if (t->strict != CW_VCF_AS_READ || is_read(key, n) || cw_vcf_reserved(true, key, n)) return cw_err_set(err, fault->code, "%s", fault->text);
    if (!passed->n++) memcpy(passed->first, fault->text, sizeof passed->first);
    *fault = (cw_err){0};
    return 0;
}

/* The line in work; that of an INFO key by what the key is to us. */
static int check_text(checking *c, const char *meta, cw_vcf_passed *passed)
{
    cw_err fault = {0}, *err = c->err;
    c->err = &fault;
    int status = cw_is_utf8(meta, strlen(meta)) ? check_line(c, meta) : FAULT(c, AT "the line is not UTF-8 text", PLACE(c));
    c->err = err;
    if (status == 0) return 0;
    if (strncmp(meta, "INFO=<ID=", 9)) return cw_err_set(err, status, "%s", fault.text);
    return cw_vcf_pass_info(c->t, meta + 9, strcspn(meta + 9, ",>"), &fault, passed, err);
}

int cw_vcf_header_check(const cw_vcf_text *t, cw_vcf_passed *passed, cw_err *err)
{
    checking c = {.t = t, .err = err};
    if (!t->version) {
        c.line = 1;
        return FAULT(&c, AT "the first line is not '##fileformat=VCFv4.x'", PLACE(&c));
    }
    for (size_t i = 0; i < t->n_meta; i++) {
        c.line = i + 1;
        if (i && !strncmp(t->meta[i], "fileformat=", 11)) return FAULT(&c, AT "a second ##fileformat", PLACE(&c));
        int status = check_text(&c, t->meta[i], passed);
        if (status < 0) return status;
    }
    return check_samples(&c);
}
