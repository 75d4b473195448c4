/* Lists in one cell, and names as people spell them. */
#include <criterion/criterion.h>
#include <string.h>
#include "record/spelling.h"

static int order(const char *a, const char *b) { return cw_name_order(a, strlen(a), b, strlen(b)); }

Test(spelling, names_that_are_the_same_stand_together)
{
    const char *const same[] = {"T-DM1", "tdm 1", "T_DM\t1", "(T) DM1"}, *const rising[] = {"", "a", "a-b", "ab c", "b"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
            cr_expect_eq(order(same[i], same[k]), 0, "%s %s", same[i], same[k]);
            cr_expect(cw_same_name(same[i], strlen(same[i]), same[k], strlen(same[k])));
        }
    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++)
        for (size_t k = 0; k < sizeof rising / sizeof *rising; k++)
            cr_expect_eq(order(rising[i], rising[k]), (i > k) - (i < k), "%s %s", rising[i], rising[k]);
}

Test(spelling, changes_with_and_without_their_letter)
{
    cr_expect(cw_same_change("p.T790M", 7, "t790m", 5));
    cr_expect(cw_same_change(" c.35G>A", 8, "35g>a", 5));
    cr_expect_not(cw_same_change("", 0, "p.", 2));
    char out[32];
    cr_expect_eq(cw_one_letter("p.Lys267ArgfsTer9", 17, out), strlen("p.K267Rfs*9"));
    cr_expect_str_eq(out, "p.K267Rfs*9");
}

Test(spelling, parts_of_a_list)
{
    const char *rest = " a ;;b c";
    cw_part p;
    cr_expect(cw_part_next(&rest, ';', &p) && cw_part_is(p, "a"));
    cr_expect(cw_part_next(&rest, ';', &p) && p.n == 0);
    cr_expect(cw_part_next(&rest, ';', &p) && cw_part_is(p, "b c"));
    cr_expect_not(cw_part_next(&rest, ';', &p));
    cr_expect(cw_list_has("x; y", "y") && !cw_list_has("x; yy", "y"));
    cr_expect(cw_are_bases("ACGT") && !cw_are_bases("") && !cw_are_bases("ACN") && !cw_are_bases("a"));
}
