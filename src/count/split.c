/* SPDX-License-Identifier: MIT */
/* split.c - where the loci of a file can be parted, the parts' work, and their sum. */
#include "count/split.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/parallel.h"

/* Opening a file anew must be little beside reading a stretch; several a thread, so that all end together. */
enum { LEAST_BYTES = 1 << 20, STRETCHES_PER_THREAD = 4, TRIES_PER_STRETCH = 16 };

typedef struct part {
    cw_stretch stretch;
    cw_sweep sweep;
    cw_tallies tallies;  /* the whole's loci; sums of its own */
} part;

typedef struct split {
    cw_sweep *whole;
    const cw_alignment *a;
    part *part; size_t n, cap;
    pthread_mutex_t lock; /* over loci_done and the log */
    size_t loci_done;
} split;

int cw_stretch_misfit(const cw_stretch *s, cw_err *err)
{
    return cw_err_set(err, CW_EREFUSED, "the index of '%s' does not tell where its reads lie: it belongs to another file; index it again (samtools index)",
                      s->path);
}

static uint64_t record_hash(const bam1_t *b)
{
    const uint64_t parts[] = {cw_hash_bytes(b->data, (size_t)b->l_data), (uint64_t)b->core.pos, (uint64_t)b->core.mpos, b->core.flag};
    return cw_hash_bytes(parts, sizeof parts);
}

static int sweep_stretch(part *p, const cw_sweep *whole, cw_alignment *a, cw_err *err)
{
    cw_sweep *w = &p->sweep;
    cw_stretch *s = &p->stretch;
    *w = (cw_sweep){.panel = whole->panel, .conf = whole->conf, .tallies = &p->tallies, .guess = whole->guess, .n_files = whole->n_files,
                    .tags = whole->tags, .with_extra = whole->with_extra, .stretch = s};
    if (whole->here.hash && cw_copies_open(&w->here, err) < 0) return err->code;
    cw_sweep_begin(w, whole->sites, s->from, s->to);
    for (int r;;) {
        const uint64_t place = s->stop ? cw_alignment_tell(a) : 0;
        if (s->after && !w->n_open && w->next == w->last) return 0;
        cw_err unread = {0};
        if ((r = cw_alignment_next(a, &unread)) < 0) {
            if (s->start && !s->first && r != CW_ENOMEM)
                return cw_err_set(err, CW_EFORMAT, "'%s' cannot be read where its index says that reads begin: one of them is damaged or not the other's; "
                                  "index it again (samtools index)", s->path);
            return cw_err_set(err, r, "%s", unread.text);
        }
        if (r == 0) return cw_sweep_end(w, err);
        if (!s->first) s->first = record_hash(a->read);
        if (!s->after && s->stop && place >= s->stop) s->after = record_hash(a->read);
        if (a->read->core.tid >= 0 && cw_sweep_read(w, a->read, err) < 0) return err->code;
    }
}

/* The tags are lent by the whole sweep. */
static void release_part(part *p)
{
    memset(&p->sweep.tags, 0, sizeof p->sweep.tags);
    cw_sweep_release(&p->sweep);
}

static int join(cw_sweep *w, part *p, cw_err *err)
{
    const cw_tallies *from = &p->tallies;
    cw_tallies *to = w->tallies;
    int64_t *sum = (int64_t *)&to->filter;
    for (size_t i = 0; i < sizeof to->filter / sizeof *sum; i++) sum[i] += ((const int64_t *)&from->filter)[i];
    for (size_t i = 0; i < 1024; i++) to->fragment_length[i] += from->fragment_length[i];
    for (size_t i = 0; i < 12; i++) to->molecules_mismatch[i] += from->molecules_mismatch[i];
    for (size_t i = 0; i < 4; i++) to->bases_by_ref[i] += from->bases_by_ref[i];
    to->molecules_ref_bases += from->molecules_ref_bases;
    w->noise.bases += p->sweep.noise.bases;
    w->noise.off += p->sweep.noise.off;
    if (w->here.hash) cw_copies_join(&w->here, &p->sweep.here);
    return cw_phaser_join(&w->phaser, &p->sweep.phaser, err);
}

/* cut[i]: the sites before i and those from i on hold no pair that is phased. */
static bool *find_cuts(const cw_sites *sites)
{
    bool *cut = calloc(sites->n + 1, sizeof *cut);
    int64_t *least = malloc((sites->n + 1) * sizeof *least); /* least beg of the sites from here on, on this contig */
    if (!cut || !least) {
        free(cut);
        free(least);
        return NULL;
    }
    for (size_t i = sites->n; i-- > 0;) {
        const bool goes_on = i + 1 < sites->n && sites->site[i + 1].tid == sites->site[i].tid;
        least[i] = goes_on && least[i + 1] < sites->site[i].beg ? least[i + 1] : sites->site[i].beg;
    }
    int64_t greatest = 0; /* greatest end of the sites before, on this contig */
    for (size_t i = 1; i < sites->n; i++) {
        const cw_site *before = &sites->site[i - 1];
        const bool new_contig = before->tid != sites->site[i].tid;
        if (i == 1 || sites->site[i - 2].tid != before->tid || before->end > greatest) greatest = before->end;
        cut[i] = new_contig || greatest + CW_PHASE_BP < least[i];
    }
    free(least);
    return cut;
}

static int add_part(split *x, size_t from, uint64_t start, cw_err *err)
{
    const cw_sites *sites = x->whole->sites;
    if (cw_grow((void **)&x->part, &x->cap, x->n + 1, sizeof *x->part, err) < 0) return CW_ENOMEM;
    x->part[x->n] = (part){.stretch = {.path = x->a->path, .from = from, .to = sites->n, .start = start, .tid = -1, .counted_tid = -1}};
    cw_stretch *s = &x->part[x->n].stretch;
    for (size_t i = from; i-- > 0 && sites->site[i].tid == sites->site[from].tid;) {
        s->counted_tid = sites->site[i].tid;
        if (sites->site[i].reach_end > s->counted_end) s->counted_end = sites->site[i].reach_end;
    }
    if (x->n) {
        cw_stretch *before = &x->part[x->n - 1].stretch;
        before->to = from;
        before->stop = start;
        if (start) {
            before->tid = sites->site[from].tid;
            before->beg = sites->site[from].reach_beg;
        }
    }
    x->n++;
    return 0;
}

/* Parts that hold about equally many bytes; by loci where an index jumps between them. */
static int plan(split *x, size_t parts, cw_err *err)
{
    const cw_sites *sites = x->whole->sites;
    const bool stretches = cw_alignment_in_stretches(x->a);
    bool *cut = find_cuts(sites);
    if (!cut) return cw_err_nomem(err);
    const size_t step = stretches ? sites->n / (parts * TRIES_PER_STRETCH) + 1 : (sites->n + parts - 1) / parts;
    const uint64_t share = x->a->bytes / parts;
    uint64_t last = 0;
    int status = add_part(x, 0, 0, err);
    for (size_t i = step, from = 0; i < sites->n && status == 0; i++) {
        if (!cut[i] || i < from + step) continue;
        uint64_t place = 0;
        if (stretches) {
            from = i; /* asked for */
            status = cw_alignment_place(x->a, sites->site[i].tid, sites->site[i].reach_beg < 0 ? 0 : sites->site[i].reach_beg, &place, err);
            if (status < 0 || (place >> 16) < last + share) continue;
            last = place >> 16;
        }
        from = i;
        status = add_part(x, i, place, err);
    }
    free(cut);
    return status;
}

static int count_part(void *context, size_t i, cw_err *err)
{
    split *x = context;
    part *p = &x->part[i];
    const cw_count_conf *c = x->whole->conf;
    const cw_alignment_conf door = {.threads = 1, .reference = c->reference, .index = c->index, .allow_stale_index = true, .no_index = x->a->itr == NULL};
    cw_alignment a = {0};
    p->tallies = (cw_tallies){.tally = x->whole->tallies->tally, .snp_ref = x->whole->tallies->snp_ref, .snp_alt = x->whole->tallies->snp_alt,
                              .snp_other = x->whole->tallies->snp_other};
    int status = cw_alignment_open(&a, x->a->path, &door, err);
    if (status == 0 && !door.no_index) status = cw_sweep_restrict(&a, x->whole->sites, p->stretch.from, p->stretch.to, err);
    if (status == 0 && p->stretch.start) status = cw_alignment_seek(&a, p->stretch.start, err);
    if (status == 0) status = sweep_stretch(p, x->whole, &a, err);
    cw_alignment_close(&a);
    cw_molecules_release(&p->sweep.spare); /* so that memory goes with threads, not stretches */
    if (status < 0) return status;
    pthread_mutex_lock(&x->lock);
    x->loci_done += p->stretch.to - p->stretch.from;
    cw_log_progress(x->whole->log, "loci", x->loci_done, x->whole->sites->n, "");
    pthread_mutex_unlock(&x->lock);
    return 0;
}

int cw_split_sweep(cw_sweep *w, cw_alignment *a, bool *done, cw_err *err)
{
    split x = {.whole = w, .a = a};
    const uint64_t fit = a->bytes / LEAST_BYTES, most = (uint64_t)w->conf->threads * STRETCHES_PER_THREAD;
    const size_t parts = (size_t)(fit < most ? fit : most);
    int status = 0;
    *done = false;
    if (!w->tsv.is_open && (a->itr || cw_alignment_in_stretches(a)) && parts > 1) status = plan(&x, parts, err);
    if (status == 0 && x.n < 2) { /* one sweep; a BAM with an index still waits for its threads */
        status = a->whole ? 0 : cw_alignment_decode_beside(a, w->conf->threads, err);
        goto done;
    }
    if (status < 0) goto done;
    if (pthread_mutex_init(&x.lock, NULL) != 0) {
        status = cw_err_set(err, CW_EINTERNAL, "cannot make a lock");
        goto done;
    }
    status = cw_parallel(x.n, w->conf->threads, count_part, &x, err);
    pthread_mutex_destroy(&x.lock);
    for (size_t i = 0; i + 1 < x.n && status == 0; i++) {
        const cw_stretch *s = &x.part[i].stretch;
        if (s->stop && (!s->after || s->after != x.part[i + 1].stretch.first)) status = cw_stretch_misfit(s, err);
    }
    for (size_t i = 0; i < x.n && status == 0; i++) status = join(w, &x.part[i], err);
    *done = status == 0;
done:
    for (size_t i = 0; i < x.n; i++) release_part(&x.part[i]);
    free(x.part);
    return status;
}
