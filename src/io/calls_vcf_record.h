/* SPDX-License-Identifier: MIT */
/* calls_vcf_record.h - one record of a calls file as text: inside the reader. */
#ifndef CW_IO_CALLS_VCF_RECORD_H
#define CW_IO_CALLS_VCF_RECORD_H

#include "io/calls_vcf_meta.h"

enum { CW_CALLS_COLUMNS = 10, CW_CALLS_MAX_ALT = 1000 };

typedef struct cw_calls_record {
    char *column[CW_CALLS_COLUMNS];
    char *key[64], *cell[64];  /* FORMAT keys and the sample's cells; NULL: trailing cells left out */
    size_t n_keys;
    char *alt[CW_CALLS_MAX_ALT];
    size_t n_alt;
    int64_t pos1;
} cw_calls_record;


/* Cuts text at the marks; how many cells, most + 1 when there are more than `most`. */
size_t cw_calls_split(char *text, char mark, char **cell, size_t most);
/* A record's line into its columns, alleles and cells; the line is cut up. */
CW_MUST_CHECK int cw_calls_split_record(cw_calls_reader *r, char *line, cw_calls_record *rec);
/* The i-th of `want` comma-separated cells. -1: another number of cells. */
CW_MUST_CHECK int cw_calls_cell_of(const char *text, size_t n, size_t i, size_t want, const char **cell, size_t *length);

/* INFO of allele i. A value: NULL when absent; a word: percent-decoded, "" when absent; a rate must be there and above 0. */
const char *cw_calls_info_value(const char *info, const char *key, size_t *n);
CW_MUST_CHECK int cw_calls_info_word(cw_calls_reader *r, const cw_calls_record *rec, const char *key, size_t i, size_t want, const char **value);
CW_MUST_CHECK int cw_calls_info_rate(cw_calls_reader *r, const cw_calls_record *rec, const char *key, size_t i, double *value);

/* FORMAT: NULL for "." or an absent field; a count is then -1, a number NAN. */
const char *cw_calls_format_cell(const cw_calls_record *rec, const char *key);
CW_MUST_CHECK int cw_calls_format_count(cw_calls_reader *r, const cw_calls_record *rec, const char *key, size_t i, size_t want, int64_t *value);
CW_MUST_CHECK int cw_calls_format_real(cw_calls_reader *r, const cw_calls_record *rec, const char *key, size_t i, double *value);
#endif
