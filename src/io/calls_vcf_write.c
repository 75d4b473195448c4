/* SPDX-License-Identifier: MIT */
/* calls_vcf_write.c - .calls.vcf.gz out: one record per locus with all its alleles, written even at zero. */
#include "io/calls_vcf.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <htslib/hts.h>
#include <htslib/kstring.h>
#include <htslib/vcf.h>
#include "base/mem.h"
#include "base/out.h"
#include "io/calls_vcf_meta.h"
#include "io/hts_out.h"

/* VCF has its own meaning for , ; = % and blanks. */
static void put_escaped(kstring_t *s, const char *text)
{
    if (!text || !*text) {
        kputc('.', s);
        return;
    }
    for (const char *p = text; *p; p++) {
        if ((unsigned char)*p <= ' ' || *p == 0x7f || strchr(",;=%", *p)) ksprintf(s, "%%%02X", (unsigned char)*p);
        else kputc(*p, s);
    }
}

static int info_words(bcf_hdr_t *h, bcf1_t *rec, const char *key, const cw_call *call, size_t n, size_t offset, kstring_t *s)
{
    bool any = false;
    s->l = 0;
    for (size_t i = 0; i < n; i++) {
        const char *word = *(const char *const *)((const char *)&call[i] + offset);
        if (i) kputc(',', s);
        any |= word && *word;
        put_escaped(s, word);
    }
    return any ? bcf_update_info_string(h, rec, key, s->s) : 0;
}

static float as_float(double x)
{
    float f = (float)x;
    if (isnan(x)) bcf_float_set_missing(f);
    return f;
}

static int32_t as_int(int64_t x, bool *fits)
{
    if (x > INT32_MAX) *fits = false;
    return x < 0 ? bcf_int32_missing : (int32_t)x;
}

static int format_floats(bcf_hdr_t *h, bcf1_t *rec, const char *key, const cw_call *call, size_t n, size_t offset, float *buffer)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        double x = *(const double *)((const char *)&call[i] + offset);
        any |= !isnan(x);
        buffer[i] = as_float(x);
    }
    return any ? bcf_update_format_float(h, rec, key, buffer, (int)n) : 0;
}

static int format_counts(bcf_hdr_t *h, bcf1_t *rec, const char *key, int64_t ref, const cw_call *call, size_t n, size_t offset, int32_t *buffer, bool *fits)
{
    buffer[0] = as_int(ref, fits);
    for (size_t i = 0; i < n; i++) buffer[i + 1] = as_int(*(const int64_t *)((const char *)&call[i] + offset), fits);
    return bcf_update_format_int32(h, rec, key, buffer, (int)n + 1);
}

static int info_fields(bcf_hdr_t *h, bcf1_t *rec, const cw_call_locus *l, const cw_call *call, float *f, kstring_t *s)
{
    int bad = 0;
    if (call[0].gene && *call[0].gene) {
        s->l = 0;
        put_escaped(s, call[0].gene);
        bad |= bcf_update_info_string(h, rec, "GENE", s->s);
    }
    bad |= info_words(h, rec, "HGVSP", call, l->n, offsetof(cw_call, hgvsp), s);
    s->l = 0;
    for (size_t i = 0; i < l->n; i++) ksprintf(s, "%s%s", i ? "," : "", cw_role_name(call[i].role));
    bad |= bcf_update_info_string(h, rec, "ROLE", s->s);
    bad |= info_words(h, rec, "NODE", call, l->n, offsetof(cw_call, node), s);
    bad |= info_words(h, rec, "CWID", call, l->n, offsetof(cw_call, cwid), s);
    for (size_t i = 0; i < l->n; i++) f[i] = as_float(call[i].bg.a);
    bad |= bcf_update_info_float(h, rec, "BGA", f, (int)l->n);
    for (size_t i = 0; i < l->n; i++) f[i] = as_float(call[i].bg.b);
    bad |= bcf_update_info_float(h, rec, "BGB", f, (int)l->n);
    bad |= info_words(h, rec, "BGS", call, l->n, offsetof(cw_call, bg_source), s);
    bad |= info_words(h, rec, "PHG", call, l->n, offsetof(cw_call, phase_group), s);
    if (call[0].alt[0] == '<') {
        int32_t end = (int32_t)l->end;
        bad |= bcf_update_info_int32(h, rec, "END", &end, 1);
        s->l = 0;
        kputsn(call[0].alt + 1, strcspn(call[0].alt + 1, ":>"), s);
        bad |= bcf_update_info_string(h, rec, "SVTYPE", s->s);
    } else if (strpbrk(call[0].alt, "[]")) {
        bad |= bcf_update_info_string(h, rec, "SVTYPE", "BND");
    }
    return bad;
}

static int genotype(bcf_hdr_t *h, bcf1_t *rec, const cw_call *call, size_t n)
{
    size_t best = 0;
    bool assessable = false;
    for (size_t i = 0; i < n; i++) {
        assessable |= call[i].state != CW_CALL_NOT_ASSESSABLE && call[i].state != CW_CALL_NOT_REPORTED;
        if (call[i].state == CW_CALL_DETECTED && (!best || call[i].k > call[best - 1].k)) best = i + 1;
    }
    int32_t gt[2] = {assessable ? bcf_gt_unphased(0) : bcf_gt_missing, assessable ? bcf_gt_unphased((int)best) : bcf_gt_missing};
    return bcf_update_genotypes(h, rec, gt, 2);
}

/* The union of the alleles' filters as FILTER and FT, and each allele's own as FTA. */
static int filters(bcf_hdr_t *h, bcf1_t *rec, const cw_call *call, size_t n, kstring_t *s)
{
    int bad = 0;
    kstring_t own = KS_INITIALIZE;
    s->l = 0;
    for (size_t i = 0; i < n; i++) {
        const char *w = call[i].filters && *call[i].filters ? call[i].filters : "PASS";
        if (i) kputc(',', &own);
        for (const char *p = w; *p; p++) kputc(*p == ';' ? '+' : *p, &own);
        for (size_t len; *w; w += len + (w[len] == ';')) {
            len = strcspn(w, ";");
            char word[64] = "";
            memcpy(word, w, len < sizeof word - 1 ? len : sizeof word - 1);
            if (!strcmp(word, "PASS") || bcf_has_filter(h, rec, word) == 1) continue;
            bad |= bcf_add_filter(h, rec, bcf_hdr_id2int(h, BCF_DT_ID, word)) < 0;
            ksprintf(s, "%s%s", s->l ? ";" : "", word);
        }
    }
    if (!s->l) {
        bad |= bcf_add_filter(h, rec, bcf_hdr_id2int(h, BCF_DT_ID, "PASS")) < 0;
        kputs("PASS", s);
    }
    const char *words = s->s, *each = own.s;
    bad |= !words || !each || bcf_update_format_string(h, rec, "FT", &words, 1) < 0 || bcf_update_format_string(h, rec, "FTA", &each, 1) < 0;
    ks_free(&own);
    return bad;
}

static int format_fields(bcf_hdr_t *h, bcf1_t *rec, const cw_call_locus *l, const cw_call *call, int32_t *v, float *f, kstring_t *s, bool *fits)
{
    static const struct { const char *key; size_t offset; } single[] = {
        {"OTH", offsetof(cw_call_locus, other)}, {"LQ", offsetof(cw_call_locus, low_quality)},
        {"UNI", offsetof(cw_call_locus, uninformative)}, {"DIS", offsetof(cw_call_locus, discordant)}};
    static const struct { const char *key; size_t offset; } real[] = {
        {"VAF", offsetof(cw_call, vaf)}, {"VAFLO", offsetof(cw_call, vaf_lo)}, {"VAFHI", offsetof(cw_call, vaf_hi)}, {"LNBF", offsetof(cw_call, ln_bf)},
        {"LNBFS", offsetof(cw_call, ln_bf_strand)},
        {"PV", offsetof(cw_call, p)}, {"LOB", offsetof(cw_call, lob)}, {"LOD", offsetof(cw_call, lod)}, {"SBP", offsetof(cw_call, strand_p)},
        {"PBP", offsetof(cw_call, position_p)},
        {"FLO", offsetof(cw_call, true_lo)}, {"FHI", offsetof(cw_call, true_hi)}, {"MPML", offsetof(cw_call, per_ml)}, {"MPMLLO", offsetof(cw_call, per_ml_lo)}, {"MPMLHI", offsetof(cw_call, per_ml_hi)}, {"PEMPTY", offsetof(cw_call, p_empty)}};
    size_t n = l->n;
    int bad = genotype(h, rec, call, n);
    v[0] = as_int(l->depth, fits);
    bad |= bcf_update_format_int32(h, rec, "DP", v, 1);
    bad |= format_counts(h, rec, "AD", l->k_ref, call, n, offsetof(cw_call, k), v, fits);
    bad |= format_counts(h, rec, "ADF", l->ref_forward, call, n, offsetof(cw_call, forward), v, fits);
    bad |= format_counts(h, rec, "ADR", l->ref_reverse, call, n, offsetof(cw_call, reverse), v, fits);
    bad |= format_counts(h, rec, "ADX", l->ref_duplex, call, n, offsetof(cw_call, duplex), v, fits);
    bad |= format_counts(h, rec, "ADE", l->ref_near_end, call, n, offsetof(cw_call, near_end), v, fits);
    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        v[0] = as_int(*(const int64_t *)((const char *)l + single[i].offset), fits);
        bad |= bcf_update_format_int32(h, rec, single[i].key, v, 1);
    }
    for (size_t i = 0; i < sizeof real / sizeof *real; i++) bad |= format_floats(h, rec, real[i].key, call, n, real[i].offset, f);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        any |= call[i].k_star > 0;
        v[i] = call[i].k_star > 0 ? as_int(call[i].k_star, fits) : bcf_int32_missing;
    }
    if (any) bad |= bcf_update_format_int32(h, rec, "KSTAR", v, (int)n);
    s->l = 0;
    for (size_t i = 0; i < n; i++) ksprintf(s, "%s%s", i ? "," : "", cw_call_state_name(call[i].state));
    const char *states = s->s;
    bad |= !states || bcf_update_format_string(h, rec, "CS", &states, 1);
    return bad | filters(h, rec, call, n, s);
}

static int make_record(bcf_hdr_t *h, bcf1_t *rec, const cw_calls *c, const cw_call_locus *l, cw_err *err)
{
    const cw_call *call = &c->call[l->first];
    const char **alleles = calloc(l->n + 1, sizeof *alleles);
    int32_t *v = calloc(l->n + 4, sizeof *v);
    float *f = calloc(l->n + 4, sizeof *f);
    kstring_t s = KS_INITIALIZE;
    bool fits = true;
    int bad = !alleles || !v || !f || !l->n;
    if (!bad) {
        bcf_clear(rec);
        rec->rid = bcf_hdr_name2id(h, l->contig);
        rec->pos = l->beg;
        alleles[0] = l->ref;
        for (size_t i = 0; i < l->n; i++) alleles[i + 1] = call[i].alt;
        bad |= rec->rid < 0 || bcf_update_alleles(h, rec, alleles, (int)l->n + 1);
        bad |= info_fields(h, rec, l, call, f, &s);
        bad |= format_fields(h, rec, l, call, v, f, &s, &fits);
    }
    free(alleles);
    free(v);
    free(f);
    ks_free(&s);
    if (!fits) return cw_err_set(err, CW_EFORMAT, "%s:%" PRId64 ": a molecule count does not fit a VCF integer", l->contig, l->beg + 1);
    return bad ? cw_err_set(err, CW_EINTERNAL, "%s:%" PRId64 ": cannot make the VCF record", l->contig, l->beg + 1) : 0;
}

static int write_all(htsFile *out, const cw_calls *c, const cw_vcf_conf *conf, const char *name, cw_err *err)
{
    cw_memory_watch();
    bcf_hdr_t *header = bcf_hdr_init("w");
    bcf1_t *rec = bcf_init();
    int status = header && rec ? cw_calls_put_header(header, c, conf, err) : cw_err_nomem(err);
    if (status == 0 && bcf_hdr_write(out, header) < 0) status = cw_err_set(err, CW_EIO, "cannot write '%s': %s", name, strerror(errno));
    for (size_t i = 0; i < c->n_loci && status == 0; i++) {
        status = make_record(header, rec, c, &c->locus[i], err);
        if (status == 0 && bcf_write(out, header, rec) < 0) status = cw_err_set(err, CW_EIO, "cannot write '%s': %s", name, strerror(errno));
        if (status == 0 && cw_memory_short()) status = cw_err_nomem(err);
    }
    bcf_destroy(rec);
    bcf_hdr_destroy(header);
    return status;
}

int cw_calls_format(const cw_calls *calls, char **text, size_t *n, cw_err *err)
{
    const cw_vcf_conf plain = {.type = 'v'};
    kstring_t s = KS_INITIALIZE;
    cw_memory_watch();
    bcf_hdr_t *header = bcf_hdr_init("w");
    bcf1_t *rec = bcf_init();
    int status = header && rec ? cw_calls_put_header(header, calls, &plain, err) : cw_err_nomem(err);
    if (status == 0 && bcf_hdr_format(header, 0, &s) < 0) status = cw_err_nomem(err);
    for (size_t i = 0; i < calls->n_loci && status == 0; i++) {
        status = make_record(header, rec, calls, &calls->locus[i], err);
        if (status == 0 && (vcf_format(header, rec, &s) < 0 || cw_memory_short())) status = cw_err_nomem(err);
    }
    bcf_destroy(rec);
    bcf_hdr_destroy(header);
    *n = s.l;
    *text = status == 0 ? ks_release(&s) : NULL;
    ks_free(&s);
    return status;
}

int cw_calls_write(const cw_calls *calls, const char *path, const cw_vcf_conf *conf, cw_err *err)
{
    char type = conf->type ? conf->type : 'z';
    const char *mode = type == 'v' ? "w" : type == 'b' ? "wb" : type == 'u' ? "wbu" : "wz";
    bool to_stdout = !path || !strcmp(path, "-"), index = conf->write_index;
    cw_out out = {0}, index_out = {0};
    char *index_path = NULL;
    if (index && (to_stdout || type == 'v' || type == 'u')) return cw_err_set(err, CW_EUSAGE, "an index needs a compressed file");
    int status = to_stdout ? 0 : cw_out_temporary(&out, path, err);
    if (status < 0) return status;
    htsFile *file = cw_hts_create(to_stdout ? NULL : out.temporary, mode);
    if (!file) {
        status = cw_err_set(err, CW_EIO, "cannot write '%s': %s", to_stdout ? "standard output" : path, strerror(errno));
        goto done;
    }
    status = write_all(file, calls, conf, to_stdout ? "standard output" : path, err);
    if (hts_close(file) < 0 && status == 0) status = cw_err_set(err, CW_EIO, "cannot write '%s': %s", to_stdout ? "standard output" : path, strerror(errno));
    if (status < 0 || to_stdout) goto done;
    if (index) {
        size_t size = strlen(path) + 8;
        index_path = malloc(size);
        if (!index_path) {
            status = cw_err_nomem(err);
            goto done;
        }
        snprintf(index_path, size, "%s.csi", path);
        status = cw_out_temporary(&index_out, index_path, err);
        if (status == 0 && bcf_index_build3(out.temporary, index_out.temporary, 14, 0) != 0)
            status = cw_err_set(err, CW_EIO, "cannot index '%s': records are not in order or the disk is full", path);
        if (status < 0) goto done;
    }
    status = cw_out_commit(&out, err);
    if (status == 0 && index) status = cw_out_commit(&index_out, err);
done:
    cw_out_abort(&out);
    cw_out_abort(&index_out);
    free(index_path);
    return status;
}
