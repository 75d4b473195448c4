/* SPDX-License-Identifier: MIT */
/* cmd_call.c - clonewatch call. */
#include "cmd.h"

#include <stdlib.h>
#include "flow/call_flow.h"

int cmd_call(int argc, char **argv)
{
    cw_common common = CW_COMMON_DEFAULT;
    cw_call_flow_conf conf;
    cw_call_flow_conf_default(&conf);
    cw_count_conf *count = &conf.sample.count;
    cw_detect_conf *detect = &conf.sample.detect;
    int64_t min_mapq = count->min_mapq, min_baseq = count->min_baseq;
    int mates = 0, consensus = 0;
    const cw_opt table[] = {
        CW_GROUP("Input"),
        CW_OPT_PANEL(&common),
        CW_OPT_REFERENCE(&common),
        CW_OPT_REFERENCE_MD5(&common),
        CW_STRING(0, "background", &conf.sample.background_path, "TSV", "background model of the assay (clonewatch background); without it the built-in one, marked as such"),
        CW_STRING(0, "tracked", &conf.sample.tracked_path, "FILE", "the patient's own variants from tumour tissue, VCF or TSV: added to the panel"),
        CW_STRING(0, "sample", &conf.sample.sample, "NAME", "sample name instead of @RG SM"),
        CW_STRING(0, "contig-map", &count->contig_map, "TSV", "contig names: columns panel, alignment (default: 7 and chr7 are the same)"),
        CW_STRING(0, "index", &count->index, "FILE", "index of the alignment (default: beside it; used when it saves reading)"),
        CW_FLAG(0, "no-index", &count->no_index, "read whole files although an index is there"),
        CW_FLAG(0, "allow-stale-index", &count->allow_stale_index, "accept an index older than its file"),
        CW_FLAG(0, "allow-remote", &common.allow_remote, "let paths be addresses (http, s3 ...)"),
        CW_FLAG(0, "strict", &count->strict, "a locus on a contig that the alignment does not have is an error"),
        CW_OPT_THREADS(&common),
        CW_GROUP("Counting rules (see clonewatch count)"),
        CW_CHOICE(0, "mates", &mates, "strict|gbcms", "what mates that disagree make of a molecule (default strict: discordant)"),
        CW_CHOICE(0, "consensus", &consensus, "auto|raw|umi|simplex|duplex", "what a read is: auto looks at the tags and says what it found (default)"),
        CW_INT(0, "min-mapq", &min_mapq, 0, 255, "least mapping quality of a read (default 20)"),
        CW_INT(0, "min-baseq", &min_baseq, 0, 93, "least quality of a base that votes (default 20)"),
        CW_GROUP("Verdict"),
        CW_REAL(0, "call-alpha", &detect->call_alpha, 1e-12, 0.5, "'detected' when the one-draw p-value is at most this (default 0.001)"),
        CW_INT(0, "min-molecules", &detect->min_molecules, 1, 1000000000, "fewer deciding molecules are not assessable (default 1000)"),
        CW_REAL(0, "plasma-ml", &detect->plasma_ml, 1e-6, 1e6, "plasma volume of the draw, for mutant molecules per mL"),
        CW_REAL(0, "cfdna-ng", &detect->cfdna_ng, 1e-6, 1e9, "cfDNA from that volume in ng"),
        CW_GROUP("Output"),
        CW_OPT_OUTPUT(&common, "calls (default: standard output)"),
        CW_OPT_VCF_OUTPUT(&common),
        CW_OPT_COMMON(&common),
        {0}};
    const cw_usage usage = {
        "call", "clonewatch call -p PANEL [-f ref.fa] [--background B.tsv] [-o out.calls.vcf.gz] in.bam ...",
        "Counts one draw and judges every allele of the panel: detected, below the limit, not detected or not assessable; VAF with 95 % interval, p-value and "
        "evidence against background, and the two limits of this draw - LoB, and LoD95: the least fraction that would have been detected with 95 % chance. Several files "
        "are one draw (simplex and duplex). Filters are said, not applied. The formulas stand in docs/detection.md.",
        "  clonewatch call -p lung -f hg38.fa --background assay.background.tsv -o d1.calls.vcf.gz d1.bam\n"};
    int first, status = cw_options_parse(&usage, table, argc, argv, &first);
    if (status >= 0) return status;
    if (first >= argc) return cw_usage_error("call", "no alignment file given");
    if ((status = cw_check_files("call", common.output, argc - first, argv + first)) >= 0) return status;
    if (count->index && argc - first > 1) return cw_usage_error("call", "--index belongs to one file; with several files let each index stand beside its file");
    cw_err err = {0};
    cw_terminal terminal = {0};
    char *panel = NULL, *line = NULL;
    count->min_mapq = (int)min_mapq;
    count->min_baseq = (int)min_baseq;
    count->mates = (cw_mates)mates;
    count->consensus = (cw_consensus)consensus;
    count->threads = (int)common.threads;
    count->reference = common.reference;
    count->reference_md5 = (cw_reference_md5_rule)common.reference_md5;
    count->allow_remote = common.allow_remote;
    conf.sample.build = (cw_build)common.build;
    conf.vcf.write_index = common.write_index;
    conf.output = common.output;
    if (cw_find_panel(common.panel, &panel, &err) < 0) return cw_report_error("call", err.code, &err);
    conf.sample.panel_dir = panel;
    if (!common.no_version) conf.vcf.command_line = line = cw_command_line(argc, argv);
    const cw_log *log = cw_terminal_log(&terminal, &common, "call");
    status = cw_output_type(&common, log, &conf.vcf.type, &err);
    if (status == 0) status = cw_flow_call((const char *const *)argv + first, (size_t)(argc - first), &conf, log, &err);
    cw_terminal_end(&terminal);
    free(panel);
    free(line);
    return cw_report_error("call", status, &err);
}
