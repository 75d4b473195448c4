/* SPDX-License-Identifier: MIT */
/* vcf_text.h - another program's VCF or BCF as lines of text, read to its end or refused.
 *
 * htslib unpacks and decodes BCF; the text is cut into columns here and not by its VCF parser, because that one repairs what is
 * invalid in silence, and its readers take a damaged block for the end of the file. A block whose checksum is wrong, a missing
 * end-of-file block and a NUL byte are errors with the line number. Unless lax, header and records also have to pass the rules of the
 * specification (vcf_rules.h). */
#ifndef CW_IMPORT_VCF_TEXT_H
#define CW_IMPORT_VCF_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <clonewatch/error.h>
#include "base/mem.h"

/* A line "##INFO=<ID=...,Number=...,Type=...>" or FORMAT; a missing part is "". */
typedef struct cw_vcf_field { const char *id, *number, *type; } cw_vcf_field;
typedef struct cw_vcf_contig { const char *id; int64_t length; /* -1: not given */ } cw_vcf_contig;

typedef enum cw_vcf_strictness {
    CW_VCF_LAX = 0,   /* whatever can be cut into columns */
    CW_VCF_AS_READ,   /* the specification, but a fault of an INFO key that is neither read here nor reserved is counted and let pass: annotators write these */
    CW_VCF_STRICT     /* the specification */
} cw_vcf_strictness;

typedef struct cw_vcf_text {
    cw_arena *arena;
    const char *path;
    cw_vcf_strictness strict;
    int version;                       /* 401 for VCFv4.1; 0: none given */
    const char **meta; size_t n_meta;  /* the "##" lines without "##", in order; meta[i] stands in line i + 1 */
    cw_vcf_field *info; size_t n_info;
    cw_vcf_field *format; size_t n_format;
    cw_vcf_contig *contig; size_t n_contig;
    const char **filter; size_t n_filter;
    const char **alt; size_t n_alt;    /* ids of ##ALT lines */
    const char **sample; size_t n_samples;
    /* the record that cw_vcf_text_next() found; valid until the next call */
    size_t line;                       /* of the file, 1-based; for BCF the line of the same file as text */
    char **column; size_t n_columns;   /* CHROM POS ID REF ALT QUAL FILTER INFO [FORMAT sample...] */
    struct cw_vcf_source *source;
} cw_vcf_text;

enum { CW_VCF_CHROM, CW_VCF_POS, CW_VCF_ID, CW_VCF_REF, CW_VCF_ALT, CW_VCF_QUAL, CW_VCF_FILTER, CW_VCF_INFO, CW_VCF_FORMAT, CW_VCF_SAMPLES };

/* path "-": standard input. Reads the header. */
CW_MUST_CHECK int cw_vcf_text_open(cw_vcf_text *t, const char *path, cw_vcf_strictness strict, cw_err *err);
/* 1: a record, with at least eight columns; 0: the end, reached soundly; < 0: wrong. */
CW_MUST_CHECK int cw_vcf_text_next(cw_vcf_text *t, cw_err *err);
void cw_vcf_text_close(cw_vcf_text *t);
/* How many faults were let pass so far; *first: the first of them, with its line, until close. */
size_t cw_vcf_let_pass(const cw_vcf_text *t, const char **first);

/* Value of KEY in the record's INFO: NULL when absent, "" for a flag. *n is its length (the text goes on behind it). */
const char *cw_vcf_info(const cw_vcf_text *t, const char *key, size_t *n);
/* Value of KEY of one sample by the record's FORMAT; NULL when FORMAT does not name it or the sample's values end before it. */
const char *cw_vcf_value(const cw_vcf_text *t, size_t sample, const char *key, size_t *n);
const cw_vcf_field *cw_vcf_declared(const cw_vcf_field *fields, size_t n, const char *id);
#endif
