/* Molecules worked out by hand: where alleles lie on them, and how their reads align. */
#include <criterion/criterion.h>
#include <string.h>
#include "sim/molecule.h"

/*                            0         1         2         3         4  */
/*                            0123456789012345678901234567890123456789 */
static const char reference[] = "ACGTTGCAACCGGATTACAGGCATTCAGGACTTAGCCATG"; /* lies at 100..140 */

static cw_allele allele(int64_t beg, const char *ref, const char *alt)
{
    return (cw_allele){.cwid = "x", .contig = "1", .beg = beg, .end = beg + (int64_t)strlen(ref), .ref = ref, .alt = alt, .has_locus = true};
}

static void expect(const cw_allele *a, int64_t beg, int64_t end, const char *bases, const char *cigar, int64_t pos)
{
    cw_sim_molecule m = {.n = 0};
    uint32_t ops[64];
    char text[256] = "";
    int64_t at;
    cw_sim_haplotype copy = {.share = 1, .alleles = (const cw_allele *[]){a}, .n = a != NULL};
    cw_sim_molecule_make(&m, reference, 100, beg, end, &copy, "1");
    cr_assert_eq(m.n, strlen(bases));
    cr_assert(memcmp(m.base, bases, m.n) == 0, "%.*s", (int)m.n, m.base);
    size_t n = cw_sim_molecule_cigar(&m, 0, m.n, ops, 64, &at);
    for (size_t i = 0; i < n; i++) snprintf(text + strlen(text), sizeof text - strlen(text), "%u%c", bam_cigar_oplen(ops[i]), bam_cigar_opchr(ops[i]));
    cr_assert_str_eq(text, cigar);
    cr_assert_eq(at, pos);
}

Test(molecule, reference_and_single_base)
{
    cw_allele snv = allele(110, "C", "T");
    expect(NULL, 105, 115, "GCAACCGGAT", "10M", 105);
    expect(&snv, 105, 115, "GCAACTGGAT", "10M", 105);
    expect(&snv, 111, 121, "GGATTACAGG", "10M", 111); /* not on the molecule */
}

Test(molecule, deletion_keeps_its_anchor_and_insertion_has_no_place)
{
    cw_allele del = allele(112, "GATT", "G"), ins = allele(112, "G", "GAAA");
    expect(&del, 102, 124, "GTTGCAACCGGACAGGCAT", "11M3D8M", 102);
    expect(&ins, 104, 120, "TGCAACCGGAAAATTACAG", "9M3I7M", 104);
}

Test(molecule, an_end_inside_a_deletion_moves_out_of_it)
{
    cw_allele del = allele(112, "GATT", "G");
    expect(&del, 114, 124, "ACAGGCAT", "8M", 116); /* starts behind it */
    expect(&del, 104, 114, "TGCAACCGG", "9M", 104); /* ends at the anchor: does not tell */
}

Test(molecule, an_indel_near_an_end_is_clipped_as_aligners_do)
{
    cw_allele del = allele(112, "GATT", "G"), ins = allele(112, "G", "GAAA");
    expect(&del, 109, 130, "CCGGACAGGCATTCAGGA", "4S14M", 116);
    expect(&del, 100, 120, "ACGTTGCAACCGGACAG", "13M4S", 100);
    expect(&ins, 110, 125, "CGGAAAATTACAGGCATT", "6S12M", 113);
}

Test(molecule, delins_and_block)
{
    cw_allele block = allele(110, "CG", "TA"), delins = allele(110, "CGGA", "TT");
    expect(&block, 104, 118, "TGCAACTAGATTAC", "14M", 104);
    expect(&delins, 102, 124, "GTTGCAACTTTTACAGGCAT", "10M2D10M", 102);
}
