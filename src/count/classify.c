/* SPDX-License-Identifier: MIT */
/* classify.c - what one read says at one locus. Changes of equal length are decided base by base; changes of length by comparing the
 * read's bases between two aligned flanks, or from one flank to the read's end (clipped part too), with the allele's. */
#include "count/classify.h"

#include <stdlib.h>

enum { DELETED = -1, SKIPPED = -2, OUTSIDE = -3 };
enum { TAIL_ADVANTAGE = 4 };  /* bases by which a clipped or mismatching tail must fit the allele better than the reference */
enum { TOLERANCE = 20 };      /* one differing base in so many is taken for a sequencing error in long comparisons */
enum { GAP_SLACK_BP = 10 };   /* aligners write one change as several gaps, or beside its place, within about this distance */
enum { NEARLY = 2 };          /* bases by which such a gap may miss the allele and still be no reference */
enum { BY_GAP = 254 };        /* quality of a vote that an alignment gap of exactly the allele's size supports */

typedef enum state { REFERENCE, CARRIES, SOMETHING_ELSE, TOO_POOR, CANNOT_TELL, DOES_NOT_SPAN } state;

typedef struct verdict { state state; uint8_t quality, base; int32_t q; } verdict;

static inline uint8_t base_at(const cw_read_view *v, int32_t q) { return bam_seqi(v->seq, q); }
static inline bool passes(const cw_read_view *v, int32_t q) { return v->qual[q] >= v->min_baseq && base_at(v, q) != CW_NT_N; }

/* Index of the base aligned to the position, or why there is none. */
static int32_t locate(const cw_read_view *v, int64_t pos)
{
    if (pos < v->from || pos >= v->to) return OUTSIDE;
    if (v->plain) return v->left_clip + (int32_t)(pos - v->pos);
    int64_t ref = v->pos;
    int32_t query = 0;
    for (int i = 0; i < v->n_cigar; i++) {
        int op = bam_cigar_op(v->cigar[i]), type = bam_cigar_type(op);
        int32_t len = (int32_t)bam_cigar_oplen(v->cigar[i]);
        if ((type & 2) && pos < ref + len) return type == 3 ? query + (int32_t)(pos - ref) : op == BAM_CDEL ? DELETED : SKIPPED;
        if (type & 1) query += len;
        if (type & 2) ref += len;
    }
    return OUTSIDE;
}

/* ---- changes of equal length ---- */

static verdict judge_substitution(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    int voted_alt = 0, voted_ref = 0, voted_else = 0, missing = 0, masked = 0;
    int32_t first = INT32_MIN, last = INT32_MIN; /* query index less place in the block: moves when bases are inserted between */
    uint8_t quality = 255, base = 0;
    int32_t at = -1;
    for (int32_t k = 0; k < c->del_len; k++) {
        uint8_t ref = cw_site_ref(s, c->beg + k);
        int32_t q = locate(v, c->beg + k);
        if (q == DELETED) return (verdict){SOMETHING_ELSE, BY_GAP, 0, -1};
        if (q >= 0) {
            if (first == INT32_MIN) first = q - k;
            last = q - k;
        }
        if (ref == c->ins[k]) continue;
        if (q < 0) {
            missing++;
            continue;
        }
        if (!passes(v, q)) {
            masked++;
            continue;
        }
        base = base_at(v, q);
        if (v->qual[q] < quality) quality = v->qual[q], at = q;
        if (base == c->ins[k]) voted_alt++;
        else if (base == ref) voted_ref++;
        else voted_else++;
    }
    if (first != last) return (verdict){SOMETHING_ELSE, BY_GAP, 0, -1}; /* bases inserted inside the block */
    if (missing) return (verdict){voted_ref || voted_else ? DOES_NOT_SPAN : CANNOT_TELL, 0, 0, -1};
    if (!voted_alt && !voted_ref && !voted_else) return (verdict){TOO_POOR, 0, 0, -1};
    if (voted_else || (voted_alt && voted_ref)) return (verdict){SOMETHING_ELSE, quality, c->del_len == 1 ? base : 0, at};
    if (voted_alt && masked) return (verdict){TOO_POOR, 0, 0, -1}; /* it may carry a part of the block only: a neighbour's allele */
    return (verdict){voted_alt ? CARRIES : REFERENCE, quality, c->del_len == 1 ? base : 0, at};
}

/* ---- changes of length ---- */

/* k-th base to the right of the left flank, and to the left of the right flank, on the haplotype that carries the change. */
static uint8_t alt_rightward(const cw_site *s, const cw_change *c, int64_t k)
{
    return k < c->ins_len ? c->ins[k] : cw_site_ref(s, c->end + k - c->ins_len);
}

static uint8_t alt_leftward(const cw_site *s, const cw_change *c, int64_t k)
{
    int64_t right_part = c->right - c->end;
    if (k < right_part) return cw_site_ref(s, c->right - 1 - k);
    k -= right_part;
    return k < c->ins_len ? c->ins[c->ins_len - 1 - k] : cw_site_ref(s, c->beg - 1 - (k - c->ins_len));
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
    if (!passes(v, q) || ref == CW_NT_N || alt == CW_NT_N) return;
    uint8_t base = base_at(v, q);
    m->n++;
    m->off_ref += base != ref;
    m->off_alt += base != alt;
    if (ref == alt) return;
    if (!m->telling++) m->quality = v->qual[q], m->q = q;
}

static comparison compare_tail(const cw_site *s, const cw_change *c, const cw_read_view *v, int32_t q_left, int64_t limit)
{
    comparison m = {0};
    int64_t n = v->n_bases - 1 - q_left;
    int64_t fragment = v->frag_end - c->beg + (c->ins_len > c->del_len ? c->ins_len - c->del_len : 0);
    if (n > limit) n = limit;
    if (n > fragment) n = fragment;
    for (int64_t k = 0; k < n; k++) compare_base(&m, v, q_left + 1 + (int32_t)k, cw_site_ref(s, c->beg + k), alt_rightward(s, c, k));
    return m;
}

static comparison compare_head(const cw_site *s, const cw_change *c, const cw_read_view *v, int32_t q_right)
{
    comparison m = {0};
    int64_t n = q_right;
    int64_t fragment = c->right - v->frag_beg + (c->ins_len > c->del_len ? c->ins_len - c->del_len : 0);
    if (n > CW_FLANK_BP) n = CW_FLANK_BP;
    if (n > fragment) n = fragment;
    for (int64_t k = 0; k < n; k++) compare_base(&m, v, q_right - 1 - (int32_t)k, cw_site_ref(s, c->right - 1 - k), alt_leftward(s, c, k));
    return m;
}

static bool fits_alt(const comparison *m) { return m->off_alt <= m->n / TOLERANCE && m->off_ref - m->off_alt >= TAIL_ADVANTAGE; }

typedef struct spelling { int off_flank, off_inserted, readable; } spelling;

/* How the read's bases between two aligned flanks spell the allele. lo and hi are at or outside c->left and c->right. */
static spelling spell(const cw_site *s, const cw_change *c, const cw_read_view *v, int64_t lo, int64_t hi, int32_t q_lo)
{
    spelling x = {0};
    int64_t before = c->beg - lo - 1, n = hi - lo - 1 + c->ins_len - c->del_len;
    for (int64_t k = 0; k < n; k++) {
        int32_t q = q_lo + 1 + (int32_t)k;
        if (!passes(v, q)) continue;
        uint8_t want = k < before ? cw_site_ref(s, lo + 1 + k) : alt_rightward(s, c, k - before);
        bool inserted = k >= before && k < before + c->ins_len;
        x.readable += inserted;
        if (want != CW_NT_N && base_at(v, q) != want) (*(inserted ? &x.off_inserted : &x.off_flank))++;
    }
    return x;
}

static verdict judge_spelling(const cw_change *c, spelling x, int32_t q)
{
    if (x.off_flank + x.off_inserted > c->ins_len / TOLERANCE) return (verdict){SOMETHING_ELSE, BY_GAP, 0, q};
    return (verdict){c->ins_len && !x.readable ? TOO_POOR : CARRIES, BY_GAP, 0, q};
}

/* The aligner put its gaps near the flanks, not between them: because it wrote a delins in pieces, or because an error beside the gap
 * moved it. Flanks are moved out over the gaps; a gap of the allele's size that nearly spells it is not reference. DOES_NOT_SPAN: no such gap. */
static verdict judge_nearby(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    int64_t lo = c->left, hi = c->right, ref = v->pos;
    for (int i = 0; i < v->n_cigar; i++) {
        int op = bam_cigar_op(v->cigar[i]);
        int32_t len = (int32_t)bam_cigar_oplen(v->cigar[i]);
        int64_t end = ref + (bam_cigar_type(op) & 2 ? len : 0);
        if ((op == BAM_CINS || op == BAM_CDEL) && ref <= c->right + GAP_SLACK_BP && end >= c->left - GAP_SLACK_BP) {
            if (ref - 1 < lo) lo = ref - 1;
            if (end > hi) hi = end;
        }
        ref = end;
    }
    const verdict no = {DOES_NOT_SPAN, 0, 0, -1};
    int32_t q_lo = locate(v, lo), q_hi = locate(v, hi);
    if ((lo == c->left && hi == c->right) || q_lo < 0 || q_hi < 0 || (q_hi - q_lo) - (hi - lo) != c->ins_len - c->del_len) return no;
    spelling x = spell(s, c, v, lo, hi, q_lo);
    verdict said = judge_spelling(c, x, q_lo);
    if (said.state == SOMETHING_ELSE && x.off_flank + x.off_inserted > c->ins_len / TOLERANCE + NEARLY) return no;
    return said;
}

static verdict judge_without_gap(const cw_site *s, const cw_change *c, const cw_read_view *v, int32_t q_left)
{
    comparison span = compare_tail(s, c, v, q_left, c->decide - c->left);
    if (span.off_ref == 0 && span.telling) return (verdict){REFERENCE, span.quality, 0, span.q};
    /* an error or a poor base where it matters: the rest of the read tells which haplotype it continues */
    comparison tail = compare_tail(s, c, v, q_left, CW_FLANK_BP);
    if (fits_alt(&tail)) return (verdict){CARRIES, tail.quality, 0, tail.q};
    if (!tail.telling) return (verdict){TOO_POOR, 0, 0, -1};
    if (tail.off_alt == 0) return (verdict){CANNOT_TELL, 0, 0, -1}; /* it fits the allele, by too few bases to be sure */
    return (verdict){tail.off_ref < tail.off_alt ? REFERENCE : SOMETHING_ELSE, tail.quality, 0, tail.q};
}

/* The left flank is aligned, but the read ends, is clipped or has a gap before it covers what decides. */
static verdict judge_tail(const cw_site *s, const cw_change *c, const cw_read_view *v, int32_t q_left)
{
    comparison tail = compare_tail(s, c, v, q_left, CW_FLANK_BP);
    if (fits_alt(&tail)) return (verdict){CARRIES, tail.quality, 0, tail.q};
    int64_t last = v->to - 1;
    int32_t q_last = locate(v, last);
    int64_t net = q_last >= 0 ? (q_last - q_left) - (last - c->left) : 0;
    if (net == c->ins_len - c->del_len && tail.off_alt == 0 && tail.off_ref > 0) return (verdict){CARRIES, BY_GAP, 0, q_left};
    if (net != 0 && tail.off_alt > 0) return (verdict){SOMETHING_ELSE, BY_GAP, 0, q_left};
    return (verdict){tail.off_alt == 0 ? CANNOT_TELL : DOES_NOT_SPAN, 0, 0, -1};
}

static verdict judge_length(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    int32_t q_left = locate(v, c->left), q_right = locate(v, c->right);
    if (!v->plain) {
        verdict near = judge_nearby(s, c, v);
        if (near.state != DOES_NOT_SPAN) return near;
    }
    if (q_left == DELETED) return (verdict){SOMETHING_ELSE, BY_GAP, 0, -1};
    if (q_left < 0) {
        if (q_right < 0) return (verdict){DOES_NOT_SPAN, 0, 0, -1};
        comparison head = compare_head(s, c, v, q_right);
        if (fits_alt(&head)) return (verdict){CARRIES, head.quality, 0, head.q};
        return (verdict){head.off_alt == 0 ? CANNOT_TELL : DOES_NOT_SPAN, 0, 0, -1};
    }
    if (q_right >= 0) {
        int64_t net = (q_right - q_left) - (c->right - c->left);
        if (net == c->ins_len - c->del_len) return judge_spelling(c, spell(s, c, v, c->left, c->right, q_left), q_left);
        if (net != 0) return (verdict){SOMETHING_ELSE, BY_GAP, 0, q_left};
    }
    int32_t q_decide = locate(v, c->decide);
    if (q_decide >= 0 && q_decide - q_left == c->decide - c->left) return judge_without_gap(s, c, v, q_left);
    if (q_decide == DELETED || (q_decide >= 0 && q_right >= 0)) return (verdict){SOMETHING_ELSE, BY_GAP, 0, q_left};
    return judge_tail(s, c, v, q_left);
}

static verdict judge(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    return c->none ? (verdict){DOES_NOT_SPAN, 0, 0, -1} : c->substitution ? judge_substitution(s, c, v) : judge_length(s, c, v);
}

/* ---- all alleles of the locus, and those that overlap them, compete ---- */

static bool contains(const cw_change *big, const cw_change *small)
{
    int64_t b = big->end - big->beg, l = small->end - small->beg;
    if (big->beg > small->beg || small->end > big->end) return false;
    return b > l || (b == l && big->ins_len > small->ins_len);
}

static bool alike(const cw_change *a, const cw_change *b)
{
    return a->ins_len - a->del_len == b->ins_len - b->del_len && a->beg < b->end + b->shift + 1 && b->beg < a->end + a->shift + 1;
}

/* Is there an allele that explains the carrier of c and more? CARRIES: there is; CANNOT_TELL, TOO_POOR: there may be. */
static state taken_over(const cw_site *s, const cw_change *c, const cw_read_view *v)
{
    state worst = REFERENCE;
    for (size_t i = 0; i < s->n_alt + s->n_rival; i++) {
        const cw_change *o = i < s->n_alt ? &s->change[i] : s->rival[i - s->n_alt];
        if (o == c || o->none || !contains(o, c)) continue;
        state st = judge(s, o, v).state;
        if (st == CARRIES) return CARRIES;
        if (st == CANNOT_TELL || (st == TOO_POOR && worst != CANNOT_TELL)) worst = st;
    }
    return worst;
}

/* What the alleles of a locus have said so far about one read. */
typedef struct ballot {
    uint16_t carried;            /* class, CW_VOTE_NONE: none */
    bool twice, both;            /* a second allele is carried too; both: it is another change, not a look-alike */
    bool aside, short_of, poor;
    verdict best, reference;
} ballot;

static void count_carrier(ballot *b, const cw_site *s, const cw_read_view *v, size_t i, verdict x)
{
    const cw_change *c = &s->change[i];
    switch (taken_over(s, c, v)) {
    case CARRIES: b->aside = true; return;
    case CANNOT_TELL: b->short_of = true; return;
    case TOO_POOR: b->poor = true; return;
    default: break;
    }
    if (b->carried != CW_VOTE_NONE) {
        b->twice = true;
        b->both |= !alike(c, &s->change[b->carried - 1]);
    }
    b->carried = (uint16_t)(i + 1);
    b->best = x;
}

static void count_allele(ballot *b, const cw_site *s, const cw_read_view *v, size_t i)
{
    verdict x = judge(s, &s->change[i], v);
    switch (x.state) {
    case CARRIES: count_carrier(b, s, v, i, x); break;
    case SOMETHING_ELSE:
        b->aside = true;
        if (x.base && b->carried == CW_VOTE_NONE) b->best = x;
        break;
    case TOO_POOR: b->poor = true; break;
    case REFERENCE:
        if (x.quality < b->reference.quality) b->reference = x;
        break;
    default: b->short_of = true;
    }
}

/* The carrier of a rival is not reference here, unless the read may as well carry an allele that explains more. */
static void count_rival(ballot *b, const cw_site *s, const cw_read_view *v, const cw_change *rival)
{
    if (judge(s, rival, v).state != CARRIES) return;
    state t = taken_over(s, rival, v);
    *(t == CANNOT_TELL ? &b->short_of : t == TOO_POOR ? &b->poor : &b->aside) = true;
}

static uint16_t say(verdict x, uint16_t vote, cw_said *said)
{
    *said = (cw_said){x.quality, x.base, x.q, false};
    return vote;
}

static uint16_t classify_all(const cw_site *s, const cw_read_view *v, cw_said *said)
{
    const verdict nothing = {.q = -1};
    ballot b = {.carried = CW_VOTE_NONE, .best = nothing, .reference = {REFERENCE, 255, 0, -1}};
    for (size_t i = 0; i < s->n_alt; i++)
        if (!s->change[i].none) count_allele(&b, s, v, i);
    if (b.twice) return b.both ? say(b.best, CW_VOTE_OTHER, said) : say(nothing, CW_VOTE_LOW_QUALITY, said);
    if (b.carried != CW_VOTE_NONE) return say(b.best, b.carried, said);
    for (size_t i = 0; i < s->n_rival && !b.aside; i++) count_rival(&b, s, v, s->rival[i]);
    if (b.aside) {
        if (!b.best.quality) b.best.quality = BY_GAP;
        return say(b.best, CW_VOTE_OTHER, said);
    }
    if (b.short_of) return say(nothing, CW_VOTE_UNINFORMATIVE, said);
    return b.poor ? say(nothing, CW_VOTE_LOW_QUALITY, said) : say(b.reference, 0, said);
}

/* Query index at which the locus begins, whatever the vote rests on, so that carriers and reference are measured alike. Where a carrier
 * has no base aligned to it, it is measured from a flank of its change. */
static int32_t begin_of_locus(const cw_site *s, const cw_read_view *v, uint16_t vote, int32_t q_deciding)
{
    int32_t q = locate(v, s->seen_beg);
    if (q >= 0 || vote == 0) return q;
    const cw_change *c = &s->change[vote - 1];
    int64_t before = c->substitution ? c->beg : c->left, after = c->substitution ? c->end - 1 : c->right;
    if ((q = locate(v, before)) >= 0) return q - (int32_t)(before - s->seen_beg);
    if ((q = locate(v, after)) >= 0) return q - (int32_t)(after - s->seen_beg) - (c->ins_len - c->del_len);
    return q_deciding;
}

static inline bool lies_inside(int32_t q, int32_t first, int32_t last) { return q - first >= CW_END_BP && last - q > CW_END_BP; }

/* Where indels are listed, clipped bases that are not adapter count as bases of the read: their carriers may be known by them alone. */
static bool lies_inside_with_clips(const cw_read_view *v, int32_t q)
{
    int64_t left = v->from - v->frag_beg, right = v->frag_end - v->to;
    return lies_inside(q, v->first - (left < v->left_clip ? (int32_t)left : v->left_clip), v->last + (right < v->right_clip ? (int32_t)right : v->right_clip));
}

uint16_t cw_classify(const cw_site *s, const cw_read_view *v, cw_said *said)
{
    if (s->simple) {
        int32_t q = locate(v, s->change[0].beg);
        *said = (cw_said){BY_GAP, 0, q, false};
        if (q < 0) return q == DELETED ? CW_VOTE_OTHER : q == SKIPPED ? CW_VOTE_UNINFORMATIVE : CW_VOTE_NONE;
        said->quality = v->qual[q];
        said->base = base_at(v, q);
        said->inside = lies_inside(q, v->first, v->last);
        return passes(v, q) ? s->base_class[said->base] : CW_VOTE_LOW_QUALITY;
    }
    bool covers = v->from < s->seen_end && v->to > s->seen_beg;
    if (!covers && (!s->clip_matters || (!v->left_clip && !v->right_clip))) return CW_VOTE_NONE;
    uint16_t vote = classify_all(s, v, said);
    if (vote < CW_VOTE_OTHER) {
        int32_t q = begin_of_locus(s, v, vote, said->q);
        said->inside = s->clip_matters ? lies_inside_with_clips(v, q) : lies_inside(q, v->first, v->last);
    }
    if (covers) return vote;
    return vote >= 1 && vote < CW_VOTE_OTHER ? vote : CW_VOTE_NONE; /* a clipped carrier beside the locus counts, other clips say nothing */
}
