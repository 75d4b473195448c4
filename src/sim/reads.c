/* SPDX-License-Identifier: MIT */
/* reads.c - molecules over the targets, their reads, and the BAM. Work goes target by target, each with a stream of its own; reads are
 * held until no later target can come before them, then sorted and written. */
#include "sim/reads.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"
#include "record/contigs.h"
#include "sim/molecule.h"
#include "sim/stream.h"

typedef struct pending { int64_t pos; size_t order; bam1_t *read; } pending;

typedef struct writer {
    const cw_scenario *scenario;
    const cw_sim_genome *genome;
    const cw_panel *panel;
    const cw_sim_truth *truth;
    samFile *file;
    sam_hdr_t *header;
    pending *queue; size_t n, cap, allocated; /* reads [0, allocated) are ours to reuse */
    size_t serial, order;         /* molecules and reads so far */
    cw_sim_molecule molecule;
    cw_err *err;
} writer;

static int by_place(const void *pa, const void *pb)
{
    const pending *a = pa, *b = pb;
    if (a->pos != b->pos) return a->pos < b->pos ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static int flush_queue(writer *w)
{
    qsort(w->queue, w->n, sizeof *w->queue, by_place);
    for (size_t i = 0; i < w->n; i++)
        if (sam_write1(w->file, w->header, w->queue[i].read) < 0) return cw_err_set(w->err, CW_EIO, "cannot write reads of sample '%s'; is the disk full?", w->truth->sample);
    w->n = 0;
    return 0;
}

static bam1_t *next_read(writer *w, int64_t pos)
{
    if (cw_grow((void **)&w->queue, &w->cap, w->n + 1, sizeof *w->queue, w->err) < 0) return NULL;
    if (w->n == w->allocated) {
        if (!(w->queue[w->n].read = bam_init1())) return cw_err_nomem(w->err), NULL;
        w->allocated++;
    }
    w->queue[w->n].pos = pos;
    w->queue[w->n].order = w->order++;
    return w->queue[w->n++].read;
}

/* Depths of the consensus as fgbio writes them: families of 1 and more reads on each strand. */
static int add_tags(writer *w, bam1_t *read, const char *group, const int depth[2])
{
    static const char names[2][3][3] = {{"aD", "aM", "aE"}, {"bD", "bM", "bE"}};
    cw_consensus level = w->scenario->assay.level;
    int total = depth[0] + (level == CW_CONS_DUPLEX ? depth[1] : 0);
    float none = 0;
    int bad = bam_aux_append(read, "RG", 'Z', (int)strlen(group) + 1, (const uint8_t *)group);
    if (level == CW_CONS_RAW) return bad;
    bad |= bam_aux_append(read, "cD", 'i', 4, (const uint8_t *)&total) | bam_aux_append(read, "cM", 'i', 4, (const uint8_t *)&total) |
           bam_aux_append(read, "cE", 'f', 4, (const uint8_t *)&none);
    for (int s = 0; level == CW_CONS_DUPLEX && s < 2; s++)
        bad |= bam_aux_append(read, names[s][0], 'i', 4, (const uint8_t *)&depth[s]) | bam_aux_append(read, names[s][1], 'i', 4, (const uint8_t *)&depth[s]) |
               bam_aux_append(read, names[s][2], 'f', 4, (const uint8_t *)&none);
    return bad;
}

typedef struct mate { size_t i, j; int64_t pos; uint32_t cigar[64]; size_t n_cigar; bool reverse; } mate; /* bases [i, j) of the molecule */

/* Most bases of consensus reads are good; those the sequencer doubts are marked, and as often wrong as the mark says. */
static void read_bases(const writer *w, gsl_rng *rng, const mate *e, char *seq, char *qual)
{
    static const int doubtful[] = {2, 8, 12, 15};
    size_t n = e->j - e->i;
    memcpy(seq, w->molecule.base + e->i, n);
    memset(qual, 37, n);
    for (unsigned k = gsl_ran_poisson(rng, (double)n * w->scenario->assay.low_quality); k > 0; k--) {
        size_t at = gsl_rng_uniform_int(rng, n);
        qual[at] = (char)doubtful[gsl_rng_uniform_int(rng, 4)];
        if (gsl_rng_uniform(rng) < pow(10, -qual[at] / 10.0)) seq[at] = "ACGT"[gsl_rng_uniform_int(rng, 4)];
    }
}

static int add_pair(writer *w, gsl_rng *rng, int tid)
{
    const cw_sim_molecule *m = &w->molecule;
    size_t length = (size_t)w->scenario->assay.read_length < m->n ? (size_t)w->scenario->assay.read_length : m->n;
    mate e[2] = {{.i = 0, .j = length}, {.i = m->n - length, .j = m->n, .reverse = true}};
    char name[32], seq[512], qual[512];
    for (int k = 0; k < 2; k++)
        if (!(e[k].n_cigar = cw_sim_molecule_cigar(m, e[k].i, e[k].j, e[k].cigar, 64, &e[k].pos))) return 0; /* nothing aligns: not sequenced */
    int first = gsl_rng_uniform(rng) < 0.5 ? 0 : 1; /* which end is read 1: F1R2 or F2R1 */
    int depth[2] = {1 + (int)gsl_ran_poisson(rng, 3), 1 + (int)gsl_ran_poisson(rng, 3)};
    int64_t last = bam_cigar2rlen((int)e[1].n_cigar, e[1].cigar) + e[1].pos, span = last - e[0].pos;
    int n_name = snprintf(name, sizeof name, "m%zu", w->serial);
    for (int k = 0; k < 2; k++) {
        uint16_t flag = (uint16_t)(BAM_FPAIRED | BAM_FPROPER_PAIR | (e[k].reverse ? BAM_FREVERSE : BAM_FMREVERSE) | (k == first ? BAM_FREAD1 : BAM_FREAD2));
        bam1_t *read = next_read(w, e[k].pos);
        if (!read) return CW_ENOMEM;
        read_bases(w, rng, &e[k], seq, qual);
        if (bam_set1(read, (size_t)n_name, name, flag, tid, e[k].pos, 60, e[k].n_cigar, e[k].cigar, tid, e[!k].pos, k ? -span : span, e[k].j - e[k].i, seq, qual, 120) < 0 ||
            add_tags(w, read, w->truth->sample, depth) != 0)
            return cw_err_nomem(w->err);
    }
    w->serial++;
    return 0;
}

/* Errors made before sequencing: both mates show them. cumulative[i] is the summed rate of the places before beg + i. */
static void add_errors(writer *w, gsl_rng *rng, int64_t beg, const double *cumulative, const double *rate)
{
    cw_sim_molecule *m = &w->molecule;
    size_t from = (size_t)(m->place[0] - beg), to = (size_t)(m->place[m->n - 1] + 1 - beg);
    for (unsigned k = gsl_ran_poisson(rng, cumulative[to] - cumulative[from]); k > 0; k--) {
        double u = cumulative[from] + gsl_rng_uniform(rng) * (cumulative[to] - cumulative[from]);
        size_t lo = from, hi = to;
        while (hi - lo > 1) {
            size_t mid = (lo + hi) / 2;
            if (cumulative[mid] <= u) lo = mid;
            else hi = mid;
        }
        int j = 0;
        for (u -= cumulative[lo]; j < 2 && u >= rate[3 * lo + (size_t)j]; j++) u -= rate[3 * lo + (size_t)j];
        for (size_t i = 0; i < m->n; i++)
            if (m->place[i] == beg + (int64_t)lo) m->base[i] = cw_sim_error_base(m->base[i], j);
    }
}

static const cw_sim_haplotype *draw_copy(const cw_sim_truth *t, gsl_rng *rng)
{
    double u = gsl_rng_uniform(rng);
    for (size_t h = 0; h < t->n_haplotypes; h++)
        if ((u -= t->haplotypes[h].share) < 0) return &t->haplotypes[h];
    return NULL;
}

/* The fingerprint is inherited apart from the clones: on each molecule one of the patient's two copies. */
static void set_fingerprint(writer *w, gsl_rng *rng, const char *contig)
{
    cw_sim_molecule *m = &w->molecule;
    for (size_t s = 0; s < w->panel->n_snps; s++) {
        const cw_snp *snp = &w->panel->snps[s];
        if (snp->pos < m->place[0] || snp->pos > m->place[m->n - 1] || strcmp(snp->contig, contig)) continue;
        if (gsl_rng_uniform(rng) >= w->truth->genotype[s] / 2.0) continue;
        for (size_t i = 0; i < m->n; i++)
            if (m->place[i] == snp->pos && m->base[i] == snp->ref) m->base[i] = snp->alt;
    }
}

static int64_t draw_length(const cw_sim_assay *a, gsl_rng *rng)
{
    bool is_long = gsl_rng_uniform(rng) < a->long_fraction;
    double x = (is_long ? 2 : 1) * a->fragment_mean + gsl_ran_gaussian(rng, a->fragment_sd * (is_long ? 1.5 : 1));
    return x < CW_SIM_MIN_LENGTH ? CW_SIM_MIN_LENGTH : x > CW_SIM_MAX_LENGTH ? CW_SIM_MAX_LENGTH : (int64_t)x;
}

static int one_target(writer *w, const cw_sim_target *t, gsl_rng *rng, double *rate, double *cumulative)
{
    const cw_sim_assay *a = &w->scenario->assay;
    const cw_sim_window *win = cw_sim_genome_at(w->genome, t->contig, t->beg);
    const char *contig = cw_contig_name((size_t)t->contig);
    int64_t beg = t->beg - CW_SIM_MAX_LENGTH, end = t->end + CW_SIM_MAX_LENGTH; /* where molecules may lie */
    if (beg < win->beg) beg = win->beg;
    if (end > win->end) end = win->end;
    if (cw_sim_error_rates(w->genome, a, w->scenario->seed, w->truth, t->contig, beg, end, rate, w->err) < 0) return CW_ENOMEM;
    cumulative[0] = 0;
    for (int64_t i = 0; i < end - beg; i++) cumulative[i + 1] = cumulative[i] + rate[3 * i] + rate[3 * i + 1] + rate[3 * i + 2];
    double mean_length = a->fragment_mean * (1 + a->long_fraction), starts = (double)(t->end - beg);
    for (unsigned k = gsl_ran_poisson(rng, t->molecules / mean_length * starts); k > 0; k--) {
        int64_t at = beg + (int64_t)gsl_rng_uniform_int(rng, (unsigned long)starts), length = draw_length(a, rng);
        if (at + length <= t->beg || at + length > end) continue;
        const cw_sim_haplotype *copy = draw_copy(w->truth, rng);
        cw_sim_molecule_make(&w->molecule, win->bases, win->beg, at, at + length, copy, contig);
        if (w->molecule.n < CW_SIM_MIN_LENGTH / 2 || w->molecule.place[0] < 0 || w->molecule.place[w->molecule.n - 1] < 0) continue;
        set_fingerprint(w, rng, contig);
        add_errors(w, rng, beg, cumulative, rate);
        if (add_pair(w, rng, t->contig) < 0) return w->err->code;
    }
    return 0;
}

static int all_targets(writer *w, const cw_sim_target *targets, size_t n)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < n; i++) {
        const cw_sim_target *t = &targets[i];
        size_t width = (size_t)(t->end - t->beg) + 2 * CW_SIM_MAX_LENGTH + 1;
        double *rate = malloc(4 * width * sizeof *rate);
        gsl_rng *rng = cw_stream_new(w->scenario->seed, "reads", w->truth->patient, w->truth->sample, cw_contig_name((size_t)t->contig), t->beg);
        status = !rate || !rng ? cw_err_nomem(w->err) : one_target(w, t, rng, rate, rate + 3 * width);
        gsl_rng_free(rng);
        free(rate);
        bool last = i + 1 == n || targets[i + 1].contig != t->contig || targets[i + 1].beg - CW_SIM_MAX_LENGTH > t->end + CW_SIM_MAX_LENGTH;
        if (status == 0 && last) status = flush_queue(w);
    }
    return status;
}

static sam_hdr_t *make_header(cw_build build, const char *sample)
{
    sam_hdr_t *h = sam_hdr_init();
    char length[32], name[8];
    int bad = !h || sam_hdr_add_line(h, "HD", "VN", "1.6", "SO", "coordinate", NULL) < 0;
    for (size_t i = 0; !bad && i < CW_N_CONTIGS; i++) {
        snprintf(name, sizeof name, "chr%s", i == 24 ? "M" : cw_contig_name(i));
        snprintf(length, sizeof length, "%lld", (long long)cw_contig_length(build, i));
        bad = sam_hdr_add_line(h, "SQ", "SN", name, "LN", length, NULL) < 0;
    }
    if (!bad) bad = sam_hdr_add_line(h, "RG", "ID", sample, "SM", sample, "PL", "ILLUMINA", NULL) < 0;
    if (!bad) bad = sam_hdr_add_line(h, "CO", "simulated by clonewatch; not from a person", NULL) < 0;
    if (bad) {
        sam_hdr_destroy(h);
        return NULL;
    }
    return h;
}

static int write_bam(writer *w, const cw_sim_target *targets, size_t n, const char *path, const char *index)
{
    int status = 0;
    w->header = make_header(w->panel->build, w->truth->sample);
    w->file = sam_open(path, "wb3");
    if (!w->header || !w->file || sam_hdr_write(w->file, w->header) < 0 || sam_idx_init(w->file, w->header, 0, index) < 0)
        status = cw_err_set(w->err, CW_EIO, "cannot write reads of sample '%s'", w->truth->sample);
    if (status == 0) status = all_targets(w, targets, n);
    if (status == 0 && sam_idx_save(w->file) < 0) status = cw_err_set(w->err, CW_EIO, "cannot write the index of sample '%s'", w->truth->sample);
    if (w->file && sam_close(w->file) < 0 && status == 0) status = cw_err_set(w->err, CW_EIO, "cannot write reads of sample '%s'; is the disk full?", w->truth->sample);
    sam_hdr_destroy(w->header);
    return status;
}

int cw_sim_bam(const cw_scenario *scenario, const cw_panel *panel, const cw_sim_genome *genome, const cw_sim_truth *truth, const char *path, cw_err *err)
{
    writer w = {.scenario = scenario, .genome = genome, .panel = panel, .truth = truth, .err = err};
    cw_out bam = {0}, bai = {0};
    cw_sim_target *targets;
    size_t n;
    cw_arena *arena = cw_arena_new();
    char *index = malloc(strlen(path) + 8);
    int status = !arena || !index ? cw_err_nomem(err) : cw_sim_targets_make(panel, &scenario->assay, truth, arena, &targets, &n, err);
    if (status == 0) {
        sprintf(index, "%s.bai", path); /* sized above */
        status = cw_out_temporary(&bam, path, err);
    }
    if (status == 0) status = cw_out_temporary(&bai, index, err);
    if (status == 0) status = write_bam(&w, targets, n, bam.temporary, bai.temporary);
    if (status == 0) status = cw_out_commit(&bam, err);
    if (status == 0) status = cw_out_commit(&bai, err); /* after the BAM: an index older than its file is refused */
    cw_out_abort(&bam);
    cw_out_abort(&bai);
    for (size_t i = 0; i < w.allocated; i++) bam_destroy1(w.queue[i].read);
    free(w.queue);
    free(index);
    cw_arena_free(arena);
    return status;
}
