/* SPDX-License-Identifier: MIT */
/* reference.h - an indexed FASTA: bases in upper case by contig and interval. */
#ifndef CW_IO_REFERENCE_H
#define CW_IO_REFERENCE_H

#include <stdint.h>
#include <clonewatch/error.h>

typedef struct cw_reference {
    struct faidx_t *fai;
    char *path;
} cw_reference;

CW_MUST_CHECK int cw_reference_open(cw_reference *r, const char *path, cw_err *err);

/* Name under which the FASTA holds the contig (as given, else its chr twin), or NULL. */
const char *cw_reference_name(const cw_reference *r, const char *contig);

/* Length of the contig, -1 when absent. */
int64_t cw_reference_length(const cw_reference *r, const char *contig);

/* Bases [beg,end) in upper case, what is not A C G T as N; positions outside the contig are N. The caller frees. */
CW_MUST_CHECK int cw_reference_fetch(const cw_reference *r, const char *contig, int64_t beg, int64_t end, char **bases, cw_err *err);

/* MD5 of the whole contig as the SAM specification wants it in @SQ M5 (section 1.3.2): upper case, without blanks, every other
 * character as it stands. Lower-case hex; reads the whole contig. */
CW_MUST_CHECK int cw_reference_md5(const cw_reference *r, const char *contig, char hex[33], cw_err *err);

void cw_reference_close(cw_reference *r);
#endif
