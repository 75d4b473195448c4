/* SPDX-License-Identifier: MIT */
/* log.c - the sink of warnings and progress. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include "base/parse.h"

void cw_log_say(const cw_log *log, cw_log_level level, const char *format, ...)
{
    if (!log || !log->emit) return;
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cw_ascii_tame(text);
    log->emit(log->context, level, text);
}

void cw_log_progress(const cw_log *log, const char *what, uint64_t done, uint64_t total, const char *place)
{
    if (log && log->progress) log->progress(log->context, what, done, total, place);
}
