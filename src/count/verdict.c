/* SPDX-License-Identifier: MIT */
/* verdict.c - what one read says of one change. Changes of equal length are decided base by base; changes of length by comparing the
 * read's bases between two aligned flanks, or from one flank to the read's end (clipped part too), with the allele's. */
#include "count/verdict.h"

enum { TAIL_ADVANTAGE = 4 };  /* bases by which a clipped or mismatching tail must fit the allele better than the reference */
enum { TOLERANCE = 20 };      /* one differing base in so many is taken for a sequencing error in long comparisons */
enum { NEARLY = 2 };          /* bases by which a gap beside the place may miss the allele and still be no reference */

static const cw_verdict does_not_span = {CW_DOES_NOT_SPAN, 0, 0, -1, 0}, cannot_tell = {CW_CANNOT_TELL, 0, 0, -1, 0}, too_poor = {CW_TOO_POOR, 0, 0, -1, 0};

static cw_verdict another(int32_t q) { return (cw_verdict){CW_SOMETHING_ELSE, CW_BY_GAP, 0, q, 0}; }

/* ---- the read against both haplotypes ---- */

/* k-th base to the right of the left flank, and to the left of the right flank, on the haplotype that carries the change. */
static uint8_t alt_rightward(const cw_site *s, const cw_change *c, int64_t k)
{
    if (k < 0) return cw_site_ref(s, c->beg + k);
    return k < c->ins_len ? c->ins[k] : cw_site_ref(s, c->end + k - c->ins_len);
}

static uint8_t alt_leftward(const cw_site *s, const cw_change *c, int64_t k)
{
    int64_t right_part = c->right - c->end;
    if (k < right_part) return cw_site_ref(s, c->right - 1 - k);
    k -= right_part;
    return k < c->ins_len ? c->ins[c->ins_len - 1 - k] : cw_site_ref(s, c->beg - 1 - (k - c->ins_len));
}

/* The flanks, moved out over the gaps that the aligner put within some bases of them. False: there is no gap near. */
static bool move_over_gaps(const cw_change *c, const cw_read_view *v, int64_t *lo, int64_t *hi)
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

/* A base of the read and its place on the reference, from which a comparison goes to the read's end. q < 0: none. off: bases between the
 * alignment and an anchor in its clip that differ from the reference. */
typedef struct anchor { int64_t pos; int32_t q; int off; } anchor;

/* The anchor in a clip that begins before it, at an error. Both haplotypes have the reference in [from, to), between the alignment and the change:
 * where the read has something else it ends at another breakpoint. One of three or more may differ, the error. */
static anchor anchor_in_clip(const cw_site *s, const cw_read_view *v, int64_t pos, int64_t from, int64_t to)
{
    const anchor none = {pos, CW_AT_OUTSIDE, 0};
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
    return off <= (n >= 3) ? (anchor){pos, q, off} : none;
}

/* The left flank; or the first aligned base, where the read begins among the equivalent placements: up to the last of them both
 * haplotypes are the same; or the left flank in a clip that begins a little before it. */
static anchor left_anchor(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    int32_t q = cw_read_view_at(v, c->left);
    if (q != CW_AT_OUTSIDE) return (anchor){c->left, q, 0};
    if (v->end <= c->left && c->left - v->end < CW_SLACK_BP) return anchor_in_clip(s, v, c->left, v->end, c->left + 1);
    if (v->from > c->left && v->from < c->beg + c->shift) return (anchor){v->from, cw_read_view_at(v, v->from), 0};
    return (anchor){c->left, CW_AT_OUTSIDE, 0};
}

static anchor right_anchor(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    int32_t q = cw_read_view_at(v, c->right);
    if (q != CW_AT_OUTSIDE) return (anchor){c->right, q, 0};
    if (v->pos > c->right && v->pos - c->right <= CW_SLACK_BP) return anchor_in_clip(s, v, c->right, c->right, v->pos);
    if (v->to - 1 < c->right && v->to - 1 >= c->end) return (anchor){v->to - 1, cw_read_view_at(v, v->to - 1), 0};
    return (anchor){c->right, CW_AT_OUTSIDE, 0};
}

typedef struct comparison {
    int n;             /* bases that pass, where both haplotypes are known */
    int off_ref, off_alt;
    int telling;       /* bases at which the haplotypes differ */
    uint8_t quality;   /* of the first telling base */
    int32_t q;
} comparison;

static void compare_base(comparison *m, const cw_read_view *v, int32_t q, uint8_t ref, uint8_t alt)
{
    if (!cw_read_view_passes(v, q) || ref == CW_NT_N || alt == CW_NT_N) return;
    uint8_t base = cw_read_view_base(v, q);
    m->n++;
    m->off_ref += base != ref;
    m->off_alt += base != alt;
    if (ref == alt) return;
    if (!m->telling++) m->quality = v->qual[q], m->q = q;
}

static int64_t longer_by(const cw_change *c) { return c->ins_len > c->del_len ? c->ins_len - c->del_len : 0; }

/* To the right of the anchor: at most limit bases, and not past the fragment's end on the longer haplotype. */
static comparison compare_tail(const cw_site *s, const cw_change *c, const cw_read_view *v, anchor a, int64_t limit)
{
    comparison m = {0};
    if (a.q < 0) return m;
    int64_t n = v->n_bases - 1 - a.q, fragment = v->frag_end - (a.pos + 1) + longer_by(c), before = a.pos - c->left;
    if (n > limit) n = limit;
    if (n > fragment) n = fragment;
    for (int64_t k = 0; k < n; k++) compare_base(&m, v, a.q + 1 + (int32_t)k, cw_site_ref(s, a.pos + 1 + k), alt_rightward(s, c, before + k));
    return m;
}

static comparison compare_head(const cw_site *s, const cw_change *c, const cw_read_view *v, anchor a)
{
    comparison m = {0};
    if (a.q < 0) return m;
    int64_t n = a.q, fragment = a.pos - v->frag_beg + longer_by(c), before = c->right - a.pos;
    if (n > CW_FLANK_BP) n = CW_FLANK_BP;
    if (n > fragment) n = fragment;
    for (int64_t k = 0; k < n; k++) compare_base(&m, v, a.q - 1 - (int32_t)k, cw_site_ref(s, a.pos - 1 - k), alt_leftward(s, c, before + k));
    return m;
}

static bool fits_alt(const comparison *m) { return m->off_alt <= m->n / TOLERANCE && m->off_ref - m->off_alt >= TAIL_ADVANTAGE; }

static cw_verdict carries(const comparison *m, anchor from) { return (cw_verdict){CW_CARRIES, m->quality, 0, m->q, m->off_alt + from.off}; }

/* It fits the allele, by too few bases to be sure. */
static bool leans_to_alt(const comparison *m) { return m->off_alt <= m->n / TOLERANCE && m->off_ref > m->off_alt; }

/* A read that does not spell the allele may begin or end inside the change, clipped there by the aligner, or written as another gap: then
 * the comparison starts on the far side of that gap and ignores it, and nothing may differ. */
static cw_verdict judge_ends(const cw_site *s, const cw_change *c, const cw_read_view *v, cw_verdict otherwise)
{
    anchor left = left_anchor(s, c, v), right = right_anchor(s, c, v);
    int64_t lo, hi;
    const bool gaps = !v->plain && move_over_gaps(c, v, &lo, &hi);
    if (gaps && lo < c->left) left = (anchor){lo, cw_read_view_at(v, lo), 0};
    if (gaps && hi > c->right) right = (anchor){hi, cw_read_view_at(v, hi), 0};
    comparison head = compare_head(s, c, v, right), tail = compare_tail(s, c, v, left, CW_FLANK_BP);
    const bool by_head = !gaps || !head.off_alt, by_tail = !gaps || !tail.off_alt;
    if (by_head && fits_alt(&head)) return carries(&head, right);
    if (by_tail && fits_alt(&tail)) return carries(&tail, left);
    return (by_head && leans_to_alt(&head)) || (by_tail && leans_to_alt(&tail)) ? cannot_tell : otherwise;
}

typedef struct spelling { int off_flank, off_inserted, readable; bool unknown; } spelling;

/* How the read's bases between two aligned flanks spell the allele. lo and hi are at or outside c->left and c->right. */
static spelling spell(const cw_site *s, const cw_change *c, const cw_read_view *v, int64_t lo, int64_t hi, int32_t q_lo)
{
    spelling x = {0};
    int64_t before = c->beg - lo - 1, n = hi - lo - 1 + c->ins_len - c->del_len;
    for (int64_t k = 0; k < n; k++) {
        int32_t q = q_lo + 1 + (int32_t)k;
        if (!cw_read_view_passes(v, q)) continue;
        uint8_t want = k < before ? cw_site_ref(s, lo + 1 + k) : alt_rightward(s, c, k - before);
        bool inserted = k >= before && k < before + c->ins_len;
        x.readable += inserted;
        x.unknown |= want == CW_NT_N;
        if (want != CW_NT_N && cw_read_view_base(v, q) != want) (*(inserted ? &x.off_inserted : &x.off_flank))++;
    }
    return x;
}

static cw_verdict judge_spelling(const cw_change *c, spelling x, int32_t q)
{
    if (x.off_flank + x.off_inserted > c->ins_len / TOLERANCE) return another(q);
    return (cw_verdict){c->ins_len && !x.readable ? CW_TOO_POOR : CW_CARRIES, CW_BY_GAP, 0, q, x.off_flank + x.off_inserted};
}

/* ---- changes of equal length ---- */

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
    if (right ? c->beg < v->pos || c->beg - v->end >= CW_SLACK_BP : c->end > v->end || v->pos - c->end >= CW_SLACK_BP) return does_not_span;
    for (int32_t k = 0, last = 0; k < c->del_len; k++) {
        const int64_t pos = c->beg + k;
        int32_t q = cw_read_view_at(v, pos);
        if (q == CW_AT_OUTSIDE) q = in_clip(v, pos);
        if (q < 0 || (k && q != last + 1)) return does_not_span;
        last = q;
        if (cw_site_ref(s, pos) == block_base(s, c, pos)) continue;
        if (!cw_read_view_passes(v, q) || cw_read_view_base(v, q) != block_base(s, c, pos)) return does_not_span;
        if (v->qual[q] < out.quality) out.quality = v->qual[q], out.q = q;
    }
    int n = 0, off = 0;
    const int step = right ? 1 : -1;
    for (int64_t pos = right ? v->end : v->pos - 1;; pos += step) {
        int32_t q = in_clip(v, pos);
        if (q < 0) break;
        uint8_t want = block_base(s, c, pos);
        if (want == CW_NT_N) return does_not_span;
        if (!cw_read_view_passes(v, q)) continue;
        n++;
        off += cw_read_view_base(v, q) != want;
    }
    return off <= n / TOLERANCE ? out : does_not_span;
}

/* The aligner wrote the block as gaps that cancel out: are the bases between the flanks the allele's, one by one? DOES_NOT_SPAN: no such gaps. */
static cw_verdict judge_gapped_block(const cw_site *s, const cw_change *c, const cw_read_view *v, int64_t lo, int64_t hi)
{
    cw_verdict out = {CW_CARRIES, 255, 0, -1, 0};
    int32_t q_lo = cw_read_view_at(v, lo), q_hi = cw_read_view_at(v, hi);
    bool poor = false;
    if (q_lo < 0 || q_hi < 0 || q_hi - q_lo != hi - lo) return does_not_span;
    for (int64_t pos = lo + 1; pos < hi; pos++) {
        int32_t q = q_lo + (int32_t)(pos - lo);
        bool changed = cw_site_ref(s, pos) != block_base(s, c, pos);
        if (!cw_read_view_passes(v, q)) poor |= changed;
        else if (cw_read_view_base(v, q) != block_base(s, c, pos)) return (cw_verdict){CW_SOMETHING_ELSE, v->qual[q], 0, q, 0};
        else if (changed && v->qual[q] < out.quality) out.quality = v->qual[q], out.q = q;
    }
    return poor ? too_poor : out;
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
        if (q == CW_AT_DELETED) return another(-1);
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
    if (first != last) return another(-1); /* bases inserted inside the block */
    if (missing) return voted_ref || voted_else ? does_not_span : cannot_tell;
    if (!voted_alt && !voted_ref && !voted_else) return too_poor;
    if (voted_else || (voted_alt && voted_ref)) return (cw_verdict){CW_SOMETHING_ELSE, quality, c->del_len == 1 ? base : 0, at, 0};
    if (voted_alt && masked) return too_poor; /* it may carry a part of the block only: a neighbour's allele */
    return (cw_verdict){voted_alt ? CW_CARRIES : CW_REFERENCE, quality, c->del_len == 1 ? base : 0, at, 0};
}

static cw_verdict judge_substitution(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    if (c->del_len == 1) return vote_block(s, c, v);
    if ((v->left_clip || v->right_clip) && (c->beg < v->pos || c->end > v->end)) {
        cw_verdict clipped = judge_clipped_block(s, c, v);
        if (clipped.state == CW_CARRIES) return clipped;
    }
    int64_t lo, hi;
    if (v->plain || !move_over_gaps(c, v, &lo, &hi)) return vote_block(s, c, v);
    cw_verdict gapped = judge_gapped_block(s, c, v, lo, hi);
    if (gapped.state == CW_CARRIES || gapped.state == CW_TOO_POOR) return gapped;
    cw_verdict said = vote_block(s, c, v);
    if (gapped.state == CW_SOMETHING_ELSE) return said.state == CW_SOMETHING_ELSE ? gapped : said; /* its bases say so, not its gaps */
    if (said.state != CW_REFERENCE && said.state != CW_SOMETHING_ELSE) return said;
    cw_verdict end = judge_ends(s, c, v, said);
    return end.state == CW_CARRIES ? cannot_tell : end; /* the block's bases were not read one by one */
}

/* ---- changes of length ---- */

/* Gaps near the flanks, not between them: because the aligner wrote a delins in pieces, or because an error beside the gap moved it. A gap
 * of the allele's size that nearly spells it is not reference. DOES_NOT_SPAN: no such gap. */
static cw_verdict judge_nearby(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    int64_t lo, hi;
    if (!move_over_gaps(c, v, &lo, &hi) || (lo == c->left && hi == c->right)) return does_not_span;
    int32_t q_lo = cw_read_view_at(v, lo), q_hi = cw_read_view_at(v, hi);
    if (q_lo < 0 || q_hi < 0 || (q_hi - q_lo) - (hi - lo) != c->ins_len - c->del_len) return does_not_span;
    spelling x = spell(s, c, v, lo, hi, q_lo);
    if (x.unknown) return does_not_span; /* another change of this size, as likely */
    cw_verdict said = judge_spelling(c, x, q_lo);
    if (said.state == CW_SOMETHING_ELSE && x.off_flank + x.off_inserted > c->ins_len / TOLERANCE + NEARLY) return does_not_span;
    return said;
}

/* To the right of the left flank the read is no carrier. But it may begin inside the change, with its first bases aligned to the flank:
 * what is left of the right flank must not fit the allele as well. */
static cw_verdict judge_first_bases(const cw_site *s, const cw_change *c, const cw_read_view *v, cw_verdict said)
{
    const anchor right = right_anchor(s, c, v);
    comparison head = compare_head(s, c, v, right);
    int64_t lo, hi;
    const bool exact = !head.off_alt || v->plain || !move_over_gaps(c, v, &lo, &hi); /* another gap of this size shifts the read as the allele does */
    if (exact && fits_alt(&head)) return carries(&head, right);
    if (exact && leans_to_alt(&head)) return cannot_tell;
    return c->ins_len > c->del_len && !head.telling ? too_poor : said;
}

/* Read leftwards from the right flank, is the read the allele's to its first base, and not the reference's? So is a carrier that begins among
 * repeats on the left: aligned without a gap, it has the reference's bases at the flank and differs further on. */
static bool is_alt_from_its_start(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    const anchor a = right_anchor(s, c, v);
    comparison m = {0};
    if (a.q <= 0) return false;
    int64_t n = a.q, fragment = a.pos - v->frag_beg + longer_by(c), before = c->right - a.pos;
    if (n > CW_FLANK_BP) n = CW_FLANK_BP;
    if (n > fragment) n = fragment;
    for (int64_t k = 0; k < n && !m.off_alt; k++) compare_base(&m, v, a.q - 1 - (int32_t)k, cw_site_ref(s, a.pos - 1 - k), alt_leftward(s, c, before + k));
    return !m.off_alt && m.off_ref;
}

/* Is the reference's base at the left flank proof that the read does not begin inside the change, or among repeats beside it? The last base of
 * a pure insertion, which is rolled to the left, is never the flank's. */
static bool flank_is_read(const cw_site *s, const cw_change *c, const cw_read_view *v, int32_t q_left)
{
    if (c->ins_len <= c->del_len) return !is_alt_from_its_start(s, c, v);
    if (v->left_clip && c->left - v->pos < CW_SLACK_BP) return false; /* an error may have made it look like this */
    return !c->del_len && cw_read_view_passes(v, q_left) && cw_read_view_base(v, q_left) == cw_site_ref(s, c->left);
}

/* Without a FASTA the bases behind the change are not known, but a read without a gap brings them along: it is the reference when it has the
 * bases that go, and then does not go on as the allele would. A gap near by may be the allele at another of its placements. */
static cw_verdict judge_by_itself(const cw_site *s, const cw_change *c, const cw_read_view *v, int32_t q_left)
{
    int64_t lo, hi;
    const int32_t q_beg = q_left + 1, longer = c->del_len - c->ins_len;
    if (cw_read_view_at(v, c->end) != q_beg + c->del_len || (!v->plain && move_over_gaps(c, v, &lo, &hi))) return cannot_tell;
    for (int32_t k = 0; k < c->del_len; k++)
        if (cw_read_view_passes(v, q_beg + k) && cw_read_view_base(v, q_beg + k) != cw_site_ref(s, c->beg + k)) return cannot_tell;
    for (int32_t k = 0; cw_read_view_at(v, c->beg + k + 1) == q_beg + k + 1; k++) {
        const int32_t q = q_beg + k;
        if (k >= c->ins_len && cw_read_view_at(v, c->beg + k + longer) != q + longer) break;
        if (!cw_read_view_passes(v, q) || (k >= c->ins_len && !cw_read_view_passes(v, q + longer))) continue;
        const uint8_t alt = k < c->ins_len ? c->ins[k] : cw_read_view_base(v, q + longer);
        if (cw_read_view_base(v, q) != alt) return (cw_verdict){CW_REFERENCE, v->qual[q], 0, q, 0};
    }
    return cannot_tell;
}

static bool context_is_known(const cw_site *s, const cw_change *c) { return alt_rightward(s, c, c->decide - c->left - 1) != CW_NT_N && cw_site_ref(s, c->decide) != CW_NT_N; }

static cw_verdict judge_without_gap(const cw_site *s, const cw_change *c, const cw_read_view *v, int32_t q_left)
{
    const anchor left = {c->left, q_left, 0};
    comparison span = compare_tail(s, c, v, left, c->decide - c->left);
    if (span.off_ref == 0 && span.telling) {
        cw_verdict reference = {CW_REFERENCE, span.quality, 0, span.q, 0};
        if (v->right_clip && v->end - c->decide <= CW_SLACK_BP) return judge_ends(s, c, v, reference); /* an error may have made it look like this */
        return flank_is_read(s, c, v, q_left) ? reference : judge_first_bases(s, c, v, reference);
    }
    /* an error or a poor base where it matters: the rest of the read tells which haplotype it continues */
    comparison tail = compare_tail(s, c, v, left, CW_FLANK_BP);
    if (fits_alt(&tail)) return carries(&tail, left);
    if (!tail.telling && !context_is_known(s, c)) {
        cw_verdict said = judge_by_itself(s, c, v, q_left);
        return said.state != CW_REFERENCE || flank_is_read(s, c, v, q_left) ? said : judge_first_bases(s, c, v, said);
    }
    if (!tail.telling) return too_poor;
    if (leans_to_alt(&tail)) return cannot_tell;
    cw_verdict said = {tail.off_ref < tail.off_alt ? CW_REFERENCE : CW_SOMETHING_ELSE, tail.quality, 0, tail.q, 0};
    return judge_first_bases(s, c, v, said);
}

/* The left flank is aligned, but the read ends, is clipped or has a gap before it covers what decides. */
static cw_verdict judge_tail(const cw_site *s, const cw_change *c, const cw_read_view *v, int32_t q_left)
{
    const anchor left = {c->left, q_left, 0};
    comparison tail = compare_tail(s, c, v, left, CW_FLANK_BP);
    if (fits_alt(&tail)) return carries(&tail, left);
    int64_t last = v->to - 1;
    int32_t q_last = cw_read_view_at(v, last);
    int64_t net = q_last >= 0 ? (q_last - q_left) - (last - c->left) : 0;
    if (net == c->ins_len - c->del_len && tail.off_alt == 0 && tail.off_ref > 0) return (cw_verdict){CW_CARRIES, CW_BY_GAP, 0, q_left, 0};
    if (net != 0 && tail.off_alt > 0) return another(q_left);
    const cw_verdict said = tail.off_alt == 0 ? cannot_tell : does_not_span;
    return tail.telling ? said : judge_ends(s, c, v, said); /* nothing to the right of the flank tells: a clip to its left may */
}

static cw_verdict judge_aligned(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    int32_t q_left = cw_read_view_at(v, c->left), q_right = cw_read_view_at(v, c->right);
    if (q_left == CW_AT_DELETED) return another(-1);
    if (q_left < 0) return judge_ends(s, c, v, does_not_span);
    if (q_right >= 0) {
        int64_t net = (q_right - q_left) - (c->right - c->left);
        if (net == c->ins_len - c->del_len) return judge_spelling(c, spell(s, c, v, c->left, c->right, q_left), q_left);
        if (net != 0) return another(q_left);
    }
    int32_t q_decide = cw_read_view_at(v, c->decide);
    if (q_decide >= 0 && q_decide - q_left == c->decide - c->left) return judge_without_gap(s, c, v, q_left);
    if (q_decide == CW_AT_DELETED || (q_decide >= 0 && q_right >= 0)) return another(q_left);
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
    if (v->plain || (said.state != CW_REFERENCE && said.state != CW_SOMETHING_ELSE) || !move_over_gaps(c, v, &lo, &hi)) return said;
    return judge_ends(s, c, v, said);
}

cw_verdict cw_verdict_of(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    return c->none ? does_not_span : c->substitution ? judge_substitution(s, c, v) : judge_length(s, c, v);
}
