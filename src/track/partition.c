/* SPDX-License-Identifier: MIT */
/* partition.c - posterior over partitions of alleles into clones: the likelihood of a set, and which way is taken. */
#include "track/partition_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int multiplicity_shift[CW_PARTITION_MULTIPLICITIES] = {0, -CW_RATIO_DOUBLING, CW_RATIO_DOUBLING}; /* 1, 1/2, 2 */
const double cw_partition_ln_prior[CW_PARTITION_MULTIPLICITIES] = {-.22314355131420976, -2.302585092994046, -2.302585092994046}; /* .8 .1 .1 */

const double *cw_partition_wide(const cw_partition_solver *s, size_t i) { return s->d->like + i * s->draws * CW_RATIO_WIDE; }

double cw_partition_ln_marginal(const double *p, size_t draws)
{
    double ln = 0;
    for (size_t j = 0; j < draws; j++) {
        double sum = 0;
        for (size_t g = 0; g < CW_RATIO_GRID; g++) sum += p[j * CW_RATIO_GRID + g];
        ln += sum > 0 ? log(sum / CW_RATIO_GRID) : -INFINITY;
    }
    return ln;
}

void cw_partition_multiply(const cw_partition_solver *s, double *to, const double *a, size_t i, int m)
{
    for (size_t j = 0; j < s->draws; j++) {
        const double *like = cw_partition_wide(s, i) + j * CW_RATIO_WIDE + CW_RATIO_REACH + multiplicity_shift[m];
        for (size_t g = 0; g < CW_RATIO_GRID; g++) to[j * CW_RATIO_GRID + g] = (a ? a[j * CW_RATIO_GRID + g] : 1) * like[g];
    }
}

double cw_partition_phase(const cw_partition_solver *s, size_t a, size_t b) { return s->d->ln_phase ? s->d->ln_phase[a * s->n + b] : 0; }

int cw_partition_open(cw_partition_solver *s, const cw_partition_data *d, cw_err *err)
{
    *s = (cw_partition_solver){.d = d, .n = d->n, .draws = d->n_draws, .cells = d->n_draws * CW_RATIO_GRID};
    return cw_ratio_init(&s->ratio, d->week, d->n_draws, err);
}

void cw_partition_close(cw_partition_solver *s)
{
    cw_ratio_release(&s->ratio);
    free(s->product);
    free(s->ln_set);
    free(s->ln_ratio);
}

int cw_partition(const cw_partition_data *data, size_t *label, double *together, cw_err *err)
{
    cw_partition_solver s;
    memset(together, 0, data->n * data->n * sizeof *together);
    int status = cw_partition_open(&s, data, err);
    if (status == 0) status = data->n <= CW_PARTITION_EXACT ? cw_partition_exact(&s, label, together, err) : cw_partition_greedy(&s, label, together, err);
    cw_partition_close(&s);
    return status;
}
