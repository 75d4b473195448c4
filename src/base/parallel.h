/* SPDX-License-Identifier: MIT */
/* parallel.h - the same work on n items by several threads, with an outcome that does not depend on how many. */
#ifndef CW_BASE_PARALLEL_H
#define CW_BASE_PARALLEL_H

#include <stddef.h>
#include <clonewatch/error.h>

/* work(context, i, err) for each i in [0, n). Items share nothing but what they only read; each writes its own place in the
 * context. When some fail, the error of the lowest index is the one that is reported, and items above it may be left out. */
typedef int (*cw_work)(void *context, size_t i, cw_err *err);
CW_MUST_CHECK int cw_parallel(size_t n, int threads, cw_work work, void *context, cw_err *err);
#endif
