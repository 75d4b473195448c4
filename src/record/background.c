/* SPDX-License-Identifier: MIT */
/* background.c - the order in which a background model keeps its sites. */
#include <clonewatch/background.h>

#include <string.h>

static const char *bare(const char *contig) { return strncmp(contig, "chr", 3) ? contig : contig + 3; }

int cw_bg_site_compare(const cw_bg_site *a, const cw_bg_site *b)
{
    int c = strcmp(bare(a->contig), bare(b->contig));
    if (!c) c = (a->beg > b->beg) - (a->beg < b->beg);
    if (!c) c = strcmp(a->ref, b->ref);
    return c ? c : strcmp(a->alt, b->alt);
}
