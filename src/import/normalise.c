/* SPDX-License-Identifier: MIT */
/* normalise.c - trim, then shift left. */
#include "import/normalise.h"

#include <string.h>

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 32) : c; }

static char *upper_copy(cw_arena *arena, const char *s, size_t n)
{
    char *copy = cw_arena_strndup(arena, s, n);
    for (size_t i = 0; copy && i < n; i++) copy[i] = upper(copy[i]);
    return copy;
}

/* Roll the inserted or deleted bases one position left while the base before equals their last one. The bases live in a ring, so
 * that a shift costs one step. */
static void shift_left(char *bases, size_t n, const char *contig, int64_t *beg, bool *open, cw_base_at base_at, void *context, char *scratch)
{
    size_t last = n - 1;
    while (*beg > 0) {
        char before = base_at ? base_at(context, contig, *beg - 1) : 0;
        if (!before) {
            *open = true;
            break;
        }
        if (before != bases[last]) break;
        last = last ? last - 1 : n - 1; /* the last base moves to the front */
        (*beg)--;
    }
    size_t first = (last + 1) % n;
    for (size_t i = 0; i < n; i++) scratch[i] = bases[(first + i) % n];
    memcpy(bases, scratch, n);
}

int cw_normalise(cw_arena *arena, const char *contig, int64_t beg, const char *ref, const char *alt,
                 cw_base_at base_at, void *context, cw_event_form *form, cw_err *err)
{
    size_t r = strlen(ref), a = strlen(alt), prefix = 0;
    while (r && a && upper(ref[r - 1]) == upper(alt[a - 1])) r--, a--;
    while (prefix < r && prefix < a && upper(ref[prefix]) == upper(alt[prefix])) prefix++;
    beg += (int64_t)prefix;
    r -= prefix;
    a -= prefix;
    char *ref_bases = upper_copy(arena, ref + prefix, r), *alt_bases = upper_copy(arena, alt + prefix, a);
    if (!ref_bases || !alt_bases) return cw_err_nomem(err);
    *form = (cw_event_form){.beg = beg, .ref = ref_bases, .alt = alt_bases};
    if ((r == 0) == (a == 0)) return 0; /* a substitution, a delins, or no change at all: nothing rolls */
    char *bases = r ? ref_bases : alt_bases, *scratch = cw_arena_alloc(arena, r + a, 1);
    if (!scratch) return cw_err_nomem(err);
    shift_left(bases, r + a, contig, &form->beg, &form->open, base_at, context, scratch);
    return 0;
}
