/* SPDX-License-Identifier: MIT */
/* cmd_advise.c - clonewatch advise: agents matched to the mechanisms of the clones, from patient.json or from a typed-in case. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>
#include "flow/advise_flow.h"

static const cw_usage usage = {
    .command = "advise",
    .synopsis = "clonewatch advise [-p PANEL] [-o OUT.json] PATIENT.json\n"
                "clonewatch advise --tumour T --lines \"a;b + c\" --alterations \"GENE change,...\"",
    .text = "Matches clones, alterations and lines of therapy against the knowledge tables: which mechanism, which agents it points to, which it makes "
            "less active, what each agent would cover and leave, and what plasma cannot show. Every statement carries its rule, level and source; "
            "'clonewatch explain' walks it back.\n"
            "Conditions that cannot be decided are printed as open, never taken as fulfilled or not.",
    .examples = "clonewatch advise --tumour NSCLC --lines \"AGENT;AGENT + AGENT\" \\\n"
                "    --alterations \"GENE L858R,GENE amplification\" --facts \"phase=trans\" --format text\n"
                "clonewatch advise -p lung -o OUT/P01/patient.json OUT/P01/patient.json\n"};

int cmd_advise(int argc, char **argv)
{
    cw_common common = CW_COMMON_DEFAULT;
    cw_advise_conf conf = {0};
    int first = 0, format = 0;
    const cw_opt options[] = {
        CW_GROUP("Case (instead of a patient.json)"),
        CW_STRING(0, "tumour", &conf.tumour, "TYPE", "tumour type, with status words where known: NSCLC, \"breast HER2+ HR+\""),
        CW_STRING(0, "lines", &conf.lines, "TEXT", "lines of therapy in order, ';' between lines, ' + ' inside one, setting in brackets: \"a (adjuvant);b + c\""),
        CW_STRING(0, "alterations", &conf.alterations, "TEXT",
                  "alterations, ',' between: \"GENE change\" with a protein or coding name, amplification, loss, fusion; '=rising', '=stable', '=falling', "
                  "'=cleared', '=absent', '=germline' or '=chip' may follow"),
        CW_STRING(0, "facts", &conf.facts, "TEXT", "results of other assays, ';' between: \"HER2 IHC=3+;CNS=yes;phase=cis;relapse interval days=200\""),
        CW_GROUP("Knowledge and output"),
        CW_STRING('p', "panel", &common.panel, "DIR", "panel folder, or the name of an installed panel, whose knowledge is used"),
        CW_OPT_OUTPUT(&common, "output file (default: standard output)"),
        CW_CHOICE(0, "format", &format, CW_ADVISE_FORMATS, "json: the whole patient.json (default); tsv: one row per statement; text: for reading"),
        CW_OPT_COMMON(&common),
        {0}};
    int status = cw_options_parse(&usage, options, argc, argv, &first);
    if (status >= 0) return status;
    bool stated = conf.tumour || conf.lines || conf.alterations || conf.facts;
    if (stated && first < argc) return cw_usage_error("advise", "give either a patient.json or a stated case, not both");
    if (!stated && argc - first != 1) return cw_usage_error("advise", "one patient.json, or --tumour, --lines and --alterations are needed");
    cw_err err = {0};
    char *dir = NULL, *command = cw_command_line(argc, argv);
    conf.input = stated ? NULL : argv[first];
    conf.output = common.output;
    conf.format = (cw_advise_format)format;
    conf.command = command;
    cw_terminal terminal;
    conf.log = cw_terminal_log(&terminal, &common, "advise");
    status = cw_find_panel(common.panel, &dir, &err);
    conf.panel_dir = dir;
    if (status == 0) status = cw_flow_advise(&conf, &err);
    free(dir);
    free(command);
    return cw_report_error("advise", status, &err);
}
