/* SPDX-License-Identifier: MIT */
/* fuzz_scenario.c - a scenario of the simulator. */
#include "fuzz.h"

#include "sim/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    cw_scenario scenario = {0};
    cw_fuzz_check(cw_scenario_read(&scenario, cw_fuzz_file(data, size), &err), &err);
    cw_scenario_release(&scenario);
    return 0;
}
