/* SPDX-License-Identifier: MIT */
/* chart_xy.c - the ready chart of page.h: lines with marks and intervals over two axes. */
#include "report/page.h"

#include <math.h>

static bool holds(double v, bool log_axis) { return isfinite(v) && (!log_axis || v > 0); }

static json_t *rows_json(cw_page *page, const cw_xy_axes *axes, const cw_xy *rows, size_t n)
{
    cw_json j = {0};
    json_t *values = cw_json_array(&j);
    for (size_t i = 0; i < n; i++) {
        if (!holds(rows[i].x, axes->x_log) || !holds(rows[i].y, axes->y_log)) continue;
        json_t *row = cw_json_object(&j);
        cw_json_set(&j, row, "series", cw_page_string(page, rows[i].series, 60));
        cw_json_set_real(&j, row, "x", rows[i].x);
        cw_json_set_real(&j, row, "y", rows[i].y);
        bool interval = holds(rows[i].lo, axes->y_log) && holds(rows[i].hi, axes->y_log);
        cw_json_set_real(&j, row, "lo", interval ? rows[i].lo : NAN);
        cw_json_set_real(&j, row, "hi", interval ? rows[i].hi : NAN);
        cw_json_append(&j, values, row);
    }
    if (j.failed) page->failed = true;
    return values;
}

static json_t *scale(bool log_axis) { return log_axis ? json_pack("{s:s}", "type", "log") : json_pack("{s:s, s:b}", "type", "linear", "zero", 0); }

json_t *cw_page_xy_spec(cw_page *page, const cw_xy_axes *axes, const cw_xy *rows, size_t n)
{
    json_t *x = json_pack("{s:s, s:s, s:s, s:o}", "field", "x", "type", "quantitative", "title", axes->x_title, "scale", scale(axes->x_log));
    json_t *y = json_pack("{s:s, s:s, s:s, s:o, s:{s:s}}", "field", "y", "type", "quantitative", "title", axes->y_title, "scale",
                          scale(axes->y_log), "axis", "format", axes->y_percent ? "~%" : "~g");
    json_t *layers = json_pack("[{s:{s:s, s:f}}, {s:{s:s, s:b, s:i}}, {s:{s:s}, s:{s:{s:s}, s:{s:s}}}]",
                               "mark", "type", "line", "strokeWidth", 1.5,
                               "mark", "type", "point", "filled", 1, "size", 40,
                               "mark", "type", "rule", "encoding", "y", "field", "lo", "y2", "field", "hi");
    if (layers && isfinite(axes->rule)) {
        json_t *rule = json_pack("{s:{s:[{s:f, s:s}]}, s:{s:s, s:[i,i], s:s}, s:{s:{s:s, s:s}, s:n, s:n}}", "data", "values", "y", axes->rule,
                                 "label", axes->rule_label ? axes->rule_label : "", "mark", "type", "rule", "strokeDash", 4, 3, "color", "#555",
                                 "encoding", "y", "field", "y", "type", "quantitative", "x", "color");
        json_t *label = json_pack("{s:{s:[{s:f, s:s}]}, s:{s:s, s:s, s:s, s:i, s:s}, s:{s:{s:s, s:s}, s:{s:s}, s:{s:i}, s:n}}", "data", "values", "y",
                                  axes->rule, "label", axes->rule_label ? axes->rule_label : "", "mark", "type", "text", "align", "right",
                                  "baseline", "bottom", "dy", -3, "color", "#555", "encoding", "y", "field", "y", "type", "quantitative",
                                  "text", "field", "label", "x", "value", 600, "color");
        if (!rule || !label || json_array_append(layers, rule) != 0 || json_array_append(layers, label) != 0) page->failed = true;
        json_decref(rule);
        json_decref(label);
    }
    json_t *spec = json_pack("{s:i, s:i, s:{s:o}, s:{s:o, s:o, s:{s:s, s:s, s:s}}, s:o, s:{s:{s:n}, s:{s:s}}}", "width", 600, "height", 320,
                             "data", "values", rows_json(page, axes, rows, n), "encoding", "x", x, "y", y, "color", "field", "series",
                             "type", "nominal", "title", axes->series_title ? axes->series_title : "", "layer", layers, "config", "view",
                             "stroke", "axis", "gridColor", "#e3e3e3");
    if (!spec) page->failed = true;
    return spec;
}
