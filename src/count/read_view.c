/* SPDX-License-Identifier: MIT */
/* read_view.c - a record as the counting rules see it. */
#include "count/read_view.h"

/* Length of the query and reference the cigar asks for, clips, and whether there is anything but one run of matches. */
static bool walk(cw_read_view *v)
{
    int64_t ref = 0, query = 0;
    int runs = 0;
    bool other = false;
    v->left_clip = v->right_clip = 0;
    for (int i = 0; i < v->n_cigar; i++) {
        int op = bam_cigar_op(v->cigar[i]);
        int32_t len = (int32_t)bam_cigar_oplen(v->cigar[i]), type = bam_cigar_type(op);
        if (type & 1) query += len;
        if (type & 2) ref += len;
        if (op == BAM_CSOFT_CLIP) *(ref == 0 && runs == 0 && !other ? &v->left_clip : &v->right_clip) += len;
        else if (type == 3) runs++;
        else if (op != BAM_CHARD_CLIP && len > 0) other = true;
    }
    v->plain = !other && runs == 1;
    v->end = v->pos + ref;
    return query == v->n_bases && ref > 0;
}

/* Index of the first base that is aligned at or after the position. */
static int32_t query_at(const cw_read_view *v, int64_t pos)
{
    int64_t ref = v->pos;
    int32_t query = 0;
    for (int i = 0; i < v->n_cigar && ref < pos; i++) {
        int type = bam_cigar_type(bam_cigar_op(v->cigar[i]));
        int64_t len = bam_cigar_oplen(v->cigar[i]);
        if ((type & 2) && len > pos - ref) len = pos - ref;
        if (type & 1) query += (int32_t)len;
        if (type & 2) ref += len;
    }
    return query;
}

/* Bases of a pair's read that lie past the 5' end of its mate are adapter. The template length of an inward pair reaches from 5' end
 * to 5' end; where an aligner measures it from leftmost to rightmost base instead, no read reaches past it and nothing is cut. */
static void cut(cw_read_view *v, const bam1_t *b, int64_t *adapter)
{
    const bam1_core_t *c = &b->core;
    if ((c->flag & (BAM_FPAIRED | BAM_FMUNMAP)) != BAM_FPAIRED || c->tid != c->mtid || c->isize == 0) return;
    if (!(c->flag & BAM_FREVERSE) == !(c->flag & BAM_FMREVERSE)) return;
    if (c->isize > CW_FAR_BP || c->isize < -CW_FAR_BP) return; /* nonsense, and sums with it could overflow */
    if (!(c->flag & BAM_FREVERSE) && c->isize > 0) {
        v->frag_end = c->pos + c->isize;
        if (v->frag_end < v->to) {
            *adapter += v->to - v->frag_end;
            v->to = v->frag_end;
            v->last = query_at(v, v->to);
        }
    } else if ((c->flag & BAM_FREVERSE) && c->isize < 0) {
        v->frag_beg = v->end + c->isize;
        if (v->frag_beg > v->from) {
            *adapter += v->frag_beg - v->from;
            v->from = v->frag_beg;
            v->first = query_at(v, v->from);
        }
    }
}

bool cw_read_view_make(cw_read_view *v, const bam1_t *b, int min_baseq, bool cut_adapter, int64_t *adapter)
{
    v->seq = bam_get_seq(b);
    v->qual = bam_get_qual(b);
    v->cigar = bam_get_cigar(b);
    v->n_cigar = (int)b->core.n_cigar;
    v->n_bases = b->core.l_qseq;
    v->pos = b->core.pos;
    v->reverse = (b->core.flag & BAM_FREVERSE) != 0;
    v->min_baseq = min_baseq;
    if (v->n_cigar == 1 && (bam_cigar_type(bam_cigar_op(v->cigar[0])) == 3)) {
        v->left_clip = v->right_clip = 0;
        v->plain = true;
        v->end = v->pos + (int64_t)bam_cigar_oplen(v->cigar[0]);
        if ((int32_t)bam_cigar_oplen(v->cigar[0]) != v->n_bases) return false;
    } else if (!walk(v)) {
        return false;
    }
    v->from = v->pos;
    v->to = v->end;
    v->first = v->left_clip;
    v->last = v->n_bases - v->right_clip;
    v->frag_beg = v->pos - 2 * (int64_t)CW_FAR_BP;
    v->frag_end = v->end + 2 * (int64_t)CW_FAR_BP;
    if (cut_adapter) cut(v, b, adapter);
    return true;
}

int32_t cw_read_view_walk_to(const cw_read_view *v, int64_t pos)
{
    int64_t ref = v->pos;
    int32_t query = 0;
    for (int i = 0; i < v->n_cigar; i++) {
        int op = bam_cigar_op(v->cigar[i]), type = bam_cigar_type(op);
        int32_t len = (int32_t)bam_cigar_oplen(v->cigar[i]);
        if ((type & 2) && pos < ref + len) return type == 3 ? query + (int32_t)(pos - ref) : op == BAM_CDEL ? CW_AT_DELETED : CW_AT_SKIPPED;
        if (type & 1) query += len;
        if (type & 2) ref += len;
    }
    return CW_AT_OUTSIDE;
}

int32_t cw_read_view_in_clip(const cw_read_view *v, int64_t pos)
{
    int64_t q = -1;
    const int32_t clip = v->n_bases - v->right_clip;
    if (pos >= v->end && v->to == v->end && cw_read_view_at(v, v->end - 1) == clip - 1) q = clip + (pos - v->end);
    else if (pos < v->pos && v->from == v->pos && cw_read_view_at(v, v->pos) == v->left_clip) q = v->left_clip - (v->pos - pos);
    return q >= 0 && q < v->n_bases ? (int32_t)q : CW_AT_OUTSIDE;
}
