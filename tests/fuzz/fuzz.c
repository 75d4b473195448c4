/* SPDX-License-Identifier: MIT */
/* fuzz.c - files for the targets. */
#include "fuzz.h"

#include <fcntl.h>
#include <htslib/hts_log.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "flow/start.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    cw_start();
    hts_set_log_level(HTS_LOG_OFF);
    return 0;
}

static void fill(int fd, const uint8_t *data, size_t size)
{
    if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size) abort();
}

const char *cw_fuzz_file(const uint8_t *data, size_t size)
{
    static int fd = -1;
    static char path[64];
    if (fd < 0) {
        fd = memfd_create("fuzz", MFD_CLOEXEC);
        if (fd < 0) abort();
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    fill(fd, data, size);
    return path;
}

static char folder[64];
static void remove_folder(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder); /* a name that mkdtemp made */
    if (system(command) != 0) {}
}

const char *cw_fuzz_folder(const char *name, const uint8_t *data, size_t size)
{
    if (!*folder) {
        strcpy(folder, "/dev/shm/clonewatch-fuzz-XXXXXX");
        if (!mkdtemp(folder)) abort();
        atexit(remove_folder);
    }
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    if (fd < 0) abort();
    fill(fd, data, size);
    close(fd);
    return folder;
}

void cw_fuzz_check(int status, const cw_err *err)
{
    if (status < 0 && (!err->code || !err->text[0] || strchr(err->text, '\n'))) abort();
    if (status >= 0 && err->code) abort();
}
