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

const char *const cw_page_colours[CW_PAGE_COLOURS] = {"#0b5fa5", "#b8431d", "#117733", "#8e2f8a", "#7a5900", "#3b3a8f", "#00727a", "#7d1d3f"};

static json_t *scale(bool log_axis, bool fraction, bool padded)
{
    if (log_axis) return json_pack("{s:s, s:b, s:i}", "type", "log", "nice", 0, "padding", padded ? 14 : 4);
    if (fraction) return json_pack("{s:[i,i]}", "domain", 0, 1); /* a share is seen against the whole */
    return json_pack("{s:b, s:i}", "zero", 0, "padding", padded ? 14 : 4);
}

static json_t *axis(const char *field, const char *title, bool log_axis, bool fraction, bool is_x)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:{s:s, s:i}}", "field", field, "type", "quantitative", "title", title, "scale", scale(log_axis, fraction, is_x), "axis", "format",
                     fraction ? ".6~%" : ".6~g", "tickCount", is_x ? 8 : 6);
}

static json_t *layers_json(const cw_xy_axes *axes, bool intervals)
{
    json_t *layers = json_pack("[{s:{s:s, s:f}}, {s:{s:s, s:b, s:i, s:i}, s:{s:{s:s, s:s}}}]", "mark", "type", "line", "strokeWidth", 1.5, "mark", "type", "point", "filled", 1, "size", 48,
                               "opacity", 1, "encoding", "shape", "field", "series", "type", "nominal");
    json_t *interval = intervals ? json_pack("{s:[{s:s}], s:{s:s}, s:{s:{s:s}, s:{s:s}}}", "transform", "filter", "datum.lo != null", "mark", "type", "rule", "encoding", "y", "field", "lo",
                                             "y2", "field", "hi") : NULL;
    bool bad = !layers || (intervals && (!interval || json_array_append(layers, interval) != 0));
    json_decref(interval);
    if (!bad && isfinite(axes->rule)) {
        const char *label = axes->rule_label ? axes->rule_label : "";
        json_t *rule = json_pack("{s:{s:[{s:f}]}, s:{s:s, s:[i,i], s:s}, s:{s:{s:s, s:s}, s:n, s:n}}", "data", "values", "y", axes->rule, "mark", "type", "rule", "strokeDash", 4, 3, "color",
                                 "#55606b", "encoding", "y", "field", "y", "type", "quantitative", "x", "color");
        json_t *text = json_pack("{s:{s:[{s:f}]}, s:{s:s, s:s, s:s, s:i, s:s, s:s}, s:{s:{s:s, s:s}, s:{s:i}, s:n}}", "data", "values", "y", axes->rule, "mark", "type", "text", "align",
                                 "left", "baseline", "bottom", "dy", -3, "color", "#55606b", "text", label, "encoding", "y", "field", "y", "type", "quantitative", "x", "value", 6, "color");
        bad = !rule || !text || json_array_append(layers, rule) != 0 || json_array_append(layers, text) != 0;
        json_decref(rule);
        json_decref(text);
    }
    if (!bad) return layers;
    json_decref(layers);
    return NULL;
}

json_t *cw_page_xy_spec(cw_page *page, const cw_xy_axes *axes, const cw_xy *rows, size_t n)
{
    cw_json j = {0};
    json_t *values = rows_json(page, axes, rows, n), *colours = cw_json_array(&j), *value;
    bool intervals = false;
    size_t i;
    json_array_foreach(values, i, value) intervals |= json_is_number(json_object_get(value, "lo"));
    for (int c = 0; c < CW_PAGE_COLOURS; c++) cw_json_append(&j, colours, json_string(cw_page_colours[c]));
    json_t *spec = json_pack("{s:n, s:i, s:i, s:{s:o}, s:{s:o, s:o, s:{s:s, s:s, s:s, s:{s:o}}}, s:o, s:{s:s, s:{s:n}, s:{s:s, s:s, s:s}, s:{s:i}}}", "background", "width", 600, "height", 320,
                             "data", "values", values, "encoding", "x", axis("x", axes->x_title, axes->x_log, false, true), "y",
                             axis("y", axes->y_title, axes->y_log, axes->y_percent, false), "color", "field", "series", "type", "nominal", "title",
                             axes->series_title ? axes->series_title : "", "scale", "range", colours, "layer", layers_json(axes, intervals), "config", "font",
                             "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif", "view", "stroke", "axis", "gridColor", "#e6eaee", "domainColor", "#55606b",
                             "tickColor", "#55606b", "legend", "labelLimit", 220);
    if (!spec || j.failed) page->failed = true;
    return spec;
}
