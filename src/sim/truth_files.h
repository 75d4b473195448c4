/* SPDX-License-Identifier: MIT */
/* truth_files.h - what tubes truly hold, as truth.tsv, and what sequencing of the tumour would have found. */
#ifndef CW_SIM_TRUTH_FILES_H
#define CW_SIM_TRUTH_FILES_H

#include <clonewatch/draw.h>
#include "sim/truth.h"

typedef struct cw_sim_made { /* of one row of the sheet */
    const cw_draw_row *row;
    const cw_sim_patient *patient;
    cw_sim_truth truth;
    double day;
} cw_sim_made;

CW_MUST_CHECK int cw_sim_write_truth(const cw_panel *panel, const cw_sim_made *made, size_t n, const char *path, cw_err *err);
/* The list that sequencing of the tumour would have given: alleles of clones marked "tissue". patient NULL: none. */
CW_MUST_CHECK int cw_sim_write_tissue(const cw_panel *panel, const cw_sim_patient *patient, const char *path, cw_err *err);
#endif
