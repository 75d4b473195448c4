/* SPDX-License-Identifier: MIT */
/* mem.h - growing arrays and arenas. Every allocation can fail, and says so.
 *
 * Growing array: a pointer and a count that the owner keeps anywhere.
 *     int *v = NULL; size_t n = 0, cap = 0;
 *     if (cw_grow((void **)&v, &cap, n + 1, sizeof *v, err) < 0) goto done;
 *     v[n++] = 7;
 * Arena: many small strings and arrays that die together. */
#ifndef CW_BASE_MEM_H
#define CW_BASE_MEM_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <clonewatch/error.h>

/* Make room for `need` elements (at least doubling). 0 or CW_ENOMEM. */
CW_MUST_CHECK int cw_grow(void **items, size_t *cap, size_t need, size_t item_size, cw_err *err);

typedef struct cw_arena cw_arena;
CW_MUST_CHECK cw_arena *cw_arena_new(void);   /* NULL: out of memory */
void cw_arena_free(cw_arena *arena);          /* NULL is fine */
/* Zeroed memory, aligned for any type; NULL: out of memory. size 0 gives a valid pointer. */
CW_MUST_CHECK void *cw_arena_alloc(cw_arena *arena, size_t count, size_t size);
CW_MUST_CHECK char *cw_arena_strdup(cw_arena *arena, const char *s);
CW_MUST_CHECK char *cw_arena_strndup(cw_arena *arena, const char *s, size_t n);
CW_MUST_CHECK char *cw_arena_printf(cw_arena *arena, const char *format, ...) CW_PRINTF(2, 3);

/* htslib's VCF writer goes on without the part that found no room, and reports success. malloc
 * leaves ENOMEM in errno, and calls that succeed do not touch it: watch before the calls, ask after them. */
static inline void cw_memory_watch(void) { errno = 0; }
static inline bool cw_memory_short(void) { return errno == ENOMEM; }
#endif
