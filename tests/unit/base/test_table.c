#include <criterion/criterion.h>
#include <string.h>
#include "base/table.h"

static int parse(cw_table *t, const char *text, cw_err *err) { return cw_table_parse(t, text, strlen(text), "t.csv", err); }

Test(table, csv_with_bom_crlf_quotes_and_newline_in_a_cell)
{
    cw_table t = {0};
    cw_err err = {0};
    cr_assert_eq(parse(&t, "\xef\xbb\xbf" "a,b\r\n\"x \"\"y\"\"\nz\", 2 \r\n\r\n3\r\n", &err), 0, "%s", err.text);
    cr_assert_eq(t.n_rows, 2);
    cr_assert_str_eq(cw_table_cell(&t, 0, 0), "x \"y\"\nz");
    cr_assert_str_eq(cw_table_cell(&t, 0, 1), "2");
    cr_assert_eq(t.line[0], 2);
    cr_assert_eq(t.line[1], 5);
    cr_assert_str_eq(cw_table_cell(&t, 1, 1), "");
    cw_table_release(&t);
}

Test(table, tsv_semicolon_comments_and_old_line_ends)
{
    cw_table t = {0};
    cw_err err = {0};
    cr_assert_eq(parse(&t, "# one\na\tb\n1\t\"2\n", &err), 0);
    cr_assert_str_eq(t.comment[0], "one");
    cr_assert_str_eq(cw_table_cell(&t, 0, 1), "\"2");
    cw_table_release(&t);
    cr_assert_eq(parse(&t, "a;b\r1;2\r", &err), 0);
    cr_assert_eq(t.n_rows, 1);
    cr_assert_str_eq(cw_table_cell(&t, 0, 1), "2");
    cw_table_release(&t);
}

Test(table, refusals_name_the_line)
{
    struct { const char *text, *message; } bad[] = {
        {"a,b\n1,2,3\n", "t.csv:2: 3 cells, but the header names 2 columns"},
        {"a,a\n", "t.csv:1: column 'a' stands twice in the header"},
        {"a,b\n\"1,2\n", "t.csv:2: a quoted cell is not closed"},
        {"a,b\n1,\xff\n", "t.csv:2: not UTF-8 text (or a NUL byte); save it as UTF-8"},
        {"", "'t.csv' has no header line"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cw_table t = {0};
        cw_err err = {0};
        cr_assert_lt(parse(&t, bad[i].text, &err), 0);
        cr_assert_str_eq(err.text, bad[i].message);
        cw_table_release(&t);
    }
}

Test(table, formulas_are_disarmed)
{
    cw_arena *a = cw_arena_new();
    cr_assert_str_eq(cw_tsv_protect(a, "=1+1"), "'=1+1");
    cr_assert_str_eq(cw_tsv_protect(a, "-2.5"), "-2.5");
    cr_assert_str_eq(cw_tsv_protect(a, "-"), "-");
    cr_assert_str_eq(cw_tsv_protect(a, "a\tb\n"), "a b ");
    cw_arena_free(a);
}
