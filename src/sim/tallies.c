/* SPDX-License-Identifier: MIT */
/* tallies.c - counts by multinomial draws: haplotypes, then errors on what is left of the reference. */
#include "sim/tallies.h"

#include <gsl/gsl_randist.h>
#include <htslib/bgzf.h>
#include <htslib/kstring.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"
#include "record/contigs.h"
#include "sim/stream.h"

/* Which class a copy with these alleles falls into at the locus: 0 reference, 1..n alleles of the locus, n+1 other. */
static size_t class_of(const cw_panel *panel, const cw_locus *l, const cw_sim_haplotype *h)
{
    for (size_t i = 0; i < h->n; i++)
        for (size_t j = 0; j < l->n; j++)
            if (h->alleles[i] == &panel->alleles[panel->by_locus[l->first + j]]) return j + 1;
    for (size_t i = 0; i < h->n; i++)
        if (!strcmp(h->alleles[i]->contig, l->contig) && h->alleles[i]->beg < l->end && l->beg < h->alleles[i]->end) return l->n + 1;
    return 0;
}

static int one_locus(const cw_scenario *s, const cw_panel *panel, const cw_sim_genome *genome, const cw_sim_truth *truth, size_t locus,
                     cw_tallies *to, cw_err *err)
{
    const cw_locus *l = &panel->loci[locus];
    cw_tally *t = &to->tally[locus];
    double rate[3];
    gsl_rng *rng = cw_stream_new(s->seed, "count", truth->patient, truth->sample, l->contig, l->beg);
    if (!rng) return cw_err_nomem(err);
    t->n_alt = l->n;
    int64_t **lists[] = {&t->count, &t->forward, &t->reverse, &t->duplex, &t->near_end};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (!(*lists[i] = cw_arena_alloc(to->arena, l->n + 1, sizeof **lists[i]))) goto nomem;
    int64_t left = gsl_ran_poisson(rng, cw_sim_locus_molecules(&s->assay, truth, locus));
    t->low_quality = gsl_ran_poisson(rng, (double)left * s->assay.low_quality);
    double share_left = 1;
    for (size_t h = 0; h < truth->n_haplotypes; h++) {
        double p = share_left > 0 ? fmin(1, truth->haplotypes[h].share / share_left) : 0;
        int64_t k = gsl_ran_binomial(rng, p, (unsigned)left);
        size_t class = class_of(panel, l, &truth->haplotypes[h]);
        share_left -= truth->haplotypes[h].share;
        left -= k;
        if (class == l->n + 1) t->other += k;
        else t->count[class] += k;
    }
    t->count[0] += left;
    if (l->end - l->beg == 1) {
        int64_t exposed = t->count[0];
        if (cw_sim_error_rates(genome, &s->assay, s->seed, truth, cw_contig_find(l->contig), l->beg, l->end, rate, err) < 0) goto failed;
        for (int j = 0; j < 3; j++) {
            int64_t k = gsl_ran_poisson(rng, (double)exposed * rate[j]);
            char base = cw_sim_error_base(*l->ref, j);
            size_t i = 0;
            while (i < l->n && strcmp(panel->alleles[panel->by_locus[l->first + i]].alt, (char[]){base, 0})) i++;
            if (k > t->count[0]) k = t->count[0];
            t->count[0] -= k;
            if (i < l->n) t->count[i + 1] += k;
            else t->other += k, t->hist_other_base += k;
        }
    }
    for (size_t i = 0; i <= l->n; i++) {
        t->forward[i] = gsl_ran_binomial(rng, 0.5, (unsigned)t->count[i]);
        t->reverse[i] = t->count[i] - t->forward[i];
        if (s->assay.level == CW_CONS_DUPLEX) t->duplex[i] = t->count[i];
    }
    /* wherever a fragment lies over the locus, both its ends are read */
    const double near = fmin(1, 2 * CW_END_BP / s->assay.fragment_mean);
    for (size_t i = 0; i <= l->n; i++) t->near_end[i] = gsl_ran_binomial(rng, near, (unsigned)t->count[i]);
    gsl_rng_free(rng);
    return 0;
nomem:
    cw_err_nomem(err);
failed:
    gsl_rng_free(rng);
    return err ? err->code : CW_ENOMEM;
}

static int fingerprint(const cw_scenario *s, const cw_panel *panel, const cw_sim_truth *truth, cw_tallies *to, cw_err *err)
{
    to->n_snps = panel->n_snps;
    int64_t **lists[] = {&to->snp_ref, &to->snp_alt, &to->snp_other};
    for (size_t i = 0; i < 3; i++)
        if (!(*lists[i] = cw_arena_alloc(to->arena, panel->n_snps, sizeof **lists[i]))) return cw_err_nomem(err);
    for (size_t i = 0; i < panel->n_snps; i++) {
        gsl_rng *rng = cw_stream_new(s->seed, "snp", truth->patient, truth->sample, panel->snps[i].contig, panel->snps[i].pos);
        if (!rng) return cw_err_nomem(err);
        unsigned n = gsl_ran_poisson(rng, s->assay.snp_molecules * truth->yield);
        to->snp_alt[i] = gsl_ran_binomial(rng, truth->genotype[i] / 2.0, n);
        to->snp_ref[i] = n - to->snp_alt[i];
        gsl_rng_free(rng);
    }
    return 0;
}

/* Off-target noise and fragment lengths as a file of reads would show them around the loci. */
static int noise(const cw_scenario *s, const cw_panel *panel, const cw_sim_truth *truth, cw_tallies *to, cw_err *err)
{
    enum { AROUND = 100, LENGTHS = 20000 };
    gsl_rng *rng = cw_stream_new(s->seed, "off-target", truth->patient, truth->sample, "", 0);
    if (!rng) return cw_err_nomem(err);
    double bases = 0;
    for (size_t i = 0; i < panel->n_loci; i++) bases += AROUND * cw_sim_locus_molecules(&s->assay, truth, i);
    for (int b = 0; b < 4; b++) to->bases_by_ref[b] = (int64_t)(bases / 4);
    for (int c = 0; c < 12; c++) to->molecules_mismatch[c] = gsl_ran_poisson(rng, bases / 4 * s->assay.background[c]);
    to->molecules_ref_bases = (int64_t)(bases / 4) * 4;
    for (int i = 0; i < LENGTHS; i++) {
        bool is_long = gsl_rng_uniform(rng) < s->assay.long_fraction;
        double length = (is_long ? 2 : 1) * s->assay.fragment_mean + gsl_ran_gaussian(rng, s->assay.fragment_sd * (is_long ? 1.5 : 1));
        to->fragment_length[length < 50 ? 50 : length > 560 ? 560 : (int)length]++;
    }
    gsl_rng_free(rng);
    return 0;
}

int cw_sim_tallies(const cw_scenario *s, const cw_panel *panel, const cw_sim_genome *genome, const cw_sim_truth *truth, cw_tallies *to, cw_err *err)
{
    int status = 0;
    if (!(to->arena = cw_arena_new())) return cw_err_nomem(err);
    to->sample = cw_arena_strdup(to->arena, truth->sample);
    to->build = panel->build;
    to->consensus = s->assay.level;
    to->consensus_found = "simulated counts, no reads";
    to->input_sha256 = "";
    to->input_name = "";
    to->n = panel->n_loci;
    to->tally = cw_arena_alloc(to->arena, panel->n_loci, sizeof *to->tally);
    if (!to->sample || !to->tally) status = cw_err_nomem(err);
    for (size_t i = 0; status == 0 && i < panel->n_loci; i++) status = one_locus(s, panel, genome, truth, i, to, err);
    if (status == 0) status = fingerprint(s, panel, truth, to, err);
    if (status == 0) status = noise(s, panel, truth, to, err);
    if (status < 0) cw_tallies_release(to);
    return status;
}

static void vcf_head(kstring_t *k, const cw_panel *panel, const char *sample)
{
    ksprintf(k, "##fileformat=VCFv4.2\n##source=Mutect2\n##tumor_sample=%s\n##clonewatch_simulated=counts of a scenario in the manner of Mutect2 with forced alleles\n"
             "##FILTER=<ID=weak_evidence,Description=\"Mutation does not meet likelihood threshold\">\n"
             "##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Approximate read depth; some reads may have been filtered\">\n"
             "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n"
             "##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"Allelic depths for the ref and alt alleles in the order listed\">\n"
             "##FORMAT=<ID=AF,Number=A,Type=Float,Description=\"Allele fractions of alternate alleles in the tumor\">\n"
             "##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"Approximate read depth (reads with MQ=255 or with bad mates are filtered)\">\n", sample);
    for (size_t i = 0; i < CW_N_CONTIGS; i++)
        ksprintf(k, "##contig=<ID=chr%s,length=%lld>\n", i == 24 ? "M" : cw_contig_name(i), (long long)cw_contig_length(panel->build, i));
    ksprintf(k, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t%s\n", sample);
}

static void vcf_record(kstring_t *k, const cw_panel *panel, const cw_locus *l, const cw_tally *t)
{
    int64_t alts = 0;
    for (size_t i = 1; i <= l->n; i++) alts += t->count[i];
    int64_t depth = t->count[0] + alts + t->other;
    ksprintf(k, "chr%s\t%lld\t.\t%s\t", strcmp(l->contig, "MT") ? l->contig : "M", (long long)l->beg + 1, l->ref);
    for (size_t i = 0; i < l->n; i++) ksprintf(k, "%s%s", i ? "," : "", panel->alleles[panel->by_locus[l->first + i]].alt);
    ksprintf(k, "\t.\t%s\tDP=%lld\tGT:AD:AF:DP\t0", alts >= 3 ? "PASS" : "weak_evidence", (long long)depth);
    for (size_t i = 1; i <= l->n; i++)
        if (t->count[i] || l->n == 1) ksprintf(k, "/%zu", i);
    ksprintf(k, ":%lld", (long long)t->count[0]);
    for (size_t i = 1; i <= l->n; i++) ksprintf(k, ",%lld", (long long)t->count[i]);
    for (size_t i = 1; i <= l->n; i++) ksprintf(k, "%c%.4g", i == 1 ? ':' : ',', depth ? (double)t->count[i] / (double)depth : 0.0);
    ksprintf(k, ":%lld\n", (long long)depth);
}

int cw_sim_caller_vcf(const cw_panel *panel, const cw_tallies *tallies, const char *path, cw_err *err)
{
    kstring_t k = {0};
    cw_out out = {0};
    int status = cw_out_temporary(&out, path, err);
    if (status < 0) return status;
    vcf_head(&k, panel, tallies->sample);
    for (size_t i = 0; i < panel->n_loci; i++) vcf_record(&k, panel, &panel->loci[i], &tallies->tally[i]);
    size_t n = strlen(path);
    BGZF *fp = bgzf_open(out.temporary, n > 3 && !strcmp(path + n - 3, ".gz") ? "w" : "wu");
    int bad = !fp || bgzf_write(fp, k.s, k.l) != (ssize_t)k.l;
    if (fp && bgzf_close(fp) < 0) bad = 1;
    free(k.s);
    if (bad) status = cw_err_set(err, CW_EIO, "cannot write '%s'; is there room for it?", path);
    if (status == 0) status = cw_out_commit(&out, err);
    cw_out_abort(&out);
    return status;
}
