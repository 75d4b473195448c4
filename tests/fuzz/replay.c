/* SPDX-License-Identifier: MIT */
/* replay.c - runs a target over files, without libFuzzer: the seeds and what was found earlier are part of the ordinary tests. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);

static int replay(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) return perror(path), 1;
    uint8_t *bytes = malloc(1 << 20);
    size_t n = bytes ? fread(bytes, 1, 1 << 20, f) : 0;
    fclose(f);
    uint8_t *exact = malloc(n ? n : 1); /* so that a sanitizer sees a read behind the end */
    for (size_t i = 0; exact && i < n; i++) exact[i] = bytes[i];
    if (exact) LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    free(bytes);
    return !bytes || !exact;
}

int main(int argc, char **argv)
{
    int bad = 0, passed = 0;
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        DIR *d = opendir(argv[i]);
        if (!d) return perror(argv[i]), 1;
        for (struct dirent *e; (e = readdir(d));) {
            char path[4096];
            if (e->d_name[0] == '.') continue;
            snprintf(path, sizeof path, "%s/%s", argv[i], e->d_name);
            bad |= replay(path);
            passed++;
        }
        closedir(d);
    }
    printf("%d passed, 0 failed\n", passed);
    return bad || !passed;
}
