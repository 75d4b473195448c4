/* SPDX-License-Identifier: MIT */
/* json.h - the one door to jansson. Guards what jansson drops in silence: NaN and infinity become null, invalid UTF-8 is
 * replaced, a failed insertion is an error that sticks.
 *
 *     cw_json j = {0};
 *     json_t *o = cw_json_object(&j);
 *     cw_json_set_string(&j, o, "id", p->id);        // "" becomes null
 *     cw_json_set_real(&j, o, "vaf", NAN);            // null
 *     if (cw_json_failed(&j, err) < 0) ...            // once, at the end */
#ifndef CW_BASE_JSON_H
#define CW_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <clonewatch/error.h>

typedef struct cw_json { bool failed; } cw_json;

json_t *cw_json_object(cw_json *j);
json_t *cw_json_array(cw_json *j);
void cw_json_set(cw_json *j, json_t *object, const char *key, json_t *stolen);
void cw_json_set_string(cw_json *j, json_t *object, const char *key, const char *value); /* NULL or "" -> null */
void cw_json_set_real(cw_json *j, json_t *object, const char *key, double value);        /* not finite -> null */
void cw_json_set_int(cw_json *j, json_t *object, const char *key, int64_t value);
void cw_json_set_count(cw_json *j, json_t *object, const char *key, int64_t value);      /* < 0 -> null */
void cw_json_set_bool(cw_json *j, json_t *object, const char *key, bool value);
void cw_json_append(cw_json *j, json_t *array, json_t *stolen);
json_t *cw_json_string(cw_json *j, const char *value);
json_t *cw_json_real(cw_json *j, double value);
CW_MUST_CHECK int cw_json_failed(const cw_json *j, cw_err *err);

/* Whole document as text, keys in the order of insertion, reals at full precision ("%.17g" shortened to what reads back),
 * newline at the end; caller frees. indent 0: one line. */
CW_MUST_CHECK int cw_json_dump(const json_t *value, int indent, char **text, size_t *n, cw_err *err);
CW_MUST_CHECK int cw_json_write(const json_t *value, int indent, const char *path, cw_err *err); /* atomic */
/* Depth at most 64, size at most 1 GiB, duplicate keys refused; message has file:line:column. Caller json_decref()s. */
CW_MUST_CHECK int cw_json_read(const char *path, json_t **value, cw_err *err);

/* For callers of jansson's own reader or writer: watch before, ask after. jansson itself can lose characters without saying so. */
void cw_json_watch(void);
bool cw_json_starved(void);

/* Getters for parsed documents: absent and null give the neutral value ("" / NAN / -1). */
const char *cw_json_get_string(const json_t *object, const char *key);
double cw_json_get_real(const json_t *object, const char *key);
int64_t cw_json_get_int(const json_t *object, const char *key, int64_t absent);
bool cw_json_get_bool(const json_t *object, const char *key, bool absent);
#endif
