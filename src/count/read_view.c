/* SPDX-License-Identifier: MIT */
/* read_view.c - a record as the counting rules see it. */
#include "count/read_view.h"

/* Length of the query and reference the cigar asks for, clips, and whether there is anything but one run of matches. */
bool cw_read_view_walk(cw_read_view *v)
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

int64_t cw_read_view_cut(cw_read_view *v)
{
    int64_t cut = 0;
    if (v->frag_end < v->to) {
        cut += v->to - v->frag_end;
        v->to = v->frag_end;
        v->last = query_at(v, v->to);
    }
    if (v->frag_beg > v->from) {
        cut += v->frag_beg - v->from;
        v->from = v->frag_beg;
        v->first = query_at(v, v->from);
    }
    return cut;
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
