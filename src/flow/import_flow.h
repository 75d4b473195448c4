/* SPDX-License-Identifier: MIT */
/* import_flow.h - one draw from another program's result: VCF/BCF, MAF or droplet table -> tallies -> calls. */
#ifndef CW_FLOW_IMPORT_FLOW_H
#define CW_FLOW_IMPORT_FLOW_H

#include <clonewatch/background.h>
#include "base/log.h"
#include "detect/detect.h"
#include "io/calls_vcf.h"

typedef struct cw_import_conf {
    const char *panel_dir;       /* NULL: no panel, only the file's own alleles */
    bool panel_optional;         /* nobody named the panel: go on without it when the genome build stays unknown */
    cw_build build;              /* CW_BUILD_UNKNOWN: from the file, else from where the panel's alleles stand in it */
    const char *background_path; /* TSV of 'clonewatch background'; NULL: built-in default */
    const char *tracked_path;    /* patient's own list, or NULL */
    const char *reference;       /* FASTA by which indels are left-aligned and REF bases checked, or NULL */
    const char *caller;          /* profile; NULL or "auto": found from the header */
    const char *column;          /* which sample of the file; NULL: the tumour, where the file says which */
    const char *sample;          /* name of the draw; NULL: as in the file */
    cw_consensus level;          /* what the caller counted: which background; auto: raw */
    const char *assume_depth;    /* NULL: a fraction without counts is refused; "DP" or a number: molecules it is taken to stand for */
    bool lax;                    /* do not hold the file to the rules of the VCF specification */
    bool panel_only;             /* leave out alleles that the panel does not know */
    bool summary;                /* say what was matched */
    cw_detect_conf detect;
} cw_import_conf;
void cw_import_conf_default(cw_import_conf *conf);

/* True when the file is clonewatch's own (its header has ##clonewatch_background): then cw_calls_read() reads it. */
CW_MUST_CHECK int cw_is_calls_file(const char *path, bool *ours, cw_err *err);

/* Hold a VCF or BCF to the rules of the specification, and say how many records it has. */
CW_MUST_CHECK int cw_check_vcf(const char *path, size_t *records, cw_err *err);

/* Fills calls as cw_flow_sample() does; a calls file of clonewatch's own is taken as it is. An allele of the panel that the file says nothing about is CW_CALL_NOT_REPORTED. */
CW_MUST_CHECK int cw_flow_import(const char *path, const cw_import_conf *conf, cw_calls *calls, const cw_log *log, cw_err *err);
#endif
