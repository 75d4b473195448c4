/* SPDX-License-Identifier: MIT */
/* knowledge.h - the knowledge tables in memory: alterations, agents, rules, cross-resistance, sources. */
#ifndef CLONEWATCH_KNOWLEDGE_H
#define CLONEWATCH_KNOWLEDGE_H

#include <clonewatch/panel.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cw_knowledge {
    struct cw_arena *arena;
    const char *version, *dir;
    /* tables: filled in by io/knowledge_io.c */
} cw_knowledge;

void cw_knowledge_release(cw_knowledge *k);

#ifdef __cplusplus
}
#endif
#endif
