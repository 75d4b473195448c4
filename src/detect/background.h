/* SPDX-License-Identifier: MIT */
/* background.h - which background rate an allele gets. */
#ifndef CW_DETECT_BACKGROUND_H
#define CW_DETECT_BACKGROUND_H

#include <clonewatch/background.h>

enum { CW_BG_NAMES = 3, CW_BG_NAME_SIZE = 24 };

/* The classes of an allele from the most to the least special: "A[C>T]G", "C>T", "other"; "del1:run6", "del1", "other"; "MNV", "other".
 * before, after: reference bases around, 0 when not known; run: homopolymer length after the anchor, 0 when not known (longer than 9
 * counts as 9). Returns how many. */
size_t cw_bg_class_names(const char *ref, const char *alt, char before, char after, int run, char names[CW_BG_NAMES][CW_BG_NAME_SIZE]);

/* Molecules of allele i (0: the reference) and all deciding ones by strand of origin; other alleles than the panel's have no strand and stay out. False where
 * the strands do not account for every molecule of reference and alleles: they are then unknown. */
bool cw_bg_strands(const cw_tally *tally, size_t i, double k[CW_STRANDS], double n[CW_STRANDS]);

/* Rate of one allele: its own site when the normals showed it, else its class; rounded to 6 significant digits, so that a calls
 * file holds exactly what was used. strand: the same for each strand of origin, a = 0 where the model does not know both. *class_mu is the rate of its class, *source "site", "class" or "default".
 * CW_EFORMAT when the model has no class for it. */
CW_MUST_CHECK int cw_background_rate(const cw_background *background, const cw_locus *locus, const cw_allele *allele, cw_bg *rate,
                                     cw_bg strand[CW_STRANDS], double *class_mu, const char **source, cw_err *err);
#endif
