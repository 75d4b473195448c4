/* SPDX-License-Identifier: MIT */
/* hts_out.c - htslib files for writing. */
#include "io/hts_out.h"

#include <stdio.h>
#include <unistd.h>
#include <htslib/hfile.h>

htsFile *cw_hts_create(const char *path, const char *mode)
{
    if (path) return hts_open(path, mode);
    fflush(stdout);
    int fd = dup(STDOUT_FILENO);
    if (fd < 0) return NULL;
    hFILE *raw = hdopen(fd, "w");
    if (!raw) {
        close(fd);
        return NULL;
    }
    htsFile *file = hts_hopen(raw, "-", mode);
    if (!file) hclose_abruptly(raw);
    return file;
}

BGZF *cw_bgzf_create(const char *path, const char *mode)
{
    if (path) return bgzf_open(path, mode);
    fflush(stdout);
    int fd = dup(STDOUT_FILENO);
    if (fd < 0) return NULL;
    BGZF *file = bgzf_dopen(fd, mode);
    if (!file) close(fd);
    return file;
}
