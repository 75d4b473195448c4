/* SPDX-License-Identifier: MIT */
/* calls_vcf_read.c - .calls.vcf.gz in.
 *
 * htslib unpacks (BGZF, gzip, BCF); the lines are read here as text, for two reasons. htslib keeps floats in 32 bits, and a background
 * rate rounded that way moves ln E by more than 1e-6 at a few hundred molecules. And its VCF parser lets 91 % of the malformed files of
 * the hts-specs collection pass; a calls file that is not exactly what it says must be an error. */
#include "io/calls_vcf.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <htslib/bgzf.h>
#include <htslib/hts.h>
#include <htslib/kstring.h>
#include <htslib/vcf.h>
#include "base/mem.h"
#include "base/parse.h"
#include "io/calls_vcf_record.h"

enum { MIN_MOLECULES = 1000 };
static const size_t MAX_BYTES = (size_t)1 << 30;

typedef cw_calls_reader reader;

#define FAIL(r, ...) cw_calls_fail(r, CW_EFORMAT, __VA_ARGS__)

/* --- bytes --- */

static int unpack_bcf(htsFile *file, kstring_t *text, reader *r)
{
    bcf_hdr_t *header = bcf_hdr_read(file);
    bcf1_t *rec = bcf_init();
    int status = 0, got = -1;
    if (!header || !rec || bcf_hdr_format(header, 0, text) < 0) status = FAIL(r, "cannot read the BCF header; the file is damaged");
    while (status == 0 && (got = bcf_read(file, header, rec)) == 0)
        if (rec->errcode || vcf_format(header, rec, text) < 0 || text->l > MAX_BYTES) status = FAIL(r, "BCF record is damaged or the file is too large");
    if (status == 0 && got < -1) status = cw_calls_fail(r, CW_EIO, "the BCF file is damaged or cut short");
    bcf_destroy(rec);
    bcf_hdr_destroy(header);
    return status;
}

/* bgzf_read gives 0 at the end; any damage is negative, and an end without the BGZF end marker is a cut file. */
static int unpack_text(BGZF *file, kstring_t *text, reader *r)
{
    enum { BLOCK = 1 << 16 };
    ssize_t got = 0;
    do {
        if (ks_resize(text, text->l + BLOCK + 1) < 0) return cw_err_nomem(r->err);
        got = bgzf_read(file, text->s + text->l, BLOCK);
        if (got < 0 || file->errcode) return cw_calls_fail(r, CW_EIO, "cannot read to the end: the compressed file is damaged");
        text->l += (size_t)got;
        if (text->l > MAX_BYTES) return FAIL(r, "larger than 1 GiB unpacked; this is not a calls file");
    } while (got > 0);
    text->s[text->l] = '\0';
    return 0;
}

static int unpack(reader *r, kstring_t *text)
{
    if (strstr(r->path, "://")) return cw_calls_fail(r, CW_EREFUSED, "remote files are not opened; copy it here first");
    htsFile *file = hts_open(r->path, "r");
    if (!file) return cw_calls_fail(r, CW_EIO, "cannot open: %s", errno == ENOEXEC ? "not a VCF or BCF file" : strerror(errno));
    const htsFormat *format = hts_get_format(file);
    int status;
    if (format->format == bcf) {
        int eof = hts_check_EOF(file);
        status = eof == 0 ? cw_calls_fail(r, CW_EIO, "the file is cut short: it has no end-of-file marker") : unpack_bcf(file, text, r);
    } else if (format->format == vcf || format->format == unknown_format || format->format == text_format || format->format == empty_format) {
        bool bgzipped = format->compression == bgzf;
        status = hts_close(file) < 0 ? cw_calls_fail(r, CW_EIO, "cannot read: %s", strerror(errno)) : 0;
        file = NULL;
        BGZF *in = status == 0 && strcmp(r->path, "-") ? bgzf_open(r->path, "r") : NULL;
        if (status == 0 && !in) status = cw_calls_fail(r, CW_EIO, "cannot open: %s", strcmp(r->path, "-") ? strerror(errno) : "a calls file cannot come from standard input");
        if (status == 0 && bgzipped && bgzf_check_EOF(in) == 0) status = cw_calls_fail(r, CW_EIO, "the file is cut short: it has no end-of-file marker");
        if (status == 0) status = unpack_text(in, text, r);
        if (in && bgzf_close(in) < 0 && status == 0) status = cw_calls_fail(r, CW_EIO, "cannot read to the end: the compressed file is damaged");
    } else if (format->format == bam || format->format == cram || format->format == sam) {
        status = FAIL(r, "holds reads (%s), not calls; 'clonewatch run' takes it in column bam, 'clonewatch call' makes calls of it", hts_format_file_extension(format));
    } else {
        status = FAIL(r, "this is not a VCF or BCF file");
    }
    if (file && hts_close(file) < 0 && status == 0) status = cw_calls_fail(r, CW_EIO, "cannot read to the end");
    return status;
}

/* --- records --- */

static int read_filters(reader *r, const cw_calls_record *rec, size_t i, const char **filters)
{
    const char *text = cw_calls_format_cell(rec, "FTA"), *cell;
    size_t length;
    if (!text) {
        text = cw_calls_format_cell(rec, "FT");
        *filters = cw_arena_strdup(r->c->arena, text ? text : !strcmp(rec->column[6], ".") ? "" : rec->column[6]);
    } else {
        if (cw_calls_cell_of(text, strlen(text), i, rec->n_alt, &cell, &length) < 0) return FAIL(r, "FORMAT/FTA '%.60s' has not %zu value(s)", text, rec->n_alt);
        char *copy = cw_arena_strndup(r->c->arena, cell, length);
        for (char *p = copy; p && *p; p++)
            if (*p == '+') *p = ';';
        *filters = copy;
    }
    return *filters ? 0 : cw_err_nomem(r->err);
}

static int read_state(reader *r, const cw_calls_record *rec, size_t i, const cw_call_locus *l, cw_call *call)
{
    const char *text = cw_calls_format_cell(rec, "CS"), *cell;
    size_t length;
    if (!text) { /* no verdict in the file: what the counts alone say */
        call->state = !call->counts_known ? CW_CALL_NOT_REPORTED : l->depth < MIN_MOLECULES ? CW_CALL_NOT_ASSESSABLE : call->k ? CW_CALL_BELOW_LOD : CW_CALL_NOT_DETECTED;
        return 0;
    }
    char word[32];
    if (cw_calls_cell_of(text, strlen(text), i, rec->n_alt, &cell, &length) < 0) return FAIL(r, "FORMAT/CS '%.60s' has not %zu value(s)", text, rec->n_alt);
    snprintf(word, sizeof word, "%.*s", (int)(length < 31 ? length : 31), cell);
    return cw_call_state_parse(word, &call->state) ? 0 : FAIL(r, "FORMAT/CS '%s' is not a state; known are detected, below_lod, not_detected, not_assessable, not_reported", word);
}

static cw_allele_type type_of(const char *ref, const char *alt)
{
    if (strpbrk(alt, "[]")) return CW_TYPE_FUSION;
    if (*alt == '<') return !strncmp(alt, "<DUP", 4) ? CW_TYPE_AMPLIFICATION : !strncmp(alt, "<DEL", 4) ? CW_TYPE_LARGE_DELETION : CW_TYPE_OTHER;
    return cw_allele_type_of(ref, alt);
}

static int read_allele(reader *r, const cw_calls_record *rec, size_t i, const cw_call_locus *l, cw_call *call)
{
    const char *role = "";
    const size_t n = rec->n_alt, all = n + 1;
    *call = (cw_call){.allele = SIZE_MAX};
    call->alt = cw_arena_strdup(r->c->arena, rec->alt[i]);
    if (!call->alt) return cw_err_nomem(r->err);
    call->type = type_of(l->ref, call->alt);
    if (cw_calls_info_word(r, rec, "CWID", i, n, &call->cwid) < 0 || cw_calls_info_word(r, rec, "GENE", 0, 1, &call->gene) < 0 || cw_calls_info_word(r, rec, "HGVSP", i, n, &call->hgvsp) < 0 ||
        cw_calls_info_word(r, rec, "NODE", i, n, &call->node) < 0 || cw_calls_info_word(r, rec, "ROLE", i, n, &role) < 0 ||
        cw_calls_info_word(r, rec, "BGS", i, n, &call->bg_source) < 0 || cw_calls_info_word(r, rec, "PHG", i, n, &call->phase_group) < 0 || cw_calls_info_rate(r, rec, "BGA", i, &call->bg.a) < 0 ||
        cw_calls_info_rate(r, rec, "BGB", i, &call->bg.b) < 0)
        return CW_EFORMAT;
    if (*role && !cw_role_parse(role, &call->role)) return FAIL(r, "INFO/ROLE '%.40s' is not a role", role);
    if (!*call->cwid) {
        call->cwid = cw_arena_printf(r->c->arena, "%s:%" PRId64 ":%s:%s", l->contig, rec->pos1, l->ref, call->alt);
        if (!call->cwid) return cw_err_nomem(r->err);
    }
    if (cw_calls_format_count(r, rec, "AD", i + 1, all, &call->k) < 0 || cw_calls_format_count(r, rec, "ADF", i + 1, all, &call->forward) < 0 ||
        cw_calls_format_count(r, rec, "ADR", i + 1, all, &call->reverse) < 0 || cw_calls_format_count(r, rec, "ADX", i + 1, all, &call->duplex) < 0 ||
        cw_calls_format_count(r, rec, "ADE", i + 1, all, &call->near_end) < 0 || cw_calls_format_count(r, rec, "KSTAR", i, n, &call->k_star) < 0)
        return CW_EFORMAT;
    if (call->k_star < 0) call->k_star = 0;
    call->counts_known = call->k >= 0;
    if (cw_calls_format_real(r, rec, "VAF", i, &call->vaf) < 0 || cw_calls_format_real(r, rec, "VAFLO", i, &call->vaf_lo) < 0 || cw_calls_format_real(r, rec, "VAFHI", i, &call->vaf_hi) < 0 ||
        cw_calls_format_real(r, rec, "LNBF", i, &call->ln_bf) < 0 || cw_calls_format_real(r, rec, "LNBFS", i, &call->ln_bf_strand) < 0 || cw_calls_format_real(r, rec, "PV", i, &call->p) < 0 || cw_calls_format_real(r, rec, "LOB", i, &call->lob) < 0 ||
        cw_calls_format_real(r, rec, "LOD", i, &call->lod) < 0 || cw_calls_format_real(r, rec, "SBP", i, &call->strand_p) < 0 || cw_calls_format_real(r, rec, "PBP", i, &call->position_p) < 0 ||
        cw_calls_format_real(r, rec, "FLO", i, &call->true_lo) < 0 || cw_calls_format_real(r, rec, "FHI", i, &call->true_hi) < 0 ||
        cw_calls_format_real(r, rec, "MPML", i, &call->per_ml) < 0 || cw_calls_format_real(r, rec, "MPMLLO", i, &call->per_ml_lo) < 0 || cw_calls_format_real(r, rec, "MPMLHI", i, &call->per_ml_hi) < 0 ||
        cw_calls_format_real(r, rec, "PEMPTY", i, &call->p_empty) < 0 || read_filters(r, rec, i, &call->filters) < 0)
        return CW_EFORMAT;
    return read_state(r, rec, i, l, call);
}

static int read_locus(reader *r, const cw_calls_record *rec, cw_call_locus *l)
{
    cw_calls *c = r->c;
    size_t n;
    int64_t end1;
    *l = (cw_call_locus){.beg = rec->pos1 - 1, .first = c->n_calls, .n = rec->n_alt};
    l->contig = cw_arena_strdup(c->arena, rec->column[0]);
    l->ref = cw_arena_strdup(c->arena, rec->column[3]);
    if (!l->contig || !l->ref) return cw_err_nomem(r->err);
    l->end = l->beg + (int64_t)strlen(l->ref);
    const char *end = cw_calls_info_value(rec->column[7], "END", &n);
    char number[32];
    if (end) {
        snprintf(number, sizeof number, "%.*s", (int)(n < 31 ? n : 31), end);
        if (!cw_parse_i64(number, &end1) || end1 < rec->pos1) return FAIL(r, "INFO/END '%s' is not a position at or after POS", number);
        l->end = end1;
    }
    if (cw_calls_format_count(r, rec, "DP", 0, 1, &l->depth) < 0 || cw_calls_format_count(r, rec, "AD", 0, rec->n_alt + 1, &l->k_ref) < 0 ||
        cw_calls_format_count(r, rec, "ADF", 0, rec->n_alt + 1, &l->ref_forward) < 0 || cw_calls_format_count(r, rec, "ADR", 0, rec->n_alt + 1, &l->ref_reverse) < 0 ||
        cw_calls_format_count(r, rec, "ADX", 0, rec->n_alt + 1, &l->ref_duplex) < 0 ||
        cw_calls_format_count(r, rec, "ADE", 0, rec->n_alt + 1, &l->ref_near_end) < 0 || cw_calls_format_count(r, rec, "OTH", 0, 1, &l->other) < 0 ||
        cw_calls_format_count(r, rec, "LQ", 0, 1, &l->low_quality) < 0 || cw_calls_format_count(r, rec, "UNI", 0, 1, &l->uninformative) < 0 ||
        cw_calls_format_count(r, rec, "DIS", 0, 1, &l->discordant) < 0)
        return CW_EFORMAT;
    return 0;
}

/* DP and AD must agree: ref + alts + other = DP. What one of them leaves out follows from the others. */
static int balance(reader *r, const cw_calls_record *rec, cw_call_locus *l)
{
    int64_t sum = l->k_ref;
    for (size_t i = 0; i < l->n; i++) {
        int64_t k;
        if (cw_calls_format_count(r, rec, "AD", i + 1, l->n + 1, &k) < 0) return CW_EFORMAT;
        if (k < 0 || sum < 0) return 0; /* counts not known */
        if (sum > INT64_MAX - k) return FAIL(r, "FORMAT/AD is too large");
        sum += k;
    }
    if (sum < 0) return 0;
    int64_t other = l->other > 0 ? l->other : 0;
    if (l->depth < 0) l->depth = sum > INT64_MAX - other ? INT64_MAX : sum + other;
    if (l->depth < sum) return FAIL(r, "FORMAT/DP %" PRId64 " is less than the sum of FORMAT/AD %" PRId64, l->depth, sum);
    if (l->other < 0) l->other = l->depth - sum;
    return 0;
}

static int read_record(reader *r, char *line, cw_calls_record *rec)
{
    cw_calls *c = r->c;
    int status = cw_calls_split_record(r, line, rec);
    if (status < 0 || !rec->n_alt) return status;
    bool has_ad = false;
    for (size_t i = 0; i < rec->n_keys; i++) has_ad |= !strcmp(rec->key[i], "AD");
    if (!has_ad) return FAIL(r, "record without FORMAT/AD; a calls file needs the molecules of every allele");
    if (cw_grow((void **)&c->locus, &r->locus_cap, c->n_loci + 1, sizeof *c->locus, r->err) < 0 ||
        cw_grow((void **)&c->call, &r->call_cap, c->n_calls + rec->n_alt, sizeof *c->call, r->err) < 0)
        return CW_ENOMEM;
    cw_call_locus *l = &c->locus[c->n_loci];
    status = read_locus(r, rec, l);
    if (status == 0) status = balance(r, rec, l);
    for (size_t i = 0; i < rec->n_alt && status == 0; i++) status = read_allele(r, rec, i, l, &c->call[c->n_calls + i]);
    if (status < 0) return status;
    c->n_loci++;
    c->n_calls += rec->n_alt;
    return 0;
}

/* --- the whole file --- */

static int read_columns(reader *r, char *line)
{
    char *cell[CW_CALLS_COLUMNS + 1];
    size_t n = cw_calls_split(line, '\t', cell, CW_CALLS_COLUMNS);
    if (n != CW_CALLS_COLUMNS) return FAIL(r, "the column line needs exactly one sample; a calls file holds one draw (split the file with 'bcftools +split')");
    static const char *const fixed[] = {"#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT"};
    for (size_t i = 0; i < 9; i++)
        if (strcmp(cell[i], fixed[i])) return FAIL(r, "column %zu is '%.40s', not '%s'", i + 1, cell[i], fixed[i]);
    r->c->sample = cw_arena_strdup(r->c->arena, cell[9]);
    if (!r->c->sample) return cw_err_nomem(r->err);
    if (!r->has_background) return FAIL(r, "no ##clonewatch_background line in the header; make the calls with 'clonewatch call' or 'clonewatch import'");
    return 0;
}

static int read_text(reader *r, char *text, size_t n)
{
    cw_calls_record *rec = malloc(sizeof *rec);
    bool columns = false;
    int status = rec ? 0 : cw_err_nomem(r->err);
    if (status == 0 && !strncmp(text, "\xef\xbb\xbf", 3)) status = FAIL(r, "begins with a byte order mark, with which programs do not take it for VCF; save it as UTF-8 without one");
    if (status == 0 && (n < 13 || strncmp(text, "##fileformat=", 13))) status = FAIL(r, "this is not a VCF file: it does not start with '##fileformat='");
    if (status == 0 && !cw_is_utf8(text, n)) status = FAIL(r, "the file holds bytes that are not UTF-8 text; it is damaged");
    if (status == 0 && text[n - 1] != '\n') status = cw_calls_fail(r, CW_EIO, "the last line has no end; the file is cut short");
    for (char *line = text, *next; status == 0 && line < text + n; line = next) {
        next = strchr(line, '\n') + 1;
        next[-1] = '\0';
        if (next - 2 >= line && next[-2] == '\r') next[-2] = '\0';
        r->line++;
        if (!strncmp(line, "##", 2) && !columns) status = cw_calls_read_meta(r, line);
        else if (*line == '#' && !columns) status = read_columns(r, line), columns = true;
        else if (!columns) status = FAIL(r, "a record before the column line");
        else status = read_record(r, line, rec);
    }
    r->line = 0;
    if (status == 0 && !columns) status = FAIL(r, "no column line '#CHROM ...'; the file is cut short");
    free(rec);
    return status;
}

static int by_cwid(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static int refuse_doubles(reader *r)
{
    const cw_calls *c = r->c;
    const char **id = malloc((c->n_calls + 1) * sizeof *id);
    int status = 0;
    if (!id) return cw_err_nomem(r->err);
    for (size_t i = 0; i < c->n_calls; i++) id[i] = c->call[i].cwid;
    qsort(id, c->n_calls, sizeof *id, by_cwid);
    for (size_t i = 1; i < c->n_calls && status == 0; i++)
        if (!strcmp(id[i], id[i - 1])) status = FAIL(r, "the allele '%.80s' stands in two places of the file", id[i]);
    free(id);
    return status;
}

/* Growing arrays become the arena's, so that one release frees everything. */
static int adopt(cw_calls *c, void **items, size_t n, size_t size, cw_err *err)
{
    void *copy = cw_arena_alloc(c->arena, n, size);
    if (copy && n) memcpy(copy, *items, n * size);
    free(*items);
    *items = copy;
    return copy ? 0 : cw_err_nomem(err);
}

/* The records say it; the header of an earlier version counted only the loci that had enough. */
static int settle_molecules(cw_calls *c, cw_err *err)
{
    int64_t molecules;
    int status = cw_calls_median(c, &molecules, err);
    if (status == 0 && molecules >= 0) c->molecules = molecules;
    return status;
}

/* path NULL: take the text that is given. */
static int read_calls(cw_calls *calls, const char *path, kstring_t *text, cw_err *err)
{
    reader r = {.c = calls, .path = path ? path : "calls", .err = err};
    memset(calls, 0, sizeof *calls);
    calls->arena = cw_arena_new();
    if (!calls->arena) return cw_err_nomem(err);
    calls->panel = calls->panel_version = calls->caller = calls->level = calls->consensus_found = calls->input_sha256 = calls->input_name = "";
    calls->call_alpha = 0.001;
    calls->molecules = -1;
    calls->noise_bases = calls->fragment_q10 = calls->fragment_median = calls->fragment_q90 = -1;
    calls->plasma_ml = calls->cfdna_ng = calls->noise_rate = NAN;
    int status = path ? unpack(&r, text) : 0;
    if (status == 0) status = read_text(&r, text->s, text->l);
    int adopted = adopt(calls, (void **)&calls->locus, calls->n_loci, sizeof *calls->locus, err) | adopt(calls, (void **)&calls->call, calls->n_calls, sizeof *calls->call, err) |
                  adopt(calls, (void **)&calls->phase, calls->n_phase, sizeof *calls->phase, err) |
                  adopt(calls, (void **)&calls->reference, calls->n_references, sizeof *calls->reference, err);
    if (status == 0 && adopted < 0) status = CW_ENOMEM;
    if (status == 0) status = refuse_doubles(&r);
    if (status == 0) status = settle_molecules(calls, err);
    if (status < 0) cw_calls_release(calls);
    return status;
}

int cw_calls_read(cw_calls *calls, const char *path, cw_err *err)
{
    kstring_t text = KS_INITIALIZE;
    int status = read_calls(calls, path, &text, err);
    ks_free(&text);
    return status;
}

int cw_calls_settle(cw_calls *calls, cw_err *err)
{
    cw_calls settled;
    kstring_t text = KS_INITIALIZE;
    int status = cw_calls_format(calls, &text.s, &text.l, err);
    if (status < 0) return status;
    status = read_calls(&settled, NULL, &text, err);
    ks_free(&text);
    if (status < 0) return status;
    if (calls->file_sample && !(settled.file_sample = cw_arena_strdup(settled.arena, calls->file_sample))) { /* the one thing that no file of ours says */
        cw_calls_release(&settled);
        return cw_err_nomem(err);
    }
    cw_calls_release(calls);
    *calls = settled;
    return 0;
}
