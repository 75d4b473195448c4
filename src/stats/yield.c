/* SPDX-License-Identifier: MIT */
/* yield.c - genomes in the tube and mutant molecules per mL. */
#include "stats/yield.h"

#include <math.h>

static const double GE_PER_NG = 303; /* 1000 pg / 3.3 pg per haploid genome */

double cw_genome_equivalents(double ng) { return GE_PER_NG * ng; }
double cw_p_empty_tube(double f, double ng) { return f >= 0 && ng > 0 ? exp(-f * GE_PER_NG * ng) : NAN; }

double cw_limit_floor_by_mass(double lod, double ng)
{
    double floor = ng > 0 ? 3 / cw_genome_equivalents(ng) : 0;
    return !(floor > lod) ? lod : floor < 1 ? floor : NAN;
}

void cw_mutants_per_ml(int64_t k, int64_t n, double cfdna_ng, double plasma_ml, double cv, double *lo, double *estimate, double *hi)
{
    *lo = *estimate = *hi = NAN;
    if (k < 0 || n <= 0 || k > n || !(cfdna_ng > 0) || !(plasma_ml > 0)) return;
    double genomes = GE_PER_NG * cfdna_ng / plasma_ml, kk = (double)k, nn = (double)n;
    *estimate = kk / nn * genomes;
    if (k == 0) {
        *lo = 0;
        *hi = 3 / nn * genomes;
        return;
    }
    double half = 1.959963984540054 * sqrt(1 / kk + cv * cv);
    *lo = *estimate * exp(-half);
    *hi = *estimate * exp(half);
}
