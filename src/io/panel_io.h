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
#endif
