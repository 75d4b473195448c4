/* SPDX-License-Identifier: MIT */
/* fuzz.h - the readers take a path: the bytes of one run become a file that lives in memory only. */
#ifndef CW_TESTS_FUZZ_H
#define CW_TESTS_FUZZ_H

#include <stdint.h>
#include <stddef.h>
#include <clonewatch/error.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The path under which the bytes can be read until the next call. */
const char *cw_fuzz_file(const uint8_t *data, size_t size);
/* The same as FOLDER/NAME of a folder that is made once per process. */
const char *cw_fuzz_folder(const char *name, const uint8_t *data, size_t size);

/* What every reader promises: a negative status comes with a sentence, and success without one. */
void cw_fuzz_check(int status, const cw_err *err);
#endif
