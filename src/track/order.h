/* SPDX-License-Identifier: MIT */
/* order.h - which clone descends from which? Every rooted tree on up to six clones is tried; those stay in which no clone's children sum
 * to more than the clone, in any draw (sum rule; statistics 4). More than one tree left: the order is not resolvable. */
#ifndef CW_TRACK_ORDER_H
#define CW_TRACK_ORDER_H

#include <stddef.h>
#include <stdint.h>

enum { CW_ORDER_MOST = 6, CW_ORDER_ROOT = -1, CW_ORDER_OPEN = -2 };

/* Molecules of a clone in one draw; n = 0: not assessable. */
typedef struct cw_order_count { int64_t k; double n; } cw_order_count;

/* count[clone * n_draws + draw]. parent[clone]: index, CW_ORDER_ROOT, or CW_ORDER_OPEN where the trees left disagree. Returns the
 * number of trees left. With more than CW_ORDER_MOST clones everything is open and 0 is returned. */
size_t cw_order(const cw_order_count *count, size_t n, size_t n_draws, int *parent);
#endif
