/* SPDX-License-Identifier: MIT */
/* text.h - a growing text. The first allocation that fails sticks: write on, ask once at the end. */
#ifndef CW_REPORT_TEXT_H
#define CW_REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <clonewatch/error.h>

typedef struct cw_text { char *s; size_t n, cap; bool failed; } cw_text;

void cw_text_put(cw_text *t, const char *s);
void cw_text_put_n(cw_text *t, const char *s, size_t n);
void cw_text_format(cw_text *t, const char *format, ...) CW_PRINTF(2, 3);
CW_MUST_CHECK int cw_text_failed(const cw_text *t, cw_err *err);
/* Whether any text of this thread has lost something since cw_text_watch(): labels and keys that are not asked one by one. */
void cw_text_watch(void);
bool cw_text_lost(void);
/* The text so far, never NULL. */
const char *cw_text_string(const cw_text *t);
void cw_text_clear(cw_text *t);
void cw_text_release(cw_text *t);

/* Text of others as it may be shown: invalid UTF-8 becomes U+FFFD; control and bidirectional-override characters are
 * spelled out as [U+202E], so that no name can turn the words around it; after max characters it is cut with an ellipsis. */
void cw_text_put_tame(cw_text *t, const char *s, size_t max);

/* Into HTML, element content or a quoted attribute: every %s is tamed and escaped, a precision ("%.60s") is its greatest
 * number of characters. The format itself is markup and comes from the program. Conversions: s d i u c f g e %, with l, ll, z. */
void cw_html(cw_text *t, const char *format, ...) CW_PRINTF(2, 3);
#endif
