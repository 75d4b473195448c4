/* SPDX-License-Identifier: MIT */
/* sequence_dict.h - the sequence dictionary beside a FASTA (samtools dict, Picard): contigs with length and MD5. */
#ifndef CW_IO_SEQUENCE_DICT_H
#define CW_IO_SEQUENCE_DICT_H

#include <stdbool.h>
#include <clonewatch/error.h>
#include <htslib/sam.h>

typedef struct cw_sequence_dict {
    char *path;        /* "" when there is none */
    sam_hdr_t *header; /* NULL: none, or one that is no SAM header */
    bool older;        /* than the FASTA */
} cw_sequence_dict;

/* For ref.fa.gz: ref.dict, else ref.fa.gz.dict, else ref.fa.dict. None is no error, nor is one that cannot be read: path without header. */
CW_MUST_CHECK int cw_sequence_dict_open(cw_sequence_dict *d, const char *fasta, cw_err *err);

/* -1: absent. */
int64_t cw_sequence_dict_length(const cw_sequence_dict *d, const char *contig);

/* The M5 of an @SQ line in lower case: 1; 0 when the contig or its M5 is not there; CW_EFORMAT (with the word in *err) when it is not 32
 * hexadecimal digits. Also for the header of an alignment. */
CW_MUST_CHECK int cw_header_md5(const sam_hdr_t *header, const char *contig, char hex[33], cw_err *err);

void cw_sequence_dict_close(cw_sequence_dict *d);
#endif
