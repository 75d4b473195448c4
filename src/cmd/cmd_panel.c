/* SPDX-License-Identifier: MIT */
/* cmd_panel.c - clonewatch panel: check, show, bed, diff, make. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>
#include "flow/panel_flow.h"

static const cw_usage usage = {
    .command = "panel",
    .synopsis = "clonewatch panel check [-f ref.fa] [PANEL]\n"
                "clonewatch panel show [--build GRCh38] [--gene G] [PANEL]\n"
                "clonewatch panel bed [--build GRCh38] [--pad INT] [--exons] [PANEL]\n"
                "clonewatch panel diff OLD NEW PATIENT.json\n"
                "clonewatch panel make [-p BASE] --name NAME -o DIR LIST",
    .text = "check tests a panel and its knowledge: every name, condition, source and coordinate; each trouble is printed with file and line, and the exit status is 1. "
            "show prints the alleles as a table; bed the targets for sequencing or for samtools. diff says what a newer knowledge would change in the advice for a "
            "patient. make turns a VCF, a table of coordinates or a table of gene and HGVS names into a panel folder.\n"
            "PANEL is a folder or the name of an installed panel (default pan-tumour).",
    .examples = "clonewatch panel check -f GRCh38.fa lung\n"
                "clonewatch panel bed --pad 60 --chr -o targets.bed colorectal\n"
                "clonewatch panel make --name ours -o panels/ours our_variants.tsv\n"};

typedef struct panel_options {
    cw_common common;
    const char *gene, *name;
    int64_t pad;
    bool exons, no_snps, chr;
} panel_options;

static cw_build build_or(const panel_options *o, cw_build otherwise)
{
    return o->common.build == 1 ? CW_BUILD_GRCH37 : o->common.build == 2 ? CW_BUILD_GRCH38 : otherwise;
}

static int run(const char *verb, const panel_options *o, char **operand, const cw_log *log, cw_err *err)
{
    char *dir[2] = {NULL, NULL};
    bool diff = !strcmp(verb, "diff"), make = !strcmp(verb, "make");
    int status = cw_find_panel(make || !operand[0] ? o->common.panel : operand[0], &dir[0], err);
    if (status == 0 && diff) status = cw_find_panel(operand[1], &dir[1], err);
    if (status == 0 && !strcmp(verb, "check")) status = cw_flow_panel_check(dir[0], o->common.reference, o->common.output, log, err);
    else if (status == 0 && !strcmp(verb, "show")) status = cw_flow_panel_show(dir[0], build_or(o, CW_BUILD_GRCH38), o->gene, o->common.output, err);
    else if (status == 0 && diff) status = cw_flow_panel_diff(dir[0], dir[1], operand[2], o->common.output, err);
    else if (status == 0 && make) status = cw_flow_panel_make(dir[0], operand[0], build_or(o, CW_BUILD_UNKNOWN), o->name, o->common.output, log, err);
    else if (status == 0) {
        cw_panel_bed_conf conf = {.build = build_or(o, CW_BUILD_GRCH38), .pad_bp = o->pad, .exons = o->exons, .no_snps = o->no_snps, .chr = o->chr};
        status = cw_flow_panel_bed(dir[0], &conf, o->common.output, err);
    }
    free(dir[0]);
    free(dir[1]);
    return status;
}

int cmd_panel(int argc, char **argv)
{
    panel_options o = {.common = CW_COMMON_DEFAULT};
    int first = 0;
    const cw_opt options[] = {
        CW_GROUP("Panel"),
        CW_STRING('p', "panel", &o.common.panel, "DIR", "panel folder, or the name of an installed panel; for make: the one whose knowledge names the alleles"),
        CW_CHOICE(0, "build", &o.common.build, "auto|GRCh37|GRCh38", "coordinates of show and bed (auto: GRCh38); for make: the build of the coordinates given"),
        CW_OPT_REFERENCE(&o.common),
        CW_GROUP("show, bed and make"),
        CW_STRING(0, "gene", &o.gene, "GENE", "show this gene alone"),
        CW_INT(0, "pad", &o.pad, 0, 100000, "bed: bases added on either side (default 0)"),
        CW_FLAG(0, "exons", &o.exons, "bed: coding exons of the panel's genes as well"),
        CW_FLAG(0, "no-snps", &o.no_snps, "bed: without the fingerprint SNPs"),
        CW_FLAG(0, "chr", &o.chr, "bed: contigs as chr1"),
        CW_STRING(0, "name", &o.name, "NAME", "make: name of the new panel"),
        CW_OPT_OUTPUT(&o.common, "output file, or folder for make (default: standard output)"),
        CW_OPT_COMMON(&o.common),
        {0}};
    int status = cw_options_parse(&usage, options, argc, argv, &first);
    if (status >= 0) return status;
    static const struct { const char *verb; int least, most; } verbs[] = {{"check", 0, 1}, {"show", 0, 1}, {"bed", 0, 1}, {"diff", 3, 3}, {"make", 1, 1}};
    if (first >= argc) return cw_usage_error("panel", "say what to do: check, show, bed, diff or make");
    const char *verb = argv[first];
    int operands = argc - first - 1;
    size_t v = 0;
    while (v < sizeof verbs / sizeof *verbs && strcmp(verbs[v].verb, verb)) v++;
    if (v == sizeof verbs / sizeof *verbs) return cw_usage_error("panel", "unknown word '%.40s'; it is check, show, bed, diff or make", verb);
    if (operands < verbs[v].least || operands > verbs[v].most) return cw_usage_error("panel", "%s takes %d operand%s, %d were given", verb, verbs[v].most, verbs[v].most == 1 ? "" : "s", operands);
    if (!strcmp(verb, "make") && (!o.name || !o.common.output)) return cw_usage_error("panel", "make needs --name and the folder -o");
    char *none[] = {NULL};
    cw_err err = {0};
    cw_terminal terminal;
    const cw_log *log = cw_terminal_log(&terminal, &o.common, "panel");
    status = run(verb, &o, operands ? argv + first + 1 : none, log, &err);
    cw_terminal_end(&terminal);
    return cw_report_error("panel", status, &err);
}
