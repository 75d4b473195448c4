/* SPDX-License-Identifier: MIT */
/* fuzz_sites.c - sites VCF and tracked list. */
#include "fuzz.h"

#include "io/panel_io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    cw_panel panel = {0};
    int status = cw_panel_from_vcf(&panel, cw_fuzz_file(data, size), &err);
    cw_fuzz_check(status, &err);
    if (status == 0) cw_fuzz_check(cw_panel_add_tracked(&panel, cw_fuzz_file(data, size), &err), &err);
    cw_panel_release(&panel);
    return 0;
}
