/* SPDX-License-Identifier: MIT */
/* vcf.c - another caller's VCF or BCF: one row per ALT allele, and the stretches that a gVCF reports as reference. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/parse.h"
#include "import/caller_profile.h"
#include "import/variant_import.h"

typedef struct vcf_import {
    cw_imported *m;
    cw_vcf_text text;
    const cw_caller_profile *profile;
    size_t sample;            /* column */
    const char *contig;       /* of the last record, interned */
    const char **alts; size_t alts_cap, n_alts;
    cw_err *err;
} vcf_import;

/* --- which sample --- */

static int sample_index(const cw_vcf_text *t, const char *name, size_t *index)
{
    for (size_t i = 0; i < t->n_samples; i++)
        if (!strcmp(t->sample[i], name)) return *index = i, 1;
    return 0;
}

/* "tumor_sample=NAME" of Mutect2 and others. */
static const char *meta_value(const cw_vcf_text *t, const char *key)
{
    size_t k = strlen(key);
    for (size_t i = 0; i < t->n_meta; i++)
        if (!strncmp(t->meta[i], key, k) && t->meta[i][k] == '=') return t->meta[i] + k + 1;
    return NULL;
}

static int choose_sample(vcf_import *v, const char *wanted, const char *draw)
{
    const cw_vcf_text *t = &v->text;
    const char *tumour = meta_value(t, "tumor_sample"), *normal = meta_value(t, "normal_sample");
    size_t at;
    v->sample = 0;
    if (wanted) {
        if (sample_index(t, wanted, &v->sample)) return 0;
        return t->n_samples ? cw_err_set(v->err, CW_EFORMAT, "'%s' holds no sample '%s'; its first is '%s'", t->path, wanted, t->sample[0]) : 0;
    }
    if (t->n_samples <= 1 || (draw && sample_index(t, draw, &v->sample))) return 0;
    if (tumour && sample_index(t, tumour, &v->sample)) return 0;
    if (sample_index(t, "TUMOR", &v->sample) || sample_index(t, "TUMOUR", &v->sample)) return 0;
    if (t->n_samples == 2 && normal && sample_index(t, normal, &at)) return v->sample = 1 - at, 0;
    return cw_err_set(v->err, CW_EREFUSED, "'%s' holds %zu samples ('%s', '%s'%s) and does not say which is the tumour; name one with --sample",
                      t->path, t->n_samples, t->sample[0], t->sample[1], t->n_samples > 2 ? ", ..." : "");
}

static int find_build(vcf_import *v)
{
    cw_build build = CW_BUILD_UNKNOWN;
    for (size_t i = 0; i < v->text.n_contig; i++) {
        cw_build b = cw_build_of_contig(v->text.contig[i].id, v->text.contig[i].length);
        if (b == CW_BUILD_UNKNOWN) continue;
        if (build != CW_BUILD_UNKNOWN && b != build)
            return cw_err_set(v->err, CW_EREFUSED, "'%s': the contig lengths of its header mix GRCh37 and GRCh38", v->text.path);
        build = b;
    }
    v->m->build = build;
    return 0;
}

/* --- one record --- */

static bool is_rest(const char *alt) { return !strcmp(alt, "<NON_REF>") || !strcmp(alt, "<*>"); }
static bool is_bases(const char *s) { return *s && !s[strspn(s, "ACGTNacgtn")]; }

static int split_alts(vcf_import *v)
{
    char *alt = v->text.column[CW_VCF_ALT];
    v->n_alts = 0;
    if (!strcmp(alt, ".")) return 0;
    for (char *p = alt;; p++) {
        if (cw_grow((void **)&v->alts, &v->alts_cap, v->n_alts + 1, sizeof *v->alts, v->err) < 0) return CW_ENOMEM;
        v->alts[v->n_alts++] = p;
        p = strchr(p, ',');
        if (!p) return 0;
        *p = '\0';
    }
}

static const char *kept_contig(vcf_import *v)
{
    const char *chrom = v->text.column[CW_VCF_CHROM];
    if (!v->contig || strcmp(v->contig, chrom)) v->contig = cw_arena_strdup(v->m->arena, chrom);
    return v->contig;
}

static int64_t info_end(vcf_import *v, int64_t beg, size_t ref_length)
{
    size_t n;
    char number[24];
    int64_t end;
    const char *text = cw_vcf_info(&v->text, "END", &n);
    if (text && n && n < sizeof number) {
        memcpy(number, text, n);
        number[n] = '\0';
        if (cw_parse_i64(number, &end) && end > beg) return end;
    }
    return beg + (int64_t)ref_length;
}

/* The least depth of a block stands for all of it. */
static int64_t block_depth(vcf_import *v, int64_t depth)
{
    size_t n;
    char number[24];
    int64_t least;
    const char *text = cw_vcf_value(&v->text, v->sample, "MIN_DP", &n);
    if (!text || !n || n >= sizeof number) return depth;
    memcpy(number, text, n);
    number[n] = '\0';
    return cw_parse_i64(number, &least) && least >= 0 ? least : depth;
}

static const char *kept_filters(vcf_import *v)
{
    const char *f = v->text.column[CW_VCF_FILTER];
    return !strcmp(f, "PASS") || !strcmp(f, ".") ? "" : cw_arena_strdup(v->m->arena, f);
}

/* A genotype with '.' in it: the caller did not decide, so its depth is no reference. */
static bool no_call(vcf_import *v)
{
    size_t n;
    const char *gt = cw_vcf_value(&v->text, v->sample, "GT", &n);
    return gt && memchr(gt, '.', n);
}

/* A record that says "nothing else here": a gVCF block, a forced reference site, or the rest class beside called alleles. Molecules of the
 * rest class could be anything, so with any of them the place is no proof of absence. */
static int add_covered(vcf_import *v, int64_t beg, size_t ref_length, const cw_record_counts *c)
{
    int64_t rest = 0, called = 0, reference = c->count[0];
    for (size_t i = 0; i < v->n_alts; i++) {
        int64_t k = c->count[1 + i];
        if (is_rest(v->alts[i])) rest = k > 0 ? k : 0;
        else if (k > 0) called += k;
    }
    if (reference < 0) reference = c->depth >= 0 ? c->depth - called - rest : -1;
    bool block = v->n_alts == 0 || (v->n_alts == 1 && is_rest(v->alts[0]));
    int64_t depth = block ? block_depth(v, reference) : reference;
    if (depth < 0 || rest > 0 || (block && no_call(v))) return 0;
    cw_covered *cover = cw_imported_cover(v->m, v->err);
    if (!cover) return CW_ENOMEM;
    *cover = (cw_covered){v->text.line, kept_contig(v), beg, block ? info_end(v, beg, ref_length) : beg + (int64_t)ref_length, depth, called, block ? kept_filters(v) : ""};
    return cover->contig && cover->filters ? 0 : cw_err_nomem(v->err);
}

static int add_allele(vcf_import *v, int64_t beg, const char *alt, size_t index, const cw_record_counts *c, bool implied, int64_t k_alt)
{
    cw_seen *s = cw_imported_add(v->m, v->err);
    if (!s) return CW_ENOMEM;
    int64_t others = 0;
    for (size_t i = 1; i <= v->n_alts; i++)
        if (i != index && c->count[i] > 0) others += c->count[i];
    if (c->base[0] >= 0 && c->base[1] >= 0 && c->base[2] >= 0 && c->base[3] >= 0 && c->count[0] >= 0 && k_alt >= 0)
        others = c->base[0] + c->base[1] + c->base[2] + c->base[3] - c->count[0] - k_alt;
    s->line = v->text.line;
    s->contig = kept_contig(v);
    s->beg = beg;
    s->ref = cw_arena_strdup(v->m->arena, v->text.column[CW_VCF_REF]);
    s->alt = cw_arena_strdup(v->m->arena, alt);
    s->filters = implied ? "" : kept_filters(v);
    if (!s->contig || !s->ref || !s->alt || !s->filters) return cw_err_nomem(v->err);
    s->k_ref = c->count[0];
    s->k_alt = k_alt;
    s->k_other = others;
    s->depth = c->depth;
    s->implied = implied;
    if (implied) return 0;
    s->vaf = c->fraction[index];
    s->ref_forward = c->forward[0];
    s->ref_reverse = c->reverse[0];
    s->alt_forward = c->forward[index];
    s->alt_reverse = c->reverse[index];
    return 0;
}

/* A caller that gives all four bases has counted the panel's other alleles here too. */
static int add_implied(vcf_import *v, int64_t beg, const cw_record_counts *c)
{
    static const char *const base[] = {"A", "C", "G", "T"};
    if (strlen(v->text.column[CW_VCF_REF]) != 1) return 0;
    for (int b = 0; b < 4; b++) {
        bool named = c->base[b] < 0 || !strcasecmp(v->text.column[CW_VCF_REF], base[b]);
        for (size_t i = 0; i < v->n_alts; i++) named = named || !strcasecmp(v->alts[i], base[b]);
        if (named) continue;
        int status = add_allele(v, beg, base[b], 0, c, true, c->base[b]);
        if (status < 0) return status;
    }
    return 0;
}

static int import_record(vcf_import *v)
{
    cw_vcf_text *t = &v->text;
    cw_record_counts c;
    int64_t pos1;
    const char *ref = t->column[CW_VCF_REF];
    if (!cw_parse_i64(t->column[CW_VCF_POS], &pos1) || pos1 < 0 || pos1 > INT32_MAX)
        return cw_err_set(v->err, CW_EFORMAT, "%s:%zu: position '%s' is not a number", t->path, t->line, t->column[CW_VCF_POS]);
    if (!*t->column[CW_VCF_CHROM]) return cw_err_set(v->err, CW_EFORMAT, "%s:%zu: CHROM is empty", t->path, t->line);
    if (!is_bases(ref)) return cw_err_set(v->err, CW_EFORMAT, "%s:%zu: REF '%s' is not made of A, C, G, T and N", t->path, t->line, ref);
    int status = split_alts(v);
    if (status < 0) return status;
    status = cw_caller_counts(v->profile, t, v->sample, ref, v->alts, v->n_alts, &c, v->err);
    if (status < 0) return status;
    v->m->n_records++;
    bool rest = v->n_alts == 0;
    for (size_t i = 0; i < v->n_alts; i++) {
        const char *alt = v->alts[i];
        if (is_rest(alt)) rest = true;
        else if (!strcmp(alt, "*")) continue; /* another record's deletion lies over this place */
        else if (!is_bases(alt)) v->m->n_structural++;
        else if (pos1 > 0 && (status = add_allele(v, pos1 - 1, alt, 1 + i, &c, false, c.count[1 + i])) < 0) return status;
    }
    if (rest && pos1 > 0 && (status = add_covered(v, pos1 - 1, strlen(ref), &c)) < 0) return status;
    return pos1 > 0 ? add_implied(v, pos1 - 1, &c) : 0;
}

int cw_import_vcf(cw_imported *m, const char *path, const cw_import_source *source, cw_err *err)
{
    vcf_import v = {.m = m, .err = err};
    int status = cw_vcf_text_open(&v.text, path, source->lax ? CW_VCF_LAX : CW_VCF_AS_READ, err);
    if (status < 0) return status;
    if ((status = cw_caller_find(&v.text, source->caller, &v.profile, err)) < 0) goto done;
    if ((status = choose_sample(&v, source->column, source->draw)) < 0) goto done;
    if ((status = find_build(&v)) < 0) goto done;
    m->caller = v.profile->id;
    m->sample = v.text.n_samples ? cw_arena_strdup(m->arena, v.text.sample[v.sample]) : "";
    if (!m->sample) {
        status = cw_err_nomem(err);
        goto done;
    }
    while ((status = cw_vcf_text_next(&v.text, err)) > 0)
        if ((status = import_record(&v)) < 0) break;
    const char *first;
    m->n_let_pass = cw_vcf_let_pass(&v.text, &first);
    if (status == 0 && !(m->let_pass = cw_arena_strdup(m->arena, first))) status = cw_err_nomem(err);
done:
    free(v.alts);
    cw_vcf_text_close(&v.text);
    return status;
}
