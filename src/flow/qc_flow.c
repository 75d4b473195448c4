/* SPDX-License-Identifier: MIT */
/* qc_flow.c - calls and alignments -> qc.json. */
#include "flow/qc_flow.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <clonewatch/draw.h>
#include <clonewatch/version.h>
#include "base/mem.h"
#include "base/out.h"
#include "base/table.h"
#include "flow/background_flow.h"
#include "flow/identity_flow.h"
#include "flow/import_flow.h"
#include "flow/sample_log.h"
#include "io/background_io.h"
#include "io/draw_io.h"
#include "io/panel_io.h"

static const char *const words[] = {"identity", "contamination", "yield", "noise"};
enum { WORDS = 4 };

typedef struct sample {
    const char *path, *patient, *name;
    bool is_normal;
    const cw_draw_row *row;       /* of the draw sheet; NULL: a file of its own */
    cw_calls calls;
    cw_fingerprint print;
    cw_qc qc;
    cw_person verdict;
    bool judged;
    cw_err why;                   /* it could not be read */
} sample;

typedef struct qc {
    const cw_qc_flow_conf *conf;
    cw_draw_sheet sheet;
    cw_panel panel;
    cw_background background;
    sample *sample; size_t n;
    cw_person_pair *pair; size_t n_pairs; /* a, b: indices of samples */
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

bool cw_qc_words_parse(const char *text, unsigned *bits)
{
    *bits = 0;
    for (size_t n; *text; text += n + (text[n] == ',')) {
        unsigned bit = 0;
        n = strcspn(text, ",");
        for (int i = 0; i < WORDS; i++)
            if (strlen(words[i]) == n && !strncmp(text, words[i], n)) bit = 1u << i;
        if (!bit) return false;
        *bits |= bit;
    }
    return *bits != 0;
}

/* --- in --- */

static int list_samples(qc *q, const char *const *paths, size_t n_paths)
{
    q->sample = calloc(n_paths + q->sheet.n + 1, sizeof *q->sample);
    if (!q->sample) return cw_err_nomem(q->err);
    for (size_t i = 0; i < n_paths; i++) q->sample[q->n++] = (sample){.path = paths[i], .patient = ""};
    for (size_t i = 0; i < q->sheet.n; i++) {
        const cw_draw_row *r = &q->sheet.row[i];
        if (r->type == CW_DRAW_TUMOUR) continue;
        q->sample[q->n++] = (sample){.path = *r->bam ? r->bam : r->vcf, .patient = r->patient, .name = r->sample, .is_normal = r->type == CW_DRAW_NORMAL, .row = r};
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
static void say_low_yield(const sample *s, const cw_qc_conf *conf, const cw_log *log)
{
    if (s->qc.molecules < 0) cw_log_say(log, CW_LOG_WARNING, "'%s' fails yield: no locus within the targets has known molecules", s->path);
    else
        cw_log_say(log, CW_LOG_WARNING, "'%s' fails yield: %" PRId64 " molecules at the median locus, less than %" PRId64 "; %" PRId64 " of %" PRId64 " loci within the targets have enough. If "
                   "the assay does not cover the whole panel, name its targets in the panel", s->path, s->qc.molecules, conf->min_molecules, s->qc.assessable, s->qc.loci);
}

static int read_calls(const qc *q, sample *s, const cw_log *log, cw_err *err)
{
    bool ours = false;
    size_t n = strlen(s->path);
    bool text = n > 4 && (!strcmp(s->path + n - 4, ".vcf") || !strcmp(s->path + n - 4, ".bcf") || (n > 7 && !strcmp(s->path + n - 7, ".vcf.gz")));
    cw_sample_conf conf = q->conf->sample;
    conf.sample = s->name;
    if (s->row) {
        if (s->row->consensus != CW_CONS_AUTO) conf.count.consensus = s->row->consensus;
        if (*s->row->fasta) conf.count.reference = s->row->fasta;
        if (*s->row->bai) conf.count.index = s->row->bai;
        conf.detect.plasma_ml = s->row->plasma_ml;
        conf.detect.cfdna_ng = s->row->cfdna_ng;
    }
    conf.background_path = NULL; /* the noise is judged here, not refused */
    if (text && cw_is_calls_file(s->path, &ours, err) < 0) return err->code;
    if (text && !ours) return cw_err_set(err, CW_EFORMAT, "'%s' is not a calls file of clonewatch; import it first, or give the alignment", s->path);
    return text ? cw_calls_read(&s->calls, s->path, err) : cw_flow_sample(&s->path, 1, &conf, &s->calls, log, err);
}

/* The sample's own trouble goes into why; what would meet every sample alike is returned. */
static int read_sample(qc *q, sample *s, cw_err *why)
{
    cw_sample_log named;
    const cw_log *log = s->row ? &named.log : q->log; /* messages name files anyway */
    cw_sample_log_init(&named, q->log, s->name, &q->lock);
    int status = read_calls(q, s, log, why);
    if (status == CW_ENOMEM || status == CW_EUSAGE) return cw_err_set(q->err, status, "%s", why->text);
    if (status < 0) return 0;
    s->print = cw_flow_fingerprint(&s->calls, &q->panel);
    if (!s->name) s->name = s->calls.sample;
    if (s->calls.n_snps && !s->print.n)
        cw_log_say(log, CW_LOG_WARNING, "'%s' was made with other fingerprint SNPs than those of panel '%s': its identity cannot be looked at", s->path, q->panel.name);
    const char *background = q->conf->sample.background_path;
    if (background && cw_flow_background_fits(&q->background, background, s->calls.level, s->calls.build, why) < 0) {
        cw_err_prefix(why, "'%s'", s->path);
        return 0;
    }
    cw_qc_of_calls(&s->calls, &s->print, q->panel.snps, q->panel.n_snps, background ? &q->background : NULL, &q->conf->qc, &s->qc);
    s->judged = true;
    if (s->qc.low_yield) say_low_yield(s, &q->conf->qc, log);
    return 0;
}

static int read_all(qc *q, size_t *unread)
{
    if (pthread_mutex_init(&q->lock, NULL) != 0) return cw_err_set(q->err, CW_EINTERNAL, "cannot make a lock");
    int status = 0;
    for (size_t i = 0; i < q->n && status == 0; i++) {
        sample *s = &q->sample[i];
        cw_log_progress(q->log, "reading samples", i, q->n, s->path);
        status = read_sample(q, s, &s->why);
        if (status < 0 || s->judged) continue;
        if (!s->row) status = cw_err_set(q->err, s->why.code, "%s", s->why.text);
        else cw_log_say(q->log, CW_LOG_ERROR, "patient '%s': sample '%s': %s", s->patient, s->name, s->why.text);
        s->print = (cw_fingerprint){0};
        s->qc = (cw_qc){.molecules = -1, .loci = -1, .assessable = -1, .reads = -1, .duplicates = NAN, .duplex = NAN, .fragment_q10 = -1, .fragment_median = -1, .fragment_q90 = -1,
                        .noise = NAN, .noise_bases = -1, .genomes = NAN, .recovery = NAN, .contamination = {.fraction = NAN, .lo = NAN, .hi = NAN}};
        ++*unread;
    }
    pthread_mutex_destroy(&q->lock);
    return status;
}

/* --- identity --- */

/* The samples of one patient against each other. */
static int compare_patient(qc *q, const char *patient)
{
    size_t n = 0, *index = calloc(q->n + 1, sizeof *index);
    cw_fingerprint *print = calloc(q->n + 1, sizeof *print);
    bool *is_normal = calloc(q->n + 1, sizeof *is_normal);
    cw_person *verdict = calloc(q->n + 1, sizeof *verdict);
    cw_person_pair *pair = calloc(q->n * q->n + 1, sizeof *pair);
    int status = index && print && is_normal && verdict && pair ? 0 : cw_err_nomem(q->err);
    for (size_t i = 0; i < q->n && status == 0; i++) {
        if (strcmp(q->sample[i].patient, patient) || !q->sample[i].print.n) continue;
        index[n] = i;
        is_normal[n] = q->sample[i].is_normal;
        print[n++] = q->sample[i].print;
    }
    if (status == 0 && n > 1) {
        cw_identity_set(print, is_normal, n, q->panel.snps, q->panel.n_snps, pair, verdict);
        for (size_t k = 0; k < n * (n - 1) / 2; k++) {
            q->pair[q->n_pairs] = pair[k];
            q->pair[q->n_pairs].a = index[pair[k].a];
            q->pair[q->n_pairs++].b = index[pair[k].b];
        }
        for (size_t k = 0; k < n; k++) q->sample[index[k]].verdict = verdict[k];
    }
    free(index), free(print), free(is_normal), free(verdict), free(pair);
    return status;
}

static int compare_all(qc *q)
{
    q->pair = calloc(q->n * q->n + 1, sizeof *q->pair);
    if (!q->pair) return cw_err_nomem(q->err);
    for (size_t i = 0; i < q->n; i++) {
        bool first = true;
        for (size_t k = 0; k < i; k++) first &= strcmp(q->sample[k].patient, q->sample[i].patient) != 0;
        if (first && compare_patient(q, q->sample[i].patient) < 0) return CW_ENOMEM;
    }
    for (size_t a = 0; a < q->n && q->conf->cross; a++)
        for (size_t b = a + 1; b < q->n; b++) {
            if (!strcmp(q->sample[a].patient, q->sample[b].patient) || !q->sample[a].print.n || !q->sample[b].print.n) continue;
            cw_person_pair *p = &q->pair[q->n_pairs++];
            *p = (cw_person_pair){.a = a, .b = b};
            cw_identity_pair(&q->sample[a].print, &q->sample[b].print, q->panel.snps, q->panel.n_snps, p);
            if (p->same != CW_PERSON_SAME) continue; /* two patients of the sheet that are one person: both are in question */
            q->sample[a].verdict = q->sample[b].verdict = CW_PERSON_OTHER;
        }
    return 0;
}

static unsigned failures(const sample *s)
{
    return (s->verdict == CW_PERSON_OTHER ? CW_QC_IDENTITY : 0u) | (s->qc.contaminated ? CW_QC_CONTAMINATION : 0u) | (s->qc.low_yield ? CW_QC_YIELD : 0u) | (s->qc.noisy ? CW_QC_NOISE : 0u);
}

/* --- out --- */

static json_t *word_list(cw_json *j, unsigned bits)
{
    json_t *list = cw_json_array(j);
    for (int i = 0; i < WORDS; i++)
        if (bits & 1u << i) cw_json_append(j, list, cw_json_string(j, words[i]));
    return list;
}

static json_t *read_filter(cw_json *j, const cw_qc *q)
{
    const cw_read_filter *f = &q->filter;
    const struct { const char *rule; int64_t n; } left_out[] = {{"used", f->used}, {"unmapped", f->unmapped}, {"secondary", f->secondary}, {"supplementary", f->supplementary}, {"qc_fail", f->qc_fail},
        {"duplicate", f->duplicate}, {"low_mapq", f->low_mapq}, {"no_sequence", f->no_sequence}, {"no_quality", f->no_quality}, {"adapter_bases", f->adapter_bases}, {"unpaired_names", f->unpaired_names}};
    json_t *o = cw_json_object(j);
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) cw_json_set_count(j, o, left_out[i].rule, left_out[i].n);
    return o;
}

static void put_qc(cw_json *j, json_t *o, const cw_qc *q)
{
    const cw_contamination *c = &q->contamination;
    cw_json_set_count(j, o, "molecules", q->molecules);
    cw_json_set_count(j, o, "loci", q->loci);
    cw_json_set_count(j, o, "loci_assessable", q->assessable);
    cw_json_set_count(j, o, "reads", q->reads);
    if (q->reads >= 0) cw_json_set(j, o, "read_filter", read_filter(j, q));
    else cw_json_set_string(j, o, "read_filter", NULL);
    cw_json_set_real(j, o, "duplicate_fraction", q->duplicates);
    cw_json_set_real(j, o, "duplex_fraction", q->duplex);
    cw_json_set_count(j, o, "fragment_q10_bp", q->fragment_q10);
    cw_json_set_count(j, o, "fragment_median_bp", q->fragment_median);
    cw_json_set_count(j, o, "fragment_q90_bp", q->fragment_q90);
    cw_json_set_real(j, o, "noise", q->noise);
    cw_json_set_count(j, o, "noise_bases", q->noise_bases);
    cw_json_set_real(j, o, "genome_equivalents", q->genomes);
    cw_json_set_real(j, o, "recovery", q->recovery);
    cw_json_set_real(j, o, "contamination", c->fraction);
    cw_json_set_real(j, o, "contamination_lo", c->lo);
    cw_json_set_real(j, o, "contamination_hi", c->hi);
    cw_json_set_count(j, o, "contamination_snps", (int64_t)c->snps);
}

int cw_flow_qc_object(const cw_calls *calls, const cw_panel *panel, json_t **value, cw_err *err)
{
    cw_json j = {0};
    cw_qc q;
    cw_qc_conf conf;
    cw_fingerprint f = {0};
    cw_qc_conf_default(&conf);
    if (panel) f = cw_flow_fingerprint(calls, panel);
    cw_qc_of_calls(calls, &f, panel ? panel->snps : NULL, panel ? panel->n_snps : 0, NULL, &conf, &q);
    *value = cw_json_object(&j);
    put_qc(&j, *value, &q);
    return cw_json_failed(&j, err);
}

static void put_state(cw_json *j, json_t *o, const sample *unread)
{
    cw_json_set_string(j, o, "state", unread ? "failed" : "ok");
    cw_json_set_string(j, o, "reason", unread ? unread->why.text : NULL);
}

static json_t *patient_list(const qc *q, cw_json *j)
{
    json_t *list = cw_json_array(j);
    for (size_t i = 0; i < q->n; i++) {
        const sample *unread = NULL;
        bool first = q->sample[i].row != NULL;
        for (size_t k = 0; k < i && first; k++) first = strcmp(q->sample[k].patient, q->sample[i].patient) != 0;
        if (!first) continue;
        for (size_t k = i; k < q->n && !unread; k++)
            if (!q->sample[k].judged && !strcmp(q->sample[k].patient, q->sample[i].patient)) unread = &q->sample[k];
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "patient", q->sample[i].patient);
        put_state(j, o, unread);
        cw_json_set_string(j, o, "sample", unread ? unread->name : NULL);
        cw_json_append(j, list, o);
    }
    return list;
}

static json_t *document(qc *q, cw_json *j, unsigned failed)
{
    json_t *top = cw_json_object(j), *program = cw_json_object(j), *samples = cw_json_array(j), *pairs = cw_json_array(j);
    if (q->conf->command_line) {
        cw_json_set_string(j, program, "version", CLONEWATCH_VERSION);
        cw_json_set_string(j, program, "command", q->conf->command_line);
    }
    cw_json_set_string(j, program, "panel", q->panel.name);
    cw_json_set(j, top, "clonewatch", program);
    for (size_t i = 0; i < q->n; i++) {
        const sample *s = &q->sample[i];
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "sample", s->name);
        cw_json_set_string(j, o, "patient", s->patient);
        put_state(j, o, s->judged ? NULL : s);
        cw_json_set_string(j, o, "level", s->judged ? s->calls.level : NULL);
        cw_json_set_string(j, o, "identity", s->judged ? cw_person_word(s->verdict) : NULL);
        put_qc(j, o, &s->qc);
        if (!s->judged) cw_json_set(j, o, "contamination_snps", json_null());
        cw_json_set(j, o, "failed", word_list(j, failures(s)));
        cw_json_append(j, samples, o);
    }
    for (size_t i = 0; i < q->n_pairs; i++) {
        const cw_person_pair *p = &q->pair[i];
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "a", q->sample[p->a].name);
        cw_json_set_string(j, o, "b", q->sample[p->b].name);
        cw_json_set_count(j, o, "snps", (int64_t)p->snps);
        cw_json_set_real(j, o, "lod", p->snps ? p->lod : NAN);
        cw_json_set_string(j, o, "verdict", cw_person_word(p->same));
        cw_json_append(j, pairs, o);
    }
    cw_json_set(j, top, "patients", patient_list(q, j));
    cw_json_set(j, top, "samples", samples);
    cw_json_set(j, top, "pairs", pairs);
    cw_json_set(j, top, "failed", word_list(j, failed));
    return top;
}

static double known(int64_t count) { return count < 0 ? NAN : (double)count; }

static void put_number(FILE *f, double x)
{
    if (isfinite(x)) fprintf(f, "\t%.6g", x);
    else fputs("\tNA", f);
}

static int write_tsv(const qc *q)
{
    cw_out out;
    cw_arena *arena = cw_arena_new();
    int status = arena ? cw_out_open(&out, q->conf->output, q->err) : cw_err_nomem(q->err);
    if (status == 0) {
        fputs("patient\tsample\tlevel\tidentity\tmolecules\tloci\tloci_assessable\treads\tduplicate_fraction\tduplex_fraction\tfragment_median_bp\tnoise\tgenome_equivalents\trecovery\t"
              "contamination\tcontamination_lo\tcontamination_hi\tfailed\tstate\treason\n", out.file);
        for (size_t i = 0; i < q->n; i++) {
            const sample *s = &q->sample[i];
            const char *patient = cw_tsv_protect(arena, s->patient), *name = cw_tsv_protect(arena, s->name);
            fprintf(out.file, "%s\t%s\t%s\t%s", patient ? patient : "", name ? name : "", s->judged ? s->calls.level : "NA", s->judged ? cw_person_word(s->verdict) : "NA");
            const double cell[] = {known(s->qc.molecules), known(s->qc.loci), known(s->qc.assessable), known(s->qc.reads), s->qc.duplicates, s->qc.duplex, known(s->qc.fragment_median),
                                   s->qc.noise, s->qc.genomes, s->qc.recovery, s->qc.contamination.fraction, s->qc.contamination.lo, s->qc.contamination.hi};
            for (size_t k = 0; k < sizeof cell / sizeof *cell; k++) put_number(out.file, cell[k]);
            fputc('\t', out.file);
            unsigned bits = failures(s);
            for (int w = 0, any = 0; w < WORDS; w++)
                if (bits & 1u << w) fprintf(out.file, "%s%s", any++ ? "," : "", words[w]);
            const char *reason = s->judged ? "" : cw_tsv_protect(arena, s->why.text);
            fprintf(out.file, "\t%s\t%s\n", s->judged ? "ok" : "failed", reason ? reason : "");
        }
        status = cw_out_commit(&out, q->err);
    }
    cw_arena_free(arena);
    return status;
}

static int write_json(qc *q, unsigned failed)
{
    cw_json j = {0};
    json_t *top = document(q, &j, failed);
    int status = cw_json_failed(&j, q->err);
    if (status == 0) status = cw_json_write(top, 2, q->conf->output ? q->conf->output : "-", q->err);
    json_decref(top);
    return status;
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
    if (status == 0) status = compare_all(&q);
    for (size_t i = 0; i < q.n && status == 0; i++) outcome->failed |= failures(&q.sample[i]);
    if (status == 0) status = conf->tsv ? write_tsv(&q) : write_json(&q, outcome->failed);
    for (size_t i = 0; i < q.n; i++) cw_calls_release(&q.sample[i].calls);
    free(q.sample);
    free(q.pair);
    cw_background_release(&q.background);
    cw_panel_release(&q.panel);
    cw_draw_sheet_release(&q.sheet);
    return status;
}
