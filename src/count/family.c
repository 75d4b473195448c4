/* SPDX-License-Identifier: MIT */
/* family.c - templates of a UMI family become one molecule. */
#include "count/family.h"

#include <stdlib.h>
#include <string.h>

enum { QUALITY_CAP = 60 }; /* a vote by an alignment gap has no base quality: it weighs as the best base would */

typedef struct template_vote { uint64_t family; uint16_t vote; uint8_t quality, flags; } template_vote;

static int by_family(const void *pa, const void *pb)
{
    const template_vote *a = pa, *b = pb;
    if (a->family != b->family) return a->family < b->family ? -1 : 1;
    if (a->vote != b->vote) return a->vote < b->vote ? -1 : 1;
    return (int)a->flags - b->flags;
}

/* One family: v[0..n), sorted by vote. */
static cw_molecule decide(const template_vote *v, size_t n)
{
    cw_molecule out = {.key = v[0].family, .vote = {CW_VOTE_UNINFORMATIVE, CW_VOTE_NONE}};
    int64_t total = 0, best = -1;
    size_t winner = 0, winner_end = 0;
    bool poor = false, torn = false;
    for (size_t i = 0, j; i < n; i = j) {
        int64_t sum = 0;
        for (j = i; j < n && v[j].vote == v[i].vote; j++) sum += v[j].quality;
        poor |= v[i].vote == CW_VOTE_LOW_QUALITY;
        torn |= v[i].vote == CW_VOTE_DISCORDANT;
        if (v[i].vote > CW_VOTE_OTHER) continue;
        total += sum;
        if (sum > best) best = sum, winner = i, winner_end = j;
    }
    if (best < 0) {
        out.vote[0] = poor ? CW_VOTE_LOW_QUALITY : torn ? CW_VOTE_DISCORDANT : CW_VOTE_UNINFORMATIVE;
        return out;
    }
    out.vote[0] = best * 3 > total * 2 ? v[winner].vote : CW_VOTE_DISCORDANT;
    size_t forward = 0;
    bool a = false, b = false;
    for (size_t i = winner; i < winner_end; i++) {
        forward += (v[i].flags & CW_MOL_FORWARD) != 0;
        *(v[i].flags & CW_MOL_STRAND_B ? &b : &a) = true;
        out.flags |= v[i].flags & (CW_MOL_BASE | CW_MOL_INSIDE);
    }
    if (forward * 2 > winner_end - winner) out.flags |= CW_MOL_FORWARD;
    if (a && b) out.flags |= CW_MOL_DUPLEX;
    out.quality[0] = (uint8_t)(best > 93 ? 93 : best);
    return out;
}

int cw_families_collapse(cw_molecules *m, cw_err *err)
{
    template_vote *v = malloc((m->n ? m->n : 1) * sizeof *v);
    cw_molecules out = {0};
    size_t n = 0;
    int status = 0;
    if (!v) return cw_err_nomem(err);
    for (size_t i = 0; i < m->n; i++) {
        const cw_molecule *x = &m->at[i];
        int q = x->quality[0] > x->quality[1] ? x->quality[0] : x->quality[1];
        q = q < 1 ? 1 : q > QUALITY_CAP ? QUALITY_CAP : q;
        v[n++] = (template_vote){m->extra[i].family ? m->extra[i].family : x->key, x->vote[0], (uint8_t)q, x->flags};
    }
    qsort(v, n, sizeof *v, by_family);
    if ((status = cw_molecules_init(&out, n / 2, false, err)) < 0) goto done;
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i; j < n && v[j].family == v[i].family; j++) {}
        cw_molecule *x = cw_molecules_at(&out, v[i].family);
        if (!x) {
            status = cw_err_nomem(err);
            goto done;
        }
        *x = decide(v + i, j - i);
    }
    cw_molecules_release(m);
    *m = out;
    memset(&out, 0, sizeof out);
done:
    cw_molecules_release(&out);
    free(v);
    return status;
}
