/* SPDX-License-Identifier: MIT */
/* track_flow.c - a draw sheet of calls files, worked off patient by patient. */
#include "flow/track_flow.h"

#include <stdlib.h>
#include "flow/cohort.h"
#include "flow/identity_flow.h"
#include "io/calls_vcf.h"

void cw_track_flow_conf_default(cw_track_flow_conf *conf)
{
    *conf = (cw_track_flow_conf){0};
    cw_track_conf_default(&conf->track);
}

static int read_calls(const cw_draw_row *const *row, size_t n, cw_calls *calls, const cw_calls **given, cw_err *err)
{
    for (size_t i = 0; i < n; i++) {
        if (row[i]->type == CW_DRAW_TUMOUR || !*row[i]->vcf) continue;
        if (cw_calls_read(&calls[i], row[i]->vcf, err) < 0) return cw_err_prefix(err, "draw '%s'", row[i]->sample);
        given[i] = &calls[i];
    }
    return 0;
}

static int one_patient(cw_cohort *c, size_t i, bool html, bool *blocked, cw_err *err)
{
    const cw_draw_row **row;
    size_t n = cw_cohort_rows(c, i, &row);
    char folder[CW_COHORT_PATH];
    bool has_previous = false;
    cw_patient patient = {0}, previous = {0};
    if (cw_cohort_folder(c, i, folder, err) < 0) return err->code;
    cw_calls *calls = calloc(n, sizeof *calls);
    const cw_calls **given = calloc(n, sizeof *given);
    int status = calls && given ? cw_cohort_previous(c, i, &previous, &has_previous, err) : cw_err_nomem(err);
    if (status == 0) status = cw_by_patient_check_dates(&c->by, i, c->conf.draws, c->conf.events, err);
    if (status == 0) status = read_calls(row, n, calls, given, err);
    cw_patient_job job = cw_cohort_job(c, i, given, has_previous ? &previous : NULL);
    if (status == 0 && c->has_panel) status = cw_flow_identity(row, given, n, &c->panel, NULL, 0, blocked, c->log, err);
    if (status == 0) status = cw_flow_patient(&job, &patient, c->log, err);
    if (status == 0) status = cw_flow_write_patient(&patient, folder, html, &c->table, &c->n_table, err);
    for (size_t k = 0; calls && k < n; k++) cw_calls_release(&calls[k]);
    free(calls);
    free(given);
    cw_patient_release(&patient);
    cw_patient_release(&previous);
    return status;
}

static int all_patients(cw_cohort *c, bool html, size_t *failed, cw_err *err)
{
    int status = cw_cohort_begin(c, err);
    for (size_t i = 0; status == 0 && i < c->by.n; i++) {
        cw_err why = {0};
        bool blocked = false;
        cw_log_progress(c->log, "patients", i, c->by.n, cw_cohort_id(c, i));
        int got = one_patient(c, i, html, &blocked, &why);
        if (got == CW_ENOMEM || got == CW_EUSAGE) {
            *err = why;
            return got;
        }
        if (got < 0) {
            ++*failed;
            status = cw_cohort_note(c, i, blocked ? "blocked" : "failed", why.text, err);
        }
    }
    return status == 0 ? cw_cohort_write(c, err) : status;
}

int cw_flow_track(const cw_track_flow_conf *conf, size_t *failed, const cw_log *log, cw_err *err)
{
    cw_cohort c;
    cw_cohort_conf shared = {conf->draws, conf->events, conf->panel_dir, CW_BUILD_GRCH38, conf->out, conf->previous, conf->command_line, &conf->track};
    *failed = 0;
    int status = cw_cohort_load(&c, &shared, log, err);
    if (status == 0) status = all_patients(&c, conf->html, failed, err);
    cw_cohort_release(&c);
    return status;
}
