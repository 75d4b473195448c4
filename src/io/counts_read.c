/* SPDX-License-Identifier: MIT */
/* counts_read.c - .counts.vcf.gz in. */
#include "io/counts_vcf.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <htslib/vcf.h>
#include "base/mem.h"

/* One ALT of a record, remembered until the panel has sorted the alleles into loci. */
typedef struct reader {
    cw_counts *counts;
    bcf_hdr_t *header;
    bcf1_t *record;
    int32_t *values; int n_values;
    int64_t *cell;            /* per allele and sample: AD ADF ADR ADX ADE of ref, then of the alt; then OTH LQ UNI DIS */
    size_t n_alleles, cap_alleles, cap_cells;
} reader;

enum { R_FIELDS = 5, CELLS = 2 * R_FIELDS + 4, NEAR_END = 4 };
static const char *const r_fields[R_FIELDS] = {"AD", "ADF", "ADR", "ADX", "ADE"};
static const char *const one_fields[] = {"OTH", "LQ", "UNI", "DIS"};

/* What was not counted is zero, except where the position in the read is not known. */
static int64_t clean(int32_t v, int field)
{
    return v != bcf_int32_missing && v != bcf_int32_vector_end && v >= 0 ? v : field == NEAR_END ? -1 : 0;
}

static int read_cells(reader *r, size_t first, int n_alt, cw_err *err)
{
    const size_t samples = r->counts->n_samples;
    int64_t *base = r->cell + first * samples * CELLS;
    for (int f = 0; f < R_FIELDS; f++) {
        int n = bcf_get_format_int32(r->header, r->record, r_fields[f], &r->values, &r->n_values);
        if (n == -3 || n == -1) {
            for (size_t i = 0; f == NEAR_END && i < (size_t)n_alt * samples; i++) base[i * CELLS + NEAR_END] = base[i * CELLS + R_FIELDS + NEAR_END] = -1;
            if (f) continue;
            return cw_err_set(err, CW_EFORMAT, "'%s': %s:%" PRId64 " has no AD; this is not a counts file", r->counts->path,
                              bcf_seqname_safe(r->header, r->record), (int64_t)r->record->pos + 1);
        }
        if (n != (int)samples * (n_alt + 1))
            return cw_err_set(err, CW_EFORMAT, "'%s': %s:%" PRId64 ": %s needs one number per allele", r->counts->path,
                              bcf_seqname_safe(r->header, r->record), (int64_t)r->record->pos + 1, r_fields[f]);
        for (size_t s = 0; s < samples; s++)
            for (int a = 0; a < n_alt; a++) {
                int64_t *cell = base + ((size_t)a * samples + s) * CELLS;
                cell[f] = clean(r->values[s * ((size_t)n_alt + 1)], f);
                cell[R_FIELDS + f] = clean(r->values[s * ((size_t)n_alt + 1) + (size_t)a + 1], f);
            }
    }
    for (int f = 0; f < 4; f++) {
        int n = bcf_get_format_int32(r->header, r->record, one_fields[f], &r->values, &r->n_values);
        if (n != (int)samples) continue;
        for (size_t s = 0; s < samples; s++)
            for (int a = 0; a < n_alt; a++) base[((size_t)a * samples + s) * CELLS + 2 * R_FIELDS + (size_t)f] = clean(r->values[s], 0);
    }
    return 0;
}

static int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

/* INFO text was percent-encoded by the writer. */
static void decode(char *text)
{
    char *to = text;
    for (const char *c = text; *c; c++) {
        int high = c[0] == '%' && c[1] ? hex_digit(c[1]) : -1, low = high >= 0 ? hex_digit(c[2]) : -1;
        if (low >= 0 && high * 16 + low) {
            *to++ = (char)(high * 16 + low);
            c += 2;
        } else {
            *to++ = *c;
        }
    }
    *to = '\0';
}

/* The k-th of a comma list in INFO, or "". */
static const char *info_item(reader *r, const char *tag, int k)
{
    char *text = NULL;
    int n = 0;
    const char *item = "";
    if (bcf_get_info_string(r->header, r->record, tag, &text, &n) > 0) {
        const char *t = text;
        for (; k > 0 && *t; t += *t == ',') {
            t += strcspn(t, ",");
            k--;
        }
        size_t length = strcspn(t, ",");
        if (length && strncmp(t, ".", length)) {
            char *copy = cw_arena_strndup(r->counts->arena, t, length);
            if (copy) decode(copy);
            item = copy;
        }
    }
    free(text);
    return item;
}

static int read_record(reader *r, cw_err *err)
{
    cw_counts *c = r->counts;
    cw_panel *p = &c->panel;
    if (bcf_unpack(r->record, BCF_UN_ALL) < 0 || (r->record->errcode & ~(BCF_ERR_CTG_UNDEF | BCF_ERR_TAG_UNDEF)))
        return cw_err_set(err, CW_EFORMAT, "'%s': the record at %s:%" PRId64 " is malformed", c->path, bcf_seqname_safe(r->header, r->record),
                          (int64_t)r->record->pos + 1);
    int n_alt = r->record->n_allele - 1;
    if (n_alt < 1) return 0;
    size_t need = r->n_alleles + (size_t)n_alt;
    if (cw_grow((void **)&p->alleles, &r->cap_alleles, need, sizeof *p->alleles, err) < 0) return CW_ENOMEM;
    if (cw_grow((void **)&r->cell, &r->cap_cells, need * c->n_samples * CELLS, sizeof *r->cell, err) < 0) return CW_ENOMEM;
    memset(r->cell + r->n_alleles * c->n_samples * CELLS, 0, (size_t)n_alt * c->n_samples * CELLS * sizeof *r->cell);
    if (read_cells(r, r->n_alleles, n_alt, err) < 0) return err->code;
    for (int a = 0; a < n_alt; a++) {
        cw_allele *x = &p->alleles[r->n_alleles + (size_t)a];
        const char *ref = r->record->d.allele[0], *alt = r->record->d.allele[a + 1];
        *x = (cw_allele){.gene = info_item(r, "GENE", 0), .hgvsp = info_item(r, "HGVSP", a), .cwid = info_item(r, "CWID", a), .hgvsc = "", .transcript = "",
                         .mechanism = "", .node = "", .tumours = "", .aliases = "", .phase_group = "", .has_locus = true,
                         .beg = r->record->pos, .end = r->record->pos + (int64_t)strlen(ref), .type = cw_allele_type_of(ref, alt)};
        x->contig = cw_arena_strdup(p->arena, bcf_seqname_safe(r->header, r->record));
        x->ref = cw_arena_strdup(p->arena, ref);
        x->alt = cw_arena_strdup(p->arena, alt);
        if (x->cwid && !*x->cwid) x->cwid = cw_arena_printf(p->arena, "%s:%" PRId64 ":%s:%s", x->contig, x->beg + 1, ref, alt);
        if (!x->cwid || !x->gene || !x->hgvsp || !x->contig || !x->ref || !x->alt) return cw_err_nomem(err);
    }
    r->n_alleles = need;
    return 0;
}

/* Cells in the order of the file into tallies in the order of the loci. */
static int fill_tallies(reader *r, cw_err *err)
{
    cw_counts *c = r->counts;
    for (size_t s = 0; s < c->n_samples; s++) {
        cw_tallies *t = &c->sample[s];
        t->n = c->panel.n_loci;
        if (!(t->tally = cw_arena_alloc(c->arena, t->n, sizeof *t->tally))) return cw_err_nomem(err);
        for (size_t i = 0; i < t->n; i++) {
            const cw_locus *l = &c->panel.loci[i];
            cw_tally *x = &t->tally[i];
            int64_t *cells = cw_arena_alloc(c->arena, R_FIELDS * (1 + l->n), sizeof *cells);
            if (!cells) return cw_err_nomem(err);
            int64_t *arrays[R_FIELDS];
            for (size_t f = 0; f < R_FIELDS; f++) arrays[f] = cells + f * (1 + l->n);
            for (size_t k = 0; k < l->n; k++) {
                const int64_t *from = r->cell + (c->panel.by_locus[l->first + k] * c->n_samples + s) * CELLS;
                for (int f = 0; f < R_FIELDS; f++) {
                    arrays[f][0] = from[f];
                    arrays[f][k + 1] = from[R_FIELDS + f];
                }
                x->other = from[2 * R_FIELDS];
                x->low_quality = from[2 * R_FIELDS + 1];
                x->uninformative = from[2 * R_FIELDS + 2];
                x->discordant = from[2 * R_FIELDS + 3];
            }
            x->n_alt = l->n;
            x->count = arrays[0];
            x->forward = arrays[1];
            x->reverse = arrays[2];
            x->duplex = arrays[3];
            x->near_end = arrays[NEAR_END];
        }
    }
    return 0;
}

static int64_t line_int(const bcf_hrec_t *line, const char *key)
{
    int i = bcf_hrec_find_key((bcf_hrec_t *)line, key);
    return i < 0 ? 0 : strtoll(line->vals[i], NULL, 10);
}

static void read_sample_line(const bcf_hrec_t *line, cw_counts *c)
{
    static const char *const mismatches[] = {"AC", "AG", "AT", "CA", "CG", "CT", "GA", "GC", "GT", "TA", "TC", "TG"};
    static const char *const levels[] = {"auto", "raw", "umi", "simplex", "duplex"};
    int64_t id = line_int(line, "ID");
    if (id < 1 || id > (int64_t)c->n_samples) return;
    cw_tallies *t = &c->sample[id - 1];
    int at;
    if (!strcmp(line->key, "clonewatch_consensus") && (at = bcf_hrec_find_key((bcf_hrec_t *)line, "Level")) >= 0) {
        for (int i = 0; i < 5; i++)
            if (!strcmp(line->vals[at], levels[i])) t->consensus = (cw_consensus)i;
    } else if (!strcmp(line->key, "clonewatch_offTarget")) {
        static const char *const bases[] = {"A", "C", "G", "T"};
        for (int i = 0; i < 4; i++) t->bases_by_ref[i] = line_int(line, bases[i]), t->molecules_ref_bases += t->bases_by_ref[i];
        for (int i = 0; i < 12; i++) t->molecules_mismatch[i] = line_int(line, mismatches[i]);
    } else if (!strcmp(line->key, "clonewatch_readFilter")) {
        t->filter = (cw_read_filter){.reads = line_int(line, "Reads"), .used = line_int(line, "Used"), .unmapped = line_int(line, "Unmapped"),
                                     .secondary = line_int(line, "Secondary"), .supplementary = line_int(line, "Supplementary"),
                                     .qc_fail = line_int(line, "QCFail"), .duplicate = line_int(line, "Duplicate"), .low_mapq = line_int(line, "LowMapQ"),
                                     .no_sequence = line_int(line, "NoSequence"), .no_quality = line_int(line, "NoQuality"),
                                     .adapter_bases = line_int(line, "AdapterBases"), .unpaired_names = line_int(line, "UnpairedNames")};
    }
}

static int read_header(reader *r, cw_err *err)
{
    cw_counts *c = r->counts;
    c->n_samples = (size_t)bcf_hdr_nsamples(r->header);
    if (c->n_samples == 0) return cw_err_set(err, CW_EFORMAT, "'%s' has no sample column; this is not a counts file", c->path);
    if (!(c->sample = cw_arena_alloc(c->arena, c->n_samples, sizeof *c->sample))) return cw_err_nomem(err);
    for (size_t s = 0; s < c->n_samples; s++) {
        c->sample[s].sample = cw_arena_strdup(c->arena, r->header->samples[s]);
        c->sample[s].consensus_found = c->sample[s].input_sha256 = "";
        c->sample[s].input_name = c->path;
        if (!c->sample[s].sample) return cw_err_nomem(err);
    }
    for (int i = 0; i < r->header->nhrec; i++) {
        const bcf_hrec_t *line = r->header->hrec[i];
        if (!strcmp(line->key, "clonewatch_build") && line->value) {
            if (!strcmp(line->value, cw_build_name(CW_BUILD_GRCH37))) c->panel.build = CW_BUILD_GRCH37;
            if (!strcmp(line->value, cw_build_name(CW_BUILD_GRCH38))) c->panel.build = CW_BUILD_GRCH38;
        } else if (line->nkeys && !strncmp(line->key, "clonewatch_", 11)) {
            read_sample_line(line, c);
        }
    }
    for (size_t s = 0; s < c->n_samples; s++) c->sample[s].build = c->panel.build;
    return 0;
}

static int read_all(reader *r, htsFile *file, cw_err *err)
{
    cw_counts *c = r->counts;
    if (!(r->header = bcf_hdr_read(file))) return cw_err_set(err, CW_EFORMAT, "cannot read the header of '%s'; is it VCF or BCF?", c->path);
    if (hts_check_EOF(file) == 0) return cw_err_set(err, CW_EFORMAT, "'%s' has no EOF block: the file is cut off", c->path);
    if (!(r->record = bcf_init())) return cw_err_nomem(err);
    if (read_header(r, err) < 0) return err->code;
    int got, status = 0;
    while (status == 0 && (got = bcf_read(file, r->header, r->record)) == 0) status = read_record(r, err);
    if (status < 0) return status;
    if (got < -1) return cw_err_set(err, CW_EFORMAT, "'%s' cannot be read to its end: damaged, cut off or malformed after record %zu", c->path, r->n_alleles);
    c->panel.n_alleles = r->n_alleles;
    /* the panel owns its alleles through its arena */
    cw_allele *kept = cw_arena_alloc(c->panel.arena, r->n_alleles, sizeof *kept);
    if (!kept) return cw_err_nomem(err);
    if (r->n_alleles) memcpy(kept, c->panel.alleles, r->n_alleles * sizeof *kept);
    free(c->panel.alleles);
    c->panel.alleles = kept;
    r->cap_alleles = 0;
    if ((status = cw_panel_index(&c->panel, err)) < 0) return status;
    return fill_tallies(r, err);
}

int cw_counts_read(cw_counts *counts, const char *path, cw_err *err)
{
    memset(counts, 0, sizeof *counts);
    reader r = {.counts = counts};
    htsFile *file = NULL;
    int status;
    counts->arena = cw_arena_new();
    counts->panel.arena = cw_arena_new();
    if (!counts->arena || !counts->panel.arena || !(counts->path = cw_arena_strdup(counts->arena, path))) {
        status = cw_err_nomem(err);
        goto done;
    }
    counts->panel.name = counts->panel.version = counts->panel.knowledge_version = counts->panel.dir = "";
    file = hts_open(path, "r");
    status = file ? read_all(&r, file, err) : cw_err_set(err, CW_EIO, "cannot open '%s': %s", path, strerror(errno));
done:
    if (file && hts_close(file) < 0 && status == 0) status = cw_err_set(err, CW_EFORMAT, "'%s' cannot be read to its end", path);
    if (r.cap_alleles) {
        free(counts->panel.alleles);
        counts->panel.alleles = NULL;
    }
    free(r.cell);
    free(r.values);
    if (r.record) bcf_destroy(r.record);
    if (r.header) bcf_hdr_destroy(r.header);
    if (status < 0) cw_counts_release(counts);
    return status;
}

void cw_counts_release(cw_counts *counts)
{
    if (!counts) return;
    cw_panel_release(&counts->panel);
    cw_arena_free(counts->arena);
    memset(counts, 0, sizeof *counts);
}
