/* SPDX-License-Identifier: MIT */
/* patient_json.h - cw_patient out and in as patient.json (formats.md; schema in docs/schema/patient.schema.json). */
#ifndef CW_IO_PATIENT_JSON_H
#define CW_IO_PATIENT_JSON_H

#include <clonewatch/patient.h>
#include "base/json.h"

/* New reference; the caller json_decref()s. Reading what was written gives the same patient, and writing that the same bytes. */
CW_MUST_CHECK int cw_patient_to_json(const cw_patient *patient, json_t **value, cw_err *err);
CW_MUST_CHECK int cw_patient_from_json(cw_patient *patient, const json_t *value, const char *path, cw_err *err);
CW_MUST_CHECK int cw_patient_read(cw_patient *patient, const char *path, cw_err *err);
#endif
