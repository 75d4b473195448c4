/* SPDX-License-Identifier: MIT */
/* cmd_background.c - clonewatch background. */
#include "cmd.h"

#include "flow/background_flow.h"

int cmd_background(int argc, char **argv)
{
    cw_common common = CW_COMMON_DEFAULT;
    cw_background_flow_conf conf;
    cw_background_flow_conf_default(&conf);
    int level = 0;
    const cw_opt table[] = {
        CW_GROUP("Input"),
        CW_OPT_REFERENCE(&common),
        CW_CHOICE(0, "level", &level, "auto|raw|umi|simplex|duplex", "consensus level of the normals; auto takes the one in the counts (default)"),
        CW_GROUP("Model"),
        CW_STRING(0, "name", &conf.fit.name, "NAME", "name of the model (default 'background'); a checksum of the file is added when it is used"),
        CW_REAL(0, "max-vaf", &conf.fit.max_vaf, 0.0001, 1, "a normal with a larger fraction at an allele is germline or a blood clone there and left out (default 0.05)"),
        CW_GROUP("Output"),
        CW_OPT_OUTPUT(&common, "model as TSV (default: standard output)"),
        CW_OPT_COMMON(&common),
        {0}};
    const cw_usage usage = {
        "background", "clonewatch background [-f ref.fa] [-o B.tsv] normals.counts.vcf.gz [more.counts.vcf.gz ...]",
        "Learns from normals how often the assay shows alleles that are not there: a gamma distribution of rates per class (substitution; with a reference "
        "also its neighbours; indels by length and run), each allele's own rate shrunk towards its class, the draw-to-draw spread as a set (Omega), and the "
        "range of off-target noise outside of which a draw is refused. Every column of the counts files is one normal. The model is text that can be read and compared.",
        "  clonewatch count -p PANEL -f hg38.fa -o normals.counts.vcf.gz normal*.bam\n"
        "  clonewatch background -f hg38.fa --name assay-2026 -o assay.background.tsv normals.counts.vcf.gz\n"};
    int first, status = cw_options_parse(&usage, table, argc, argv, &first);
    if (status >= 0) return status;
    if (first >= argc) return cw_usage_error("background", "no counts file given");
    if ((status = cw_check_files("background", common.output, argc - first, argv + first)) >= 0) return status;
    cw_err err = {0};
    cw_terminal terminal = {0};
    conf.fit.level = level == CW_CONS_AUTO ? NULL : cw_consensus_name((cw_consensus)level);
    conf.reference = common.reference;
    conf.output = common.output;
    status = cw_flow_background((const char *const *)argv + first, (size_t)(argc - first), &conf, cw_terminal_log(&terminal, &common, "background"), &err);
    cw_terminal_end(&terminal);
    return cw_report_error("background", status, &err);
}
