/* SPDX-License-Identifier: MIT */
/* noise.c - mismatches beside the loci. */
#include "count/noise.h"

#include <stdlib.h>
#include <string.h>

static int code(uint8_t nt16) { return nt16 == 1 ? 0 : nt16 == 2 ? 1 : nt16 == 4 ? 2 : nt16 == 8 ? 3 : -1; }

int cw_noise_init(cw_noise *n, const cw_site *s, size_t n_loci, cw_err *err)
{
    const size_t share = n_loci ? CW_NOISE_TOTAL / n_loci : CW_NOISE_READS;
    *n = (cw_noise){.whole = (uint32_t)(share < CW_NOISE_READS ? share : CW_NOISE_READS)};
    if (!s->quiet) return 0;
    n->seen = calloc((size_t)(s->end - s->beg) + 2 * CW_NOISE_BP, sizeof *n->seen);
    return n->seen ? 0 : cw_err_nomem(err);
}

void cw_noise_look(cw_noise *n, const cw_site *s, const cw_read_view *v)
{
    if (!v->plain) return;
    int64_t from = v->from > s->noise_beg ? v->from : s->noise_beg, to = s->end + CW_NOISE_BP;
    if (v->to < to) to = v->to;
    if (from >= to) return;
    /* every base is noted; what stands where a locus or nothing known is, cw_noise_close leaves out */
    static const uint8_t column[16] = {4, 0, 1, 4, 2, 4, 4, 4, 3, 4, 4, 4, 4, 4, 4, 4};
    cw_noise_column *seen = n->seen + (from - s->noise_beg);
    const uint8_t *qual = v->qual, least = (uint8_t)v->min_baseq;
    int32_t q = v->left_clip + (int32_t)(from - v->pos);
    const int32_t end = q + (int32_t)(to - from);
    if (q & 1) {
        (*seen++)[column[v->seq[q >> 1] & 15]] += qual[q] >= least;
        q++;
    }
    for (; q + 1 < end; q += 2, seen += 2) { /* two bases lie in one byte */
        const uint8_t two = v->seq[q >> 1];
        seen[0][column[two >> 4]] += qual[q] >= least;
        seen[1][column[two & 15]] += qual[q + 1] >= least;
    }
    if (q < end) (*seen)[column[v->seq[q >> 1] >> 4]] += qual[q] >= least;
}

void cw_noise_close(cw_noise *n, const cw_site *s, cw_tallies *t, cw_noise_sum *sum)
{
    for (int64_t k = 0; n->seen && k < s->end + CW_NOISE_BP - s->noise_beg; k++) {
        int ref = code(s->quiet[k]);
        if (ref < 0) continue;
        const uint32_t *x = n->seen[k];
        int64_t total = (int64_t)x[0] + x[1] + x[2] + x[3], off = total - x[ref];
        sum->bases += total;
        sum->off += off;
        if (off * 10 > total) continue;
        t->bases_by_ref[ref] += total;
        t->molecules_ref_bases += total - off;
        for (int b = 0, at = ref * 3; b < 4; b++)
            if (b != ref) t->molecules_mismatch[at++] += x[b];
    }
    cw_noise_release(n);
}

void cw_noise_release(cw_noise *n)
{
    free(n->seen);
    memset(n, 0, sizeof *n);
}
