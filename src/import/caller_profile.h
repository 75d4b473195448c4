/* SPDX-License-Identifier: MIT */
/* caller_profile.h - the counts of one record by the rules of the program that wrote it (callers.def). */
#ifndef CW_IMPORT_CALLER_PROFILE_H
#define CW_IMPORT_CALLER_PROFILE_H

#include "import/vcf_text.h"

/* Where a caller keeps its counts. */
typedef enum cw_caller_method {
    CW_COUNTS_AD, CW_COUNTS_VARDICT, CW_COUNTS_LOFREQ, CW_COUNTS_STRELKA, CW_COUNTS_FREEBAYES, CW_COUNTS_PISCES, CW_COUNTS_VARSCAN, CW_COUNTS_GBCMS3
} cw_caller_method;

typedef struct cw_caller_profile {
    const char *id;
    cw_caller_method method;
    const char *required, *marks, *own;
} cw_caller_profile;

/* What a record says of its alleles for one sample; -1: not said. Index 0 is REF, 1..n_alt the ALT alleles of the record. */
enum { CW_MAX_ALTS = 256 };
typedef struct cw_record_counts {
    int64_t count[1 + CW_MAX_ALTS], forward[1 + CW_MAX_ALTS], reverse[1 + CW_MAX_ALTS];
    int64_t depth;                /* the caller's own depth */
    int64_t base[4];              /* all four bases (A C G T) where the caller gives them, else -1 */
    double fraction[1 + CW_MAX_ALTS]; /* the caller's allele fraction; NAN: not said. [0] is unused */
} cw_record_counts;

/* name NULL or "auto": by the header. Refuses an unknown name, an unknown caller, and a header without the profile's fields. */
CW_MUST_CHECK int cw_caller_find(const cw_vcf_text *t, const char *name, const cw_caller_profile **profile, cw_err *err);

/* True when the header bears the mark of a caller that uses the key in its own way (callers.def, own). */
bool cw_caller_owns(const cw_vcf_text *t, bool info, const char *key);

/* sample: index of the sample column; ignored by callers that write none. ref and alts: REF and the split ALT of the record. */
CW_MUST_CHECK int cw_caller_counts(const cw_caller_profile *profile, const cw_vcf_text *t, size_t sample, const char *ref,
                                   const char *const *alts, size_t n_alts, cw_record_counts *counts, cw_err *err);
#endif
