/* SPDX-License-Identifier: MIT */
/* origin.h - tumour, blood clone (CHIP) or germline: where does an allele in plasma come from?
 *
 * With white cells of the same patient (matched normal) they decide; rule of Abraham 2025: germline from 30 % in white cells on, CHIP below
 * 20 % when plasma is not above the white cells, tumour when it is; between 20 and 30 % unknown. Three additions: both intervals are widened by the
 * draw-to-draw CV of .25, which counting error alone does not hold; germline needs a lower 95 % bound of 20 % (one of three molecules is no
 * third); and an allele that white cells do not show is not called CHIP because they were read too shallow (both unknown then).
 * Without white cells: posterior over the three by terms that are all returned: gene prior (panel role), population frequency, VAF near
 * 1/2 or 1 in every draw, and movement (constant against moving, with the known driver or on its own). Unknown unless one of them holds .9; an
 * allele of clonal haematopoiesis by its gene is called tumour this way only when it moves with the driver, since blood clones grow too.
 * Made for one allele over all plasma draws so far; `track` calls it before alarms: CHIP and germline never alarm. */
#ifndef CW_STATS_ORIGIN_H
#define CW_STATS_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order of cw_origin of patient.h. */
typedef enum cw_origin_class { CW_FROM_UNKNOWN = 0, CW_FROM_TUMOUR, CW_FROM_CHIP, CW_FROM_GERMLINE } cw_origin_class;

typedef struct cw_origin_evidence {
    size_t n_draws;
    const int64_t *k, *n;         /* plasma molecules: alternative, all; n <= 0: not read in that draw */
    const double *driver_vaf;     /* VAF of an allele known to be of the tumour, per draw; NAN where unknown; NULL: none */
    double background;            /* a / b of the allele */
    int64_t wbc_k, wbc_n;         /* white cells, all normal rows added up; wbc_n = 0: none */
    bool chip_role;               /* allele of clonal haematopoiesis, by the panel or by its gene */
    bool tumour_role;             /* driver or resistance allele of the knowledge, or known from tissue */
    double population_af;         /* NAN: not known */
} cw_origin_evidence;

typedef struct cw_origin_verdict {
    cw_origin_class origin;
    bool by_white_cells;
    double p_tumour, p_chip, p_germline;          /* without white cells; NAN with */
    double ln_gene_chip, ln_gene_germline;        /* prior terms, against tumour */
    double ln_population, ln_near_half, ln_movement; /* germline / germline against tumour; CHIP against tumour */
    char terms[512];              /* one sentence: how it was decided */
} cw_origin_verdict;

void cw_origin_decide(const cw_origin_evidence *evidence, cw_origin_verdict *verdict);
#endif
