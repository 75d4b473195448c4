/* SPDX-License-Identifier: MIT */
/* fuzz_advise.c - a case typed in words: three lines of text. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <clonewatch/patient.h>
#include "advise/advise.h"
#include "io/knowledge_io.h"

static cw_knowledge knowledge;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cw_err err = {0};
    char *text = malloc(size + 4);
    cw_patient patient = {0};
    if (!text) return 0;
    if (!knowledge.arena && cw_knowledge_load(&knowledge, CW_SOURCE_DIR "/panels/pan-tumour", &err) < 0) abort();
    for (size_t i = 0; i < size; i++) text[i] = data[i] ? (char)data[i] : ' ';
    memcpy(text + size, "\n\n\n", 4);
    char *lines = strchr(text, '\n'), *alterations = strchr(lines + 1, '\n');
    *lines = *alterations = '\0';
    *strchr(alterations + 1, '\n') = '\0';
    cw_fuzz_check(cw_advise_stated(&knowledge, text, lines + 1, alterations + 1, NULL, &patient, &err), &err);
    cw_patient_release(&patient);
    free(text);
    return 0;
}
