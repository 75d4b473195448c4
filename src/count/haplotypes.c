/* SPDX-License-Identifier: MIT */
/* haplotypes.c - the comparison, base by base, and where it starts. */
#include "count/haplotypes.h"

uint8_t cw_alt_rightward(const cw_site *s, const cw_change *c, int64_t k)
{
    if (k < 0) return cw_site_ref(s, c->beg + k);
    return k < c->ins_len ? c->ins[k] : cw_site_ref(s, c->end + k - c->ins_len);
}

/* The same to the left of the right flank. */
static uint8_t alt_leftward(const cw_site *s, const cw_change *c, int64_t k)
{
    int64_t right_part = c->right - c->end;
    if (k < right_part) return cw_site_ref(s, c->right - 1 - k);
    k -= right_part;
    return k < c->ins_len ? c->ins[c->ins_len - 1 - k] : cw_site_ref(s, c->beg - 1 - (k - c->ins_len));
}

bool cw_move_over_gaps(const cw_change *c, const cw_read_view *v, int64_t *lo, int64_t *hi)
{
    int64_t ref = v->pos;
    bool any = false;
    *lo = c->left;
    *hi = c->right;
    for (int i = 0; i < v->n_cigar; i++) {
        int op = bam_cigar_op(v->cigar[i]);
        int32_t len = (int32_t)bam_cigar_oplen(v->cigar[i]);
        int64_t end = ref + (bam_cigar_type(op) & 2 ? len : 0);
        if ((op == BAM_CINS || op == BAM_CDEL) && ref <= c->right + CW_SLACK_BP && end >= c->left - CW_SLACK_BP) {
            any = true;
            if (ref - 1 < *lo) *lo = ref - 1;
            if (end > *hi) *hi = end;
        }
        ref = end;
    }
    return any;
}

/* The anchor in a clip that begins before it, at an error. Both haplotypes have the reference in [from, to), between the alignment and the change:
 * where the read has something else it ends at another breakpoint. One of three or more may differ, the error. */
static cw_anchor anchor_in_clip(const cw_site *s, const cw_read_view *v, int64_t pos, int64_t from, int64_t to)
{
    const cw_anchor none = {pos, CW_AT_OUTSIDE, 0};
    const int32_t q = cw_read_view_in_clip(v, pos);
    int n = 0, off = 0;
    if (q < 0) return none;
    for (int64_t p = from; p < to; p++) {
        const int32_t at = q + (int32_t)(p - pos);
        const uint8_t ref = cw_site_ref(s, p);
        if (ref == CW_NT_N) return none;
        if (!cw_read_view_passes(v, at)) continue;
        n++;
        off += cw_read_view_base(v, at) != ref;
    }
    return off <= (n >= 3) ? (cw_anchor){pos, q, off} : none;
}

/* The left flank; or the first aligned base, where the read begins among the equivalent placements: up to the last of them both
 * haplotypes are the same; or the left flank in a clip that begins a little before it. */
cw_anchor cw_left_anchor(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    int32_t q = cw_read_view_at(v, c->left);
    if (q != CW_AT_OUTSIDE) return (cw_anchor){c->left, q, 0};
    if (v->end <= c->left && c->left - v->end < CW_SLACK_BP) return anchor_in_clip(s, v, c->left, v->end, c->left + 1);
    if (v->from > c->left && v->from < c->beg + c->shift) return (cw_anchor){v->from, cw_read_view_at(v, v->from), 0};
    return (cw_anchor){c->left, CW_AT_OUTSIDE, 0};
}

cw_anchor cw_right_anchor(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    int32_t q = cw_read_view_at(v, c->right);
    if (q != CW_AT_OUTSIDE) return (cw_anchor){c->right, q, 0};
    if (v->pos > c->right && v->pos - c->right <= CW_SLACK_BP) return anchor_in_clip(s, v, c->right, c->right, v->pos);
    if (v->to - 1 < c->right && v->to - 1 >= c->end) return (cw_anchor){v->to - 1, cw_read_view_at(v, v->to - 1), 0};
    return (cw_anchor){c->right, CW_AT_OUTSIDE, 0};
}

static void compare_base(cw_comparison *m, const cw_read_view *v, int32_t q, uint8_t ref, uint8_t alt, bool inserted)
{
    if (!cw_read_view_passes(v, q) || ref == CW_NT_N || alt == CW_NT_N) return;
    uint8_t base = cw_read_view_base(v, q);
    m->n++;
    m->off_ref += base != ref;
    m->off_alt += base != alt;
    m->off_inserted += inserted && base != alt;
    if (ref == alt) return;
    if (!m->telling++) m->quality = v->qual[q], m->q = q;
}

static int64_t longer_by(const cw_change *c) { return c->ins_len > c->del_len ? c->ins_len - c->del_len : 0; }

cw_comparison cw_compare_tail(const cw_site *s, const cw_change *c, const cw_read_view *v, cw_anchor a, int64_t limit)
{
    cw_comparison m = {0};
    if (a.q < 0) return m;
    int64_t n = v->n_bases - 1 - a.q, fragment = v->frag_end - (a.pos + 1) + longer_by(c), before = a.pos - c->left;
    if (n > limit) n = limit;
    if (n > fragment) n = fragment;
    for (int64_t k = 0; k < n; k++)
        compare_base(&m, v, a.q + 1 + (int32_t)k, cw_site_ref(s, a.pos + 1 + k), cw_alt_rightward(s, c, before + k), before + k >= 0 && before + k < c->ins_len);
    return m;
}

/* How many bases to the left of the anchor are compared: not past the fragment's start on the longer haplotype. */
static int64_t leftward_bases(const cw_change *c, const cw_read_view *v, cw_anchor a)
{
    const int64_t n = a.q < CW_FLANK_BP ? a.q : CW_FLANK_BP, fragment = a.pos - v->frag_beg + longer_by(c);
    return n < fragment ? n : fragment;
}

static void compare_leftward(cw_comparison *m, const cw_site *s, const cw_change *c, const cw_read_view *v, cw_anchor a, int64_t k)
{
    const int64_t from_right = c->right - a.pos + k, in_change = from_right - (c->right - c->end);
    compare_base(m, v, a.q - 1 - (int32_t)k, cw_site_ref(s, a.pos - 1 - k), alt_leftward(s, c, from_right), in_change >= 0 && in_change < c->ins_len);
}

cw_comparison cw_compare_head(const cw_site *s, const cw_change *c, const cw_read_view *v, cw_anchor a)
{
    cw_comparison m = {0};
    const int64_t n = leftward_bases(c, v, a);
    for (int64_t k = 0; k < n; k++) compare_leftward(&m, s, c, v, a, k);
    return m;
}

bool cw_is_alt_from_its_start(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    cw_comparison m = {0};
    const cw_anchor a = cw_right_anchor(s, c, v);
    const int64_t n = leftward_bases(c, v, a);
    for (int64_t k = 0; k < n && !m.off_alt; k++) compare_leftward(&m, s, c, v, a, k);
    return !m.off_alt && m.off_ref;
}

/* A read that does not spell the allele may begin or end inside the change, clipped there by the aligner, or written as another gap: then
 * the comparison starts on the far side of that gap and ignores it, and nothing may differ. */
cw_verdict cw_judge_ends(const cw_site *s, const cw_change *c, const cw_read_view *v, cw_verdict otherwise)
{
    cw_anchor left = cw_left_anchor(s, c, v), right = cw_right_anchor(s, c, v);
    int64_t lo, hi;
    const bool gaps = !v->plain && cw_move_over_gaps(c, v, &lo, &hi);
    if (gaps && lo < c->left) left = (cw_anchor){lo, cw_read_view_at(v, lo), 0};
    if (gaps && hi > c->right) right = (cw_anchor){hi, cw_read_view_at(v, hi), 0};
    cw_comparison head = cw_compare_head(s, c, v, right), tail = cw_compare_tail(s, c, v, left, CW_FLANK_BP);
    const bool by_head = !gaps || !head.off_alt, by_tail = !gaps || !tail.off_alt;
    if (by_head && cw_fits_alt(&head, c)) return cw_carries(&head, right);
    if (by_tail && cw_fits_alt(&tail, c)) return cw_carries(&tail, left);
    return (by_head && cw_leans_to_alt(&head)) || (by_tail && cw_leans_to_alt(&tail)) ? cw_says(CW_CANNOT_TELL) : otherwise;
}
