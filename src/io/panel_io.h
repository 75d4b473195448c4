/* SPDX-License-Identifier: MIT */
/* panel_io.h - a panel folder, a sites VCF or a patient's tracked list into a cw_panel. */
#ifndef CW_IO_PANEL_IO_H
#define CW_IO_PANEL_IO_H

#include <clonewatch/panel.h>

/* dir holds panel.json (see panels/README.md). build chooses the coordinates. Errors name file:line. */
CW_MUST_CHECK int cw_panel_load(cw_panel *panel, const char *dir, cw_build build, cw_err *err);

/* Any VCF/BCF of sites (samples ignored): every ALT becomes an allele. ids are CHROM:POS:REF:ALT. */
CW_MUST_CHECK int cw_panel_from_vcf(cw_panel *panel, const char *path, cw_err *err);

/* A patient's own list from tumour tissue: VCF/BCF, or TSV `chrom pos ref alt [phase_group] [gene] [hgvsp]`. Alleles that the
 * panel already holds get the phase group; the others are added (known = false, role tracker). Re-indexes the panel. */
CW_MUST_CHECK int cw_panel_add_tracked(cw_panel *panel, const char *path, cw_err *err);

/* Rows that a panel adds of its own (panel.json "alterations"), both builds; *path is "" and *n 0 when it has none. Strings live in the arena. */
struct cw_arena;
struct cw_known_alteration;
CW_MUST_CHECK int cw_panel_own_rows(struct cw_arena *arena, const char *dir, struct cw_known_alteration **rows, size_t *n, const char **path, bool *has_knowledge,
                                    cw_err *err);

/* One allele of a list from outside; pos1 1-based. */
typedef struct cw_site { const char *contig, *ref, *alt, *phase_group, *gene, *hgvsp; int64_t pos1; } cw_site;
/* build: by the contig lengths of a header, CW_BUILD_UNKNOWN without; n_symbolic: left out for want of bases. */
typedef struct cw_site_list { cw_site *v; size_t n, cap, n_symbolic; cw_build build; } cw_site_list;
/* VCF/BCF, or TSV `chrom pos ref alt ...`, without bases that REF and ALT share. free(list->v). */
CW_MUST_CHECK int cw_sites_read(struct cw_arena *arena, const char *path, cw_site_list *list, cw_err *err);
#endif
