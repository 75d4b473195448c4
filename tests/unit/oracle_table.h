/* oracle_table.h - reading a table of tests/oracle from a test, and what "the same number" means there. */
#ifndef CW_TESTS_ORACLE_TABLE_H
#define CW_TESTS_ORACLE_TABLE_H

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include "base/table.h"

/* The whole table; the test ends here when it cannot be read or has fewer rows than it should. */
static inline void oracle_open(cw_table *t, const char *path, size_t least_rows)
{
    cw_err err = {0};
    *t = (cw_table){0};
    cr_assert_eq(cw_table_read(t, path, &err), 0, "%s", err.text);
    cr_assert_geq(t->n_rows, least_rows);
}

static inline const char *oracle_cell(const cw_table *t, size_t r, const char *column)
{
    int c = cw_table_column(t, column);
    cr_assert_geq(c, 0, "%s has no column '%s'", t->path, column);
    return cw_table_cell(t, r, c);
}

static inline double oracle_real(const cw_table *t, size_t r, const char *column) { return strtod(oracle_cell(t, r, column), NULL); }

/* Numbers between ',' (or any other one character); returns how many. */
static inline size_t oracle_list(const char *text, double *x, size_t most)
{
    size_t n = 0;
    for (char *end; *text; text = *end ? end + 1 : end) {
        cr_assert_lt(n, most);
        x[n++] = strtod(text, &end);
        cr_assert_neq((const char *)end, text, "'%s' is not a number", text);
    }
    return n;
}

static inline size_t oracle_counts(const char *text, int64_t *x, size_t most)
{
    size_t n = 0;
    for (char *end; *text; text = *end ? end + 1 : end) {
        cr_assert_lt(n, most);
        x[n++] = strtoll(text, &end, 10);
        cr_assert_neq((const char *)end, text, "'%s' is not a count", text);
    }
    return n;
}

/* Equal to `relative` of the oracle's value, or, near zero, to `absolute`; NAN and infinities only equal themselves. */
static inline bool oracle_same(double got, double want, double relative, double absolute)
{
    if (isnan(want) || isnan(got)) return isnan(want) && isnan(got);
    if (isinf(want) || isinf(got)) return want == got;
    return fabs(got - want) <= fmax(relative * fabs(want), absolute);
}
#endif
