/* SPDX-License-Identifier: MIT */
/* order.c - which clone descends from which? */
#include "track/order.h"

#include <math.h>

enum { NODES = 16, SETS = 1 << CW_ORDER_MOST };
static const double LEAST = .05;     /* P(parent >= sum of children) in every draw */
static const double HALF = .5;       /* a heterozygous change in every cell */

/* Middles of 16 equal parts of the standard normal. */
static const double normal_node[NODES] = {-1.8627318675, -1.3180108973, -1.0099901692, -.7764217612, -.5791321622, -.4022500654, -.2372021091, -.0784124128,
                                          .0784124128, .2372021091, .4022500654, .5791321622, .7764217612, 1.0099901692, 1.3180108973, 1.8627318675};

typedef struct moments { double mean, var; } moments;

/* Gamma with these moments at a normal deviate (Wilson-Hilferty). */
static double gamma_at(moments m, double z)
{
    double shape = m.mean * m.mean / m.var, c = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape));
    return c > 0 ? m.mean * c * c * c : 0;
}

static double p_at_least(moments parent, moments sum)
{
    int n = 0;
    for (int i = 0; i < NODES; i++)
        for (int k = 0; k < NODES; k++) n += gamma_at(parent, normal_node[i]) >= gamma_at(sum, normal_node[k]);
    return (double)n / (NODES * NODES);
}

static moments of_clone(const cw_order_count *c) { return (moments){((double)c->k + .5) / c->n, ((double)c->k + .5) / (c->n * c->n)}; }

/* May the clones of `set` together descend from `parent` (n: from the root)? */
static bool allowed(const cw_order_count *count, size_t n, size_t n_draws, size_t parent, unsigned set)
{
    for (size_t j = 0; j < n_draws; j++) {
        moments sum = {0, 0};
        bool neutral = true;
        for (size_t c = 0; c < n; c++) {
            if (!(set >> c & 1) || !(count[c * n_draws + j].n > 0)) continue;
            moments m = of_clone(&count[c * n_draws + j]);
            sum.mean += m.mean, sum.var += m.var;
            neutral &= gamma_at(m, -1.64) < HALF;
        }
        if (!(sum.mean > 0)) continue;
        if (parent == n) { /* above a half: amplified or lost, the rule says nothing */
            if (neutral && p_at_least((moments){HALF, 1e-12}, sum) < LEAST) return false;
        } else if (count[parent * n_draws + j].n > 0 && p_at_least(of_clone(&count[parent * n_draws + j]), sum) < LEAST) {
            return false;
        }
    }
    return true;
}

static bool is_tree(const int *parent, size_t n)
{
    for (size_t c = 0; c < n; c++) {
        int at = (int)c;
        for (size_t steps = 0; at != CW_ORDER_ROOT; steps++) {
            if (steps > n) return false;
            at = parent[at];
        }
    }
    return true;
}

bool cw_order_inside(const cw_molecule_pair *inner, const cw_molecule_pair *outer)
{
    return inner->both >= 2 && outer->alone >= 2 && 20 * inner->alone <= inner->both + inner->alone;
}

/* Does every clone descend from those that its molecules lie on? */
static bool agrees(const int *parent, size_t n, const bool *inside)
{
    for (size_t c = 0; inside && c < n; c++)
        for (size_t d = 0; d < n; d++) {
            int at = parent[c];
            while (at != CW_ORDER_ROOT && at != (int)d) at = parent[at];
            if (inside[c * n + d] && at == CW_ORDER_ROOT) return false;
        }
    return true;
}

size_t cw_order(const cw_order_count *count, size_t n, size_t n_draws, const bool *inside, int *parent)
{
    bool may[CW_ORDER_MOST + 1][SETS];
    int trial[CW_ORDER_MOST];
    size_t trees = 1, left = 0;
    for (size_t c = 0; c < n; c++) parent[c] = CW_ORDER_OPEN;
    if (n == 0 || n > CW_ORDER_MOST) return 0;
    for (size_t p = 0; p <= n; p++)
        for (unsigned set = 1; set < 1u << n; set++) may[p][set] = (p == n || !(set >> p & 1)) && allowed(count, n, n_draws, p, set);
    for (size_t c = 0; c < n; c++) trees *= n + 1;
    for (size_t code = 0; code < trees; code++) {
        unsigned children[CW_ORDER_MOST + 1] = {0};
        bool fine = true;
        size_t rest = code;
        for (size_t c = 0; c < n; c++, rest /= n + 1) {
            size_t p = rest % (n + 1);
            trial[c] = p == n ? CW_ORDER_ROOT : (int)p;
            fine &= p != c;
            children[p] |= 1u << c;
        }
        for (size_t p = 0; fine && p <= n; p++) fine = !children[p] || may[p][children[p]];
        if (!fine || !is_tree(trial, n) || !agrees(trial, n, inside)) continue;
        for (size_t c = 0; c < n; c++) parent[c] = left == 0 || parent[c] == trial[c] ? trial[c] : CW_ORDER_OPEN;
        left++;
    }
    return left;
}
