/* SPDX-License-Identifier: MIT */
/* verdict.c - what one read says of one change. Changes of length: the read's bases between two aligned flanks, or from one flank to the
 * read's end (clipped part too), are compared with the allele's. */
#include "count/haplotypes.h"

enum { NEARLY = 2 };          /* bases by which a gap beside the place may miss the allele and still be no reference */

typedef struct spelling { int off_flank, off_inserted, readable; bool unknown; } spelling;

/* How the read's bases between two aligned flanks spell the allele. lo and hi are at or outside c->left and c->right. */
static spelling spell(const cw_site *s, const cw_change *c, const cw_read_view *v, int64_t lo, int64_t hi, int32_t q_lo)
{
    spelling x = {0};
    int64_t before = c->beg - lo - 1, n = hi - lo - 1 + c->ins_len - c->del_len;
    for (int64_t k = 0; k < n; k++) {
        int32_t q = q_lo + 1 + (int32_t)k;
        if (!cw_read_view_passes(v, q)) continue;
        uint8_t want = k < before ? cw_site_ref(s, lo + 1 + k) : cw_alt_rightward(s, c, k - before);
        bool inserted = k >= before && k < before + c->ins_len;
        x.readable += inserted;
        x.unknown |= want == CW_NT_N;
        if (want != CW_NT_N && cw_read_view_base(v, q) != want) (*(inserted ? &x.off_inserted : &x.off_flank))++;
    }
    return x;
}

static cw_verdict judge_spelling(const cw_change *c, spelling x, int32_t q)
{
    if (x.off_flank + x.off_inserted > c->ins_len / CW_TOLERANCE) return cw_another(q);
    return (cw_verdict){c->ins_len && !x.readable ? CW_TOO_POOR : CW_CARRIES, CW_BY_GAP, 0, q, x.off_flank + x.off_inserted};
}

/* Gaps near the flanks, not between them: because the aligner wrote a delins in pieces, or because an error beside the gap moved it. A gap
 * of the allele's size that nearly spells it is not reference. DOES_NOT_SPAN: no such gap. */
static cw_verdict judge_nearby(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    int64_t lo, hi;
    if (!cw_move_over_gaps(c, v, &lo, &hi) || (lo == c->left && hi == c->right)) return cw_says(CW_DOES_NOT_SPAN);
    int32_t q_lo = cw_read_view_at(v, lo), q_hi = cw_read_view_at(v, hi);
    if (q_lo < 0 || q_hi < 0 || (q_hi - q_lo) - (hi - lo) != c->ins_len - c->del_len) return cw_says(CW_DOES_NOT_SPAN);
    spelling x = spell(s, c, v, lo, hi, q_lo);
    if (x.unknown) return cw_says(CW_DOES_NOT_SPAN); /* another change of this size, as likely */
    cw_verdict said = judge_spelling(c, x, q_lo);
    if (said.state == CW_SOMETHING_ELSE && x.off_flank + x.off_inserted > c->ins_len / CW_TOLERANCE + NEARLY) return cw_says(CW_DOES_NOT_SPAN);
    return said;
}

/* To the right of the left flank the read is no carrier. But it may begin inside the change, with its first bases aligned to the flank:
 * what is left of the right flank must not fit the allele as well. */
static cw_verdict judge_first_bases(const cw_site *s, const cw_change *c, const cw_read_view *v, cw_verdict said)
{
    const cw_anchor right = cw_right_anchor(s, c, v);
    cw_comparison head = cw_compare_head(s, c, v, right);
    int64_t lo, hi;
    const bool exact = !head.off_alt || v->plain || !cw_move_over_gaps(c, v, &lo, &hi); /* another gap of this size shifts the read as the allele does */
    if (exact && cw_fits_alt(&head, c)) return cw_carries(&head, right);
    if (exact && cw_leans_to_alt(&head)) return cw_says(CW_CANNOT_TELL);
    return c->ins_len > c->del_len && !head.telling ? cw_says(CW_TOO_POOR) : said;
}

/* Is the reference's base at the left flank proof that the read does not begin inside the change, or among repeats beside it? The last base of
 * a pure insertion, which is rolled to the left, is never the flank's. */
static bool flank_is_read(const cw_site *s, const cw_change *c, const cw_read_view *v, int32_t q_left)
{
    if (c->ins_len <= c->del_len) return !cw_is_alt_from_its_start(s, c, v);
    if (v->left_clip && c->left - v->pos < CW_SLACK_BP) return false; /* an error may have made it look like this */
    return !c->del_len && cw_read_view_passes(v, q_left) && cw_read_view_base(v, q_left) == cw_site_ref(s, c->left);
}

/* Without a FASTA the bases behind the change are not known, but a read without a gap brings them along: it is the reference when it has the
 * bases that go, and then does not go on as the allele would. A gap near by may be the allele at another of its placements. */
static cw_verdict judge_by_itself(const cw_site *s, const cw_change *c, const cw_read_view *v, int32_t q_left)
{
    int64_t lo, hi;
    const int32_t q_beg = q_left + 1, longer = c->del_len - c->ins_len;
    if (cw_read_view_at(v, c->end) != q_beg + c->del_len || (!v->plain && cw_move_over_gaps(c, v, &lo, &hi))) return cw_says(CW_CANNOT_TELL);
    for (int32_t k = 0; k < c->del_len; k++)
        if (cw_read_view_passes(v, q_beg + k) && cw_read_view_base(v, q_beg + k) != cw_site_ref(s, c->beg + k)) return cw_says(CW_CANNOT_TELL);
    for (int32_t k = 0; cw_read_view_at(v, c->beg + k + 1) == q_beg + k + 1; k++) {
        const int32_t q = q_beg + k;
        if (k >= c->ins_len && cw_read_view_at(v, c->beg + k + longer) != q + longer) break;
        if (!cw_read_view_passes(v, q) || (k >= c->ins_len && !cw_read_view_passes(v, q + longer))) continue;
        const uint8_t alt = k < c->ins_len ? c->ins[k] : cw_read_view_base(v, q + longer);
        if (cw_read_view_base(v, q) != alt) return (cw_verdict){CW_REFERENCE, v->qual[q], 0, q, 0};
    }
    return cw_says(CW_CANNOT_TELL);
}

static bool context_is_known(const cw_site *s, const cw_change *c) { return cw_alt_rightward(s, c, c->decide - c->left - 1) != CW_NT_N && cw_site_ref(s, c->decide) != CW_NT_N; }

static cw_verdict judge_without_gap(const cw_site *s, const cw_change *c, const cw_read_view *v, int32_t q_left)
{
    const cw_anchor left = {c->left, q_left, 0};
    cw_comparison span = cw_compare_tail(s, c, v, left, c->decide - c->left);
    if (span.off_ref == 0 && span.telling) {
        cw_verdict reference = {CW_REFERENCE, span.quality, 0, span.q, 0};
        if (v->right_clip && v->end - c->decide <= CW_SLACK_BP) return cw_judge_ends(s, c, v, reference); /* an error may have made it look like this */
        return flank_is_read(s, c, v, q_left) ? reference : judge_first_bases(s, c, v, reference);
    }
    /* an error or a poor base where it matters: the rest of the read tells which haplotype it continues */
    cw_comparison tail = cw_compare_tail(s, c, v, left, CW_FLANK_BP);
    if (cw_fits_alt(&tail, c)) return cw_carries(&tail, left);
    if (!tail.telling && !context_is_known(s, c)) {
        cw_verdict said = judge_by_itself(s, c, v, q_left);
        return said.state != CW_REFERENCE || flank_is_read(s, c, v, q_left) ? said : judge_first_bases(s, c, v, said);
    }
    if (!tail.telling) return cw_says(CW_TOO_POOR);
    if (cw_leans_to_alt(&tail)) return cw_says(CW_CANNOT_TELL);
    cw_verdict said = {tail.off_ref < tail.off_alt ? CW_REFERENCE : CW_SOMETHING_ELSE, tail.quality, 0, tail.q, 0};
    return judge_first_bases(s, c, v, said);
}

/* The left flank is aligned, but the read ends, is clipped or has a gap before it covers what decides. */
static cw_verdict judge_tail(const cw_site *s, const cw_change *c, const cw_read_view *v, int32_t q_left)
{
    const cw_anchor left = {c->left, q_left, 0};
    cw_comparison tail = cw_compare_tail(s, c, v, left, CW_FLANK_BP);
    if (cw_fits_alt(&tail, c)) return cw_carries(&tail, left);
    int64_t last = v->to - 1;
    int32_t q_last = cw_read_view_at(v, last);
    int64_t net = q_last >= 0 ? (q_last - q_left) - (last - c->left) : 0;
    if (net == c->ins_len - c->del_len && tail.off_alt == 0 && tail.off_ref > 0) return (cw_verdict){CW_CARRIES, CW_BY_GAP, 0, q_left, 0};
    if (net != 0 && tail.off_alt > 0) return cw_another(q_left);
    const cw_verdict said = tail.off_alt == 0 ? cw_says(CW_CANNOT_TELL) : cw_says(CW_DOES_NOT_SPAN);
    return tail.telling ? said : cw_judge_ends(s, c, v, said); /* nothing to the right of the flank tells: a clip to its left may */
}

static cw_verdict judge_aligned(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    int32_t q_left = cw_read_view_at(v, c->left), q_right = cw_read_view_at(v, c->right);
    if (q_left == CW_AT_DELETED) return cw_another(-1);
    if (q_left < 0) return cw_judge_ends(s, c, v, cw_says(CW_DOES_NOT_SPAN));
    if (q_right >= 0) {
        int64_t net = (q_right - q_left) - (c->right - c->left);
        if (net == c->ins_len - c->del_len) return judge_spelling(c, spell(s, c, v, c->left, c->right, q_left), q_left);
        if (net != 0) return cw_another(q_left);
    }
    int32_t q_decide = cw_read_view_at(v, c->decide);
    if (q_decide >= 0 && q_decide - q_left == c->decide - c->left) return judge_without_gap(s, c, v, q_left);
    if (q_decide == CW_AT_DELETED || (q_decide >= 0 && q_right >= 0)) return cw_another(q_left);
    return judge_tail(s, c, v, q_left);
}

static cw_verdict judge_length(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    if (!v->plain) {
        cw_verdict near = judge_nearby(s, c, v);
        if (near.state != CW_DOES_NOT_SPAN) return near;
    }
    cw_verdict said = judge_aligned(s, c, v);
    int64_t lo, hi;
    if (v->plain || (said.state != CW_REFERENCE && said.state != CW_SOMETHING_ELSE) || !cw_move_over_gaps(c, v, &lo, &hi)) return said;
    return cw_judge_ends(s, c, v, said);
}

cw_verdict cw_verdict_of(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    return c->none ? cw_says(CW_DOES_NOT_SPAN) : c->substitution ? cw_judge_substitution(s, c, v) : judge_length(s, c, v);
}
