/* SPDX-License-Identifier: MIT */
/* panel.h - alleles, loci, genes and fingerprint SNPs that clonewatch looks at.
 *
 * A panel is a folder: panel.json (name, version, which part of the knowledge it takes, or its own alterations.tsv).
 * Coordinates inside are 0-based half-open (beg,end); 1-based pos1 exists only in text. A panel is loaded for one
 * genome build; an allele without coordinates there is kept (has_locus = false): it can be matched, not counted. */
#ifndef CLONEWATCH_PANEL_H
#define CLONEWATCH_PANEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <clonewatch/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cw_build { CW_BUILD_UNKNOWN = 0, CW_BUILD_GRCH37, CW_BUILD_GRCH38 } cw_build;

typedef enum cw_allele_type {
    CW_TYPE_UNKNOWN = 0,
    CW_TYPE_SNV, CW_TYPE_MNV, CW_TYPE_INS, CW_TYPE_DEL, CW_TYPE_DELINS, /* counted by their bases */
    CW_TYPE_AMPLIFICATION, CW_TYPE_LOSS, CW_TYPE_FUSION, CW_TYPE_SPLICE, CW_TYPE_LARGE_DELETION, CW_TYPE_OTHER
} cw_allele_type;

typedef enum cw_role {
    CW_ROLE_NONE = 0, CW_ROLE_DRIVER, CW_ROLE_RESISTANCE, CW_ROLE_BOTH, CW_ROLE_TRACKER, CW_ROLE_CHIP
} cw_role;

/* One alteration of the panel. Strings live in the panel's arena. */
typedef struct cw_allele {
    const char *cwid;       /* stable id: GENE:TRANSCRIPT:CHANGE, the same in both builds */
    const char *gene;
    const char *hgvsp;      /* "p.T790M" or "" */
    const char *hgvsc;      /* "c.2369C>T" or "" */
    const char *transcript; /* "NM_005228.5" or "" */
    const char *mechanism;  /* a row of mechanisms.tsv, or "" */
    const char *node;       /* signalling node on which it converges, or "" */
    const char *tumours;    /* tumour types, ';' between, or "" */
    const char *aliases;    /* other names, ';' between, or "" */
    const char *phase_group; /* alleles of a patient's tracked list that lie on one molecule, or "" */
    cw_allele_type type;
    cw_role role;
    bool known;             /* a row of the knowledge (tiers 1 and 2), not a patient's or user's own addition */
    bool has_locus;         /* false: no coordinates in this build */
    const char *contig;     /* name as in the panel ("7"); see cw_panel_map_contigs */
    int64_t beg, end;       /* reference interval of ref */
    const char *ref, *alt;  /* VCF style, upper case, left-aligned, with anchor base for pure indels */
    size_t locus;           /* index into cw_panel.loci when has_locus */
} cw_allele;

/* Alleles with the same contig, beg and ref: one VCF record. */
typedef struct cw_locus {
    const char *contig;
    int tid;                /* index in the alignment header after mapping; -1 before or when absent there */
    int64_t beg, end;
    const char *ref;
    size_t first, n;        /* cw_panel.by_locus[first .. first+n) are its alleles */
    char before, after;     /* reference bases around the locus, for the background's context classes; 0: not known */
    int run;                /* length of the run of one base that follows the anchor base; 0: not known */
} cw_locus;

typedef struct cw_gene {
    const char *gene, *transcript, *contig, *node;
    char strand;            /* '+' or '-' */
    int64_t beg, end;
    int64_t *exon_beg, *exon_end;
    size_t n_exons;
    int64_t *cds_beg, *cds_end;
    size_t n_cds;
} cw_gene;

typedef struct cw_snp {     /* fingerprint SNP */
    const char *rsid, *contig;
    int64_t pos;            /* 0-based */
    char ref, alt;
    double pop_af;          /* frequency of alt; NAN: not known */
} cw_snp;

struct cw_arena;
typedef struct cw_panel {
    struct cw_arena *arena;
    const char *name, *version, *knowledge_version;
    const char *dir;
    cw_build build;
    cw_allele *alleles; size_t n_alleles;
    cw_locus *loci; size_t n_loci;       /* sorted by contig order of the panel, beg, end, ref */
    size_t *by_locus;                    /* allele indices grouped by locus */
    size_t n_symbolic;                   /* alleles of lists from outside that are not written in bases: not in alleles */
    cw_gene *genes; size_t n_genes;
    cw_snp *snps; size_t n_snps;
    /* Targets: where the assay looked. Empty: everywhere. An allele outside is not assessable. */
    const char **target_contig; int64_t *target_beg, *target_end; size_t n_targets;
} cw_panel;

const char *cw_build_name(cw_build build);           /* "GRCh38" */
cw_build cw_build_parse(const char *name); /* "GRCh37", "GRCh38"; NULL and anything else: CW_BUILD_UNKNOWN */
const char *cw_allele_type_name(cw_allele_type t);   /* "SNV", "deletion" ... as in the panel files */
cw_allele_type cw_allele_type_parse(const char *s);  /* CW_TYPE_UNKNOWN when not a word of the table */
const char *cw_role_name(cw_role r);                 /* "driver" ... */
bool cw_role_parse(const char *s, cw_role *role);

/* The gene to write before a change ("EGFR" of "p.T790M"); "" where the name begins with it ("AR-V7") or there is none. */
const char *cw_gene_before(const char *gene, const char *name);

/* The class of a VCF-style ref/alt pair by its bases alone. */
cw_allele_type cw_allele_type_of(const char *ref, const char *alt);

/* Sort alleles with coordinates into loci (fills loci, by_locus, allele.locus). Call after alleles are complete. */
CW_MUST_CHECK int cw_panel_index(cw_panel *panel, cw_err *err);

/* Allele by id; NULL when the panel does not hold it. Linear. */
const cw_allele *cw_panel_find(const cw_panel *panel, const char *cwid);

void cw_panel_release(cw_panel *panel);

#ifdef __cplusplus
}
#endif
#endif
