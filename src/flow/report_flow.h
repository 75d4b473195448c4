/* SPDX-License-Identifier: MIT */
/* report_flow.h - patient.json into one of the forms that leave the house. */
#ifndef CW_FLOW_REPORT_FLOW_H
#define CW_FLOW_REPORT_FLOW_H

#include <clonewatch/error.h>

typedef enum cw_report_format {
    CW_REPORT_HTML = 0, CW_REPORT_JSON, CW_REPORT_TSV, CW_REPORT_MAF, CW_REPORT_CBIOPORTAL, CW_REPORT_MULTIQC
} cw_report_format;
#define CW_REPORT_FORMATS "html|json|tsv|maf|cbioportal|multiqc" /* in the order of the enumeration */

typedef enum cw_report_table { CW_REPORT_SERIES = 0, CW_REPORT_CLONES, CW_REPORT_FINDINGS } cw_report_table;
#define CW_REPORT_TABLES "series|clones|findings"

typedef struct cw_report_conf {
    const char *input;        /* patient.json */
    const char *output;       /* file, or a folder for cbioportal and multiqc; NULL or "-": standard output */
    cw_report_format format;
    cw_report_table table;    /* which one, for tsv */
    const char *study;        /* cBioPortal's study id */
} cw_report_conf;

CW_MUST_CHECK int cw_flow_report(const cw_report_conf *conf, cw_err *err);
#endif
