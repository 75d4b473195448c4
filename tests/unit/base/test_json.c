#include <criterion/criterion.h>
#include <math.h>
#include <string.h>
#include "base/json.h"
#include "base/out.h"

Test(json, not_a_number_bad_utf8_and_empty_become_null_or_marked)
{
    cw_json j = {0};
    cw_err err = {0};
    json_t *o = cw_json_object(&j);
    cw_json_set_real(&j, o, "nan", NAN);
    cw_json_set_real(&j, o, "inf", INFINITY);
    cw_json_set_string(&j, o, "empty", "");
    cw_json_set_string(&j, o, "bytes", "a\xff");
    cw_json_set_count(&j, o, "unknown", -1);
    cw_json_set_real(&j, o, "tenth", 0.1);
    cr_assert_eq(cw_json_failed(&j, &err), 0);
    char *text;
    size_t n;
    cr_assert_eq(cw_json_dump(o, 0, &text, &n, &err), 0);
    cr_assert_str_eq(text, "{\"nan\":null,\"inf\":null,\"empty\":null,\"bytes\":\"a?\",\"unknown\":null,\"tenth\":0.10000000000000001}\n");
    cr_assert_eq(n, strlen(text));
    cr_assert_eq(json_object_size(o), 6);
    free(text);
    json_decref(o);
}

Test(json, a_failed_insertion_is_not_silent)
{
    cw_json j = {0};
    cw_err err = {0};
    cw_json_set(&j, NULL, "x", json_null());
    cr_assert_eq(cw_json_failed(&j, &err), CW_ENOMEM);
}

Test(json, reading_refuses_depth_duplicates_and_names_the_place)
{
    char path[] = "/tmp/cw-json-XXXXXX";
    cr_assert(mkstemp(path) >= 0);
    cw_err err = {0};
    json_t *v;
    char deep[200];
    memset(deep, '[', sizeof deep);
    cr_assert_eq(cw_out_write(path, deep, sizeof deep, &err), 0);
    cr_assert_eq(cw_json_read(path, &v, &err), CW_EFORMAT);
    cr_assert(strstr(err.text, "nested more than 64 deep") != NULL);
    cw_err_clear(&err);
    cr_assert_eq(cw_out_write(path, "{\"a\":1,\n\"a\":2}", 14, &err), 0);
    cr_assert_eq(cw_json_read(path, &v, &err), CW_EFORMAT);
    cr_assert(strstr(err.text, ":2:") != NULL, "%s", err.text);
    remove(path);
}
