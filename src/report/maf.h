/* SPDX-License-Identifier: MIT */
/* maf.h - detected alterations with coordinates as MAF rows, for the MAF export and for cBioPortal's mutation file. */
#ifndef CW_REPORT_MAF_H
#define CW_REPORT_MAF_H

#include "report/rows.h"
#include "report/view.h"

/* Opens rows, writes header and one row per alteration and draw that detects it. */
CW_MUST_CHECK int cw_maf_fill(cw_rows *rows, const cw_view *view, cw_err *err);
#endif
