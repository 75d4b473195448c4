/* SPDX-License-Identifier: MIT */
/* fuzz_events.c - the events. */
#include "fuzz.h"

#include "io/draw_io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    cw_event_sheet sheet = {0};
    cw_fuzz_check(cw_event_sheet_read(&sheet, cw_fuzz_file(data, size), &err), &err);
    cw_event_sheet_release(&sheet);
    return 0;
}
