/* SPDX-License-Identifier: MIT */
/* cohort.c - the patients of a draw sheet and what they share. */
#include "flow/cohort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/out.h"
#include "base/parse.h"
#include "flow/tiers.h"
#include "io/draw_io.h"
#include "io/panel_io.h"
#include "io/patient_json.h"
#include "report/report.h"
#include "track/cache.h"

/* Events that reach no patient are lost to all that follows: the first is named, and whom it may mean. */
static void say_stray(const cw_cohort *c, const cw_stray *stray, const cw_log *log)
{
    const char *meant = NULL;
    if (!stray->n) return;
    for (size_t i = 0; i < c->draws.n && !meant; i++)
        if (cw_ascii_equal(c->draws.row[i].patient, stray->first->patient)) meant = c->draws.row[i].patient;
    cw_log_say(log, CW_LOG_WARNING, "%zu row%s of '%s' belong%s to patients that have no draw in '%s'%s; the first is line %zu, patient '%s'%s%s%s", stray->n, stray->n == 1 ? "" : "s",
               c->conf.events, stray->n == 1 ? "s" : "", c->conf.draws, stray->n == 1 ? " and is left out" : " and are left out", stray->first->line, stray->first->patient,
               meant ? "; the draw sheet writes '" : "", meant ? meant : "", meant ? "'" : "");
}

int cw_cohort_load(cw_cohort *c, const cw_cohort_conf *conf, const cw_log *log, cw_err *err)
{
    cw_stray stray = {0};
    *c = (cw_cohort){.conf = *conf, .log = log};
    if (cw_draw_sheet_read(&c->draws, conf->draws, err) < 0) return err->code;
    if (conf->events && cw_event_sheet_read(&c->events, conf->events, err) < 0) return err->code;
    if (cw_by_patient_make(&c->draws, conf->events ? &c->events : NULL, &c->by, &stray, err) < 0) return err->code;
    say_stray(c, &stray, log);
    if (cw_by_patient_check_names(&c->by, conf->draws, err) < 0) return err->code;
    if (conf->panel_dir) {
        if (cw_panel_load(&c->panel, conf->panel_dir, conf->build, err) < 0) return err->code;
        c->has_panel = true;
        if (cw_flow_knowledge(&c->knowledge, conf->panel_dir, &c->has_knowledge, err) < 0) return err->code;
    }
    c->cache = cw_track_cache_new();
    return c->cache ? 0 : cw_err_nomem(err);
}

void cw_cohort_release(cw_cohort *c)
{
    free(c->table);
    cw_track_cache_free(c->cache);
    cw_by_patient_release(&c->by);
    cw_event_sheet_release(&c->events);
    cw_draw_sheet_release(&c->draws);
    cw_knowledge_release(&c->knowledge);
    cw_panel_release(&c->panel);
}

/* --- patient i --- */

size_t cw_cohort_rows(const cw_cohort *c, size_t i, const cw_draw_row ***row)
{
    *row = c->by.row + c->by.first[i];
    return c->by.first[i + 1] - c->by.first[i];
}

const char *cw_cohort_id(const cw_cohort *c, size_t i) { return c->by.row[c->by.first[i]]->patient; }

/* BASE/<id as a file name>REST */
static int path_of(const cw_cohort *c, size_t i, const char *base, const char *rest, char path[CW_COHORT_PATH], cw_err *err)
{
    char name[256];
    if (cw_safe_name(cw_cohort_id(c, i), name, sizeof name, err) < 0) return err->code;
    if (snprintf(path, CW_COHORT_PATH, "%s/%s%s", base, name, rest) >= CW_COHORT_PATH) return cw_err_set(err, CW_EUSAGE, "the path '%.200s...' is too long", base);
    return 0;
}

int cw_cohort_folder(const cw_cohort *c, size_t i, char folder[CW_COHORT_PATH], cw_err *err) { return path_of(c, i, c->conf.out, "", folder, err); }

int cw_cohort_previous_path(const cw_cohort *c, size_t i, char path[CW_COHORT_PATH], cw_err *err)
{
    const char *given = c->conf.previous;
    struct stat st;
    *path = '\0';
    if (!given) return 0;
    if (stat(given, &st) == 0 && S_ISDIR(st.st_mode)) {
        if (path_of(c, i, given, "/patient.json", path, err) < 0) return err->code;
        if (stat(path, &st) != 0) *path = '\0';
        return 0;
    }
    if (c->by.n != 1) return cw_err_set(err, CW_EUSAGE, "--previous names one report, but the draw sheet holds %zu patients; give the folder of the earlier run", c->by.n);
    if (snprintf(path, CW_COHORT_PATH, "%s", given) >= CW_COHORT_PATH) return cw_err_set(err, CW_EUSAGE, "the path '%.200s...' is too long", given);
    return 0;
}

int cw_cohort_previous(const cw_cohort *c, size_t i, cw_patient *previous, bool *found, cw_err *err)
{
    char path[CW_COHORT_PATH];
    const char *id = cw_cohort_id(c, i);
    *found = false;
    if (cw_cohort_previous_path(c, i, path, err) < 0) return err->code;
    if (!*path) return 0;
    if (cw_patient_read(previous, path, err) < 0) return err->code;
    if (strcmp(previous->id, id)) return cw_err_set(err, CW_EREFUSED, "'%s' is the report of patient '%s', not of '%s'", path, previous->id, id);
    *found = true;
    return 0;
}

cw_patient_job cw_cohort_job(const cw_cohort *c, size_t i, const cw_calls *const *calls, const cw_patient *previous)
{
    const cw_by_patient *by = &c->by;
    return (cw_patient_job){.patient = cw_cohort_id(c, i), .row = by->row + by->first[i], .n_rows = by->first[i + 1] - by->first[i], .calls = calls,
                            .sheet = &c->draws, .events = by->event + by->event_first[2 * i], .n_events = by->event_first[2 * i + 1] - by->event_first[2 * i],
                            .panel = c->has_panel ? &c->panel : NULL, .knowledge = c->has_knowledge ? &c->knowledge : NULL, .previous = previous, .cache = c->cache,
                            .command_line = c->conf.command_line, .track = c->conf.track};
}

/* --- cohort.tsv --- */

int cw_cohort_begin(cw_cohort *c, cw_err *err)
{
    int status = cw_report_cohort_line(NULL, "", "", &c->table, &c->n_table, err);
    if (status == 0 && strlen(c->conf.out) > 3500) status = cw_err_set(err, CW_EUSAGE, "the path '%.100s...' is too long", c->conf.out);
    return status == 0 ? cw_make_folder(c->conf.out, err) : status;
}

int cw_cohort_note(cw_cohort *c, size_t i, const char *state, const char *reason, cw_err *err)
{
    json_t *patient = json_pack("{s:{s:s?}}", "patient", "id", cw_cohort_id(c, i));
    cw_log_say(c->log, CW_LOG_ERROR, "patient '%s': %s", cw_cohort_id(c, i), reason);
    int status = patient ? cw_report_cohort_line(patient, state, reason, &c->table, &c->n_table, err) : cw_err_nomem(err);
    json_decref(patient);
    return status;
}

int cw_cohort_write(const cw_cohort *c, cw_err *err)
{
    char path[CW_COHORT_PATH];
    if (snprintf(path, sizeof path, "%s/cohort.tsv", c->conf.out) >= (int)sizeof path) return cw_err_set(err, CW_EUSAGE, "the path '%.200s...' is too long", c->conf.out);
    return cw_out_write(path, c->table, c->n_table, err);
}
