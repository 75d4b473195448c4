/* SPDX-License-Identifier: MIT */
/* call.h - the verdict on each allele of a panel in one draw; leaves the program as .calls.vcf.gz. */
#ifndef CLONEWATCH_CALL_H
#define CLONEWATCH_CALL_H

#include <clonewatch/tally.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cw_call_state { /* FORMAT/CS; absent, not assessable and zero are different things */
    CW_CALL_NOT_ASSESSABLE = 0, /* too few molecules, or outside the targets */
    CW_CALL_NOT_DETECTED,       /* k = 0 */
    CW_CALL_BELOW_LOD,          /* 0 < k < k* */
    CW_CALL_DETECTED,           /* k >= k* */
    CW_CALL_NOT_REPORTED        /* an imported file that shows no coverage here */
} cw_call_state;

/* Background of one allele: rate ~ Gamma(a, rate b), in mutant molecules per molecule. */
typedef struct cw_bg {
    double a, b;
} cw_bg;

enum { CW_FORWARD, CW_REVERSE, CW_STRANDS }; /* strand of origin, as cw_tally.forward and .reverse */

/* One allele in one draw. Doubles are NAN where they do not apply. */
typedef struct cw_call {
    const char *cwid, *gene, *hgvsp, *node;
    cw_role role;
    cw_allele_type type;
    const char *phase_group;     /* alleles of a patient's own list that lie on one molecule share it; "" none */
    const char *alt;             /* VCF ALT; "<DUP>", "<DEL>" or a breakend for SVs */
    int64_t k;                   /* alt molecules (AD) */
    int64_t forward, reverse, duplex;
    int64_t near_end;            /* of k, locus near an end of the reads (cw_tally); -1 unknown */
    cw_bg bg;
    cw_bg bg_strand[CW_STRANDS]; /* the same for molecules of one strand of origin; a = 0: unknown. No calls file holds it */
    const char *bg_source;       /* "site" (seen in the normals), "class" (its substitution class), "default" (built-in), "" unknown */
    double vaf, vaf_lo, vaf_hi;  /* fraction, 95 % interval */
    double ln_bf;                /* ln evidence against background */
    double ln_bf_strand;         /* the same, each strand judged by its own background; NAN: rates or counts by strand are unknown */
    double p;                    /* one-draw p-value */
    double lob, lod;             /* fractions */
    int64_t k_star;              /* least k that is detected */
    double strand_p;             /* exact conditional strand test */
    double position_p;           /* exact conditional test of the position in the read; NAN: not assessable */
    double true_lo, true_hi;     /* 95 % posterior interval of the fraction with the background taken out; 0 where absence cannot be excluded */
    double per_ml, per_ml_lo, per_ml_hi; /* mutant molecules per mL plasma, 95 % interval; NAN without volume and mass */
    double p_empty;              /* chance that the draw's cfDNA held no mutant molecule at fraction lod; NAN without a mass */
    cw_call_state state;
    const char *filters;         /* FT: words joined by ';', or "PASS" */
    /* imported draws */
    bool counts_known;           /* false: only a limit is known (lod), or only a VAF */
    size_t allele;               /* index in the panel, or SIZE_MAX when the panel does not know it */
} cw_call;

/* One locus of the draw: a VCF record. */
typedef struct cw_call_locus {
    const char *contig;
    int64_t beg, end;
    const char *ref;
    int64_t depth;               /* DP: ref + alts + other, molecules that decide */
    int64_t k_ref, ref_forward, ref_reverse, ref_duplex, ref_near_end; /* -1 unknown */
    int64_t other, low_quality, uninformative, discordant;
    size_t first, n;             /* cw_calls.call[first .. first+n) */
} cw_call_locus;

/* Phase between two alleles read from molecules that cover both. */
typedef struct cw_phase {
    const char *cwid_a, *cwid_b;
    int64_t both, only_a, only_b, neither; /* molecules that cover both loci and decide at both */
} cw_phase;

typedef struct cw_background_set { /* the dispersion set of the background: ##clonewatch_background */
    const char *model;             /* id of the model: two draws of one series must agree */
    double omega_hat;              /* CV of the background between draws */
    double omega[8]; size_t n_omega;
    bool is_default;               /* the built-in one: marked in every output */
} cw_background_set;

typedef struct cw_calls {
    struct cw_arena *arena;
    const char *sample, *panel, *panel_version;
    const char *file_sample;       /* the sample that a VCF named, when the draw was given another name; NULL: the same, or not known */
    cw_build build;
    const char *caller;            /* "clonewatch", or the profile of an imported file */
    const char *level;             /* assay level: raw, umi, simplex, duplex */
    cw_background_set background;
    double call_alpha;             /* alpha' of `detected`, 0.001 */
    cw_call_locus *locus; size_t n_loci;
    cw_call *call; size_t n_calls;
    cw_phase *phase; size_t n_phase;
    cw_read_filter filter;
    const char *consensus_found, *input_sha256, *input_name;
    cw_reference_note *reference; size_t n_references; /* one per alignment file; none without a FASTA */
    int64_t molecules;             /* cw_calls_median(): over all loci within the targets; -1 unknown */
    double plasma_ml, cfdna_ng;    /* NAN when not given */
    double noise_rate; int64_t noise_bases; /* mismatches per off-target base and over how many; NAN, -1 unknown */
    int64_t fragment_q10, fragment_median, fragment_q90; /* lengths of used molecules; -1 unknown */
    int64_t *snp_ref, *snp_alt, *snp_other; size_t n_snps;
} cw_calls;

const char *cw_call_state_name(cw_call_state s); /* word of FORMAT/CS */
bool cw_call_state_parse(const char *s, cw_call_state *state);
/* Within the targets of the panel: the draw was meant to read this locus. */
bool cw_calls_targets(const cw_calls *c, const cw_call_locus *l);
/* Median of the deciding molecules over the loci within the targets, those that nothing was read of included; what an imported file does not report
 * is left out. -1 without any. CW_ENOMEM. */
CW_MUST_CHECK int cw_calls_median(const cw_calls *c, int64_t *molecules, cw_err *err);
void cw_calls_release(cw_calls *c);

#ifdef __cplusplus
}
#endif
#endif
