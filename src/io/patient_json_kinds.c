/* SPDX-License-Identifier: MIT */
/* patient_json_kinds.c - each kind of value of patient.json: its way out and its way in, side by side. The file may come from anywhere: every list
 * must be a list, every word a known one, every draw that is named must exist. */
#include "io/patient_json_kinds.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/mem.h"
#include "base/parse.h"

static const void *in(const void *record, size_t at) { return (const char *)record + at; }
static void *into(void *record, size_t at) { return (char *)record + at; }

#define PUT(kind) static void put_##kind(cw_pj_writer *w, json_t *o, const cw_pj_field *f, const void *record)
#define READ(kind) static void read_##kind(cw_pj_reader *r, const json_t *o, const cw_pj_field *f, void *record)
#define KIND(kind) const cw_pj_kind cw_pj_##kind = {put_##kind, read_##kind}
#define VALUE(type) (*(const type *)in(record, f->at))
#define SLOT(type) (*(type *)into(record, f->at))

/* --- where we are, and what is wrong there --- */

static void name_place(const cw_pj_place *at, char *text, size_t size)
{
    *text = '\0';
    if (at->in) name_place(at->in, text, size);
    size_t n = strlen(text);
    snprintf(text + n, size - n, "%s%s", n ? "." : "", at->key);
    n = strlen(text);
    if (at->index != SIZE_MAX) snprintf(text + n, size - n, "[%zu]", at->index);
}

void cw_pj_fail(cw_pj_reader *r, const char *key, const char *what, const char *subject)
{
    char place[160] = "document", field[64] = "", about[96] = "";
    if (r->status < 0) return;
    if (r->at) name_place(r->at, place, sizeof place);
    if (key) snprintf(field, sizeof field, "'%s' ", key);
    if (subject) snprintf(about, sizeof about, ": '%.80s'", subject);
    r->status = cw_err_set(r->err, CW_EFORMAT, "%s: %s: %s%s%s; was the file written by clonewatch?", r->path, place, field, what, about);
}

void cw_pj_nomem(cw_pj_reader *r)
{
    if (r->status >= 0) r->status = cw_err_nomem(r->err);
}

/* --- one value --- */

const char *cw_pj_keep(cw_pj_reader *r, const char *s)
{
    if (!*s) return "";
    const char *copy = cw_arena_strdup(r->p->arena, s);
    if (copy) return copy;
    cw_pj_nomem(r);
    return "";
}

PUT(text) { cw_json_set_string(&w->j, o, f->key, VALUE(char *const)); }
READ(text) { SLOT(const char *) = cw_pj_keep(r, cw_json_get_string(o, f->key)); }
KIND(text);

PUT(real) { cw_json_set_real(&w->j, o, f->key, VALUE(double)); }
READ(real) { (void)r, SLOT(double) = cw_json_get_real(o, f->key); }
KIND(real);

PUT(count) { cw_json_set_count(&w->j, o, f->key, VALUE(int64_t)); }
READ(count) { (void)r, SLOT(int64_t) = cw_json_get_int(o, f->key, -1); }
KIND(count);

PUT(integer) { cw_json_set_int(&w->j, o, f->key, VALUE(int64_t)); }
READ(integer) { (void)r, SLOT(int64_t) = cw_json_get_int(o, f->key, 0); }
KIND(integer);

PUT(from_one) { cw_json_set_count(&w->j, o, f->key, VALUE(int) > 0 ? VALUE(int) : -1); }
READ(from_one) { (void)r, SLOT(int) = (int)cw_json_get_int(o, f->key, 0); }
KIND(from_one);

PUT(yes_no) { cw_json_set(&w->j, o, f->key, VALUE(int) < 0 ? json_null() : json_boolean(VALUE(int) > 0)); }
READ(yes_no)
{
    const json_t *v = json_object_get(o, f->key);
    (void)r, SLOT(int) = json_is_boolean(v) ? json_is_true(v) : -1;
}
KIND(yes_no);

PUT(bool) { cw_json_set_bool(&w->j, o, f->key, VALUE(bool)); }
READ(bool) { (void)r, SLOT(bool) = cw_json_get_bool(o, f->key, false); }
KIND(bool);

READ(bool_true) { (void)r, SLOT(bool) = cw_json_get_bool(o, f->key, true); }
const cw_pj_kind cw_pj_bool_true = {put_bool, read_bool_true};

PUT(flag)
{
    if (VALUE(bool)) put_bool(w, o, f, record);
}
const cw_pj_kind cw_pj_flag = {put_flag, read_bool};

PUT(day)
{
    const cw_day *d = &VALUE(cw_day);
    char text[16];
    if (!d->known || !d->is_date) cw_json_set(&w->j, o, f->key, d->known ? json_integer((json_int_t)d->day) : json_null());
    else cw_format_date(d->day, text), cw_json_set_string(&w->j, o, f->key, text);
}
READ(day)
{
    const json_t *v = json_object_get(o, f->key);
    cw_day d = {.known = json_is_integer(v) || json_is_string(v), .is_date = json_is_string(v), .day = json_integer_value(v)};
    if (d.is_date && !cw_parse_date(json_string_value(v), &d.day)) cw_pj_fail(r, f->key, "is not a date", json_string_value(v));
    SLOT(cw_day) = d;
}
KIND(day);

/* The draw that raised or made it, by its id. */
PUT(draw) { cw_json_set_string(&w->j, o, f->key, VALUE(size_t) < w->p->n_draws ? w->p->draws[VALUE(size_t)].id : ""); }
READ(draw)
{
    const char *id = cw_json_get_string(o, f->key);
    size_t i = 0;
    while (i < r->p->n_draws && strcmp(r->p->draws[i].id, id) != 0) i++;
    if (i == r->p->n_draws) cw_pj_fail(r, f->key, "names a draw that is not in 'draws'", id);
    SLOT(size_t) = i;
}
KIND(draw);

PUT(constant) { (void)record, cw_json_set_string(&w->j, o, f->key, f->word); }
const cw_pj_kind cw_pj_constant = {put_constant, NULL};

PUT(numbered)
{
    char id[64];
    snprintf(id, sizeof id, "%s-%zu", f->word, w->index + 1);
    (void)record, cw_json_set_string(&w->j, o, f->key, id);
}
const cw_pj_kind cw_pj_numbered = {put_numbered, NULL};

/* --- words of the enumerations --- */

static const char *build_name(cw_build b) { return b == CW_BUILD_UNKNOWN ? "" : cw_build_name(b); }
static bool build_parse(const char *s, cw_build *b) { return *b = cw_build_parse(s), true; } /* another build is none that we know */
static bool type_parse(const char *s, cw_allele_type *t) { return *t = cw_allele_type_parse(s), true; }

#define WORDS(kind, type, name, parse) \
    PUT(kind) { cw_json_set_string(&w->j, o, f->key, name(VALUE(type))); } \
    READ(kind) \
    { \
        const char *word = cw_json_get_string(o, f->key); \
        if (*word && !parse(word, &SLOT(type))) cw_pj_fail(r, f->key, "is not a known word", word); \
    } \
    KIND(kind)

WORDS(state, cw_call_state, cw_call_state_name, cw_call_state_parse);
WORDS(baseline, cw_baseline, cw_baseline_name, cw_baseline_parse);
WORDS(status, cw_status_word, cw_status_name, cw_status_parse);
WORDS(origin, cw_origin, cw_origin_name, cw_origin_parse);
WORDS(verdict, cw_verdict, cw_verdict_name, cw_verdict_parse);
WORDS(role, cw_role, cw_role_name, cw_role_parse);
WORDS(type, cw_allele_type, cw_allele_type_name, type_parse);
WORDS(build, cw_build, build_name, build_parse);

/* --- several values --- */

double cw_pj_at(const json_t *a, size_t i, double absent)
{
    const json_t *v = json_array_get(a, i);
    return json_is_number(v) ? json_number_value(v) : absent;
}

static void put_numbers(cw_pj_writer *w, json_t *o, const char *key, const double *v, size_t n)
{
    json_t *a = cw_json_array(&w->j);
    for (size_t i = 0; i < n; i++) cw_json_append(&w->j, a, cw_json_real(&w->j, v[i]));
    cw_json_set(&w->j, o, key, a);
}

/* The list under the field's key as zeroed items; absent or null is an empty list. */
static void *read_items(cw_pj_reader *r, const json_t *o, const cw_pj_field *f, size_t size, size_t *n, const json_t **array)
{
    *array = json_object_get(o, f->key);
    if (*array && !json_is_null(*array) && !json_is_array(*array)) cw_pj_fail(r, f->key, "is not a list", NULL);
    *n = json_array_size(*array);
    void *items = cw_arena_alloc(r->p->arena, *n, size);
    if (!items) cw_pj_nomem(r), *n = 0;
    return items;
}

/* [lo, est, hi]; an infinite end is null inside the array; nothing estimable is null as a whole. */
PUT(interval)
{
    const cw_interval *v = &VALUE(cw_interval);
    if (isnan(v->lo) && isnan(v->est) && isnan(v->hi)) cw_json_set(&w->j, o, f->key, json_null());
    else put_numbers(w, o, f->key, (const double[]){v->lo, v->est, v->hi}, 3);
}
READ(interval)
{
    const json_t *a = json_object_get(o, f->key);
    double beyond = json_is_array(a) ? INFINITY : NAN;
    (void)r, SLOT(cw_interval) = (cw_interval){cw_pj_at(a, 0, NAN), cw_pj_at(a, 1, beyond), cw_pj_at(a, 2, beyond)};
}
KIND(interval);

PUT(pair)
{
    const double end[] = {VALUE(double), *(const double *)in(record, f->also)};
    if (isnan(end[0]) && isnan(end[1])) cw_json_set(&w->j, o, f->key, json_null());
    else put_numbers(w, o, f->key, end, 2);
}
READ(pair)
{
    const json_t *a = json_object_get(o, f->key);
    (void)r, SLOT(double) = cw_pj_at(a, 0, NAN);
    *(double *)into(record, f->also) = cw_pj_at(a, 1, NAN);
}
KIND(pair);

PUT(reals) { put_numbers(w, o, f->key, VALUE(double *const), *(const size_t *)in(record, f->also)); }
READ(reals)
{
    const json_t *a;
    size_t *n = into(record, f->also);
    double *v = SLOT(double *) = read_items(r, o, f, sizeof *v, n, &a);
    for (size_t i = 0; i < *n; i++) v[i] = cw_pj_at(a, i, NAN);
}
KIND(reals);

PUT(strings)
{
    const cw_strings *s = &VALUE(cw_strings);
    json_t *a = cw_json_array(&w->j);
    for (size_t i = 0; i < s->n; i++) cw_json_append(&w->j, a, cw_json_string(&w->j, s->v[i]));
    cw_json_set(&w->j, o, f->key, a);
}
READ(strings)
{
    const json_t *a;
    cw_strings *s = &SLOT(cw_strings);
    s->v = read_items(r, o, f, sizeof *s->v, &s->n, &a);
    for (size_t i = 0; i < s->n; i++) {
        const char *v = json_string_value(json_array_get(a, i));
        s->v[i] = cw_pj_keep(r, v ? v : "");
    }
}
KIND(strings);

/* --- records --- */

void cw_pj_put_record(cw_pj_writer *w, json_t *o, const cw_pj_shape *shape, const void *record)
{
    for (size_t i = 0; i < shape->n; i++) shape->field[i].kind->put(w, o, &shape->field[i], record);
}

void cw_pj_read_record(cw_pj_reader *r, const json_t *o, const cw_pj_shape *shape, void *record)
{
    for (size_t i = 0; i < shape->n && r->status >= 0; i++)
        if (shape->field[i].kind->read) shape->field[i].kind->read(r, o, &shape->field[i], record);
    if (shape->check && r->status >= 0) shape->check(r, record);
}

PUT(object)
{
    const void *inner = in(record, f->at);
    json_t *v = f->shape->applies && !f->shape->applies(inner) ? json_null() : cw_json_object(&w->j);
    if (json_is_object(v)) cw_pj_put_record(w, v, f->shape, inner);
    cw_json_set(&w->j, o, f->key, v);
}
READ(object)
{
    const cw_pj_place here = {f->key, SIZE_MAX, r->at};
    r->at = &here;
    cw_pj_read_record(r, json_object_get(o, f->key), f->shape, into(record, f->at));
    r->at = here.in;
}
KIND(object);

PUT(list)
{
    const char *items;
    size_t n = *(const size_t *)in(record, f->also), outer = w->index;
    memcpy(&items, in(record, f->at), sizeof items);
    json_t *a = cw_json_array(&w->j);
    for (w->index = 0; w->index < n; w->index++) {
        json_t *v = cw_json_object(&w->j);
        cw_pj_put_record(w, v, f->shape, items + w->index * f->shape->size);
        cw_json_append(&w->j, a, v);
    }
    w->index = outer;
    cw_json_set(&w->j, o, f->key, a);
}
READ(list)
{
    const json_t *a;
    size_t *n = into(record, f->also);
    char *items = read_items(r, o, f, f->shape->size, n, &a);
    memcpy(into(record, f->at), &items, sizeof items);
    cw_pj_place here = {f->key, 0, r->at};
    r->at = &here;
    for (; here.index < *n && r->status >= 0; here.index++) {
        const json_t *v = json_array_get(a, here.index);
        if (json_is_object(v)) cw_pj_read_record(r, v, f->shape, items + here.index * f->shape->size);
        else cw_pj_fail(r, NULL, "is not an object", NULL);
    }
    r->at = here.in;
}
KIND(list);
