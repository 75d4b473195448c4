/* SPDX-License-Identifier: MIT */
/* vcf_rules.c - records against the specification: each column by itself, values by their declared Number and Type. */
#include "import/vcf_rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/parse.h"
#include "import/caller_profile.h"
#include "import/vcf_order.h"

struct cw_vcf_rules {
    cw_vcf_order order;
    const char *alt[1024]; size_t alt_n[1024], n_alts;
    cw_vcf_passed passed;
};

typedef struct checking { cw_vcf_rules *r; const cw_vcf_text *t; cw_err *err; } checking;

#define FAULT(c, ...) cw_err_set((c)->err, CW_EFORMAT, __VA_ARGS__)
#define AT "%s:%zu: "
#define PLACE(c) (c)->t->path, (c)->t->line

/* --- words --- */

static bool all_of(const char *s, size_t n, const char *set) { return strspn(s, set) >= n; }

static bool key_fits(const char *s, size_t n)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    if (n == 5 && !strncmp(s, "1000G", 5)) return true;
    return n && strchr(letters, *s) && all_of(s, n, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789.");
}

static bool copy_number(const char *s, size_t n, char out[48])
{
    if (!n || n >= 48) return false;
    memcpy(out, s, n);
    out[n] = '\0';
    return true;
}

static bool is_integer(const char *s, size_t n, int64_t *value)
{
    char text[48];
    /* the eight least 32-bit values are reserved */
    return copy_number(s, n, text) && cw_parse_i64(text, value) && *value <= INT32_MAX && *value >= (int64_t)INT32_MIN + 8;
}

static bool is_float(const char *s, size_t n, double *value)
{
    char text[48];
    if (!copy_number(s, n, text)) return false;
    if (cw_parse_double(text, value)) return true;
    const char *word = *text == '-' || *text == '+' ? text + 1 : text;
    *value = *text == '-' ? -INFINITY : INFINITY;
    return cw_ascii_equal(word, "inf") || cw_ascii_equal(word, "infinity") || cw_ascii_equal(word, "nan");
}

/* Words between separators are not empty and none stands twice. */
static int check_list(checking *c, const char *column, const char *s, char separator)
{
    const char set[2] = {separator, 0};
    for (const char *p = s;;) {
        size_t n = strcspn(p, set);
        if (!n) return FAULT(c, AT "%s '%.60s' has an empty part", PLACE(c), column, s);
        for (const char *q = s; q < p;) {
            size_t m = strcspn(q, set);
            if (m == n && !strncmp(q, p, n)) return FAULT(c, AT "%s has '%.*s' twice", PLACE(c), column, (int)(n > 60 ? 60 : n), p);
            q += m + 1;
        }
        if (!p[n]) return 0;
        p += n + 1;
    }
}

/* --- the fixed columns --- */

static int check_chrom(checking *c)
{
    const char *s = c->t->column[CW_VCF_CHROM];
    size_t n = strlen(s);
    if (!n) return FAULT(c, AT "CHROM is empty", PLACE(c));
    for (size_t i = 0; i < c->t->n_contig; i++)
        if (!strcmp(c->t->contig[i].id, s)) return 0; /* declared: a name like HLA-A*01:01 is fine */
    if (*s == '<' && n > 2 && s[n - 1] == '>') s++, n -= 2;
    for (size_t i = 0; i < n; i++)
        if (strchr(c->t->version >= 403 ? " <>:,[]*" : " <>:,[]", s[i])) return FAULT(c, AT "CHROM '%.60s' holds the character '%c'", PLACE(c), c->t->column[CW_VCF_CHROM], s[i]);
    return 0;
}

static bool is_breakend(const char *s, size_t n)
{
    const char *a = memchr(s, '[', n), *b = memchr(s, ']', n), *open = !a ? b : !b ? a : NULL;
    if (!open) return false;
    const char *close = memchr(open + 1, *open, n - (size_t)(open + 1 - s));
    if (!close) return false;
    size_t before = (size_t)(open - s), behind = n - (size_t)(close + 1 - s);
    const char *colon = NULL;
    for (const char *p = open + 1; p < close; p++)
        if (*p == ':') colon = p;
    if (!colon || colon == open + 1 || colon + 1 == close || (before == 0) == (behind == 0)) return false;
    return all_of(colon + 1, (size_t)(close - colon - 1), "0123456789") && all_of(s, before, "ACGTNacgtn.") && all_of(close + 1, behind, "ACGTNacgtn.");
}

static bool is_symbol(const char *s, size_t n)
{
    if (n < 3 || s[0] != '<' || s[n - 1] != '>') return false;
    for (size_t i = 1; i + 1 < n; i++)
        if (strchr(" ,<>", s[i])) return false;
    return true;
}

static bool alt_fits(const char *s, size_t n)
{
    static const char bases[] = "ACGTNacgtn";
    if (!n) return false;
    if (all_of(s, n, bases) || (n == 1 && *s == '*')) return true;
    if (n > 1 && ((*s == '.' && all_of(s + 1, n - 1, bases)) || (s[n - 1] == '.' && all_of(s, n - 1, bases)))) return true;
    return is_symbol(s, n) || is_breakend(s, n);
}

static int check_alleles(checking *c)
{
    const char *ref = c->t->column[CW_VCF_REF], *alt = c->t->column[CW_VCF_ALT];
    cw_vcf_rules *r = c->r;
    r->n_alts = 0;
    if (!*ref || !all_of(ref, strlen(ref), "ACGTNacgtn")) return FAULT(c, AT "REF '%.60s' is not made of A, C, G, T and N", PLACE(c), ref);
    if (!strcmp(alt, ".")) return 0;
    for (const char *p = alt;;) {
        size_t n = *p == '<' ? strcspn(p, ">") : strcspn(p, ",");
        if (*p == '<') n += strcspn(p + n, ","); /* a symbol may hold commas; then is_symbol says so */
        if (!alt_fits(p, n)) return FAULT(c, AT "ALT '%.*s' is neither bases, *, <ID> nor a breakend", PLACE(c), (int)(n > 60 ? 60 : n), p);
        for (size_t i = 0; i < r->n_alts; i++)
            if (r->alt_n[i] == n && !strncmp(r->alt[i], p, n)) return FAULT(c, AT "ALT '%.*s' stands twice", PLACE(c), (int)(n > 60 ? 60 : n), p);
        if (r->n_alts == sizeof r->alt / sizeof *r->alt) return FAULT(c, AT "more than %zu ALT alleles", PLACE(c), r->n_alts);
        r->alt[r->n_alts] = p;
        r->alt_n[r->n_alts++] = n;
        if (!p[n]) return 0;
        p += n + 1;
    }
}

static int check_fixed(checking *c, int64_t *pos1)
{
    const cw_vcf_text *t = c->t;
    const char *id = t->column[CW_VCF_ID], *qual = t->column[CW_VCF_QUAL], *filter = t->column[CW_VCF_FILTER];
    double q;
    int status = check_chrom(c);
    if (status < 0) return status;
    if (!cw_parse_i64(t->column[CW_VCF_POS], pos1) || *pos1 < 0 || *pos1 > INT32_MAX) return FAULT(c, AT "POS '%.40s' is not a position", PLACE(c), t->column[CW_VCF_POS]);
    if (strpbrk(id, " ")) return FAULT(c, AT "ID '%.60s' holds a blank", PLACE(c), id);
    if (strcmp(id, ".") && (status = check_list(c, "ID", id, ';')) < 0) return status;
    if ((status = check_alleles(c)) < 0) return status;
    if (strcmp(qual, ".") && (!is_float(qual, strlen(qual), &q) || q < 0)) return FAULT(c, AT "QUAL '%.40s' is not a number of at least 0", PLACE(c), qual);
    if (!strcmp(filter, ".") || !strcmp(filter, "PASS")) return 0;
    if (strpbrk(filter, " ")) return FAULT(c, AT "FILTER '%.60s' holds a blank", PLACE(c), filter);
    if ((status = check_list(c, "FILTER", filter, ';')) < 0) return status;
    for (const char *p = filter; *p;) {
        size_t n = strcspn(p, ";");
        if ((n == 1 && (*p == '0' || *p == '.'))) return FAULT(c, AT "FILTER: '%.*s' cannot stand beside others", PLACE(c), (int)n, p);
        p += n + (p[n] == ';');
    }
    return 0;
}

/* --- values --- */

/* How many values Number asks for; -1: any. */
static int64_t wanted(const checking *c, const char *number, int64_t ploidy)
{
    int64_t n, alleles = (int64_t)c->r->n_alts + 1;
    if (cw_parse_i64(number, &n)) return n;
    if (!strcmp(number, "A")) return alleles - 1;
    if (!strcmp(number, "R")) return alleles;
    if (!strcmp(number, "G") && ploidy == 1) return alleles;
    if (!strcmp(number, "G") && ploidy == 2) return alleles * (alleles + 1) / 2;
    return -1;
}

static bool value_fits(const char *type, const char *s, size_t n)
{
    int64_t i;
    double d;
    if (n == 1 && *s == '.') return true;
    if (!strcmp(type, "Integer")) return is_integer(s, n, &i);
    if (!strcmp(type, "Float")) return is_float(s, n, &d);
    if (!strcmp(type, "Character")) return n == 1 || (n && (unsigned char)*s >= 0x80);
    return n > 0;
}

static int check_values(checking *c, const char *where, const char *key, const cw_vcf_field *f, const char *s, size_t n, int64_t ploidy)
{
    int64_t count = 0, want = wanted(c, f->number, ploidy);
    if ((n == 1 && *s == '.') || (!n && c->t->version >= 405)) return 0; /* all of it missing; 4.5 has lists of no length */
    if (!strcmp(f->type, "String") && want < 2 && strcmp(f->number, "A") && strcmp(f->number, "R")) {
        /* one String of a caller's own may hold anything, and does hold commas */
        if (want == 1 && memchr(s, ',', n) && cw_vcf_reserved(*where == 'I', key, strlen(key))) return FAULT(c, AT "%s/%s '%.*s' holds a comma, but is one value", PLACE(c), where, key, (int)(n > 60 ? 60 : n), s);
        return 0;
    }
    if (!strcmp(f->type, "String") && cw_caller_owns(c->t, *where == 'I', key)) return 0; /* Mutect2 joins alleles by | where a comma belongs */
    for (const char *p = s, *end = s + n; p <= end; count++) {
        size_t m = strcspn(p, ",");
        if (m > (size_t)(end - p)) m = (size_t)(end - p);
        if (!value_fits(f->type, p, m)) return FAULT(c, AT "%s/%s: '%.*s' is not of type %s", PLACE(c), where, key, (int)(m > 40 ? 40 : m), p, f->type);
        p += m + 1;
    }
    if (want < 0 || count == want || !c->r->n_alts) return 0;
    return FAULT(c, AT "%s/%s has %lld values; Number=%s means %lld here", PLACE(c), where, key, (long long)count, f->number, (long long)want);
}

/* Counts, positions and fractions that cannot be negative; a CIGAR. */
static int check_reserved_value(checking *c, const char *key, const char *s, size_t n)
{
    static const char *const counts[] = {"AC", "AF", "AN", "DP", "END", "MQ0", "NS"};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (!strcmp(counts[i], key) && memchr(s, '-', n) && (s[0] == '-' || memmem(s, n, ",-", 2)))
            return FAULT(c, AT "INFO/%s is negative", PLACE(c), key);
    if (strcmp(key, "CIGAR")) return 0;
    for (const char *p = s; p < s + n;) {
        size_t digits = strspn(p, "0123456789");
        if (!digits || !p[digits] || !strchr("MIDNSHPX=", p[digits])) return FAULT(c, AT "INFO/CIGAR '%.*s' is not a CIGAR", PLACE(c), (int)(n > 60 ? 60 : n), s);
        p += digits + 1;
        if (p < s + n && *p == ',') p++;
    }
    return 0;
}

/* One "key=value" (n characters, k of them the key) of the column. */
static int check_info_part(checking *c, const char *p, size_t n, size_t k)
{
    const char *info = c->t->column[CW_VCF_INFO];
    char key[64];
    if (!key_fits(p, k)) return FAULT(c, AT "INFO: '%.*s' is not a key", PLACE(c), (int)(k > 60 ? 60 : k), p);
    for (const char *q = info; q < p; q += strcspn(q, ";") + 1)
        if (strcspn(q, "=;") == k && !strncmp(q, p, k)) return FAULT(c, AT "INFO has the key '%.*s' twice", PLACE(c), (int)(k > 60 ? 60 : k), p);
    if (k >= sizeof key) return 0;
    memcpy(key, p, k);
    key[k] = '\0';
    const cw_vcf_field *f = cw_vcf_declared(c->t->info, c->t->n_info, key), *reserved = cw_vcf_reserved(true, key, k);
    if (!f && reserved && *reserved->type) f = reserved;
    bool flag = f && !strcmp(f->type, "Flag");
    bool bit = n == k + 2 && (p[k + 1] == '0' || p[k + 1] == '1'); /* an old way to write a reserved flag */
    if (flag && k < n && !(bit && reserved)) return FAULT(c, AT "INFO/%s is a flag and takes no value", PLACE(c), key);
    int status = f && !flag && k < n ? check_values(c, "INFO", key, f, p + k + 1, n - k - 1, 0) : 0;
    if (status == 0 && reserved && k < n && !cw_caller_owns(c->t, true, key)) status = check_reserved_value(c, key, p + k + 1, n - k - 1);
    return status;
}

static int check_info(checking *c)
{
    const char *info = c->t->column[CW_VCF_INFO];
    cw_err fault = {0};
    checking part = {c->r, c->t, &fault};
    if (!strcmp(info, ".")) return 0;
    for (const char *p = info; *p;) {
        size_t n = strcspn(p, ";"), k = strcspn(p, "=;");
        if (!n && !p[1]) return 0; /* a trailing ';' is common and harmless */
        int status = check_info_part(&part, p, n, k);
        if (status < 0 && (status = cw_vcf_pass_info(c->t, p, k, &fault, &c->r->passed, c->err)) < 0) return status;
        p += n + (p[n] == ';');
    }
    return 0;
}

static int check_genotype(checking *c, const char *s, size_t n, int64_t *ploidy)
{
    size_t i = 0;
    *ploidy = 0;
    if (n && (*s == '/' || *s == '|')) i = 1; /* 4.4 and later may begin with the phase */
    for (;;) {
        int64_t allele = 0;
        size_t digits = 0;
        if (i < n && s[i] == '.') i++, digits = 1;
        else
            for (; i < n && s[i] >= '0' && s[i] <= '9' && digits < 9; i++, digits++) allele = allele * 10 + s[i] - '0';
        if (!digits) return FAULT(c, AT "GT '%.*s' is not a genotype", PLACE(c), (int)(n > 40 ? 40 : n), s);
        if (c->r->n_alts && allele > (int64_t)c->r->n_alts) return FAULT(c, AT "GT '%.*s' names an allele that the record does not have", PLACE(c), (int)(n > 40 ? 40 : n), s);
        (*ploidy)++;
        if (i == n) return 0;
        if (s[i] != '/' && s[i] != '|') return FAULT(c, AT "GT '%.*s' is not a genotype", PLACE(c), (int)(n > 40 ? 40 : n), s);
        i++;
    }
}

static int check_sample(checking *c, size_t sample)
{
    const char *f = c->t->column[CW_VCF_FORMAT], *v = c->t->column[CW_VCF_SAMPLES + sample];
    int64_t ploidy = 0;
    if (!*v && c->t->version < 405) return FAULT(c, AT "sample '%s' has no values", PLACE(c), c->t->sample[sample]);
    for (;;) {
        size_t k = strcspn(f, ":"), n = strcspn(v, ":");
        char key[64];
        int status = 0;
        if (k < sizeof key) {
            memcpy(key, f, k);
            key[k] = '\0';
            if (!strcmp(key, "GT")) status = check_genotype(c, v, n, &ploidy);
            else {
                const cw_vcf_field *field = cw_vcf_declared(c->t->format, c->t->n_format, key);
                if (!field) field = cw_caller_owns(c->t, false, key) ? NULL : cw_vcf_reserved(false, key, k);
                bool genotype_list = field && !strcmp(field->number, "G") && !ploidy;
                if (field && !genotype_list) status = check_values(c, "FORMAT", key, field, v, n, ploidy);
            }
        }
        if (status < 0) return status;
        if (!v[n]) return 0;
        if (!f[k]) return FAULT(c, AT "sample '%s' has more values than FORMAT names", PLACE(c), c->t->sample[sample]);
        f += k + 1;
        v += n + 1;
    }
}

static int check_samples(checking *c)
{
    const cw_vcf_text *t = c->t;
    size_t expected = t->n_samples ? 9 + t->n_samples : 8;
    if (t->n_columns != expected) return FAULT(c, AT "%zu columns, but the header line names %zu", PLACE(c), t->n_columns, expected);
    if (!t->n_samples) return 0;
    const char *format = t->column[CW_VCF_FORMAT];
    if (!strcmp(format, ".")) return 0;
    int status = check_list(c, "FORMAT", format, ':');
    if (status < 0) return status;
    for (const char *p = format, *key = format; *p; key = p) {
        size_t n = strcspn(p, ":");
        if (!key_fits(key, n)) return FAULT(c, AT "FORMAT: '%.*s' is not a key", PLACE(c), (int)(n > 60 ? 60 : n), key);
        if (key != format && n == 2 && !strncmp(key, "GT", 2)) return FAULT(c, AT "FORMAT: GT has to be the first key", PLACE(c));
        p += n + (p[n] == ':');
    }
    for (size_t i = 0; i < t->n_samples; i++)
        if ((status = check_sample(c, i)) < 0) return status;
    return 0;
}

int cw_vcf_rules_open(cw_vcf_rules **rules, const cw_vcf_text *t, cw_err *err)
{
    *rules = calloc(1, sizeof **rules);
    if (!*rules) return cw_err_nomem(err);
    return cw_vcf_header_check(t, &(*rules)->passed, err); /* close releases them */
}

const cw_vcf_passed *cw_vcf_rules_passed(const cw_vcf_rules *r) { return &r->passed; }

int cw_vcf_rules_check(cw_vcf_rules *rules, const cw_vcf_text *t, cw_err *err)
{
    checking c = {rules, t, err};
    int64_t pos1;
    for (size_t i = 0; i < t->n_columns; i++) {
        if (!*t->column[i] && !(i >= CW_VCF_SAMPLES && t->version >= 405)) return FAULT(&c, AT "column %zu is empty", PLACE(&c), i + 1);
        if (cw_is_utf8(t->column[i], strlen(t->column[i]))) continue;
        cw_err fault = {0};
        int status = cw_err_set(&fault, CW_EFORMAT, AT "column %zu is not UTF-8 text", PLACE(&c), i + 1);
        if (i == CW_VCF_INFO) status = cw_vcf_pass_info(t, "", 0, &fault, &rules->passed, &fault); /* numbers that are read hold no letters */
        if (status < 0) return cw_err_set(err, status, "%s", fault.text);
    }
    int status = check_fixed(&c, &pos1);
    if (status < 0) return status;
    if ((status = check_info(&c)) < 0) return status;
    if ((status = check_samples(&c)) < 0) return status;
    return cw_vcf_order_check(&rules->order, t, pos1, rules->alt, rules->alt_n, rules->n_alts, err);
}

void cw_vcf_rules_close(cw_vcf_rules *r)
{
    if (!r) return;
    cw_vcf_order_release(&r->order);
    free(r);
}
