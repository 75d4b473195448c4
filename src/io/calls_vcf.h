/* SPDX-License-Identifier: MIT */
/* calls_vcf.h - .calls.vcf.gz out and in (formats.md). */
#ifndef CW_IO_CALLS_VCF_H
#define CW_IO_CALLS_VCF_H

#include <clonewatch/call.h>

typedef struct cw_vcf_conf {
    char type;                 /* 'z' 'v' 'b' 'u' */
    bool write_index;
    const char *command_line;  /* for ##clonewatch_callCommand; NULL: leave version and command out (--no-version) */
} cw_vcf_conf;

/* Atomic; path "-" is standard output. */
CW_MUST_CHECK int cw_calls_write(const cw_calls *calls, const char *path, const cw_vcf_conf *conf, cw_err *err);

/* Needs CHROM POS REF ALT, BGA, BGB, AD and the background header; the rest is optional. No index needed. A file that cannot be
 * read to its end is an error, never a shorter file. Unknown genes and contigs are fine. */
CW_MUST_CHECK int cw_calls_read(cw_calls *calls, const char *path, cw_err *err);
#endif
