/* Tab-separated cells: order by column, NA, guards against formulas. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>
#include <jansson.h>
#include "report/report.h"
#include "report/rows.h"

static const char *const columns[] = {"a", "b", "c"};

static const char *row(cw_rows *rows, void (*fill)(cw_rows *))
{
    cw_err err = {0};
    cr_assert_eq(cw_rows_open(rows, columns, 3, "NA", &err), 0);
    fill(rows);
    cw_rows_end(rows);
    cr_assert_eq(cw_rows_failed(rows, &err), 0);
    return cw_text_string(&rows->out);
}

static void fill_out_of_order(cw_rows *r)
{
    cw_rows_real(r, 2, 0.1);
    cw_rows_int(r, 0, -7);
}

Test(rows, order_is_the_columns_and_what_is_not_set_is_na)
{
    cw_rows r = {0};
    cr_assert_str_eq(row(&r, fill_out_of_order), "-7\tNA\t0.1\n");
    cw_rows_close(&r);
}

static void fill_hostile(cw_rows *r)
{
    cw_rows_string(r, 0, "\t=1+1");
    cw_rows_add(r, 1, "x");
    cw_rows_add(r, 1, "@SUM(A1)");
    cw_rows_add(r, 1, "");
    cw_rows_string(r, 2, "a\tb\nc\rd\xe2\x80\xae");
}

Test(rows, formulas_are_guarded_also_behind_a_blank_and_in_lists)
{
    cw_rows r = {0};
    cr_assert_str_eq(row(&r, fill_hostile), "'=1+1\tx;'@SUM(A1)\ta b c d[U+202E]\n");
    cw_rows_close(&r);
}

static void fill_values(cw_rows *r)
{
    json_t *null = json_null(), *real = json_real(-0.25), *word = json_string("-0.25");
    cw_rows_value(r, 0, null);
    cw_rows_value(r, 1, real);
    cw_rows_value(r, 2, word);
    json_decref(real);
    json_decref(word);
}

Test(rows, null_does_not_apply_and_numbers_are_no_formulas)
{
    cw_rows r = {0};
    cr_assert_str_eq(row(&r, fill_values), "NA\t-0.25\t-0.25\n");
    cw_rows_close(&r);
}

static void fill_nothing_finite(cw_rows *r)
{
    cw_rows_real(r, 0, NAN);
    cw_rows_real(r, 1, INFINITY);
    cw_rows_value(r, 2, json_true());
}

Test(rows, what_is_not_finite_does_not_apply)
{
    cw_rows r = {0};
    cr_assert_str_eq(row(&r, fill_nothing_finite), "NA\tNA\tyes\n");
    cw_rows_close(&r);
}

static const char *top_advice(const char *advice)
{
    static char line[2000];
    char *text = NULL, json[1500];
    size_t n = 0;
    cw_err err = {0};
    snprintf(json, sizeof json, "{\"patient\": {\"id\": \"P\"}, \"draws\": [{\"id\": \"d\", \"date\": \"2024-01-01\"}], \"advice\": [%s]}", advice);
    json_t *patient = json_loads(json, 0, NULL);
    cr_assert_not_null(patient);
    cr_assert_eq(cw_report_cohort_line(patient, "ok", "", &text, &n, &err), 0, "%s", err.text);
    snprintf(line, sizeof line, "%s", text);
    line[strcspn(line, "\n")] = '\0';
    char *cell = line;
    free(text);
    json_decref(patient);
    for (int column = 0; column < 15; column++) cell = strchr(cell, '\t') + 1; /* top_advice */
    cell[strcspn(cell, "\t")] = '\0';
    return cell;
}

#define ADVICE(agent, contradicted, review) "{\"id\": \"x\", \"agent\": \"" agent "\", \"verdict\": \"points_to\", \"contradicted\": " contradicted ", \"review\": \"" review "\"}"

/* One cell has no room for conditions: what is spoken against, or what nobody reviewed, does not stand in it */
Test(rows, top_advice_of_the_cohort)
{
    cr_assert_str_eq(top_advice(ADVICE("aaa", "true", "reviewed") "," ADVICE("bbb", "false", "partly")), "bbb");
    cr_assert_str_eq(top_advice(ADVICE("aaa", "true", "reviewed") "," ADVICE("ccc", "false", "unreviewed")), "NA");
}
