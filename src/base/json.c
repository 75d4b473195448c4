/* SPDX-License-Identifier: MIT */
/* json.c - the one door to jansson. */
#include "base/json.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/out.h"
#include "base/parse.h"

/* jansson's reader drops characters in silence when memory runs out while it collects a word, and its number parser empties errno.
 * So its allocations go through here, and the door asks afterwards. */
static _Thread_local bool starved;
static pthread_once_t watched_once = PTHREAD_ONCE_INIT;

static void *watched_malloc(size_t n)
{
    void *p = malloc(n);
    if (!p && n) starved = true;
    return p;
}

static void set_allocator(void) { json_set_alloc_funcs(watched_malloc, free); }

void cw_json_watch(void)
{
    pthread_once(&watched_once, set_allocator);
    starved = false;
}

bool cw_json_starved(void) { return starved; }

json_t *cw_json_object(cw_json *j)
{
    json_t *o = json_object();
    if (!o) j->failed = true;
    return o;
}

json_t *cw_json_array(cw_json *j)
{
    json_t *a = json_array();
    if (!a) j->failed = true;
    return a;
}

void cw_json_set(cw_json *j, json_t *object, const char *key, json_t *stolen)
{
    if (!object || !stolen || json_object_set_new(object, key, stolen) != 0) j->failed = true;
}

void cw_json_append(cw_json *j, json_t *array, json_t *stolen)
{
    if (!array || !stolen || json_array_append_new(array, stolen) != 0) j->failed = true;
}

json_t *cw_json_string(cw_json *j, const char *value)
{
    if (!value || !*value) return json_null();
    json_t *s = NULL;
    size_t n = strlen(value);
    if (cw_is_utf8(value, n)) {
        s = json_stringn(value, n);
    } else { /* bytes that are no text: keep the ASCII, mark the rest */
        char *tame = strdup(value);
        if (tame) {
            for (char *c = tame; *c; c++)
                if ((unsigned char)*c >= 0x80) *c = '?';
            s = json_string(tame);
        }
        free(tame);
    }
    if (!s) j->failed = true;
    return s;
}

json_t *cw_json_real(cw_json *j, double value)
{
    json_t *r = isfinite(value) ? json_real(value) : json_null();
    if (!r) j->failed = true;
    return r;
}

void cw_json_set_string(cw_json *j, json_t *o, const char *key, const char *value) { cw_json_set(j, o, key, cw_json_string(j, value)); }
void cw_json_set_real(cw_json *j, json_t *o, const char *key, double value) { cw_json_set(j, o, key, cw_json_real(j, value)); }
void cw_json_set_int(cw_json *j, json_t *o, const char *key, int64_t value) { cw_json_set(j, o, key, json_integer(value)); }
void cw_json_set_count(cw_json *j, json_t *o, const char *key, int64_t value) { cw_json_set(j, o, key, value < 0 ? json_null() : json_integer(value)); }
void cw_json_set_bool(cw_json *j, json_t *o, const char *key, bool value) { cw_json_set(j, o, key, json_boolean(value)); }

int cw_json_failed(const cw_json *j, cw_err *err) { return j->failed ? cw_err_nomem(err) : 0; }

int cw_json_dump(const json_t *value, int indent, char **text, size_t *n, cw_err *err)
{
    cw_json_watch();
    *text = json_dumps(value, JSON_INDENT((size_t)indent) | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY | (indent ? 0 : JSON_COMPACT));
    if (*text && cw_json_starved()) {
        free(*text);
        *text = NULL;
    }
    if (!*text) return cw_err_nomem(err);
    *n = strlen(*text);
    char *more = realloc(*text, *n + 2);
    if (!more) {
        free(*text);
        *text = NULL;
        return cw_err_nomem(err);
    }
    *text = more;
    memcpy(more + (*n)++, "\n", 2);
    return 0;
}

int cw_json_write(const json_t *value, int indent, const char *path, cw_err *err)
{
    char *text = NULL;
    size_t n = 0;
    int status = cw_json_dump(value, indent, &text, &n, err);
    if (status < 0) return status;
    status = cw_out_write(path, text, n, err);
    free(text);
    return status;
}

/* jansson recurses: an input nested a hundred thousand deep must not reach it. */
static bool too_deep(const char *s, size_t n)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        if (in_string) {
            if (c == '\\') i++;
            else if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > 64) return true;
        } else if (c == ']' || c == '}') {
            depth--;
        }
    }
    return false;
}

int cw_json_read(const char *path, json_t **value, cw_err *err)
{
    char *text;
    size_t n;
    json_error_t e;
    *value = NULL;
    int status = cw_read_file(path, (size_t)1 << 30, &text, &n, NULL, err);
    if (status < 0) return status;
    cw_json_watch();
    if (too_deep(text, n)) status = cw_err_set(err, CW_EFORMAT, "'%s' is nested more than 64 deep", path);
    else if (!(*value = json_loadb(text, n, JSON_REJECT_DUPLICATES, &e)))
        status = cw_json_starved() ? cw_err_nomem(err) : cw_err_set(err, CW_EFORMAT, "%s:%d:%d: %s", path, e.line, e.column, e.text);
    if (status == 0 && cw_json_starved()) {
        status = cw_err_nomem(err);
        json_decref(*value);
        *value = NULL;
    }
    free(text);
    return status;
}

const char *cw_json_get_string(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

double cw_json_get_real(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_number(v) ? json_number_value(v) : NAN;
}

int64_t cw_json_get_int(const json_t *o, const char *key, int64_t absent)
{
    const json_t *v = json_object_get(o, key);
    return json_is_integer(v) ? json_integer_value(v) : absent;
}

bool cw_json_get_bool(const json_t *o, const char *key, bool absent)
{
    const json_t *v = json_object_get(o, key);
    return json_is_boolean(v) ? json_is_true(v) : absent;
}
