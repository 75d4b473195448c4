/* SPDX-License-Identifier: MIT */
/* plausible.c - what finished tallies say against the choice of reference, build or options. */
#include "count/plausible.h"

/* In a wrong build REF is right at one locus in four, and with one allele listed another base is seen at two in four. In the right one a person
 * has an unlisted base on both chromosomes at next to none; a tumour, at a few of one gene. */
enum { LEAST_MOLECULES = 20, LEAST_STRANGE = 4, STRANGE_SHARE = 4, LEAST_LOCI = 8 };

typedef struct loci { size_t seen, strange, not_reference; } loci;

static void look(loci *x, int64_t reference, int64_t strange, int64_t depth)
{
    if (depth < LEAST_MOLECULES) return;
    x->seen++;
    x->strange += strange * 2 > depth;
    x->not_reference += reference * 2 < depth;
}

int cw_tallies_fit_reference(const cw_tallies *t, const cw_log *log, cw_err *err)
{
    loci x = {0};
    for (size_t i = 0; i < t->n; i++) {
        int64_t depth = t->tally[i].other;
        for (size_t k = 0; k <= t->tally[i].n_alt; k++) depth += t->tally[i].count[k];
        look(&x, t->tally[i].count[0], t->tally[i].hist_other_base, depth);
    }
    for (size_t i = 0; i < t->n_snps; i++) look(&x, t->snp_ref[i], t->snp_other[i], t->snp_ref[i] + t->snp_alt[i] + t->snp_other[i]);
    if (x.strange >= LEAST_STRANGE && x.strange * STRANGE_SHARE > x.seen)
        return cw_err_set(err, CW_EREFUSED, "at %zu of %zu loci of '%s' most molecules show a base that is neither REF nor a listed allele: wrong genome build or wrong list of sites; if both are right, give the reference (-f)",
                          x.strange, x.seen, t->input_name);
    if (x.seen >= LEAST_LOCI && x.not_reference * 2 > x.seen)
        cw_log_say(log, CW_LOG_WARNING, "at %zu of %zu loci of '%s' most molecules do not have the reference: is this the right genome build? The reference (-f) would tell",
                   x.not_reference, x.seen, t->input_name);
    return 0;
}

void cw_tallies_miss_duplicates(const cw_tallies *t, const cw_log *log)
{
    const cw_read_filter *f = &t->filter;
    if (!f->duplicate || f->duplicate * 20 < f->reads) return;
    cw_log_say(log, CW_LOG_WARNING, "'%s': %lld of %lld reads are marked as duplicates and left out, though UMI families are made of duplicates; --keep-duplicates lets all reads of a family vote",
               t->input_name, (long long)f->duplicate, (long long)f->reads);
}
