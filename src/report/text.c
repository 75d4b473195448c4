/* SPDX-License-Identifier: MIT */
/* text.c - a growing text, and the one way by which text of others enters a page. */
#include "report/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdarg.h>
#include <string.h>

enum { LONGEST_SHOWN = 4000 }; /* characters of one string on a page; patient.json keeps the whole */

/* Small texts come and go inside a page without being asked each; this remembers for all of them. */
static _Thread_local bool lost;

void cw_text_watch(void) { lost = false; }
bool cw_text_lost(void) { return lost; }

static bool room_for(cw_text *t, size_t more)
{
    if (t->failed || more > SIZE_MAX / 4) return t->failed = true, false;
    if (t->n + more + 1 <= t->cap) return true;
    size_t cap = t->cap ? t->cap : 256;
    while (cap < t->n + more + 1) cap *= 2;
    char *s = realloc(t->s, cap);
    if (!s) return lost = t->failed = true, false;
    t->s = s;
    t->cap = cap;
    return true;
}

void cw_text_put_n(cw_text *t, const char *s, size_t n)
{
    if (!room_for(t, n)) return;
    memcpy(t->s + t->n, s, n);
    t->n += n;
    t->s[t->n] = '\0';
}

void cw_text_put(cw_text *t, const char *s) { cw_text_put_n(t, s, strlen(s)); }

void cw_text_format(cw_text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0) t->failed = true;
    else if (room_for(t, (size_t)n)) t->n += (size_t)vsnprintf(t->s + t->n, (size_t)n + 1, format, again);
    va_end(again);
}

int cw_text_failed(const cw_text *t, cw_err *err) { return t->failed ? cw_err_nomem(err) : 0; }

const char *cw_text_string(const cw_text *t) { return t->s ? t->s : ""; }

void cw_text_clear(cw_text *t)
{
    t->n = 0;
    if (t->s) *t->s = '\0';
}

void cw_text_release(cw_text *t)
{
    free(t->s);
    memset(t, 0, sizeof *t);
}

/* One character of UTF-8: its length, 0 when the bytes are none. */
static size_t utf8_next(const unsigned char *s, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = *s < 0x80 ? 1 : (*s & 0xe0) == 0xc0 ? 2 : (*s & 0xf0) == 0xe0 ? 3 : (*s & 0xf8) == 0xf0 ? 4 : 0;
    if (n == 0) return 0;
    uint32_t c = n == 1 ? *s : *s & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80) return 0;
        c = c << 6 | (s[i] & 0x3fu);
    }
    *code = c;
    return c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : n;
}

/* Characters that change how the text around them is read, or that cannot be seen. */
static bool misleads(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
           (c >= 0xe0000 && c <= 0xe007f);
}

static void put_tame(cw_text *t, const char *s, size_t max, bool html)
{
    const unsigned char *p = (const unsigned char *)s;
    for (size_t shown = 0; *p; shown++) {
        if (shown == max) {
            cw_text_put(t, "\xe2\x80\xa6");
            return;
        }
        uint32_t c = 0;
        size_t n = utf8_next(p, &c);
        const char *entity = !html ? NULL : c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : c == '\'' ? "&#39;" : NULL;
        if (n == 0) cw_text_put(t, "\xef\xbf\xbd"), n = 1;
        else if (misleads(c)) cw_text_format(t, "[U+%04X]", (unsigned)c);
        else if (entity) cw_text_put(t, entity);
        else cw_text_put_n(t, (const char *)p, n);
        p += n;
    }
}

void cw_text_put_tame(cw_text *t, const char *s, size_t max) { put_tame(t, s, max, false); }

/* The numeric conversions, one at a time through snprintf with the very specification of the format. */
static void put_number(cw_text *t, const char *spec, char conversion, int longs, bool size, va_list *args)
{
    char number[512];
    int n;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (strchr("fgeFGE", conversion)) n = snprintf(number, sizeof number, spec, va_arg(*args, double));
    else if (size) n = snprintf(number, sizeof number, spec, va_arg(*args, size_t));
    else if (longs == 2) n = snprintf(number, sizeof number, spec, va_arg(*args, long long));
    else if (longs == 1) n = snprintf(number, sizeof number, spec, va_arg(*args, long));
    else n = snprintf(number, sizeof number, spec, va_arg(*args, int));
#pragma GCC diagnostic pop
    if (n < 0 || n >= (int)sizeof number) t->failed = true;
    else cw_text_put_n(t, number, (size_t)n);
}

static void put_conversion(cw_text *t, const char **format, va_list *args)
{
    char spec[32];
    const char *f = *format + 1;
    size_t max = LONGEST_SHOWN, n;
    int longs = 0;
    bool size = false;
    f += strspn(f, "+- 0#");
    f += strspn(f, "0123456789");
    if (*f == '.') max = strtoul(f + 1, NULL, 10), f += 1 + strspn(f + 1, "0123456789");
    for (; *f == 'l' || *f == 'z'; f++) longs += *f == 'l', size |= *f == 'z';
    n = (size_t)(f - *format) + 1;
    if (*f == 's') {
        const char *s = va_arg(*args, const char *);
        put_tame(t, s ? s : "", max, true);
    } else if (n >= sizeof spec || !*f) {
        t->failed = true;
        n = *f ? n : n - 1;
    } else {
        memcpy(spec, *format, n);
        spec[n] = '\0';
        put_number(t, spec, *f, longs, size, args);
    }
    *format += n;
}

void cw_html(cw_text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    while (*format) {
        size_t plain = strcspn(format, "%");
        cw_text_put_n(t, format, plain);
        format += plain;
        if (format[0] == '%' && format[1] == '%') cw_text_put_n(t, format, 1), format += 2;
        else if (*format) put_conversion(t, &format, &args);
    }
    va_end(args);
}
