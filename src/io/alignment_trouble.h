/* SPDX-License-Identifier: MIT */
/* alignment_trouble.h - what to say of a file that holds no reads, or whose reads cannot be read on: what it is, where it stopped, what to do. htslib's own
 * words about it are for -v. */
#ifndef CW_IO_ALIGNMENT_TROUBLE_H
#define CW_IO_ALIGNMENT_TROUBLE_H

#include "io/alignment.h"

/* The file at path is none of BAM, CRAM, SAM; format: what htslib takes it for, or NULL. Always an error. */
CW_MUST_CHECK int cw_alignment_not_reads(const char *path, const htsFormat *format, cw_err *err);

/* The next read cannot be had. Always an error. */
CW_MUST_CHECK int cw_alignment_unreadable(const cw_alignment *a, cw_err *err);
#endif
