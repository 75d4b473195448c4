/* SPDX-License-Identifier: MIT */
/* reference.c - an indexed FASTA. */
#include "io/reference.h"

#include <stdlib.h>
#include <string.h>
#include <htslib/faidx.h>
#include "record/contigs.h"

int cw_reference_open(cw_reference *r, const char *path, cw_err *err)
{
    memset(r, 0, sizeof *r);
    if (!(r->path = strdup(path))) return cw_err_nomem(err);
    /* No FAI_CREATE: an index written beside a shared reference would surprise. */
    r->fai = (struct faidx_t *)fai_load3(path, NULL, NULL, 0);
    if (!r->fai) return cw_err_set(err, CW_EIO, "cannot open reference '%s' with its index; make one with 'samtools faidx %s'", path, path);
    return 0;
}

const char *cw_reference_name(const cw_reference *r, const char *contig)
{
    if (faidx_has_seq((faidx_t *)r->fai, contig)) return contig;
    int i = cw_contig_find(contig); /* the FASTA's own strings live as long as it: search them for the twin */
    for (int k = 0; i >= 0 && k < faidx_nseq((faidx_t *)r->fai); k++)
        if (cw_contig_find(faidx_iseq((faidx_t *)r->fai, k)) == i) return faidx_iseq((faidx_t *)r->fai, k);
    return NULL;
}

int64_t cw_reference_length(const cw_reference *r, const char *contig)
{
    const char *name = cw_reference_name(r, contig);
    return name ? faidx_seq_len((faidx_t *)r->fai, name) : -1;
}

static int no_contig(const cw_reference *r, const char *contig, cw_err *err)
{
    return cw_err_set(err, CW_EREFUSED, "reference '%s' has no contig '%s'", r->path, contig);
}

static int cannot_read(const cw_reference *r, const char *name, int64_t from, int64_t to, cw_err *err)
{
    return cw_err_set(err, CW_EIO, "cannot read %s:%lld-%lld of reference '%s'; is its index its own?", name, (long long)from + 1, (long long)to, r->path);
}

int cw_reference_fetch(const cw_reference *r, const char *contig, int64_t beg, int64_t end, char **bases, cw_err *err)
{
    const char *name = cw_reference_name(r, contig);
    if (!name) return no_contig(r, contig, err);
    int64_t length = faidx_seq_len((faidx_t *)r->fai, name), from = beg < 0 ? 0 : beg, to = end > length ? length : end;
    char *out = malloc((size_t)(end - beg) + 1);
    if (!out) return cw_err_nomem(err);
    memset(out, 'N', (size_t)(end - beg));
    out[end - beg] = '\0';
    if (from < to) {
        hts_pos_t n = 0;
        char *got = faidx_fetch_seq64((faidx_t *)r->fai, name, from, to - 1, &n);
        if (!got || n != to - from) {
            free(got);
            free(out);
            return cannot_read(r, name, from, to, err);
        }
        for (int64_t i = 0; i < n; i++) {
            char b = got[i] >= 'a' ? (char)(got[i] - 32) : got[i];
            out[from - beg + i] = b == 'A' || b == 'C' || b == 'G' || b == 'T' ? b : 'N';
        }
        free(got);
    }
    *bases = out;
    return 0;
}

int cw_reference_md5(const cw_reference *r, const char *contig, char hex[33], cw_err *err)
{
    enum { BLOCK = 1 << 20 };
    unsigned char digest[16];
    const char *name = cw_reference_name(r, contig);
    if (!name) return no_contig(r, contig, err);
    hts_md5_context *md5 = hts_md5_init();
    if (!md5) return cw_err_nomem(err);
    int status = 0;
    for (int64_t from = 0, length = faidx_seq_len((faidx_t *)r->fai, name); from < length && status == 0; from += BLOCK) {
        int64_t to = length - from < BLOCK ? length : from + BLOCK;
        hts_pos_t n = 0;
        char *got = faidx_fetch_seq64((faidx_t *)r->fai, name, from, to - 1, &n); /* leaves out what is not printed, by isgraph */
        if (!got || n != to - from) status = cannot_read(r, name, from, to, err);
        for (int64_t i = 0; status == 0 && i < n; i++)
            if (got[i] >= 'a' && got[i] <= 'z') got[i] = (char)(got[i] - 32);
        if (status == 0) hts_md5_update(md5, got, (unsigned long)n);
        free(got);
    }
    hts_md5_final(digest, md5);
    hts_md5_destroy(md5);
    hts_md5_hex(hex, digest);
    return status;
}

void cw_reference_close(cw_reference *r)
{
    if (!r) return;
    if (r->fai) fai_destroy((faidx_t *)r->fai);
    free(r->path);
    memset(r, 0, sizeof *r);
}
