/* SPDX-License-Identifier: MIT */
/* draw.h - the draw sheet and the events of patients: who was drawn when, and what was given and seen. */
#ifndef CLONEWATCH_DRAW_H
#define CLONEWATCH_DRAW_H

#include <clonewatch/call.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cw_draw_type { CW_DRAW_PLASMA = 0, CW_DRAW_NORMAL, CW_DRAW_TUMOUR } cw_draw_type;

/* A date is a civil day number (days since 1970-01-01) or a plain day number; one kind per patient. */
typedef struct cw_day {
    bool known;
    bool is_date;  /* true: print as YYYY-MM-DD */
    int64_t day;   /* days since 1970-01-01, or the number in the sheet */
} cw_day;

typedef struct cw_draw_row {
    size_t line;                  /* of the sheet, 1-based */
    const char *patient, *sample;
    cw_day date;
    cw_draw_type type;
    const char *bam, *vcf, *bai, *fasta, *caller; /* paths resolved against the sheet; "" when absent */
    cw_consensus consensus;
    double plasma_ml, cfdna_ng;   /* NAN when not given */
    const char *tumour_type, *sex, *exclude; /* "" when absent */
} cw_draw_row;

typedef struct cw_draw_sheet {
    struct cw_arena *arena;
    const char *path, *sha256;
    cw_draw_row *row; size_t n;   /* in the order of the sheet */
} cw_draw_sheet;

typedef enum cw_event_type {
    CW_EVENT_TREATMENT = 0, CW_EVENT_IMAGING, CW_EVENT_SURGERY, CW_EVENT_STATUS, CW_EVENT_LAB_TEST, CW_EVENT_SPECIMEN
} cw_event_type;

typedef struct cw_event {
    size_t line;
    const char *patient;
    cw_day start, stop;           /* stop.known = false: a point, or still running */
    cw_event_type type;
    const char *agent, *line_id, *result, *setting, *test; /* "" when absent */
} cw_event;

typedef struct cw_event_sheet {
    struct cw_arena *arena;
    const char *path, *sha256;
    cw_event *event; size_t n;
} cw_event_sheet;

void cw_draw_sheet_release(cw_draw_sheet *s);
void cw_event_sheet_release(cw_event_sheet *s);
const char *cw_draw_type_name(cw_draw_type t);
bool cw_draw_type_parse(const char *s, cw_draw_type *t);
const char *cw_event_type_name(cw_event_type t); /* "TREATMENT" ... */
bool cw_event_type_parse(const char *s, cw_event_type *t);

#ifdef __cplusplus
}
#endif
#endif
