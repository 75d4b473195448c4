/* SPDX-License-Identifier: MIT */
/* cmd.h - the command layer: the only room that knows the terminal.
 *
 * A command is four moves: parse options into a conf struct, check the combination once, run a flow, return its status.
 * To add one: see commands.def. The parser prints help and usage errors itself. */
#ifndef CW_CMD_H
#define CW_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <clonewatch/error.h>
#include "base/log.h"

/* Exit status of every command. qc adds 3 (--fail-on met). */
enum { CW_EXIT_OK = 0, CW_EXIT_FAILED = 1, CW_EXIT_USAGE = 2 };

typedef enum cw_opt_kind { CW_OPT_GROUP, CW_OPT_FLAG, CW_OPT_STRING, CW_OPT_INT, CW_OPT_REAL, CW_OPT_CHOICE, CW_OPT_LIST } cw_opt_kind;

typedef struct cw_strlist { const char **v; size_t n, cap; } cw_strlist;

/* One row of an option table; the last row is {0}. */
typedef struct cw_opt {
    cw_opt_kind kind;
    char letter;              /* 0: long name only */
    const char *name;         /* long name without dashes; for CW_OPT_GROUP the heading */
    const char *alias;        /* a second long name, or NULL */
    void *value;              /* bool*, const char**, int64_t*, double*, int* (index of the choice), cw_strlist* */
    const char *argument;     /* "FILE"; for CW_OPT_CHOICE the words "a|b|c" */
    const char *help;         /* one or two sentences; default in words */
    double lo, hi;            /* bounds of numbers, both 0: none */
} cw_opt;

#define CW_GROUP(heading) {.kind = CW_OPT_GROUP, .name = heading}
#define CW_FLAG(l, n, v, h) {.kind = CW_OPT_FLAG, .letter = l, .name = n, .value = v, .help = h}
#define CW_STRING(l, n, v, a, h) {.kind = CW_OPT_STRING, .letter = l, .name = n, .value = v, .argument = a, .help = h}
#define CW_INT(l, n, v, low, high, h) {.kind = CW_OPT_INT, .letter = l, .name = n, .value = v, .argument = "INT", .help = h, .lo = low, .hi = high}
#define CW_REAL(l, n, v, low, high, h) {.kind = CW_OPT_REAL, .letter = l, .name = n, .value = v, .argument = "NUM", .help = h, .lo = low, .hi = high}
#define CW_CHOICE(l, n, v, words, h) {.kind = CW_OPT_CHOICE, .letter = l, .name = n, .value = v, .argument = words, .help = h}
#define CW_LIST(l, n, v, a, h) {.kind = CW_OPT_LIST, .letter = l, .name = n, .value = v, .argument = a, .help = h}

/* Options that most commands share; declared once here, parsed once, their help printed once. */
typedef struct cw_common {
    int64_t threads;          /* total threads, at least 1 */
    const char *output;
    int output_type;          /* index into "z|v|b|u"; -1: by the output's name */
    bool write_index, no_version;
    const char *reference, *panel;
    int reference_md5;        /* index into "auto|all|none" */
    int build;                /* index into "auto|GRCh37|GRCh38" */
    bool quiet, verbose;
    int progress;             /* index into "auto|plain|none" */
    bool allow_remote;
} cw_common;
#define CW_COMMON_DEFAULT {.threads = 1, .output_type = -1}

#define CW_OPT_OUTPUT(c, what) CW_STRING('o', "output", &(c)->output, "FILE", what)
#define CW_OPT_VCF_OUTPUT(c) \
    CW_CHOICE('O', "output-type", &(c)->output_type, "z|v|b|u", "z bgzipped VCF, v VCF, b BCF, u uncompressed BCF (default: what the output's name says - .vcf.gz, .vcf, .bcf - else z)"), \
    CW_FLAG('W', "write-index", &(c)->write_index, "write an index beside the output"), \
    CW_FLAG(0, "no-version", &(c)->no_version, "leave version and command line out of the header")
#define CW_OPT_PANEL(c) \
    CW_STRING('p', "panel", &(c)->panel, "DIR", "panel folder, or the name of an installed panel"), \
    CW_CHOICE(0, "build", &(c)->build, "auto|GRCh37|GRCh38", "genome build; auto reads it from contig lengths (default)")
#define CW_OPT_REFERENCE(c) \
    {.kind = CW_OPT_STRING, .letter = 'f', .name = "reference", .alias = "fasta", .value = &(c)->reference, .argument = "FASTA", \
     .help = "indexed reference genome (needed for CRAM, and for insertions and deletions; REF bases are checked against it)"}
#define CW_OPT_REFERENCE_MD5(c) \
    CW_CHOICE(0, "reference-md5", &(c)->reference_md5, "auto|all|none", "M5 of the alignment's @SQ lines against the reference: auto asks the .dict beside it, and reads up to 100 million " \
              "bases of the contigs that it does not know (default); all reads them all; none compares nothing")
#define CW_OPT_THREADS(c) CW_INT('@', "threads", &(c)->threads, 1, 256, "worker threads (default 1); output does not depend on it")
#define CW_OPT_COMMON(c) \
    CW_GROUP("General"), \
    CW_FLAG('q', "quiet", &(c)->quiet, "only errors on stderr"), \
    CW_FLAG('v', "verbose", &(c)->verbose, "more detail on stderr, also htslib's own words"), \
    CW_CHOICE(0, "progress", &(c)->progress, "auto|plain|none", "progress on stderr (auto: one changing line on a terminal)"), \
    CW_STRING(0, "config", NULL, "FILE", "JSON file of long option names and values; the command line wins"), \
    CW_FLAG(0, "version", NULL, "print the version and exit"), \
    CW_FLAG('h', "help", NULL, "print this help and exit")

/* What a command tells about itself for --help. */
typedef struct cw_usage {
    const char *command;      /* "count" */
    const char *synopsis;     /* lines after "Usage: ", '\n' between */
    const char *text;         /* paragraphs: what it does, with which rules */
    const char *examples;     /* lines, or NULL */
} cw_usage;

/* Parse argv (argv[0] is the command's name). Returns -1 when the command should run, with *first = index of the first
 * operand (operands are moved to the end); otherwise the exit status: help was printed or usage was wrong. */
int cw_options_parse(const cw_usage *usage, const cw_opt *table, int argc, char **argv, int *first);

/* One file given twice would count its molecules twice, and an output that is an input would destroy it. -1: fine, else CW_EXIT_USAGE. */
int cw_check_files(const char *command, const char *output, int n, char *const *files);

/* Letter of the output's format: -O, else what its name says, else 'z'. A name that contradicts -O is worth a warning; an index (-W) of
 * what cannot have one is an error. */
CW_MUST_CHECK int cw_output_type(const cw_common *common, const cw_log *log, char *type, cw_err *err);

/* "clonewatch count: ..." on stderr with a hint at --help; returns CW_EXIT_USAGE. */
int cw_usage_error(const char *command, const char *format, ...) CW_PRINTF(2, 3);

/* Print the error (if any) and turn it into an exit status. */
int cw_report_error(const char *command, int status, const cw_err *err);

/* A sink for library messages on stderr, by -q, -v and --progress. The object is caller's memory. */
typedef struct cw_terminal { cw_log log; bool quiet, verbose; int progress; int64_t last_ms; bool line_open; const char *command; } cw_terminal;
const cw_log *cw_terminal_log(cw_terminal *t, const cw_common *common, const char *command);
void cw_terminal_end(cw_terminal *t); /* finish an open progress line */

/* The command line as one line of text for headers and provenance: base names only, no patient paths; without words that change no
 * result (-@, -o, --progress, -q, -v), so that equal results are equal files. argv as given, before the parser moves operands. Caller frees. */
char *cw_command_line(int argc, char **argv);

/* "DIR" of a panel given with -p: a folder as it is, else a name looked up in CLONEWATCH_PANELS, the install prefix and the source tree.
 * name NULL: the default panel. Caller frees. */
CW_MUST_CHECK int cw_find_panel(const char *name, char **dir, cw_err *err);

#define CW_COMMAND(name, group, summary) int cmd_##name(int argc, char **argv);
#include "commands.def"
#undef CW_COMMAND
#endif
