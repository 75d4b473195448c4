/* SPDX-License-Identifier: MIT */
/* cmd_validate.c - clonewatch validate. */
#include "cmd.h"

#include "flow/validate_flow.h"

int cmd_validate(int argc, char **argv)
{
    cw_common common = CW_COMMON_DEFAULT;
    cw_validate_conf conf = {0};
    const cw_opt table[] = {
        CW_GROUP("Input"),
        CW_STRING(0, "replicates", &conf.replicates, "FILE", "table of replicates: sample, vcf (calls), vaf (0: blank), and where known allele, input_ng, lot, day"),
        CW_STRING(0, "truth", &conf.truth, "FILE", "truth.tsv of clonewatch simulate, together with --draws"),
        CW_STRING(0, "draws", &conf.draws, "FILE", "draw sheet with the calls of the simulated draws"),
        CW_FLAG(0, "in-silico", &conf.in_silico, "the replicates are simulated or spiked in by computer: said on the page"),
        CW_GROUP("Output"),
        CW_STRING(0, "title", &conf.title, "TEXT", "heading of the page (default 'Analytical validation')"),
        CW_OPT_OUTPUT(&common, "folder for validation.tsv and validation.html"),
        CW_OPT_COMMON(&common),
        {0}};
    const cw_usage usage = {
        "validate", "clonewatch validate (--replicates FILE | --truth truth.tsv --draws draws.csv) -o FOLDER",
        "Figures of an assay validation in the words of CLSI EP17-A2 from replicates whose content is known: limit of blank (95th percentile), limit of detection "
        "(probit, with interval) beside the one that the calls state, sensitivity by VAF and input, false positives, bias and precision, and which requirements the "
        "design meets; as a table and as a page with plots. Results that are not assessable stand in no denominator.\n\n"
        "In-silico data supplement samples and never replace them.",
        "  clonewatch validate --replicates dilution.tsv -o validation\n"};
    int first, status = cw_options_parse(&usage, table, argc, argv, &first);
    if (status >= 0) return status;
    if (first < argc) return cw_usage_error("validate", "unexpected '%s'", argv[first]);
    if (!conf.replicates == !conf.truth) return cw_usage_error("validate", "give either --replicates, or --truth with --draws");
    if (!conf.truth != !conf.draws) return cw_usage_error("validate", "--truth and --draws go together");
    if (!common.output) return cw_usage_error("validate", "give the folder of the results (-o)");
    cw_err err = {0};
    cw_terminal terminal = {0};
    conf.out = common.output;
    status = cw_flow_validate(&conf, cw_terminal_log(&terminal, &common, "validate"), &err);
    cw_terminal_end(&terminal);
    return cw_report_error("validate", status, &err);
}
