/* SPDX-License-Identifier: MIT */
/* advise_flow.h - patient.json, or a typed-in case, and the knowledge -> findings and advice; and the way back from any id. */
#ifndef CW_FLOW_ADVISE_FLOW_H
#define CW_FLOW_ADVISE_FLOW_H

#include <clonewatch/error.h>
#include "base/log.h"

typedef enum cw_advise_format { CW_ADVISE_JSON = 0, CW_ADVISE_TSV, CW_ADVISE_TEXT } cw_advise_format;
#define CW_ADVISE_FORMATS "json|tsv|text" /* in the order of the enumeration */

typedef struct cw_advise_conf {
    const char *panel_dir;
    const char *input;                               /* patient.json; NULL: the case is stated below */
    const char *tumour, *lines, *alterations, *facts; /* NULL: not stated */
    const char *output;                              /* NULL or "-": standard output */
    const char *command;                             /* command line for provenance */
    cw_advise_format format;
    const cw_log *log;                               /* names that the knowledge does not hold, as warnings; NULL: silent */
} cw_advise_conf;

CW_MUST_CHECK int cw_flow_advise(const cw_advise_conf *conf, cw_err *err);

/* The chain from an advice, finding, clone, alteration or rule id down to counts, rows and sources, as text. */
CW_MUST_CHECK int cw_flow_explain(const char *panel_dir, const char *patient_json, const char *id, const char *output, cw_err *err);
#endif
