/* SPDX-License-Identifier: MIT */
/* fuzz_draw_sheet.c - the draw sheet. */
#include "fuzz.h"

#include "io/draw_io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    cw_draw_sheet sheet = {0};
    cw_fuzz_check(cw_draw_sheet_read(&sheet, cw_fuzz_file(data, size), &err), &err);
    cw_draw_sheet_release(&sheet);
    return 0;
}
