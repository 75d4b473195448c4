/* SPDX-License-Identifier: MIT */
/* init.h - once per process, before any other function of stats. */
#ifndef CW_STATS_INIT_H
#define CW_STATS_INIT_H
void cw_stats_init(void);
#endif
