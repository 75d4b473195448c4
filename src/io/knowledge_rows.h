/* SPDX-License-Identifier: MIT */
/* knowledge_rows.h - rows of alterations.tsv and genes.tsv, read by the panel and by the knowledge alike. */
#ifndef CW_IO_KNOWLEDGE_ROWS_H
#define CW_IO_KNOWLEDGE_ROWS_H

#include <clonewatch/knowledge.h>
#include "base/mem.h"
#include "base/table.h"

/* Cell copied into the arena; sets *failed when memory is out. */
const char *cw_row_text(cw_arena *arena, const cw_table *table, size_t row, const char *column, bool *failed);

/* Read the table; `own` is a user's file: only some columns are needed, and ids are made where they are missing. */
CW_MUST_CHECK int cw_read_alterations(cw_arena *arena, const char *path, bool own, cw_known_alteration **rows, size_t *n, cw_err *err);
CW_MUST_CHECK int cw_read_genes(cw_arena *arena, const char *path, cw_known_gene **rows, size_t *n, cw_err *err);

/* version.tsv of the knowledge folder: refuses a schema that this program does not read. */
CW_MUST_CHECK int cw_read_knowledge_version(cw_arena *arena, const char *dir, const char **version, cw_err *err);

/* "DIR/FILE" in the arena; NULL: out of memory. */
const char *cw_join_path(cw_arena *arena, const char *dir, const char *file);
#endif
