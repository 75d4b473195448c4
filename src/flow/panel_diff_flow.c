/* SPDX-License-Identifier: MIT */
/* panel_diff_flow.c - the advice for one patient under two versions of the knowledge, and where they part. */
#include "advise/advise.h"
#include "base/mem.h"
#include "base/out.h"
#include "flow/panel_flow.h"
#include "io/knowledge_io.h"
#include "io/patient_json.h"
#include "report/advice_text.h"

static int advised(const char *dir, const char *json, cw_patient *p, cw_err *err)
{
    cw_knowledge k = {0};
    int status = cw_knowledge_load(&k, dir, err);
    if (status == 0) status = cw_patient_read(p, json, err);
    if (status == 0) status = cw_advise(&k, p, err);
    /* advice keeps names that live in the knowledge: it is written out before the knowledge goes, through a copy of what is compared */
    for (size_t i = 0; status == 0 && i < p->n_advice; i++) {
        cw_advice *a = &p->advice[i];
        const char **texts[] = {&a->agent, &a->level.scheme, &a->level.value, &a->review, &a->statement};
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            if (!(*texts[t] = cw_arena_strdup(p->arena, *texts[t]))) status = cw_err_nomem(err);
    }
    cw_knowledge_release(&k);
    return status;
}

int cw_flow_panel_diff(const char *old_dir, const char *new_dir, const char *patient_json, const char *output, cw_err *err)
{
    cw_patient before = {0}, after = {0};
    cw_out out = {0};
    int status = advised(old_dir, patient_json, &before, err);
    if (status == 0) status = advised(new_dir, patient_json, &after, err);
    if (status == 0) status = cw_out_open(&out, output, err);
    if (status == 0) status = cw_report_advice_changes(out.file, &before, &after, err);
    if (status == 0) status = cw_out_commit(&out, err);
    cw_out_abort(&out);
    cw_patient_release(&before);
    cw_patient_release(&after);
    return status;
}
