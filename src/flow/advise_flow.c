/* SPDX-License-Identifier: MIT */
/* advise_flow.c - read the case, match it against the knowledge, write it in one of three forms. */
#include "flow/advise_flow.h"

#include <string.h>
#include "advise/advise.h"
#include "base/out.h"
#include "io/knowledge_io.h"
#include "io/patient_json.h"
#include "report/advice_text.h"

static int write_patient(const cw_advise_conf *conf, const cw_patient *p, cw_err *err)
{
    if (conf->format == CW_ADVISE_JSON) {
        json_t *value = NULL;
        int status = cw_patient_to_json(p, &value, err);
        if (status == 0) status = cw_json_write(value, 2, conf->output, err);
        json_decref(value);
        return status;
    }
    cw_out out = {0};
    int status = cw_out_open(&out, conf->output, err);
    if (status == 0 && conf->format == CW_ADVISE_TSV) status = cw_report_advice_tsv(out.file, p, err);
    else if (status == 0) cw_report_advice_text(out.file, p);
    if (status == 0) status = cw_out_commit(&out, err);
    cw_out_abort(&out);
    return status;
}

/* A slip in a typed name must not pass for an answer. */
static void warn_of_names(const cw_log *log, const cw_patient *p)
{
    static const char mark[] = "Agents: ";
    for (size_t i = 0; i < p->notices.n; i++) {
        const char *s = p->notices.v[i];
        if (!strstr(s, "is not in the knowledge") && !strstr(s, "the knowledge does not name") && !strstr(s, "no tumour type is given")) continue;
        cw_log_say(log, CW_LOG_WARNING, "%s", strncmp(s, mark, sizeof mark - 1) ? s : s + sizeof mark - 1);
    }
}

int cw_flow_advise(const cw_advise_conf *conf, cw_err *err)
{
    cw_knowledge knowledge = {0};
    cw_patient patient = {0};
    int status = cw_knowledge_load(&knowledge, conf->panel_dir, err);
    if (status == 0 && !*knowledge.version)
        status = cw_err_set(err, CW_EREFUSED, "panel '%s' names no knowledge in its panel.json; agents cannot be matched with it", conf->panel_dir);
    if (status == 0 && conf->input) status = cw_patient_read(&patient, conf->input, err);
    else if (status == 0) status = cw_advise_stated(&knowledge, conf->tumour, conf->lines, conf->alterations, conf->facts, &patient, err);
    if (status == 0 && !conf->input && conf->command) patient.command = conf->command;
    if (status == 0) status = cw_advise_reported(&knowledge, &patient, err);
    if (status == 0) status = cw_advise(&knowledge, &patient, err);
    if (status == 0) warn_of_names(conf->log, &patient);
    if (status == 0) status = write_patient(conf, &patient, err);
    cw_patient_release(&patient);
    cw_knowledge_release(&knowledge);
    return status;
}
