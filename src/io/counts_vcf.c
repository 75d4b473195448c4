/* SPDX-License-Identifier: MIT */
/* counts_vcf.c - writer of .counts.vcf.gz. */
#include "io/counts_vcf.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <clonewatch/version.h>
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
static void put_quoted(kstring_t *to, const char *text)
{
    kputc('"', to);
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\') kputc('\\', to);
        kputc((unsigned char)*c < 0x20 ? ' ' : *c, to);
    }
    kputc('"', to);
}

/* INFO text: what would end the value is percent-encoded (VCF 4.3). */
static void put_info_text(kstring_t *to, const char *text)
{
    if (!*text) kputc('.', to);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c <= ' ' || strchr(";=,%", *c) || *c == 0x7f) ksprintf(to, "%%%02X", *c);
        else kputc(*c, to);
    }
}

static void put_sample_lines(kstring_t *h, const cw_tallies *t, size_t i)
{
    static const char *const levels[] = {"auto", "raw", "umi", "simplex", "duplex"};
    static const char *const mismatches[] = {"AC", "AG", "AT", "CA", "CG", "CT", "GA", "GC", "GT", "TA", "TC", "TG"};
    const cw_read_filter *f = &t->filter;
    ksprintf(h, "##clonewatch_input=<ID=%zu,Sample=", i + 1);
    put_quoted(h, t->sample);
    kputs(",File=", h);
    put_quoted(h, t->input_name ? t->input_name : "");
    ksprintf(h, ",SHA256=\"%s\">\n", t->input_sha256 ? t->input_sha256 : "");
    ksprintf(h, "##clonewatch_consensus=<ID=%zu,Level=%s,Found=", i + 1, levels[t->consensus]);
    put_quoted(h, t->consensus_found ? t->consensus_found : "");
    kputs(">\n", h);
    ksprintf(h, "##clonewatch_readFilter=<ID=%zu,Reads=%" PRId64 ",Used=%" PRId64 ",Unmapped=%" PRId64 ",Secondary=%" PRId64 ",Supplementary=%" PRId64
             ",QCFail=%" PRId64 ",Duplicate=%" PRId64 ",LowMapQ=%" PRId64 ",NoSequence=%" PRId64 ",NoQuality=%" PRId64 ",AdapterBases=%" PRId64
             ",UnpairedNames=%" PRId64 ">\n", i + 1, f->reads, f->used, f->unmapped, f->secondary, f->supplementary, f->qc_fail, f->duplicate,
             f->low_mapq, f->no_sequence, f->no_quality, f->adapter_bases, f->unpaired_names);
    ksprintf(h, "##clonewatch_offTarget=<ID=%zu,A=%" PRId64 ",C=%" PRId64 ",G=%" PRId64 ",T=%" PRId64, i + 1, t->bases_by_ref[0], t->bases_by_ref[1],
             t->bases_by_ref[2], t->bases_by_ref[3]);
    for (int k = 0; k < 12; k++) ksprintf(h, ",%s=%" PRId64, mismatches[k], t->molecules_mismatch[k]);
    kputs(">\n", h);
}

static void put_header(kstring_t *h, const cw_panel *panel, const cw_tallies *sample, size_t n, const cw_vcf_conf *conf)
{
    kputs("##fileformat=VCFv4.2\n##FILTER=<ID=PASS,Description=\"All filters passed\">\n", h);
    if (conf->command_line) ksprintf(h, "##clonewatch_countVersion=%s\n##clonewatch_countCommand=%s\n", CLONEWATCH_VERSION, conf->command_line);
    cw_build build = panel->build;
    for (size_t i = 0; i < n && build == CW_BUILD_UNKNOWN; i++) build = sample[i].build;
    ksprintf(h, "##clonewatch_build=%s\n", cw_build_name(build));
    for (size_t i = 0; i < n; i++) put_sample_lines(h, &sample[i], i);
    for (size_t i = 0; i < sizeof infos / sizeof *infos; i++)
        ksprintf(h, "##INFO=<ID=%s,Number=%s,Type=%s,Description=\"%s\">\n", infos[i].id, infos[i].number, infos[i].type, infos[i].text);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        ksprintf(h, "##FORMAT=<ID=%s,Number=%s,Type=%s,Description=\"%s\">\n", formats[i].id, formats[i].number, formats[i].type, formats[i].text);
    for (size_t i = 0; i < panel->n_loci; i++) {
        const char *contig = panel->loci[i].contig;
        if (i && !strcmp(contig, panel->loci[i - 1].contig)) continue;
        int k = cw_contig_find(contig);
        int64_t length = k < 0 ? 0 : cw_contig_length(build, (size_t)k);
        if (length > 0) ksprintf(h, "##contig=<ID=%s,length=%" PRId64 ">\n", contig, length);
        else ksprintf(h, "##contig=<ID=%s>\n", contig);
    }
    kputs("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT", h);
    for (size_t i = 0; i < n; i++) {
        kputc('\t', h);
        for (const char *c = sample[i].sample; *c; c++) kputc((unsigned char)*c < 0x20 ? '_' : *c, h);
    }
    kputc('\n', h);
}

static void put_list(kstring_t *l, const int64_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++) ksprintf(l, "%s%" PRId64, i ? "," : "", v[i]);
    kputc(':', l);
}

static void put_fraction(kstring_t *l, int64_t part, int64_t whole)
{
    if (whole > 0) ksprintf(l, "%.6g", (double)part / (double)whole);
    else kputc('.', l);
}

static void put_column(kstring_t *l, const cw_tally *t)
{
    int64_t depth = t->other;
    for (size_t i = 0; i <= t->n_alt; i++) depth += t->count[i];
    ksprintf(l, "\t%" PRId64 ":", depth);
    put_list(l, t->count, t->n_alt + 1);
    put_list(l, t->forward, t->n_alt + 1);
    put_list(l, t->reverse, t->n_alt + 1);
    put_list(l, t->duplex, t->n_alt + 1);
    ksprintf(l, "%" PRId64 ":%" PRId64 ":%" PRId64 ":%" PRId64 ":", t->other, t->low_quality, t->uninformative, t->discordant);
    for (size_t i = 1; i <= t->n_alt; i++) {
        if (i > 1) kputc(',', l);
        put_fraction(l, t->count[i], depth);
    }
    kputc(':', l);
    for (size_t i = 1; i <= t->n_alt; i++) {
        if (i > 1) kputc(',', l);
        put_fraction(l, t->count[i], t->count[i] + t->count[0]);
    }
}

static void put_record(kstring_t *l, const cw_panel *panel, size_t locus, const cw_tallies *sample, size_t n)
{
    const cw_locus *x = &panel->loci[locus];
    ksprintf(l, "%s\t%" PRId64 "\t.\t%s\t", x->contig, x->beg + 1, x->ref);
    for (size_t k = 0; k < x->n; k++) ksprintf(l, "%s%s", k ? "," : "", panel->alleles[panel->by_locus[x->first + k]].alt);
    kputs("\t.\t.\t", l);
    const cw_allele *first = &panel->alleles[panel->by_locus[x->first]];
    if (first->gene && *first->gene) {
        kputs("GENE=", l);
        put_info_text(l, first->gene);
        kputs(";HGVSP=", l);
        for (size_t k = 0; k < x->n; k++) {
            const char *p = panel->alleles[panel->by_locus[x->first + k]].hgvsp;
            if (k) kputc(',', l);
            put_info_text(l, p ? p : "");
        }
        kputc(';', l);
    }
    kputs("CWID=", l);
    for (size_t k = 0; k < x->n; k++) {
        if (k) kputc(',', l);
        put_info_text(l, panel->alleles[panel->by_locus[x->first + k]].cwid);
    }
    kputs("\tDP:AD:ADF:ADR:ADX:OTH:LQ:UNI:DIS:VAF:RAF", l);
    for (size_t i = 0; i < n; i++) put_column(l, &sample[i].tally[locus]);
}

static int write_records(htsFile *file, const cw_panel *panel, const cw_tallies *sample, size_t n, const cw_vcf_conf *conf, cw_err *err)
{
    kstring_t text = {0, 0, NULL};
    bcf_hdr_t *header = bcf_hdr_init("r");
    bcf1_t *record = bcf_init();
    int status = 0;
    if (!header || !record) {
        status = cw_err_nomem(err);
        goto done;
    }
    put_header(&text, panel, sample, n, conf);
    if (!text.s || bcf_hdr_parse(header, text.s) < 0) {
        status = cw_err_set(err, CW_EINTERNAL, "the header of the counts cannot be made; is a sample name given twice?");
        goto done;
    }
    if (bcf_hdr_write(file, header) < 0) {
        status = cw_err_set(err, CW_EIO, "cannot write the counts");
        goto done;
    }
    for (size_t i = 0; i < panel->n_loci; i++) {
        text.l = 0;
        put_record(&text, panel, i, sample, n);
        if (!text.s || vcf_parse(&text, header, record) < 0) {
            status = cw_err_set(err, CW_EINTERNAL, "the record of %s:%" PRId64 " cannot be made", panel->loci[i].contig, panel->loci[i].beg + 1);
            goto done;
        }
        if (bcf_write(file, header, record) < 0) {
            status = cw_err_set(err, CW_EIO, "cannot write the counts");
            goto done;
        }
    }
done:
    free(text.s);
    if (record) bcf_destroy(record);
    if (header) bcf_hdr_destroy(header);
    return status;
}

static int write_index(const char *path, char type, cw_err *err)
{
    int r = type == 'b' ? bcf_index_build(path, 14) : tbx_index_build(path, 0, &tbx_conf_vcf);
    return r == 0 ? 0 : cw_err_set(err, CW_EIO, "cannot write the index of '%s'", path);
}

int cw_counts_write(const cw_panel *panel, const cw_tallies *sample, size_t n_samples, const char *path, const cw_vcf_conf *conf, cw_err *err)
{
    bool to_stdout = !path || !strcmp(path, "-");
    const char type = conf->type ? conf->type : 'z';
    char mode[3] = {'w', type == 'v' ? '\0' : type, '\0'};
    cw_out out = {0};
    if (conf->write_index && (to_stdout || type == 'v' || type == 'u'))
        return cw_err_set(err, CW_EUSAGE, "an index needs a compressed file: use -o FILE with -O z or -O b");
    if (!to_stdout && cw_out_temporary(&out, path, err) < 0) return err->code;
    htsFile *file = cw_hts_create(to_stdout ? NULL : out.temporary, mode);
    int status = file ? write_records(file, panel, sample, n_samples, conf, err) : cw_err_set(err, CW_EIO, "cannot open '%s' for writing", path);
    if (file && hts_close(file) < 0 && status == 0) status = cw_err_set(err, CW_EIO, "cannot write '%s' to its end", to_stdout ? "standard output" : path);
    if (status == 0 && !to_stdout) status = cw_out_commit(&out, err);
    if (status == 0 && conf->write_index) status = write_index(path, type, err);
    if (status < 0) cw_out_abort(&out);
    return status;
}
