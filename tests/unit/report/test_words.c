/* Numbers as people read them. Worked by hand. */
#include <criterion/criterion.h>
#include <math.h>
#include "report/words.h"

#define NBSP "\xc2\xa0"
#define THIN "\xe2\x80\xaf"
#define DASH "\xe2\x80\x93"

Test(words, percent_has_two_significant_digits_and_no_exponent)
{
    cr_assert_str_eq(cw_words_percent(0.00012345).s, "0.012" NBSP "%");
    cr_assert_str_eq(cw_words_percent(0.0000012).s, "0.00012" NBSP "%");
    cr_assert_str_eq(cw_words_percent(0.0314).s, "3.14" NBSP "%");
    cr_assert_str_eq(cw_words_percent(0.497).s, "49.7" NBSP "%");
    cr_assert_str_eq(cw_words_percent(1).s, "100" NBSP "%");
    cr_assert_str_eq(cw_words_percent(0).s, "0" NBSP "%");
    cr_assert_str_eq(cw_words_percent(NAN).s, DASH);
}

Test(words, counts_are_grouped_from_five_digits)
{
    cr_assert_str_eq(cw_words_count(9999).s, "9999");
    cr_assert_str_eq(cw_words_count(12345).s, "12" THIN "345");
    cr_assert_str_eq(cw_words_count(1234567).s, "1" THIN "234" THIN "567");
    cr_assert_str_eq(cw_words_count(-12345).s, "-12" THIN "345");
    cr_assert_str_eq(cw_words_count(NAN).s, DASH);
}

Test(words, evidence_reads_as_odds_for_or_against)
{
    cr_assert_str_eq(cw_words_evidence(log(800)).s, "1" NBSP ":" NBSP "800");
    cr_assert_str_eq(cw_words_evidence(log(12345)).s, "1" NBSP ":" NBSP "12" THIN "000");
    cr_assert_str_eq(cw_words_evidence(log(3.2)).s, "1" NBSP ":" NBSP "3.2");
    cr_assert_str_eq(cw_words_evidence(-log(20)).s, "20" NBSP ":" NBSP "1 against");
    cr_assert_str_eq(cw_words_evidence(0).s, "1" NBSP ":" NBSP "1.0");
    cr_assert_str_eq(cw_words_evidence(16.5 * log(10)).s, "1" NBSP ":" NBSP "10\xc2\xb9\xe2\x81\xb6"); /* 10 to the 16th */
    cr_assert_str_eq(cw_words_evidence(1e6).s, "1" NBSP ":" NBSP "10\xe2\x81\xb4\xc2\xb3\xe2\x81\xb4\xc2\xb2\xe2\x81\xb9\xe2\x81\xb4"); /* 434294 */
    cr_assert_str_eq(cw_words_evidence(NAN).s, DASH);
}

Test(words, ranges_say_when_an_end_is_missing)
{
    cr_assert_str_eq(cw_words_range((cw_range){11.2, 15.4, 24.8}, "days").s, "15.4 (11.2 to 24.8) days");
    cr_assert_str_eq(cw_words_range((cw_range){11.2, 15.4, NAN}, "days").s, "15.4 (from 11.2, no upper end) days");
    cr_assert_str_eq(cw_words_range((cw_range){11.2, NAN, NAN}, "days").s, "longer than 11.2 days");
    cr_assert_str_eq(cw_words_range((cw_range){NAN, NAN, NAN}, "days").s, DASH);
    cr_assert_str_eq(cw_words_days(84).s, "84 days (12.0 weeks)");
    cr_assert_str_eq(cw_words_days(1).s, "1 day (0.1 weeks)");
    cr_assert_str_eq(cw_words_days(0.6).s, "1 day (0.1 weeks)");
    cr_assert_str_eq(cw_words_days(0).s, "0 days (0.0 weeks)");
}

static void point_says(const char *json, const char *expected)
{
    json_t *point = json_loads(json, 0, NULL);
    cr_assert_not_null(point);
    cr_assert_str_eq(cw_words_point(point).s, expected);
    json_decref(point);
}

Test(words, absent_not_assessable_and_zero_are_three_things)
{
    point_says("{\"state\":\"detected\",\"vaf\":0.0012,\"alt\":12,\"depth\":10000,\"lod\":0.0005}", "0.12" NBSP "% (12 of 10" THIN "000 molecules)");
    point_says("{\"state\":\"detected\",\"vaf\":0.0012,\"alt\":null}", "0.12" NBSP "%");
    point_says("{\"state\":\"below_lod\",\"vaf\":0.0001,\"alt\":1,\"depth\":10000,\"lod\":0.0005}", "below LoD 0.050" NBSP "% (1 of 10" THIN "000 molecules)");
    point_says("{\"state\":\"not_detected\",\"vaf\":0,\"alt\":0,\"depth\":10000,\"lod\":0.0005}", "not detected, LoD 0.050" NBSP "%");
    point_says("{\"state\":\"not_detected\",\"lod\":null}", "not detected, LoD unknown");
    point_says("{\"state\":\"not_reported\"}", "not reported");
    point_says("{\"state\":\"not_assessable\",\"vaf\":0,\"alt\":0}", "not assessable");
    point_says("{}", "not assessable");
}
