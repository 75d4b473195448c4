/* SPDX-License-Identifier: MIT */
/* patient_json.c - cw_patient <-> patient.json. Key order is the order of formats: what a reader looks for first stands first. The file may
 * come from anywhere: every list must be a list, every word a known one, every draw named must exist. */
#include "io/patient_json_parts.h"

#include <math.h>
#include <string.h>
#include "base/parse.h"

/* --- writing --- */

json_t *cw_pj_put_day(cw_json *j, const cw_day *d)
{
    if (!d->known) return json_null();
    if (!d->is_date) return json_integer((json_int_t)d->day);
    char text[16];
    cw_format_date(d->day, text);
    return cw_json_string(j, text);
}

json_t *cw_pj_put_strings(cw_json *j, const cw_strings *s)
{
    json_t *a = cw_json_array(j);
    for (size_t i = 0; i < s->n; i++) cw_json_append(j, a, cw_json_string(j, s->v[i]));
    return a;
}

/* [lo, est, hi]; an infinite end is null inside the array; nothing estimable is null as a whole. */
json_t *cw_pj_put_interval(cw_json *j, const cw_interval *v)
{
    if (isnan(v->lo) && isnan(v->est) && isnan(v->hi)) return json_null();
    json_t *a = cw_json_array(j);
    cw_json_append(j, a, cw_json_real(j, v->lo));
    cw_json_append(j, a, cw_json_real(j, v->est));
    cw_json_append(j, a, cw_json_real(j, v->hi));
    return a;
}

json_t *cw_pj_put_pair(cw_json *j, double lo, double hi)
{
    if (isnan(lo) && isnan(hi)) return json_null();
    json_t *a = cw_json_array(j);
    cw_json_append(j, a, cw_json_real(j, lo));
    cw_json_append(j, a, cw_json_real(j, hi));
    return a;
}

const char *cw_pj_draw_id(const cw_patient *p, size_t draw) { return draw < p->n_draws ? p->draws[draw].id : ""; }

int cw_patient_to_json(const cw_patient *p, json_t **value, cw_err *err)
{
    cw_json j = {0};
    json_t *o = cw_json_object(&j);
    *value = NULL;
    cw_pj_put_given(&j, o, p);
    cw_pj_put_alterations(&j, o, p);
    cw_pj_put_conclusions(&j, o, p);
    if (cw_json_failed(&j, err) < 0) {
        json_decref(o);
        return CW_ENOMEM;
    }
    *value = o;
    return 0;
}

/* --- reading --- */

void cw_pj_fail(cw_pj_reader *r, const char *what, const char *subject)
{
    if (r->status >= 0)
        r->status = cw_err_set(r->err, CW_EFORMAT, "%s: %s[%zu]: %s '%.80s'; was the file written by clonewatch?", r->path, r->list, r->index, what, subject);
}

void cw_pj_nomem(cw_pj_reader *r)
{
    if (r->status >= 0) r->status = cw_err_nomem(r->err);
}

const char *cw_pj_keep(cw_pj_reader *r, const char *s)
{
    if (!*s) return "";
    const char *copy = cw_arena_strdup(r->arena, s);
    if (copy) return copy;
    cw_pj_nomem(r);
    return "";
}

const char *cw_pj_text(cw_pj_reader *r, const json_t *o, const char *key) { return cw_pj_keep(r, cw_json_get_string(o, key)); }

/* The list under key as zeroed records; absent or null is an empty list. */
void *cw_pj_list(cw_pj_reader *r, const json_t *o, const char *key, size_t size, size_t *n, const json_t **array)
{
    *n = 0;
    *array = json_object_get(o, key);
    if (*array && !json_is_null(*array) && !json_is_array(*array)) {
        r->list = key;
        r->index = 0;
        cw_pj_fail(r, "is not a list:", key);
    }
    size_t count = json_array_size(*array);
    void *items = cw_arena_alloc(r->arena, count, size);
    if (!items) {
        cw_pj_nomem(r);
        return NULL;
    }
    *n = count;
    return items;
}

cw_strings cw_pj_strings(cw_pj_reader *r, const json_t *o, const char *key)
{
    const json_t *a;
    cw_strings s = {0};
    s.v = cw_pj_list(r, o, key, sizeof *s.v, &s.n, &a);
    if (!s.v) s.n = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *v = json_string_value(json_array_get(a, i));
        s.v[i] = cw_pj_keep(r, v ? v : "");
    }
    return s;
}

cw_day cw_pj_day(cw_pj_reader *r, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    cw_day d = {0};
    if (json_is_integer(v)) {
        d = (cw_day){.known = true, .day = json_integer_value(v)};
    } else if (json_is_string(v)) {
        d.known = d.is_date = true;
        if (!cw_parse_date(json_string_value(v), &d.day)) cw_pj_fail(r, "not a date:", json_string_value(v));
    }
    return d;
}

double cw_pj_at(const json_t *a, size_t i, double absent)
{
    const json_t *v = json_array_get(a, i);
    return json_is_number(v) ? json_number_value(v) : absent;
}

cw_interval cw_pj_interval(const json_t *o, const char *key)
{
    const json_t *a = json_object_get(o, key);
    if (!json_is_array(a)) return (cw_interval){NAN, NAN, NAN};
    return (cw_interval){cw_pj_at(a, 0, NAN), cw_pj_at(a, 1, INFINITY), cw_pj_at(a, 2, INFINITY)};
}

size_t cw_pj_draw_index(cw_pj_reader *r, const json_t *o, const char *key)
{
    const char *id = cw_json_get_string(o, key);
    for (size_t i = 0; i < r->p->n_draws; i++)
        if (!strcmp(r->p->draws[i].id, id)) return i;
    cw_pj_fail(r, "names a draw that is not in 'draws':", id);
    return 0;
}

int cw_patient_from_json(cw_patient *patient, const json_t *root, const char *path, cw_err *err)
{
    cw_patient_release(patient);
    cw_pj_reader r = {.p = patient, .path = path, .err = err, .list = "document"};
    if (!json_is_object(root) || !json_is_object(json_object_get(root, "patient")))
        return cw_err_set(err, CW_EFORMAT, "%s: not a patient.json: it has no object 'patient'", path);
    r.arena = patient->arena = cw_arena_new();
    if (!r.arena) return cw_err_nomem(err);
    cw_pj_read_given(&r, root);
    cw_pj_read_alterations(&r, root);
    cw_pj_read_conclusions(&r, root);
    if (r.status < 0) cw_patient_release(patient);
    return r.status;
}

int cw_patient_read(cw_patient *patient, const char *path, cw_err *err)
{
    json_t *root = NULL;
    int status = cw_json_read(path, &root, err);
    if (status < 0) return status;
    status = cw_patient_from_json(patient, root, path, err);
    json_decref(root);
    return status;
}
