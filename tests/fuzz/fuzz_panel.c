/* SPDX-License-Identifier: MIT */
/* fuzz_panel.c - a panel with its own alleles. */
#include "fuzz.h"

#include "io/panel_io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    static const char json[] = "{\"schema\": \"clonewatch.panel/1\", \"name\": \"fuzz\", \"version\": \"1\", \"alterations\": \"alterations.tsv\"}\n";
    cw_panel panel = {0};
    cw_fuzz_folder("panel.json", (const uint8_t *)json, sizeof json - 1);
    cw_fuzz_check(cw_panel_load(&panel, cw_fuzz_folder("alterations.tsv", data, size), size & 1 ? CW_BUILD_GRCH37 : CW_BUILD_GRCH38, &err), &err);
    cw_panel_release(&panel);
    return 0;
}
