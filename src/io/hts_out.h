/* SPDX-License-Identifier: MIT */
/* hts_out.h - htslib files for writing. htslib closes descriptor 1 when it closes "-", after which the process can no longer say
 * that its output is whole; so standard output is handed over as a duplicate. */
#ifndef CW_IO_HTS_OUT_H
#define CW_IO_HTS_OUT_H

#include <htslib/bgzf.h>
#include <htslib/hts.h>

/* path NULL: standard output. NULL with errno on failure. */
htsFile *cw_hts_create(const char *path, const char *mode);
BGZF *cw_bgzf_create(const char *path, const char *mode);
#endif
