/* SPDX-License-Identifier: MIT */
/* phase.c - what molecules that span two alleles say: one clone, or two? */
#include "track/phase.h"

#include <math.h>
#include "stats/log_sum.h"

static const double MISREAD = .01; /* a molecule that carries both and shows one of them */

static double ln_beta(double a, double b) { return lgamma(a) + lgamma(b) - lgamma(a + b); }

/* One clone, on one chromosome: both on every molecule (.8), or one of them on one of two copies of the other's (.1 each). On two chromosomes:
 * never both. Two clones: one within the other on its chromosome or on the other one, or beside each other, then never both. Where both are on one
 * molecule, a part q of the molecules of the outer clone carries the inner one's, q uniform. Half of the pairs are on one chromosome. */
double cw_phase_ln_ratio(double cis, double only_a, double only_b)
{
    double ln_misread = log(MISREAD), n = cis + only_a + only_b;
    if (!(n > 0)) return 0;
    double one = cw_log_add(log(.8) + (only_a + only_b) * ln_misread, log(.1) + cw_log_add((cis + only_a) * log(.5) + only_b * ln_misread, (cis + only_b) * log(.5) + only_a * ln_misread));
    double two = log(.5) + cw_log_add(ln_beta(cis + 1, only_a + 1) + only_b * ln_misread, ln_beta(cis + 1, only_b + 1) + only_a * ln_misread);
    double never = cis * ln_misread; /* chromosomes apart: both on one is a misreading */
    one = cw_log_add(log(.5) + one, log(.5) + never);
    two = cw_log_add(log(.25) + two, log(.75) + never); /* half of the pairs of clones are nested */
    return one - two;
}
