/* SPDX-License-Identifier: MIT */
/* site.h - the loci of a panel made ready for counting: each allele trimmed to its bare change, rolled to its leftmost placement, with
 * the span a read must cover to decide, and the changes of other loci that compete with it. */
#ifndef CW_COUNT_SITE_H
#define CW_COUNT_SITE_H

#include <stdbool.h>
#include <stdint.h>
#include <clonewatch/panel.h>
#include "io/alignment.h"
#include "io/reference.h"

/* Bases are htslib's 4-bit codes (A 1, C 2, G 4, T 8, N 15) so that they compare with a read's without a table. */
enum { CW_NT_N = 15 };

/* What a read, and in the end a molecule, says at a locus: 0 the reference, 1.. the alleles of the locus in order, or one of these. */
enum { CW_VOTE_OTHER = 0xFFF0, CW_VOTE_LOW_QUALITY, CW_VOTE_UNINFORMATIVE, CW_VOTE_DISCORDANT, CW_VOTE_NONE = 0xFFFF };

enum { CW_FLANK_BP = 400 }; /* reference kept on each side of a locus: longest allele plus longest tail that is compared */
enum { CW_NOISE_BP = 100 }; /* reference on each side of a locus over which off-target mismatches are counted */
enum { CW_PHASE_BP = 300 }; /* farthest apart that two loci are phased: a cfDNA molecule seldom reaches farther */
enum { CW_SLACK_BP = 10 }; /* aligners write one change as several gaps, or beside its place, or clip a little before it, within about this distance */
enum { CW_MAX_CHANGE_BP = 300 }; /* longest change that is counted by its bases */

typedef struct cw_change {
    int64_t beg, end;        /* reference bases that go, leftmost placement */
    const uint8_t *ins;      /* bases that come, 4-bit codes */
    int32_t ins_len, del_len;
    bool substitution;       /* as many come as go: SNV, MNV */
    bool none;               /* cannot be counted by its bases (symbolic, '*', N, too long): no molecule is ever in its class */
    int32_t shift;           /* how far right a pure insertion or deletion can be placed with the same result */
    int64_t left, right;     /* flanks: last base before and first base after all placements */
    int64_t decide;          /* last reference position a read must cover from `left` on to be the reference */
} cw_change;

typedef struct cw_site {
    size_t locus;            /* index in panel->loci, or in panel->snps for a fingerprint SNP */
    bool is_snp;
    int tid;
    int64_t beg, end;
    int64_t reach_beg, reach_end; /* reads whose bases (clipped ones too) touch [reach_beg, reach_end) are looked at */
    int64_t seen_beg, seen_end;   /* molecules that align over any of this cover the locus; it begins at seen_beg */
    bool clip_matters;       /* some allele is more than an SNV: clipped reads may carry it */
    bool has_neighbour;      /* another locus lies close enough for phase */
    bool simple;             /* SNVs only, and no rival: one table look-up per base */
    uint16_t base_class[16]; /* simple: class of each 4-bit base */
    cw_change *change; size_t n_alt;  /* of the locus, in order */
    const cw_change **rival; size_t n_rival; /* changes of other loci that overlap one of these */
    const uint8_t *quiet;    /* reference for off-target noise, from noise_beg on: N at the loci; NULL without a FASTA */
    int64_t noise_beg;
    const uint8_t *ref; int64_t ref_beg, ref_end; /* reference around the locus; N where unknown */
} cw_site;

typedef struct cw_sites {
    struct cw_arena *arena;
    cw_site *site; size_t n;  /* sorted by tid, reach_beg; loci that the alignment's header does not know are left out */
    size_t n_absent;          /* loci whose contig the alignment does not have */
    size_t n_uncountable;     /* alleles that are not written in bases, or too long */
    size_t n_of_length;       /* insertions, deletions and delins */
    bool has_reference;
} cw_sites;

static inline uint8_t cw_site_ref(const cw_site *s, int64_t pos)
{
    return pos >= s->ref_beg && pos < s->ref_end ? s->ref[pos - s->ref_beg] : CW_NT_N;
}

/* Far enough apart to be on one molecule in cis or in trans, and near enough for one molecule. */
static inline bool cw_sites_phased(const cw_site *a, const cw_site *b)
{
    if (a->tid != b->tid) return false;
    return (a->end <= b->beg && b->beg - a->end <= CW_PHASE_BP) || (b->end <= a->beg && a->beg - b->end <= CW_PHASE_BP);
}

/* contig_map: pairs panel name -> alignment name, or NULL (fixed chr table). reference may be NULL. */
typedef struct cw_contig_map { const char **panel, **alignment; size_t n; } cw_contig_map;

/* Can carriers be told by their bases? Not when an allele is not written in A C G T, is the reference, or changes more than CW_MAX_CHANGE_BP bases. */
bool cw_site_countable(const char *ref, const char *alt);

CW_MUST_CHECK int cw_sites_make(cw_sites *sites, const cw_panel *panel, const sam_hdr_t *header, const cw_contig_map *map,
                                const cw_reference *reference, cw_err *err);
void cw_sites_release(cw_sites *sites);
#endif
