/* SPDX-License-Identifier: MIT */
/* cache.h - what the patients of one cohort share: quadrature nodes of backgrounds and an index of the panel. Bounded; results do not
 * depend on it. Not for use by two threads at once. */
#ifndef CW_TRACK_CACHE_H
#define CW_TRACK_CACHE_H

#include <clonewatch/panel.h>
#include "stats/gamma_nodes.h"

typedef struct cw_track_cache cw_track_cache;
cw_track_cache *cw_track_cache_new(void); /* NULL: out of memory */
void cw_track_cache_free(cw_track_cache *cache);

/* Nodes of Gamma(a, rate b) copied into *nodes. -1 when a or b is not a positive number. */
CW_MUST_CHECK int cw_track_cache_nodes(cw_track_cache *cache, double a, double b, cw_gamma_nodes *nodes);
/* Allele of the panel by id; NULL: not there, or no panel. */
CW_MUST_CHECK int cw_track_cache_allele(cw_track_cache *cache, const cw_panel *panel, const char *cwid, const cw_allele **allele, cw_err *err);
#endif
