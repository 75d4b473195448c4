/* SPDX-License-Identifier: MIT */
/* fuzz_background.c - a background model. */
#include "fuzz.h"

#include <clonewatch/background.h>
#include "io/background_io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    cw_background background = {0};
    cw_fuzz_check(cw_background_read(&background, cw_fuzz_file(data, size), &err), &err);
    cw_background_release(&background);
    return 0;
}
