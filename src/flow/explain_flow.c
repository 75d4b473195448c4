/* SPDX-License-Identifier: MIT */
/* explain_flow.c - read what there is, find the id, write what it rests on. */
#include "flow/advise_flow.h"

#include "base/out.h"
#include "io/knowledge_io.h"
#include "io/patient_json.h"
#include "report/explain.h"

int cw_flow_explain(const char *panel_dir, const char *patient_json, const char *id, const char *output, cw_err *err)
{
    cw_knowledge knowledge = {0};
    cw_patient patient = {0};
    cw_out out = {0};
    int status = cw_knowledge_load(&knowledge, panel_dir, err);
    if (status == 0 && patient_json) status = cw_patient_read(&patient, patient_json, err);
    if (status == 0) status = cw_out_open(&out, output, err);
    if (status == 0) {
        const cw_explain w = {out.file, &knowledge, patient_json ? &patient : NULL};
        if (cw_explain_id(&w, id)) fputs("\nFor research use only; not a treatment recommendation.\n", out.file);
        else status = cw_err_set(err, CW_EREFUSED, "'%s' is no id of %s%sthe knowledge; give the \"id\" of an advice, finding, clone, alteration, alarm, draw, node, line, scan, operation or test, or ALTERATION@DRAW for a call", id,
                                 patient_json ? patient_json : "", patient_json ? " or of " : "");
    }
    if (status == 0) status = cw_out_commit(&out, err);
    cw_out_abort(&out);
    cw_patient_release(&patient);
    cw_knowledge_release(&knowledge);
    return status;
}
