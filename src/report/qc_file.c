/* SPDX-License-Identifier: MIT */
/* qc_file.c - the quality of samples as qc.json and as a table. */
#include "report/qc_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <clonewatch/version.h>
#include "base/mem.h"
#include "base/out.h"
#include "base/table.h"

static json_t *word_list(cw_json *j, unsigned bits)
{
    json_t *list = cw_json_array(j);
    for (int i = 0; i < CW_QC_WORDS; i++)
        if (bits & 1u << i) cw_json_append(j, list, cw_json_string(j, cw_qc_word(i)));
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

json_t *cw_report_qc_object(const cw_qc *q, cw_err *err)
{
    cw_json j = {0};
    json_t *o = cw_json_object(&j);
    put_qc(&j, o, q);
    if (cw_json_failed(&j, err) == 0) return o;
    json_decref(o);
    return NULL;
}

static void put_state(cw_json *j, json_t *o, const cw_qc_sample *unread)
{
    cw_json_set_string(j, o, "state", unread ? "failed" : "ok");
    cw_json_set_string(j, o, "reason", unread ? unread->why : NULL);
}

static json_t *patient_list(cw_json *j, const cw_qc_table *q)
{
    json_t *list = cw_json_array(j);
    for (size_t i = 0; i < q->n; i++) {
        const cw_qc_sample *unread = NULL;
        bool first = q->sample[i].of_sheet;
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

static json_t *document(cw_json *j, const cw_qc_table *q)
{
    json_t *top = cw_json_object(j), *program = cw_json_object(j), *samples = cw_json_array(j), *pairs = cw_json_array(j);
    if (q->command_line) {
        cw_json_set_string(j, program, "version", CLONEWATCH_VERSION);
        cw_json_set_string(j, program, "command", q->command_line);
    }
    cw_json_set_string(j, program, "panel", q->panel);
    cw_json_set(j, top, "clonewatch", program);
    for (size_t i = 0; i < q->n; i++) {
        const cw_qc_sample *s = &q->sample[i];
        json_t *o = cw_json_object(j);
        cw_json_set_string(j, o, "sample", s->name);
        cw_json_set_string(j, o, "patient", s->patient);
        put_state(j, o, s->judged ? NULL : s);
        cw_json_set_string(j, o, "level", s->judged ? s->level : NULL);
        cw_json_set_string(j, o, "identity", s->judged ? cw_person_word(s->verdict) : NULL);
        put_qc(j, o, &s->qc);
        if (!s->judged) cw_json_set(j, o, "contamination_snps", json_null());
        cw_json_set(j, o, "failed", word_list(j, cw_qc_failures(s)));
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
    cw_json_set(j, top, "patients", patient_list(j, q));
    cw_json_set(j, top, "samples", samples);
    cw_json_set(j, top, "pairs", pairs);
    cw_json_set(j, top, "failed", word_list(j, q->failed));
    return top;
}

static double known(int64_t count) { return count < 0 ? NAN : (double)count; }

static void put_number(FILE *f, double x)
{
    if (isfinite(x)) fprintf(f, "\t%.6g", x);
    else fputs("\tNA", f);
}

int cw_report_qc_tsv(const cw_qc_table *q, const char *path, cw_err *err)
{
    cw_out out;
    cw_arena *arena = cw_arena_new();
    int status = arena ? cw_out_open(&out, path, err) : cw_err_nomem(err);
    if (status == 0) {
        fputs("patient\tsample\tlevel\tidentity\tmolecules\tloci\tloci_assessable\treads\tduplicate_fraction\tduplex_fraction\tfragment_median_bp\tnoise\tgenome_equivalents\trecovery\t"
              "contamination\tcontamination_lo\tcontamination_hi\tfailed\tstate\treason\n", out.file);
        for (size_t i = 0; i < q->n; i++) {
            const cw_qc_sample *s = &q->sample[i];
            const char *patient = cw_tsv_protect(arena, s->patient), *name = cw_tsv_protect(arena, s->name);
            fprintf(out.file, "%s\t%s\t%s\t%s", patient ? patient : "", name ? name : "", s->judged ? s->level : "NA", s->judged ? cw_person_word(s->verdict) : "NA");
            const double cell[] = {known(s->qc.molecules), known(s->qc.loci), known(s->qc.assessable), known(s->qc.reads), s->qc.duplicates, s->qc.duplex, known(s->qc.fragment_median),
                                   s->qc.noise, s->qc.genomes, s->qc.recovery, s->qc.contamination.fraction, s->qc.contamination.lo, s->qc.contamination.hi};
            for (size_t k = 0; k < sizeof cell / sizeof *cell; k++) put_number(out.file, cell[k]);
            fputc('\t', out.file);
            unsigned bits = cw_qc_failures(s);
            for (int w = 0, any = 0; w < CW_QC_WORDS; w++)
                if (bits & 1u << w) fprintf(out.file, "%s%s", any++ ? "," : "", cw_qc_word(w));
            const char *reason = s->judged ? "" : cw_tsv_protect(arena, s->why);
            fprintf(out.file, "\t%s\t%s\n", s->judged ? "ok" : "failed", reason ? reason : "");
        }
        status = cw_out_commit(&out, err);
    }
    cw_arena_free(arena);
    return status;
}

int cw_report_qc_json(const cw_qc_table *q, const char *path, cw_err *err)
{
    cw_json j = {0};
    json_t *top = document(&j, q);
    int status = cw_json_failed(&j, err);
    if (status == 0) status = cw_json_write(top, 2, path ? path : "-", err);
    json_decref(top);
    return status;
}
