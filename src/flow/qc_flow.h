/* SPDX-License-Identifier: MIT */
/* qc_flow.h - calls and alignments -> identity, contamination, yield, noise as qc.json. */
#ifndef CW_FLOW_QC_FLOW_H
#define CW_FLOW_QC_FLOW_H

#include "detect/qc.h"
#include "flow/sample_flow.h"

typedef struct cw_qc_flow_conf {
    cw_sample_conf sample;       /* how alignments are counted; its panel gives the SNPs for calls files as well */
    cw_qc_conf qc;
    const char *draws;           /* draw sheet: its rows instead of files; NULL: the files are one patient's */
    bool cross;                  /* compare with the samples of the other patients, too */
    bool tsv;
    const char *output;          /* "-" or NULL: standard output */
    const char *command_line;    /* provenance; NULL: left out */
} cw_qc_flow_conf;
void cw_qc_flow_conf_default(cw_qc_flow_conf *conf);

typedef struct cw_qc_outcome {
    unsigned failed;             /* CW_QC_ bits of whatever failed in any sample */
    size_t unread;               /* samples of the sheet that could not be read; said aloud, and in the output */
} cw_qc_outcome;

/* A sample of the sheet that cannot be read stops no other patient; one of `paths` is an error. */
CW_MUST_CHECK int cw_flow_qc(const char *const *paths, size_t n_paths, const cw_qc_flow_conf *conf, cw_qc_outcome *outcome, const cw_log *log, cw_err *err);
#endif
