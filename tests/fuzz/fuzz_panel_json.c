/* SPDX-License-Identifier: MIT */
/* fuzz_panel_json.c - panel.json. */
#include "fuzz.h"

#include "io/panel_io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    cw_panel panel = {0};
    cw_fuzz_check(cw_panel_load(&panel, cw_fuzz_folder("panel.json", data, size), CW_BUILD_GRCH38, &err), &err);
    cw_panel_release(&panel);
    return 0;
}
