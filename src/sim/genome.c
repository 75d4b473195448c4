/* SPDX-License-Identifier: MIT */
/* genome.c - the sparse reference, in memory and as an indexed FASTA. */
#include "sim/genome.h"

#include <errno.h>
#include <htslib/bgzf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"
#include "record/contigs.h"
#include "sim/stream.h"

static int by_place(const void *pa, const void *pb)
{
    const cw_sim_window *a = pa, *b = pb;
    if (a->contig != b->contig) return a->contig < b->contig ? -1 : 1;
    return a->beg < b->beg ? -1 : a->beg > b->beg;
}

static int add_window(cw_sim_genome *g, const char *contig, int64_t beg, int64_t end, const char *what, cw_err *err)
{
    int c = cw_contig_find(contig);
    int64_t length = c < 0 ? 0 : cw_contig_length(g->build, (size_t)c);
    if (c < 0) return cw_err_set(err, CW_EFORMAT, "'%s' of the panel lies on contig '%s', which is no chromosome of %s", what, contig, cw_build_name(g->build));
    if (beg < 0 || end > length)
        return cw_err_set(err, CW_EFORMAT, "'%s' of the panel lies at %s:%lld, outside the chromosome in %s; is the panel of the other build?", what, contig,
                          (long long)beg + 1, cw_build_name(g->build));
    beg = beg < CW_SIM_MARGIN ? 0 : beg - CW_SIM_MARGIN;
    end = end + CW_SIM_MARGIN > length ? length : end + CW_SIM_MARGIN;
    g->window[g->n++] = (cw_sim_window){c, beg, end, NULL};
    return 0;
}

static void merge_windows(cw_sim_genome *g)
{
    size_t n = 0;
    qsort(g->window, g->n, sizeof *g->window, by_place);
    for (size_t i = 0; i < g->n; i++) {
        cw_sim_window *last = n ? &g->window[n - 1] : NULL;
        if (last && last->contig == g->window[i].contig && g->window[i].beg <= last->end) {
            if (g->window[i].end > last->end) last->end = g->window[i].end;
        } else
            g->window[n++] = g->window[i];
    }
    g->n = n;
}

/* Lower case marks a base that no row has claimed yet. */
static int make_bases(cw_sim_genome *g, cw_err *err)
{
    for (size_t i = 0; i < g->n; i++) {
        cw_sim_window *w = &g->window[i];
        if (!(w->bases = cw_arena_alloc(g->arena, (size_t)(w->end - w->beg) + 1, 1))) return cw_err_nomem(err);
        const char *name = cw_contig_name((size_t)w->contig);
        for (int64_t p = w->beg; p < w->end; p++) w->bases[p - w->beg] = "acgt"[cw_stream_key(0, "base", "", "", name, p) & 3];
    }
    return 0;
}

static int claim(cw_sim_genome *g, const char *contig, int64_t beg, const char *ref, const char *what, cw_err *err)
{
    const cw_sim_window *w = cw_sim_genome_at(g, cw_contig_find(contig), beg);
    for (size_t i = 0; ref[i]; i++) {
        char *b = &w->bases[beg + (int64_t)i - w->beg];
        if (*b < 'a' && *b != ref[i])
            return cw_err_set(err, CW_EFORMAT, "%s:%lld: '%s' of the panel says the reference base is %c, another row says %c", contig,
                              (long long)beg + (long long)i + 1, what, ref[i], *b);
        *b = ref[i];
    }
    return 0;
}

int cw_sim_genome_make(cw_sim_genome *g, const cw_panel *panel, cw_err *err)
{
    int status = 0;
    g->build = panel->build;
    if (!(g->arena = cw_arena_new())) return cw_err_nomem(err);
    if (!(g->window = cw_arena_alloc(g->arena, panel->n_loci + panel->n_snps, sizeof *g->window))) status = cw_err_nomem(err);
    for (size_t i = 0; status == 0 && i < panel->n_loci; i++) {
        const cw_locus *l = &panel->loci[i];
        status = add_window(g, l->contig, l->beg, l->end, panel->alleles[panel->by_locus[l->first]].cwid, err);
    }
    for (size_t i = 0; status == 0 && i < panel->n_snps; i++)
        status = add_window(g, panel->snps[i].contig, panel->snps[i].pos, panel->snps[i].pos + 1, panel->snps[i].rsid, err);
    if (status == 0 && !g->n) status = cw_err_set(err, CW_EFORMAT, "panel '%s' has no coordinates in %s", panel->name, cw_build_name(g->build));
    merge_windows(g);
    if (status == 0) status = make_bases(g, err);
    for (size_t i = 0; status == 0 && i < panel->n_loci; i++) {
        const cw_locus *l = &panel->loci[i];
        status = claim(g, l->contig, l->beg, l->ref, panel->alleles[panel->by_locus[l->first]].cwid, err);
    }
    for (size_t i = 0; status == 0 && i < panel->n_snps; i++)
        status = claim(g, panel->snps[i].contig, panel->snps[i].pos, (char[]){panel->snps[i].ref, 0}, panel->snps[i].rsid, err);
    for (size_t i = 0; status == 0 && i < g->n; i++)
        for (char *b = g->window[i].bases; *b; b++)
            if (*b >= 'a') *b = (char)(*b - 'a' + 'A');
    if (status < 0) cw_sim_genome_release(g);
    return status;
}

void cw_sim_genome_release(cw_sim_genome *g)
{
    if (!g) return;
    cw_arena_free(g->arena);
    memset(g, 0, sizeof *g);
}

const cw_sim_window *cw_sim_genome_at(const cw_sim_genome *g, int contig, int64_t pos)
{
    size_t lo = 0, hi = g->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const cw_sim_window *w = &g->window[mid];
        if (w->contig < contig || (w->contig == contig && w->end <= pos)) lo = mid + 1;
        else hi = mid;
    }
    return lo < g->n && g->window[lo].contig == contig && g->window[lo].beg <= pos ? &g->window[lo] : NULL;
}

/* The file is nearly all N, so it is put together from BGZF blocks of whole lines, and the block of N is compressed once. */
enum { LINE = 60, LINES = 1000, CHUNK = LINE * LINES, BYTES = LINES * (LINE + 1) };

typedef struct block { uint64_t packed, unpacked; } block; /* where it starts */

typedef struct sink {
    FILE *file;
    uint64_t packed, unpacked;
    block *blocks; size_t n, cap;
    unsigned char all_n[BGZF_MAX_BLOCK_SIZE]; size_t n_all_n; /* a full chunk of N, compressed */
    cw_err *err;
} sink;

static int put_packed(sink *s, const unsigned char *bytes, size_t n, size_t unpacked)
{
    if (cw_grow((void **)&s->blocks, &s->cap, s->n + 1, sizeof *s->blocks, s->err) < 0) return CW_ENOMEM;
    s->blocks[s->n++] = (block){s->packed, s->unpacked};
    s->packed += n;
    s->unpacked += unpacked;
    return fwrite(bytes, 1, n, s->file) == n ? 0 : cw_err_set(s->err, CW_EIO, "cannot write the reference: %s", strerror(errno));
}

static int pack(sink *s, const char *bytes, size_t n, unsigned char *to, size_t *n_to)
{
    *n_to = BGZF_MAX_BLOCK_SIZE;
    return bgzf_compress(to, n_to, bytes, n, 6) == 0 ? 0 : cw_err_set(s->err, CW_EINTERNAL, "cannot compress the reference");
}

static int put(sink *s, const char *bytes, size_t n)
{
    unsigned char packed[BGZF_MAX_BLOCK_SIZE];
    size_t n_packed;
    int status = pack(s, bytes, n, packed, &n_packed);
    return status < 0 ? status : put_packed(s, packed, n_packed, n);
}

static void fill_n(char buffer[BYTES])
{
    memset(buffer, 'N', BYTES);
    for (size_t i = 0; i < LINES; i++) buffer[i * (LINE + 1) + LINE] = '\n';
}

/* One chromosome in chunks of whole lines. *w moves over the windows. */
static int put_contig(const cw_sim_genome *g, sink *s, int contig, size_t *w)
{
    char buffer[BYTES];
    int64_t length = cw_contig_length(g->build, (size_t)contig);
    int status = 0;
    for (int64_t at = 0; status == 0 && at < length; at += CHUNK) {
        int64_t n = length - at < CHUNK ? length - at : CHUNK;
        bool plain = n == CHUNK && (*w == g->n || g->window[*w].contig != contig || g->window[*w].beg >= at + n);
        if (plain) {
            status = put_packed(s, s->all_n, s->n_all_n, BYTES);
            continue;
        }
        fill_n(buffer);
        while (*w < g->n && g->window[*w].contig == contig && g->window[*w].beg < at + n) {
            const cw_sim_window *win = &g->window[*w];
            int64_t from = win->beg > at ? win->beg : at, to = win->end < at + n ? win->end : at + n;
            for (int64_t p = from; p < to; p++) buffer[(p - at) / LINE * (LINE + 1) + (p - at) % LINE] = win->bases[p - win->beg];
            if (win->end > at + n) break;
            ++*w;
        }
        size_t bytes = (size_t)(n + n / LINE);
        if (n % LINE) buffer[bytes++] = '\n';
        status = put(s, buffer, bytes);
    }
    return status;
}

static int put_genome(const cw_sim_genome *g, sink *s, FILE *fai)
{
    static const unsigned char end_of_file[] = "\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0\x1b\0\x03\0\0\0\0\0\0\0\0"; /* SAM specification 4.1.2 */
    char buffer[BYTES];
    size_t w = 0;
    fill_n(buffer);
    int status = pack(s, buffer, BYTES, s->all_n, &s->n_all_n);
    for (int c = 0; status == 0 && c < CW_N_CONTIGS; c++) {
        char head[32];
        const char *name = !strcmp(cw_contig_name((size_t)c), "MT") ? "M" : cw_contig_name((size_t)c);
        int n = snprintf(head, sizeof head, ">chr%s\n", name);
        status = put(s, head, (size_t)n);
        fprintf(fai, "chr%s\t%lld\t%llu\t%d\t%d\n", name, (long long)cw_contig_length(g->build, (size_t)c), (unsigned long long)s->unpacked, LINE, LINE + 1);
        if (status == 0) status = put_contig(g, s, c, &w);
    }
    return status == 0 ? put_packed(s, end_of_file, sizeof end_of_file, 0) : status;
}

/* .gzi: the number of blocks after the first, then where each starts, packed and unpacked; little endian. The empty block at the end is no entry. */
static void put_index(const sink *s, FILE *gzi)
{
    uint64_t n = s->n - 2;
    for (size_t i = 0; i < s->n - 1; i++) {
        uint64_t v[2] = {i ? s->blocks[i].packed : n, s->blocks[i].unpacked};
        for (int k = 0; k < (i ? 2 : 1); k++)
            for (int shift = 0; shift < 64; shift += 8) fputc((int)(v[k] >> shift & 0xff), gzi);
    }
}

int cw_sim_genome_write(const cw_sim_genome *g, const char *path, cw_err *err)
{
    cw_out fasta = {0}, gzi = {0}, fai = {0};
    sink *s = calloc(1, sizeof *s);
    char *names = malloc(2 * (strlen(path) + 8)), *fai_name = names ? names + strlen(path) + 8 : NULL;
    int status = names && s ? 0 : cw_err_nomem(err);
    if (status == 0) {
        sprintf(names, "%s.gzi", path); /* both sized above */
        sprintf(fai_name, "%s.fai", path);
        status = cw_out_open(&fasta, path, err);
    }
    if (status == 0) status = cw_out_open(&gzi, names, err);
    if (status == 0) status = cw_out_open(&fai, fai_name, err);
    if (status == 0) {
        s->file = fasta.file;
        s->err = err;
        status = put_genome(g, s, fai.file);
    }
    if (status == 0) {
        put_index(s, gzi.file);
        status = cw_out_commit(&fasta, err);
    }
    if (status == 0) status = cw_out_commit(&gzi, err);
    if (status == 0) status = cw_out_commit(&fai, err);
    cw_out_abort(&fasta);
    cw_out_abort(&gzi);
    cw_out_abort(&fai);
    free(names);
    if (s) free(s->blocks);
    free(s);
    return status;
}
