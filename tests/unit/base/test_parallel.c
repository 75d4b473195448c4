#include <criterion/criterion.h>
#include "base/parallel.h"

typedef struct job { int out[1000]; size_t bad[2]; } job;

static int square(void *context, size_t i, cw_err *err)
{
    job *j = context;
    for (size_t b = 0; b < 2; b++)
        if (i == j->bad[b]) return cw_err_set(err, CW_EFORMAT, "item %zu is bad", i);
    j->out[i] += (int)(i * i % 1009);
    return 0;
}

Test(parallel, every_item_once_at_any_number_of_threads)
{
    for (int threads = 0; threads <= 9; threads++) {
        job j = {.bad = {5000, 5000}};
        cw_err err = {0};
        cr_assert_eq(cw_parallel(1000, threads, square, &j, &err), 0);
        for (size_t i = 0; i < 1000; i++) cr_assert_eq(j.out[i], (int)(i * i % 1009));
    }
    cr_assert_eq(cw_parallel(0, 4, square, NULL, NULL), 0);
}

Test(parallel, the_first_error_is_reported_whoever_meets_it)
{
    for (int threads = 1; threads <= 8; threads++)
        for (int again = 0; again < 20; again++) {
            job j = {.bad = {700, 701}};
            cw_err err = {0};
            cr_assert_eq(cw_parallel(1000, threads, square, &j, &err), CW_EFORMAT);
            cr_assert_str_eq(err.text, "item 700 is bad");
            for (size_t i = 0; i < 700; i++) cr_assert_eq(j.out[i], (int)(i * i % 1009));
        }
}
