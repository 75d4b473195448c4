/* SPDX-License-Identifier: MIT */
/* background.c - the order in which a background model keeps its sites. */
#include <clonewatch/background.h>

#include <string.h>
#include "record/contigs.h"

int cw_bg_site_compare(const cw_bg_site *a, const cw_bg_site *b)
{
    int c = strcmp(cw_plain_contig(a->contig), cw_plain_contig(b->contig));
    if (!c) c = (a->beg > b->beg) - (a->beg < b->beg);
    if (!c) c = strcmp(a->ref, b->ref);
    return c ? c : strcmp(a->alt, b->alt);
}
