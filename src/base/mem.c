/* SPDX-License-Identifier: MIT */
/* mem.c - growing arrays and arenas. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int cw_grow(void **items, size_t *cap, size_t need, size_t item_size, cw_err *err)
{
    if (need <= *cap) return 0;
    size_t to = *cap ? *cap : 8;
    while (to < need) {
        if (to > SIZE_MAX / 2) return cw_err_nomem(err);
        to *= 2;
    }
    if (item_size && to > SIZE_MAX / item_size) return cw_err_nomem(err);
    void *moved = realloc(*items, to * item_size);
    if (!moved) return cw_err_nomem(err);
    *items = moved;
    *cap = to;
    return 0;
}

enum { CHUNK = 1 << 16 };

typedef struct chunk {
    struct chunk *next;
    size_t used, size;
    _Alignas(max_align_t) char bytes[];
} chunk;

struct cw_arena {
    chunk *head;
};

cw_arena *cw_arena_new(void) { return calloc(1, sizeof(cw_arena)); }

void cw_arena_free(cw_arena *arena)
{
    if (!arena) return;
    for (chunk *c = arena->head, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    free(arena);
}

static void *take(cw_arena *arena, size_t bytes)
{
    const size_t align = _Alignof(max_align_t);
    if (bytes > SIZE_MAX / 2) return NULL;
    bytes = (bytes + align - 1) / align * align;
    if (!bytes) bytes = align;
    chunk *c = arena->head;
    if (!c || c->size - c->used < bytes) {
        size_t size = bytes > CHUNK / 4 ? bytes : CHUNK;
        chunk *fresh = malloc(sizeof *fresh + size);
        if (!fresh) return NULL;
        fresh->used = 0;
        fresh->size = size;
        if (c && size == bytes) { /* a big block of its own: keep filling the current chunk */
            fresh->next = c->next;
            c->next = fresh;
        } else {
            fresh->next = c;
            arena->head = fresh;
        }
        c = fresh;
    }
    void *p = c->bytes + c->used;
    c->used += bytes;
    return p;
}

void *cw_arena_alloc(cw_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) return NULL;
    void *p = take(arena, count * size);
    if (p) memset(p, 0, count * size);
    return p;
}

char *cw_arena_strndup(cw_arena *arena, const char *s, size_t n)
{
    char *copy = take(arena, n + 1);
    if (!copy) return NULL;
    memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

char *cw_arena_strdup(cw_arena *arena, const char *s) { return cw_arena_strndup(arena, s, strlen(s)); }

char *cw_arena_printf(cw_arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = n < 0 ? NULL : take(arena, (size_t)n + 1);
    if (text) vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}
