/* SPDX-License-Identifier: MIT */
/* fuzz_calls.c - a calls file, and back. */
#include "fuzz.h"

#include "io/calls_vcf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    cw_calls calls = {0};
    int status = cw_calls_read(&calls, cw_fuzz_file(data, size), &err);
    cw_fuzz_check(status, &err);
    if (status == 0) cw_fuzz_check(cw_calls_settle(&calls, &err), &err);
    cw_calls_release(&calls);
    return 0;
}
