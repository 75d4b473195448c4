#include <criterion/criterion.h>
#include <clonewatch/error.h>
#include <stdint.h>
#include <string.h>
#include "base/mem.h"

Test(mem, arena_keeps_every_block_apart)
{
    cw_arena *a = cw_arena_new();
    char *small[1000];
    for (int i = 0; i < 1000; i++) {
        size_t n = (size_t)(i * 37 % 5000);
        small[i] = cw_arena_alloc(a, n + 1, 1);
        cr_assert(small[i] != NULL);
        cr_assert_eq((uintptr_t)small[i] % 16, 0);
        memset(small[i], i & 0xff, n + 1);
    }
    for (int i = 0; i < 1000; i++)
        for (size_t k = 0; k <= (size_t)(i * 37 % 5000); k++) cr_assert_eq((unsigned char)small[i][k], i & 0xff);
    cr_assert_str_eq(cw_arena_printf(a, "%d-%s", 7, "x"), "7-x");
    cr_assert_null(cw_arena_alloc(a, SIZE_MAX, 2));
    cw_arena_free(a);
    cw_arena_free(NULL);
}

Test(mem, growth_refuses_what_overflows)
{
    int *v = NULL;
    size_t cap = 0;
    cw_err err = {0};
    cr_assert_eq(cw_grow((void **)&v, &cap, 100, sizeof *v, &err), 0);
    cr_assert_geq(cap, 100);
    cr_assert_eq(cw_grow((void **)&v, &cap, SIZE_MAX / 2, sizeof *v, &err), CW_ENOMEM);
    cr_assert_str_eq(err.text, "out of memory");
    free(v);
}

Test(error, the_first_error_stands_and_control_characters_do_not_pass)
{
    cw_err err = {0};
    cr_assert_eq(cw_err_set(&err, CW_EIO, "cannot open '%s'", "a\n\x1b[2J"), CW_EIO);
    cw_err_set(&err, CW_EFORMAT, "second");
    cr_assert_str_eq(err.text, "cannot open 'a??[2J'");
    cr_assert_eq(cw_err_prefix(&err, "sheet.csv:%d", 4), CW_EIO);
    cr_assert_str_eq(err.text, "sheet.csv:4: cannot open 'a??[2J'");
}
