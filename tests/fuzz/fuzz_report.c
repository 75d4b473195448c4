/* SPDX-License-Identifier: MIT */
/* fuzz_report.c - a page from any JSON. */
#include "fuzz.h"

#include <stdio.h>
#include "base/json.h"
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    char path[64];
    json_t *value = NULL;
    int status = cw_json_read(cw_fuzz_file(data, size), &value, &err);
    cw_fuzz_check(status, &err);
    snprintf(path, sizeof path, "%s/page.html", cw_fuzz_folder("unused", data, 0));
    if (status == 0) cw_fuzz_check(cw_report_html(value, path, &err), &err);
    json_decref(value);
    return 0;
}
