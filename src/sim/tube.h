/* SPDX-License-Identifier: MIT */
/* tube.h - a row of the draw sheet as a tube of the scenario. */
#ifndef CW_SIM_TUBE_H
#define CW_SIM_TUBE_H

#include <clonewatch/draw.h>
#include "sim/truth.h"

/* start: room for events->n numbers, which the tube points into. */
cw_sim_tube cw_sim_tube_of(const cw_draw_sheet *sheet, const cw_event_sheet *events, const cw_draw_row *row, double *start);
#endif
