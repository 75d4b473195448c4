/* SPDX-License-Identifier: MIT */
/* validate_flow.h - replicates with known content -> validation.tsv and validation.html. */
#ifndef CW_FLOW_VALIDATE_FLOW_H
#define CW_FLOW_VALIDATE_FLOW_H

#include <stdbool.h>
#include <clonewatch/error.h>
#include "base/log.h"

typedef struct cw_validate_conf {
    const char *replicates;      /* table: sample, vcf, vaf, [allele, input_ng, lot, day]; or */
    const char *truth, *draws;   /* truth.tsv of simulate, and its draw sheet (vcf column: calls) */
    bool in_silico;              /* the replicates are simulated: said on the page. Always true with truth */
    const char *title;           /* of the page; NULL: "Analytical validation" */
    const char *out;             /* folder */
} cw_validate_conf;

CW_MUST_CHECK int cw_flow_validate(const cw_validate_conf *conf, const cw_log *log, cw_err *err);
#endif
