/* SPDX-License-Identifier: MIT */
/* vcf_order.h - a record among those before it: inside the rules. */
#ifndef CW_IMPORT_VCF_ORDER_H
#define CW_IMPORT_VCF_ORDER_H

#include "import/vcf_text.h"

typedef struct cw_vcf_change { int64_t beg; char *ref, *alt; size_t line; } cw_vcf_change;

typedef struct cw_vcf_order {
    char **done; size_t n_done, done_cap; /* contigs whose records have ended, and the one in work last */
    int64_t pos1;
    cw_vcf_change *window; size_t n_window, window_cap; /* changes at or behind the present position */
} cw_vcf_order;

/* alts: the ALT alleles as they stand in the record, alt_n characters each. */
CW_MUST_CHECK int cw_vcf_order_check(cw_vcf_order *r, const cw_vcf_text *t, int64_t pos1, const char *const *alts, const size_t *alt_n, size_t n_alts, cw_err *err);
void cw_vcf_order_release(cw_vcf_order *r);
#endif
