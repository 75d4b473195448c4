/* SPDX-License-Identifier: MIT */
/* shim.c - LD_PRELOAD: makes one system or library call fail, the way a full disk, a bad disk or lack of memory does.
 *
 * CW_FAIL      malloc | write | fsync | rename | close
 * CW_FAIL_AT   the k-th call fails (1 is the first); 0: none, only count
 * CW_FAIL_ON   1: all calls from the k-th on fail, as when the disk stays full
 * CW_FAIL_ERRNO number, default ENOSPC
 * CW_FAIL_LOG  file that gets the number of calls at exit
 * CW_FAIL_TRACE if set: where the failing call came from, on standard error
 *
 * Only calls of files that are written count (write, fsync, close), and only descriptors above 2. stdio's own writes do not go through the
 * dynamic symbol write(), so files opened for writing by fopen() get a stream whose writes do. */
#include <dlfcn.h>
#include <execinfo.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { NONE, MALLOC, WRITE, FSYNC, RENAME, CLOSE };
static int kind = NONE, fail_errno = ENOSPC;
static long fail_at, fail_on;
static atomic_long calls;
static atomic_bool ready;
static const char *log_path;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static bool fails(int which)
{
    if (!atomic_load(&ready) || kind != which) return false;
    long n = atomic_fetch_add(&calls, 1) + 1;
    if (!fail_at || (fail_on ? n < fail_at : n != fail_at)) return false;
    if (getenv("CW_FAIL_TRACE")) {
        void *frame[24];
        backtrace_symbols_fd(frame, backtrace(frame, 24), 2);
    }
    errno = which == MALLOC ? ENOMEM : fail_errno;
    return true;
}

__attribute__((constructor)) static void start(void)
{
    static const char *const names[] = {"", "malloc", "write", "fsync", "rename", "close"};
    const char *word = getenv("CW_FAIL"), *at = getenv("CW_FAIL_AT"), *on = getenv("CW_FAIL_ON"), *number = getenv("CW_FAIL_ERRNO");
    for (int i = 1; word && i <= CLOSE; i++)
        if (!strcmp(names[i], word)) kind = i;
    fail_at = at ? atol(at) : 0;
    fail_on = on ? atol(on) : 0;
    if (number) fail_errno = atoi(number);
    log_path = getenv("CW_FAIL_LOG");
    atomic_store(&ready, true);
}

__attribute__((destructor)) static void finish(void)
{
    atomic_store(&ready, false);
    if (!log_path) return;
    char text[32];
    int n = snprintf(text, sizeof text, "%ld\n", atomic_load(&calls)), fd = open(log_path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0) return;
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    if (real(fd, text, (size_t)n) != n) {}
}

void *malloc(size_t n) { return fails(MALLOC) ? NULL : __libc_malloc(n); }
void *calloc(size_t n, size_t size) { return fails(MALLOC) ? NULL : __libc_calloc(n, size); }
void *realloc(void *p, size_t n) { return n && fails(MALLOC) ? NULL : __libc_realloc(p, n); }

static bool for_writing(int fd) { return fd > 2 && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY; }

ssize_t write(int fd, const void *bytes, size_t n)
{
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = dlsym(RTLD_NEXT, "write");
    if (for_writing(fd) && fails(WRITE)) return -1;
    return real(fd, bytes, n);
}

int fsync(int fd)
{
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    return fails(FSYNC) ? -1 : real(fd);
}

int rename(const char *from, const char *to)
{
    static int (*real)(const char *, const char *);
    if (!real) real = dlsym(RTLD_NEXT, "rename");
    return fails(RENAME) ? -1 : real(from, to);
}

int close(int fd)
{
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "close");
    bool bad = for_writing(fd) && fails(CLOSE);
    int saved = errno, got = real(fd);
    if (!bad) return got;
    errno = saved;
    return -1;
}

/* --- streams opened for writing --- */

enum { STREAMS = 64 };
static struct { FILE *stream; int fd; } streams[STREAMS];

static ssize_t stream_write(void *cookie, const char *bytes, size_t n)
{
    ssize_t got = write((int)(intptr_t)cookie, bytes, n);
    return got < 0 ? 0 : got; /* 0 is how a cookie says that it failed */
}

static int stream_close(void *cookie)
{
    int fd = (int)(intptr_t)cookie;
    for (int i = 0; i < STREAMS; i++)
        if (streams[i].fd == fd) streams[i].stream = NULL;
    return close(fd);
}

FILE *fopen(const char *path, const char *mode)
{
    static FILE *(*real)(const char *, const char *);
    if (!real) real = dlsym(RTLD_NEXT, "fopen");
    if (*mode == 'r' && !strchr(mode, '+')) return real(path, mode);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (*mode == 'a' ? O_APPEND : O_TRUNC) | (strchr(mode, 'x') ? O_EXCL : 0), 0666);
    if (fd < 0) return NULL;
    FILE *f = fopencookie((void *)(intptr_t)fd, *mode == 'a' ? "a" : "w", (cookie_io_functions_t){.write = stream_write, .close = stream_close});
    for (int i = 0; f && i < STREAMS; i++)
        if (!streams[i].stream) {
            streams[i].stream = f;
            streams[i].fd = fd;
            break;
        }
    if (!f) close(fd), unlink(path); /* as if memory had run out before the file was made */
    return f;
}
FILE *fopen64(const char *path, const char *mode) { return fopen(path, mode); }

int fileno(FILE *f)
{
    static int (*real)(FILE *);
    if (!real) real = dlsym(RTLD_NEXT, "fileno");
    for (int i = 0; i < STREAMS; i++)
        if (streams[i].stream == f) return streams[i].fd;
    return real(f);
}
