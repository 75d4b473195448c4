/* SPDX-License-Identifier: MIT */
/* fuzz_condition.c - the conditions of a rule. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include "advise/condition.h"
#include "io/knowledge_io.h"

static cw_knowledge knowledge;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    char why[200], *text = malloc(size + 1);
    if (!text) return 0;
    if (!knowledge.arena && cw_knowledge_load(&knowledge, CW_SOURCE_DIR "/panels/pan-tumour", &err) < 0) abort();
    memcpy(text, data, size);
    text[size] = '\0';
    (void)cw_condition_valid(&knowledge, text, why);
    free(text);
    return 0;
}
