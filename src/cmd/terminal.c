/* SPDX-License-Identifier: MIT */
/* terminal.c - messages and progress on stderr; standard output belongs to results. */
#include "cmd.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>
#include <htslib/hts_log.h>

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
    hts_set_log_level(common->verbose ? HTS_LOG_WARNING : HTS_LOG_OFF);
    t->log = (cw_log){.emit = emit, .progress = progress, .context = t};
    return &t->log;
}

/* What the name of a VCF says: 'v', 'z', 'b', or 0. */
static char type_of_name(const char *path)
{
    static const struct { const char *end; char type; } known[] = {{".vcf", 'v'}, {".vcf.gz", 'z'}, {".vcf.bgz", 'z'}, {".bcf", 'b'}};
    size_t n = path ? strlen(path) : 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t m = strlen(known[i].end);
        if (n > m && !strcasecmp(path + n - m, known[i].end)) return known[i].type;
    }
    return 0;
}

int cw_output_type(const cw_common *common, const cw_log *log, char *type, cw_err *err)
{
    static const char *const words[] = {"bgzipped VCF", "VCF", "BCF", "BCF"};
    char named = type_of_name(common->output);
    *type = common->output_type >= 0 ? "zvbu"[common->output_type] : named ? named : 'z';
    if (common->write_index && (!common->output || !strcmp(common->output, "-") || *type == 'v' || *type == 'u'))
        return cw_err_set(err, CW_EUSAGE, "an index (-W) needs a compressed file: -o FILE.vcf.gz or FILE.bcf");
    if (named && named != *type && !(named == 'b' && *type == 'u'))
        cw_log_say(log, CW_LOG_WARNING, "'%s' will hold %s, as -O %c asks, and not what its name says", common->output, words[common->output_type], *type);
    return 0;
}

int cw_report_error(const char *command, int status, const cw_err *err)
{
    if (status >= 0) return CW_EXIT_OK;
    fprintf(stderr, "clonewatch %s: error: %s\n", command, err && err->code ? err->text : "failed without a message; this is a bug in clonewatch");
    return status == CW_EUSAGE ? CW_EXIT_USAGE : CW_EXIT_FAILED;
}
