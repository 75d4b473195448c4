/* SPDX-License-Identifier: MIT */
/* Reads that two files have in common, against all of them compared with all. */
#include <criterion/criterion.h>
#include <htslib/sam.h>
#include "count/copies.h"

static void note(cw_copies *c, uint64_t name)
{
    bam1_t b = {0};
    b.core.pos = (int64_t)(name % 97);
    cw_copies_note(c, &b, name);
}

/* n reads by name from first on, in two samples that are joined. */
static cw_copies sample(uint64_t first, uint64_t n)
{
    cw_copies c, half;
    cw_err err = {0};
    cr_assert(cw_copies_open(&c, &err) == 0 && cw_copies_open(&half, &err) == 0);
    for (uint64_t i = 0; i < n; i++) note(i % 3 ? &c : &half, first + i);
    cw_copies_join(&c, &half);
    cw_copies_release(&half);
    return c;
}

Test(copies, small_files_are_compared_whole)
{
    size_t of = 0;
    cw_copies a = sample(0, 100), b = sample(90, 30);
    cr_expect_eq(cw_copies_shared(&a, &b, &of), 10);
    cr_expect_eq(of, 30);
    cw_copies_release(&a);
    cw_copies_release(&b);
}

Test(copies, a_sample_of_large_files_holds_the_same_reads_of_each)
{
    size_t of = 0, shared = 0;
    cw_copies a = sample(0, 100000), b = sample(60000, 200000); /* 40,000 in common, 40 % of the smaller file */
    cr_assert(a.n <= CW_COPIES_KEPT && b.n <= CW_COPIES_KEPT);
    const size_t said = cw_copies_shared(&a, &b, &of);
    for (size_t i = 0; i < a.n; i++)
        for (size_t j = 0; j < b.n; j++) shared += a.hash[i] == b.hash[j];
    cr_expect_eq(said, shared);
    cr_expect_eq(a.limit, b.limit);
    /* of about 3,000 sampled reads of the smaller file; 0.04 is more than four standard errors */
    cr_expect(of > 1000 && (double)said / (double)of > 0.36 && (double)said / (double)of < 0.44, "%zu of %zu", said, of);
    cw_copies other = sample(1000000, 50000);
    cr_expect_eq(cw_copies_shared(&a, &other, &of), 0);
    cw_copies_release(&a);
    cw_copies_release(&b);
    cw_copies_release(&other);
}
