/* SPDX-License-Identifier: MIT */
/* variant_import.h - what another program's result says of one sample: alleles with counts, and stretches seen as reference.
 *
 * One reader per kind of file (VCF/BCF, MAF, droplet table) fills the same record; match.h lays it onto a panel. */
#ifndef CW_IMPORT_VARIANT_IMPORT_H
#define CW_IMPORT_VARIANT_IMPORT_H

#include <stdbool.h>
#include <clonewatch/panel.h>
#include "base/log.h"
#include "import/normalise.h"

/* One allele as the file gives it, after splitting. Counts of -1 and fractions of NAN: not said. */
typedef struct cw_seen {
    size_t line;               /* of the file */
    const char *contig;        /* as in the file; "" when the allele is known by name only */
    int64_t beg;               /* of ref, 0-based */
    const char *ref, *alt;     /* as in the file; "" for a MAF '-' */
    const char *gene, *change; /* "" or the names in the file: gene and p. or c. change, or a cwid in change with gene "" */
    int64_t k_ref, k_alt, k_other, depth;
    int64_t ref_forward, ref_reverse, alt_forward, alt_reverse;
    double vaf, lod;           /* as the file gives them */
    const char *filters;       /* the caller's words, ';' between; "" for PASS or none */
    bool implied;              /* counted by the caller at this place, though not called: for panel alleles only */
} cw_seen;

/* A stretch that the file reports as reference with this many molecules (gVCF block, forced reference site). */
typedef struct cw_covered { size_t line; const char *contig; int64_t beg, end, depth, other; const char *filters; } cw_covered;

typedef struct cw_imported {
    cw_arena *arena;
    const char *path, *caller, *sample; /* sample "": the file does not say */
    cw_build build;                     /* by the contig lengths; CW_BUILD_UNKNOWN when not told */
    char sha256[65];                    /* "" for a stream */
    cw_seen *seen; size_t n_seen, seen_cap;
    cw_covered *covered; size_t n_covered, covered_cap;
    size_t n_records, n_structural; /* SVs are not imported; counted for the message */
    size_t n_let_pass; const char *let_pass; /* faults of a VCF's INFO fields that are not read, and the first of them */
} cw_imported;

typedef struct cw_import_source {
    const char *caller;   /* NULL or "auto", a profile of callers.def, "maf" or "droplets" */
    const char *column;   /* the sample to read; NULL: the tumour */
    const char *draw;     /* name of the draw: a sample of that name goes before the tumour; NULL: none */
    bool lax;
} cw_import_source;

/* The kind of file is found from its first bytes and header, unless caller names it. */
CW_MUST_CHECK int cw_imported_read(cw_imported *m, const char *path, const cw_import_source *source, cw_err *err);
void cw_imported_release(cw_imported *m);

/* Readers by kind; cw_imported_read() picks one. */
CW_MUST_CHECK int cw_import_vcf(cw_imported *m, const char *path, const cw_import_source *source, cw_err *err);
CW_MUST_CHECK int cw_import_maf(cw_imported *m, const char *path, const cw_import_source *source, cw_err *err);
CW_MUST_CHECK int cw_import_droplets(cw_imported *m, const char *path, const cw_import_source *source, cw_err *err);

/* For the readers: a zeroed row with everything "not said"; NULL: no memory (err is set). */
cw_seen *cw_imported_add(cw_imported *m, cw_err *err);
cw_covered *cw_imported_cover(cw_imported *m, cw_err *err);

/* GRCh37 or GRCh38 by the length of a contig; CW_BUILD_UNKNOWN when it is neither. "chr" in front is fine. */
cw_build cw_build_of_contig(const char *name, int64_t length);
#endif
