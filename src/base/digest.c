/* SPDX-License-Identifier: MIT */
/* digest.c - whole files and their SHA-256 (nettle); gzip by zlib. */
#include "base/digest.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

static void to_hex(const uint8_t *digest, char hex[65])
{
    for (int i = 0; i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

int cw_sha256_file(const char *path, char hex[65], cw_err *err)
{
    enum { BLOCK = 1 << 18 };
    struct sha256_ctx c;
    uint8_t digest[SHA256_DIGEST_SIZE];
    FILE *f = fopen(path, "rb");
    if (!f) return cw_err_set(err, CW_EIO, "cannot open '%s': %s", path, strerror(errno));
    uint8_t *block = malloc(BLOCK);
    if (!block) {
        fclose(f);
        return cw_err_nomem(err);
    }
    sha256_init(&c);
    for (size_t n; (n = fread(block, 1, BLOCK, f)) > 0;) sha256_update(&c, n, block);
    int bad = ferror(f);
    free(block);
    fclose(f);
    if (bad) return cw_err_set(err, CW_EIO, "cannot read '%s': %s", path, strerror(errno));
    sha256_digest(&c, sizeof digest, digest);
    to_hex(digest, hex);
    return 0;
}

int cw_read_file(const char *path, size_t max_bytes, char **text, size_t *n, char hex[65], cw_err *err)
{
    struct stat st;
    *text = NULL;
    *n = 0;
    if (stat(path, &st) != 0) return cw_err_set(err, CW_EIO, "cannot open '%s': %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode)) return cw_err_set(err, CW_EIO, "'%s' is a folder, not a file", path);
    if (hex && S_ISREG(st.st_mode)) {
        int status = cw_sha256_file(path, hex, err);
        if (status < 0) return status;
    } else if (hex) {
        hex[0] = '\0';
    }
    gzFile f = gzopen(path, "rb");
    if (!f) return cw_err_set(err, CW_EIO, "cannot open '%s': %s", path, strerror(errno));
    size_t cap = 1 << 16;
    char *buffer = malloc(cap + 1);
    if (!buffer) {
        gzclose(f);
        return cw_err_nomem(err);
    }
    for (;;) {
        if (*n > max_bytes) {
            gzclose(f);
            free(buffer);
            return cw_err_set(err, CW_EFORMAT, "'%s' is larger than %zu bytes unpacked", path, max_bytes);
        }
        if (*n == cap) {
            char *more = realloc(buffer, cap * 2 + 1);
            if (!more) {
                gzclose(f);
                free(buffer);
                return cw_err_nomem(err);
            }
            buffer = more;
            cap *= 2;
        }
        size_t room = cap - *n;
        int got = gzread(f, buffer + *n, (unsigned)(room > 1u << 30 ? 1u << 30 : room));
        if (got < 0) {
            int code;
            cw_err_set(err, CW_EIO, "cannot read '%s': %s", path, gzerror(f, &code));
            gzclose(f);
            free(buffer);
            return CW_EIO;
        }
        if (got == 0) break;
        *n += (size_t)got;
    }
    if (gzclose(f) != Z_OK) { /* Z_BUF_ERROR: the stream stops before its end */
        free(buffer);
        return cw_err_set(err, CW_EIO, "'%s' is cut short", path);
    }
    buffer[*n] = '\0';
    *text = buffer;
    return 0;
}
