/* SPDX-License-Identifier: MIT */
/* variant_import.c - life cycle of what was imported, and which reader a file needs. */
#include "import/variant_import.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "base/digest.h"
#include "record/contigs.h"

cw_seen *cw_imported_add(cw_imported *m, cw_err *err)
{
    if (cw_grow((void **)&m->seen, &m->seen_cap, m->n_seen + 1, sizeof *m->seen, err) < 0) return NULL;
    cw_seen *s = &m->seen[m->n_seen++];
    *s = (cw_seen){.contig = "", .ref = "", .alt = "", .gene = "", .change = "", .filters = "", .vaf = NAN, .lod = NAN};
    s->k_ref = s->k_alt = s->k_other = s->depth = s->ref_forward = s->ref_reverse = s->alt_forward = s->alt_reverse = -1;
    return s;
}

cw_covered *cw_imported_cover(cw_imported *m, cw_err *err)
{
    if (cw_grow((void **)&m->covered, &m->covered_cap, m->n_covered + 1, sizeof *m->covered, err) < 0) return NULL;
    cw_covered *c = &m->covered[m->n_covered++];
    memset(c, 0, sizeof *c);
    return c;
}

cw_build cw_build_of_contig(const char *name, int64_t length)
{
    int i = cw_contig_find(name);
    if (i < 0 || cw_contig_length(CW_BUILD_GRCH37, (size_t)i) == cw_contig_length(CW_BUILD_GRCH38, (size_t)i)) return CW_BUILD_UNKNOWN;
    if (length == cw_contig_length(CW_BUILD_GRCH37, (size_t)i)) return CW_BUILD_GRCH37;
    return length == cw_contig_length(CW_BUILD_GRCH38, (size_t)i) ? CW_BUILD_GRCH38 : CW_BUILD_UNKNOWN;
}

/* Is one of the cells of the first line this word? */
static bool has_column(const char *head, const char *word)
{
    size_t length = strlen(word);
    for (const char *p = head, *end = head + strcspn(head, "\r\n"); p < end;) {
        size_t n = strcspn(p, ",;\t\"\r\n");
        if (n == length && !strncmp(p, word, n)) return true;
        p += n + 1;
    }
    return false;
}

/* A table has a header line of words; VCF begins with "##fileformat", BCF with "BCF". */
static int looks_like_table(const char *path, bool *table, bool *maf, cw_err *err)
{
    char head[4096];
    *table = *maf = false;
    if (!strcmp(path, "-")) return 0; /* a stream is VCF or BCF */
    gzFile f = gzopen(path, "rb");
    if (!f) return cw_err_set(err, CW_EIO, "cannot open '%s'", path);
    int n = gzread(f, head, sizeof head - 1);
    gzclose(f);
    if (n <= 0) return 0; /* the VCF reader says what is wrong */
    head[n] = '\0';
    if (!strncmp(head, "##fileformat=VCF", 16) || !strncmp(head, "BCF", 3)) return 0;
    *maf = strstr(head, "Hugo_Symbol") != NULL;
    *table = *maf || strstr(head, "droplets") || strstr(head, "copies") || strstr(head, "positives") || has_column(head, "lod");
    return 0;
}

int cw_imported_read(cw_imported *m, const char *path, const cw_import_source *source, cw_err *err)
{
    *m = (cw_imported){.arena = cw_arena_new(), .caller = "", .sample = ""};
    bool table = false, maf = false;
    int status;
    if (!m->arena || !(m->path = cw_arena_strdup(m->arena, path))) {
        status = cw_err_nomem(err);
        goto done;
    }
    if (strcmp(path, "-") && (status = cw_sha256_file(path, m->sha256, err)) < 0) goto done;
    if (source->caller && !strcmp(source->caller, "maf")) table = maf = true;
    else if (source->caller && !strcmp(source->caller, "droplets")) table = true;
    else if ((!source->caller || !strcmp(source->caller, "auto")) && (status = looks_like_table(path, &table, &maf, err)) < 0) goto done;
    status = maf ? cw_import_maf(m, path, source, err) : table ? cw_import_droplets(m, path, source, err) : cw_import_vcf(m, path, source, err);
done:
    if (status < 0) cw_imported_release(m);
    return status;
}

void cw_imported_release(cw_imported *m)
{
    if (!m) return;
    free(m->seen);
    free(m->covered);
    cw_arena_free(m->arena);
    memset(m, 0, sizeof *m);
}
