/* SPDX-License-Identifier: MIT */
/* cmd_run.c - draw sheet and events -> everything for each patient. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>
#include "flow/run_flow.h"

static const cw_usage usage = {
    .command = "run",
    .synopsis = "clonewatch run -p PANEL --draws draws.csv [--events events.csv] [-f ref.fa]\n               [--background B.tsv] -o OUT",
    .text = "Reads every draw of the sheet (BAM, CRAM, another caller's VCF or calls made before), follows each allele over the draws of its patient, "
            "decides which emerge, and writes OUT/<patient>/: calls, series.tsv, clones.tsv, findings.tsv, patient.json and report.html; OUT/cohort.tsv "
            "has one line per patient, OUT/audit.jsonl one per patient and run.\n"
            "A patient that fails or is blocked (a draw that is not this person's) does not stop the others: cohort.tsv says why, and the exit status is 1. "
            "The sheet is explained in docs/formats.md.",
    .examples = "  clonewatch run --draws draws.csv --events events.csv -f hg38.fa -@ 4 -o OUT\n"
                "  clonewatch run --draws draws.csv --events events.csv --previous OUT -o OUT2\n"};

typedef struct settings {
    cw_common common;
    cw_run_conf run;
    cw_strlist accept;
    int64_t min_mapq, min_baseq;
    int mates;
} settings;

static int parse(settings *s, int argc, char **argv, int *first)
{
    const cw_opt table[] = {
        CW_GROUP("Input"),
        CW_STRING(0, "draws", &s->run.draws, "FILE", "draw sheet (CSV or TSV)"),
        CW_STRING(0, "events", &s->run.events, "FILE", "treatments, scans and other assays (CSV or TSV)"),
        CW_OPT_PANEL(&s->common),
        CW_OPT_REFERENCE(&s->common),
        CW_OPT_REFERENCE_MD5(&s->common),
        CW_STRING(0, "background", &s->run.background, "TSV", "background model of the assay (clonewatch background); without it the built-in one, marked as such"),
        CW_STRING(0, "previous", &s->run.previous, "FILE", "patient.json of the last report, or the OUT folder of the last run: weights, clock and alarms are kept"),
        CW_LIST(0, "accept-identity", &s->accept, "SAMPLE=REASON", "take a draw as the patient's although its fingerprint says otherwise; the reason is printed in the report"),
        CW_FLAG(0, "allow-stale-index", &s->run.count.allow_stale_index, "accept an index older than its file"),
        CW_FLAG(0, "allow-remote", &s->common.allow_remote, "let paths be addresses (http, s3 ...)"),
        CW_FLAG(0, "check", &s->run.check, "only check the sheets, the panel and the names, and write nothing"),
        CW_GROUP("Output"),
        CW_OPT_OUTPUT(&s->common, "folder of the results"),
        CW_FLAG(0, "no-version", &s->common.no_version, "leave version and command line out of the outputs"),
        CW_OPT_THREADS(&s->common),
        CW_GROUP("Counting rules"),
        CW_CHOICE(0, "mates", &s->mates, "strict|gbcms", "mates that disagree: strict makes the molecule discordant (default); gbcms lets the better base win"),
        CW_INT(0, "min-mapq", &s->min_mapq, 0, 255, "least mapping quality of a read (default 20)"),
        CW_INT(0, "min-baseq", &s->min_baseq, 0, 93, "least quality of a base that votes (default 20)"),
        CW_INT(0, "min-molecules", &s->run.track.min_molecules, 1, 1000000000, "molecules below which a site is not assessable (default 1000)"),
        CW_GROUP("Decision"),
        CW_REAL(0, "call-alpha", &s->run.detect.call_alpha, 1e-9, .5, "p-value of 'detected' in one draw alone (default 0.001)"),
        CW_REAL(0, "alpha", &s->run.track.alpha, 1e-6, .5, "allowed chance of ever raising a false alert in one patient (default 0.05)"),
        CW_REAL(0, "alpha-confirmed", &s->run.track.alpha_confirmed, 1e-9, .5, "the same for confirmed alarms (default 0.005)"),
        CW_OPT_COMMON(&s->common),
        {0}};
    return cw_options_parse(&usage, table, argc, argv, first);
}

static int go(settings *s, char *line)
{
    cw_err err = {0};
    cw_terminal terminal = {0};
    cw_run_outcome outcome = {0};
    char *panel = NULL;
    const cw_log *log = cw_terminal_log(&terminal, &s->common, "run");
    int status = cw_find_panel(s->common.panel, &panel, &err);
    s->run.panel_dir = panel;
    s->run.command_line = line;
    if (status == 0) status = cw_flow_run(&s->run, &outcome, log, &err);
    if (status == 0 && !s->run.check)
        cw_log_say(log, CW_LOG_INFO, "%zu patient%s reported, %zu blocked, %zu failed; results in '%s'", outcome.ok, outcome.ok == 1 ? "" : "s", outcome.blocked, outcome.failed, s->run.out);
    cw_terminal_end(&terminal);
    free(panel);
    if (status == 0 && outcome.blocked + outcome.failed) return CW_EXIT_FAILED;
    return cw_report_error("run", status, &err);
}

int cmd_run(int argc, char **argv)
{
    settings s = {.common = CW_COMMON_DEFAULT};
    cw_run_conf_default(&s.run);
    s.min_mapq = s.run.count.min_mapq;
    s.min_baseq = s.run.count.min_baseq;
    char *line = cw_command_line(argc, argv); /* before the parser moves the operands */
    int first, status = parse(&s, argc, argv, &first);
    if (status < 0 && argc > first) status = cw_usage_error("run", "'%s' is not expected; the draws are named in the draw sheet", argv[first]);
    if (status < 0 && !s.run.draws) status = cw_usage_error("run", "a draw sheet is needed: --draws FILE");
    if (status < 0 && !s.run.check && (!s.common.output || !strcmp(s.common.output, "-"))) status = cw_usage_error("run", "a folder for the results is needed: -o OUT");
    if (status < 0 && s.run.track.alpha_confirmed > s.run.track.alpha) status = cw_usage_error("run", "--alpha-confirmed is larger than --alpha");
    if (status < 0) {
        s.run.out = s.common.output;
        s.run.build = (cw_build)s.common.build;
        s.run.threads = (int)s.common.threads;
        s.run.accept = s.accept.v;
        s.run.n_accept = s.accept.n;
        s.run.count.min_mapq = (int)s.min_mapq;
        s.run.count.min_baseq = (int)s.min_baseq;
        s.run.count.mates = (cw_mates)s.mates;
        s.run.count.reference = s.common.reference;
        s.run.count.reference_md5 = (cw_reference_md5_rule)s.common.reference_md5;
        s.run.count.allow_remote = s.common.allow_remote;
        s.run.detect.min_molecules = s.run.track.min_molecules;
        status = go(&s, s.common.no_version ? NULL : line);
    }
    free(line);
    free(s.accept.v);
    return status;
}
