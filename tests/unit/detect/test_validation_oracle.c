/* The figures of validate against tests/oracle/validation.tsv (numpy, scipy); those of the probit fit stand in probit.tsv. */
#include <string.h>
#include "../oracle_table.h"
#include "detect/validation.h"
#include "stats/init.h"

enum { MOST = 2048, TEXT = 1 << 20 };

/* Cells between `mark`, in place; returns how many. Unlike strtok, an empty cell counts. */
static size_t split(char *text, char mark, char **cell, size_t most)
{
    size_t n = 0;
    for (char *p = text; p && n < most; n++) {
        cell[n] = p;
        p = strchr(p, mark);
        if (p) *p++ = '\0';
    }
    return n;
}

static const cw_validation_row *find(const cw_validation *v, const char *measure, double lo, double hi, double input)
{
    for (size_t i = 0; i < v->n; i++) {
        const cw_validation_row *r = &v->row[i];
        if (!strcmp(r->measure, measure) && oracle_same(r->vaf_lo, lo, 1e-9, 0) && oracle_same(r->vaf_hi, hi, 1e-9, 0) && oracle_same(r->input_ng, input, 1e-9, 0)) return r;
    }
    return NULL;
}

static size_t compared(const cw_validation *v)
{
    static const char *const not_here[] = {"lod95", "stated_lod", "requirement"};
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++) {
        bool left = false;
        for (size_t k = 0; k < 3; k++) left |= !strcmp(v->row[i].measure, not_here[k]);
        n += !left;
    }
    return n;
}

Test(validation, oracle, .init = cw_stats_init)
{
    static cw_trial trial[MOST];
    static char text[TEXT];
    static char *row[MOST];
    cw_table t;
    oracle_open(&t, CW_SOURCE_DIR "/tests/oracle/validation.tsv", 100);
    for (size_t r = 0; r < t.n_rows; r++) {
        char *c[10];
        cw_validation v;
        cw_err err = {0};
        static char figures[TEXT];
        cr_assert(strlen(oracle_cell(&t, r, "trials")) < TEXT && strlen(oracle_cell(&t, r, "figures")) < TEXT);
        strcpy(text, oracle_cell(&t, r, "trials"));
        size_t n = split(text, ';', row, MOST);
        for (size_t i = 0; i < n; i++) {
            cr_assert_eq(split(row[i], '|', c, 10), 10);
            trial[i] = (cw_trial){c[0], c[1], c[2], c[3], strtod(c[4], NULL), strtod(c[5], NULL), *c[6] == '1', *c[7] == '1', strtod(c[8], NULL), strtod(c[9], NULL)};
        }
        cr_assert_eq(cw_validate(trial, n, &v, &err), 0, "%s", err.text);
        strcpy(figures, oracle_cell(&t, r, "figures"));
        n = split(figures, ';', row, MOST);
        cr_expect_eq(compared(&v), n, "line %zu: %zu figures, oracle %zu", t.line[r], compared(&v), n);
        for (size_t i = 0; i < n; i++) {
            cr_assert_eq(split(row[i], '|', c, 10), 10);
            const cw_validation_row *got = find(&v, c[0], strtod(c[2], NULL), strtod(c[3], NULL), strtod(c[4], NULL));
            cr_expect(got, "line %zu: no %s at %s", t.line[r], c[0], c[2]);
            if (!got) continue;
            const double have[] = {(double)got->n, (double)got->positive, got->value, got->lo, got->hi};
            for (int x = 0; x < 5; x++)
                cr_expect(oracle_same(have[x], strtod(c[5 + x], NULL), 1e-6, 1e-9), "line %zu: %s at %s, column %d: %.12g, oracle %s", t.line[r], c[0], c[2], x, have[x], c[5 + x]);
        }
        cw_validation_release(&v);
    }
    cw_table_release(&t);
}
