/* SPDX-License-Identifier: MIT */
/* family.h - templates of a UMI family become one molecule. */
#ifndef CW_COUNT_FAMILY_H
#define CW_COUNT_FAMILY_H

#include "count/molecule.h"

/* Replace the templates of a locus (resolved: vote[0]) by families. The class with the largest sum of base qualities wins when
 * it holds more than two thirds of the family's sum; otherwise the family is discordant. Time n log n, memory linear. */
CW_MUST_CHECK int cw_families_collapse(cw_molecules *m, cw_err *err);
#endif
