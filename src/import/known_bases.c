/* SPDX-License-Identifier: MIT */
/* known_bases.c - reference bases from FASTA, panel and record. */
#include "import/known_bases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <htslib/faidx.h>

enum { CHUNK = 1 << 14 };

typedef struct cw_known_base_entry { const char *contig; int64_t beg, end; const char *ref; } entry;

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 32) : c; }

static int by_place(const void *pa, const void *pb)
{
    const entry *a = pa, *b = pb;
    int c = strcmp(a->contig, b->contig);
    if (c) return c;
    if (a->beg != b->beg) return a->beg < b->beg ? -1 : 1;
    return a->end < b->end ? -1 : a->end > b->end;
}

int cw_known_bases_open(cw_known_bases *b, const cw_panel *panel, const char *reference, cw_err *err)
{
    *b = (cw_known_bases){.arena = cw_arena_new(), .reference_path = reference};
    if (!b->arena) return cw_err_nomem(err);
    size_t n = panel ? panel->n_alleles : 0;
    b->entry = cw_arena_alloc(b->arena, n, sizeof *b->entry);
    if (!b->entry) return cw_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const cw_allele *a = &panel->alleles[i];
        if (!a->has_locus || !a->ref) continue;
        b->entry[b->n_entries++] = (entry){cw_plain_contig(a->contig), a->beg, a->beg + (int64_t)strlen(a->ref), a->ref};
        if (!b->has_style) b->chr_style = !strncmp(a->contig, "chr", 3);
        b->has_style = true;
    }
    qsort(b->entry, b->n_entries, sizeof *b->entry, by_place);
    if (!reference) return 0;
    if (strstr(reference, "://")) return cw_err_set(err, CW_EREFUSED, "reference '%s' is a URL; copy it to a file first", reference);
    if (access(reference, R_OK) != 0) return cw_err_set(err, CW_EIO, "cannot open reference '%s'", reference);
    b->reference = fai_load3(reference, NULL, NULL, 0); /* without making an index */
    return b->reference ? 0 : cw_err_set(err, CW_EIO, "reference '%s' has no usable index; run 'samtools faidx %s'", reference, reference);
}

void cw_known_bases_close(cw_known_bases *b)
{
    if (!b) return;
    if (b->reference) fai_destroy(b->reference);
    free(b->chunk);
    cw_arena_free(b->arena);
    memset(b, 0, sizeof *b);
}

void cw_known_bases_record(cw_known_bases *b, const char *contig, int64_t beg, const char *ref)
{
    b->record_contig = contig;
    b->record_ref = ref;
    b->record_beg = beg;
    b->record_end = beg + (int64_t)strlen(ref);
}

static const char *reference_name(const cw_known_bases *b, const char *contig, char *room, size_t size)
{
    const char *plain = cw_plain_contig(contig);
    if (faidx_has_seq(b->reference, contig)) return contig;
    if (faidx_has_seq(b->reference, plain)) return plain;
    if ((size_t)snprintf(room, size, "chr%s", strcmp(plain, "MT") ? plain : "M") >= size) return NULL;
    return faidx_has_seq(b->reference, room) ? room : NULL;
}

static char from_reference(cw_known_bases *b, const char *contig, int64_t pos)
{
    char room[256];
    if (!b->chunk || strcmp(b->chunk_contig, contig) || pos < b->chunk_beg || pos >= b->chunk_end) {
        const char *name = reference_name(b, contig, room, sizeof room);
        if (!name || pos < 0) return 0;
        hts_pos_t got = 0;
        free(b->chunk);
        b->chunk_beg = pos - pos % CHUNK;
        b->chunk = faidx_fetch_seq64(b->reference, name, b->chunk_beg, b->chunk_beg + CHUNK - 1, &got);
        b->chunk_end = b->chunk_beg + (got > 0 ? got : 0);
        b->chunk_contig = contig;
        if (!b->chunk || pos >= b->chunk_end) return 0;
    }
    char base = upper(b->chunk[pos - b->chunk_beg]);
    return base == 'N' ? 0 : base; /* a sparse reference says N where it says nothing */
}

/* Loci are short: the ones that begin at most 1000 bases before are looked at. */
static char from_panel(const cw_known_bases *b, const char *contig, int64_t pos)
{
    size_t lo = 0, hi = b->n_entries;
    const char *plain = cw_plain_contig(contig);
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = strcmp(b->entry[mid].contig, plain);
        if (c > 0 || (c == 0 && b->entry[mid].beg > pos)) hi = mid;
        else lo = mid + 1;
    }
    for (size_t i = lo; i-- > 0 && !strcmp(b->entry[i].contig, plain) && b->entry[i].beg > pos - 1000;)
        if (pos < b->entry[i].end) return upper(b->entry[i].ref[pos - b->entry[i].beg]);
    return 0;
}

char cw_known_base(void *context, const char *contig, int64_t pos)
{
    cw_known_bases *b = context;
    if (b->record_ref && pos >= b->record_beg && pos < b->record_end && !strcmp(contig, b->record_contig)) {
        char base = upper(b->record_ref[pos - b->record_beg]);
        if (base != 'N') return base;
    }
    char base = b->reference ? from_reference(b, contig, pos) : 0;
    return base ? base : from_panel(b, contig, pos);
}

int cw_known_bases_check(cw_known_bases *b, const char *path, size_t line, const char *contig, int64_t beg, const char *ref, cw_err *err)
{
    b->record_ref = NULL;
    for (int64_t i = 0; ref[i]; i++) {
        char said = upper(ref[i]), base = b->reference ? from_reference(b, contig, beg + i) : 0;
        const char *by = "the reference";
        if (!base) base = from_panel(b, contig, beg + i), by = "the panel";
        if (!base || said == 'N' || said == base) continue;
        return cw_err_set(err, CW_EREFUSED, "%s:%zu: REF is '%c' at %s:%lld, but %s has '%c' there; is the file on another genome build?",
                          path, line, said, contig, (long long)(beg + i + 1), by, base);
    }
    return 0;
}

const char *cw_known_bases_style(const cw_known_bases *b, cw_arena *arena, const char *contig)
{
    const char *plain = cw_plain_contig(contig);
    if (!b->has_style || b->chr_style == !strncmp(contig, "chr", 3)) return contig;
    return b->chr_style ? cw_arena_printf(arena, "chr%s", strcmp(plain, "MT") ? plain : "M") : cw_arena_strdup(arena, plain);
}
