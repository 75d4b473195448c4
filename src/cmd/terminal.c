/* SPDX-License-Identifier: MIT */
/* terminal.c - messages and progress on stderr; standard output belongs to results. */
#include "cmd.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void cw_terminal_end(cw_terminal *t)
{
    if (t->line_open) fputc('\n', stderr);
    t->line_open = false;
}

static void emit(void *context, cw_log_level level, const char *text)
{
    static const char *const words[] = {"error", "warning", "info", "debug"};
    cw_terminal *t = context;
    if ((t->quiet && level > CW_LOG_ERROR) || (!t->verbose && level > CW_LOG_INFO)) return;
    cw_terminal_end(t);
    fprintf(stderr, "clonewatch %s: %s%s%s\n", t->command, level == CW_LOG_INFO ? "" : words[level], level == CW_LOG_INFO ? "" : ": ", text);
}

/* On a terminal one changing line at most once a second; elsewhere a line a minute, so that a cluster log stays short. */
static void progress(void *context, const char *what, uint64_t done, uint64_t total, const char *place)
{
    cw_terminal *t = context;
    bool changing = t->progress == 0 && isatty(STDERR_FILENO);
    int64_t now = now_ms();
    if (t->quiet || t->progress == 2 || now - t->last_ms < (changing ? 1000 : 60000)) return;
    t->last_ms = now;
    char of[32] = "";
    if (total) snprintf(of, sizeof of, " of %llu", (unsigned long long)total);
    fprintf(stderr, "%sclonewatch %s: %s %llu%s %s%s", changing ? "\r\033[K" : "", t->command, what, (unsigned long long)done, of,
            place ? place : "", changing ? "" : "\n");
    t->line_open = changing;
    fflush(stderr);
}

const cw_log *cw_terminal_log(cw_terminal *t, const cw_common *common, const char *command)
{
    *t = (cw_terminal){.quiet = common->quiet, .verbose = common->verbose, .progress = common->progress, .last_ms = now_ms(), .command = command};
    t->log = (cw_log){.emit = emit, .progress = progress, .context = t};
    return &t->log;
}

int cw_report_error(const char *command, int status, const cw_err *err)
{
    if (status >= 0) return CW_EXIT_OK;
    fprintf(stderr, "clonewatch %s: error: %s\n", command, err && err->code ? err->text : "failed without a message; this is a bug in clonewatch");
    return status == CW_EUSAGE ? CW_EXIT_USAGE : CW_EXIT_FAILED;
}
