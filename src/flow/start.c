/* SPDX-License-Identifier: MIT */
/* start.c - once per process. */
#include "flow/start.h"

#include <stdlib.h>
#include "stats/init.h"

void cw_start(void)
{
    cw_stats_init();
    setenv("REF_PATH", "/nonexistent", 1); /* empty would mean htslib's default, which is a server */
    unsetenv("REF_CACHE");
}
