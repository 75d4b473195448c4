/* SPDX-License-Identifier: MIT */
/* sequence_dict.c - the .dict beside a FASTA: a SAM header without reads. */
#include "io/sequence_dict.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/digest.h"

enum { MAX_DICT_BYTES = 1 << 28 };

static bool ends_with(const char *s, size_t n, const char *end)
{
    size_t m = strlen(end);
    return n > m && !strncmp(s + n - m, end, m);
}

/* Picard's ref.dict first, then the forms that append. 1: there, and *path is its name. */
static int find(const char *fasta, char **path, struct stat *found, cw_err *err)
{
    size_t n = strlen(fasta), plain = ends_with(fasta, n, ".gz") ? n - 3 : n, stem = plain;
    static const char *const suffixes[] = {".fa", ".fasta", ".fna"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes && stem == plain; i++)
        if (ends_with(fasta, plain, suffixes[i])) stem = plain - strlen(suffixes[i]);
    const size_t part[] = {stem, n, plain};
    if (!(*path = malloc(n + sizeof ".dict"))) return cw_err_nomem(err);
    for (size_t i = 0; i < 3; i++) {
        memcpy(*path, fasta, part[i]);
        memcpy(*path + part[i], ".dict", sizeof ".dict");
        if (stat(*path, found) == 0) return 1;
    }
    **path = '\0';
    return 0;
}

int cw_sequence_dict_open(cw_sequence_dict *d, const char *fasta, cw_err *err)
{
    struct stat dict, bases;
    char *text = NULL;
    size_t n;
    cw_err unreadable = {0};
    memset(d, 0, sizeof *d);
    int status = find(fasta, &d->path, &dict, err);
    if (status <= 0) return status;
    d->older = stat(fasta, &bases) == 0 && dict.st_mtim.tv_sec < bases.st_mtim.tv_sec;
    if (cw_read_file(d->path, MAX_DICT_BYTES, &text, &n, NULL, &unreadable) < 0)
        return unreadable.code == CW_ENOMEM ? cw_err_nomem(err) : 0;
    if (*text == '@') d->header = sam_hdr_parse(n, text);
    free(text);
    return 0;
}

int64_t cw_sequence_dict_length(const cw_sequence_dict *d, const char *contig)
{
    int tid = sam_hdr_name2tid(d->header, contig);
    return tid < 0 ? -1 : sam_hdr_tid2len(d->header, tid);
}

int cw_header_md5(const sam_hdr_t *header, const char *contig, char hex[33], cw_err *err)
{
    kstring_t value = KS_INITIALIZE;
    int found = sam_hdr_find_tag_id((sam_hdr_t *)header, "SQ", "SN", contig, "M5", &value), status = found == 0;
    if (found < -1) status = cw_err_nomem(err);
    if (status == 1 && (value.l != 32 || strspn(value.s, "0123456789abcdefABCDEF") != 32))
        status = cw_err_set(err, CW_EFORMAT, "'%.40s' is not an MD5", value.s);
    for (size_t i = 0; status == 1 && i <= 32; i++) hex[i] = (char)(value.s[i] >= 'A' && value.s[i] <= 'F' ? value.s[i] + 32 : value.s[i]);
    ks_free(&value);
    return status;
}

void cw_sequence_dict_close(cw_sequence_dict *d)
{
    if (!d) return;
    if (d->header) sam_hdr_destroy(d->header);
    free(d->path);
    memset(d, 0, sizeof *d);
}
