/* SPDX-License-Identifier: MIT */
/* release.c - the end of each noun: its arena holds everything, so one call frees it. */
#include <clonewatch/background.h>
#include <clonewatch/knowledge.h>
#include <clonewatch/patient.h>

#include <string.h>
#include "base/mem.h"

#define RELEASE(type, name) \
    void name(type *x) \
    { \
        if (!x) return; \
        cw_arena_free(x->arena); \
        memset(x, 0, sizeof *x); \
    }

RELEASE(cw_tallies, cw_tallies_release)
RELEASE(cw_calls, cw_calls_release)
RELEASE(cw_draw_sheet, cw_draw_sheet_release)
RELEASE(cw_event_sheet, cw_event_sheet_release)
RELEASE(cw_patient, cw_patient_release)
RELEASE(cw_background, cw_background_release)
RELEASE(cw_knowledge, cw_knowledge_release)
