/* SPDX-License-Identifier: MIT */
/* parse.h - numbers and dates out of text: the whole text or nothing, independent of the locale. */
#ifndef CW_BASE_PARSE_H
#define CW_BASE_PARSE_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

/* Decimal integer with optional sign; false on anything else (blanks, 1e5, overflow). */
bool cw_parse_i64(const char *text, int64_t *value);

/* Decimal number, point as decimal mark, optional exponent; false on nan, inf, hex, blanks, decimal comma. */
bool cw_parse_double(const char *text, double *value);

/* YYYY-MM-DD, years 1900-2199, real calendar days only; *day = days since 1970-01-01. */
bool cw_parse_date(const char *text, int64_t *day);

/* The inverse; out holds "YYYY-MM-DD". */
void cw_format_date(int64_t day, char out[16]);

/* Valid UTF-8 without NUL. */
bool cw_is_utf8(const char *text, size_t n);

/* Lower case and equality but for case, of ASCII, independent of the locale. */
static inline char cw_ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
bool cw_ascii_equal(const char *a, const char *b);

/* Names from files reach messages: control characters become '?', so that none moves the cursor or starts a new line. */
void cw_ascii_tame(char *text);
#endif
