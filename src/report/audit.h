/* SPDX-License-Identifier: MIT */
/* audit.h - OUT/audit.jsonl: one line per patient and run, only ever appended to. */
#ifndef CW_REPORT_AUDIT_H
#define CW_REPORT_AUDIT_H

#include "base/json.h"

typedef struct cw_audit {
    const char *patient, *state, *reason, *command_line; /* command_line may be NULL */
    const json_t *before, *now;   /* patient.json of the last report and of this one; NULL: none */
} cw_audit;

/* Version, htslib, state, inputs with checksums, alarms added and alarms no longer confirmed since `before`. */
CW_MUST_CHECK int cw_audit_append(const char *path, const cw_audit *entry, cw_err *err);
#endif
