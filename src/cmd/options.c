/* SPDX-License-Identifier: MIT */
/* options.c - one option table per command: parsing (getopt_long), --config and help all come from it. */
#include "cmd.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <clonewatch/version.h>
#include <htslib/hts.h>
#include "base/out.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/parse.h"

enum { FIRST_LONG = 256, MAX_OPTIONS = 96 };

int cw_usage_error(const char *command, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cw_ascii_tame(text);
    fprintf(stderr, "clonewatch %s: %s\nSee 'clonewatch %s --help'.\n", command, text, command);
    return CW_EXIT_USAGE;
}

static void print_wrapped(const char *text, int indent, int column, int width)
{
    for (const char *p = text; *p;) {
        size_t word = strcspn(p, " \n");
        if (column > indent && column + (int)word > width) {
            printf("\n%*s", indent, "");
            column = indent;
        }
        printf("%.*s", (int)word, p);
        column += (int)word;
        p += word;
        if (*p == '\n') {
            printf("\n%*s", p[1] && p[1] != '\n' ? indent : 0, "");
            column = indent;
            p++;
        } else if (*p == ' ') {
            putchar(' ');
            column++;
            p++;
        }
    }
    putchar('\n');
}

static void print_option(const cw_opt *o)
{
    char left[128];
    int n = 0;
    if (o->letter) n = snprintf(left, sizeof left, "  -%c, --%s", o->letter, o->name);
    else n = snprintf(left, sizeof left, "      --%s", o->name);
    if (o->alias) n += snprintf(left + n, sizeof left - (size_t)n, ", --%s", o->alias);
    if (o->argument) n += snprintf(left + n, sizeof left - (size_t)n, " %s", o->argument);
    fputs(left, stdout);
    if (n > 28) printf("\n%30s", "");
    else printf("%*s", 30 - n, "");
    print_wrapped(o->help, 30, 30, 80);
}

static void print_help(const cw_usage *usage, const cw_opt *table)
{
    printf("Usage: ");
    for (const char *p = usage->synopsis; *p; p++) {
        putchar(*p);
        if (*p == '\n') printf("       ");
    }
    printf("\n\n");
    print_wrapped(usage->text, 0, 0, 80);
    for (const cw_opt *o = table; o->name; o++) {
        if (o->kind == CW_OPT_GROUP) printf("\n%s:\n", o->name);
        else print_option(o);
    }
    if (usage->examples) printf("\nExamples:\n%s", usage->examples);
    printf("\nFor research use only; not for diagnosis or treatment decisions.\n");
}

static void print_version(void) { printf("clonewatch %s\nUsing htslib %s\n", CLONEWATCH_VERSION, hts_version()); }

static int store(const cw_usage *usage, const cw_opt *o, const char *text)
{
    switch (o->kind) {
    case CW_OPT_FLAG: *(bool *)o->value = true; return -1;
    case CW_OPT_STRING: *(const char **)o->value = text; return -1;
    case CW_OPT_LIST: {
        cw_strlist *l = o->value;
        if (cw_grow((void **)&l->v, &l->cap, l->n + 1, sizeof *l->v, NULL) < 0) {
            fprintf(stderr, "clonewatch: out of memory\n");
            return CW_EXIT_FAILED;
        }
        l->v[l->n++] = text;
        return -1;
    }
    case CW_OPT_INT: {
        int64_t v;
        if (!cw_parse_i64(text, &v)) return cw_usage_error(usage->command, "--%s takes a whole number, not '%s'", o->name, text);
        if ((o->lo != 0 || o->hi != 0) && ((double)v < o->lo || (double)v > o->hi))
            return cw_usage_error(usage->command, "--%s takes a number from %.0f to %.0f, not %s", o->name, o->lo, o->hi, text);
        *(int64_t *)o->value = v;
        return -1;
    }
    case CW_OPT_REAL: {
        double v;
        if (!cw_parse_double(text, &v)) return cw_usage_error(usage->command, "--%s takes a number, not '%s'", o->name, text);
        if ((o->lo != 0 || o->hi != 0) && (v < o->lo || v > o->hi))
            return cw_usage_error(usage->command, "--%s takes a number from %g to %g, not %s", o->name, o->lo, o->hi, text);
        *(double *)o->value = v;
        return -1;
    }
    case CW_OPT_CHOICE: {
        int index = 0;
        size_t n = strlen(text);
        for (const char *w = o->argument;; index++) {
            size_t m = strcspn(w, "|");
            if (m == n && !strncmp(w, text, n)) {
                *(int *)o->value = index;
                return -1;
            }
            if (!w[m]) break;
            w += m + 1;
        }
        return cw_usage_error(usage->command, "--%s takes one of %s, not '%s'", o->name, o->argument, text);
    }
    case CW_OPT_GROUP: break;
    }
    return CW_EXIT_USAGE;
}

/* --config FILE: a JSON object; values that the command line gives later win, because it is parsed after. The document stays
 * in memory until exit, since options point into it. */
static int read_config(const cw_usage *usage, const cw_opt *table, const char *path)
{
    static json_t *kept; /* reachable until exit */
    cw_err err = {0};
    if (kept) json_decref(kept);
    if (cw_json_read(path, &kept, &err) < 0) return cw_report_error(usage->command, err.code, &err);
    const char *key;
    json_t *v;
    if (!json_is_object(kept)) return cw_usage_error(usage->command, "'%s' is not a JSON object of option names and values", path);
    json_object_foreach(kept, key, v)
    {
        const cw_opt *o = table;
        while (o->name && (o->kind == CW_OPT_GROUP || !o->value || (strcmp(o->name, key) && (!o->alias || strcmp(o->alias, key))))) o++;
        if (!o->name) return cw_usage_error(usage->command, "'%s': '%s' is not an option of this command", path, key);
        if (o->kind == CW_OPT_FLAG && json_is_boolean(v)) {
            *(bool *)o->value = json_is_true(v);
            continue;
        }
        char number[64];
        const char *text = json_string_value(v);
        if (json_is_integer(v)) snprintf(number, sizeof number, "%lld", (long long)json_integer_value(v)), text = number;
        else if (json_is_real(v)) snprintf(number, sizeof number, "%.17g", json_real_value(v)), text = number;
        if (!text || o->kind == CW_OPT_FLAG || ((o->kind == CW_OPT_STRING || o->kind == CW_OPT_LIST) && text == number))
            return cw_usage_error(usage->command, "'%s': the value of '%s' has the wrong kind", path, key);
        int status = store(usage, o, text);
        if (status >= 0) return status;
    }
    return -1;
}

int cw_options_parse(const cw_usage *usage, const cw_opt *table, int argc, char **argv, int *first)
{
    struct option longs[2 * MAX_OPTIONS + 1] = {0};
    const cw_opt *rows[2 * MAX_OPTIONS];
    char shorts[2 * MAX_OPTIONS + 2] = ":";
    size_t n = 0, s = 1;
    for (const cw_opt *o = table; o->name; o++) {
        if (o->kind == CW_OPT_GROUP || n + 2 > 2 * MAX_OPTIONS) continue;
        int argument = o->kind == CW_OPT_FLAG ? no_argument : required_argument;
        rows[n] = o;
        longs[n] = (struct option){o->name, argument, NULL, FIRST_LONG + (int)n};
        n++;
        if (o->alias) {
            rows[n] = o;
            longs[n] = (struct option){o->alias, argument, NULL, FIRST_LONG + (int)n};
            n++;
        }
        if (o->letter) {
            shorts[s++] = o->letter;
            if (argument == required_argument) shorts[s++] = ':';
        }
    }
    shorts[s] = '\0';
    for (int pass = 0; pass < 2; pass++) { /* first --help, --version and --config, then the command line itself */
        optind = 0;
        opterr = 0;
        for (int c; (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
            const cw_opt *o = NULL;
            if (c == '?') return optopt && optopt < FIRST_LONG ? cw_usage_error(usage->command, "unknown option '-%c'", optopt)
                                                               : cw_usage_error(usage->command, "unknown option '%s'", argv[optind - 1]);
            if (c == ':') return cw_usage_error(usage->command, "option '%s' needs a value", argv[optind - 1]);
            if (c >= FIRST_LONG) o = rows[c - FIRST_LONG];
            for (size_t i = 0; !o && i < n; i++)
                if (rows[i]->letter == c) o = rows[i];
            if (!o) return cw_usage_error(usage->command, "unknown option '-%c'", c);
            if (o->value) {
                int status = pass == 0 ? -1 : store(usage, o, optarg);
                if (status >= 0) return status;
                continue;
            }
            if (pass == 1) continue;
            if (!strcmp(o->name, "help")) return print_help(usage, table), CW_EXIT_OK;
            if (!strcmp(o->name, "version")) return print_version(), CW_EXIT_OK;
            int status = read_config(usage, table, optarg);
            if (status >= 0) return status;
        }
    }
    *first = optind;
    return -1;
}

int cw_check_files(const char *command, const char *output, int n, char *const *files)
{
    for (int i = 0; i < n; i++) {
        if (output && cw_same_file(output, files[i])) return cw_usage_error(command, "the output '%s' is an input too, and would be lost; give it another name", output);
        for (int j = 0; j < i; j++)
            if (cw_same_file(files[j], files[i])) return cw_usage_error(command, "'%s' is the same file as '%s'; give it once", files[i], files[j]);
    }
    return -1;
}

/* Words that change no result (threads, where it goes, what is said meanwhile) would make equal results differ by their provenance.
 * Returns how many words to leave out. */
static int without_effect(char **word)
{
    static const char *const valued[] = {"--threads", "--output", "--progress"}, *const flags[] = {"-q", "--quiet", "-v", "--verbose"};
    if (!strncmp(word[0], "-@", 2) || (!strncmp(word[0], "-o", 2))) return word[0][2] || !word[1] ? 1 : 2;
    for (size_t i = 0; i < sizeof valued / sizeof *valued; i++) {
        size_t n = strlen(valued[i]);
        if (!strncmp(word[0], valued[i], n) && (!word[0][n] || word[0][n] == '=')) return word[0][n] || !word[1] ? 1 : 2;
    }
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (!strcmp(word[0], flags[i])) return 1;
    return 0;
}

char *cw_command_line(int argc, char **argv)
{
    size_t size = 16;
    for (int i = 0; i < argc; i++) size += strlen(argv[i]) + 1;
    char *line = malloc(size);
    if (!line) return NULL;
    size_t n = (size_t)snprintf(line, size, "clonewatch");
    for (int i = 0, skip; i < argc; i += skip ? skip : 1) {
        if ((skip = i ? without_effect(argv + i) : 0) > 0) continue;
        const char *slash = strrchr(argv[i], '/'), *equals = argv[i][0] == '-' ? strchr(argv[i], '=') : NULL;
        if (!slash || (argv[i][0] == '-' && !equals)) n += (size_t)snprintf(line + n, size - n, " %s", argv[i]);
        else n += (size_t)snprintf(line + n, size - n, " %.*s%s", equals ? (int)(equals - argv[i]) + 1 : 0, argv[i], slash + 1);
    }
    cw_ascii_tame(line);
    return line;
}
