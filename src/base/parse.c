/* SPDX-License-Identifier: MIT */
/* parse.c - numbers and dates out of text. */
#include "base/parse.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool cw_parse_i64(const char *text, int64_t *value)
{
    const char *p = text;
    if (*p == '-' || *p == '+') p++;
    if (!is_digit(*p)) return false;
    while (is_digit(*p)) p++;
    if (*p) return false;
    errno = 0;
    long long v = strtoll(text, NULL, 10);
    if (errno) return false;
    *value = v;
    return true;
}

static locale_t c_locale;
static void make_c_locale(void) { c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

bool cw_parse_double(const char *text, double *value)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const char *p = text;
    if (*p == '-' || *p == '+') p++;
    bool digits = false;
    while (is_digit(*p)) p++, digits = true;
    if (*p == '.') p++;
    while (is_digit(*p)) p++, digits = true;
    if (!digits) return false;
    if (*p == 'e' || *p == 'E') {
        p++;
        if (*p == '-' || *p == '+') p++;
        if (!is_digit(*p)) return false;
        while (is_digit(*p)) p++;
    }
    if (*p) return false;
    pthread_once(&once, make_c_locale);
    double v = c_locale ? strtod_l(text, NULL, c_locale) : strtod(text, NULL);
    if (!isfinite(v)) return false;
    *value = v;
    return true;
}

/* Days from civil: the proleptic Gregorian calendar counted in eras of 400 years that start on 1 March. */
static int64_t days_from_civil(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

bool cw_parse_date(const char *text, int64_t *day)
{
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') return false;
    for (int i = 0; i < 10; i++)
        if (i != 4 && i != 7 && !is_digit(text[i])) return false;
    int y = atoi(text), m = atoi(text + 5), d = atoi(text + 8); /* digits only, checked above */
    if (y < 1900 || y > 2199 || m < 1 || m > 12 || d < 1) return false;
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (d > month_days[m - 1] + (leap && m == 2)) return false;
    *day = days_from_civil(y, m, d);
    return true;
}

void cw_format_date(int64_t day, char out[16])
{
    int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153, d = doy - (153 * mp + 2) / 5 + 1, m = mp < 10 ? mp + 3 : mp - 9;
    int64_t y = yoe + era * 400 + (m <= 2);
    snprintf(out, 16, "%04d-%02d-%02d", (int)y % 10000, (int)m, (int)d);
}

bool cw_is_utf8(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;
    for (size_t i = 0; i < n;) {
        unsigned char c = s[i];
        size_t more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : (c & 0xf0) == 0xe0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 9;
        if (c == 0 || more == 9 || i + more >= n + (more == 0)) return false;
        for (size_t j = 1; j <= more; j++)
            if ((s[i + j] & 0xc0) != 0x80) return false;
        if (c == 0xe0 && s[i + 1] < 0xa0) return false; /* overlong */
        if (c == 0xed && s[i + 1] > 0x9f) return false; /* surrogates */
        if (c == 0xf0 && s[i + 1] < 0x90) return false;
        if (c == 0xf4 && s[i + 1] > 0x8f) return false;
        i += more + 1;
    }
    return true;
}

bool cw_ascii_equal(const char *a, const char *b)
{
    for (;; a++, b++) {
        if (cw_ascii_lower(*a) != cw_ascii_lower(*b)) return false;
        if (!*a) return true;
    }
}

void cw_ascii_tame(char *text)
{
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = '?';
}
