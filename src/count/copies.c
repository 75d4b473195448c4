/* SPDX-License-Identifier: MIT */
/* copies.c - reads that two files have in common. */
#include "count/copies.h"

#include <stdlib.h>
#include <string.h>
#include "count/molecule.h"

int cw_copies_open(cw_copies *c, cw_err *err)
{
    *c = (cw_copies){.hash = malloc(CW_COPIES_KEPT * sizeof *c->hash), .limit = UINT64_MAX};
    return c->hash ? 0 : cw_err_nomem(err);
}

static void keep_below(cw_copies *c, uint64_t limit)
{
    size_t kept = 0;
    if (limit >= c->limit) return;
    for (size_t i = 0; i < c->n; i++)
        if (c->hash[i] < limit) c->hash[kept++] = c->hash[i];
    c->n = kept;
    c->limit = limit;
}

static void add(cw_copies *c, uint64_t hash)
{
    while (hash < c->limit && c->n == CW_COPIES_KEPT) keep_below(c, c->limit / 2); /* no lower than the reads need: their order does not matter */
    if (hash < c->limit) c->hash[c->n++] = hash;
}

void cw_copies_note(cw_copies *c, const bam1_t *read, uint64_t name)
{
    const uint64_t parts[] = {name, (uint64_t)read->core.pos, (uint64_t)read->core.tid << 16 | read->core.flag};
    add(c, cw_hash_bytes(parts, sizeof parts));
}

void cw_copies_join(cw_copies *c, const cw_copies *other)
{
    keep_below(c, other->limit);
    for (size_t i = 0; i < other->n; i++) add(c, other->hash[i]);
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

size_t cw_copies_shared(cw_copies *a, cw_copies *b, size_t *of)
{
    const uint64_t limit = a->limit < b->limit ? a->limit : b->limit;
    size_t i = 0, j = 0, shared = 0;
    keep_below(a, limit);
    keep_below(b, limit);
    if (a->n) qsort(a->hash, a->n, sizeof *a->hash, by_value);
    if (b->n) qsort(b->hash, b->n, sizeof *b->hash, by_value);
    while (i < a->n && j < b->n) {
        const uint64_t x = a->hash[i], y = b->hash[j];
        shared += x == y;
        i += x <= y;
        j += y <= x;
    }
    *of = a->n < b->n ? a->n : b->n;
    return shared;
}

void cw_copies_release(cw_copies *c)
{
    free(c->hash);
    memset(c, 0, sizeof *c);
}
