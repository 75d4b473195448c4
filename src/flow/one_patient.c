/* SPDX-License-Identifier: MIT */
/* one_patient.c - the calls of all draws of one patient -> the whole patient, and the patient -> files. */
#include "flow/one_patient.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "advise/advise.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/parse.h"
#include "detect/qc.h"
#include "flow/identity_flow.h"
#include "flow/tiers.h"
#include "io/panel_io.h"
#include "io/patient_json.h"
#include "report/qc_file.h"
#include "report/report.h"
#include "track/tissue.h"

/* What the callbacks of track need to know before the first draw. */
typedef struct context {
    const cw_patient_job *job;
    cw_arena *arena;
    cw_tissue tissue;
    cw_tiers tiers;
} context;

static bool known_from_tissue(void *given, const char *cwid) { return cw_tissue_has(&((const context *)given)->tissue, cwid); }
static int tier(void *given, const char *cwid) { return cw_tiers_of(&((const context *)given)->tiers, cwid); }

/* The alleles of the patient's own list, by the names that the calls give them. */
static int list_tissue(context *c, cw_err *err)
{
    const cw_patient_job *job = c->job;
    int status = 0;
    for (size_t i = 0; status == 0 && i < job->n_rows; i++) {
        if (job->row[i]->type != CW_DRAW_TUMOUR || !*job->row[i]->vcf) continue;
        cw_panel list = {.arena = cw_arena_new()};
        status = list.arena ? cw_panel_add_tracked(&list, job->row[i]->vcf, err) : cw_err_nomem(err);
        for (size_t k = 0; status == 0 && k < job->n_rows; k++)
            if (job->calls[k]) status = cw_tissue_add(&c->tissue, &list, job->calls[k], err);
        cw_panel_release(&list);
    }
    cw_tissue_sort(&c->tissue);
    return status;
}

static int by_date(const void *pa, const void *pb)
{
    const cw_track_draw *a = pa, *b = pb;
    if (a->row->date.day != b->row->date.day) return a->row->date.day < b->row->date.day ? -1 : 1;
    return a->row->line < b->row->line ? -1 : a->row->line > b->row->line;
}

static const char *first_word(const cw_patient_job *job, bool sex)
{
    for (size_t i = 0; i < job->n_rows; i++) {
        const char *word = sex ? job->row[i]->sex : job->row[i]->tumour_type;
        if (*word) return word;
    }
    return "";
}

/* Which files the report rests on. */
static int list_inputs(const cw_patient_job *job, cw_patient *p, cw_err *err)
{
    size_t kept = job->previous ? job->previous->n_inputs : 0;
    p->inputs = cw_arena_alloc(p->arena, job->n_rows + kept, sizeof *p->inputs);
    if (!p->inputs) return cw_err_nomem(err);
    for (size_t i = 0; i < job->n_rows; i++) {
        const char *path = *job->row[i]->bam ? job->row[i]->bam : job->row[i]->vcf, *name = cw_base_name(path);
        const cw_calls *calls = job->calls[i];
        bool traced = calls && calls->input_name && *calls->input_name && calls->input_sha256 && *calls->input_sha256;
        char hex[65] = "";
        if (traced) { /* calls say what they were made from: the same whether they were made just now or earlier */
            name = calls->input_name;
            snprintf(hex, sizeof hex, "%s", calls->input_sha256);
        }
        if (!traced && cw_sha256_file(path, hex, err) < 0) return err->code;
        cw_input *in = &p->inputs[p->n_inputs++];
        *in = (cw_input){cw_arena_strdup(p->arena, name), cw_arena_strdup(p->arena, hex)};
        if (!in->name || !in->sha256) return cw_err_nomem(err);
        for (size_t d = 0; d < p->n_draws; d++)
            if (!strcmp(p->draws[d].sample, job->row[i]->sample)) p->draws[d].calls_name = in->name, p->draws[d].calls_sha256 = in->sha256;
    }
    for (size_t i = 0; i < kept; i++) { /* files of draws that only the previous report holds */
        const cw_input *old = &job->previous->inputs[i];
        bool again = false;
        for (size_t k = 0; k < p->n_inputs; k++) again |= !strcmp(p->inputs[k].sha256, old->sha256);
        if (again) continue;
        cw_input *in = &p->inputs[p->n_inputs++];
        *in = (cw_input){cw_arena_strdup(p->arena, old->name), cw_arena_strdup(p->arena, old->sha256)};
        if (!in->name || !in->sha256) return cw_err_nomem(err);
    }
    return 0;
}

static int describe(const cw_patient_job *job, cw_patient *p, cw_err *err)
{
    const char *tumour_type = first_word(job, false), *sex = first_word(job, true);
    if (!*tumour_type && job->previous) tumour_type = job->previous->tumour_type;
    if (!*sex && job->previous) sex = job->previous->sex;
    p->tumour_type = cw_arena_strdup(p->arena, tumour_type);
    p->sex = cw_arena_strdup(p->arena, sex);
    p->command = cw_arena_strdup(p->arena, job->command_line ? job->command_line : "");
    p->panel = cw_arena_strdup(p->arena, job->panel ? job->panel->name : "");
    p->panel_version = cw_arena_strdup(p->arena, job->panel ? job->panel->version : "");
    p->knowledge_version = cw_arena_strdup(p->arena, job->knowledge ? job->knowledge->version : "");
    if (!p->tumour_type || !p->sex || !p->command || !p->panel || !p->panel_version || !p->knowledge_version) return cw_err_nomem(err);
    return list_inputs(job, p, err);
}

/* The quality of each draw that has calls, as JSON text. */
static int put_quality(const cw_patient_job *job, cw_patient *p, cw_err *err)
{
    cw_qc_conf conf;
    cw_qc qc;
    cw_qc_conf_default(&conf);
    for (size_t i = 0; i < job->n_rows; i++) {
        json_t *value = NULL;
        char *text = NULL;
        size_t n = 0;
        if (!job->calls[i]) continue;
        cw_fingerprint print = {0};
        if (job->panel) print = cw_flow_fingerprint(job->calls[i], job->panel);
        cw_qc_of_calls(job->calls[i], &print, job->panel ? job->panel->snps : NULL, job->panel ? job->panel->n_snps : 0, NULL, &conf, &qc);
        int status = (value = cw_report_qc_object(&qc, err)) ? 0 : err->code;
        if (status == 0) status = cw_json_dump(value, 0, &text, &n, err);
        json_decref(value);
        for (size_t d = 0; d < p->n_draws && status == 0; d++) {
            if (strcmp(p->draws[d].sample, job->row[i]->sample)) continue;
            p->draws[d].qc = cw_arena_strndup(p->arena, text, n && text[n - 1] == '\n' ? n - 1 : n);
            if (!p->draws[d].qc) status = cw_err_nomem(err);
        }
        free(text);
        if (status < 0) return status;
    }
    return 0;
}

static bool same_counts(const cw_calls *a, const cw_calls *b)
{
    if (a->n_loci != b->n_loci || a->n_calls != b->n_calls) return false;
    for (size_t i = 0; i < a->n_loci; i++)
        if (a->locus[i].k_ref != b->locus[i].k_ref || a->locus[i].depth != b->locus[i].depth) return false;
    for (size_t i = 0; i < a->n_calls; i++)
        if (a->call[i].k != b->call[i].k) return false;
    return true;
}

/* Two rows that come from one file and count the same are one tube, and would be believed twice. A file of several samples differs in its counts. */
static int check_tubes(const cw_patient_job *job, cw_err *err)
{
    for (size_t i = 0; i < job->n_rows; i++)
        for (size_t j = 0; j < i; j++) {
            const cw_calls *a = job->calls[i], *b = job->calls[j];
            if (!a || !b || !a->input_sha256 || !b->input_sha256 || !*a->input_sha256 || strcmp(a->input_sha256, b->input_sha256) || !same_counts(a, b)) continue;
            return cw_err_set(err, CW_EREFUSED, "samples '%s' and '%s' are both made from '%s' and hold the same counts: one tube would count as two draws; give each its own file",
                              job->row[j]->sample, job->row[i]->sample, a->input_name);
        }
    return 0;
}

/* Replicates are fine; a date that was copied is not. */
static void say_same_day(const cw_track_draw *draws, size_t n, const cw_log *log)
{
    for (size_t i = 1; i < n; i++) {
        const cw_draw_row *a = draws[i - 1].row, *b = draws[i].row;
        if (a->type == CW_DRAW_PLASMA && b->type == CW_DRAW_PLASMA && a->date.known && b->date.known && a->date.day == b->date.day)
            cw_log_say(log, CW_LOG_WARNING, "patient '%s': draws '%s' and '%s' are of the same day; two tubes of one day are followed as two draws: is the date right?", a->patient,
                       a->sample, b->sample);
    }
}

/* A file that names its sample as another row of the sheet does may be that row's, perhaps another patient's: nothing else would tell. */
static int say_swapped(const cw_patient_job *job, cw_patient *p, const cw_log *log, cw_err *err)
{
    const char **notice = cw_arena_alloc(p->arena, p->notices.n + job->n_rows, sizeof *notice);
    if (!notice) return cw_err_nomem(err);
    if (p->notices.n) memcpy(notice, p->notices.v, p->notices.n * sizeof *notice);
    p->notices.v = notice;
    for (size_t i = 0; i < job->n_rows; i++) {
        const cw_draw_row *row = job->row[i], *other = NULL;
        const char *name = !job->calls[i] || *row->bam ? NULL : job->calls[i]->file_sample ? job->calls[i]->file_sample : job->calls[i]->sample;
        for (size_t k = 0; name && strcmp(name, row->sample) && k < job->sheet->n && !other; k++)
            if (!strcmp(job->sheet->row[k].sample, name)) other = &job->sheet->row[k];
        if (!other) continue;
        const char *text = cw_arena_printf(p->arena, "the file of draw %s names its sample %s, which is the draw of patient %s in line %zu of the sheet: are the files swapped?", row->sample,
                                           name, other->patient, other->line);
        if (!text) return cw_err_nomem(err);
        notice[p->notices.n++] = text;
        cw_log_say(log, CW_LOG_WARNING, "patient '%s': %s", p->id, text);
    }
    return 0;
}

/* Silence of a draw that could show nothing must not pass for absence: perhaps it is another panel's, or too little DNA. */
static void say_assessed(const cw_patient *p, const cw_log *log)
{
    size_t last = p->n_draws, n = 0, of = 0;
    for (size_t d = 0; d < p->n_draws; d++)
        if (!p->draws[d].excluded) last = d;
    for (size_t i = 0; i < p->n_alterations; i++)
        for (size_t j = 0; j < p->alterations[i].n_points; j++) {
            const cw_point *v = &p->alterations[i].points[j];
            if (v->draw != last) continue;
            of++;
            n += v->state == CW_CALL_DETECTED || v->state == CW_CALL_BELOW_LOD || v->state == CW_CALL_NOT_DETECTED;
        }
    if (of && !n)
        cw_log_say(log, CW_LOG_WARNING, "patient '%s': not one of %zu alterations can be assessed in the last draw '%s': are panel and build the right ones, and is it deep enough (--min-molecules)?", p->id,
                   of, p->draws[last].sample);
}

int cw_flow_patient(const cw_patient_job *job, cw_patient *patient, const cw_log *log, cw_err *err)
{
    context c = {.job = job, .arena = cw_arena_new()};
    cw_track_draw *draws = calloc(job->n_rows ? job->n_rows : 1, sizeof *draws);
    size_t n = 0;
    int status = c.arena && draws ? list_tissue(&c, err) : cw_err_nomem(err);
    if (status == 0) status = check_tubes(job, err);
    for (size_t i = 0; status == 0 && i < job->n_rows; i++)
        if (job->row[i]->type != CW_DRAW_TUMOUR) draws[n++] = (cw_track_draw){job->row[i], job->calls[i]};
    if (n) qsort(draws, n, sizeof *draws, by_date);
    if (status == 0) say_same_day(draws, n, log);
    if (status == 0 && n) status = cw_tiers_make(&c.tiers, job->knowledge, first_word(job, false), job->events, job->n_events, &draws[0].row->date, c.arena, err);
    cw_track_input input = {.patient = job->patient, .draws = draws, .n_draws = n, .events = job->events, .n_events = job->n_events, .panel = job->panel,
                            .tier = tier, .known_from_tissue = known_from_tissue, .context = &c,
                            .weights_basis = c.tiers.basis, .previous = job->previous, .cache = job->cache};
    if (status == 0) status = cw_track(&input, job->track, patient, log, err);
    if (status == 0) status = describe(job, patient, err);
    if (status == 0) say_assessed(patient, log);
    if (status == 0) status = say_swapped(job, patient, log, err);
    if (status == 0) status = put_quality(job, patient, err);
    if (status == 0 && job->knowledge) status = cw_advise_reported(job->knowledge, patient, err);
    if (status == 0 && job->knowledge) status = cw_advise(job->knowledge, patient, err);
    if (status == 0 && job->knowledge && !*patient->tumour_type)
        cw_log_say(log, CW_LOG_WARNING, "patient '%s': no tumour type is given, so every tumour condition of the knowledge stays open; give tumour_type in the draw sheet", job->patient);
    free(draws);
    cw_tissue_release(&c.tissue);
    cw_arena_free(c.arena);
    return status;
}

int cw_flow_write_patient(const cw_patient *patient, const char *folder, bool html, char **line, size_t *n_line, cw_err *err)
{
    static const struct { const char *name; int (*write)(const json_t *, const char *, cw_err *); } table[] = {
        {"series.tsv", cw_report_series_tsv}, {"clones.tsv", cw_report_clones_tsv}, {"findings.tsv", cw_report_findings_tsv}, {"report.html", cw_report_html}};
    char path[4096 + 32];
    json_t *value = NULL;
    int status = cw_make_folder(folder, err);
    if (status == 0) status = cw_patient_to_json(patient, &value, err);
    for (size_t i = 0; status == 0 && i < sizeof table / sizeof *table; i++) {
        if (table[i].write == cw_report_html && !html) continue;
        snprintf(path, sizeof path, "%s/%s", folder, table[i].name);
        status = table[i].write(value, path, err);
    }
    snprintf(path, sizeof path, "%s/patient.json", folder);
    if (status == 0) status = cw_json_write(value, 1, path, err); /* last: it vouches for the others */
    if (status == 0 && line) status = cw_report_cohort_line(value, "ok", "", line, n_line, err);
    json_decref(value);
    return status;
}
