/* SPDX-License-Identifier: MIT */
/* known_bases.h - which reference base stands where, from what is at hand: a FASTA, the REF of the panel's loci, and the REF of the
 * record in work. */
#ifndef CW_IMPORT_KNOWN_BASES_H
#define CW_IMPORT_KNOWN_BASES_H

#include <clonewatch/panel.h>
#include "base/mem.h"
#include "record/contigs.h"

typedef struct cw_known_bases {
    cw_arena *arena;
    struct cw_known_base_entry *entry; size_t n_entries;
    void *reference;                 /* faidx_t */
    const char *reference_path;
    char *chunk; const char *chunk_contig; int64_t chunk_beg, chunk_end;
    const char *record_contig, *record_ref; int64_t record_beg, record_end;
    bool has_style, chr_style;       /* contig names of the panel */
} cw_known_bases;

/* panel and reference may be NULL. The panel's strings are pointed into. */
CW_MUST_CHECK int cw_known_bases_open(cw_known_bases *b, const cw_panel *panel, const char *reference, cw_err *err);
void cw_known_bases_close(cw_known_bases *b);

/* The record in work: its REF is known too. */
void cw_known_bases_record(cw_known_bases *b, const char *contig, int64_t beg, const char *ref);

/* A cw_base_at: upper case, 0 when not known. context is the cw_known_bases. */
char cw_known_base(void *context, const char *contig, int64_t pos);

/* Refuses REF bases that differ from the FASTA's or the panel's (N excepted): another build, another reference, or a shifted file. */
CW_MUST_CHECK int cw_known_bases_check(cw_known_bases *b, const char *path, size_t line, const char *contig, int64_t beg, const char *ref, cw_err *err);

/* The contig's name as the panel writes it, new strings in the arena; NULL: no memory. */
const char *cw_known_bases_style(const cw_known_bases *b, cw_arena *arena, const char *contig);
#endif
