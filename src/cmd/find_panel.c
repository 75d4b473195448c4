/* SPDX-License-Identifier: MIT */
/* find_panel.c - where panels are: -p, CLONEWATCH_PANELS, the install prefix, the source tree. */
#include "cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static char *joined(const char *a, const char *b)
{
    char *path = malloc(strlen(a) + strlen(b) + 2);
    if (path) sprintf(path, "%s/%s", a, b); /* sized above */
    return path;
}

/* The folder of panels that goes with the running binary: PREFIX/share/clonewatch/panels beside PREFIX/bin. */
static char *beside_binary(void)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 64);
    if (n <= 0) return NULL;
    self[n] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(self, '/');
        if (!slash) return NULL;
        *slash = '\0';
    }
    return joined(self, "share/clonewatch/panels");
}

int cw_find_panel(const char *name, char **dir, cw_err *err)
{
    *dir = NULL;
    if (!name) name = "pan-tumour";
    if (is_folder(name)) {
        *dir = strdup(name);
        return *dir ? 0 : cw_err_nomem(err);
    }
    if (strchr(name, '/')) return cw_err_set(err, CW_EIO, "panel folder '%s' does not exist", name);
    const char *set = getenv("CLONEWATCH_PANELS");
    char *roots[] = {set ? strdup(set) : NULL, beside_binary(), strdup(CW_INSTALL_PANELS), strdup(CW_SOURCE_PANELS)};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        if (!roots[i]) continue;
        if (!*dir) {
            char *path = joined(roots[i], name);
            if (path && is_folder(path)) *dir = path;
            else free(path);
        }
        free(roots[i]);
    }
    if (*dir) return 0;
    return cw_err_set(err, CW_EIO, "panel '%s' is neither a folder nor the name of an installed panel; set -p DIR or CLONEWATCH_PANELS", name);
}
