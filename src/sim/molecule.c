/* SPDX-License-Identifier: MIT */
/* molecule.c - bases and alignment of a simulated fragment. */
#include "sim/molecule.h"

#include <string.h>

static void add(cw_sim_molecule *m, char base, int64_t place)
{
    if (m->n == sizeof m->base) return; /* a fragment longer than twice the longest: only by absurd insertions */
    m->base[m->n] = base;
    m->place[m->n++] = place;
}

static void add_allele(cw_sim_molecule *m, const cw_allele *a)
{
    size_t r = strlen(a->ref), n = strlen(a->alt), paired = r < n ? r : n;
    for (size_t i = 0; i < paired; i++) add(m, a->alt[i], a->beg + (int64_t)i);
    for (size_t i = paired; i < n; i++) add(m, a->alt[i], -1);
}

void cw_sim_molecule_make(cw_sim_molecule *m, const char *bases, int64_t from, int64_t beg, int64_t end, const cw_sim_haplotype *copy, const char *contig)
{
    const cw_allele *on[64]; /* alleles of the copy on this fragment */
    size_t n = 0;
    for (size_t i = 0; copy && i < copy->n && n < 64; i++) {
        const cw_allele *a = copy->alleles[i];
        if (strcmp(a->contig, contig) || a->end <= beg || a->beg >= end) continue;
        if (a->beg < beg) beg = a->end;
        else if (a->end > end) end = a->beg + 1;
        else on[n++] = a;
    }
    m->n = 0;
    for (int64_t p = beg; p < end;) {
        const cw_allele *here = NULL;
        for (size_t i = 0; i < n; i++)
            if (on[i]->beg == p && on[i]->end <= end) here = on[i];
        if (here) add_allele(m, here), p = here->end;
        else add(m, bases[p - from], p), p++;
    }
}

static void push(uint32_t *cigar, size_t *n, size_t max, uint32_t op, uint32_t length)
{
    if (*n && bam_cigar_op(cigar[*n - 1]) == op) cigar[*n - 1] += length << BAM_CIGAR_SHIFT;
    else if (*n < max) cigar[(*n)++] = bam_cigar_gen(length, op);
}

/* Turn everything up to and including the indel nearest to the front into a clip when fewer than 5 bases stand before it. */
static size_t clip_front(uint32_t *cigar, size_t n, int64_t *pos)
{
    size_t i = 0, bases = 0;
    int64_t on_reference = 0;
    for (; i < n && (bam_cigar_op(cigar[i]) != BAM_CMATCH || (i + 1 < n && bam_cigar_oplen(cigar[i]) < 5)); i++) {
        if (bam_cigar_type(bam_cigar_op(cigar[i])) & 1) bases += bam_cigar_oplen(cigar[i]);
        if (bam_cigar_type(bam_cigar_op(cigar[i])) & 2) on_reference += bam_cigar_oplen(cigar[i]);
    }
    if (!i || i == n) return n;
    size_t clip = bases > 0;
    memmove(cigar + clip, cigar + i, (n - i) * sizeof *cigar);
    if (clip) cigar[0] = bam_cigar_gen(bases, BAM_CSOFT_CLIP);
    *pos += on_reference;
    return n - i + clip;
}

static void reverse(uint32_t *cigar, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        uint32_t keep = cigar[i];
        cigar[i] = cigar[n - 1 - i];
        cigar[n - 1 - i] = keep;
    }
}

size_t cw_sim_molecule_cigar(const cw_sim_molecule *m, size_t i, size_t j, uint32_t *cigar, size_t max, int64_t *pos)
{
    size_t n = 0;
    int64_t last = -1, ignored = 0;
    *pos = -1;
    for (; i < j; i++) {
        if (m->place[i] < 0) {
            push(cigar, &n, max, BAM_CINS, 1);
            continue;
        }
        if (*pos < 0) *pos = m->place[i];
        if (last >= 0 && m->place[i] > last + 1) push(cigar, &n, max, BAM_CDEL, (uint32_t)(m->place[i] - last - 1));
        push(cigar, &n, max, BAM_CMATCH, 1);
        last = m->place[i];
    }
    if (*pos < 0) return 0;
    n = clip_front(cigar, n, pos);
    size_t before = n && bam_cigar_op(cigar[0]) == BAM_CSOFT_CLIP;
    reverse(cigar + before, n - before); /* the tail is the front, read backwards; a clip in front stays */
    n = before + clip_front(cigar + before, n - before, &ignored);
    reverse(cigar + before, n - before);
    return n;
}
