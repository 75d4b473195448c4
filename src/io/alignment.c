/* SPDX-License-Identifier: MIT */
/* alignment.c - BAM, CRAM and SAM behind a door. */
#include "io/alignment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <htslib/bgzf.h>
#include <htslib/hfile.h>
#include <htslib/hts.h>
#include <htslib/thread_pool.h>
#include "io/alignment_trouble.h"
#include "record/contigs.h"

/* Writers that index as they write save the index just before the last block of the file, so it may be some seconds older. */
enum { INDEX_LEAD_S = 10 };

enum { READ_BLOCK = 1 << 18 };
enum { QUEUE_BLOCKS = 128 }; /* decoded blocks in wait, 8 MiB: with htslib's two per thread the threads wait for each other at every block */

/* The two spellings of one chromosome; only names of the fixed table have a twin. */
static bool contig_twin(const char *name, char twin[16])
{
    int i = cw_contig_find(name);
    if (i < 0) return false;
    const char *plain = cw_contig_name((size_t)i);
    if (strncmp(name, "chr", 3)) snprintf(twin, 16, "chr%s", strcmp(plain, "MT") ? plain : "M");
    else snprintf(twin, 16, "%s", plain);
    return strcmp(twin, name) != 0;
}

int cw_header_contig(const sam_hdr_t *header, const char *name)
{
    sam_hdr_t *h = (sam_hdr_t *)header; /* htslib looks names up through a cache in the header */
    char twin[16];
    int tid = sam_hdr_name2tid(h, name);
    if (tid >= 0) return tid;
    if (!contig_twin(name, twin)) return -1;
    tid = sam_hdr_name2tid(h, twin);
    return tid < 0 ? -1 : tid;
}

cw_build cw_header_build(const sam_hdr_t *header)
{
    int is37 = 0, is38 = 0, neither = 0;
    for (size_t i = 0; i < CW_N_CONTIGS; i++) {
        if (cw_contig_length(CW_BUILD_GRCH37, i) == cw_contig_length(CW_BUILD_GRCH38, i)) continue; /* MT does not tell builds apart */
        int tid = cw_header_contig(header, cw_contig_name(i));
        if (tid < 0) continue;
        int64_t length = sam_hdr_tid2len(header, tid);
        if (length == cw_contig_length(CW_BUILD_GRCH37, i)) is37++;
        else if (length == cw_contig_length(CW_BUILD_GRCH38, i)) is38++;
        else neither++;
    }
    if (neither || (is37 && is38)) return CW_BUILD_UNKNOWN;
    return is37 ? CW_BUILD_GRCH37 : is38 ? CW_BUILD_GRCH38 : CW_BUILD_UNKNOWN;
}

/* @RG SM of all read groups must agree; without one the file's name stands in. */
static int find_sample(cw_alignment *a, cw_err *err)
{
    kstring_t value = {0, 0, NULL};
    int n = sam_hdr_count_lines(a->header, "RG"), status = 0;
    if (n < 0) return cw_err_set(err, CW_EFORMAT, "the header of '%s' cannot be parsed: a line is malformed, or a contig (@SQ SN) or read group (@RG ID) stands twice", a->path);
    for (int i = 0; i < n && status == 0; i++) {
        int found = sam_hdr_find_tag_pos(a->header, "RG", i, "SM", &value);
        if (found < -1) status = cw_err_nomem(err);
        if (found != 0) continue;
        if (!a->sample) {
            if (!(a->sample = strdup(value.s))) status = cw_err_nomem(err);
        } else if (strcmp(a->sample, value.s)) {
            status = cw_err_set(err, CW_EREFUSED, "'%s' holds two samples, '%s' and '%s' (@RG SM); split it by sample first (samtools split)",
                                a->path, a->sample, value.s);
        }
    }
    free(value.s);
    if (status < 0 || a->sample) return status;
    const char *base = strrchr(a->path, '/');
    base = base ? base + 1 : a->path;
    const char *dot = strrchr(base, '.');
    a->sample = !strcmp(base, "-") ? strdup("stdin") : strndup(base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
    return a->sample ? 0 : cw_err_nomem(err);
}

static int check_end_block(cw_alignment *a, cw_err *err)
{
    int eof = hts_check_EOF(a->file);
    if (eof < 0) return cw_err_set(err, CW_EIO, "cannot read the end of '%s': %s", a->path, strerror(errno));
    if (eof == 0)
        return cw_err_set(err, CW_EFORMAT, "'%s' has no EOF block: the file is cut off; copy or write it again", a->path);
    return 0;
}

/* x.bam.bai, else x.bai; "" when there is none. The caller frees. */
static char *index_name(const cw_alignment *a)
{
    static const char *const suffixes[] = {".bai", ".csi", ".crai"};
    struct stat st;
    const char *slash = strrchr(a->path, '/'), *dot = strrchr(a->path, '.');
    int n = (int)strlen(a->path), stem = dot && dot > (slash ? slash + 1 : a->path) ? (int)(dot - a->path) : n;
    size_t size = (size_t)n + 8;
    char *name = malloc(size);
    if (!name) return NULL;
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, size, "%s%s", a->path, suffixes[i]);
        if (stat(name, &st) == 0) return name;
        snprintf(name, size, "%.*s%s", stem, a->path, suffixes[i]);
        if (stat(name, &st) == 0) return name;
    }
    *name = '\0';
    return name;
}

/* Behind the last read that the index knows there is none that is mapped; else the index is that of an earlier version of the file, and jumps
 * by it would lose reads. Indexes without that knowledge pass. */
static int check_index_end(cw_alignment *a, const char *name, cw_err *err)
{
    BGZF *bgzf = a->file->fp.bgzf;
    const int64_t here = bgzf_tell(bgzf);
    hts_itr_t *itr = sam_itr_queryi(a->index, HTS_IDX_NOCOOR, 0, 0);
    const uint64_t end = itr && !itr->finished ? itr->curr_off : 0;
    hts_itr_destroy(itr);
    if (!end) return 0;
    int r = bgzf_seek(bgzf, (int64_t)end, SEEK_SET) < 0 ? -2 : bam_read1(bgzf, a->read);
    if (r < -1 || (r >= 0 && a->read->core.tid >= 0 && !(a->read->core.flag & BAM_FUNMAP)))
        return cw_err_set(err, CW_EREFUSED, "index '%s' does not know all reads of '%s': it belongs to another file; index it again (samtools index)", name, a->path);
    return bgzf_seek(bgzf, here, SEEK_SET) < 0 ? cw_err_set(err, CW_EIO, "cannot read '%s' from its start again: %s", a->path, strerror(errno)) : 0;
}

static int load_index(cw_alignment *a, const cw_alignment_conf *conf, cw_err *err)
{
    struct stat data, idx;
    if (conf->no_index || a->file->format.format == sam || !strcmp(a->path, "-") || hisremote(a->path)) return 0;
    char *name = conf->index ? strdup(conf->index) : index_name(a);
    if (!name) return cw_err_nomem(err);
    int status = 0;
    if (!*name) goto done;
    if (stat(a->path, &data) == 0 && stat(name, &idx) == 0 && idx.st_mtim.tv_sec + INDEX_LEAD_S < data.st_mtim.tv_sec) {
        if (!conf->allow_stale_index) {
            status = cw_err_set(err, CW_EREFUSED, "index '%s' is older than '%s'; index it again (samtools index) or give --allow-stale-index",
                                name, a->path);
            goto done;
        }
        a->stale_index = true;
    }
    a->index = sam_index_load3(a->file, a->path, name, HTS_IDX_SILENT_FAIL);
    if (!a->index) status = cw_err_set(err, CW_EFORMAT, "cannot read index '%s'; index '%s' again (samtools index)", name, a->path);
    else if (hts_idx_nseq(a->index) > sam_hdr_nref(a->header) && a->file->format.format != cram)
        status = cw_err_set(err, CW_EREFUSED, "index '%s' belongs to another file: it has %d contigs, '%s' has %d", name,
                            hts_idx_nseq(a->index), a->path, sam_hdr_nref(a->header));
    else if (a->file->format.format == bam) status = check_index_end(a, name, err);
done:
    free(name);
    return status;
}

int cw_alignment_decode_beside(cw_alignment *a, int threads, cw_err *err)
{
    if (a->pool.pool) return 0;
    a->pool.qsize = QUEUE_BLOCKS;
    /* the calling thread waits for decoded blocks most of the time: it does not take the place of a decoding one */
    if (!(a->pool.pool = hts_tpool_init(threads)) || hts_set_thread_pool(a->file, &a->pool) != 0) return cw_err_nomem(err);
    return 0;
}

int cw_alignment_open(cw_alignment *a, const char *path, const cw_alignment_conf *conf, cw_err *err)
{
    memset(a, 0, sizeof *a);
    a->last_tid = -1;
    if (!(a->path = strdup(path)) || !(a->read = bam_init1())) return cw_err_nomem(err);
    if (hisremote(path) && !conf->allow_remote)
        return cw_err_set(err, CW_EREFUSED, "'%s' is a remote address; give --allow-remote to read it", path);
    struct stat st;
    if (strcmp(path, "-") && !hisremote(path)) {
        if (stat(path, &st) != 0) return cw_err_set(err, CW_EIO, "cannot open '%s': %s", path, strerror(errno));
        if (S_ISDIR(st.st_mode)) return cw_err_set(err, CW_EIO, "'%s' is a folder, not an alignment file", path);
    }
    if (!(a->file = sam_open(path, "r")))
        return errno == ENOEXEC ? cw_alignment_not_reads(path, NULL, err) : cw_err_set(err, CW_EIO, "cannot open '%s': %s", path, strerror(errno));
    enum htsExactFormat format = a->file->format.format;
    if (format != bam && format != cram && format != sam) return cw_alignment_not_reads(path, &a->file->format, err);
    if (format == bam) a->bam = a->file->fp.bgzf;
    if (conf->reference && hts_set_fai_filename(a->file, conf->reference) != 0)
        return cw_err_set(err, CW_EIO, "cannot use reference '%s' for '%s'; it needs an index beside it (samtools faidx)", conf->reference, path);
    hts_set_opt(a->file, HTS_OPT_BLOCK_SIZE, READ_BLOCK); /* fewer, larger reads; a refusal harms nothing */
    if (format != bam && conf->threads > 1 && cw_alignment_decode_beside(a, conf->threads, err) < 0) return err->code;
    if (check_end_block(a, err) < 0) return err->code;
    if (!(a->header = sam_hdr_read(a->file))) return cw_err_set(err, CW_EFORMAT, "cannot read the header of '%s'", path);
    if (find_sample(a, err) < 0) return err->code;
    int status = load_index(a, conf, err);
    if (status == 0 && format == bam && !a->index && conf->threads > 1) status = cw_alignment_decode_beside(a, conf->threads, err);
    errno = 0;
    return status;
}

/* Intervals as htslib wants them: one list per contig, sorted. */
static hts_reglist_t *region_lists(cw_alignment *a, const cw_interval *interval, size_t n, int *n_lists)
{
    size_t contigs = 0;
    for (size_t i = 0; i < n; i++) contigs += i == 0 || interval[i].tid != interval[i - 1].tid;
    hts_reglist_t *list = calloc(contigs ? contigs : 1, sizeof *list);
    if (!list) return NULL;
    *n_lists = 0;
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i; j < n && interval[j].tid == interval[i].tid; j++) {}
        hts_reglist_t *l = &list[(*n_lists)++];
        l->tid = interval[i].tid;
        l->reg = sam_hdr_tid2name(a->header, l->tid);
        l->count = (uint32_t)(j - i);
        if (!(l->intervals = calloc(j - i, sizeof *l->intervals))) {
            hts_reglist_free(list, *n_lists);
            return NULL;
        }
        for (size_t k = i; k < j; k++) l->intervals[k - i] = (hts_pair_pos_t){interval[k].beg, interval[k].end};
        l->min_beg = interval[i].beg;
        l->max_end = interval[j - 1].end;
    }
    return list;
}

int cw_alignment_restrict(cw_alignment *a, const cw_interval *interval, size_t n, cw_err *err)
{
    struct stat st;
    if (!a->index || n == 0 || stat(a->path, &st) != 0) return 0;
    a->bytes = (uint64_t)st.st_size;
    int lists = 0;
    hts_reglist_t *list = region_lists(a, interval, n, &lists);
    if (!list) return cw_err_nomem(err);
    hts_itr_t *itr = sam_itr_regions(a->index, a->header, list, (unsigned)lists);
    if (!itr) {
        hts_reglist_free(list, lists);
        return cw_err_set(err, CW_EFORMAT, "the index of '%s' cannot be used; index it again (samtools index)", a->path);
    }
    /* chunks are sorted by their begin; many lie in each other. A chunk that ends inside a block costs that block too */
    uint64_t bytes = 0, read_to = 0;
    int shift = a->file->format.format == cram ? 0 : 16; /* BAM: virtual offsets */
    for (int i = 0; i < itr->n_off; i++) {
        if ((itr->off[i].u >> shift) > (uint64_t)st.st_size) {
            hts_itr_destroy(itr);
            return cw_err_set(err, CW_EREFUSED, "the index of '%s' points past its end: it belongs to another file; index it again (samtools index)",
                              a->path);
        }
        uint64_t from = itr->off[i].u >> shift, to = (itr->off[i].v >> shift) + (shift ? 1 << 15 : 0);
        if (to > (uint64_t)st.st_size) to = (uint64_t)st.st_size; /* CRAM: slices that lie in each other leave it undefined */
        if (from < read_to) from = read_to;
        if (to <= from) continue;
        bytes += to - from;
        read_to = to;
    }
    if (bytes * 2 > (uint64_t)st.st_size) hts_itr_destroy(itr);
    else {
        a->itr = itr;
        a->bam = NULL;
        a->bytes = bytes;
        a->last_tid = -1;
        a->last_pos = -1;
    }
    return 0;
}

bool cw_alignment_in_stretches(const cw_alignment *a) { return a->index && !a->itr && a->file->format.format == bam; }

int cw_alignment_place(const cw_alignment *a, int tid, int64_t beg, uint64_t *place, cw_err *err)
{
    enum { NEAR_BP = 1 << 16 }; /* most places are found without a list of the contig's whole rest */
    *place = 0;
    for (int64_t end = beg + NEAR_BP;; end = HTS_POS_MAX) {
        hts_itr_t *itr = sam_itr_queryi(a->index, tid, beg, end);
        if (!itr) return cw_err_nomem(err);
        for (int i = 0; i < itr->n_off; i++)
            if (!*place || itr->off[i].u < *place) *place = itr->off[i].u;
        hts_itr_destroy(itr);
        if (*place || end == HTS_POS_MAX) return 0;
    }
}

int cw_alignment_seek(cw_alignment *a, uint64_t place, cw_err *err)
{
    if (bgzf_seek(a->bam, (int64_t)place, SEEK_SET) < 0)
        return cw_err_set(err, CW_EFORMAT, "the index of '%s' points to where no block begins; index it again (samtools index)", a->path);
    a->last_tid = -1;
    a->last_pos = -1;
    return 0;
}

static int at_end(cw_alignment *a, cw_err *err)
{
    if (a->bam && a->bam->no_eof_block)
        return cw_err_set(err, CW_EFORMAT, "'%s' has no EOF block: the stream was cut off", a->path);
    /* a text line that memory was too short for looks like the end to htslib */
    if (a->file->format.format == sam && errno == ENOMEM) return cw_err_nomem(err);
    a->whole = true;
    a->bam = NULL;
    return 0;
}

static const char *contig_name(const cw_alignment *a, int tid)
{
    const char *name = tid >= 0 ? sam_hdr_tid2name(a->header, tid) : NULL;
    return name ? name : "*";
}

int cw_alignment_turn(cw_alignment *a, int r, cw_err *err)
{
    if (a->whole) return 0;
    const bam1_core_t *c = &a->read->core;
    if (!a->bam) r = a->itr ? sam_itr_next(a->file, a->itr, a->read) : sam_read1(a->file, a->header, a->read);
    else if (r >= 0 && (c->tid < -1 || c->tid >= a->header->n_targets || c->mtid < -1 || c->mtid >= a->header->n_targets)) r = -3;
    if (r < 0) return r == -1 ? at_end(a, err) : cw_alignment_unreadable(a, err);
    if (c->tid < 0) { /* reads without a place come last */
        if (c->pos >= 0 && a->file->format.format == sam)
            return cw_err_set(err, CW_EFORMAT, "'%s': read '%.60s' at position %lld lies on a contig that has no @SQ line; give the file its whole header (samtools view -h -t ref.fa.fai)",
                              a->path, bam_get_qname(a->read), (long long)c->pos + 1);
        a->last_tid = INT32_MAX;
        a->last_pos = -1;
        return 1;
    }
    if (c->tid > a->last_tid || (c->tid == a->last_tid && c->pos >= a->last_pos)) {
        a->last_tid = c->tid;
        a->last_pos = c->pos;
        return 1;
    }
    return cw_err_set(err, CW_EREFUSED, "'%s' is not sorted by coordinate: '%.60s' at %s:%lld comes after %s:%lld; sort it (samtools sort)", a->path,
                      bam_get_qname(a->read), contig_name(a, c->tid), (long long)c->pos + 1,
                      a->last_tid == INT32_MAX ? "reads without a place" : contig_name(a, a->last_tid), (long long)a->last_pos + 1);
}

void cw_alignment_close(cw_alignment *a)
{
    if (!a) return;
    if (a->itr) hts_itr_destroy(a->itr);
    if (a->index) hts_idx_destroy(a->index);
    if (a->header) sam_hdr_destroy(a->header);
    if (a->file) sam_close(a->file);
    if (a->pool.pool) hts_tpool_destroy(a->pool.pool);
    if (a->read) bam_destroy1(a->read);
    free(a->path);
    free(a->sample);
    memset(a, 0, sizeof *a);
}
