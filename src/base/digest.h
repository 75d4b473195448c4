/* SPDX-License-Identifier: MIT */
/* digest.h - whole files into memory, and the SHA-256 by which a report names its inputs. */
#ifndef CW_BASE_DIGEST_H
#define CW_BASE_DIGEST_H

#include <stddef.h>
#include <clonewatch/error.h>

/* SHA-256 of a file's bytes as lower-case hex. */
CW_MUST_CHECK int cw_sha256_file(const char *path, char hex[65], cw_err *err);

/* Whole file (gzip and bgzip are unpacked) into *text, NUL after the end, caller frees. More than max_bytes unpacked is
 * an error; a cut or damaged gzip stream is one too. hex (may be NULL) is the SHA-256 of the file as stored. */
CW_MUST_CHECK int cw_read_file(const char *path, size_t max_bytes, char **text, size_t *n, char hex[65], cw_err *err);
#endif
