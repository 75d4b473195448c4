/* SPDX-License-Identifier: MIT */
/* run_patient.h - one patient of a run: inside flow. */
#ifndef CW_FLOW_RUN_PATIENT_H
#define CW_FLOW_RUN_PATIENT_H

#include "flow/cohort.h"
#include "flow/run_flow.h"

typedef struct cw_run { /* what all patients of a run share */
    const cw_run_conf *conf;
    cw_cohort cohort;
} cw_run;

typedef enum cw_run_state { CW_RUN_OK = 0, CW_RUN_BLOCKED, CW_RUN_FAILED } cw_run_state;

/* Everything of patient i: files below OUT, its line of the cohort, its line of the audit. What is wrong with the patient alone becomes a state;
 * a negative status concerns the run. */
CW_MUST_CHECK int cw_run_patient(cw_run *run, size_t i, cw_run_state *state, cw_err *err);
#endif
