/* SPDX-License-Identifier: MIT */
/* calls_vcf_meta.h - the "##clonewatch_" lines of a calls file, out and in, and what the parts of its reader share. */
#ifndef CW_IO_CALLS_VCF_META_H
#define CW_IO_CALLS_VCF_META_H

#include <htslib/vcf.h>
#include "io/calls_vcf.h"

typedef struct cw_calls_reader {
    cw_calls *c;
    const char *path;
    size_t line;                  /* of the file, for messages; 0: none */
    size_t locus_cap, call_cap, phase_cap, reference_cap;
    bool has_background;
    cw_err *err;
} cw_calls_reader;

/* The header of a calls file, all lines, into an empty one. */
CW_MUST_CHECK int cw_calls_put_header(bcf_hdr_t *header, const cw_calls *c, const cw_vcf_conf *conf, cw_err *err);

/* Sets the error with path and line in front; returns code. */
int cw_calls_fail(cw_calls_reader *r, int code, const char *format, ...) CW_PRINTF(3, 4);

/* One line that starts with "##". Lines that are not clonewatch's are let through. */
CW_MUST_CHECK int cw_calls_read_meta(cw_calls_reader *r, const char *line);
#endif
