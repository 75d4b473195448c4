/* SPDX-License-Identifier: MIT */
/* assets.h - the page's fixed text, made from real files by page/embed.mjs at build time. */
#ifndef CW_REPORT_ASSETS_H
#define CW_REPORT_ASSETS_H

#include <stddef.h>

typedef struct cw_asset { const char *bytes; size_t n; } cw_asset;

enum { CW_PAGE_TO_TITLE = 0, CW_PAGE_TO_BODY, CW_PAGE_TO_DATA, CW_PAGE_SCRIPTS, CW_PAGE_END };
extern const cw_asset cw_page_piece[5];
extern const cw_asset cw_timeline_template; /* Vega-Lite, waiting for its data sets */
#endif
