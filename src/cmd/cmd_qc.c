/* SPDX-License-Identifier: MIT */
/* cmd_qc.c - clonewatch qc. */
#include "cmd.h"

#include <stdlib.h>
#include "flow/qc_flow.h"

enum { FAIL_ON_MET = 3 }; /* exit status */

int cmd_qc(int argc, char **argv)
{
    cw_common common = CW_COMMON_DEFAULT;
    cw_qc_flow_conf conf;
    cw_qc_flow_conf_default(&conf);
    const char *fail_on = NULL;
    int format = 0;
    const cw_opt table[] = {
        CW_GROUP("Input"),
        CW_STRING(0, "draws", &conf.draws, "FILE", "draw sheet: its samples, by patient, instead of files"),
        CW_OPT_PANEL(&common),
        CW_OPT_REFERENCE(&common),
        CW_OPT_REFERENCE_MD5(&common),
        CW_STRING(0, "background", &conf.sample.background_path, "TSV", "background model: its range of off-target noise decides about 'noise'"),
        CW_FLAG(0, "allow-remote", &common.allow_remote, "let paths be addresses (http, s3 ...)"),
        CW_OPT_THREADS(&common),
        CW_GROUP("Rules"),
        CW_STRING(0, "fail-on", &fail_on, "WORDS", "exit status 3 when one of these fails in any sample: identity, contamination, yield, noise; commas between"),
        CW_FLAG(0, "cross", &conf.cross, "compare the samples of different patients, too (with --draws)"),
        CW_INT(0, "min-molecules", &conf.qc.min_molecules, 1, 1000000000, "a median below this fails yield (default 1000)"),
        CW_REAL(0, "max-contamination", &conf.qc.max_contamination, 0, 0.5, "a larger share of another person's molecules fails contamination (default 0.01)"),
        CW_GROUP("Output"),
        CW_OPT_OUTPUT(&common, "qc.json (default: standard output)"),
        CW_CHOICE(0, "format", &format, "json|tsv", "json with all pairs (default), or one line per sample"),
        CW_FLAG(0, "no-version", &common.no_version, "leave version and command line out"),
        CW_OPT_COMMON(&common),
        {0}};
    const cw_usage usage = {
        "qc", "clonewatch qc [-p PANEL] [--fail-on WORDS] [-o qc.json] (--draws draws.csv | FILE ...)",
        "Quality of draws from calls files, or from alignments that are counted first: molecules, duplicates, duplex share, fragment lengths, off-target noise, recovery of "
        "the cfDNA; whether all samples are one person by the panel's fingerprint SNPs, and how much of another person is in each. Files without a draw sheet are "
        "taken as one patient's. A file of the sheet that cannot be read stops no other: its patient fails, with a reason, and the exit status is 1.\n\n"
        "Exit status: 0 fine, 1 failed, 2 usage, 3 a word of --fail-on was met; the output names which.",
        "  clonewatch qc --fail-on identity,contamination -o qc.json p1_d1.calls.vcf.gz p1_d2.calls.vcf.gz\n"};
    int first, status = cw_options_parse(&usage, table, argc, argv, &first);
    if (status >= 0) return status;
    unsigned bits = 0;
    cw_qc_outcome outcome = {0};
    if (!conf.draws == (first >= argc)) return cw_usage_error("qc", "give either --draws or files");
    if ((status = cw_check_files("qc", common.output, argc - first, argv + first)) >= 0) return status;
    if (fail_on && !cw_qc_words_parse(fail_on, &bits)) return cw_usage_error("qc", "--fail-on takes identity, contamination, yield, noise, with commas between; not '%.60s'", fail_on);
    if ((bits & CW_QC_NOISE) && !conf.sample.background_path) return cw_usage_error("qc", "--fail-on noise needs --background");
    cw_err err = {0};
    cw_terminal terminal = {0};
    char *panel = NULL, *line = NULL;
    if (cw_find_panel(common.panel, &panel, &err) < 0) return cw_report_error("qc", err.code, &err);
    conf.sample.panel_dir = panel;
    conf.sample.build = (cw_build)common.build;
    conf.sample.count.threads = (int)common.threads;
    conf.sample.count.reference = common.reference;
    conf.sample.count.reference_md5 = (cw_reference_md5_rule)common.reference_md5;
    conf.sample.count.allow_remote = common.allow_remote;
    conf.tsv = format == 1;
    conf.output = common.output;
    if (!common.no_version) conf.command_line = line = cw_command_line(argc, argv);
    status = cw_flow_qc((const char *const *)argv + first, (size_t)(argc - first), &conf, &outcome, cw_terminal_log(&terminal, &common, "qc"), &err);
    cw_terminal_end(&terminal);
    free(panel);
    free(line);
    if (status < 0) return cw_report_error("qc", status, &err);
    return outcome.unread ? CW_EXIT_FAILED : outcome.failed & bits ? FAIL_ON_MET : CW_EXIT_OK;
}
