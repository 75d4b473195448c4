/* SPDX-License-Identifier: MIT */
/* yield.h - what plasma volume and cfDNA mass say: how many genomes the tube held, and mutant molecules per mL. */
#ifndef CW_STATS_YIELD_H
#define CW_STATS_YIELD_H

#include <stdint.h>

/* Haploid genome equivalents in `ng` of cfDNA: 303 per ng (3.3 pg each). */
double cw_genome_equivalents(double ng);

/* P(no mutant molecule in the tube) at fraction f: exp(-f GE). NAN when f or the mass is not known. */
double cw_p_empty_tube(double f, double ng);

/* A limit of detection cannot lie below what the tube may not hold: 3 / GE (-ln .05 = 3.0), whatever was read from it. That binds where more molecules
 * were counted than genomes went in. Without a mass the limit itself; NAN when the floor reaches 1. */
double cw_limit_floor_by_mass(double lod, double ng);

/* Mutant molecules per mL plasma = VAF x (ng / mL) x 303, with a 95 % interval on ln scale: variance 1/k + cv^2, cv that of the mass
 * measurement (0.15 when nothing is known). k = 0 gives 0 and the interval's upper end from k = 3 (-ln .05). NAN without mass or volume. */
void cw_mutants_per_ml(int64_t k, int64_t n, double cfdna_ng, double plasma_ml, double cv, double *lo, double *estimate, double *hi);
#endif
