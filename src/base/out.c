/* SPDX-License-Identifier: MIT */
/* out.c - output files that exist only when they are whole. */
#include "base/out.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/parse.h"

/* Open temporaries, for the signal handler. A slot holds NULL or a whole string: one pointer store each way. The table is
 * the one piece of global state, because a signal handler has no argument. */
enum { SLOTS = 1024 };
static char *volatile temporaries[SLOTS];
static pthread_mutex_t slot_lock = PTHREAD_MUTEX_INITIALIZER;

static void register_temporary(char *name)
{
    pthread_mutex_lock(&slot_lock);
    for (int i = 0; i < SLOTS; i++)
        if (!temporaries[i]) {
            temporaries[i] = name;
            break;
        }
    pthread_mutex_unlock(&slot_lock);
}

static void forget_temporary(const char *name)
{
    pthread_mutex_lock(&slot_lock);
    for (int i = 0; i < SLOTS; i++)
        if (temporaries[i] == name) temporaries[i] = NULL;
    pthread_mutex_unlock(&slot_lock);
}

void cw_out_remove_temporaries(void)
{
    for (int i = 0; i < SLOTS; i++)
        if (temporaries[i]) unlink(temporaries[i]);
}

static void forget(cw_out *out)
{
    if (out->temporary) forget_temporary(out->temporary);
    free(out->temporary);
    free(out->final_name);
    memset(out, 0, sizeof *out);
}

/* Where bytes for `path` must go: *target is its own name, or the file that a link leads to. Renaming over a device or pipe would
 * replace it (/dev/null by a file, for all programs), and so would renaming over the link /dev/stdout: these are *direct. */
static int find_target(const char *path, char **target, bool *direct, cw_err *err)
{
    struct stat own, end;
    bool there = stat(path, &end) == 0;
    *direct = there && !S_ISREG(end.st_mode);
    *target = NULL;
    if (there && S_ISDIR(end.st_mode)) return cw_err_set(err, CW_EIO, "cannot write '%s': it is a folder", path);
    if (there && !*direct && lstat(path, &own) == 0 && S_ISLNK(own.st_mode)) {
        *target = realpath(path, NULL);
        *direct = !*target;
    }
    if (!*target) *target = strdup(path);
    return *target ? 0 : cw_err_nomem(err);
}

int cw_out_temporary(cw_out *out, const char *path, cw_err *err)
{
    static unsigned serial; /* under slot_lock */
    memset(out, 0, sizeof *out);
    if (!*path) return cw_err_set(err, CW_EIO, "an output file needs a name");
    if (find_target(path, &out->final_name, &out->direct, err) < 0) return err->code;
    path = out->final_name;
    const char *base = cw_base_name(path), *dot = strchr(base, '.');
    size_t folder = (size_t)(base - path), size = strlen(path) + 80;
    out->temporary = malloc(size);
    if (!out->temporary) {
        forget(out);
        return cw_err_nomem(err);
    }
    if (out->direct) {
        snprintf(out->temporary, size, "%s", path);
        return 0;
    }
    pthread_mutex_lock(&slot_lock);
    unsigned n = serial++;
    pthread_mutex_unlock(&slot_lock);
    snprintf(out->temporary, size, "%.*s.%.*s.tmp.%ld.%u%s", (int)folder, path, dot ? (int)(dot - base) : (int)strlen(base),
             base, (long)getpid(), n, dot ? dot : "");
    register_temporary(out->temporary);
    return 0;
}

int cw_out_open(cw_out *out, const char *path, cw_err *err)
{
    if (!path || !strcmp(path, "-")) {
        memset(out, 0, sizeof *out);
        out->file = stdout;
        return 0;
    }
    int status = cw_out_temporary(out, path, err);
    if (status < 0) return status;
    out->file = fopen(out->temporary, out->direct ? "wb" : "wxb");
    if (!out->file) {
        status = cw_err_set(err, CW_EIO, "cannot write '%s': %s", path, strerror(errno));
        forget(out);
    }
    return status;
}

static int sync_path(const char *path, bool folder)
{
    int fd = open(path, folder ? O_RDONLY | O_DIRECTORY : O_RDONLY);
    if (fd < 0) return -1;
    int bad = fsync(fd);
    if (bad && folder && (errno == EINVAL || errno == EROFS)) bad = 0; /* file systems that cannot sync a folder */
    close(fd);
    return bad;
}

int cw_out_commit(cw_out *out, cw_err *err)
{
    int status = 0;
    if (out->file == stdout) {
        if (fflush(stdout) != 0) status = cw_err_set(err, CW_EIO, "cannot write to standard output: %s", strerror(errno));
        memset(out, 0, sizeof *out);
        return status;
    }
    if (out->file) {
        int bad = ferror(out->file) | fflush(out->file);
        if (!bad && !out->direct) bad = fsync(fileno(out->file));
        int saved = errno;
        if (fclose(out->file) != 0 && !bad) bad = -1, saved = errno;
        out->file = NULL;
        if (bad) {
            status = cw_err_set(err, CW_EIO, "cannot write '%s': %s", out->final_name, strerror(saved));
            goto failed;
        }
    } else if (!out->direct && sync_path(out->temporary, false) != 0) {
        status = cw_err_set(err, CW_EIO, "cannot write '%s': %s", out->final_name, strerror(errno));
        goto failed;
    }
    if (out->direct) {
        forget(out);
        return 0;
    }
    if (rename(out->temporary, out->final_name) != 0) {
        status = cw_err_set(err, CW_EIO, "cannot write '%s': %s", out->final_name, strerror(errno));
        goto failed;
    }
    char *slash = strrchr(out->final_name, '/');
    if (slash && slash != out->final_name) *slash = '\0';
    sync_path(slash ? (slash == out->final_name ? "/" : out->final_name) : ".", true); /* the file is whole already */
    forget(out);
    return 0;
failed:
    if (!out->direct) unlink(out->temporary);
    forget(out);
    return status;
}

void cw_out_abort(cw_out *out)
{
    if (!out) return;
    if (out->file && out->file != stdout) fclose(out->file);
    if (out->temporary && !out->direct) unlink(out->temporary);
    forget(out);
}

int cw_out_write(const char *path, const void *bytes, size_t n, cw_err *err)
{
    cw_out out;
    int status = cw_out_open(&out, path, err);
    if (status < 0) return status;
    if (n && fwrite(bytes, 1, n, out.file) != n) {
        status = cw_err_set(err, CW_EIO, "cannot write '%s': %s", path, strerror(errno));
        cw_out_abort(&out);
        return status;
    }
    return cw_out_commit(&out, err);
}

int cw_make_folder(const char *path, cw_err *err)
{
    char *copy = strdup(path);
    if (!copy) return cw_err_nomem(err);
    int status = 0;
    for (char *p = copy + (*copy == '/');; p++) {
        if (*p && *p != '/') continue;
        char keep = *p;
        *p = '\0';
        if (*copy && mkdir(copy, 0777) != 0 && errno != EEXIST)
            status = cw_err_set(err, CW_EIO, "cannot make folder '%s': %s", copy, strerror(errno));
        *p = keep;
        if (!keep || status < 0) break;
    }
    struct stat st;
    if (status == 0 && (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)))
        status = cw_err_set(err, CW_EIO, "cannot make folder '%s': a file is in its place", path);
    free(copy);
    return status;
}

bool cw_same_file(const char *a, const char *b)
{
    struct stat x, y;
    return !stat(a, &x) && !stat(b, &y) && S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

int cw_safe_name(const char *id, char *out, size_t size, cw_err *err)
{
    static const char *const reserved[] = {"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "lpt1", "lpt2", "lpt3"};
    size_t n = strlen(id);
    if (!n || n > 200 || n >= size || *id == '.' || *id == '-' || strchr(id, '/') || strchr(id, '\\'))
        return cw_err_set(err, CW_EREFUSED, "'%.60s' cannot be used as a file name; use letters, digits, '.', '_', '-' (at most 200, not starting with '.' or '-')", id);
    for (size_t i = 0; i < n; i++) {
        char c = id[i];
        bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        out[i] = fine ? c : '_';
    }
    out[n] = '\0';
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (cw_ascii_equal(out, reserved[i]))
            return cw_err_set(err, CW_EREFUSED, "'%s' is a reserved device name and cannot be used as a file name", id);
    return 0;
}

const char *cw_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
