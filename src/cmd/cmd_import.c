/* SPDX-License-Identifier: MIT */
/* cmd_import.c - clonewatch import: one draw from another program's result. */
#include "cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include "flow/import_flow.h"

static const cw_usage usage = {
    .command = "import",
    .synopsis = "clonewatch import [--caller auto] [-p PANEL] [-o out.calls.vcf.gz] in.vcf.gz\n"
                "clonewatch import --check in.vcf.gz",
    .text = "Reads what another program says of one plasma sample (VCF or BCF, MAF, or a table of droplet PCR results) and writes calls that track can "
            "follow. The counts are taken from the fields in which that caller keeps them, changes are split and aligned to the left, and each count is judged "
            "against the background as those from a BAM file are.\n"
            "An allele of the panel that the file says nothing about is written as not_reported: a caller's silence is not a zero. A gVCF block or a forced site "
            "with depth is a zero.\n"
            "A VCF has to follow the specification line by line (--lax: not), and a damaged file is always refused.",
    .examples = "clonewatch import -p lung -f ref.fa -o d1.calls.vcf.gz d1.mutect2.vcf.gz\n"
                "clonewatch import --caller lofreq --name P01_d2 -o d2.calls.vcf.gz d2.vcf\n"
                "clonewatch import --build GRCh38 -o d3.calls.vcf.gz ddpcr.tsv"};

static int check_only(const char *path)
{
    cw_err err = {0};
    size_t records;
    int status = cw_check_vcf(path, &records, &err);
    if (status == 0) printf("%zu records, sound\n", records);
    return cw_report_error("import", status, &err);
}

static int run(const cw_import_conf *conf, const cw_common *common, const char *path, char *line)
{
    cw_err err = {0};
    cw_calls calls = {0};
    cw_terminal terminal;
    const cw_log *log = cw_terminal_log(&terminal, common, "import");
    char type;
    if (cw_output_type(common, log, &type, &err) < 0) return cw_report_error("import", err.code, &err);
    const cw_vcf_conf vcf = {.type = type, .write_index = common->write_index, .command_line = common->no_version ? NULL : line};
    int status = cw_flow_import(path, conf, &calls, log, &err);
    if (status == 0) status = cw_calls_write(&calls, common->output, &vcf, &err);
    cw_terminal_end(&terminal);
    cw_calls_release(&calls);
    return cw_report_error("import", status, &err);
}

int cmd_import(int argc, char **argv)
{
    cw_common common = CW_COMMON_DEFAULT;
    cw_import_conf conf;
    cw_import_conf_default(&conf);
    conf.caller = "auto";
    conf.summary = true;
    int first = 0, level = 0;
    bool check = false;
    const cw_opt options[] = {
        CW_GROUP("Input"),
        CW_STRING(0, "caller", &conf.caller, "NAME", "who wrote the file: auto (default, from the header), mutect2, vardict, lofreq, strelka, freebayes, pisces, varscan, "
                                                     "dragen, tso500, gbcms, gbcms3, ad, maf, droplets"),
        CW_STRING('s', "sample", &conf.column, "NAME", "the sample to read when the file holds several (default: the tumour, where the file says which)"),
        CW_STRING(0, "name", &conf.sample, "NAME", "name of the draw in the output (default: the sample's)"),
        CW_STRING(0, "assume-depth", &conf.assume_depth, "DP|INT", "take a fraction without counts as that many molecules (DP: the file's own depth); the alleles are marked. "
                                                                   "Without it such a file is refused"),
        CW_FLAG(0, "lax", &conf.lax, "accept a VCF that breaks rules of the specification, as long as its fields can be read"),
        CW_FLAG(0, "check", &check, "only hold the VCF to the specification, and say how many records it has"),
        CW_GROUP("Matching"),
        CW_OPT_PANEL(&common),
        CW_OPT_REFERENCE(&common),
        CW_FLAG(0, "panel-only", &conf.panel_only, "leave out alleles that the panel does not hold"),
        CW_STRING(0, "tracked", &conf.tracked_path, "FILE", "the patient's own alleles from tumour tissue: VCF, or TSV chrom pos ref alt [phase_group]"),
        CW_GROUP("Judgement"),
        CW_STRING(0, "background", &conf.background_path, "TSV", "background model of the assay (clonewatch background); without it the built-in one, marked as such"),
        CW_CHOICE(0, "level", &level, "raw|umi|simplex|duplex", "what the caller counted, for the built-in background (default raw)"),
        CW_REAL(0, "call-alpha", &conf.detect.call_alpha, 1e-12, 0.5, "p-value up to which one draw alone is called detected (default 0.001)"),
        CW_INT(0, "min-molecules", &conf.detect.min_molecules, 1, 1000000, "fewer molecules at a locus are not assessable (default 1000)"),
        CW_REAL(0, "plasma-ml", &conf.detect.plasma_ml, 1e-6, 1e6, "plasma volume of the draw, for mutant molecules per mL"),
        CW_REAL(0, "cfdna-ng", &conf.detect.cfdna_ng, 1e-6, 1e9, "cfDNA from that volume in ng"),
        CW_GROUP("Output"),
        CW_OPT_OUTPUT(&common, "calls file (default: standard output)"),
        CW_OPT_VCF_OUTPUT(&common),
        CW_OPT_COMMON(&common),
        {0}};
    int status = cw_options_parse(&usage, options, argc, argv, &first);
    if (status >= 0) return status;
    if (argc - first != 1) return cw_usage_error("import", "one input file is needed, %d were given", argc - first);
    if (check) return check_only(argv[first]);
    if ((status = cw_check_files("import", common.output, argc - first, argv + first)) >= 0) return status;
    conf.level = (cw_consensus)(CW_CONS_RAW + level); /* the choices stand in the order of the enumeration */
    conf.build = (cw_build)common.build;
    conf.reference = common.reference;
    char *panel = NULL, *line = cw_command_line(argc, argv);
    cw_err err = {0};
    conf.panel_optional = !common.panel;
    status = line ? cw_find_panel(common.panel, &panel, &err) : cw_err_nomem(&err);
    conf.panel_dir = panel;
    int exit_status = status < 0 ? cw_report_error("import", status, &err) : run(&conf, &common, argv[first], line);
    free(panel);
    free(line);
    return exit_status;
}
