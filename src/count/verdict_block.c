/* SPDX-License-Identifier: MIT */
/* verdict_block.c - changes of equal length (SNV, MNV): decided base by base, in the alignment, in a clip, or between gaps that cancel out. */
#include "count/haplotypes.h"

/* Index of the block's base in a soft clip that goes on from the alignment. At a read's 3' end the pair must say that it is no adapter. */
static int32_t in_clip(const cw_read_view *v, int64_t pos)
{
    const bool known = v->reverse ? v->frag_beg >= v->pos - CW_FAR_BP : v->frag_end <= v->end + CW_FAR_BP;
    if (pos >= v->end ? !v->reverse : v->reverse)
        if (!known || pos < v->frag_beg || pos >= v->frag_end) return CW_AT_OUTSIDE;
    return cw_read_view_in_clip(v, pos);
}

static uint8_t block_base(const cw_site *s, const cw_change *c, int64_t pos)
{
    return pos >= c->beg && pos < c->end ? c->ins[pos - c->beg] : cw_site_ref(s, pos);
}

/* The block lies in a soft clip, or ends in it: every changed base must be the allele's, and the clip must go on as the reference does. */
static cw_verdict judge_clipped_block(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    cw_verdict out = {CW_CARRIES, 255, 0, -1, 0};
    const bool right = c->end > v->end;
    if (right ? c->beg < v->pos || c->beg - v->end >= CW_SLACK_BP : c->end > v->end || v->pos - c->end >= CW_SLACK_BP) return cw_says(CW_DOES_NOT_SPAN);
    for (int32_t k = 0, last = 0; k < c->del_len; k++) {
        const int64_t pos = c->beg + k;
        int32_t q = cw_read_view_at(v, pos);
        if (q == CW_AT_OUTSIDE) q = in_clip(v, pos);
        if (q < 0 || (k && q != last + 1)) return cw_says(CW_DOES_NOT_SPAN);
        last = q;
        if (cw_site_ref(s, pos) == block_base(s, c, pos)) continue;
        if (!cw_read_view_passes(v, q) || cw_read_view_base(v, q) != block_base(s, c, pos)) return cw_says(CW_DOES_NOT_SPAN);
        if (v->qual[q] < out.quality) out.quality = v->qual[q], out.q = q;
    }
    int n = 0, off = 0;
    const int step = right ? 1 : -1;
    for (int64_t pos = right ? v->end : v->pos - 1;; pos += step) {
        int32_t q = in_clip(v, pos);
        if (q < 0) break;
        uint8_t want = block_base(s, c, pos);
        if (want == CW_NT_N) return cw_says(CW_DOES_NOT_SPAN);
        if (!cw_read_view_passes(v, q)) continue;
        n++;
        off += cw_read_view_base(v, q) != want;
    }
    return off <= n / CW_TOLERANCE ? out : cw_says(CW_DOES_NOT_SPAN);
}

/* The aligner wrote the block as gaps that cancel out: are the bases between the flanks the allele's, one by one? DOES_NOT_SPAN: no such gaps. */
static cw_verdict judge_gapped_block(const cw_site *s, const cw_change *c, const cw_read_view *v, int64_t lo, int64_t hi)
{
    cw_verdict out = {CW_CARRIES, 255, 0, -1, 0};
    int32_t q_lo = cw_read_view_at(v, lo), q_hi = cw_read_view_at(v, hi);
    bool poor = false;
    if (q_lo < 0 || q_hi < 0 || q_hi - q_lo != hi - lo) return cw_says(CW_DOES_NOT_SPAN);
    for (int64_t pos = lo + 1; pos < hi; pos++) {
        int32_t q = q_lo + (int32_t)(pos - lo);
        bool changed = cw_site_ref(s, pos) != block_base(s, c, pos);
        if (!cw_read_view_passes(v, q)) poor |= changed;
        else if (cw_read_view_base(v, q) != block_base(s, c, pos)) return (cw_verdict){CW_SOMETHING_ELSE, v->qual[q], 0, q, 0};
        else if (changed && v->qual[q] < out.quality) out.quality = v->qual[q], out.q = q;
    }
    return poor ? cw_says(CW_TOO_POOR) : out;
}

/* Every position at which reference and allele differ votes. */
static cw_verdict vote_block(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    int voted_alt = 0, voted_ref = 0, voted_else = 0, missing = 0, masked = 0;
    int32_t first = INT32_MIN, last = INT32_MIN; /* query index less place in the block: moves when bases are inserted between */
    uint8_t quality = 255, base = 0;
    int32_t at = -1;
    for (int32_t k = 0; k < c->del_len; k++) {
        uint8_t ref = cw_site_ref(s, c->beg + k);
        int32_t q = cw_read_view_at(v, c->beg + k);
        if (q == CW_AT_DELETED) return cw_another(-1);
        if (q >= 0) {
            if (first == INT32_MIN) first = q - k;
            last = q - k;
        }
        if (ref == c->ins[k]) continue;
        if (q < 0) {
            missing++;
            continue;
        }
        if (!cw_read_view_passes(v, q)) {
            masked++;
            continue;
        }
        base = cw_read_view_base(v, q);
        if (v->qual[q] < quality) quality = v->qual[q], at = q;
        if (base == c->ins[k]) voted_alt++;
        else if (base == ref) voted_ref++;
        else voted_else++;
    }
    if (first != last) return cw_another(-1); /* bases inserted inside the block */
    if (missing) return voted_ref || voted_else ? cw_says(CW_DOES_NOT_SPAN) : cw_says(CW_CANNOT_TELL);
    if (!voted_alt && !voted_ref && !voted_else) return cw_says(CW_TOO_POOR);
    if (voted_else || (voted_alt && voted_ref)) return (cw_verdict){CW_SOMETHING_ELSE, quality, c->del_len == 1 ? base : 0, at, 0};
    if (voted_alt && masked) return cw_says(CW_TOO_POOR); /* it may carry a part of the block only: a neighbour's allele */
    return (cw_verdict){voted_alt ? CW_CARRIES : CW_REFERENCE, quality, c->del_len == 1 ? base : 0, at, 0};
}

cw_verdict cw_judge_substitution(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    if (c->del_len == 1) return vote_block(s, c, v);
    if ((v->left_clip || v->right_clip) && (c->beg < v->pos || c->end > v->end)) {
        cw_verdict clipped = judge_clipped_block(s, c, v);
        if (clipped.state == CW_CARRIES) return clipped;
    }
    int64_t lo, hi;
    if (v->plain || !cw_move_over_gaps(c, v, &lo, &hi)) return vote_block(s, c, v);
    cw_verdict gapped = judge_gapped_block(s, c, v, lo, hi);
    if (gapped.state == CW_CARRIES || gapped.state == CW_TOO_POOR) return gapped;
    cw_verdict said = vote_block(s, c, v);
    if (gapped.state == CW_SOMETHING_ELSE) return said.state == CW_SOMETHING_ELSE ? gapped : said; /* its bases say so, not its gaps */
    if (said.state != CW_REFERENCE && said.state != CW_SOMETHING_ELSE) return said;
    cw_verdict end = cw_judge_ends(s, c, v, said);
    return end.state == CW_CARRIES ? cw_says(CW_CANNOT_TELL) : end; /* the block's bases were not read one by one */
}
