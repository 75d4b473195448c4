/* SPDX-License-Identifier: MIT */
/* spelling.h - lists in one cell of a table, and names as people spell them. */
#ifndef CW_RECORD_SPELLING_H
#define CW_RECORD_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

/* Walk a ';' list (or any one-byte separator) without copying: 1 and the next part, 0 at the end. Parts are trimmed of blanks. */
typedef struct cw_part { const char *s; size_t n; } cw_part;
int cw_part_next(const char **rest, char separator, cw_part *part);
bool cw_part_is(cw_part part, const char *word); /* byte for byte */
bool cw_list_has(const char *list, const char *word);

/* Equal but for case, blanks, hyphens, underscores, brackets: "T-DM1" is "tdm 1". */
bool cw_same_name(const char *a, size_t na, const char *b, size_t nb);
/* An order in which names that are the same stand together: < 0, 0, > 0. */
int cw_name_order(const char *a, size_t na, const char *b, size_t nb);
/* The same for changes: a leading "p." or "c." is left out. */
bool cw_same_change(const char *a, size_t na, const char *b, size_t nb);

/* "p.Leu858Arg" -> "p.L858R", "p.Lys267ArgfsTer9" -> "p.K267Rfs*9"; other text is copied. Returns the length; out holds at least n + 1. */
size_t cw_one_letter(const char *s, size_t n, char *out);

/* One base or more, each of A, C, G, T. */
bool cw_are_bases(const char *s);
#endif
