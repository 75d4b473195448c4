/* SPDX-License-Identifier: MIT */
/* sweep.c - the hot loop: a read is decoded, compared with the nearest loci, and forgotten unless it touches one. */
#include "count/sweep.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "count/classify.h"
#include "count/close.h"
#include "count/split.h"

enum { PROGRESS_READS = 1 << 19 };

int cw_sweep_open(cw_sweep *w, const cw_panel *panel, const cw_count_conf *conf, size_t n_files, cw_tallies *tallies, const cw_log *log, cw_err *err)
{
    *w = (cw_sweep){.panel = panel, .conf = conf, .tallies = tallies, .log = log, .guess = 64, .n_files = n_files};
    tallies->consensus_found = "";
    if (cw_consensus_open(&w->tags, conf->tag_table, err) < 0) return err->code;
    if (n_files > 1 && (cw_copies_open(&w->here, err) < 0 || cw_copies_open(&w->before, err) < 0)) return err->code;
    if (conf->molecules_path && cw_molecules_tsv_open(&w->tsv, conf->molecules_path, err) < 0) return err->code;
    return 0;
}

/* ---- one read ---- */

static uint16_t drop_flags(const cw_count_conf *c)
{
    return (uint16_t)(BAM_FUNMAP | (c->keep_secondary ? 0 : BAM_FSECONDARY) | (c->keep_supplementary ? 0 : BAM_FSUPPLEMENTARY) |
                      (c->keep_qc_fail ? 0 : BAM_FQCFAIL) | (c->keep_duplicates ? 0 : BAM_FDUP));
}

static inline bool is_used(const cw_sweep *w, const bam1_t *b)
{
    return !(b->core.flag & w->drop_flags) && b->core.qual >= w->conf->min_mapq && b->core.l_qseq != 0 &&
           (bam_get_qual(b)[0] != 0xff || w->conf->keep_no_quality);
}

/* The first rule by which a read is not used. */
static int64_t *dropped_by(const cw_sweep *w, const bam1_t *b, cw_read_filter *f)
{
    const uint16_t flag = b->core.flag & w->drop_flags;
    if (flag & BAM_FUNMAP) return &f->unmapped;
    if (flag & BAM_FSECONDARY) return &f->secondary;
    if (flag & BAM_FSUPPLEMENTARY) return &f->supplementary;
    if (flag & BAM_FQCFAIL) return &f->qc_fail;
    if (flag & BAM_FDUP) return &f->duplicate;
    if (b->core.qual < w->conf->min_mapq) return &f->low_mapq;
    return b->core.l_qseq == 0 ? &f->no_sequence : &f->no_quality;
}

/* A second record of the same name and mate is a molecule of its own. */
static __attribute__((noinline)) cw_molecule *find_another(cw_sweep *w, cw_open_site *o, const cw_pending *p, uint8_t seen)
{
    w->tallies->filter.unpaired_names++;
    for (uint64_t key = p->key;;) {
        key = cw_hash_bytes(&key, sizeof key);
        cw_molecule *x = cw_molecules_at(&o->molecules, key);
        if (!x || !(x->flags & seen)) return x;
    }
}

/* The vote reaches its molecule. NULL: out of memory. */
static cw_molecule *settle(cw_sweep *w, const cw_pending *p)
{
    cw_open_site *o = &w->open[p->open];
    const uint8_t seen = p->mate ? CW_MOL_SECOND : CW_MOL_FIRST;
    cw_molecule *x = cw_molecules_at(&o->molecules, p->key);
    if (!x) return NULL;
    if (p->primary) { /* not a supplementary or secondary alignment that was asked for */
        if (__builtin_expect(x->flags & seen, 0) && !(x = find_another(w, o, p, seen))) return NULL;
        x->flags |= seen;
    }
    const bool first = (x->vote[0] & x->vote[1]) == CW_VOTE_NONE;
    x->flags |= (uint8_t)(p->marks | (first * p->first_mark));
    const uint16_t had = x->vote[p->mate];
    uint16_t vote = p->vote;
    if (__builtin_expect(had <= CW_VOTE_OTHER, 0)) { /* a second alignment of the same read: what decides stays */
        if (vote > CW_VOTE_OTHER) return x;
        if (had != vote) vote = CW_VOTE_DISCORDANT;
    }
    x->vote[p->mate] = vote;
    x->quality[p->mate] = p->quality;
    return x;
}

static int settle_all(cw_sweep *w, cw_err *err)
{
    for (; w->n_settled < w->n_pending; w->n_settled++)
        if (!settle(w, &w->pending[w->n_settled % CW_PENDING])) return cw_err_nomem(err);
    return 0;
}

static void note_extra(const cw_sweep *w, cw_open_site *o, cw_molecule *x, const bam1_t *b, int64_t end)
{
    cw_molecule_extra *e = &o->molecules.extra[x - o->molecules.at];
    const int64_t size = b->core.isize;
    e->length = size > INT32_MAX || size < -INT32_MAX ? INT32_MAX : (int32_t)(size < 0 ? -size : size);
    if (w->tags.grouping == CW_GROUP_NONE) return;
    bool strand_b;
    uint64_t family = cw_consensus_family(&w->tags, b, end, &strand_b);
    if (!e->family) e->family = family;
    if (strand_b) x->flags |= CW_MOL_STRAND_B;
}

/* Families and lengths need the record: such votes are settled at once, the others when their cache line has come. */
static int take_vote(cw_sweep *w, const cw_pending *vote, const bam1_t *b, int64_t end, cw_err *err)
{
    if (w->with_extra) {
        cw_molecule *x = settle(w, vote);
        if (!x) return cw_err_nomem(err);
        note_extra(w, &w->open[vote->open], x, b, end);
        return 0;
    }
    cw_molecules_prefetch(&w->open[vote->open].molecules, vote->key);
    w->n_pending++;
    if (w->n_pending - w->n_settled == CW_PENDING && !settle(w, &w->pending[w->n_settled++ % CW_PENDING])) return cw_err_nomem(err);
    return 0;
}

static int take_read(cw_sweep *w, const bam1_t *b, const cw_read_view *v, cw_err *err)
{
    const uint16_t flag = b->core.flag;
    const bool second = (flag & BAM_FPAIRED) && (flag & BAM_FREAD2), tagged = w->tags.found || w->tags.all_duplex;
    const uint64_t key = cw_hash_bytes(bam_get_qname(b), b->core.l_qname - 1u - b->core.l_extranul);
    if (w->here.hash) cw_copies_note(&w->here, b, key);
    for (size_t i = 0; i < w->n_open; i++) {
        cw_open_site *o = &w->open[i];
        if (v->end <= o->site->reach_beg || v->pos >= o->site->reach_end) continue;
        cw_said said;
        const uint16_t vote = cw_classify(o->site, v, &said);
        if (o->noise.seen) cw_noise_add(&o->noise, o->site, v, key);
        if (vote == CW_VOTE_NONE) continue;
        uint8_t marks = said.inside ? (uint8_t)(CW_MOL_INSIDE << second) : 0;
        if (vote == CW_VOTE_OTHER && said.base) marks |= CW_MOL_BASE;
        if (tagged && vote <= CW_VOTE_OTHER && cw_consensus_is_duplex(&w->tags, b, said.q)) marks |= CW_MOL_DUPLEX;
        cw_pending *p = &w->pending[w->n_pending % CW_PENDING];
        *p = (cw_pending){.key = key, .open = (uint32_t)i, .vote = vote, .mate = second, .quality = said.quality, .marks = marks,
                          .first_mark = !(flag & BAM_FREVERSE) != second ? CW_MOL_FORWARD : 0, .primary = !(flag & (BAM_FSECONDARY | BAM_FSUPPLEMENTARY))};
        if (take_vote(w, p, b, v->end, err) < 0) return CW_ENOMEM;
    }
    return 0;
}

static int open_sites(cw_sweep *w, int tid, int64_t end, cw_err *err)
{
    const cw_sites *sites = w->sites;
    while (w->next < w->last && sites->site[w->next].tid == tid && sites->site[w->next].reach_beg < end) {
        if (cw_grow((void **)&w->open, &w->cap_open, w->n_open + 1, sizeof *w->open, err) < 0) return CW_ENOMEM;
        cw_open_site *o = &w->open[w->n_open];
        *o = (cw_open_site){.site = &sites->site[w->next++]};
        if (o->site->reach_end < w->close_at) w->close_at = o->site->reach_end;
        w->n_open++;
        o->molecules = w->spare;
        memset(&w->spare, 0, sizeof w->spare);
        if (cw_molecules_reuse(&o->molecules, w->guess, w->with_extra, err) < 0 || cw_noise_init(&o->noise, o->site, w->sites->n, err) < 0) return CW_ENOMEM;
    }
    return 0;
}

static int close_passed(cw_sweep *w, int tid, int64_t pos, cw_err *err)
{
    size_t kept = 0;
    int status = settle_all(w, err); /* votes name sites by index */
    for (size_t i = 0; i < w->n_open; i++) {
        cw_open_site *o = &w->open[i];
        if (status == 0 && (o->site->tid != tid || o->site->reach_end <= pos)) {
            status = cw_open_site_close(o, w, err);
            if (status < 0) w->open[kept++] = *o; /* released with the sweep */
        } else {
            w->open[kept++] = *o;
        }
    }
    if (kept < w->n_open && w->phaser.n_kept) cw_phaser_pass(&w->phaser, tid, pos);
    w->n_open = kept;
    w->close_at = INT64_MAX;
    for (size_t i = 0; i < kept; i++)
        if (w->open[i].site->reach_end < w->close_at) w->close_at = w->open[i].site->reach_end;
    return status;
}

/* Close the sites that a read over [pos, end) has left behind, pass over those that no read reached, open those that it reaches. */
static int move_on(cw_sweep *w, int tid, int64_t pos, int64_t end, cw_err *err)
{
    const cw_sites *sites = w->sites;
    if ((!w->n_open || pos >= w->close_at || tid != w->tid) && close_passed(w, tid, pos, err) < 0) return CW_ENOMEM;
    while (w->next < w->last && (sites->site[w->next].tid < tid || (sites->site[w->next].tid == tid && sites->site[w->next].reach_end <= pos))) w->next++;
    if (open_sites(w, tid, end, err) < 0) return CW_ENOMEM;
    w->tid = tid;
    w->open_at = w->next < w->last && sites->site[w->next].tid == tid ? sites->site[w->next].reach_beg : INT64_MAX;
    return 0;
}

int cw_sweep_end(cw_sweep *w, cw_err *err) { return close_passed(w, -1, 0, err); }

void cw_sweep_begin(cw_sweep *w, const cw_sites *sites, size_t from, size_t to)
{
    w->sites = sites;
    w->next = from;
    w->last = to;
    w->tid = -1;
    w->close_at = w->open_at = 0;
    w->drop_flags = drop_flags(w->conf);
}

int cw_sweep_read(cw_sweep *w, const bam1_t *b, cw_err *err)
{
    const bam1_core_t *c = &b->core;
    const int64_t end = c->n_cigar == 1 ? c->pos + (int64_t)bam_cigar_oplen(*bam_get_cigar(b)) : c->n_cigar ? bam_endpos(b) : c->pos + 1;
    if ((c->tid != w->tid || c->pos >= w->close_at || end > w->open_at) && move_on(w, c->tid, c->pos, end, err) < 0) return CW_ENOMEM;
    const cw_stretch *s = w->stretch;
    if (s && c->tid == s->tid && end > s->beg && !s->after) return cw_stretch_misfit(s, err);
    /* a longer read may have opened loci that this one does not reach */
    if (!w->n_open || w->open[0].site->reach_beg >= end) return 0;
    const bool mine = !s || c->tid != s->counted_tid || c->pos >= s->counted_end;
    cw_read_filter *f = mine ? &w->tallies->filter : &w->elsewhere;
    f->reads++;
    if (!is_used(w, b)) return ++*dropped_by(w, b, f), 0;
    cw_read_view v;
    if (!cw_read_view_make(&v, b, w->conf->min_baseq, !w->conf->keep_adapter, &f->adapter_bases)) return f->no_sequence++, 0;
    f->used++;
    /* one read of a pair says its length, and which one comes by is not foreseen: no branch */
    w->tallies->fragment_length[c->isize > 1023 ? 1023 : c->isize < 0 ? 0 : c->isize] += mine & (c->isize > 0);
    return take_read(w, b, &v, err);
}

/* ---- one file ---- */

/* The reads at the start of a file, kept to look at their tags and given back afterwards. */
typedef struct ahead { bam1_t **read; size_t n, cap; } ahead;

static void ahead_release(ahead *x)
{
    for (size_t i = 0; i < x->n; i++) bam_destroy1(x->read[i]);
    free(x->read);
    memset(x, 0, sizeof *x);
}

static int read_ahead(ahead *x, cw_alignment *a, cw_err *err)
{
    int r = 1;
    while (x->n < CW_LOOK_READS && (r = cw_alignment_next(a, err)) > 0) {
        if (cw_grow((void **)&x->read, &x->cap, x->n + 1, sizeof *x->read, err) < 0) return CW_ENOMEM;
        if (!(x->read[x->n] = bam_dup1(a->read))) return cw_err_nomem(err);
        x->n++;
    }
    return r < 0 ? r : 0;
}

static int note_consensus(cw_sweep *w, const char *path, size_t file, cw_err *err)
{
    cw_tallies *t = w->tallies;
    cw_log_say(w->log, w->tags.warn ? CW_LOG_WARNING : CW_LOG_INFO, "'%s': %s", path, w->tags.text);
    t->consensus_found = file ? cw_arena_printf(t->arena, "%s; %s", t->consensus_found, w->tags.text) : cw_arena_strdup(t->arena, w->tags.text);
    if (!t->consensus_found) return cw_err_nomem(err);
    if (file == 0 || w->tags.level > t->consensus) t->consensus = w->tags.level;
    w->with_extra = w->conf->molecules_path || w->tags.grouping != CW_GROUP_NONE;
    return 0;
}

/* Intervals that reads must touch to matter, joined where they meet. */
int cw_sweep_restrict(cw_alignment *a, const cw_sites *sites, size_t from, size_t to, cw_err *err)
{
    cw_interval *v = calloc(to > from ? to - from : 1, sizeof *v);
    size_t n = 0;
    if (!v) return cw_err_nomem(err);
    for (size_t i = from; i < to; i++) {
        const cw_site *s = &sites->site[i];
        int64_t beg = s->reach_beg < 0 ? 0 : s->reach_beg;
        if (n && v[n - 1].tid == s->tid && beg <= v[n - 1].end) {
            if (s->reach_end > v[n - 1].end) v[n - 1].end = s->reach_end;
        } else {
            v[n++] = (cw_interval){s->tid, beg, s->reach_end};
        }
    }
    int status = cw_alignment_restrict(a, v, n, err);
    free(v);
    return status;
}

static int sweep_all(cw_sweep *w, cw_alignment *a, const ahead *x, cw_err *err)
{
    int r = 0;
    for (size_t i = 0; i < x->n && r == 0; i++)
        if (x->read[i]->core.tid >= 0) r = cw_sweep_read(w, x->read[i], err);
    if (r < 0) return r;
    for (uint64_t n = x->n; (r = cw_alignment_next(a, err)) > 0; n++) {
        if (a->read->core.tid >= 0 && cw_sweep_read(w, a->read, err) < 0) return err->code;
        if (n % PROGRESS_READS == 0) cw_log_progress(w->log, "reads", n, 0, a->read->core.tid >= 0 ? sam_hdr_tid2name(a->header, a->read->core.tid) : "");
    }
    return r < 0 ? r : cw_sweep_end(w, err);
}

/* A read in twenty that an earlier file has, too, is no chance. */
static int refuse_copies(cw_sweep *w, const cw_alignment *a, cw_err *err)
{
    enum { LEAST = 3, SHARE = 20 };
    size_t of = 0;
    const size_t shared = cw_copies_shared(&w->here, &w->before, &of);
    if (shared >= LEAST && shared * SHARE >= of)
        return cw_err_set(err, CW_EREFUSED, "%zu of %zu reads of '%s' that were looked at are in a file before it, too, by name, place and flag: their molecules would be counted twice; "
                          "give each read once (of a BAM of all consensus reads and one of the duplex reads only the first)", shared, of, a->path);
    cw_copies_join(&w->before, &w->here);
    w->here.n = 0;
    w->here.limit = UINT64_MAX;
    return 0;
}

int cw_sweep_file(cw_sweep *w, cw_alignment *a, const cw_sites *sites, size_t file, cw_err *err)
{
    ahead x = {0};
    bool done = false;
    cw_sweep_begin(w, sites, 0, sites->n);
    int status = read_ahead(&x, a, err);
    if (status < 0) goto done;
    cw_consensus_look(&w->tags, w->conf->consensus, x.read, x.n, a->path, w->n_files > 1);
    if ((status = note_consensus(w, a->path, file, err)) < 0) goto done;
    if (!a->whole && (status = cw_sweep_restrict(a, sites, 0, sites->n, err)) < 0) goto done;
    if (a->itr) ahead_release(&x); /* they come again where they matter */
    if (w->conf->threads > 1 && (status = cw_split_sweep(w, a, &done, err)) < 0) goto done;
    if (!done) status = sweep_all(w, a, &x, err);
done:
    ahead_release(&x);
    return status == 0 && w->here.hash ? refuse_copies(w, a, err) : status;
}

int cw_sweep_finish(cw_sweep *w, cw_err *err)
{
    const int64_t odd = w->tallies->filter.unpaired_names;
    if (odd)
        cw_log_say(w->log, CW_LOG_WARNING, "'%s': %lld times a read came by whose name and mate number its molecule already had; each was counted as a molecule of its own",
                   w->tallies->input_name, (long long)odd);
    /* 2 %: several times what reads of the right genome show at bases of quality 20, a tenth of what two unrelated sequences show */
    if (w->noise.bases >= 10000 && w->noise.off * 50 > w->noise.bases)
        return cw_err_set(err, CW_EREFUSED, "%.1f %% of the bases around the loci differ from the reference: wrong reference or wrong genome build",
                          100.0 * (double)w->noise.off / (double)w->noise.bases);
    if (cw_phaser_finish(&w->phaser, w->panel, w->tallies, err) < 0) return err->code;
    return cw_molecules_tsv_commit(&w->tsv, err);
}

void cw_sweep_release(cw_sweep *w)
{
    if (!w) return;
    for (size_t i = 0; i < w->n_open; i++) {
        cw_molecules_release(&w->open[i].molecules);
        cw_noise_release(&w->open[i].noise);
    }
    free(w->open);
    cw_molecules_release(&w->spare);
    cw_phaser_release(&w->phaser);
    cw_copies_release(&w->here);
    cw_copies_release(&w->before);
    cw_consensus_release(&w->tags);
    cw_molecules_tsv_abort(&w->tsv);
    memset(w, 0, sizeof *w);
}
