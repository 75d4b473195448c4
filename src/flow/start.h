/* SPDX-License-Identifier: MIT */
/* start.h - what must happen once per process before anything else. */
#ifndef CW_FLOW_START_H
#define CW_FLOW_START_H

/* GSL does not abort; htslib opens no URL and fetches no reference by itself. */
void cw_start(void);
#endif
