/* SPDX-License-Identifier: MIT */
/* error.c - the caller's error record. */
#include <clonewatch/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/parse.h"

int cw_err_set(cw_err *err, int code, const char *format, ...)
{
    if (!err || err->code) return code;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    cw_ascii_tame(err->text);
    err->code = code;
    return code;
}

int cw_err_nomem(cw_err *err) { return cw_err_set(err, CW_ENOMEM, "out of memory"); }

int cw_err_prefix(cw_err *err, const char *format, ...)
{
    if (!err || !err->code) return err ? err->code : CW_EINTERNAL;
    char text[sizeof err->text], rest[sizeof err->text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    memcpy(rest, err->text, sizeof rest);
    size_t n = strlen(text);
    if (n + 3 < sizeof err->text) {
        memcpy(err->text, text, n);
        memcpy(err->text + n, ": ", 2);
        size_t left = sizeof err->text - n - 3, m = strlen(rest);
        if (m > left) m = left;
        memcpy(err->text + n + 2, rest, m);
        err->text[n + 2 + m] = '\0';
    }
    cw_ascii_tame(err->text);
    return err->code;
}

void cw_err_clear(cw_err *err)
{
    err->code = 0;
    err->text[0] = '\0';
}
