/* SPDX-License-Identifier: MIT */
/* draw_io.h - draw sheet and events (CSV or TSV) into records; every refusal names row and column (formats.md). */
#ifndef CW_IO_DRAW_IO_H
#define CW_IO_DRAW_IO_H

#include <clonewatch/draw.h>

CW_MUST_CHECK int cw_draw_sheet_read(cw_draw_sheet *sheet, const char *path, cw_err *err);
CW_MUST_CHECK int cw_event_sheet_read(cw_event_sheet *sheet, const char *path, cw_err *err);
#endif
