/* SPDX-License-Identifier: MIT */
/* patient_json_parts.h - patient.json by its parts, each written and read in one file, and what they share: inside io. */
#ifndef CW_IO_PATIENT_JSON_PARTS_H
#define CW_IO_PATIENT_JSON_PARTS_H

#include <string.h>
#include "base/mem.h"
#include "io/patient_json.h"

/* --- writing --- */

json_t *cw_pj_put_day(cw_json *j, const cw_day *d);
json_t *cw_pj_put_strings(cw_json *j, const cw_strings *s);
/* [lo, est, hi]; an infinite end is null inside the array; nothing estimable is null as a whole. */
json_t *cw_pj_put_interval(cw_json *j, const cw_interval *v);
json_t *cw_pj_put_pair(cw_json *j, double lo, double hi);
const char *cw_pj_draw_id(const cw_patient *p, size_t draw);

/* --- reading: what is absent or null becomes the value that means "does not apply" --- */

typedef struct cw_pj_reader {
    cw_patient *p;
    cw_arena *arena;
    const char *path;
    cw_err *err;
    int status;          /* first failure; later calls do nothing harmful */
    const char *list;    /* where we are, for messages */
    size_t index;
} cw_pj_reader;

void cw_pj_fail(cw_pj_reader *r, const char *what, const char *subject);
void cw_pj_nomem(cw_pj_reader *r);
const char *cw_pj_keep(cw_pj_reader *r, const char *s);
const char *cw_pj_text(cw_pj_reader *r, const json_t *o, const char *key);
/* The list under key as zeroed records; absent or null is an empty list. */
void *cw_pj_list(cw_pj_reader *r, const json_t *o, const char *key, size_t size, size_t *n, const json_t **array);
cw_strings cw_pj_strings(cw_pj_reader *r, const json_t *o, const char *key);
cw_day cw_pj_day(cw_pj_reader *r, const json_t *o, const char *key);
double cw_pj_at(const json_t *a, size_t i, double absent);
cw_interval cw_pj_interval(const json_t *o, const char *key);
size_t cw_pj_draw_index(cw_pj_reader *r, const json_t *o, const char *key);

#define CW_PJ_WORD(r, o, key, parse, into) \
    do { \
        const char *w_ = cw_json_get_string(o, key); \
        if (*w_ && !parse(w_, into)) cw_pj_fail(r, "'" key "' is not a known word:", w_); \
    } while (0)

/* Every element of `key` as an object `o` with its record `v`. */
#define CW_PJ_EACH(r, parent, key, type, field, count) \
    const json_t *array_; \
    type *items_ = cw_pj_list(r, parent, key, sizeof(type), &(r)->p->count, &array_); \
    (r)->p->field = items_; \
    if (!items_) (r)->p->count = 0; \
    (r)->list = key; \
    for (size_t i = 0; i < (r)->p->count && (r)->status >= 0; i++)

#define CW_PJ_ELEMENT(type) \
    r->index = i; \
    const json_t *o = json_array_get(array_, i); \
    type *v = &items_[i]; \
    if (!json_is_object(o)) { \
        cw_pj_fail(r, "is not an object:", ""); \
        break; \
    }

/* --- the parts, in the order of the file --- */

void cw_pj_put_given(cw_json *j, json_t *o, const cw_patient *p);       /* provenance, patient, lines, imaging, surgeries, facts, draws */
void cw_pj_put_alterations(cw_json *j, json_t *o, const cw_patient *p);
void cw_pj_put_conclusions(cw_json *j, json_t *o, const cw_patient *p); /* clones, nodes, phases, response, alarms, findings, advice, gaps */
void cw_pj_read_given(cw_pj_reader *r, const json_t *root);
void cw_pj_read_alterations(cw_pj_reader *r, const json_t *root);
void cw_pj_read_conclusions(cw_pj_reader *r, const json_t *root);
#endif
