/* SPDX-License-Identifier: MIT */
/* alignment_trouble.c - sentences about files without reads and reads that cannot be had. */
#include "io/alignment_trouble.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <htslib/bgzf.h>
#include <htslib/hfile.h>

/* The first bytes, unpacked where the file is gzipped; "" when there are none to be had. */
static void first_bytes(const char *path, char *head, size_t size)
{
    *head = '\0';
    if (!strcmp(path, "-") || hisremote(path)) return; /* standard input cannot be read twice */
    BGZF *in = bgzf_open(path, "r");
    ssize_t n = in ? bgzf_read(in, head, size - 1) : 0;
    head[n > 0 ? n : 0] = '\0';
    if (in && bgzf_close(in) < 0) return; /* what was read tells */
}

/* A line of `text` begins so. */
static bool has_line(const char *text, const char *start)
{
    for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (!strncmp(line, start, strlen(start))) return true;
    return false;
}

int cw_alignment_not_reads(const char *path, const htsFormat *format, cw_err *err)
{
    static const char take[] = "'clonewatch import' takes it, and column vcf of a draw sheet", mark[] = "\xef\xbb\xbf";
    char head[1 << 14];
    if (format && (format->format == vcf || format->format == bcf))
        return cw_err_set(err, CW_EFORMAT, "'%s' holds variants (%s), not reads; %s", path, hts_format_file_extension(format), take);
    if (format && format->format == empty_format) return cw_err_set(err, CW_EFORMAT, "'%s' is empty: it is not a BAM, CRAM or SAM file", path);
    first_bytes(path, head, sizeof head);
    bool marked = !strncmp(head, mark, 3);
    const char *text = marked ? head + 3 : head;
    if (has_line(text, "##fileformat=VCF") || has_line(text, "#CHROM\tPOS\t"))
        return cw_err_set(err, CW_EFORMAT, "'%s' holds variants, not reads, and begins %s, so that it is no valid VCF; mend that, then %s", path,
                          marked ? "with a byte order mark" : "with another line than '##fileformat=VCF'", take);
    if (has_line(text, "Hugo_Symbol\t")) return cw_err_set(err, CW_EFORMAT, "'%s' holds variants (MAF), not reads; %s", path, take);
    return cw_err_set(err, CW_EFORMAT, "'%s' is not a BAM, CRAM or SAM file", path);
}

/* The FASTA that the header names for the contig that was being read, or the first; NULL: none. Heap. */
static char *named_reference(const cw_alignment *a)
{
    kstring_t value = {0, 0, NULL};
    int tid = a->last_tid >= 0 && a->last_tid < sam_hdr_nref(a->header) ? a->last_tid : 0;
    if (sam_hdr_find_tag_pos(a->header, "SQ", tid, "UR", &value) == 0) return value.s;
    free(value.s);
    return NULL;
}

int cw_alignment_unreadable(const cw_alignment *a, cw_err *err)
{
    char place[400], line[40] = "";
    const char *contig = a->last_tid >= 0 ? sam_hdr_tid2name(a->header, a->last_tid) : NULL;
    if (a->file->format.format == sam && !a->pool.pool && a->file->lineno > 0) snprintf(line, sizeof line, " (line %lld)", (long long)a->file->lineno);
    if (contig) snprintf(place, sizeof place, "past %.300s:%lld%s", contig, (long long)a->last_pos + 1, line);
    else snprintf(place, sizeof place, "%s%s", a->last_tid < 0 ? "at its first read" : "among the reads without a place", line);
    if (a->file->format.format != cram) return cw_err_set(err, CW_EFORMAT, "'%s' cannot be read %s: damaged or cut off", a->path, place);
    if (a->file->fn_aux)
        return cw_err_set(err, CW_EFORMAT, "'%s' cannot be read %s: damaged or cut off, or '%s' is not the reference that it was written with", a->path, place,
                          a->file->fn_aux);
    char *named = named_reference(a);
    int status = cw_err_set(err, CW_EFORMAT, "'%s' cannot be read %s: damaged or cut off, or without the reference that it was written with%s%s%s; give that one (-f)", a->path,
                            place, named ? " ('" : "", named ? named : "", named ? "', says its header)" : "");
    free(named);
    return status;
}
