/* SPDX-License-Identifier: MIT */
/* tissue.h - which alleles of the calls are known from tumour tissue, by the patient's own list. */
#ifndef CW_TRACK_TISSUE_H
#define CW_TRACK_TISSUE_H

#include <stdbool.h>
#include <stddef.h>
#include <clonewatch/call.h>
#include <clonewatch/error.h>
#include <clonewatch/panel.h>

typedef struct cw_tissue { const char **id; size_t n, cap; } cw_tissue; /* CWIDs, in the calls */

/* The alleles of the list, by the names that the calls give them; sort once all are in, then ask. */
CW_MUST_CHECK int cw_tissue_add(cw_tissue *t, const cw_panel *list, const cw_calls *calls, cw_err *err);
void cw_tissue_sort(cw_tissue *t);
bool cw_tissue_has(const cw_tissue *t, const char *cwid);
void cw_tissue_release(cw_tissue *t);
#endif
