/* SPDX-License-Identifier: MIT */
/* run_patient.c - one patient: calls of all draws, identity, the series, files. Nothing is written before all of it is there. */
#include "flow/run_patient.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/out.h"
#include "base/parallel.h"
#include "flow/audit.h"
#include "flow/identity_flow.h"
#include "flow/import_flow.h"
#include "flow/sample_flow.h"
#include "flow/sample_log.h"
#include "io/patient_json.h"
#include "report/report.h"

typedef struct work {
    cw_run *run;
    const char *id;
    const cw_draw_row **row; size_t n;
    cw_calls *calls; const cw_calls **given; /* [n]; given NULL: a row without calls */
    const char *tracked;          /* the patient's own list, or NULL */
    int threads_each;
    pthread_mutex_t lock;         /* one message at a time */
    char folder[4096];
    cw_patient previous, patient; bool has_previous;
    bool blocked;                 /* a draw is not this patient's */
} work;

static const char *const state_words[] = {"ok", "blocked", "failed"};

/* --- calls --- */

static const char *level_of(cw_consensus c)
{
    static const char *const names[] = {NULL, "raw", "umi", "simplex", "duplex"};
    return names[c];
}

static int calls_of_alignment(const work *w, const cw_draw_row *row, cw_calls *calls, const cw_log *log, cw_err *err)
{
    const cw_run_conf *run = w->run->conf;
    cw_sample_conf conf = {.panel_dir = run->panel_dir, .build = run->build, .background_path = run->background, .tracked_path = w->tracked,
                           .sample = row->sample, .count = run->count, .detect = run->detect};
    conf.count.threads = w->threads_each;
    if (row->consensus != CW_CONS_AUTO) conf.count.consensus = row->consensus;
    if (*row->fasta) conf.count.reference = row->fasta;
    conf.count.index = *row->bai ? row->bai : NULL;
    conf.detect.plasma_ml = row->plasma_ml;
    conf.detect.cfdna_ng = row->cfdna_ng;
    if (*row->vcf) cw_log_say(log, CW_LOG_WARNING, "the sheet names both bam and vcf: molecules are counted from the bam, the vcf is not read");
    int status = cw_flow_sample(&row->bam, 1, &conf, calls, log, err);
    if (status == 0 && !conf.count.reference)
        cw_log_say(log, CW_LOG_WARNING, "read without a reference genome (-f): insertions and deletions are not assessable where the bases around them are not known");
    return status;
}

static int calls_of_vcf(const work *w, const cw_draw_row *row, cw_calls *calls, const cw_log *log, cw_err *err)
{
    const cw_run_conf *run = w->run->conf;
    cw_import_conf conf;
    cw_import_conf_default(&conf);
    conf.panel_dir = run->panel_dir;
    conf.build = run->build;
    conf.background_path = run->background;
    conf.tracked_path = w->tracked;
    conf.reference = *row->fasta ? row->fasta : run->count.reference;
    conf.caller = *row->caller ? row->caller : NULL;
    conf.sample = row->sample;
    if (row->consensus != CW_CONS_AUTO) conf.level = level_of(row->consensus);
    conf.detect = run->detect;
    conf.detect.plasma_ml = row->plasma_ml;
    conf.detect.cfdna_ng = row->cfdna_ng;
    return cw_flow_import(row->vcf, &conf, calls, log, err);
}

static int calls_of_row(void *context, size_t i, cw_err *err)
{
    work *w = context;
    const cw_draw_row *row = w->row[i];
    if (row->type == CW_DRAW_TUMOUR) return 0;
    cw_sample_log log;
    cw_sample_log_init(&log, w->run->log, row->sample, &w->lock);
    int status = *row->bam ? calls_of_alignment(w, row, &w->calls[i], &log.log, err) : calls_of_vcf(w, row, &w->calls[i], &log.log, err);
    if (status == 0) status = cw_calls_settle(&w->calls[i], err); /* so that track, from the files, finds the same */
    if (status < 0) return cw_err_prefix(err, "sample '%s'", row->sample);
    w->given[i] = &w->calls[i];
    return 0;
}

static int all_calls(work *w, cw_err *err)
{
    int threads = w->run->conf->threads, team = (size_t)threads < w->n ? threads : (int)w->n;
    for (size_t i = 0; i < w->n; i++) {
        if (w->row[i]->type != CW_DRAW_TUMOUR) continue;
        if (w->tracked)
            return cw_err_set(err, CW_EFORMAT, "%s:%zu: a second tumour row; put the variants of both into one list", w->run->conf->draws, w->row[i]->line);
        w->tracked = w->row[i]->vcf;
    }
    w->threads_each = team > 0 && threads > team ? threads / team : 1;
    if (pthread_mutex_init(&w->lock, NULL) != 0) return cw_err_set(err, CW_EINTERNAL, "cannot make a lock");
    int status = cw_parallel(w->n, team, calls_of_row, w, err);
    pthread_mutex_destroy(&w->lock);
    return status;
}

/* --- series --- */

static bool exists(const char *path, bool folder)
{
    struct stat st;
    return stat(path, &st) == 0 && (S_ISDIR(st.st_mode) != 0) == folder;
}

/* --previous FILE: the report of one patient; --previous FOLDER: OUT of an earlier run, where a patient may be new. */
static int read_previous(work *w, cw_err *err)
{
    const char *given = w->run->conf->previous;
    char path[8192];
    if (!given) return 0;
    if (exists(given, true)) {
        snprintf(path, sizeof path, "%s%s/patient.json", given, strrchr(w->folder, '/'));
        if (!exists(path, false)) return 0;
    } else {
        if (w->run->by.n != 1) return cw_err_set(err, CW_EUSAGE, "--previous names one report, but the draw sheet holds %zu patients; give the folder of the earlier run", w->run->by.n);
        snprintf(path, sizeof path, "%s", given);
    }
    if (cw_patient_read(&w->previous, path, err) < 0) return err->code;
    if (strcmp(w->previous.id, w->id)) return cw_err_set(err, CW_EREFUSED, "'%s' is the report of patient '%s', not of '%s'", path, w->previous.id, w->id);
    w->has_previous = true;
    return 0;
}

static int series(work *w, size_t i, cw_err *err)
{
    const cw_by_patient *by = &w->run->by;
    cw_patient_job job = {.patient = w->id, .row = w->row, .n_rows = w->n, .calls = w->given, .events = by->event + by->event_first[2 * i],
                          .n_events = by->event_first[2 * i + 1] - by->event_first[2 * i], .panel = &w->run->panel, .knowledge = w->run->has_knowledge ? &w->run->knowledge : NULL,
                          .previous = w->has_previous ? &w->previous : NULL, .cache = w->run->cache, .command_line = w->run->conf->command_line,
                          .track = &w->run->conf->track};
    return cw_flow_patient(&job, &w->patient, w->run->log, err);
}

/* What must be read first, before all that track and advise have to say. */
static int add_notice(cw_patient *p, const char *text, cw_err *err)
{
    const char **v = cw_arena_alloc(p->arena, p->notices.n + 1, sizeof *v);
    if (!v || !text) return cw_err_nomem(err);
    v[0] = text;
    for (size_t i = 0; i < p->notices.n; i++) v[i + 1] = p->notices.v[i];
    p->notices = (cw_strings){v, p->notices.n + 1};
    return 0;
}

static int add_notices(work *w, cw_err *err)
{
    const cw_run_conf *conf = w->run->conf;
    for (size_t i = 0; i < w->n; i++) {
        const char *sample = w->row[i]->sample;
        for (size_t k = 0; k < conf->n_accept; k++) {
            size_t n = strlen(sample);
            if (strncmp(conf->accept[k], sample, n) || conf->accept[k][n] != '=') continue;
            const char *text = cw_arena_printf(w->patient.arena, "Identity of sample '%s' was taken on somebody's word (--accept-identity): %s", sample, conf->accept[k] + n + 1);
            if (add_notice(&w->patient, text, err) < 0) return CW_ENOMEM;
        }
    }
    return 0;
}

/* --- files --- */

static int write_calls(const work *w, cw_err *err)
{
    cw_vcf_conf conf = {.type = 'z', .write_index = true, .command_line = w->run->conf->command_line};
    char path[4096 + 512], name[256];
    for (size_t i = 0; i < w->n; i++) {
        if (!w->given[i]) continue;
        if (cw_safe_name(w->row[i]->sample, name, sizeof name, err) < 0) return err->code;
        snprintf(path, sizeof path, "%s/%s.calls.vcf.gz", w->folder, name);
        if (cw_calls_write(&w->calls[i], path, &conf, err) < 0) return err->code;
    }
    return 0;
}

/* A folder that this run made is taken away again when it could not be filled; the files of an earlier run stay as they are. */
static void remove_folder(const char *folder)
{
    char path[8192];
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) unlink(path);
    }
    if (d) closedir(d);
    rmdir(folder);
}

static int write_files(work *w, json_t **value, cw_err *err)
{
    bool was_there = exists(w->folder, true);
    int status = cw_make_folder(w->folder, err);
    if (status == 0) status = write_calls(w, err);
    if (status == 0) status = cw_patient_to_json(&w->patient, value, err);
    if (status == 0) status = cw_report_multiqc(*value, w->folder, err);
    if (status == 0) status = cw_flow_write_patient(&w->patient, w->folder, true, &w->run->cohort, &w->run->n_cohort, err);
    if (status < 0 && !was_there) remove_folder(w->folder);
    return status;
}

/* --- together --- */

static int the_patient(work *w, size_t i, json_t **value, cw_err *err)
{
    int status = cw_by_patient_check_dates(&w->run->by, i, w->run->conf->draws, w->run->conf->events, err);
    if (status == 0) status = read_previous(w, err);
    if (status == 0) status = all_calls(w, err);
    if (status == 0) status = cw_flow_identity(w->row, w->given, w->n, &w->run->panel, w->run->conf->accept, w->run->conf->n_accept, &w->blocked, w->run->log, err);
    if (status == 0) status = series(w, i, err);
    if (status == 0) status = add_notices(w, err);
    if (status == 0) status = write_files(w, value, err);
    return status;
}

/* The report that this one is compared with in the audit: --previous, else what an earlier run left in OUT. */
static json_t *read_before(const work *w)
{
    char path[8192];
    json_t *value = NULL;
    cw_err none = {0};
    const char *given = w->run->conf->previous;
    if (!given) snprintf(path, sizeof path, "%s/patient.json", w->folder);
    else if (exists(given, true)) snprintf(path, sizeof path, "%s%s/patient.json", given, strrchr(w->folder, '/'));
    else snprintf(path, sizeof path, "%s", given);
    return exists(path, false) && cw_json_read(path, &value, &none) == 0 ? value : NULL;
}

/* The line of a patient without a report; whoever has one has its line from the writing of it. */
static int note_cohort(const work *w, cw_run_state state, const char *reason, cw_err *err)
{
    json_t *patient = json_pack("{s:{s:s}}", "patient", "id", w->id);
    int status = patient ? cw_report_cohort_line(patient, state_words[state], reason, &w->run->cohort, &w->run->n_cohort, err) : cw_err_nomem(err);
    json_decref(patient);
    return status;
}

static int note_audit(const work *w, cw_run_state state, const char *reason, const json_t *before, const json_t *now, cw_err *err)
{
    char path[4096];
    snprintf(path, sizeof path, "%.3600s/audit.jsonl", w->run->conf->out);
    cw_audit entry = {w->id, state_words[state], reason, w->run->conf->command_line, before, now};
    return cw_audit_append(path, &entry, err);
}

/* What only this patient has makes a state; what would meet every patient alike ends the run. */
static int settle(work *w, size_t i, cw_run_state *state, cw_err *err)
{
    cw_err why = {0};
    json_t *before = read_before(w), *value = NULL;
    int got = the_patient(w, i, &value, &why), status = 0;
    *state = got == 0 ? CW_RUN_OK : w->blocked ? CW_RUN_BLOCKED : CW_RUN_FAILED;
    if (got == CW_ENOMEM || got == CW_EUSAGE) status = cw_err_set(err, got, "%s", why.text);
    if (status == 0 && got < 0) {
        cw_log_say(w->run->log, CW_LOG_ERROR, "patient '%s': %s", w->id, why.text);
        status = note_cohort(w, *state, why.text, err);
    }
    if (status == 0) status = note_audit(w, *state, why.text, before, value, err);
    json_decref(value);
    json_decref(before);
    return status;
}

int cw_run_patient(cw_run *run, size_t i, cw_run_state *state, cw_err *err)
{
    size_t n = run->by.first[i + 1] - run->by.first[i];
    work w = {.run = run, .row = run->by.row + run->by.first[i], .n = n, .calls = calloc(n, sizeof *w.calls), .given = calloc(n, sizeof *w.given)};
    char name[256];
    w.id = w.row[0]->patient;
    int status = w.calls && w.given ? cw_safe_name(w.id, name, sizeof name, err) : cw_err_nomem(err);
    if (status == 0) {
        snprintf(w.folder, sizeof w.folder, "%.3600s/%s", run->conf->out, name);
        status = settle(&w, i, state, err);
    }
    for (size_t k = 0; w.calls && k < n; k++) cw_calls_release(&w.calls[k]);
    free(w.calls);
    free((void *)w.given);
    cw_patient_release(&w.patient);
    cw_patient_release(&w.previous);
    return status;
}
