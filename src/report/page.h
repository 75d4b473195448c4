/* SPDX-License-Identifier: MIT */
/* page.h - one self-contained HTML page: text, tables and Vega-Lite charts, under a policy that lets nothing in or out.
 *
 *     cw_page page = {.title = "Validation of assay X"};
 *     cw_page_open(&page, "Validation", "Assay X, 24 replicates");
 *     cw_page_section(&page, "limits", "Limits of blank and of detection");
 *     cw_html(&page.body, "<p>%s</p>", text_of_others);         // every %s is escaped
 *     cw_page_chart(&page, "curve", "Sensitivity against VAF", "what the chart shows, for those who cannot see it", spec);
 *     cw_page_end_section(&page);
 *     status = cw_page_write(&page, path, err);
 *     cw_page_release(&page);
 *
 * The body is HTML that the program writes; text of others enters through cw_html() only. */
#ifndef CW_REPORT_PAGE_H
#define CW_REPORT_PAGE_H

#include "base/json.h"
#include "report/text.h"

typedef struct cw_page {
    const char *title;   /* of the document; plain text */
    cw_text body;
    json_t *charts;      /* [{id, spec}] */
    bool failed;
} cw_page;

/* Masthead: heading, a line under it, and the sentence that every page of clonewatch carries. Opens the document. */
void cw_page_open(cw_page *page, const char *heading, const char *subtitle);

/* id: letters and '-', fixed by the program; also the anchor. */
void cw_page_section(cw_page *page, const char *id, const char *heading);
void cw_page_end_section(cw_page *page);

/* A figure. The spec's reference is taken (also on failure). Strings in it are data only: tame them with cw_page_string(). */
void cw_page_chart(cw_page *page, const char *id, const char *caption, const char *alt, json_t *stolen_spec);

/* The same with a drawing (SVG markup made by the program) that stands in the figure until, or unless, the script replaces it. */
void cw_page_chart_still(cw_page *page, const char *id, const char *caption, const char *alt, json_t *stolen_spec, const cw_text *still);

/* A string of others as chart data. */
json_t *cw_page_string(cw_page *page, const char *s, size_t max);

/* Closes the document and writes it whole or not at all; "-" or NULL: standard output. */
CW_MUST_CHECK int cw_page_write(cw_page *page, const char *path, cw_err *err);
void cw_page_release(cw_page *page);

/* Dark enough on white for a thin line (contrast at least 4.5), and apart for the common colour-vision deficiencies. */
enum { CW_PAGE_COLOURS = 8 };
extern const char *const cw_page_colours[CW_PAGE_COLOURS];

/* A ready chart for tables of numbers: one coloured line with marks per series, an interval per point where lo and hi
 * are finite, horizontal rules. Values that a log axis cannot hold (<= 0, NAN) are left out. */
typedef struct cw_xy { const char *series; double x, y, lo, hi; } cw_xy;
typedef struct cw_xy_axes {
    const char *x_title, *y_title, *series_title;
    bool x_log, y_log, y_percent;  /* y_percent: y is a fraction, shown as % */
    double rule; const char *rule_label; /* one horizontal rule; NAN: none */
} cw_xy_axes;
json_t *cw_page_xy_spec(cw_page *page, const cw_xy_axes *axes, const cw_xy *rows, size_t n);
#endif
