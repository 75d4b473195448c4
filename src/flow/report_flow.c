/* SPDX-License-Identifier: MIT */
/* report_flow.c - patient.json into one of the forms that leave the house. */
#include "flow/report_flow.h"

#include "base/json.h"
#include "report/report.h"

static int write_table(const cw_report_conf *conf, const json_t *patient, cw_err *err)
{
    switch (conf->table) {
    case CW_REPORT_SERIES: return cw_report_series_tsv(patient, conf->output, err);
    case CW_REPORT_CLONES: return cw_report_clones_tsv(patient, conf->output, err);
    case CW_REPORT_FINDINGS: return cw_report_findings_tsv(patient, conf->output, err);
    }
    return cw_err_set(err, CW_EINTERNAL, "no table %d", (int)conf->table);
}

static int write_form(const cw_report_conf *conf, const json_t *patient, cw_err *err)
{
    switch (conf->format) {
    case CW_REPORT_HTML: return cw_report_html(patient, conf->output, err);
    case CW_REPORT_JSON: return cw_json_write(patient, 2, conf->output, err);
    case CW_REPORT_TSV: return write_table(conf, patient, err);
    case CW_REPORT_MAF: return cw_report_maf(patient, conf->output, err);
    case CW_REPORT_CBIOPORTAL: return cw_report_cbioportal(patient, conf->study, conf->output, err);
    case CW_REPORT_MULTIQC: return cw_report_multiqc(patient, conf->output, err);
    }
    return cw_err_set(err, CW_EINTERNAL, "no format %d", (int)conf->format);
}

int cw_flow_report(const cw_report_conf *conf, cw_err *err)
{
    json_t *patient = NULL;
    int status = cw_json_read(conf->input, &patient, err);
    if (status == 0) {
        status = write_form(conf, patient, err);
        if (status == CW_EFORMAT) cw_err_prefix(err, "%s", conf->input);
    }
    json_decref(patient);
    return status;
}
