/* SPDX-License-Identifier: MIT */
/* run_flow.c - a cohort, patient by patient: memory holds the sheets and one patient. */
#include "flow/run_flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"
#include "base/parse.h"
#include "flow/run_patient.h"
#include "flow/tiers.h"
#include "io/draw_io.h"
#include "io/panel_io.h"
#include "report/report.h"
#include "track/cache.h"

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
        for (size_t k = 0; k < r->draws.n; k++) {
            const char *sample = r->draws.row[k].sample;
            known |= strlen(sample) == (size_t)(equals - word) && !strncmp(sample, word, strlen(sample));
        }
        if (!known) return cw_err_set(err, CW_EUSAGE, "--accept-identity '%s': no such sample in '%s'", word, r->conf->draws);
    }
    return 0;
}

static int load(cw_run *r, cw_err *err)
{
    const cw_run_conf *conf = r->conf;
    size_t stray = 0;
    if (cw_draw_sheet_read(&r->draws, conf->draws, err) < 0) return err->code;
    if (conf->events && cw_event_sheet_read(&r->events, conf->events, err) < 0) return err->code;
    if (cw_by_patient_make(&r->draws, conf->events ? &r->events : NULL, &r->by, &stray, err) < 0) return err->code;
    if (stray) cw_log_say(r->log, CW_LOG_WARNING, "%zu row%s of '%s' belong%s to patients that have no draw in '%s'", stray, stray == 1 ? "" : "s", conf->events, stray == 1 ? "s" : "", conf->draws);
    if (cw_by_patient_check_names(&r->by, r->conf->draws, err) < 0 || check_accepted(r, err) < 0) return err->code;
    cw_build build = conf->build == CW_BUILD_UNKNOWN ? CW_BUILD_GRCH38 : conf->build; /* for ids and names, the same in both builds */
    if (cw_panel_load(&r->panel, conf->panel_dir, build, err) < 0 || cw_flow_knowledge(&r->knowledge, conf->panel_dir, &r->has_knowledge, err) < 0) return err->code;
    r->cache = cw_track_cache_new();
    return r->cache ? 0 : cw_err_nomem(err);
}

static int write_cohort(const cw_run *r, cw_err *err)
{
    char path[4096 + 16];
    snprintf(path, sizeof path, "%s/cohort.tsv", r->conf->out);
    return cw_out_write(path, r->cohort, r->n_cohort, err);
}

static int all_patients(cw_run *r, cw_run_outcome *outcome, cw_err *err)
{
    int status = cw_report_cohort_line(NULL, "", "", &r->cohort, &r->n_cohort, err);
    if (status == 0 && strlen(r->conf->out) > 3500) status = cw_err_set(err, CW_EUSAGE, "the path '%.100s...' is too long", r->conf->out);
    if (status == 0) status = cw_make_folder(r->conf->out, err);
    for (size_t i = 0; status == 0 && i < r->by.n; i++) {
        cw_run_state state;
        cw_log_progress(r->log, "patients", i, r->by.n, r->by.row[r->by.first[i]]->patient);
        status = cw_run_patient(r, i, &state, err);
        if (status < 0) break;
        outcome->ok += state == CW_RUN_OK;
        outcome->blocked += state == CW_RUN_BLOCKED;
        outcome->failed += state == CW_RUN_FAILED;
    }
    return status == 0 ? write_cohort(r, err) : status;
}

/* What would fail single patients is no reason to stop the others, and worth knowing before the run. */
static void check_patients(const cw_run *r)
{
    size_t failing = 0;
    for (size_t i = 0; i < r->by.n; i++) {
        cw_err why = {0};
        if (cw_by_patient_check_dates(&r->by, i, r->conf->draws, r->conf->events, &why) == 0) continue;
        cw_log_say(r->log, CW_LOG_WARNING, "patient '%s' will fail: %s", r->by.row[r->by.first[i]]->patient, why.text);
        failing++;
    }
    if (!failing) cw_log_say(r->log, CW_LOG_INFO, "'%s' and what goes with it are in order: %zu patient%s, %zu row%s", r->conf->draws, r->by.n, r->by.n == 1 ? "" : "s", r->draws.n, r->draws.n == 1 ? "" : "s");
}

int cw_flow_run(const cw_run_conf *conf, cw_run_outcome *outcome, const cw_log *log, cw_err *err)
{
    cw_run r = {.conf = conf, .log = log};
    *outcome = (cw_run_outcome){0};
    int status = load(&r, err);
    if (status == 0 && conf->check) check_patients(&r);
    else if (status == 0) status = all_patients(&r, outcome, err);
    free(r.cohort);
    cw_track_cache_free(r.cache);
    cw_by_patient_release(&r.by);
    cw_event_sheet_release(&r.events);
    cw_draw_sheet_release(&r.draws);
    cw_knowledge_release(&r.knowledge);
    cw_panel_release(&r.panel);
    return status;
}
