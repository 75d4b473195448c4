/* SPDX-License-Identifier: MIT */
/* nb_curve.c - one negative binomial at many counts. */
#include "stats/nb_curve.h"

#include <math.h>
#include "stats/negative_binomial.h"

/* Counts up to which the product over i < k of (1 + i / size) is formed directly. */
enum { FEW = 32 };

static double ln_rising(double k, double size)
{
    double product = 1, step = 1 / size;
    for (double i = 1; i < k; i++) product *= 1 + i * step;
    return log(product);
}

cw_nb_curve cw_nb_curve_near_poisson(double mean, double size)
{
    return (cw_nb_curve){mean, size, cw_nb_ln_pmf_fast(0, 0, mean, size), isinf(size) ? mean : mean / (1 + mean / size), true};
}

double cw_nb_curve_ln(const cw_nb_curve *c, int64_t k, double ln_factor)
{
    if (k == 0) return c->constant;
    if (c->near_poisson || k > FEW) return cw_nb_ln_pmf_fast(k, ln_factor, c->mean, c->size);
    return c->constant + (double)k * log(c->ratio) + (k > 1 ? ln_rising((double)k, c->size) - ln_factor : 0);
}
