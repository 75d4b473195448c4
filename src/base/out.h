/* SPDX-License-Identifier: MIT */
/* out.h - output files that exist only when they are whole.
 *
 * Bytes go to ".NAME.tmp.PID.N" beside the final name; commit flushes, syncs, and renames. A failed or killed run leaves no
 * file that looks whole: temporary names are removed on error, and by cw_out_remove_temporaries() from a signal handler.
 * Writers that open files by name themselves (htslib) use the same discipline through cw_out_temporary().
 * A link stays and its target is replaced. What is no regular file (a device, a pipe) is written as it is and never replaced. */
#ifndef CW_BASE_OUT_H
#define CW_BASE_OUT_H

#include <stdbool.h>
#include <stdio.h>
#include <clonewatch/error.h>

typedef struct cw_out {
    FILE *file;        /* write here */
    char *final_name;  /* NULL: standard output */
    char *temporary;   /* write here by name */
    bool direct;       /* a device or pipe: temporary is its own name */
} cw_out;

/* path "-" or NULL: standard output. Refuses a directory. */
CW_MUST_CHECK int cw_out_open(cw_out *out, const char *path, cw_err *err);
/* Flush, fsync, close, rename, fsync the folder. On failure nothing is left and the old file stands. */
CW_MUST_CHECK int cw_out_commit(cw_out *out, cw_err *err);
/* Throw away; safe on a zeroed or committed cw_out. */
void cw_out_abort(cw_out *out);

/* A temporary name beside `path` for writers that open files by name (caller writes it, then cw_out_rename). *file is left
 * NULL. The suffix of path (".vcf.gz") is kept at the end of the temporary name. */
CW_MUST_CHECK int cw_out_temporary(cw_out *out, const char *path, cw_err *err);

/* Remove what is not committed; async-signal-safe. */
void cw_out_remove_temporaries(void);

/* Write n bytes as the whole file. */
CW_MUST_CHECK int cw_out_write(const char *path, const void *bytes, size_t n, cw_err *err);

/* mkdir -p. */
CW_MUST_CHECK int cw_make_folder(const char *path, cw_err *err);

/* A name from a patient or sample id, for use as one path component: letters, digits, '.', '_', '-' stay, other bytes
 * become '_'; empty, ".", "..", a leading '.' or '-', reserved device names and more than 200 bytes are refused.
 * Returns 0 and fills out (size >= 201). */
CW_MUST_CHECK int cw_safe_name(const char *id, char *out, size_t size, cw_err *err);

/* Are both names of one regular file? What is written over an input would lose it. */
bool cw_same_file(const char *a, const char *b);

/* What stands behind the last '/'. */
const char *cw_base_name(const char *path);
#endif
