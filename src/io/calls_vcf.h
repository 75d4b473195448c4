/* SPDX-License-Identifier: MIT */
/* calls_vcf.h - .calls.vcf.gz out and in (formats.md). */
#ifndef CW_IO_CALLS_VCF_H
#define CW_IO_CALLS_VCF_H

#include <clonewatch/call.h>

typedef struct cw_vcf_conf {
    char type;                 /* 'z' 'v' 'b' 'u'; 0: 'z' */
    bool write_index;          /* <path>.csi; an error with 'v', 'u' and standard output */
    const char *command_line;  /* for ##clonewatch_callCommand; NULL: leave version and command out (--no-version) */
} cw_vcf_conf;

/* Atomic; path "-" is standard output. */
CW_MUST_CHECK int cw_calls_write(const cw_calls *calls, const char *path, const cw_vcf_conf *conf, cw_err *err);

/* VCF, bgzipped or gzipped VCF, or BCF. Needs one sample column, CHROM POS REF ALT, BGA, BGB, AD and the background header; the rest
 * is optional. No index needed. A file that cannot be read to its end is an error, never a shorter file. Unknown genes and contigs are
 * fine. What the file does not say is NAN for doubles, "" for words, -1 for locus counts; k_star = 0 and p = NAN when there is no
 * verdict in the file (cw_calls_judge of detect fills them); AD "." gives counts_known = false, k = -1.
 * A CWID that is not given is CHROM:POS:REF:ALT. The same CWID twice in one file is refused. */
CW_MUST_CHECK int cw_calls_read(cw_calls *calls, const char *path, cw_err *err);

/* The calls as VCF text, without version and command line; the caller frees. */
CW_MUST_CHECK int cw_calls_format(const cw_calls *calls, char **text, size_t *n, cw_err *err);

/* Replace calls by what a reader of their file will see (a VCF holds six digits), so that a series made in one go and one made from
 * the files are the same. */
CW_MUST_CHECK int cw_calls_settle(cw_calls *calls, cw_err *err);
#endif
