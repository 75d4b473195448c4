/* SPDX-License-Identifier: MIT */
/* fuzz_import.c - VCF, MAF and droplet tables of other programs, onto no panel. */
#include "fuzz.h"

#include "import/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    const cw_import_source source = {.lax = size & 1};
    const cw_import_fit_conf conf = {.assume = size & 2, .assume_dp = true, .assume_depth = -1};
    cw_imported m = {0};
    cw_import_fit fit = {0};
    int status = cw_imported_read(&m, cw_fuzz_file(data, size), &source, &err);
    cw_fuzz_check(status, &err);
    if (status == 0) cw_fuzz_check(cw_import_fit_make(&fit, &m, NULL, &conf, NULL, &err), &err);
    cw_import_fit_release(&fit);
    cw_imported_release(&m);
    return 0;
}
