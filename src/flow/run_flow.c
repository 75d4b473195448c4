/* SPDX-License-Identifier: MIT */
/* run_flow.c - a cohort, patient by patient. */
#include "flow/run_flow.h"

#include <string.h>
#include "flow/run_patient.h"

void cw_run_conf_default(cw_run_conf *conf)
{
    *conf = (cw_run_conf){.threads = 1};
    cw_count_conf_default(&conf->count);
    cw_detect_conf_default(&conf->detect);
    cw_track_conf_default(&conf->track);
}

/* "SAMPLE=REASON": the sample must be one of the sheet, and a reason must be given, for it is printed. */
static int check_accepted(const cw_run *r, cw_err *err)
{
    for (size_t i = 0; i < r->conf->n_accept; i++) {
        const char *word = r->conf->accept[i], *equals = strchr(word, '=');
        bool known = false;
        if (!equals || equals == word || !equals[1]) return cw_err_set(err, CW_EUSAGE, "--accept-identity takes SAMPLE=REASON, not '%s'", word);
        for (size_t k = 0; k < r->cohort.draws.n; k++) {
            const char *sample = r->cohort.draws.row[k].sample;
            known |= strlen(sample) == (size_t)(equals - word) && !strncmp(sample, word, strlen(sample));
        }
        if (!known) return cw_err_set(err, CW_EUSAGE, "--accept-identity '%s': no such sample in '%s'", word, r->conf->draws);
    }
    return 0;
}

static int all_patients(cw_run *r, cw_run_outcome *outcome, cw_err *err)
{
    cw_cohort *c = &r->cohort;
    int status = cw_cohort_begin(c, err);
    for (size_t i = 0; status == 0 && i < c->by.n; i++) {
        cw_run_state state;
        cw_log_progress(c->log, "patients", i, c->by.n, cw_cohort_id(c, i));
        status = cw_run_patient(r, i, &state, err);
        if (status < 0) break;
        outcome->ok += state == CW_RUN_OK;
        outcome->blocked += state == CW_RUN_BLOCKED;
        outcome->failed += state == CW_RUN_FAILED;
    }
    return status == 0 ? cw_cohort_write(c, err) : status;
}

/* What would fail single patients is no reason to stop the others, and worth knowing before the run. */
static void check_patients(const cw_cohort *c)
{
    size_t failing = 0;
    for (size_t i = 0; i < c->by.n; i++) {
        cw_err why = {0};
        if (cw_by_patient_check_dates(&c->by, i, c->conf.draws, c->conf.events, &why) == 0) continue;
        cw_log_say(c->log, CW_LOG_WARNING, "patient '%s' will fail: %s", cw_cohort_id(c, i), why.text);
        failing++;
    }
    if (!failing) cw_log_say(c->log, CW_LOG_INFO, "'%s' and what goes with it are in order: %zu patient%s, %zu row%s", c->conf.draws, c->by.n, c->by.n == 1 ? "" : "s", c->draws.n, c->draws.n == 1 ? "" : "s");
}

int cw_flow_run(const cw_run_conf *conf, cw_run_outcome *outcome, const cw_log *log, cw_err *err)
{
    cw_run r = {.conf = conf};
    cw_cohort_conf shared = {conf->draws, conf->events, conf->panel_dir, conf->build == CW_BUILD_UNKNOWN ? CW_BUILD_GRCH38 : conf->build, conf->out, conf->previous, conf->command_line,
                             &conf->track};
    *outcome = (cw_run_outcome){0};
    int status = cw_cohort_load(&r.cohort, &shared, log, err);
    if (status == 0) status = check_accepted(&r, err);
    if (status == 0 && conf->check) check_patients(&r.cohort);
    else if (status == 0) status = all_patients(&r, outcome, err);
    cw_cohort_release(&r.cohort);
    return status;
}
