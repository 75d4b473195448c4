/* SPDX-License-Identifier: MIT */
/* qc_flow.c - calls and alignments -> qc.json. */
#include "flow/qc_flow.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <clonewatch/draw.h>
#include "flow/background_flow.h"
#include "flow/identity_flow.h"
#include "flow/import_flow.h"
#include "flow/sample_log.h"
#include "io/background_io.h"
#include "io/draw_io.h"
#include "io/panel_io.h"
#include "report/qc_file.h"

typedef struct source {
    const char *path;
    const cw_draw_row *row;       /* of the draw sheet; NULL: a file of its own */
    cw_calls calls;
    cw_err why;                   /* it could not be read */
} source;

typedef struct qc {
    const cw_qc_flow_conf *conf;
    cw_draw_sheet sheet;
    cw_panel panel;
    cw_background background;
    source *source;               /* [n], as the three that follow */
    cw_qc_sample *sample;
    cw_identity_sample *person;
    cw_person *verdict;
    size_t n;
    cw_person_pair *pair; size_t n_pairs;
    const cw_log *log;
    pthread_mutex_t lock;         /* of the samples' messages */
    cw_err *err;
} qc;

void cw_qc_flow_conf_default(cw_qc_flow_conf *conf)
{
    *conf = (cw_qc_flow_conf){0};
    cw_sample_conf_default(&conf->sample);
    cw_qc_conf_default(&conf->qc);
}

/* --- in --- */

static void list_sample(qc *q, const char *path, const cw_draw_row *row)
{
    size_t i = q->n++;
    q->source[i] = (source){.path = path, .row = row};
    q->sample[i] = (cw_qc_sample){.patient = row ? row->patient : "", .name = row ? row->sample : NULL, .of_sheet = row != NULL};
    q->person[i] = (cw_identity_sample){.patient = q->sample[i].patient, .is_normal = row && row->type == CW_DRAW_NORMAL};
}

static int list_samples(qc *q, const char *const *paths, size_t n_paths)
{
    size_t most = n_paths + q->sheet.n;
    q->source = calloc(most + 1, sizeof *q->source);
    q->sample = calloc(most + 1, sizeof *q->sample);
    q->person = calloc(most + 1, sizeof *q->person);
    q->verdict = calloc(most + 1, sizeof *q->verdict);
    q->pair = calloc(most * most + 1, sizeof *q->pair);
    if (!q->source || !q->sample || !q->person || !q->verdict || !q->pair) return cw_err_nomem(q->err);
    for (size_t i = 0; i < n_paths; i++) list_sample(q, paths[i], NULL);
    for (size_t i = 0; i < q->sheet.n; i++) {
        const cw_draw_row *r = &q->sheet.row[i];
        if (r->type != CW_DRAW_TUMOUR) list_sample(q, *r->bam ? r->bam : r->vcf, r);
    }
    return 0;
}

/* The panel in the build of the first file; SNPs are the same in both. */
static int load_panel(qc *q)
{
    cw_build build = q->conf->sample.build;
    return cw_panel_load(&q->panel, q->conf->sample.panel_dir, build == CW_BUILD_UNKNOWN ? CW_BUILD_GRCH38 : build, q->err);
}

/* How far the draw is from enough, and what to do where it is the panel that is too wide. */
static void say_low_yield(const char *path, const cw_qc *x, const cw_qc_conf *conf, const cw_log *log)
{
    if (x->molecules < 0) cw_log_say(log, CW_LOG_WARNING, "'%s' fails yield: no locus within the targets has known molecules", path);
    else
        cw_log_say(log, CW_LOG_WARNING, "'%s' fails yield: %" PRId64 " molecules at the median locus, less than %" PRId64 "; %" PRId64 " of %" PRId64 " loci within the targets have enough. If "
                   "the assay does not cover the whole panel, name its targets in the panel", path, x->molecules, conf->min_molecules, x->assessable, x->loci);
}

static int read_calls(const qc *q, source *s, const cw_log *log, cw_err *err)
{
    bool ours = false;
    size_t n = strlen(s->path);
    bool text = n > 4 && (!strcmp(s->path + n - 4, ".vcf") || !strcmp(s->path + n - 4, ".bcf") || (n > 7 && !strcmp(s->path + n - 7, ".vcf.gz")));
    cw_sample_conf conf = q->conf->sample;
    if (s->row) {
        conf.sample = s->row->sample;
        if (s->row->consensus != CW_CONS_AUTO) conf.count.consensus = s->row->consensus;
        if (*s->row->fasta) conf.count.reference = s->row->fasta;
        if (*s->row->bai) conf.count.index = s->row->bai;
        conf.detect.plasma_ml = s->row->plasma_ml;
        conf.detect.cfdna_ng = s->row->cfdna_ng;
    }
    conf.background_path = NULL; /* the noise is judged here, not refused */
    if (text && cw_is_calls_file(s->path, &ours, err) < 0) return err->code;
    if (text && !ours) return cw_err_set(err, CW_EFORMAT, "'%s' is not a calls file of clonewatch; import it first, or give the alignment", s->path);
    if (text) {
        int status = cw_calls_read(&s->calls, s->path, err);
        if (status == 0 && s->row && isfinite(s->row->cfdna_ng)) s->calls.cfdna_ng = s->row->cfdna_ng; /* the sheet knows better, as in track */
        return status;
    }
    return cw_flow_sample(&s->path, 1, &conf, &s->calls, log, err);
}

/* The sample's own trouble goes into why; what would meet every sample alike is returned. */
static int read_sample(qc *q, size_t i, cw_err *why)
{
    source *s = &q->source[i];
    cw_qc_sample *x = &q->sample[i];
    cw_fingerprint *print = &q->person[i].print;
    cw_sample_log named;
    const cw_log *log = s->row ? &named.log : q->log; /* messages name files anyway */
    cw_sample_log_init(&named, q->log, x->name, &q->lock);
    int status = read_calls(q, s, log, why);
    if (status == CW_ENOMEM || status == CW_EUSAGE) return cw_err_set(q->err, status, "%s", why->text);
    if (status < 0) return 0;
    *print = cw_flow_fingerprint(&s->calls, &q->panel);
    if (!x->name) x->name = s->calls.sample;
    x->level = s->calls.level;
    if (s->calls.n_snps && !print->n)
        cw_log_say(log, CW_LOG_WARNING, "'%s' was made with other fingerprint SNPs than those of panel '%s': its identity cannot be looked at", s->path, q->panel.name);
    const char *background = q->conf->sample.background_path;
    if (background && cw_flow_background_fits(&q->background, background, s->calls.level, s->calls.build, why) < 0) {
        cw_err_prefix(why, "'%s'", s->path);
        return 0;
    }
    cw_qc_of_calls(&s->calls, print, q->panel.snps, q->panel.n_snps, background ? &q->background : NULL, &q->conf->qc, &x->qc);
    x->judged = true;
    if (x->qc.low_yield) say_low_yield(s->path, &x->qc, &q->conf->qc, log);
    return 0;
}

static int read_all(qc *q, size_t *unread)
{
    if (pthread_mutex_init(&q->lock, NULL) != 0) return cw_err_set(q->err, CW_EINTERNAL, "cannot make a lock");
    int status = 0;
    for (size_t i = 0; i < q->n && status == 0; i++) {
        source *s = &q->source[i];
        cw_qc_sample *x = &q->sample[i];
        cw_log_progress(q->log, "reading samples", i, q->n, s->path);
        status = read_sample(q, i, &s->why);
        if (status < 0 || x->judged) continue;
        if (!s->row) status = cw_err_set(q->err, s->why.code, "%s", s->why.text);
        else cw_log_say(q->log, CW_LOG_ERROR, "patient '%s': sample '%s': %s", x->patient, x->name, s->why.text);
        q->person[i].print = (cw_fingerprint){0};
        x->why = s->why.text;
        x->qc = cw_qc_unknown;
        ++*unread;
    }
    pthread_mutex_destroy(&q->lock);
    return status;
}

static int compare(qc *q)
{
    int status = cw_identity_of_all(q->person, q->n, q->panel.snps, q->panel.n_snps, q->conf->cross, q->pair, &q->n_pairs, q->verdict, q->err);
    for (size_t i = 0; i < q->n; i++) q->sample[i].verdict = q->verdict[i];
    return status;
}

static int write(const qc *q, unsigned failed)
{
    const cw_qc_table table = {q->sample, q->n, q->pair, q->n_pairs, q->panel.name, q->conf->command_line, failed};
    return q->conf->tsv ? cw_report_qc_tsv(&table, q->conf->output, q->err) : cw_report_qc_json(&table, q->conf->output, q->err);
}

int cw_flow_qc(const char *const *paths, size_t n_paths, const cw_qc_flow_conf *conf, cw_qc_outcome *outcome, const cw_log *log, cw_err *err)
{
    qc q = {.conf = conf, .log = log, .err = err};
    int status = conf->draws ? cw_draw_sheet_read(&q.sheet, conf->draws, err) : 0;
    *outcome = (cw_qc_outcome){0};
    if (status == 0) status = load_panel(&q);
    if (status == 0 && conf->sample.background_path) status = cw_background_read(&q.background, conf->sample.background_path, err);
    if (status == 0) status = list_samples(&q, paths, n_paths);
    if (status == 0) status = read_all(&q, &outcome->unread);
    if (status == 0) status = compare(&q);
    for (size_t i = 0; i < q.n && status == 0; i++) outcome->failed |= cw_qc_failures(&q.sample[i]);
    if (status == 0) status = write(&q, outcome->failed);
    for (size_t i = 0; i < q.n; i++) cw_calls_release(&q.source[i].calls);
    free(q.source);
    free(q.sample);
    free(q.person);
    free(q.verdict);
    free(q.pair);
    cw_background_release(&q.background);
    cw_panel_release(&q.panel);
    cw_draw_sheet_release(&q.sheet);
    return status;
}
