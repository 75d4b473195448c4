#include <criterion/criterion.h>
#include <clonewatch/background.h>
#include "record/contigs.h"

/* Sums over 1..22, X, Y of the two assemblies, as NCBI states them for the primary chromosomes. */
Test(contigs, lengths_add_up_to_the_assemblies)
{
    int64_t sum37 = 0, sum38 = 0;
    for (size_t i = 0; i < 24; i++) {
        sum37 += cw_contig_length(CW_BUILD_GRCH37, i);
        sum38 += cw_contig_length(CW_BUILD_GRCH38, i);
    }
    cr_assert_eq(sum37, 3095677412);
    cr_assert_eq(sum38, 3088269832);
    cr_assert_eq(cw_contig_length(CW_BUILD_UNKNOWN, 0), 0);
}

Test(contigs, names_with_and_without_chr)
{
    cr_assert_eq(cw_contig_find("chrX"), 22);
    cr_assert_eq(cw_contig_find("X"), 22);
    cr_assert_eq(cw_contig_find("chrM"), 24);
    cr_assert_eq(cw_contig_find("MT"), 24);
    cr_assert_eq(cw_contig_find("chr23"), -1);
    cr_assert_eq(cw_contig_find("GL000191.1"), -1);
}

Test(contigs, one_plain_name_whatever_the_style)
{
    const char *const same[][2] = {{"chr7", "7"}, {"chrM", "MT"}, {"M", "MT"}, {"chrMT", "MT"}, {"chr", "chr"}, {"GL000191.1", "GL000191.1"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) cr_expect_str_eq(cw_plain_contig(same[i][0]), same[i][1]);
    const cw_bg_site ucsc = {.contig = "chrM", .beg = 9, .ref = "A", .alt = "G"}, ensembl = {.contig = "MT", .beg = 9, .ref = "A", .alt = "G"};
    cr_expect_eq(cw_bg_site_compare(&ucsc, &ensembl), 0);
}
