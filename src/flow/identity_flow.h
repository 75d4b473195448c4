/* SPDX-License-Identifier: MIT */
/* identity_flow.h - are all samples of a patient that patient's? By the fingerprint SNPs of the panel. */
#ifndef CW_FLOW_IDENTITY_FLOW_H
#define CW_FLOW_IDENTITY_FLOW_H

#include <clonewatch/draw.h>
#include "base/log.h"
#include "detect/identity.h"

/* The fingerprint that a calls file holds; empty when it was made with other SNPs than the panel's. */
cw_fingerprint cw_flow_fingerprint(const cw_calls *calls, const cw_panel *panel);

/* calls[i] (may be NULL) belongs to row[i]; all rows are one patient's. CW_EREFUSED, the sentence naming the sample, when one is another
 * person than the others and stands in none of accept ("SAMPLE=REASON"); then *blocked is true. */
CW_MUST_CHECK int cw_flow_identity(const cw_draw_row *const *row, const cw_calls *const *calls, size_t n, const cw_panel *panel,
                                   const char *const *accept, size_t n_accept, bool *blocked, const cw_log *log, cw_err *err);
#endif
