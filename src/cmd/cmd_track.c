/* SPDX-License-Identifier: MIT */
/* cmd_track.c - clonewatch track: calls over draws -> alarms, series, clones. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>
#include "flow/track_flow.h"

static const cw_usage usage = {
    .command = "track",
    .synopsis = "clonewatch track --draws draws.csv [--events events.csv] [-p PANEL] -o OUT",
    .text = "Follows every allele of the draws' .calls.vcf[.gz] files over time and writes OUT/<patient>/patient.json, series.tsv, clones.tsv and "
            "findings.tsv, and OUT/cohort.tsv.\n"
            "The chance of ever raising a false alarm in one patient, over all draws and all alleles, is at most --alpha; a new draw can be added at "
            "any time, and the number of draws need not be known. See docs/emergence.md.\n"
            "A patient that fails does not stop the others: cohort.tsv says why, and the exit status is 1.",
    .examples = "clonewatch track --draws draws.csv --events events.csv -o OUT\n"
                "clonewatch track --draws draws.csv --events events.csv --previous OUT -o OUT2\n"};

int cmd_track(int argc, char **argv)
{
    cw_common common = CW_COMMON_DEFAULT;
    cw_track_flow_conf conf;
    cw_track_flow_conf_default(&conf);
    int first = 0, preset = 0;
    const cw_opt options[] = {
        CW_GROUP("Input"),
        CW_STRING(0, "draws", &conf.draws, "FILE", "draw sheet (CSV or TSV); its vcf column names calls files"),
        CW_STRING(0, "events", &conf.events, "FILE", "treatments, scans and other assays (CSV or TSV)"),
        CW_STRING(0, "previous", &conf.previous, "FILE", "patient.json of the last report, or the OUT folder of the last run: weights, clock and alarms are kept, and draws that are not in the sheet are taken from it"),
        CW_STRING('p', "panel", &common.panel, "DIR", "panel folder, or the name of an installed panel"),
        CW_GROUP("Output"),
        CW_STRING('o', "output", &common.output, "DIR", "folder of the results"),
        CW_FLAG(0, "html", &conf.html, "write report.html for each patient too"),
        CW_FLAG(0, "no-version", &common.no_version, "leave the command line out of patient.json"),
        CW_GROUP("Decision"),
        CW_REAL(0, "alpha", &conf.track.alpha, 1e-6, .5, "allowed chance of ever raising a false alert in one patient (default 0.05)"),
        CW_REAL(0, "alpha-confirmed", &conf.track.alpha_confirmed, 1e-9, .5, "the same for confirmed alarms (default 0.005)"),
        CW_REAL(0, "growth-slack", &conf.track.growth_slack, 1, 100, "noise that the growth test forgives, as a ratio of fractions (default 4)"),
        CW_REAL(0, "forecast-vaf", &conf.track.forecast_vaf, 1e-6, .5, "fraction whose crossing is forecast (default 0.05)"),
        CW_INT(0, "min-molecules", &conf.track.min_molecules, 1, 1000000000, "molecules below which a site is not assessable (default 1000)"),
        CW_CHOICE(0, "response", &preset, "mean-vaf-50|intervals|plus20-minus30", "preset of the molecular response (default mean-vaf-50)"),
        CW_OPT_COMMON(&common),
        {0}};
    int status = cw_options_parse(&usage, options, argc, argv, &first);
    if (status >= 0) return status;
    if (argc > first) return cw_usage_error("track", "'%s' is not expected; the draws are named in the draw sheet", argv[first]);
    if (!conf.draws) return cw_usage_error("track", "a draw sheet is needed: --draws FILE");
    if (!common.output || !strcmp(common.output, "-")) return cw_usage_error("track", "a folder for the results is needed: -o DIR");
    if (conf.track.alpha_confirmed > conf.track.alpha) return cw_usage_error("track", "--alpha-confirmed is larger than --alpha");
    static const char *const presets[] = {"mean-vaf-50", "intervals", "plus20-minus30"};
    conf.track.response_preset = presets[preset];
    conf.out = common.output;

    cw_err err = {0};
    cw_terminal terminal = {0};
    const cw_log *log = cw_terminal_log(&terminal, &common, "track");
    char *panel = NULL, *line = common.no_version ? NULL : cw_command_line(argc, argv);
    size_t failed = 0;
    conf.command_line = line;
    status = cw_find_panel(common.panel, &panel, &err);
    if (status < 0 && !common.panel) { /* no panel is installed: alleles are followed by what the files say */
        cw_err_clear(&err);
        status = 0;
    }
    conf.panel_dir = panel;
    if (status == 0) status = cw_flow_track(&conf, &failed, log, &err);
    cw_terminal_end(&terminal);
    free(panel);
    free(line);
    if (status == 0 && failed) return CW_EXIT_FAILED;
    return cw_report_error("track", status, &err);
}
