/* SPDX-License-Identifier: MIT */
/* spelling.c - lists in one cell of a table, and names as people spell them. */
#include "record/spelling.h"

#include <string.h>
#include "base/parse.h"

int cw_part_next(const char **rest, char separator, cw_part *part)
{
    const char *s = *rest;
    if (!s || !*s) return 0;
    const char *end = strchr(s, separator);
    size_t n = end ? (size_t)(end - s) : strlen(s);
    *rest = end ? end + 1 : s + n;
    while (n && *s == ' ') s++, n--;
    while (n && s[n - 1] == ' ') n--;
    *part = (cw_part){s, n};
    return 1;
}

bool cw_part_is(cw_part part, const char *word) { return strlen(word) == part.n && !memcmp(part.s, word, part.n); }

bool cw_list_has(const char *list, const char *word)
{
    cw_part p;
    while (cw_part_next(&list, ';', &p))
        if (cw_part_is(p, word)) return true;
    return false;
}

static bool skipped(char c) { return c == ' ' || c == '-' || c == '_' || c == '(' || c == ')' || c == '\t'; }

int cw_name_order(const char *a, size_t na, const char *b, size_t nb)
{
    size_t i = 0, j = 0;
    for (;;) {
        while (i < na && skipped(a[i])) i++;
        while (j < nb && skipped(b[j])) j++;
        if (i == na || j == nb) return (i < na) - (j < nb);
        char x = cw_ascii_lower(a[i++]), y = cw_ascii_lower(b[j++]);
        if (x != y) return x < y ? -1 : 1;
    }
}

bool cw_same_name(const char *a, size_t na, const char *b, size_t nb) { return cw_name_order(a, na, b, nb) == 0; }

static void drop_prefix(const char **s, size_t *n)
{
    while (*n && **s == ' ') ++*s, --*n;
    if (*n > 2 && ((*s)[0] == 'p' || (*s)[0] == 'c') && (*s)[1] == '.') *s += 2, *n -= 2;
}

bool cw_same_change(const char *a, size_t na, const char *b, size_t nb)
{
    drop_prefix(&a, &na);
    drop_prefix(&b, &nb);
    return na && cw_same_name(a, na, b, nb);
}

size_t cw_one_letter(const char *s, size_t n, char *out)
{
    static const char codes[] = "AlaACysCAspDGluEPheFGlyGHisHIleILysKLeuLMetMAsnNProPGlnQArgRSerSThrTValVTrpWTyrYTer*";
    size_t m = 0;
    for (size_t i = 0; i < n;) {
        const char *code = NULL;
        for (const char *c = codes; *c && !code && n - i >= 3; c += 4)
            if (!memcmp(c, s + i, 3)) code = c;
        bool follows = n - i == 3 || (n - i > 3 && !(s[i + 3] >= 'a' && s[i + 3] <= 'z')) || (n - i > 4 && (!memcmp(s + i + 3, "fs", 2) || !memcmp(s + i + 3, "de", 2) || !memcmp(s + i + 3, "du", 2)));
        if (code && follows) {
            out[m++] = code[3];
            i += 3;
        } else {
            out[m++] = s[i++];
        }
    }
    out[m] = '\0';
    return m;
}

bool cw_are_bases(const char *s) { return *s && !s[strspn(s, "ACGT")]; }
