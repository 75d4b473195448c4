/* SPDX-License-Identifier: MIT */
/* names.c - how people write agents, tumours and changes, brought to the rows of the knowledge. */
#include "advise/names.h"

#include <stdio.h>
#include <string.h>
#include "base/parse.h"

static char folded(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

ptrdiff_t cw_agent_find(const cw_knowledge *k, const char *name, size_t n)
{
    for (size_t i = 0; i < k->n_agents; i++)
        if (cw_same_name(k->agents[i].agent, strlen(k->agents[i].agent), name, n)) return (ptrdiff_t)i;
    for (size_t i = 0; i < k->n_agents; i++) {
        const char *rest = k->agents[i].synonyms;
        for (cw_part p; cw_part_next(&rest, ';', &p);)
            if (p.n && cw_same_name(p.s, p.n, name, n)) return (ptrdiff_t)i;
    }
    return -1;
}

static bool holds(const cw_knowledge *k, size_t agent, size_t member, int depth)
{
    if (agent == member) return true;
    if (depth > 4) return false; /* circles are refused by the check; this keeps a hostile table from hanging the program */
    const char *rest = k->agents[agent].members;
    for (cw_part p; cw_part_next(&rest, ';', &p);) {
        ptrdiff_t m = cw_agent_find(k, p.s, p.n);
        if (m >= 0 && holds(k, (size_t)m, member, depth + 1)) return true;
    }
    return false;
}

bool cw_agent_holds(const cw_knowledge *k, size_t agent, size_t member) { return holds(k, agent, member, 0); }

/* "osimertinib 80 mg", "dabrafenib mesylate", "Mekinist(R)": what records of treatment write behind a name. */
static size_t without_tail(const char *s, size_t n)
{
    static const char *const tails[] = {"mesylate", "mesilate", "tosylate", "ditosylate", "hydrochloride", "dihydrochloride", "hcl", "acetate", "maleate", "dimaleate", "malate", "phosphate",
                                        "mg", "mg/m2", "mg/kg", "g", "bid", "qd", "od", "daily", "\xc2\xae", "\xe2\x84\xa2"};
    for (size_t before = n + 1; before != n;) {
        before = n;
        while (n && (s[n - 1] == ' ' || s[n - 1] == '.' || (s[n - 1] >= '0' && s[n - 1] <= '9' && memchr(s, ' ', n)))) n--;
        for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
            size_t m = strlen(tails[i]);
            bool apart = n > m && (s[n - m - 1] == ' ' || (s[n - m - 1] >= '0' && s[n - m - 1] <= '9') || (tails[i][0] & 0x80));
            if (apart && cw_same_name(s + n - m, m, tails[i], m)) n -= m;
        }
    }
    return n;
}

static ptrdiff_t agent_as_written(const cw_knowledge *k, const char *s, size_t n)
{
    ptrdiff_t a = cw_agent_find(k, s, n);
    size_t m = a < 0 ? without_tail(s, n) : n;
    return a < 0 && m && m < n ? cw_agent_find(k, s, m) : a;
}

/* Length of the sign between two agents at s, 0: none. */
static size_t sign_at(const char *s, size_t left, bool hyphen)
{
    if (*s == '/' || *s == ',' || *s == '&' || (hyphen && *s == '-')) return 1;
    return left > 5 && cw_same_name(s, 5, "and", 3) && s[0] == ' ' && s[4] == ' ' ? 5 : 0;
}

static void add_agent(cw_regimen *r, ptrdiff_t agent)
{
    if (agent < 0) r->unknown++;
    else if (r->n < CW_REGIMEN_MAX) r->agent[r->n++] = (size_t)agent;
}

/* "a/b", "a, b", "a & b", "a and b"; "a-b" only where every part is known, since names have hyphens. */
static void add_written(const cw_knowledge *k, const char *s, size_t n, bool hyphen, cw_regimen *r)
{
    cw_regimen found = {.n = 0};
    ptrdiff_t whole = agent_as_written(k, s, n);
    for (size_t i = 0, from = 0; whole < 0 && i <= n; i++) {
        size_t sign = i < n ? sign_at(s + i, n - i, hyphen) : 1;
        if (!sign) continue;
        size_t a = from, b = i;
        while (a < b && s[a] == ' ') a++;
        while (a < b && s[b - 1] == ' ') b--;
        if (a < b) add_agent(&found, agent_as_written(k, s + a, b - a));
        i += sign - 1;
        from = i + 1;
    }
    if (whole < 0 && hyphen && found.unknown) found = (cw_regimen){.unknown = 1};
    else if (whole < 0 && !hyphen && found.unknown && !found.n) {
        add_written(k, s, n, true, r);
        return;
    }
    if (whole >= 0) add_agent(&found, whole);
    for (size_t i = 0; i < found.n; i++) add_agent(r, (ptrdiff_t)found.agent[i]);
    r->unknown += found.unknown;
}

void cw_regimen_parse(const cw_knowledge *k, const char *text, cw_regimen *r)
{
    *r = (cw_regimen){.n = 0};
    ptrdiff_t whole = cw_agent_find(k, text, strlen(text)); /* some agents have a plus in their name */
    if (whole >= 0) {
        r->agent[r->n++] = (size_t)whole;
        return;
    }
    for (cw_part p; cw_part_next(&text, '+', &p);) add_written(k, p.s, p.n, false, r);
}

/* Edits between two names, letters alone counting; more than `most`: any larger number. */
static size_t edits(const char *a, size_t n, const char *b, size_t m, size_t most)
{
    size_t row[65];
    if (n > 64 || m > 64 || n > m + most || m > n + most) return most + 1;
    for (size_t j = 0; j <= m; j++) row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t up = row[j], best = corner + (folded(a[i - 1]) != folded(b[j - 1]));
            if (up + 1 < best) best = up + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            corner = up;
            row[j] = best;
        }
    }
    return row[m];
}

const char *cw_agent_meant(const cw_knowledge *k, const char *name)
{
    const char *meant = NULL;
    size_t least = 3, n = strlen(name);
    for (size_t i = 0; n >= 6 && i < k->n_agents; i++) {
        size_t d = edits(name, n, k->agents[i].agent, strlen(k->agents[i].agent), 2);
        if (d < least) least = d, meant = k->agents[i].agent;
    }
    return meant;
}

static ptrdiff_t tumour_find(const cw_knowledge *k, const char *s, size_t n)
{
    for (size_t i = 0; i < k->n_tumours; i++) {
        if (cw_same_name(k->tumours[i].tumour, strlen(k->tumours[i].tumour), s, n)) return (ptrdiff_t)i;
        const char *rest = k->tumours[i].synonyms;
        for (cw_part p; cw_part_next(&rest, ';', &p);)
            if (p.n && cw_same_name(p.s, p.n, s, n)) return (ptrdiff_t)i;
    }
    return -1;
}

/* "HER2+" must not match "HER2-": words of status keep their sign. */
static bool same_status(const char *word, const char *s, size_t n)
{
    if (strlen(word) != n) return false;
    for (size_t i = 0; i < n; i++)
        if (cw_ascii_lower(word[i]) != cw_ascii_lower(s[i])) return false;
    return true;
}

void cw_tumour_parse(const cw_knowledge *k, const char *text, size_t n, cw_tumour_words *words)
{
    char left[128];
    size_t m = 0;
    *words = (cw_tumour_words){.tumour = -1};
    for (size_t i = 0; i < n;) { /* words of status out, the rest is the tumour */
        while (i < n && (text[i] == ' ' || text[i] == ',')) i++;
        size_t from = i;
        while (i < n && text[i] != ' ' && text[i] != ',') i++;
        bool status = false;
        for (size_t r = 0; r < k->n_statuses; r++)
            if (same_status(k->statuses[r].word, text + from, i - from)) {
                status = true;
                if (words->n < CW_STATUS_MAX) words->status[words->n++] = r;
            }
        if (status || m + (i - from) + 1 >= sizeof left) continue;
        if (m) left[m++] = ' ';
        memcpy(left + m, text + from, i - from);
        m += i - from;
    }
    if (m) words->tumour = tumour_find(k, left, m);
}

static bool same_meaning(const cw_status_rule *a, const cw_status_rule *b) { return !strcmp(a->fact, b->fact) && !strcmp(a->value, b->value); }

void cw_tumour_say(const cw_knowledge *k, const char *text, size_t n, char *out, size_t size)
{
    cw_tumour_words w;
    cw_tumour_parse(k, text, n, &w);
    if (w.tumour < 0) {
        snprintf(out, size, "%.*s", (int)n, text);
        return;
    }
    size_t at = (size_t)snprintf(out, size, "%s", k->tumours[w.tumour].tumour);
    for (size_t r = 0; r < k->n_statuses; r++) { /* the first word of a status is the one that is said, in the order of the table */
        const cw_status_rule *s = &k->statuses[r];
        bool said = false, stated = false;
        for (size_t i = 0; i < r; i++) said |= same_meaning(&k->statuses[i], s);
        for (size_t i = 0; i < w.n; i++) stated |= same_meaning(&k->statuses[w.status[i]], s);
        if (stated && !said && at < size) at += (size_t)snprintf(out + at, size - at, " %s", s->word);
    }
}

bool cw_tumour_within(const cw_knowledge *k, ptrdiff_t a, ptrdiff_t b)
{
    for (int depth = 0; a >= 0 && depth < 8; depth++) {
        if (a == b) return true;
        const char *parent = k->tumours[a].parent;
        a = *parent ? tumour_find(k, parent, strlen(parent)) : -1;
    }
    return false;
}
