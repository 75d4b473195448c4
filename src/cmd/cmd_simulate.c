/* SPDX-License-Identifier: MIT */
/* cmd_simulate.c - a scenario -> BAMs, calls or a caller's VCFs, with the truth beside them. */
#include "cmd.h"

#include <stdlib.h>
#include "flow/simulate_flow.h"

static const cw_usage usage = {
    .command = "simulate",
    .synopsis = "clonewatch simulate -p PANEL -o FOLDER scenario.json",
    .text = "Makes the files that a draw sheet names, for patients whose clones a scenario describes: a BAM\n"
            "where the sheet has a bam, calls where it has a .calls.vcf.gz, a VCF in the manner of Mutect2\n"
            "where it has another vcf, a list of variants for a tumour row. FOLDER also gets the sheet, its\n"
            "events, truth.tsv, and a sparse reference: chromosomes of real length, N everywhere but around\n"
            "the panel. Between the panel's own bases that reference is invented; do not use it for real data.\n\n"
            "The same scenario, panel and seed give the same bytes at any number of threads.",
    .examples = "clonewatch simulate -p lung -o sim testdata/demo/scenario.json",
};

int cmd_simulate(int argc, char **argv)
{
    cw_common common = CW_COMMON_DEFAULT;
    cw_simulate_conf conf = {.seed = -1};
    const cw_opt options[] = {
        CW_GROUP("Input and output"),
        {.kind = CW_OPT_STRING, .letter = 'p', .name = "panel", .value = &common.panel, .argument = "DIR", .help = "panel folder, or the name of an installed panel"},
        CW_OPT_OUTPUT(&common, "folder for everything that is made"),
        CW_FLAG(0, "no-reference", &conf.no_reference, "leave the reference out"),
        CW_GROUP("Simulation"),
        CW_INT(0, "seed", &conf.seed, 0, 9007199254740991.0, "seed in place of the scenario's"),
        CW_OPT_THREADS(&common),
        CW_OPT_COMMON(&common),
        {0}};
    int first, status = cw_options_parse(&usage, options, argc, argv, &first);
    if (status >= 0) return status;
    if (argc - first != 1) return cw_usage_error("simulate", argc == first ? "a scenario is needed" : "one scenario at a time");
    if (!common.output) return cw_usage_error("simulate", "-o FOLDER is needed");
    cw_err err = {0};
    cw_terminal terminal;
    char *panel = NULL;
    const cw_log *log = cw_terminal_log(&terminal, &common, "simulate");
    conf.scenario = argv[first];
    conf.out = common.output;
    conf.threads = (int)common.threads;
    status = cw_find_panel(common.panel, &panel, &err);
    conf.panel_dir = panel;
    if (status == 0) status = cw_flow_simulate(&conf, log, &err);
    free(panel);
    cw_terminal_end(&terminal);
    return cw_report_error("simulate", status, &err);
}
