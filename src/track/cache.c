/* SPDX-License-Identifier: MIT */
/* cache.c - what the patients of one cohort share. */
#include "track/cache.h"

#include <stdlib.h>
#include <string.h>
#include <htslib/khash.h>

KHASH_MAP_INIT_STR(allele, size_t)

enum { SLOTS = 8192 }; /* direct-mapped: a collision computes again, nothing grows */

typedef struct slot { double a, b; cw_gamma_nodes nodes; } slot;

struct cw_track_cache {
    slot *slots;
    const cw_panel *panel; /* that `index` is of */
    khash_t(allele) *index;
};

cw_track_cache *cw_track_cache_new(void)
{
    cw_track_cache *c = calloc(1, sizeof *c);
    if (c) c->slots = calloc(SLOTS, sizeof *c->slots);
    if (c && !c->slots) {
        free(c);
        return NULL;
    }
    return c;
}

void cw_track_cache_free(cw_track_cache *c)
{
    if (!c) return;
    if (c->index) kh_destroy(allele, c->index);
    free(c->slots);
    free(c);
}

static size_t place(double a, double b)
{
    uint64_t x, y;
    memcpy(&x, &a, sizeof x);
    memcpy(&y, &b, sizeof y);
    x = (x ^ (y * UINT64_C(0x9e3779b97f4a7c15))) * UINT64_C(0xbf58476d1ce4e5b9);
    return (size_t)((x ^ (x >> 31)) % SLOTS);
}

int cw_track_cache_nodes(cw_track_cache *c, double a, double b, cw_gamma_nodes *nodes)
{
    slot *s = &c->slots[place(a, b)];
    if (s->a != a || s->b != b) {
        if (cw_gamma_nodes_fill(&s->nodes, a, b) < 0) {
            s->a = s->b = 0;
            return -1;
        }
        s->a = a;
        s->b = b;
    }
    *nodes = s->nodes;
    return 0;
}

static int build_index(cw_track_cache *c, const cw_panel *panel, cw_err *err)
{
    if (c->index) kh_destroy(allele, c->index);
    c->panel = NULL;
    c->index = kh_init(allele);
    if (!c->index) return cw_err_nomem(err);
    for (size_t i = 0; i < panel->n_alleles; i++) {
        int put;
        khint_t k = kh_put(allele, c->index, panel->alleles[i].cwid, &put);
        if (put < 0) return cw_err_nomem(err);
        if (put) kh_val(c->index, k) = i;
    }
    c->panel = panel;
    return 0;
}

int cw_track_cache_allele(cw_track_cache *c, const cw_panel *panel, const char *cwid, const cw_allele **found, cw_err *err)
{
    *found = NULL;
    if (!panel) return 0;
    if (c->panel != panel && build_index(c, panel, err) < 0) return CW_ENOMEM;
    khint_t k = kh_get(allele, c->index, cwid);
    if (k != kh_end(c->index)) *found = &panel->alleles[kh_val(c->index, k)];
    return 0;
}
