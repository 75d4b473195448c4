/* SPDX-License-Identifier: MIT */
/* normalise.h - one change, one spelling: shared bases cut off, the rest shifted left as far as the known bases allow.
 *
 * The spelling is without anchor base (a deletion has alt "", an insertion ref ""), so that VCF, MAF and panel alleles compare
 * by equality. Tan, Abecasis and Kang 2015 (Bioinformatics 31:2202) give the procedure for the anchored form. */
#ifndef CW_IMPORT_NORMALISE_H
#define CW_IMPORT_NORMALISE_H

#include <stdbool.h>
#include <stdint.h>
#include <clonewatch/error.h>
#include "base/mem.h"

typedef struct cw_event_form {
    int64_t beg;           /* 0-based */
    const char *ref, *alt; /* upper case; one of them may be "" */
    bool open;             /* could lie further left, but the bases there are not known */
} cw_event_form;

/* The base at a position, upper case, or 0 when it is not known. */
typedef char (*cw_base_at)(void *context, const char *contig, int64_t pos);

CW_MUST_CHECK int cw_normalise(cw_arena *arena, const char *contig, int64_t beg, const char *ref, const char *alt,
                               cw_base_at base_at, void *context, cw_event_form *form, cw_err *err);
#endif
