/* SPDX-License-Identifier: MIT */
/* order.h - which clone descends from which? Every rooted tree on up to six clones is tried; those stay in which no clone's children sum
 * to more than the clone, in any draw (sum rule; statistics 4), and which agree with what molecules show that span alleles of two clones. More than one tree left: the order is not resolvable. */
#ifndef CW_TRACK_ORDER_H
#define CW_TRACK_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CW_ORDER_MOST = 6, CW_ORDER_ROOT = -1, CW_ORDER_OPEN = -2 };

/* Molecules of a clone in one draw; n = 0: not assessable. */
typedef struct cw_order_count { int64_t k; double n; } cw_order_count;

/* Molecules that span an allele and another one: with both, and with this one alone. */
typedef struct cw_molecule_pair { int64_t both, alone; } cw_molecule_pair;

/* Did `inner` arise on molecules of `outer`? At least two molecules carry both, at least two the outer alone, and of those of the inner at most
 * one in twenty lacks the outer (a misreading). */
bool cw_order_inside(const cw_molecule_pair *inner, const cw_molecule_pair *outer);

/* count[clone * n_draws + draw]. inside[c * n + d]: the molecules say that c descends from d (NULL: they say nothing); trees in which it does
 * not are dropped. parent[clone]: index, CW_ORDER_ROOT, or CW_ORDER_OPEN where the trees left disagree. Returns the
 * number of trees left. With more than CW_ORDER_MOST clones everything is open and 0 is returned. */
size_t cw_order(const cw_order_count *count, size_t n, size_t n_draws, const bool *inside, int *parent);
#endif
