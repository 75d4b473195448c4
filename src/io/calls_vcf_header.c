/* SPDX-License-Identifier: MIT */
/* calls_vcf_header.c - the header lines of a calls file, out. calls_vcf_meta.c reads them. */
#include "io/calls_vcf_meta.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/parse.h"
#include "record/contigs.h"
#include <clonewatch/version.h>
#include <htslib/hts.h>
#include <htslib/kstring.h>

static const char *const fixed_lines[] = {
    "##INFO=<ID=GENE,Number=1,Type=String,Description=\"Gene\">",
    "##INFO=<ID=HGVSP,Number=A,Type=String,Description=\"Protein change\">",
    "##INFO=<ID=ROLE,Number=A,Type=String,Description=\"Role on the panel: driver, resistance, both, tracker, chip, none\">",
    "##INFO=<ID=NODE,Number=A,Type=String,Description=\"Signalling node on which the allele converges\">",
    "##INFO=<ID=CWID,Number=A,Type=String,Description=\"Stable allele id: gene, transcript, change; the same in both builds; percent-encoded\">",
    "##INFO=<ID=BGA,Number=A,Type=Float,Description=\"Background rate of the allele: Gamma shape\">",
    "##INFO=<ID=BGB,Number=A,Type=Float,Description=\"Background rate of the allele: Gamma rate, in molecules\">",
    "##INFO=<ID=BGS,Number=A,Type=String,Description=\"Where the background comes from: site (seen in the normals), class (its substitution class), default (built-in)\">",
    "##INFO=<ID=PHG,Number=A,Type=String,Description=\"Phase group: alleles of the patient's own list that lie on one molecule share it\">",
    "##INFO=<ID=END,Number=1,Type=Integer,Description=\"End position\">",
    "##INFO=<ID=SVTYPE,Number=1,Type=String,Description=\"Type of structural variant\">",
    "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"0/x when allele x is detected by one draw alone, 0/0 when none is, ./. when not assessable\">",
    "##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"Molecules that decide: reference, alternatives and other\">",
    "##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"Molecules by allele\">",
    "##FORMAT=<ID=ADF,Number=R,Type=Integer,Description=\"Molecules by allele, forward strand\">",
    "##FORMAT=<ID=ADR,Number=R,Type=Integer,Description=\"Molecules by allele, reverse strand\">",
    "##FORMAT=<ID=ADX,Number=R,Type=Integer,Description=\"Duplex molecules by allele\">",
    "##FORMAT=<ID=ADE,Number=R,Type=Integer,Description=\"Molecules by allele with the locus closer than 10 bases to an end of the read; of two mates that both decide, both\">",
    "##FORMAT=<ID=OTH,Number=1,Type=Integer,Description=\"Molecules with another base or allele\">",
    "##FORMAT=<ID=LQ,Number=1,Type=Integer,Description=\"Molecules of low quality at the locus\">",
    "##FORMAT=<ID=UNI,Number=1,Type=Integer,Description=\"Molecules that do not decide between the alleles\">",
    "##FORMAT=<ID=DIS,Number=1,Type=Integer,Description=\"Molecules whose mates disagree\">",
    "##FORMAT=<ID=VAF,Number=A,Type=Float,Description=\"Variant allele fraction AD/DP\">",
    "##FORMAT=<ID=VAFLO,Number=A,Type=Float,Description=\"Lower end of the 95% Jeffreys interval of VAF\">",
    "##FORMAT=<ID=VAFHI,Number=A,Type=Float,Description=\"Upper end of the 95% Jeffreys interval of VAF\">",
    "##FORMAT=<ID=LNBF,Number=A,Type=Float,Description=\"ln evidence of this draw against background\">",
    "##FORMAT=<ID=LNBFS,Number=A,Type=Float,Description=\"ln evidence of this draw against background, each strand of origin judged by its own rate; missing: rates or counts by strand are not known\">",
    "##FORMAT=<ID=PV,Number=A,Type=Float,Description=\"One-draw p-value under the background\">",
    "##FORMAT=<ID=KSTAR,Number=A,Type=Integer,Description=\"Least molecule count that is called detected\">",
    "##FORMAT=<ID=LOB,Number=A,Type=Float,Description=\"Limit of blank of this draw, as a fraction: (KSTAR-1)/DP\">",
    "##FORMAT=<ID=LOD,Number=A,Type=Float,Description=\"Limit of detection of this draw: least fraction detected with 95% chance, never below 3/DP\">",
    "##FORMAT=<ID=SBP,Number=A,Type=Float,Description=\"Exact conditional strand test, two-sided p-value\">",
    "##FORMAT=<ID=PBP,Number=A,Type=Float,Description=\"Position in the read: exact conditional test, one-sided p-value of ADE against 1.5 times the odds of the reference; missing: no outcome could be below 1e-4\">",
    "##FORMAT=<ID=FLO,Number=A,Type=Float,Description=\"Lower end of the 95% posterior interval of the fraction with the background taken out; 0: absence is not excluded\">",
    "##FORMAT=<ID=FHI,Number=A,Type=Float,Description=\"Upper end of the 95% posterior interval of the fraction with the background taken out\">",
    "##FORMAT=<ID=MPML,Number=A,Type=Float,Description=\"Mutant molecules per mL of plasma\">",
    "##FORMAT=<ID=MPMLLO,Number=A,Type=Float,Description=\"Lower end of the 95% interval of MPML\">",
    "##FORMAT=<ID=MPMLHI,Number=A,Type=Float,Description=\"Upper end of the 95% interval of MPML\">",
    "##FORMAT=<ID=PEMPTY,Number=A,Type=Float,Description=\"Chance that the cfDNA of this draw held no mutant molecule at fraction LOD\">",
    "##FORMAT=<ID=CS,Number=A,Type=String,Description=\"State: detected, below_lod, not_detected, not_assessable, not_reported\">",
    "##FORMAT=<ID=FT,Number=1,Type=String,Description=\"Filters of all alleles of the record\">",
    "##FORMAT=<ID=FTA,Number=A,Type=String,Description=\"Filters by allele, joined by '+'\">",
    "##FILTER=<ID=weak_evidence,Description=\"Molecules seen, but fewer than KSTAR\">",
    "##FILTER=<ID=low_molecules,Description=\"Fewer deciding molecules than the assay needs here\">",
    "##FILTER=<ID=strand_bias,Description=\"Strand test p-value below 1e-4\">",
    "##FILTER=<ID=orientation,Description=\"Detected, but each strand judged by its own background (LNBFS) the evidence is less than that of KSTAR molecules\">",
    "##FILTER=<ID=position,Description=\"Position test p-value below 1e-4: carriers lie near the ends of their reads\">",
    "##FILTER=<ID=systematic_noise,Description=\"Background rate of the allele above 0.1%\">",
    "##FILTER=<ID=panel_of_normals,Description=\"Seen in the normals of the background model\">",
    "##FILTER=<ID=base_qual,Description=\"More molecules of low quality than deciding ones\">",
    "##FILTER=<ID=multiallelic,Description=\"More than one allele detected at the locus\">",
    "##FILTER=<ID=germline,Description=\"Fraction as of a germline variant\">",
    "##FILTER=<ID=chip,Description=\"Allele of clonal haematopoiesis; origin needs white cells\">",
    "##FILTER=<ID=not_targeted,Description=\"Outside the targets of the panel\">",
};


static void put_quoted(kstring_t *s, const char *value)
{
    kputc('"', s);
    for (const char *p = value ? value : ""; *p; p++) {
        if (*p == '"' || *p == '\\') kputc('\\', s);
        kputc((unsigned char)*p < ' ' || *p == 0x7f ? '?' : *p, s);
    }
    kputc('"', s);
}

static void put_pair(kstring_t *s, const char *key, const char *value)
{
    ksprintf(s, "%s%s=", s->s[s->l - 1] == '<' ? "" : ",", key);
    put_quoted(s, value);
}

static int append(bcf_hdr_t *header, kstring_t *line, cw_err *err)
{
    if (!line->s || bcf_hdr_append(header, line->s) < 0) return cw_err_set(err, CW_EINTERNAL, "cannot make the VCF header line '%.200s'", line->s ? line->s : "");
    line->l = 0;
    return 0;
}

static int add_background(bcf_hdr_t *header, const cw_calls *c, kstring_t *s, cw_err *err)
{
    const cw_background_set *b = &c->background;
    ksprintf(s, "##clonewatch_background=<omega_hat=%.15g,omega=\"", b->omega_hat);
    for (size_t i = 0; i < b->n_omega; i++) ksprintf(s, "%s%.15g", i ? "," : "", b->omega[i]);
    kputs("\"", s);
    put_pair(s, "model", b->model);
    ksprintf(s, ",default=%d>", b->is_default);
    return append(header, s, err);
}

static int add_provenance(bcf_hdr_t *header, const cw_calls *c, const cw_vcf_conf *conf, kstring_t *s, cw_err *err)
{
    if (conf->command_line) {
        ksprintf(s, "##clonewatch_callVersion=%s+htslib-%s", CLONEWATCH_VERSION, hts_version());
        if (append(header, s, err) < 0) return CW_EINTERNAL;
        kputs("##clonewatch_callCommand=", s);
        for (const char *p = conf->command_line; *p; p++) kputc((unsigned char)*p < ' ' ? ' ' : *p, s);
        if (append(header, s, err) < 0) return CW_EINTERNAL;
    }
    ksprintf(s, "##clonewatch_callAlpha=%.15g", c->call_alpha);
    if (append(header, s, err) < 0) return CW_EINTERNAL;
    kputs("##clonewatch_panel=<", s);
    put_pair(s, "name", c->panel);
    put_pair(s, "version", c->panel_version);
    put_pair(s, "build", cw_build_name(c->build));
    kputc('>', s);
    if (append(header, s, err) < 0) return CW_EINTERNAL;
    kputs("##clonewatch_draw=<", s);
    put_pair(s, "caller", c->caller);
    put_pair(s, "level", c->level);
    put_pair(s, "consensus", c->consensus_found);
    ksprintf(s, ",molecules=%" PRId64, c->molecules);
    if (isfinite(c->plasma_ml)) ksprintf(s, ",plasma_ml=%.15g", c->plasma_ml);
    if (isfinite(c->cfdna_ng)) ksprintf(s, ",cfdna_ng=%.15g", c->cfdna_ng);
    if (c->noise_bases > 0) ksprintf(s, ",noise=%.17g,noise_bases=%" PRId64, c->noise_rate, c->noise_bases);
    if (c->fragment_median > 0) ksprintf(s, ",fragment_q10=%" PRId64 ",fragment_median=%" PRId64 ",fragment_q90=%" PRId64, c->fragment_q10, c->fragment_median, c->fragment_q90);
    kputc('>', s);
    if (append(header, s, err) < 0) return CW_EINTERNAL;
    if (c->input_name && *c->input_name) {
        kputs("##clonewatch_input=<", s);
        put_pair(s, "name", c->input_name);
        put_pair(s, "sha256", c->input_sha256);
        kputc('>', s);
        if (append(header, s, err) < 0) return CW_EINTERNAL;
    }
    for (size_t i = 0; i < c->n_references; i++) {
        const cw_reference_note *x = &c->reference[i];
        kputs("##clonewatch_reference=<", s);
        put_pair(s, "input", x->input);
        put_pair(s, "fasta", x->fasta);
        put_pair(s, "md5_by_dict", x->md5_by_dict);
        put_pair(s, "md5_by_fasta", x->md5_by_fasta);
        put_pair(s, "md5_not_compared", x->md5_not_compared);
        put_pair(s, "no_md5", x->no_md5);
        kputc('>', s);
        if (append(header, s, err) < 0) return CW_EINTERNAL;
    }
    return 0;
}

static int add_tallies(bcf_hdr_t *header, const cw_calls *c, kstring_t *s, cw_err *err)
{
    const cw_read_filter *f = &c->filter;
    ksprintf(s, "##clonewatch_readFilter=<reads=%" PRId64 ",used=%" PRId64 ",unmapped=%" PRId64 ",secondary=%" PRId64 ",supplementary=%" PRId64
                ",qc_fail=%" PRId64 ",duplicate=%" PRId64 ",low_mapq=%" PRId64 ",no_sequence=%" PRId64 ",no_quality=%" PRId64 ",adapter_bases=%" PRId64
                ",unpaired_names=%" PRId64 ">", f->reads, f->used, f->unmapped, f->secondary, f->supplementary, f->qc_fail, f->duplicate, f->low_mapq,
             f->no_sequence, f->no_quality, f->adapter_bases, f->unpaired_names);
    if (append(header, s, err) < 0) return CW_EINTERNAL;
    for (size_t i = 0; i < c->n_phase; i++) {
        const cw_phase *p = &c->phase[i];
        kputs("##clonewatch_phase=<", s);
        put_pair(s, "a", p->cwid_a);
        put_pair(s, "b", p->cwid_b);
        ksprintf(s, ",both=%" PRId64 ",only_a=%" PRId64 ",only_b=%" PRId64 ",neither=%" PRId64 ">", p->both, p->only_a, p->only_b, p->neither);
        if (append(header, s, err) < 0) return CW_EINTERNAL;
    }
    if (!c->n_snps) return 0;
    const int64_t *const column[] = {c->snp_ref, c->snp_alt, c->snp_other};
    static const char *const name[] = {"ref", "alt", "other"};
    kputs("##clonewatch_fingerprint=<", s);
    for (int k = 0; k < 3; k++) {
        ksprintf(s, "%s%s=\"", k ? "," : "", name[k]);
        for (size_t i = 0; i < c->n_snps; i++) ksprintf(s, "%s%" PRId64, i ? "," : "", column[k][i]);
        kputc('"', s);
    }
    kputc('>', s);
    return append(header, s, err);
}

static int add_filters(bcf_hdr_t *header, const cw_calls *c, kstring_t *s, cw_err *err)
{
    for (size_t i = 0; i < c->n_calls; i++) {
        const char *w = c->call[i].filters ? c->call[i].filters : "";
        for (size_t n; *w; w += n + (w[n] == ';')) {
            n = strcspn(w, ";");
            char word[64];
            if (!n || n >= sizeof word || strcspn(w, " \t\n,<>\"=+") < n) return cw_err_set(err, CW_EINTERNAL, "'%.60s' cannot be a FILTER word", w);
            memcpy(word, w, n);
            word[n] = '\0';
            if (bcf_hdr_id2int(header, BCF_DT_ID, word) >= 0 && bcf_hdr_idinfo_exists(header, BCF_HL_FLT, bcf_hdr_id2int(header, BCF_DT_ID, word))) continue;
            ksprintf(s, "##FILTER=<ID=%s,Description=\"Filter of the file that was imported\">", word);
            if (append(header, s, err) < 0 || bcf_hdr_sync(header) < 0) return cw_err_nomem(err);
        }
    }
    return 0;
}

int cw_calls_put_header(bcf_hdr_t *header, const cw_calls *c, const cw_vcf_conf *conf, cw_err *err)
{
    kstring_t s = KS_INITIALIZE;
    int status = 0;
    for (const char *p = c->sample ? c->sample : ""; *p; p++)
        if ((unsigned char)*p < ' ') status = cw_err_set(err, CW_EFORMAT, "sample name '%.60s' holds a control character; rename the sample", c->sample);
    if (status == 0 && c->sample && !cw_is_utf8(c->sample, strlen(c->sample)))
        status = cw_err_set(err, CW_EFORMAT, "sample name '%.60s' is not UTF-8 text; rename the sample", c->sample);
    if (status == 0 && (!c->sample || !*c->sample)) status = cw_err_set(err, CW_EFORMAT, "the sample has no name; give one with --sample");
    if (status == 0) status = add_provenance(header, c, conf, &s, err);
    if (status == 0) status = add_background(header, c, &s, err);
    if (status == 0) status = add_tallies(header, c, &s, err);
    for (size_t i = 0; i < sizeof fixed_lines / sizeof *fixed_lines && status == 0; i++)
        if (bcf_hdr_append(header, fixed_lines[i]) < 0) status = cw_err_set(err, CW_EINTERNAL, "cannot make the VCF header line '%s'", fixed_lines[i]);
    for (size_t i = 0; i < c->n_loci && status == 0; i++) {
        if (i && !strcmp(c->locus[i].contig, c->locus[i - 1].contig)) continue;
        if (bcf_hdr_name2id(header, c->locus[i].contig) >= 0) continue;
        if (!cw_contig_fits_vcf(c->locus[i].contig)) {
            status = cw_err_set(err, CW_EFORMAT, "chromosome '%.60s' of the panel or of the list of alleles cannot be a contig of a VCF; use the name that the reference has", c->locus[i].contig);
            break;
        }
        ksprintf(&s, "##contig=<ID=%s>", c->locus[i].contig);
        status = append(header, &s, err);
        if (status == 0 && bcf_hdr_sync(header) < 0) status = cw_err_nomem(err);
    }
    if (status == 0 && bcf_hdr_sync(header) < 0) status = cw_err_nomem(err);
    if (status == 0) status = add_filters(header, c, &s, err);
    if (status == 0 && (bcf_hdr_add_sample(header, c->sample) < 0 || bcf_hdr_sync(header) < 0))
        status = cw_err_set(err, CW_EFORMAT, "sample name '%.60s' cannot stand in a VCF", c->sample);
    ks_free(&s);
    return status;
}
