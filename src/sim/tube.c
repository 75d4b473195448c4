/* SPDX-License-Identifier: MIT */
/* tube.c - a row of the draw sheet on the axis of the scenario: its day, and the days on which lines began. */
#include "sim/tube.h"

#include <stdlib.h>
#include <string.h>

static int by_value(const void *a, const void *b) { return *(const double *)a < *(const double *)b ? -1 : *(const double *)a > *(const double *)b; }

/* Day of the scenario: the sheet's day number, or days since the patient's first dated row. */
static double day_of(const cw_draw_sheet *sheet, const cw_draw_row *r, const cw_day *day)
{
    int64_t zero = 0;
    bool known = false;
    if (!day->known) return 0;
    if (!day->is_date) return (double)day->day;
    for (size_t i = 0; i < sheet->n; i++) {
        const cw_draw_row *o = &sheet->row[i];
        if (strcmp(o->patient, r->patient) || !o->date.known || o->type != CW_DRAW_PLASMA || (known && o->date.day >= zero)) continue;
        zero = o->date.day;
        known = true;
    }
    return (double)(day->day - zero);
}

/* Line n of the scenario starts with the n-th different start of a treatment. */
static size_t line_starts(const cw_draw_sheet *sheet, const cw_event_sheet *events, const cw_draw_row *r, double *start)
{
    size_t n = 0, k = 0;
    for (size_t i = 0; i < events->n; i++)
        if (!strcmp(events->event[i].patient, r->patient) && events->event[i].type == CW_EVENT_TREATMENT) start[n++] = day_of(sheet, r, &events->event[i].start);
    qsort(start, n, sizeof *start, by_value);
    for (size_t i = 0; i < n; i++)
        if (!k || start[i] > start[k - 1]) start[k++] = start[i];
    return k;
}

cw_sim_tube cw_sim_tube_of(const cw_draw_sheet *sheet, const cw_event_sheet *events, const cw_draw_row *r, double *start)
{
    return (cw_sim_tube){.sample = r->sample, .normal = r->type == CW_DRAW_NORMAL, .day = day_of(sheet, r, &r->date), .line_start = start,
                         .n_lines = line_starts(sheet, events, r, start)};
}
