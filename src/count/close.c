/* SPDX-License-Identifier: MIT */
/* close.c - a locus that no read reaches any more: its molecules become its tally. */
#include "count/close.h"

#include <string.h>
#include "count/family.h"

static void add_snp(cw_sweep *w, const cw_site *s, uint16_t vote)
{
    cw_tallies *t = w->tallies;
    if (vote == 0) t->snp_ref[s->locus]++;
    else if (vote == 1) t->snp_alt[s->locus]++;
    else if (vote == CW_VOTE_OTHER) t->snp_other[s->locus]++;
}

static void add_molecule(cw_sweep *w, const cw_site *s, const cw_molecule *x, uint16_t vote)
{
    if (s->is_snp) {
        add_snp(w, s, vote);
        return;
    }
    cw_tally *t = &w->tallies->tally[s->locus];
    if (vote < CW_VOTE_OTHER) {
        t->count[vote]++;
        (x->flags & CW_MOL_FORWARD ? t->forward : t->reverse)[vote]++;
        t->duplex[vote] += (x->flags & CW_MOL_DUPLEX) != 0;
        t->near_end[vote] += !(x->flags & CW_MOL_INSIDE);
    } else if (vote == CW_VOTE_OTHER) {
        t->other++;
        t->hist_other_base += (x->flags & CW_MOL_BASE) != 0;
    } else if (vote == CW_VOTE_LOW_QUALITY) {
        t->low_quality++;
    } else if (vote == CW_VOTE_UNINFORMATIVE) {
        t->uninformative++;
    } else {
        t->discordant++;
    }
}

int cw_open_site_close(cw_open_site *o, cw_sweep *w, cw_err *err)
{
    cw_molecules *m = &o->molecules;
    w->guess = m->n;
    cw_noise_close(&o->noise, o->site, w->tallies, &w->noise);
    const bool families = w->tags.grouping != CW_GROUP_NONE;
    for (size_t i = 0; i < m->n; i++) {
        cw_molecule *x = &m->at[i];
        const uint16_t class = cw_molecule_resolve(x, w->conf->mates);
        const bool inside = cw_molecule_inside(x, class);
        x->flags = (uint8_t)((x->flags & (CW_MOL_INSIDE - 1)) | (inside ? CW_MOL_INSIDE : 0));
        x->vote[0] = class;
        if (!families) add_molecule(w, o->site, x, x->vote[0]);
    }
    if (families && cw_families_collapse(m, err) < 0) return err->code;
    for (size_t i = 0; families && i < m->n; i++) add_molecule(w, o->site, &m->at[i], m->at[i].vote[0]);
    cw_molecules_tsv_write(&w->tsv, w->panel, o->site, m);
    if (o->site->has_neighbour) return cw_phaser_add(&w->phaser, o->site, m, w->panel, err);
    cw_molecules_release(&w->spare);
    w->spare = *m;
    memset(m, 0, sizeof *m);
    return 0;
}
