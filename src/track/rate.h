/* SPDX-License-Identifier: MIT */
/* rate.h - how fast an allele grows or falls: posterior of the rate r (doublings per week) on a grid (statistics 3.7).
 *
 * Within a line ln f = ln f0 + r ln 2 (t - t0), counts negative binomial with draw CV v; flat priors on r, ln f and v. Across a change of
 * line r is new and the course is continuous or, with prior .1, sets in at any level: a response may be deeper than any rate of the grid reaches.
 * Inside a line one break may lie at an inner draw, with prior .1/J each. */
#ifndef CW_TRACK_RATE_H
#define CW_TRACK_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <clonewatch/error.h>
#include "track/observation.h"

enum { CW_RATE_STEPS = 141, CW_RATE_BINS = 161 };
#define CW_RATE_LOWEST (-0.7)  /* doublings per week */
#define CW_RATE_STEP 0.01

typedef struct cw_rate_posterior {
    double r[CW_RATE_STEPS];                      /* sums to 1 */
    double joint[CW_RATE_STEPS][CW_RATE_BINS];    /* r x ln f at the last draw; sums to 1 */
    double last_week;                             /* time of that draw */
    double noise_cv;                              /* posterior mean of v */
} cw_rate_posterior;

/* Draws that share one rate: looks [first, end), joined to the piece before at week `knot`. */
typedef struct cw_rate_piece { size_t first, end; double knot; } cw_rate_piece;

/* Posterior of each piece, given the draws up to its end. Pieces are in time order and do not overlap; posterior[i] for piece[i]. */
CW_MUST_CHECK int cw_rate_fit(const cw_obs *obs, const double *week, const cw_rate_model *models, const cw_rate_piece *piece, size_t n_pieces,
                              bool breaks, cw_rate_posterior *posterior, cw_err *err);

double cw_rate_quantile(const cw_rate_posterior *p, double q);      /* of r */
double cw_rate_p_rising(const cw_rate_posterior *p);                /* P(r > 0), half of the mass at 0 */
/* q-quantile of f at another week along the last piece's course. */
CW_MUST_CHECK int cw_rate_fraction_at(const cw_rate_posterior *p, double week, double q, double *f, cw_err *err);
/* Weeks from the last draw until f reaches `threshold`: the q[i] quantiles over all mass (INFINITY beyond the mass that crosses by
 * `horizon`), and the mass that does not cross. */
CW_MUST_CHECK int cw_rate_crossing(const cw_rate_posterior *p, double threshold, double horizon, const double *q, double *weeks, size_t n, double *p_never, cw_err *err);
#endif
