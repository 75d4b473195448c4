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
#include "flow/identity_flow.h"
#include "flow/import_flow.h"
#include "flow/sample_flow.h"
#include "flow/sample_log.h"
#include "io/patient_json.h"
#include "report/audit.h"
#include "report/report.h"

typedef struct work {
    cw_run *run;
    cw_cohort *cohort;            /* of the run */
    const char *id;
    const cw_draw_row **row; size_t n;
    cw_calls *calls; const cw_calls **given; /* [n]; given NULL: a row without calls */
    const char *tracked;          /* the patient's own list, or NULL */
    int threads_each;
    pthread_mutex_t lock;         /* one message at a time */
    char folder[CW_COHORT_PATH];
    cw_patient previous, patient; bool has_previous;
    bool blocked;                 /* a draw is not this patient's */
} work;

static const char *const state_words[] = {"ok", "blocked", "failed"};

/* --- calls --- */

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
    return cw_flow_sample(&row->bam, 1, &conf, calls, log, err);
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
    conf.level = row->consensus;
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
    cw_sample_log_init(&log, w->cohort->log, row->sample, &w->lock);
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

static int series(work *w, size_t i, cw_err *err)
{
    cw_patient_job job = cw_cohort_job(w->cohort, i, w->given, w->has_previous ? &w->previous : NULL);
    return cw_flow_patient(&job, &w->patient, w->cohort->log, err);
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

static int calls_path(const work *w, size_t i, char path[4096 + 512], cw_err *err)
{
    char name[256];
    if (cw_safe_name(w->row[i]->sample, name, sizeof name, err) < 0) return err->code;
    snprintf(path, 4096 + 512, "%s/%s.calls.vcf.gz", w->folder, name);
    return 0;
}

/* A caller's file that lies where this patient's calls go would be lost; calls of clonewatch are the same again. */
static int keep_input(const work *w, const char *path, cw_err *err)
{
    for (size_t i = 0; i < w->n; i++) {
        const cw_draw_row *row = w->row[i];
        bool vcf = *row->vcf && cw_same_file(path, row->vcf), ours = false;
        if (vcf && cw_is_calls_file(row->vcf, &ours, err) < 0) return err->code;
        if (ours || (!vcf && !(*row->bam && cw_same_file(path, row->bam)))) continue;
        return cw_err_set(err, CW_EREFUSED, "%s:%zu: '%s' is where the calls are written, and would be lost; move it, or give -o another folder", w->run->conf->draws, row->line, path);
    }
    return 0;
}

static int write_calls(const work *w, cw_err *err)
{
    cw_vcf_conf conf = {.type = 'z', .write_index = true, .command_line = w->run->conf->command_line};
    char path[4096 + 512];
    for (size_t i = 0; i < w->n; i++)
        if (w->given[i] && (calls_path(w, i, path, err) < 0 || keep_input(w, path, err) < 0)) return err->code;
    for (size_t i = 0; i < w->n; i++)
        if (w->given[i] && (calls_path(w, i, path, err) < 0 || cw_calls_write(&w->calls[i], path, &conf, err) < 0)) return err->code;
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
    if (status == 0) status = cw_flow_write_patient(&w->patient, w->folder, true, &w->cohort->table, &w->cohort->n_table, err);
    if (status < 0 && !was_there) remove_folder(w->folder);
    return status;
}

/* --- together --- */

static int the_patient(work *w, size_t i, json_t **value, cw_err *err)
{
    int status = cw_by_patient_check_dates(&w->cohort->by, i, w->run->conf->draws, w->run->conf->events, err);
    if (status == 0) status = cw_cohort_previous(w->cohort, i, &w->previous, &w->has_previous, err);
    if (status == 0) status = all_calls(w, err);
    if (status == 0) status = cw_flow_identity(w->row, w->given, w->n, &w->cohort->panel, w->run->conf->accept, w->run->conf->n_accept, &w->blocked, w->cohort->log, err);
    if (status == 0) status = series(w, i, err);
    if (status == 0) status = add_notices(w, err);
    if (status == 0) status = write_files(w, value, err);
    return status;
}

/* The report that this one is compared with in the audit: --previous, else what an earlier run left in OUT. */
static json_t *read_before(const work *w, size_t i)
{
    char path[CW_COHORT_PATH + 16];
    json_t *value = NULL;
    cw_err none = {0};
    if (!w->run->conf->previous) snprintf(path, sizeof path, "%s/patient.json", w->folder);
    else if (cw_cohort_previous_path(w->cohort, i, path, &none) < 0) return NULL;
    return *path && exists(path, false) && cw_json_read(path, &value, &none) == 0 ? value : NULL;
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
    json_t *before = read_before(w, i), *value = NULL;
    int got = the_patient(w, i, &value, &why), status = 0;
    *state = got == 0 ? CW_RUN_OK : w->blocked ? CW_RUN_BLOCKED : CW_RUN_FAILED;
    if (got == CW_ENOMEM || got == CW_EUSAGE) status = cw_err_set(err, got, "%s", why.text);
    if (status == 0 && got < 0) status = cw_cohort_note(w->cohort, i, state_words[*state], why.text, err);
    if (status == 0) status = note_audit(w, *state, why.text, before, value, err);
    json_decref(value);
    json_decref(before);
    return status;
}

int cw_run_patient(cw_run *run, size_t i, cw_run_state *state, cw_err *err)
{
    work w = {.run = run, .cohort = &run->cohort, .id = cw_cohort_id(&run->cohort, i)};
    size_t n = w.n = cw_cohort_rows(&run->cohort, i, &w.row);
    w.calls = calloc(n, sizeof *w.calls);
    w.given = calloc(n, sizeof *w.given);
    int status = w.calls && w.given ? cw_cohort_folder(&run->cohort, i, w.folder, err) : cw_err_nomem(err);
    if (status == 0) status = settle(&w, i, state, err);
    for (size_t k = 0; w.calls && k < n; k++) cw_calls_release(&w.calls[k]);
    free(w.calls);
    free((void *)w.given);
    cw_patient_release(&w.patient);
    cw_patient_release(&w.previous);
    return status;
}
