/* SPDX-License-Identifier: MIT */
/* vcf_rules.h - is this VCF what the specification (4.1 to 4.5) says a VCF is? The first fault is named with its line.
 *
 * Held against the conformance files of hts-specs. A known caller's own habits (callers.def, last column) are let pass, because its
 * fields are read by their meaning there. */
#ifndef CW_IMPORT_VCF_RULES_H
#define CW_IMPORT_VCF_RULES_H

#include "import/vcf_text.h"

typedef struct cw_vcf_rules cw_vcf_rules;
/* Faults of INFO keys that do not matter here (CW_VCF_AS_READ), and the sentence of the first. */
typedef struct cw_vcf_passed { size_t n; char first[sizeof ((cw_err *)0)->text]; } cw_vcf_passed;

/* Checks the header of t, and makes the state for its records. */
CW_MUST_CHECK int cw_vcf_rules_open(cw_vcf_rules **rules, const cw_vcf_text *t, cw_err *err);
/* Checks the record that t holds: its columns and its place among those before. */
CW_MUST_CHECK int cw_vcf_rules_check(cw_vcf_rules *rules, const cw_vcf_text *t, cw_err *err);
const cw_vcf_passed *cw_vcf_rules_passed(const cw_vcf_rules *rules);
void cw_vcf_rules_close(cw_vcf_rules *rules);

/* Number and Type that the specification reserves for a key of INFO (or FORMAT); NULL: not reserved. */
const cw_vcf_field *cw_vcf_reserved(bool info, const char *key, size_t n);

/* A fault of this INFO key: counted and cleared (0) where it does not matter, else handed on to err. */
CW_MUST_CHECK int cw_vcf_pass_info(const cw_vcf_text *t, const char *key, size_t n, cw_err *fault, cw_vcf_passed *passed, cw_err *err);

/* The header half, for cw_vcf_rules_open(). */
CW_MUST_CHECK int cw_vcf_header_check(const cw_vcf_text *t, cw_vcf_passed *passed, cw_err *err);
#endif
