/* SPDX-License-Identifier: MIT */
/* calls.c - the depth of one draw in one number. */
#include <clonewatch/call.h>

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

static int compare_counts(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

bool cw_calls_targets(const cw_calls *c, const cw_call_locus *l)
{
    const char *filters = l->n ? c->call[l->first].filters : NULL;
    return l->n && !(filters && strstr(filters, "not_targeted")); /* no other word of FT holds this one */
}

int cw_calls_median(const cw_calls *c, int64_t *molecules, cw_err *err)
{
    int64_t *depth = malloc((c->n_loci + 1) * sizeof *depth);
    size_t n = 0;
    if (!depth) return cw_err_nomem(err);
    for (size_t i = 0; i < c->n_loci; i++)
        if (c->locus[i].depth >= 0 && cw_calls_targets(c, &c->locus[i])) depth[n++] = c->locus[i].depth;
    qsort(depth, n, sizeof *depth, compare_counts);
    *molecules = n ? depth[(n - 1) / 2] : -1;
    free(depth);
    return 0;
}
