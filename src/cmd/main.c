/* SPDX-License-Identifier: MIT */
/* main.c - finds the command in the table and runs it. Closes standard output once for all: a result cut short by a full disk must
 * not exit 0. */
#include "cmd.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <clonewatch/version.h>
#include <htslib/hts.h>
#include <htslib/hts_log.h>
#include "base/out.h"
#include "flow/start.h"

typedef struct command {
    const char *name, *group, *summary;
    int (*run)(int argc, char **argv);
} command;

static const command commands[] = {
#define CW_COMMAND(name, group, summary) {#name, group, summary, cmd_##name},
#include "commands.def"
#undef CW_COMMAND
    {NULL, NULL, NULL, NULL}};

static void print_overview(FILE *to)
{
    fprintf(to, "clonewatch %s - resistant clones emerging in serial plasma draws\n\nUsage: clonewatch COMMAND [options]\n", CLONEWATCH_VERSION);
    const char *group = "";
    for (const command *c = commands; c->name; c++) {
        if (strcmp(group, c->group)) fprintf(to, "\n%s:\n", c->group);
        group = c->group;
        fprintf(to, "  %-12s%s\n", c->name, c->summary);
    }
    fprintf(to, "\n'clonewatch COMMAND --help' explains a command. Exit status: 0 fine, 1 failed, 2 usage.\n"
                "For research use only; not for diagnosis or treatment decisions.\n");
}

static size_t edit_distance(const char *a, const char *b)
{
    size_t row[64], n = strlen(b);
    if (n >= 63 || strlen(a) >= 63) return 99;
    for (size_t j = 0; j <= n; j++) row[j] = j;
    for (size_t i = 1; *a; a++, i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (*a != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[n];
}

static int unknown_command(const char *word)
{
    const command *near = NULL;
    size_t best = 3;
    for (const command *c = commands; c->name; c++) {
        size_t d = edit_distance(word, c->name);
        if (d < best) best = d, near = c;
    }
    fprintf(stderr, "clonewatch: unknown command '%.40s'", word);
    if (near) fprintf(stderr, "; did you mean '%s'?", near->name);
    fprintf(stderr, "\nSee 'clonewatch --help'.\n");
    return CW_EXIT_USAGE;
}

static void on_signal(int number)
{
    cw_out_remove_temporaries();
    signal(number, SIG_DFL);
    raise(number);
}

/* htslib ends the process itself when memory runs out in some places. */
static bool at_end;
static void on_exit_inside(void)
{
    cw_out_remove_temporaries();
    if (!at_end) fprintf(stderr, "clonewatch: error: out of memory in htslib\n");
}

static int close_stdout(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout) || fclose(stdout) != 0) {
        if (errno != EPIPE) fprintf(stderr, "clonewatch: error: cannot write to standard output: %s\n", strerror(errno));
        return status ? status : CW_EXIT_FAILED;
    }
    return status;
}

static int run(int argc, char **argv)
{
    if (argc < 2) return print_overview(stderr), CW_EXIT_USAGE;
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || (!strcmp(argv[1], "help") && argc == 2)) return print_overview(stdout), CW_EXIT_OK;
    if (!strcmp(argv[1], "--version")) return printf("clonewatch %s\nUsing htslib %s\n", CLONEWATCH_VERSION, hts_version()), CW_EXIT_OK;
    if (!strcmp(argv[1], "--version-only")) return printf("%s\n", CLONEWATCH_VERSION), CW_EXIT_OK;
    char *help[] = {argv[argc > 2 ? 2 : 1], (char[]){"--help"}, NULL};
    bool wants_help = !strcmp(argv[1], "help");
    for (const command *c = commands; c->name; c++)
        if (!strcmp(c->name, wants_help ? argv[2] : argv[1])) return wants_help ? c->run(2, help) : c->run(argc - 1, argv + 1);
    return unknown_command(wants_help ? argv[2] : argv[1]);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C"); /* numbers in files have a decimal point everywhere */
    static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ};
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) signal(deadly[i], on_signal);
    atexit(on_exit_inside);
    hts_set_log_level(HTS_LOG_OFF); /* our message says what matters; -v lets htslib speak too */
    cw_start();
    int status = close_stdout(run(argc, argv));
    at_end = true;
    return status;
}
