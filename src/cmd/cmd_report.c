/* SPDX-License-Identifier: MIT */
/* cmd_report.c - clonewatch report: patient.json as a page, tables, or files of other tools. */
#include "cmd.h"

#include "flow/report_flow.h"

static const cw_usage usage = {
    .command = "report",
    .synopsis = "clonewatch report [-o report.html] [--format html] PATIENT.json",
    .text = "Turns patient.json (made by run, track or advise) into one self-contained HTML page, which needs no network and no script to be read, "
            "or into another form of the same content.\n"
            "html, json, tsv and maf write one file (standard output without -o). cbioportal and multiqc write several files into the folder -o.",
    .examples = "clonewatch report -o report.html OUT/P01/patient.json\n"
                "clonewatch report --format tsv --table series OUT/P01/patient.json > series.tsv\n"
                "clonewatch report --format cbioportal --study plasma2026 -o study/ OUT/P01/patient.json"};

int cmd_report(int argc, char **argv)
{
    cw_common common = CW_COMMON_DEFAULT;
    cw_report_conf conf = {.study = "clonewatch"};
    int first = 0, format = 0, table = 0;
    const cw_opt options[] = {
        CW_GROUP("Output"),
        CW_OPT_OUTPUT(&common, "output file, or folder for cbioportal and multiqc (default: standard output)"),
        CW_CHOICE(0, "format", &format, CW_REPORT_FORMATS, "what to write (default html)"),
        CW_CHOICE(0, "table", &table, CW_REPORT_TABLES, "which table with --format tsv (default series)"),
        CW_STRING(0, "study", &conf.study, "ID", "study id in the cBioPortal files (default clonewatch)"),
        CW_OPT_COMMON(&common),
        {0}};
    int status = cw_options_parse(&usage, options, argc, argv, &first);
    if (status >= 0) return status;
    conf.format = (cw_report_format)format;
    conf.table = (cw_report_table)table;
    conf.output = common.output;
    if (argc - first != 1) return cw_usage_error("report", "one patient.json is needed, %d were given", argc - first);
    if ((status = cw_check_files("report", conf.output, argc - first, argv + first)) >= 0) return status;
    conf.input = argv[first];
    bool folder = conf.format == CW_REPORT_CBIOPORTAL || conf.format == CW_REPORT_MULTIQC;
    if (folder && (!conf.output || conf.output[0] == '\0')) return cw_usage_error("report", "this format writes several files: give a folder with -o");
    cw_err err = {0};
    status = cw_flow_report(&conf, &err);
    return cw_report_error("report", status, &err);
}
