/* SPDX-License-Identifier: MIT */
/* background_fit.h - counts of normals -> background model. Gamma - negative binomial, empirical Bayes by class. */
#ifndef CW_DETECT_BACKGROUND_FIT_H
#define CW_DETECT_BACKGROUND_FIT_H

#include <clonewatch/background.h>
#include "base/log.h"

typedef struct cw_background_fit_conf {
    const char *name;             /* of the model; "" or NULL: "background" */
    const char *level;            /* NULL: that of the samples, which must agree */
    double max_vaf;               /* 0.05: a normal with more at an allele is germline or a blood clone there, and left out there */
} cw_background_fit_conf;

void cw_background_fit_conf_default(cw_background_fit_conf *conf);

/* samples[i]->tally over panel->loci. Loci with before/after/run set get context classes as well, where these hold enough.
 * id is left empty: it follows from the bytes of the file (io/background_io.h). */
CW_MUST_CHECK int cw_background_fit(const cw_panel *panel, const cw_tallies *const *samples, size_t n_samples, const cw_background_fit_conf *conf,
                                    cw_background *background, const cw_log *log, cw_err *err);
#endif
