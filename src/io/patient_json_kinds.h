/* SPDX-License-Identifier: MIT */
/* patient_json_kinds.h - how an object of patient.json is told as a table: a row for each field, read by the writer and by the reader, so that
 * the two cannot drift apart. A row names the key, the member that holds the value, and the kind of value, which follows from the member's type
 * where it can. What is absent or null becomes the value that means "does not apply", and that leaves as null. Inside io. */
#ifndef CW_IO_PATIENT_JSON_KINDS_H
#define CW_IO_PATIENT_JSON_KINDS_H

#include <stddef.h>
#include <clonewatch/patient.h>
#include "base/json.h"

typedef struct cw_pj_writer {
    cw_json j;
    const cw_patient *p;
    size_t index;                /* of the record in its list */
} cw_pj_writer;

typedef struct cw_pj_place {     /* where the reader is, for messages: alterations[3].points[1] */
    const char *key;
    size_t index;                /* SIZE_MAX: an object, not a list */
    const struct cw_pj_place *in;
} cw_pj_place;

typedef struct cw_pj_reader {
    cw_patient *p;
    const char *path;
    const cw_pj_place *at;
    cw_err *err;
    int status;                  /* first failure; later calls do nothing harmful */
} cw_pj_reader;

typedef struct cw_pj_field cw_pj_field;

typedef struct cw_pj_kind {
    void (*put)(cw_pj_writer *w, json_t *object, const cw_pj_field *field, const void *record);
    void (*read)(cw_pj_reader *r, const json_t *object, const cw_pj_field *field, void *record); /* NULL: written for others to read */
} cw_pj_kind;

typedef struct cw_pj_shape {     /* of a record of `size` bytes */
    size_t size;
    const cw_pj_field *field; size_t n;
    bool (*applies)(const void *record);                 /* false: null stands for the object; NULL: always */
    void (*check)(cw_pj_reader *r, const void *record);  /* what must hold of a record that was read; NULL: nothing */
} cw_pj_shape;

struct cw_pj_field {
    const char *key;
    const cw_pj_kind *kind;
    size_t at;                   /* the value within its record */
    size_t also;                 /* a list's count, a pair's upper end */
    const cw_pj_shape *shape;    /* of an object, or of the elements of a list */
    const char *word;            /* of a constant; before the number of a cw_pj_numbered id */
};

extern const cw_pj_kind cw_pj_text, cw_pj_real, cw_pj_count, cw_pj_bool, cw_pj_day, cw_pj_strings, cw_pj_interval, cw_pj_draw, cw_pj_state, cw_pj_baseline,
    cw_pj_status, cw_pj_origin, cw_pj_verdict, cw_pj_role, cw_pj_type, cw_pj_build; /* by the type of the member */
extern const cw_pj_kind cw_pj_integer;   /* int64_t; absent: 0 */
extern const cw_pj_kind cw_pj_from_one;  /* int; 0 is null */
extern const cw_pj_kind cw_pj_yes_no;    /* int 1, 0; -1 is null */
extern const cw_pj_kind cw_pj_bool_true; /* bool; absent: true */
extern const cw_pj_kind cw_pj_flag;      /* bool; written when true only */
extern const cw_pj_kind cw_pj_pair;      /* two doubles as [lo, hi]; null when both are NAN */
extern const cw_pj_kind cw_pj_reals;     /* double *, size_t */
extern const cw_pj_kind cw_pj_list;      /* records *, size_t */
extern const cw_pj_kind cw_pj_object;    /* a struct within the record, or the record itself (at 0) */
extern const cw_pj_kind cw_pj_constant;  /* written only: the word */
extern const cw_pj_kind cw_pj_numbered;  /* written only: the word and the number in the list, from 1 */

#define CW_PJ_KIND_OF(value) \
    _Generic((value), const char *: &cw_pj_text, double: &cw_pj_real, int64_t: &cw_pj_count, bool: &cw_pj_bool, cw_day: &cw_pj_day, \
        cw_strings: &cw_pj_strings, cw_interval: &cw_pj_interval, size_t: &cw_pj_draw, cw_call_state: &cw_pj_state, cw_baseline: &cw_pj_baseline, \
        cw_status_word: &cw_pj_status, cw_origin: &cw_pj_origin, cw_verdict: &cw_pj_verdict, cw_role: &cw_pj_role, cw_allele_type: &cw_pj_type, \
        cw_build: &cw_pj_build)

void cw_pj_put_record(cw_pj_writer *w, json_t *object, const cw_pj_shape *shape, const void *record);
void cw_pj_read_record(cw_pj_reader *r, const json_t *object, const cw_pj_shape *shape, void *record);

/* key and subject may be NULL: "alterations[3]: 'role' is not a known word: 'odd'". */
void cw_pj_fail(cw_pj_reader *r, const char *key, const char *what, const char *subject);
void cw_pj_nomem(cw_pj_reader *r);
const char *cw_pj_keep(cw_pj_reader *r, const char *s); /* in the patient's arena */
double cw_pj_at(const json_t *array, size_t i, double absent);
#endif
