/* SPDX-License-Identifier: MIT */
/* calls_vcf_record.c - one record of a calls file as text: its columns, INFO values and the sample's cells. */
#include "io/calls_vcf_record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/mem.h"
#include "base/parse.h"

#define FAIL(r, ...) cw_calls_fail(r, CW_EFORMAT, __VA_ARGS__)

size_t cw_calls_split(char *text, char mark, char **cell, size_t most)
{
    size_t n = 0;
    for (char *p = text; p && n < most; n++) {
        cell[n] = p;
        p = strchr(p, mark);
        if (p) *p++ = '\0';
        if (p && n + 1 == most) return most + 1;
    }
    return n;
}

const char *cw_calls_info_value(const char *info, const char *key, size_t *n)
{
    size_t length = strlen(key);
    for (const char *p = info; *p; p += strcspn(p, ";"), p += *p == ';')
        if (!strncmp(p, key, length) && p[length] == '=') {
            *n = strcspn(p + length + 1, ";");
            return p + length + 1;
        }
    return NULL;
}

/* The i-th of `want` comma-separated cells. -1: another number of cells. */
int cw_calls_cell_of(const char *text, size_t n, size_t i, size_t want, const char **cell, size_t *length)
{
    size_t cells = 1, start = 0;
    for (size_t k = 0; k < n; k++) cells += text[k] == ',';
    if (cells != want) return -1;
    for (; i; start++) i -= text[start] == ',';
    for (*length = 0; start + *length < n && text[start + *length] != ','; ++*length) {}
    *cell = text + start;
    return 0;
}

static int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

/* Percent-decoded copy; "." is "". Control characters are not let through. */
static const char *decode(cw_calls_reader *r, const char *text, size_t n)
{
    if (n == 1 && *text == '.') return "";
    char *copy = cw_arena_alloc(r->c->arena, n + 1, 1), *to = copy;
    if (!copy) return NULL;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c == '%' && i + 2 < n && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            c = (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        }
        *to++ = (unsigned char)c < ' ' || c == 0x7f ? '?' : c;
    }
    return copy;
}

int cw_calls_info_word(cw_calls_reader *r, const cw_calls_record *rec, const char *key, size_t i, size_t want, const char **value)
{
    size_t n, length;
    const char *text = cw_calls_info_value(rec->column[7], key, &n), *cell;
    *value = "";
    if (!text) return 0;
    if (cw_calls_cell_of(text, n, i, want, &cell, &length) < 0) return FAIL(r, "INFO/%s has not %zu value(s), one for each ALT", key, want);
    *value = decode(r, cell, length);
    return *value ? 0 : cw_err_nomem(r->err);
}

int cw_calls_info_rate(cw_calls_reader *r, const cw_calls_record *rec, const char *key, size_t i, double *value)
{
    size_t n, length;
    const char *text = cw_calls_info_value(rec->column[7], key, &n), *cell;
    char number[64];
    if (!text) return FAIL(r, "record without INFO/%s; a calls file needs the background of every allele (make it with 'clonewatch call' or 'clonewatch import')", key);
    if (cw_calls_cell_of(text, n, i, rec->n_alt, &cell, &length) < 0) return FAIL(r, "INFO/%s has not %zu value(s), one for each ALT", key, rec->n_alt);
    if (length >= sizeof number) return FAIL(r, "INFO/%s '%.20s...' is not a number", key, cell);
    memcpy(number, cell, length);
    number[length] = '\0';
    if (!cw_parse_double(number, value) || !(*value > 0)) return FAIL(r, "INFO/%s '%s' is not a number above 0", key, number);
    return 0;
}

const char *cw_calls_format_cell(const cw_calls_record *rec, const char *key)
{
    for (size_t i = 0; i < rec->n_keys; i++)
        if (!strcmp(rec->key[i], key)) return rec->cell[i] && strcmp(rec->cell[i], ".") ? rec->cell[i] : NULL;
    return NULL;
}

/* FORMAT count i of want; -1 for "." or an absent field. */
int cw_calls_format_count(cw_calls_reader *r, const cw_calls_record *rec, const char *key, size_t i, size_t want, int64_t *value)
{
    const char *text = cw_calls_format_cell(rec, key), *cell;
    size_t length;
    char number[32];
    *value = -1;
    if (!text) return 0;
    if (cw_calls_cell_of(text, strlen(text), i, want, &cell, &length) < 0) return FAIL(r, "FORMAT/%s '%.60s' has not %zu value(s)", key, text, want);
    if (length == 1 && *cell == '.') return 0;
    if (length >= sizeof number) return FAIL(r, "FORMAT/%s '%.20s...' is not a molecule count", key, cell);
    memcpy(number, cell, length);
    number[length] = '\0';
    if (!cw_parse_i64(number, value) || *value < 0) return FAIL(r, "FORMAT/%s '%s' is not a molecule count", key, number);
    return 0;
}

int cw_calls_format_real(cw_calls_reader *r, const cw_calls_record *rec, const char *key, size_t i, double *value)
{
    const char *text = cw_calls_format_cell(rec, key), *cell;
    size_t length;
    char number[64];
    *value = NAN;
    if (!text) return 0;
    if (cw_calls_cell_of(text, strlen(text), i, rec->n_alt, &cell, &length) < 0) return FAIL(r, "FORMAT/%s '%.60s' has not %zu value(s)", key, text, rec->n_alt);
    if (length == 1 && *cell == '.') return 0;
    snprintf(number, sizeof number, "%.*s", (int)(length < 60 ? length : 60), cell);
    if (!strcmp(number, "inf") || !strcmp(number, "-inf")) *value = *number == '-' ? -INFINITY : INFINITY;
    else if (!cw_parse_double(number, value)) return FAIL(r, "FORMAT/%s '%s' is not a number", key, number);
    return 0;
}

static bool is_bases(const char *s) { return *s && s[strspn(s, "ACGTNRYSWKMBDHVacgtnryswkmbdhv")] == '\0'; }

static bool is_alt(const char *s)
{
    size_t n = strlen(s);
    return is_bases(s) || (n > 2 && s[0] == '<' && s[n - 1] == '>') || (n > 2 && strpbrk(s, "[]")) || !strcmp(s, "*");
}

int cw_calls_split_record(cw_calls_reader *r, char *line, cw_calls_record *rec)
{
    if (cw_calls_split(line, '\t', rec->column, CW_CALLS_COLUMNS) != CW_CALLS_COLUMNS) return FAIL(r, "a record needs exactly %d columns: one sample", CW_CALLS_COLUMNS);
    for (size_t i = 0; i < CW_CALLS_COLUMNS; i++)
        if (!*rec->column[i]) return FAIL(r, "column %zu is empty", i + 1);
    if (!cw_parse_i64(rec->column[1], &rec->pos1) || rec->pos1 < 1 || rec->pos1 > (int64_t)1 << 40) return FAIL(r, "POS '%.40s' is not a position", rec->column[1]);
    if (!is_bases(rec->column[3])) return FAIL(r, "REF '%.40s' is not made of bases", rec->column[3]);
    rec->n_alt = strcmp(rec->column[4], ".") ? cw_calls_split(rec->column[4], ',', rec->alt, CW_CALLS_MAX_ALT) : 0;
    if (rec->n_alt > CW_CALLS_MAX_ALT) return FAIL(r, "more than %d ALT alleles", CW_CALLS_MAX_ALT);
    for (size_t i = 0; i < rec->n_alt; i++)
        if (!is_alt(rec->alt[i])) return FAIL(r, "ALT '%.40s' is not an allele", rec->alt[i]);
    enum { MOST = sizeof rec->key / sizeof *rec->key };
    memset(rec->cell, 0, sizeof rec->cell);
    rec->n_keys = cw_calls_split(rec->column[8], ':', rec->key, MOST);
    size_t cells = cw_calls_split(rec->column[9], ':', rec->cell, MOST);
    if (rec->n_keys > MOST || cells > rec->n_keys) return FAIL(r, "the sample has %zu values for %zu FORMAT keys", cells, rec->n_keys);
    for (size_t i = 0; i < rec->n_keys; i++) {
        if (!*rec->key[i]) return FAIL(r, "FORMAT has an empty key");
        for (size_t k = 0; k < i; k++)
            if (!strcmp(rec->key[i], rec->key[k])) return FAIL(r, "FORMAT has the key '%.40s' twice", rec->key[i]);
    }
    return 0;
}
