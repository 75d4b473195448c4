/* SPDX-License-Identifier: MIT */
/* timeline_svg.c - the same chart as a plain drawing, for readers without scripts. The names stand beside the last marks, moved apart where
 * they would overlap. Attributes only, no style: the page's policy allows none inside the document. */
#include "report/timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "report/words.h"

enum { LEFT = 96, WIDTH = 680, RIGHT = 200, LANE = 21, TOP = 4, PLOT = 340, FOOT = 46, LABEL = 13 };

typedef struct drawing { cw_text *out; const cw_timeline *t; const cw_view *view; double plot_top; } drawing;

static double at_x(const drawing *d, double day) { return LEFT + WIDTH * (day - d->t->x_lo) / (d->t->x_hi - d->t->x_lo); }

static double at_y(const drawing *d, double percent)
{
    double part = (log10(percent) - log10(d->t->y_lo)) / (log10(d->t->y_hi) - log10(d->t->y_lo));
    return d->plot_top + PLOT * (1 - fmin(fmax(part, 0), 1));
}

/* A piece that could not be made whole fails the drawing. */
static void done(const drawing *d, cw_text *piece)
{
    if (piece->failed && d->out) d->out->failed = true;
    cw_text_release(piece);
}

static void line(const drawing *d, double x1, double y1, double x2, double y2, const char *more)
{
    cw_text_format(d->out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n", x1, y1, x2, y2, more);
}

static void text(const drawing *d, double x, double y, const char *anchor, const char *fill, const char *words)
{
    cw_html(d->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%.60s</text>\n", x, y, anchor, fill, words);
}

/* The lane of node alarms, under imaging; returns whether there is one. */
static bool draw_nodes(const drawing *d, double y)
{
    bool any = false;
    for (size_t i = 0; i < json_array_size(d->view->alarms); i++) {
        cw_text names = {0};
        double x = at_x(d, cw_view_at(json_array_get(d->view->alarms, i)));
        if (cw_timeline_node_alarms(d->t, d->view, i, &names)) {
            any = true;
            if (d->out) cw_text_format(d->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"none\" stroke=\"#b3261e\" stroke-width=\"1.7\"/>\n", x, y + 10);
            if (d->out) text(d, x + 8, y + 14, "start", "#b3261e", cw_text_string(&names));
        }
        done(d, &names);
    }
    if (any && d->out) text(d, LEFT - 10, y + 14, "end", "#26323d", "Node alarm");
    return any;
}

static void draw_treatment(const drawing *d)
{
    double y = TOP;
    size_t i;
    json_t *scan;
    for (size_t b = 0; b < d->t->n_bars; b++, y += LANE) {
        const cw_bar *bar = &d->t->bar[b];
        double x = at_x(d, bar->start), end = at_x(d, bar->end);
        bool right = x > LEFT + 0.6 * WIDTH;
        text(d, LEFT - 10, y + 14, "end", "#26323d", bar->lane);
        cw_text_format(d->out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"15\" fill=\"#d5dfe8\" stroke=\"#8fa3b5\" stroke-width=\"0.8\"/>\n", x, y + 3, fmax(end - x, 1));
        text(d, right ? end - 5 : x + 5, y + 14.5, right ? "end" : "start", "#16202a", bar->agents);
    }
    const char *lane = cw_timeline_lane(d->view);
    if (lane) text(d, LEFT - 10, y + 14, "end", "#26323d", lane);
    json_array_foreach((json_t *)d->view->imaging, i, scan) {
        double day = cw_view_day(d->view, json_object_get(scan, "date"));
        if (!(day >= d->t->x_lo && day <= d->t->x_hi)) continue;
        const char *word = cw_json_get_string(scan, "result");
        bool progression = cw_json_get_bool(scan, "progression", !strcmp(word, "PD"));
        const char *colour = progression ? "#b3261e" : "#3d4c5a";
        cw_text_format(d->out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"6\" height=\"6\" fill=\"%s\"/>\n", at_x(d, day) - 3, y + 7, colour);
        text(d, at_x(d, day) + 6, y + 14, "start", colour, *word ? word : "scan");
        if (progression) line(d, at_x(d, day), d->plot_top, at_x(d, day), d->plot_top + PLOT, "stroke=\"#b3261e\" stroke-dasharray=\"1 3\"");
    }
    json_array_foreach((json_t *)d->view->surgeries, i, scan) {
        double day = cw_view_day(d->view, json_object_get(scan, "date"));
        if (!(day >= d->t->x_lo && day <= d->t->x_hi)) continue;
        cw_text_format(d->out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"6\" height=\"6\" fill=\"#3d4c5a\"/>\n", at_x(d, day) - 3, y + 7);
        text(d, at_x(d, day) + 6, y + 14, "start", "#3d4c5a", "surgery");
    }
    draw_nodes(d, y + (lane ? LANE : 0));
}

/* A step of 1, 2 or 5 times a power of ten that gives about eight ticks; with dates, never less than a day. */
static double tick_step(const cw_timeline *t)
{
    double rough = fmax((t->x_hi - t->x_lo) / 8, 1), unit = pow(10, floor(log10(rough)));
    return rough / unit <= 1 ? unit : rough / unit <= 2 ? 2 * unit : rough / unit <= 5 ? 5 * unit : 10 * unit;
}

static void draw_axes(const drawing *d)
{
    double bottom = d->plot_top + PLOT, step = tick_step(d->t);
    for (double v = cw_timeline_next_tick(d->t, 0); isfinite(v); v = cw_timeline_next_tick(d->t, v)) {
        cw_text label = {0};
        cw_text_format(&label, "%g", v);
        line(d, LEFT, at_y(d, v), LEFT + WIDTH, at_y(d, v), "stroke=\"#e6eaee\"");
        text(d, LEFT - 8, at_y(d, v) + 4, "end", "#26323d", cw_text_string(&label));
        done(d, &label);
    }
    for (double day = ceil(d->t->x_lo / step) * step + 0.0; day <= d->t->x_hi; day += step) {
        cw_text label = {0};
        cw_text_format(&label, "day %g", day);
        line(d, at_x(d, day), bottom, at_x(d, day), bottom + 5, "stroke=\"#55606b\"");
        text(d, at_x(d, day), bottom + 17, "middle", "#26323d", cw_text_string(&label));
        if (d->view->dated) text(d, at_x(d, day), bottom + 30, "middle", "#26323d", cw_view_day_text(d->view, day).s);
        done(d, &label);
    }
    line(d, LEFT, bottom, LEFT + WIDTH, bottom, "stroke=\"#55606b\"");
    line(d, LEFT, d->plot_top, LEFT, bottom, "stroke=\"#55606b\"");
    cw_text_format(d->out, "<text transform=\"translate(34 %.1f) rotate(-90)\" text-anchor=\"middle\" fill=\"#26323d\">VAF (%%, log scale)</text>\n", d->plot_top + PLOT / 2.0);
}

static void draw_symbol(const drawing *d, double x, double y, const char *shape, const char *colour)
{
    static const struct { const char *shape, *path; } paths[] = {
        {"square", "M-3.6-3.6h7.2v7.2h-7.2z"}, {"diamond", "M0-5l4 5-4 5-4-5z"}, {"triangle-up", "M0-4.6L4.4 3.4H-4.4z"}, {"triangle-right", "M4.6 0L-3.4 4.4V-4.4z"},
        {"triangle-left", "M-4.6 0L3.4 4.4V-4.4z"}, {"cross", "M-1.6-4.8h3.2v3.2h3.2v3.2h-3.2v3.2h-3.2v-3.2h-3.2v-3.2h3.2z"}};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (!strcmp(shape, paths[i].shape)) {
            cw_text_format(d->out, "<path transform=\"translate(%.1f %.1f)\" d=\"%s\" fill=\"%s\" stroke=\"#fff\" stroke-width=\"0.7\"/>\n", x, y, paths[i].path, colour);
            return;
        }
    cw_text_format(d->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\" stroke=\"#fff\" stroke-width=\"0.7\"/>\n", x, y, colour);
}

static void draw_mark(const drawing *d, const cw_series *s, const cw_mark *m)
{
    double x = at_x(d, m->day), y = at_y(d, m->y);
    cw_text stroke = {0};
    cw_text_format(&stroke, "stroke=\"%s\"", s->colour);
    if (isfinite(m->lo) && isfinite(m->hi)) line(d, x, at_y(d, m->lo), x, at_y(d, m->hi), cw_text_string(&stroke));
    if (m->state == CW_MARK_DETECTED) draw_symbol(d, x, y, s->shape, s->colour);
    else if (m->state == CW_MARK_BELOW_LOD) cw_text_format(d->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.3\"/>\n", x, y, s->colour);
    else if (m->state == CW_MARK_NOT_DETECTED) cw_text_format(d->out, "<path transform=\"translate(%.1f %.1f)\" d=\"M0 4.2L4.4-3.4H-4.4z\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.3\"/>\n", x, y, s->colour);
    else text(d, x, y - 2, "middle", "#5c6670", "\xc3\x97");
    done(d, &stroke);
}

static void draw_series(const drawing *d, const cw_series *s)
{
    const cw_mark *last = NULL;
    bool gap = false;
    for (size_t i = 0; i < s->n; i++) {
        const cw_mark *m = &s->mark[i];
        if (m->state == CW_MARK_NOT_ASSESSABLE) gap = true;
        if (last && m->state != CW_MARK_NOT_ASSESSABLE) {
            cw_text stroke = {0};
            bool censored = gap || last->state != CW_MARK_DETECTED || m->state != CW_MARK_DETECTED;
            cw_text_format(&stroke, "stroke=\"%s\" stroke-width=\"1.5\"%s", s->colour, censored ? " stroke-dasharray=\"3 4\"" : "");
            line(d, at_x(d, last->day), at_y(d, last->y), at_x(d, m->day), at_y(d, m->y), cw_text_string(&stroke));
            done(d, &stroke);
        }
        if (m->state != CW_MARK_NOT_ASSESSABLE) last = m, gap = false;
    }
    for (size_t i = 0; i < s->n; i++) draw_mark(d, s, &s->mark[i]);
}

static void draw_alarms(const drawing *d)
{
    size_t i;
    json_t *alarm;
    json_array_foreach((json_t *)d->view->alarms, i, alarm) {
        const cw_series *series = NULL;
        const cw_mark *m = cw_timeline_alarm_mark(d->t, d->view, alarm, &series);
        if (m) cw_text_format(d->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"8.5\" fill=\"none\" stroke=\"#b3261e\" stroke-width=\"1.7\"/>\n", at_x(d, m->day), at_y(d, m->y));
    }
}

typedef struct label { const cw_series *series; double y, from; } label;

static int higher(const void *a, const void *b)
{
    const label *x = a, *y = b;
    return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : (x->series > y->series) - (x->series < y->series);
}

/* From the top down each label keeps its distance from the one above; what then hangs out below is pushed up again. */
static void draw_labels(const drawing *d)
{
    label at[CW_TIMELINE_SERIES];
    size_t n = 0;
    double bottom = d->plot_top + PLOT;
    for (size_t s = 0; s < d->t->n_series; s++) {
        const cw_series *series = &d->t->series[s];
        const cw_mark *m = series->n ? &series->mark[series->n - 1] : NULL;
        if (m) at[n++] = (label){.series = series, .from = at_y(d, m->y)};
    }
    qsort(at, n, sizeof *at, higher);
    for (size_t i = 0; i < n; i++) at[i].y = i ? fmax(at[i].from, at[i - 1].y + LABEL) : fmax(at[i].from, d->plot_top + 6);
    for (size_t i = n; i-- > 0;) at[i].y = fmin(at[i].y, i + 1 < n ? at[i + 1].y - LABEL : bottom);
    for (size_t i = 0; i < n; i++) {
        const cw_mark *m = &at[i].series->mark[at[i].series->n - 1];
        line(d, at_x(d, m->day) + 6, at[i].from, LEFT + WIDTH + 12, at[i].y, "stroke=\"#b9c1c9\" stroke-width=\"0.7\"");
        text(d, LEFT + WIDTH + 15, at[i].y + 4, "start", at[i].series->colour, at[i].series->name);
    }
}

void cw_timeline_svg(cw_text *out, const cw_timeline *t, const cw_view *view)
{
    drawing d = {.t = t, .view = view};
    size_t lanes = t->n_bars + (cw_timeline_lane(view) != NULL) + draw_nodes(&d, 0);
    d.out = out;
    d.plot_top = TOP + LANE * (double)lanes + 8;
    double height = d.plot_top + PLOT + FOOT;
    cw_text_format(out, "<svg viewBox=\"0 0 %d %.0f\" width=\"%d\" height=\"%.0f\" font-size=\"11\" aria-hidden=\"true\">\n", LEFT + WIDTH + RIGHT, height,
                   LEFT + WIDTH + RIGHT, height);
    draw_axes(&d);
    draw_treatment(&d);
    for (size_t s = t->n_series; s-- > 0;) draw_series(&d, &t->series[s]); /* the most urgent on top */
    draw_alarms(&d);
    draw_labels(&d);
    cw_text_put(out, "</svg>\n");
}
