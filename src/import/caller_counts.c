/* SPDX-License-Identifier: MIT */
/* caller_counts.c - counts of a record by its caller. Sources of each method: the callers' own writers (gatk GATKVCFHeaderLines, VarDict
 * var2vcf, lofreq vcf.c, strelka_streams.cpp, freebayes AlleleParser, Pisces VcfFormatter, VarScan 2.4.5, py-gbcms io/output.py). */
#include "import/caller_profile.h"

#include <math.h>
#include <string.h>
#include "base/parse.h"

typedef struct reading { const cw_vcf_text *t; size_t sample; cw_record_counts *out; size_t n_alts; cw_err *err; } reading;

/* Numbers between commas; '.' is -1. Returns how many, or an error for what is no count. */
static int64_t integers(reading *r, const char *key, const char *text, size_t n, int64_t *value, size_t most)
{
    size_t got = 0;
    for (const char *p = text; p <= text + n;) {
        size_t m = strcspn(p, ",:;");
        if (m > (size_t)(text + n - p)) m = (size_t)(text + n - p);
        char number[24];
        if (got == most) return (int64_t)got + 1;
        value[got] = -1;
        if (!(m == 1 && *p == '.')) {
            if (!m || m >= sizeof number) goto bad;
            memcpy(number, p, m);
            number[m] = '\0';
            if (!cw_parse_i64(number, &value[got]) || value[got] < 0 || value[got] > 1000000000) goto bad;
        }
        got++;
        p += m + 1;
        continue;
    bad:
        return cw_err_set(r->err, CW_EFORMAT, "%s:%zu: %s value '%.*s' is not a list of counts", r->t->path, r->t->line, key, (int)(n > 60 ? 60 : n), text);
    }
    return (int64_t)got;
}

/* FORMAT/key of the sample as integers: how many; 0 when absent or '.'. */
static int64_t format_integers(reading *r, const char *key, int64_t *value, size_t most)
{
    size_t n;
    const char *text = cw_vcf_value(r->t, r->sample, key, &n);
    if (!text || (n == 1 && *text == '.') || n == 0) return 0;
    return integers(r, key, text, n, value, most);
}

/* One integer, or -1; an error when it is a list. */
static int format_integer(reading *r, const char *key, int64_t *value)
{
    int64_t v[2], n = format_integers(r, key, v, 1);
    *value = n == 1 ? v[0] : -1;
    if (n < 0) return (int)n;
    if (n > 1) return cw_err_set(r->err, CW_EFORMAT, "%s:%zu: %s has more than one value", r->t->path, r->t->line, key);
    return 0;
}

/* A list with one count per allele (REF first). */
static int per_allele(reading *r, const char *key, int64_t *value, bool *found)
{
    int64_t n = format_integers(r, key, value, 1 + r->n_alts);
    if (n < 0) return (int)n;
    *found = n > 0;
    if (!n || (size_t)n == 1 + r->n_alts) return 0;
    return cw_err_set(r->err, CW_EFORMAT, "%s:%zu: %s has %lld%s value(s), but there are %zu alleles with REF; split multi-allelic records with a tool that splits %s too",
                      r->t->path, r->t->line, key, (long long)n, (size_t)n > 1 + r->n_alts ? " or more" : "", 1 + r->n_alts, key);
}

/* Fractions of the ALT alleles; VarScan writes "0.3%". What is no number stays unknown: the fraction is not used for counting. */
static void fractions(reading *r, const char *text, size_t n)
{
    size_t i = 1;
    for (const char *p = text; i <= r->n_alts && p <= text + n; i++) {
        size_t m = strcspn(p, ",:;");
        if (m > (size_t)(text + n - p)) m = (size_t)(text + n - p);
        char number[32];
        double v, scale = 1;
        if (m && m < sizeof number) {
            memcpy(number, p, m);
            number[m] = '\0';
            if (number[m - 1] == '%') number[m - 1] = '\0', scale = 0.01;
            if (cw_parse_double(number, &v) && v * scale >= 0 && v * scale <= 1) r->out->fraction[i] = v * scale;
        }
        p += m + 1;
    }
}

static void find_fractions(reading *r)
{
    static const char *const keys[] = {"AF", "VAF", "VF", "FREQ"};
    size_t n;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = cw_vcf_value(r->t, r->sample, keys[i], &n);
        if (text) {
            fractions(r, text, n);
            return;
        }
    }
    const char *text = r->t->n_samples <= 1 ? cw_vcf_info(r->t, "AF", &n) : NULL; /* with several samples it is of all of them */
    if (text) fractions(r, text, n);
}

/* --- one function per method --- */

static int counts_ad(reading *r)
{
    bool found;
    int status = per_allele(r, "AD", r->out->count, &found);
    if (status < 0) return status;
    int64_t forward[1 + CW_MAX_ALTS], reverse[1 + CW_MAX_ALTS];
    bool f, b;
    const cw_vcf_text *t = r->t; /* Number=R in the callers that have them */
    const cw_vcf_field *adf = cw_vcf_declared(t->format, t->n_format, "ADF"), *adr = cw_vcf_declared(t->format, t->n_format, "ADR");
    if (!adf || !adr || strcmp(adf->number, "R") || strcmp(adr->number, "R")) return 0;
    if ((status = per_allele(r, "ADF", forward, &f)) < 0 || (status = per_allele(r, "ADR", reverse, &b)) < 0) return status;
    if (f && b)
        for (size_t i = 0; i <= r->n_alts; i++) r->out->forward[i] = forward[i], r->out->reverse[i] = reverse[i];
    return 0;
}

/* AD where there is one; older versions give the alternative as VD and the reference as RD = forward,reverse. */
static int counts_vardict(reading *r)
{
    int64_t pair[2];
    int status = counts_ad(r);
    if (status < 0) return status;
    if (r->out->count[0] < 0) {
        int64_t n = format_integers(r, "RD", pair, 2);
        if (n < 0) return (int)n;
        if (n == 2 && pair[0] >= 0 && pair[1] >= 0) r->out->count[0] = pair[0] + pair[1];
    }
    if (r->n_alts == 1 && r->out->count[1] < 0 && (status = format_integer(r, "VD", &r->out->count[1])) < 0) return status;
    if (r->n_alts != 1) return 0;
    int64_t n = format_integers(r, "RD", pair, 2);
    if (n < 0) return (int)n;
    if (n == 2) r->out->forward[0] = pair[0], r->out->reverse[0] = pair[1];
    if ((n = format_integers(r, "ALD", pair, 2)) < 0) return (int)n;
    if (n == 2) r->out->forward[1] = pair[0], r->out->reverse[1] = pair[1];
    return 0;
}

/* INFO/DP4 = ref forward, ref reverse, alt forward, alt reverse; there is no sample column. */
static int counts_lofreq(reading *r)
{
    size_t n;
    int64_t v[4];
    const char *text = cw_vcf_info(r->t, "DP4", &n);
    if (!text) return 0;
    int64_t got = integers(r, "DP4", text, n, v, 4);
    if (got < 0) return (int)got;
    if (got != 4 || r->n_alts != 1 || v[0] < 0 || v[1] < 0 || v[2] < 0 || v[3] < 0)
        return cw_err_set(r->err, CW_EFORMAT, "%s:%zu: INFO/DP4 must hold four counts, for one ALT", r->t->path, r->t->line);
    for (int i = 0; i < 2; i++) {
        r->out->forward[i] = v[2 * i];
        r->out->reverse[i] = v[2 * i + 1];
        r->out->count[i] = v[2 * i] + v[2 * i + 1];
    }
    return 0;
}

/* Tier 1 of AU CU GU TU for substitutions, of TAR and TIR for indels. */
static int counts_strelka(reading *r, const char *ref, const char *const *alts)
{
    static const char bases[] = "ACGT", *const keys[] = {"AU", "CU", "GU", "TU"};
    int64_t pair[2], n;
    bool snv = strlen(ref) == 1;
    for (size_t i = 0; i < r->n_alts; i++) snv = snv && strlen(alts[i]) == 1;
    if (snv) {
        for (int b = 0; b < 4; b++) {
            if ((n = format_integers(r, keys[b], pair, 2)) < 0) return (int)n;
            if (n == 2) r->out->base[b] = pair[0];
        }
        const char *at = strchr(bases, ref[0] & 0x5f);
        if (at && *at) r->out->count[0] = r->out->base[at - bases];
        for (size_t i = 0; i < r->n_alts; i++)
            if ((at = strchr(bases, alts[i][0] & 0x5f)) && *at) r->out->count[1 + i] = r->out->base[at - bases];
        return 0;
    }
    if ((n = format_integers(r, "TAR", pair, 2)) < 0) return (int)n;
    if (n == 2) r->out->count[0] = pair[0];
    if ((n = format_integers(r, "TIR", pair, 2)) < 0) return (int)n;
    if (n == 2 && r->n_alts == 1) r->out->count[1] = pair[0];
    return 0;
}

static int counts_freebayes(reading *r)
{
    int status = format_integer(r, "RO", &r->out->count[0]);
    if (status < 0) return status;
    int64_t n = format_integers(r, "AO", r->out->count + 1, r->n_alts);
    if (n < 0) return (int)n;
    if (n && (size_t)n != r->n_alts)
        return cw_err_set(r->err, CW_EFORMAT, "%s:%zu: AO has %lld values for %zu ALT", r->t->path, r->t->line, (long long)n, r->n_alts);
    return n && r->out->count[0] >= 0 ? 0 : counts_ad(r);
}

/* AD holds one value where the reference was called. */
static int counts_pisces(reading *r)
{
    if (r->n_alts) return counts_ad(r);
    return format_integer(r, "AD", &r->out->count[0]);
}

/* RD is the reference, AD the alternative alone. */
static int counts_varscan(reading *r)
{
    int status = format_integer(r, "RD", &r->out->count[0]);
    if (status < 0 || r->n_alts != 1) return status;
    static const char *const keys[4] = {"RDF", "RDR", "ADF", "ADR"};
    int64_t strand[4];
    if ((status = format_integer(r, "AD", &r->out->count[1])) < 0) return status;
    for (int i = 0; i < 4; i++)
        if ((status = format_integer(r, keys[i], &strand[i])) < 0) return status;
    for (int i = 0; i < 2; i++) r->out->forward[i] = strand[2 * i], r->out->reverse[i] = strand[2 * i + 1];
    return 0;
}

/* DP = reference, alternative; AD = the alternative's strands. */
static int counts_gbcms3(reading *r)
{
    int64_t pair[2], n = format_integers(r, "DP", pair, 2);
    if (n < 0) return (int)n;
    if (n && (n != 2 || r->n_alts != 1))
        return cw_err_set(r->err, CW_EFORMAT, "%s:%zu: DP must hold two counts (reference, alternative), for one ALT", r->t->path, r->t->line);
    if (n == 2) {
        r->out->count[0] = pair[0];
        r->out->count[1] = pair[1];
        r->out->depth = pair[0] < 0 || pair[1] < 0 ? -1 : pair[0] + pair[1];
    }
    if ((n = format_integers(r, "RD", pair, 2)) < 0) return (int)n;
    if (n == 2) r->out->forward[0] = pair[0], r->out->reverse[0] = pair[1];
    if ((n = format_integers(r, "AD", pair, 2)) < 0) return (int)n;
    if (n == 2) r->out->forward[1] = pair[0], r->out->reverse[1] = pair[1];
    return 0;
}

static int find_depth(reading *r, cw_caller_method method)
{
    if (method == CW_COUNTS_GBCMS3) return 0;
    if (method != CW_COUNTS_LOFREQ) {
        int status = format_integer(r, "DP", &r->out->depth);
        if (status < 0 || r->out->depth >= 0) return status;
    }
    size_t n;
    int64_t v;
    const char *text = r->t->n_samples <= 1 ? cw_vcf_info(r->t, "DP", &n) : NULL; /* with several samples it is their sum */
    if (!text) return 0;
    int64_t got = integers(r, "INFO/DP", text, n, &v, 1);
    if (got < 0) return (int)got;
    if (got == 1) r->out->depth = v;
    return 0;
}

int cw_caller_counts(const cw_caller_profile *profile, const cw_vcf_text *t, size_t sample, const char *ref,
                     const char *const *alts, size_t n_alts, cw_record_counts *counts, cw_err *err)
{
    reading r = {t, sample, counts, n_alts, err};
    if (n_alts > CW_MAX_ALTS) return cw_err_set(err, CW_EFORMAT, "%s:%zu: more than %d ALT alleles", t->path, t->line, CW_MAX_ALTS);
    for (size_t i = 0; i <= n_alts; i++) {
        counts->count[i] = counts->forward[i] = counts->reverse[i] = -1;
        counts->fraction[i] = NAN;
    }
    for (int b = 0; b < 4; b++) counts->base[b] = -1;
    counts->depth = -1;
    int status = find_depth(&r, profile->method);
    if (status < 0) return status;
    find_fractions(&r);
    switch (profile->method) {
    case CW_COUNTS_AD: return counts_ad(&r);
    case CW_COUNTS_VARDICT: return counts_vardict(&r);
    case CW_COUNTS_LOFREQ: return counts_lofreq(&r);
    case CW_COUNTS_STRELKA: return counts_strelka(&r, ref, alts);
    case CW_COUNTS_FREEBAYES: return counts_freebayes(&r);
    case CW_COUNTS_PISCES: return counts_pisces(&r);
    case CW_COUNTS_VARSCAN: return counts_varscan(&r);
    default: return counts_gbcms3(&r);
    }
}
