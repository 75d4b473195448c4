/* SPDX-License-Identifier: MIT */
/* cmd_explain.c - clonewatch explain: from any id of a patient.json, or any rule of the knowledge, back to where it came from. */
#include "cmd.h"

#include <stdlib.h>
#include "flow/advise_flow.h"

static const cw_usage usage = {
    .command = "explain",
    .synopsis = "clonewatch explain [-p PANEL] PATIENT.json ID\n"
                "clonewatch explain [-p PANEL] RULE",
    .text = "Walks an advice, finding, clone, alarm or alteration id back to its findings, rules (with file and line), counts per draw and sources. "
            "With one operand, prints a row of the knowledge by its id.",
    .examples = "clonewatch explain OUT/P01/patient.json C2\n"
                "clonewatch explain X016\n"};

int cmd_explain(int argc, char **argv)
{
    cw_common common = CW_COMMON_DEFAULT;
    int first = 0;
    const cw_opt options[] = {
        CW_GROUP("Knowledge and output"),
        CW_STRING('p', "panel", &common.panel, "DIR", "panel folder, or the name of an installed panel, whose knowledge is used"),
        CW_OPT_OUTPUT(&common, "output file (default: standard output)"),
        CW_OPT_COMMON(&common),
        {0}};
    int status = cw_options_parse(&usage, options, argc, argv, &first);
    if (status >= 0) return status;
    if (argc - first < 1 || argc - first > 2) return cw_usage_error("explain", "a patient.json and an id, or the id of a rule, are needed");
    cw_err err = {0};
    char *dir = NULL;
    bool patient = argc - first == 2;
    status = cw_find_panel(common.panel, &dir, &err);
    if (status == 0) status = cw_flow_explain(dir, patient ? argv[first] : NULL, argv[argc - 1], common.output, &err);
    free(dir);
    return cw_report_error("explain", status, &err);
}
