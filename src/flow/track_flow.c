/* SPDX-License-Identifier: MIT */
/* track_flow.c - a draw sheet of calls files, worked off patient by patient. */
#include "flow/track_flow.h"
#include "flow/identity_flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/digest.h"
#include "base/mem.h"
#include "base/out.h"
#include "flow/tiers.h"
#include "io/calls_vcf.h"
#include "io/draw_io.h"
#include "io/panel_io.h"
#include "io/patient_json.h"
#include "report/report.h"
#include "track/cache.h"

typedef struct run {
    const cw_track_flow_conf *conf;
    const cw_log *log;
    cw_panel panel; bool has_panel;
    cw_knowledge knowledge; bool has_knowledge;
    cw_draw_sheet draws;
    cw_event_sheet events;
    cw_by_patient by;
    cw_track_cache *cache;
    char *cohort; size_t n_cohort;
} run;

void cw_track_flow_conf_default(cw_track_flow_conf *conf)
{
    *conf = (cw_track_flow_conf){0};
    cw_track_conf_default(&conf->track);
}

/* --- one patient --- */

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* --previous FILE: the report of one patient; --previous FOLDER: OUT of an earlier run, where a patient may be new. */
static int read_previous(const run *r, const char *patient, const char *safe, cw_patient *previous, bool *found, cw_err *err)
{
    char path[4096];
    *found = false;
    if (!r->conf->previous) return 0;
    if (is_folder(r->conf->previous)) {
        struct stat st;
        if (snprintf(path, sizeof path, "%s/%s/patient.json", r->conf->previous, safe) >= (int)sizeof path)
            return cw_err_set(err, CW_EUSAGE, "the path '%.200s...' is too long", r->conf->previous);
        if (stat(path, &st) != 0) return 0;
    } else {
        if (r->by.n != 1) return cw_err_set(err, CW_EUSAGE, "--previous names one report, but the draw sheet holds %zu patients; give the folder of the earlier run", r->by.n);
        snprintf(path, sizeof path, "%s", r->conf->previous);
    }
    if (cw_patient_read(previous, path, err) < 0) return err->code;
    if (strcmp(previous->id, patient)) return cw_err_set(err, CW_EREFUSED, "'%s' is the report of patient '%s', not of '%s'", path, previous->id, patient);
    *found = true;
    return 0;
}

static int read_calls(const cw_by_patient *by, size_t i, cw_calls *calls, const cw_calls **given, cw_err *err)
{
    for (size_t k = by->first[i]; k < by->first[i + 1]; k++) {
        const cw_draw_row *row = by->row[k];
        size_t at = k - by->first[i];
        if (row->type == CW_DRAW_TUMOUR || !*row->vcf) continue;
        if (cw_calls_read(&calls[at], row->vcf, err) < 0) return cw_err_prefix(err, "draw '%s'", row->sample);
        given[at] = &calls[at];
    }
    return 0;
}

static int one_patient(run *r, size_t i, bool *blocked, cw_err *err)
{
    const cw_by_patient *by = &r->by;
    size_t n = by->first[i + 1] - by->first[i];
    const char *id = by->row[by->first[i]]->patient;
    char safe[256], folder[4096];
    bool has_previous = false;
    cw_patient patient = {0}, previous = {0};
    if (cw_safe_name(id, safe, sizeof safe, err) < 0) return err->code;
    if (snprintf(folder, sizeof folder, "%s/%s", r->conf->out, safe) >= (int)sizeof folder) return cw_err_set(err, CW_EUSAGE, "the path '%.200s...' is too long", r->conf->out);
    cw_calls *calls = calloc(n, sizeof *calls);
    const cw_calls **given = calloc(n, sizeof *given);
    int status = calls && given ? read_previous(r, id, safe, &previous, &has_previous, err) : cw_err_nomem(err);
    if (status == 0) status = cw_by_patient_check_dates(by, i, r->conf->draws, r->conf->events, err);
    if (status == 0) status = read_calls(by, i, calls, given, err);
    cw_patient_job job = {.patient = id, .row = by->row + by->first[i], .n_rows = n, .calls = given, .events = by->event + by->event_first[2 * i],
                          .n_events = by->event_first[2 * i + 1] - by->event_first[2 * i], .panel = r->has_panel ? &r->panel : NULL,
                          .knowledge = r->has_knowledge ? &r->knowledge : NULL, .previous = has_previous ? &previous : NULL, .cache = r->cache,
                          .command_line = r->conf->command_line, .track = &r->conf->track};
    if (status == 0 && r->has_panel) status = cw_flow_identity(by->row + by->first[i], given, n, &r->panel, NULL, 0, blocked, r->log, err);
    if (status == 0) status = cw_flow_patient(&job, &patient, r->log, err);
    if (status == 0) status = cw_flow_write_patient(&patient, folder, r->conf->html, &r->cohort, &r->n_cohort, err);
    for (size_t k = 0; calls && k < n; k++) cw_calls_release(&calls[k]);
    free(calls);
    free(given);
    cw_patient_release(&patient);
    cw_patient_release(&previous);
    return status;
}

/* --- the cohort --- */

static int load(run *r, cw_err *err)
{
    const cw_track_flow_conf *conf = r->conf;
    size_t stray = 0;
    if (cw_draw_sheet_read(&r->draws, conf->draws, err) < 0) return err->code;
    if (conf->events && cw_event_sheet_read(&r->events, conf->events, err) < 0) return err->code;
    if (cw_by_patient_make(&r->draws, conf->events ? &r->events : NULL, &r->by, &stray, err) < 0) return err->code;
    if (cw_by_patient_check_names(&r->by, conf->draws, err) < 0) return err->code;
    if (stray) cw_log_say(r->log, CW_LOG_WARNING, "%zu row%s of '%s' belong%s to patients that have no draw in '%s'", stray, stray == 1 ? "" : "s", conf->events, stray == 1 ? "s" : "", conf->draws);
    if (conf->panel_dir) {
        if (cw_panel_load(&r->panel, conf->panel_dir, CW_BUILD_GRCH38, err) < 0) return err->code; /* ids are the same in both builds */
        if (cw_flow_knowledge(&r->knowledge, conf->panel_dir, &r->has_knowledge, err) < 0) return err->code;
        r->has_panel = true;
    }
    r->cache = cw_track_cache_new();
    return r->cache ? 0 : cw_err_nomem(err);
}

static int note_failure(run *r, size_t i, const char *state, const cw_err *why, cw_err *err)
{
    const char *id = r->by.row[r->by.first[i]]->patient;
    json_t *patient = json_pack("{s:{s:s?}}", "patient", "id", id);
    cw_log_say(r->log, CW_LOG_ERROR, "patient '%s': %s", id, why->text);
    int status = patient ? cw_report_cohort_line(patient, state, why->text, &r->cohort, &r->n_cohort, err) : cw_err_nomem(err);
    json_decref(patient);
    return status;
}

static int all_patients(run *r, size_t *failed, cw_err *err)
{
    char path[4096];
    int status = cw_report_cohort_line(NULL, "", "", &r->cohort, &r->n_cohort, err);
    if (status == 0) status = cw_make_folder(r->conf->out, err);
    for (size_t i = 0; status == 0 && i < r->by.n; i++) {
        cw_err why = {0};
        cw_log_progress(r->log, "patients", i, r->by.n, r->by.row[r->by.first[i]]->patient);
        bool blocked = false;
        int got = one_patient(r, i, &blocked, &why);
        if (got == CW_ENOMEM || got == CW_EUSAGE) {
            *err = why;
            return got;
        }
        if (got < 0) {
            ++*failed;
            status = note_failure(r, i, blocked ? "blocked" : "failed", &why, err);
        }
    }
    if (status < 0) return status;
    if (snprintf(path, sizeof path, "%s/cohort.tsv", r->conf->out) >= (int)sizeof path) return cw_err_set(err, CW_EUSAGE, "the path '%.200s...' is too long", r->conf->out);
    return cw_out_write(path, r->cohort, r->n_cohort, err);
}

int cw_flow_track(const cw_track_flow_conf *conf, size_t *failed, const cw_log *log, cw_err *err)
{
    run r = {.conf = conf, .log = log};
    *failed = 0;
    int status = load(&r, err);
    if (status == 0) status = all_patients(&r, failed, err);
    free(r.cohort);
    cw_track_cache_free(r.cache);
    cw_by_patient_release(&r.by);
    cw_event_sheet_release(&r.events);
    cw_draw_sheet_release(&r.draws);
    cw_knowledge_release(&r.knowledge);
    cw_panel_release(&r.panel);
    return status;
}
