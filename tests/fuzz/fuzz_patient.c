/* SPDX-License-Identifier: MIT */
/* fuzz_patient.c - patient.json, and back. */
#include "fuzz.h"

#include "io/patient_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    cw_patient patient = {0};
    json_t *value = NULL;
    int status = cw_patient_read(&patient, cw_fuzz_file(data, size), &err);
    cw_fuzz_check(status, &err);
    if (status == 0) cw_fuzz_check(cw_patient_to_json(&patient, &value, &err), &err);
    json_decref(value);
    cw_patient_release(&patient);
    return 0;
}
