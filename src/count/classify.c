/* SPDX-License-Identifier: MIT */
/* classify.c - what one read says at one locus: its alleles, and those that overlap them, compete. */
#include "count/classify.h"

/* At one of the small one's placements: a delins may be a deletion, which could lie further to the left, and a base beside it. */
static bool contains(const cw_change *big, const cw_change *small)
{
    int64_t b = big->end - big->beg, l = small->end - small->beg;
    const int64_t least = big->beg > small->beg ? big->beg - small->beg : 0, most = big->end - small->end < small->shift ? big->end - small->end : small->shift;
    if (least > most || (big->substitution && !small->substitution)) return false;
    return b > l || (b == l && big->ins_len > small->ins_len);
}

/* Two changes of length that a read with poor bases may both be taken for. A substitution is carried by good bases only. */
static bool alike(const cw_change *a, const cw_change *b)
{
    if (a->substitution || b->substitution) return false;
    return a->ins_len - a->del_len == b->ins_len - b->del_len && a->beg < b->end + b->shift + 1 && b->beg < a->end + a->shift + 1;
}

/* Is there an allele that explains the carrier of c and more, or one that fits the read better? CW_CARRIES: there is; CW_CANNOT_TELL,
 * CW_TOO_POOR: one that explains more may be there. */
static cw_verdict_state taken_over(const cw_site *s, const cw_change *c, const cw_read_view *v, int off)
{
    cw_verdict_state worst = CW_REFERENCE;
    for (size_t i = 0; i < s->n_alt + s->n_rival; i++) {
        const cw_change *o = i < s->n_alt ? &s->change[i] : s->rival[i - s->n_alt];
        const bool more = contains(o, c);
        if (o == c || o->none || (!more && off == 0)) continue;
        const cw_verdict x = cw_verdict_of(s, o, v);
        const cw_verdict_state st = x.state;
        if (st == CW_CARRIES && (more ? x.off <= off : x.off < off)) return CW_CARRIES;
        if (!more) continue;
        if (st == CW_CANNOT_TELL || (st == CW_TOO_POOR && worst != CW_CANNOT_TELL)) worst = st;
    }
    return worst;
}

/* What the alleles of a locus have said so far about one read. */
typedef struct ballot {
    uint16_t carried;            /* class, CW_VOTE_NONE: none */
    bool twice, both;            /* a second allele is carried too; both: it is another change, not a look-alike */
    bool held;                   /* some allele of the locus was read, though another may take it over: what its siblings miss is no news */
    bool unlike;                 /* some allele was not, and the reference was not either */
    bool aside, short_of, poor;
    cw_verdict best, reference;
} ballot;

/* What "other" rests on, as long as no allele is carried: the base of an SNV, else the best evidence. */
static void rest_on(ballot *b, cw_verdict x)
{
    if (b->carried == CW_VOTE_NONE && !b->best.base && (x.base || x.quality > b->best.quality)) b->best = x;
}

static void set_aside(ballot *b, cw_verdict carrier)
{
    b->aside = true;
    carrier.base = 0; /* it spells an allele */
    rest_on(b, carrier);
}

static void count_carrier(ballot *b, const cw_site *s, const cw_read_view *v, size_t i, cw_verdict x)
{
    const cw_change *c = &s->change[i];
    b->held = true;
    switch (taken_over(s, c, v, x.off)) {
    case CW_CARRIES: set_aside(b, x); return;
    case CW_CANNOT_TELL: b->short_of = true; return;
    case CW_TOO_POOR: b->poor = true; return;
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
    cw_verdict x = cw_verdict_of(s, &s->change[i], v);
    switch (x.state) {
    case CW_CARRIES: count_carrier(b, s, v, i, x); break;
    case CW_SOMETHING_ELSE:
        b->unlike = true;
        rest_on(b, x);
        break;
    case CW_TOO_POOR: b->poor = true; break;
    case CW_REFERENCE:
        if (x.quality < b->reference.quality) b->reference = x;
        break;
    default: b->short_of = true;
    }
}

/* The carrier of a rival is not reference here, unless the read may as well carry an allele that explains more. */
static void count_rival(ballot *b, const cw_site *s, const cw_read_view *v, const cw_change *rival)
{
    const cw_verdict x = cw_verdict_of(s, rival, v);
    if (x.state != CW_CARRIES) return;
    cw_verdict_state t = taken_over(s, rival, v, x.off);
    if (t == CW_CANNOT_TELL) b->short_of = true;
    else if (t == CW_TOO_POOR) b->poor = true;
    else set_aside(b, x);
}

static uint16_t say(cw_verdict x, uint16_t vote, cw_said *said)
{
    *said = (cw_said){x.quality, x.base, x.q, false};
    return vote;
}

static uint16_t classify_all(const cw_site *s, const cw_read_view *v, cw_said *said)
{
    const cw_verdict nothing = {.q = -1};
    ballot b = {.carried = CW_VOTE_NONE, .best = nothing, .reference = {CW_REFERENCE, 255, 0, -1, 0}};
    for (size_t i = 0; i < s->n_alt; i++)
        if (!s->change[i].none) count_allele(&b, s, v, i);
    if (b.twice) return b.both ? say(b.best, CW_VOTE_OTHER, said) : say(nothing, CW_VOTE_LOW_QUALITY, said);
    if (b.carried != CW_VOTE_NONE) return say(b.best, b.carried, said);
    b.aside |= b.unlike && !b.held;
    for (size_t i = 0; i < s->n_rival && !b.aside; i++) count_rival(&b, s, v, s->rival[i]);
    if (b.aside) return say(b.best, CW_VOTE_OTHER, said);
    if (b.short_of) return say(nothing, CW_VOTE_UNINFORMATIVE, said);
    return b.poor ? say(nothing, CW_VOTE_LOW_QUALITY, said) : say(b.reference, 0, said);
}

/* Query index at which the locus begins, whatever the vote rests on, so that carriers and reference are measured alike. Where a carrier
 * has no base aligned to it, it is measured from a flank of its change. */
static int32_t begin_of_locus(const cw_site *s, const cw_read_view *v, uint16_t vote, int32_t q_deciding)
{
    int32_t q = cw_read_view_at(v, s->seen_beg);
    if (q >= 0 || vote == 0) return q;
    const cw_change *c = &s->change[vote - 1];
    int64_t before = c->substitution ? c->beg : c->left, after = c->substitution ? c->end - 1 : c->right;
    const int32_t from_after = (int32_t)(after - s->seen_beg) + (c->ins_len - c->del_len);
    if ((q = cw_read_view_at(v, before)) >= 0) return q - (int32_t)(before - s->seen_beg);
    if ((q = cw_read_view_at(v, after)) >= 0) return q - from_after;
    if (v->end <= before && (q = cw_read_view_in_clip(v, before)) >= 0) return q - (int32_t)(before - s->seen_beg);
    if (v->pos > after && (q = cw_read_view_in_clip(v, after)) >= 0) return q - from_after;
    return q_deciding;
}

/* Where more than SNVs are listed, clipped bases that are not adapter count as bases of the read: carriers may be known by them alone. */
static bool lies_inside_with_clips(const cw_read_view *v, int32_t q)
{
    int64_t left = v->from - v->frag_beg, right = v->frag_end - v->to;
    return cw_lies_inside(q, v->first - (left < v->left_clip ? (int32_t)left : v->left_clip), v->last + (right < v->right_clip ? (int32_t)right : v->right_clip));
}

uint16_t cw_classify_changes(const cw_site *s, const cw_read_view *v, cw_said *said)
{
    bool covers = v->from < s->seen_end && v->to > s->seen_beg;
    if (!covers && (!s->clip_matters || (!v->left_clip && !v->right_clip))) return CW_VOTE_NONE;
    uint16_t vote = classify_all(s, v, said);
    if (vote < CW_VOTE_OTHER) {
        int32_t q = begin_of_locus(s, v, vote, said->q);
        said->inside = s->clip_matters ? lies_inside_with_clips(v, q) : cw_lies_inside(q, v->first, v->last);
    }
    if (covers) return vote;
    return vote >= 1 && vote < CW_VOTE_OTHER ? vote : CW_VOTE_NONE; /* a clipped carrier beside the locus counts, other clips say nothing */
}
