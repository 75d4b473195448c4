/* SPDX-License-Identifier: MIT */
/* sweep.c - the hot loop: a read is decoded, compared with the nearest loci, and forgotten unless it touches one. */
#include "count/sweep.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "count/classify.h"

int cw_sweep_open(cw_sweep *sweep, const cw_panel *panel, const cw_count_conf *conf, cw_tallies *tallies, const cw_log *log, cw_err *err)
{
    *sweep = (cw_sweep){.panel = panel, .conf = conf, .tallies = tallies, .log = log, .guess = 64};
    (void)err;
    tallies->consensus = conf->consensus == CW_CONS_AUTO ? CW_CONS_RAW : conf->consensus;
    tallies->consensus_found = "";
    return 0;
}

/* ---- closing a locus: molecules to tallies ---- */

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

static int close_site(cw_sweep *w, cw_open_site *o, cw_err *err)
{
    cw_molecules *m = &o->molecules;
    for (size_t i = 0; i <= m->mask; i++) {
        cw_molecule *x = &m->slot[i];
        if (!x->key) continue;
        x->vote[0] = cw_molecule_resolve(x, w->conf->mates);
        add_molecule(w, o->site, x, x->vote[0]);
    }
    w->guess = m->n;
    if (o->site->has_neighbour) return cw_phaser_add(&w->phaser, o->site, m, w->panel, err);
    cw_molecules_release(m);
    return 0;
}

/* ---- one read ---- */

static bool dropped(const cw_sweep *w, const bam1_t *b, cw_read_filter *f)
{
    const cw_count_conf *c = w->conf;
    const uint16_t flag = b->core.flag;
    if (flag & BAM_FUNMAP) return f->unmapped++, true;
    if ((flag & BAM_FSECONDARY) && !c->keep_secondary) return f->secondary++, true;
    if ((flag & BAM_FSUPPLEMENTARY) && !c->keep_supplementary) return f->supplementary++, true;
    if ((flag & BAM_FQCFAIL) && !c->keep_qc_fail) return f->qc_fail++, true;
    if ((flag & BAM_FDUP) && !c->keep_duplicates) return f->duplicate++, true;
    if (b->core.qual < c->min_mapq) return f->low_mapq++, true;
    if (b->core.l_qseq == 0) return f->no_sequence++, true;
    if (bam_get_qual(b)[0] == 0xff && !c->keep_no_quality) return f->no_quality++, true;
    return false;
}

/* The read's place in its molecule: a second record of the same name and mate is a molecule of its own, unless it is a supplementary
 * or secondary alignment that was asked for. */
static cw_molecule *find_molecule(cw_sweep *w, cw_open_site *o, const bam1_t *b, uint64_t key, int mate)
{
    const uint8_t seen = mate ? CW_MOL_SECOND : CW_MOL_FIRST;
    const bool primary = !(b->core.flag & (BAM_FSECONDARY | BAM_FSUPPLEMENTARY));
    for (;;) {
        cw_molecule *x = cw_molecules_at(&o->molecules, key);
        if (!x || !primary || !(x->flags & seen)) {
            if (x && primary) x->flags |= seen;
            return x;
        }
        w->tallies->filter.unpaired_names++;
        key = cw_hash_bytes(&key, sizeof key);
    }
}

static void vote_molecule(cw_molecule *x, const bam1_t *b, int mate, uint16_t vote, uint8_t quality, uint8_t base)
{
    const bool forward = !(b->core.flag & BAM_FREVERSE) != (mate == 1);
    if (x->vote[0] == CW_VOTE_NONE && x->vote[1] == CW_VOTE_NONE && forward) x->flags |= CW_MOL_FORWARD;
    if (vote == CW_VOTE_OTHER && base) x->flags |= CW_MOL_BASE;
    /* a second alignment of the same read: what decides stays */
    if (x->vote[mate] <= CW_VOTE_OTHER && vote > CW_VOTE_OTHER) return;
    if (x->vote[mate] <= CW_VOTE_OTHER && x->vote[mate] != vote) vote = CW_VOTE_DISCORDANT;
    x->vote[mate] = vote;
    x->quality[mate] = quality;
}

static int take_read(cw_sweep *w, const bam1_t *b, const cw_read_view *v, cw_err *err)
{
    const char *name = bam_get_qname(b);
    const int mate = (b->core.flag & BAM_FPAIRED) && (b->core.flag & BAM_FREAD2) ? 1 : 0;
    uint64_t key = 0;
    for (size_t i = 0; i < w->n_open; i++) {
        cw_open_site *o = &w->open[i];
        if (v->end <= o->site->reach_beg || v->pos >= o->site->reach_end) continue;
        uint8_t quality, base;
        uint16_t vote = cw_classify(o->site, v, &quality, &base);
        if (vote == CW_VOTE_NONE) continue;
        if (!key) key = cw_hash_bytes(name, b->core.l_qname - 1u - b->core.l_extranul);
        cw_molecule *x = find_molecule(w, o, b, key, mate);
        if (!x) return cw_err_nomem(err);
        vote_molecule(x, b, mate, vote, quality, base);
    }
    return 0;
}

static int open_sites(cw_sweep *w, int tid, int64_t end, cw_err *err)
{
    const cw_sites *sites = w->sites;
    while (w->next < sites->n && sites->site[w->next].tid == tid && sites->site[w->next].reach_beg < end) {
        if (cw_grow((void **)&w->open, &w->cap_open, w->n_open + 1, sizeof *w->open, err) < 0) return CW_ENOMEM;
        cw_open_site *o = &w->open[w->n_open];
        *o = (cw_open_site){.site = &sites->site[w->next++]};
        if (cw_molecules_init(&o->molecules, w->guess, err) < 0) return CW_ENOMEM;
        w->n_open++;
    }
    return 0;
}

static int close_passed(cw_sweep *w, int tid, int64_t pos, cw_err *err)
{
    size_t kept = 0;
    int status = 0;
    for (size_t i = 0; i < w->n_open; i++) {
        cw_open_site *o = &w->open[i];
        if (status == 0 && (o->site->tid != tid || o->site->reach_end <= pos)) {
            status = close_site(w, o, err);
            if (status < 0) w->open[kept++] = *o; /* released with the sweep */
        } else {
            w->open[kept++] = *o;
        }
    }
    if (kept < w->n_open && w->phaser.n_kept) cw_phaser_pass(&w->phaser, tid, pos);
    w->n_open = kept;
    return status;
}

static int sweep_read(cw_sweep *w, const bam1_t *b, cw_err *err)
{
    const bam1_core_t *c = &b->core;
    const cw_sites *sites = w->sites;
    if (w->n_open && close_passed(w, c->tid, c->pos, err) < 0) return CW_ENOMEM;
    while (w->next < sites->n && (sites->site[w->next].tid < c->tid || (sites->site[w->next].tid == c->tid && sites->site[w->next].reach_end <= c->pos)))
        w->next++;
    int64_t end = c->n_cigar == 1 ? c->pos + (int64_t)bam_cigar_oplen(*bam_get_cigar(b)) : c->n_cigar ? bam_endpos(b) : c->pos + 1;
    if (open_sites(w, c->tid, end, err) < 0) return CW_ENOMEM;
    if (!w->n_open) return 0;
    cw_read_filter *f = &w->tallies->filter;
    f->reads++;
    if (dropped(w, b, f)) return 0;
    cw_read_view v;
    if (!cw_read_view_make(&v, b, w->conf->min_baseq, !w->conf->keep_adapter, &f->adapter_bases)) return f->no_sequence++, 0;
    f->used++;
    if (c->isize > 0) w->tallies->fragment_length[c->isize < 1023 ? c->isize : 1023]++;
    return take_read(w, b, &v, err);
}

int cw_sweep_file(cw_sweep *w, cw_alignment *a, const cw_sites *sites, size_t file, cw_err *err)
{
    w->sites = sites;
    w->next = 0;
    w->file = (uint8_t)file;
    int r;
    while ((r = cw_alignment_next(a, err)) > 0) {
        if (a->read->core.tid < 0) continue;
        if (sweep_read(w, a->read, err) < 0) return err->code;
    }
    if (r == 0) r = close_passed(w, -1, 0, err);
    return r;
}

int cw_sweep_finish(cw_sweep *w, cw_err *err)
{
    if (w->tallies->filter.unpaired_names)
        cw_log_say(w->log, CW_LOG_WARNING, "%lld reads share name and mate number with another read; each was counted as a molecule of its own",
                   (long long)w->tallies->filter.unpaired_names);
    return cw_phaser_finish(&w->phaser, w->panel, w->tallies, err);
}

void cw_sweep_release(cw_sweep *w)
{
    if (!w) return;
    for (size_t i = 0; i < w->n_open; i++) cw_molecules_release(&w->open[i].molecules);
    free(w->open);
    cw_phaser_release(&w->phaser);
    memset(w, 0, sizeof *w);
}
