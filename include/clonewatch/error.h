/* SPDX-License-Identifier: MIT */
/* error.h - how every function of clonewatch says what went wrong.
 *
 * The caller owns the record; the library never prints and never exits. A function that can fail returns a negative
 * cw_status and fills the record with one sentence: the trouble, the subject in quotes, the place (file:line or
 * contig:pos) and what to do. The first error stands: a later one does not overwrite it. */
#ifndef CLONEWATCH_ERROR_H
#define CLONEWATCH_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cw_status {
    CW_OK = 0,
    CW_ENOMEM = -1,   /* out of memory */
    CW_EIO = -2,      /* a read, write or open that failed */
    CW_EFORMAT = -3,  /* input that is not what its format asks for */
    CW_EUSAGE = -4,   /* options that do not go together; exit status 2 */
    CW_EREFUSED = -5, /* well-formed input that must not be used: wrong build, swapped draw, stale index */
    CW_EINTERNAL = -6 /* a broken promise inside clonewatch */
} cw_status;

typedef struct cw_err {
    int code;        /* cw_status; 0 while nothing is wrong */
    char text[1024]; /* one sentence, no newline, no full stop */
} cw_err;

#define CW_MUST_CHECK __attribute__((warn_unused_result))
#define CW_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

/* Fill *err (when not NULL and still empty) and return code. Control characters in the text become '?'. */
int cw_err_set(cw_err *err, int code, const char *format, ...) CW_PRINTF(3, 4);

/* Shorthand for CW_ENOMEM. */
int cw_err_nomem(cw_err *err);

/* Put "prefix: " before the text of an error that is already set; returns its code. */
int cw_err_prefix(cw_err *err, const char *format, ...) CW_PRINTF(2, 3);

/* Empty the record for reuse. */
void cw_err_clear(cw_err *err);

#ifdef __cplusplus
}
#endif
#endif
