/* SPDX-License-Identifier: MIT */
/* caller_profile.c - which caller wrote a file, by its header. */
#include "import/caller_profile.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const cw_caller_profile profiles[] = {
#define CW_CALLER(id, method, required, marks, own) {#id, CW_COUNTS_##method, required, marks, own},
#include "callers.def"
#undef CW_CALLER
};
enum { N_PROFILES = sizeof profiles / sizeof *profiles };

/* --- which caller --- */

/* "FORMAT=AU", "FORMAT=AD:2" (declared with that Number), "FILTER=word", else the beginning of a header line; '*': anywhere. */
static bool mark_fits(const cw_vcf_text *t, const char *mark, size_t n)
{
    char word[64];
    if (n >= sizeof word) return false;
    memcpy(word, mark, n);
    word[n] = '\0';
    if (!strncmp(word, "FORMAT=", 7)) {
        char *number = strchr(word, ':');
        if (number) *number++ = '\0';
        const cw_vcf_field *f = cw_vcf_declared(t->format, t->n_format, word + 7);
        return f && (!number || !strcmp(f->number, number));
    }
    if (!strncmp(word, "FILTER=", 7)) {
        for (size_t i = 0; i < t->n_filter; i++)
            if (!strcmp(t->filter[i], word + 7)) return true;
        return false;
    }
    for (size_t i = 0; i < t->n_meta; i++) {
        if (*word == '*' ? strcasestr(t->meta[i], word + 1) != NULL : !strncasecmp(t->meta[i], word, n)) return true;
    }
    return false;
}

static bool marks_fit(const cw_vcf_text *t, const char *marks)
{
    for (;;) { /* alternatives, each a conjunction */
        size_t n = strcspn(marks, "|");
        bool all = true;
        for (const char *p = marks; p < marks + n && all;) {
            size_t m = strcspn(p, "+|");
            all = mark_fits(t, p, m);
            p += m + 1;
        }
        if (all) return true;
        if (!marks[n]) return false;
        marks += n + 1;
    }
}

bool cw_caller_owns(const cw_vcf_text *t, bool info, const char *key)
{
    char word[64];
    if ((size_t)snprintf(word, sizeof word, "%s%s", info ? "INFO/" : "", key) >= sizeof word) return false;
    for (size_t i = 0; i < N_PROFILES; i++)
        for (const char *p = profiles[i].own; *p;) {
            size_t n = strcspn(p, " ");
            if (strlen(word) == n && !strncmp(p, word, n) && marks_fit(t, profiles[i].marks)) return true;
            p += n + (p[n] == ' ');
        }
    return false;
}

static bool field_declared(const cw_vcf_text *t, const char *name, size_t n)
{
    char word[64];
    if (n >= sizeof word) return false;
    memcpy(word, name, n);
    word[n] = '\0';
    if (!strncmp(word, "INFO/", 5)) return cw_vcf_declared(t->info, t->n_info, word + 5) != NULL;
    return cw_vcf_declared(t->format, t->n_format, word) != NULL;
}

static int check_fields(const cw_caller_profile *p, const cw_vcf_text *t, cw_err *err)
{
    for (const char *r = p->required; *r;) {
        size_t n = strcspn(r, " ");
        bool any = false;
        for (const char *f = r; f < r + n && !any;) {
            size_t m = strcspn(f, "| ");
            any = field_declared(t, f, m);
            f += m + 1;
        }
        if (!any)
            return cw_err_set(err, CW_EFORMAT, "'%s': the header declares no %s%.*s, which carries the counts of caller '%s'; name the right caller with --caller",
                              t->path, strncmp(r, "INFO/", 5) ? "FORMAT/" : "", (int)n, r, p->id);
        r += n + (r[n] == ' ');
    }
    if (p->method == CW_COUNTS_AD) {
        const cw_vcf_field *f = cw_vcf_declared(t->format, t->n_format, "AD");
        if (f && strcmp(f->number, "R") && strcmp(f->number, "."))
            return cw_err_set(err, CW_EREFUSED, "'%s': FORMAT/AD is declared with Number=%s, so it does not hold one count per allele; name the caller with --caller",
                              t->path, f->number);
    }
    return 0;
}

static int unknown_caller(const cw_vcf_text *t, const char *name, cw_err *err)
{
    char known[256] = "";
    for (size_t i = 0; i < N_PROFILES; i++) {
        size_t n = strlen(known);
        snprintf(known + n, sizeof known - n, "%s%s", i ? ", " : "", profiles[i].id);
    }
    if (name) return cw_err_set(err, CW_EUSAGE, "caller '%s' is not known; use auto or one of %s", name, known);
    return cw_err_set(err, CW_EFORMAT, "'%s': neither the header names a caller that is known nor does it declare FORMAT/AD; say with --caller which of %s it is",
                      t->path, known);
}

int cw_caller_find(const cw_vcf_text *t, const char *name, const cw_caller_profile **profile, cw_err *err)
{
    bool automatic = !name || !*name || !strcmp(name, "auto");
    *profile = NULL;
    for (size_t i = 0; i < N_PROFILES && !*profile; i++)
        if (automatic ? marks_fit(t, profiles[i].marks) : !strcmp(profiles[i].id, name)) *profile = &profiles[i];
    if (!*profile) return unknown_caller(t, automatic ? NULL : name, err);
    return check_fields(*profile, t, err);
}
