/* SPDX-License-Identifier: MIT */
/* counts_vcf.c - writer of .counts.vcf.gz. */
#include "io/counts_vcf.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <clonewatch/version.h>
#include <htslib/bgzf.h>
#include <htslib/kstring.h>
#include <htslib/tbx.h>
#include <htslib/vcf.h>
#include "base/mem.h"
#include "base/out.h"
#include "io/hts_out.h"
#include "record/contigs.h"

typedef struct field { const char *id, *number, *type, *text; } field;

static const field formats[] = {
    {"DP", "1", "Integer", "Molecules that decide: reference, alternate alleles and other"},
    {"AD", "R", "Integer", "Molecules per allele; mates of a pair are one molecule"},
    {"ADF", "R", "Integer", "Of them, from the forward strand (F1R2)"},
    {"ADR", "R", "Integer", "Of them, from the reverse strand (F2R1)"},
    {"ADX", "R", "Integer", "Of them, duplex: both strands of the DNA were read"},
    {"ADE", "R", "Integer", "Of them, with the locus closer than 10 bases to an end of the read; of two mates that both decide, both"},
    {"OTH", "1", "Integer", "Molecules that carry neither the reference nor a listed allele of this record"},
    {"LQ", "1", "Integer", "Molecules without a base of sufficient quality"},
    {"UNI", "1", "Integer", "Molecules that do not span what they must to decide (uninformative)"},
    {"DIS", "1", "Integer", "Molecules whose reads disagree (discordant)"},
    {"VAF", "A", "Float", "AD / DP"},
    {"RAF", "A", "Float", "AD of the allele / (AD of the allele + AD of the reference), for comparison with counters that leave out other alleles"}};
static const field infos[] = {{"GENE", "1", "String", "Gene"},
                              {"HGVSP", "A", "String", "Change of the protein"},
                              {"CWID", "A", "String", "Stable allele id: gene, transcript, change; the same in both genome builds"}};

/* A value of a structured header line in quotes. */
static void put_quoted(FILE *to, const char *text)
{
    fputc('"', to);
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\') fputc('\\', to);
        fputc((unsigned char)*c < 0x20 ? ' ' : *c, to);
    }
    fputc('"', to);
}

/* INFO text: what would end the value is percent-encoded (VCF 4.3). */
static void put_info_text(FILE *to, const char *text)
{
    if (!*text) fputc('.', to);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c <= ' ' || strchr(";=,%", *c) || *c == 0x7f) fprintf(to, "%%%02X", *c);
        else fputc(*c, to);
    }
}

static void put_sample_lines(FILE *h, const cw_tallies *t, size_t i)
{
    static const char *const levels[] = {"auto", "raw", "umi", "simplex", "duplex"};
    static const char *const mismatches[] = {"AC", "AG", "AT", "CA", "CG", "CT", "GA", "GC", "GT", "TA", "TC", "TG"};
    const cw_read_filter *f = &t->filter;
    fprintf(h, "##clonewatch_input=<ID=%zu,Sample=", i + 1);
    put_quoted(h, t->sample);
    fputs(",File=", h);
    put_quoted(h, t->input_name ? t->input_name : "");
    fprintf(h, ",SHA256=\"%s\">\n", t->input_sha256 ? t->input_sha256 : "");
    fprintf(h, "##clonewatch_consensus=<ID=%zu,Level=%s,Found=", i + 1, levels[t->consensus]);
    put_quoted(h, t->consensus_found ? t->consensus_found : "");
    fputs(">\n", h);
    fprintf(h, "##clonewatch_readFilter=<ID=%zu,Reads=%" PRId64 ",Used=%" PRId64 ",Unmapped=%" PRId64 ",Secondary=%" PRId64 ",Supplementary=%" PRId64
             ",QCFail=%" PRId64 ",Duplicate=%" PRId64 ",LowMapQ=%" PRId64 ",NoSequence=%" PRId64 ",NoQuality=%" PRId64 ",AdapterBases=%" PRId64
             ",UnpairedNames=%" PRId64 ">\n", i + 1, f->reads, f->used, f->unmapped, f->secondary, f->supplementary, f->qc_fail, f->duplicate,
             f->low_mapq, f->no_sequence, f->no_quality, f->adapter_bases, f->unpaired_names);
    fprintf(h, "##clonewatch_offTarget=<ID=%zu,A=%" PRId64 ",C=%" PRId64 ",G=%" PRId64 ",T=%" PRId64, i + 1, t->bases_by_ref[0], t->bases_by_ref[1],
             t->bases_by_ref[2], t->bases_by_ref[3]);
    for (int k = 0; k < 12; k++) fprintf(h, ",%s=%" PRId64, mismatches[k], t->molecules_mismatch[k]);
    fputs(">\n", h);
}

static void put_references(FILE *h, const cw_tallies *t, size_t *id)
{
    for (size_t i = 0; i < t->n_references; i++) {
        const cw_reference_note *x = &t->reference[i];
        const struct { const char *key, *value; } part[] = {{"Sample", t->sample}, {"File", x->input}, {"Fasta", x->fasta}, {"MD5ByDict", x->md5_by_dict},
            {"MD5ByFasta", x->md5_by_fasta}, {"MD5NotCompared", x->md5_not_compared}, {"NoMD5", x->no_md5}};
        fprintf(h, "##clonewatch_reference=<ID=%zu", ++*id);
        for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
            fprintf(h, ",%s=", part[k].key);
            put_quoted(h, part[k].value);
        }
        fputs(">\n", h);
    }
}

static void put_header(FILE *h, const cw_panel *panel, const cw_tallies *sample, size_t n, const cw_vcf_conf *conf)
{
    fputs("##fileformat=VCFv4.2\n##FILTER=<ID=PASS,Description=\"All filters passed\">\n", h);
    if (conf->command_line) fprintf(h, "##clonewatch_countVersion=%s\n##clonewatch_countCommand=%s\n", CLONEWATCH_VERSION, conf->command_line);
    cw_build build = panel->build;
    for (size_t i = 0; i < n && build == CW_BUILD_UNKNOWN; i++) build = sample[i].build;
    fprintf(h, "##clonewatch_build=%s\n", cw_build_name(build));
    for (size_t i = 0; i < n; i++) put_sample_lines(h, &sample[i], i);
    for (size_t i = 0, id = 0; i < n; i++) put_references(h, &sample[i], &id);
    for (size_t i = 0; i < sizeof infos / sizeof *infos; i++)
        fprintf(h, "##INFO=<ID=%s,Number=%s,Type=%s,Description=\"%s\">\n", infos[i].id, infos[i].number, infos[i].type, infos[i].text);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        fprintf(h, "##FORMAT=<ID=%s,Number=%s,Type=%s,Description=\"%s\">\n", formats[i].id, formats[i].number, formats[i].type, formats[i].text);
    for (size_t i = 0; i < panel->n_loci; i++) {
        const char *contig = panel->loci[i].contig;
        if (i && !strcmp(contig, panel->loci[i - 1].contig)) continue;
        int k = cw_contig_find(contig);
        int64_t length = k < 0 ? 0 : cw_contig_length(build, (size_t)k);
        if (length > 0) fprintf(h, "##contig=<ID=%s,length=%" PRId64 ">\n", contig, length);
        else fprintf(h, "##contig=<ID=%s>\n", contig);
    }
    fputs("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT", h);
    for (size_t i = 0; i < n; i++) {
        fputc('\t', h);
        for (const char *c = sample[i].sample; *c; c++) fputc((unsigned char)*c < 0x20 ? '_' : *c, h);
    }
    fputc('\n', h);
}

static bool is_counted(const cw_tally *t, size_t class) { return !class || !t->uncounted || !t->uncounted[class - 1]; }

/* One number per allele; '.' where it is not known. v NULL: none is. */
static void put_list(FILE *l, const cw_tally *t, const int64_t *v)
{
    for (size_t i = 0; i <= t->n_alt; i++) {
        if (i) fputc(',', l);
        if (v && v[i] >= 0 && is_counted(t, i)) fprintf(l, "%" PRId64, v[i]);
        else fputc('.', l);
    }
    fputc(':', l);
}

static void put_fraction(FILE *l, bool known, int64_t part, int64_t whole)
{
    if (known && whole > 0) fprintf(l, "%.6g", (double)part / (double)whole);
    else fputc('.', l);
}

static void put_column(FILE *l, const cw_tally *t)
{
    int64_t depth = t->other;
    for (size_t i = 0; i <= t->n_alt; i++) depth += t->count[i];
    fprintf(l, "\t%" PRId64 ":", depth);
    put_list(l, t, t->count);
    put_list(l, t, t->forward);
    put_list(l, t, t->reverse);
    put_list(l, t, t->duplex);
    put_list(l, t, t->near_end);
    fprintf(l, "%" PRId64 ":%" PRId64 ":%" PRId64 ":%" PRId64 ":", t->other, t->low_quality, t->uninformative, t->discordant);
    for (size_t i = 1; i <= t->n_alt; i++) {
        if (i > 1) fputc(',', l);
        put_fraction(l, is_counted(t, i), t->count[i], depth);
    }
    fputc(':', l);
    for (size_t i = 1; i <= t->n_alt; i++) {
        if (i > 1) fputc(',', l);
        put_fraction(l, is_counted(t, i), t->count[i], t->count[i] + t->count[0]);
    }
}

static void put_record(FILE *l, const cw_panel *panel, size_t locus, const cw_tallies *sample, size_t n)
{
    const cw_locus *x = &panel->loci[locus];
    fprintf(l, "%s\t%" PRId64 "\t.\t%s\t", x->contig, x->beg + 1, x->ref);
    for (size_t k = 0; k < x->n; k++) fprintf(l, "%s%s", k ? "," : "", panel->alleles[panel->by_locus[x->first + k]].alt);
    fputs("\t.\t.\t", l);
    const cw_allele *first = &panel->alleles[panel->by_locus[x->first]];
    if (first->gene && *first->gene) {
        fputs("GENE=", l);
        put_info_text(l, first->gene);
        fputs(";HGVSP=", l);
        for (size_t k = 0; k < x->n; k++) {
            const char *p = panel->alleles[panel->by_locus[x->first + k]].hgvsp;
            if (k) fputc(',', l);
            put_info_text(l, p ? p : "");
        }
        fputc(';', l);
    }
    fputs("CWID=", l);
    for (size_t k = 0; k < x->n; k++) {
        if (k) fputc(',', l);
        put_info_text(l, panel->alleles[panel->by_locus[x->first + k]].cwid);
    }
    fputs("\tDP:AD:ADF:ADR:ADX:ADE:OTH:LQ:UNI:DIS:VAF:RAF", l);
    for (size_t i = 0; i < n; i++) put_column(l, &sample[i].tally[locus]);
    fputc('\n', l);
}

/* Where the lines go: text through BGZF ("wu" is plain), or BCF through htslib's parser. */
typedef struct sink {
    BGZF *text;
    htsFile *bcf;
    bcf_hdr_t *header;
    bcf1_t *record;
    FILE *line;          /* a line in the making; sticky error when memory ran out */
    char *bytes; size_t n;
} sink;

static int open_sink(sink *k, const char *path, char type, cw_err *err)
{
    const bool text = type == 'z' || type == 'v';
    if (!(k->line = open_memstream(&k->bytes, &k->n))) return cw_err_nomem(err);
    if (text) k->text = cw_bgzf_create(path, type == 'z' ? "w" : "wu");
    else k->bcf = cw_hts_create(path, type == 'b' ? "wb" : "wbu");
    if (!k->text && !k->bcf) return cw_err_set(err, CW_EIO, "cannot open '%s' for writing: %s", path ? path : "standard output", strerror(errno));
    if (text) return 0;
    k->header = bcf_hdr_init("r");
    k->record = bcf_init();
    return k->header && k->record ? 0 : cw_err_nomem(err);
}

/* What was printed into k->line goes out, and the line starts anew. */
static int flush_line(sink *k, bool is_header, cw_err *err)
{
    if (fflush(k->line) != 0 || ferror(k->line) || !k->bytes) return cw_err_nomem(err);
    int status = 0;
    cw_memory_watch(); /* for BCF, htslib's encoder */
    if (k->text) {
        if (bgzf_write(k->text, k->bytes, k->n) != (ssize_t)k->n) status = cw_err_set(err, CW_EIO, "cannot write the counts: %s", strerror(errno));
    } else if (is_header) {
        if (bcf_hdr_parse(k->header, k->bytes) < 0) status = cw_err_set(err, CW_EINTERNAL, "the header of the counts cannot be made; is a sample name given twice?");
        else if (bcf_hdr_write(k->bcf, k->header) < 0) status = cw_err_set(err, CW_EIO, "cannot write the counts: %s", strerror(errno));
    } else {
        kstring_t text = {k->n - 1, k->n, k->bytes}; /* without the newline; the parser cuts it in place */
        k->bytes[k->n - 1] = '\0';
        if (vcf_parse(&text, k->header, k->record) < 0) status = cw_err_set(err, CW_EINTERNAL, "a record cannot be made: '%.60s'", k->bytes);
        else if (bcf_write(k->bcf, k->header, k->record) < 0) status = cw_err_set(err, CW_EIO, "cannot write the counts: %s", strerror(errno));
    }
    if (status == 0 && k->bcf && cw_memory_short()) status = cw_err_nomem(err);
    rewind(k->line);
    return status;
}

static int close_sink(sink *k, int status, cw_err *err)
{
    int bad = 0;
    if (k->text) bad |= bgzf_close(k->text) < 0;
    if (k->bcf) bad |= hts_close(k->bcf) < 0;
    if (k->header) bcf_hdr_destroy(k->header);
    if (k->record) bcf_destroy(k->record);
    if (k->line) fclose(k->line);
    free(k->bytes);
    return bad && status == 0 ? cw_err_set(err, CW_EIO, "cannot write the counts to their end: %s", strerror(errno)) : status;
}

static int check_samples(const cw_tallies *sample, size_t n, cw_err *err)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (!strcmp(sample[i].sample, sample[j].sample))
                return cw_err_set(err, CW_EREFUSED, "two files are of sample '%s'; give --merge when they belong to one draw, or --sample one by one", sample[i].sample);
    return 0;
}

static int write_all(const cw_panel *panel, const cw_tallies *sample, size_t n, const char *path, const cw_vcf_conf *conf, char type, cw_err *err)
{
    sink k = {0};
    int status = check_samples(sample, n, err);
    if (status < 0) return status;
    if ((status = open_sink(&k, path, type, err)) == 0) {
        put_header(k.line, panel, sample, n, conf);
        status = flush_line(&k, true, err);
    }
    for (size_t i = 0; i < panel->n_loci && status == 0; i++) {
        put_record(k.line, panel, i, sample, n);
        status = flush_line(&k, false, err);
    }
    return close_sink(&k, status, err);
}

/* The index of `file`, which is not under its final name yet, beside `path`. */
static int make_index(const char *file, const char *path, char type, cw_out *out, cw_err *err)
{
    char name[4096];
    if ((size_t)snprintf(name, sizeof name, "%s.%s", path, type == 'b' ? "csi" : "tbi") >= sizeof name) return cw_err_set(err, CW_EIO, "the path '%.80s...' is too long", path);
    if (cw_out_temporary(out, name, err) < 0) return err->code;
    int r = type == 'b' ? bcf_index_build3(file, out->temporary, 14, 0) : tbx_index_build3(file, out->temporary, 0, 0, &tbx_conf_vcf);
    return r == 0 ? 0 : cw_err_set(err, CW_EIO, "cannot write the index of '%s'", path);
}

int cw_counts_write(const cw_panel *panel, const cw_tallies *sample, size_t n_samples, const char *path, const cw_vcf_conf *conf, cw_err *err)
{
    bool to_stdout = !path || !strcmp(path, "-");
    const char type = conf->type ? conf->type : 'z';
    cw_out out = {0}, index = {0};
    if (conf->write_index && (to_stdout || type == 'v' || type == 'u'))
        return cw_err_set(err, CW_EUSAGE, "an index needs a compressed file");
    if (!to_stdout && cw_out_temporary(&out, path, err) < 0) return err->code;
    int status = write_all(panel, sample, n_samples, to_stdout ? NULL : out.temporary, conf, type, err);
    if (status == 0 && conf->write_index) status = make_index(out.temporary, path, type, &index, err);
    if (status == 0 && !to_stdout) status = cw_out_commit(&out, err);
    if (status == 0 && conf->write_index) status = cw_out_commit(&index, err);
    cw_out_abort(&out);
    cw_out_abort(&index);
    return status;
}
