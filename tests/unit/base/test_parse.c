#include <criterion/criterion.h>
#include "base/parse.h"

Test(parse, dates_are_real_calendar_days)
{
    int64_t d;
    char text[16];
    cr_assert(cw_parse_date("1970-01-01", &d) == true);
    cr_assert_eq(d, 0);
    cr_assert(cw_parse_date("2024-02-29", &d) == true);
    cr_assert_eq(d, 19782); /* date -u -d 2024-02-29 +%s / 86400 */
    cw_format_date(d, text);
    cr_assert_str_eq(text, "2024-02-29");
    const char *bad[] = {"2023-02-29", "31/02/2026", "2026-2-3", "2026-13-01", "2026-00-10", "2026-04-31", "26-01-01", "2026-01-01x", ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) cr_assert(cw_parse_date(bad[i], &d) == false, "%s", bad[i]);
}

Test(parse, every_day_of_four_centuries_round_trips)
{
    char text[16];
    for (int64_t day = -25567; day < 84006; day++) { /* 1900-01-01 .. 2199-12-31 */
        int64_t back;
        cw_format_date(day, text);
        cr_assert(cw_parse_date(text, &back) == true, "%s", text);
        cr_assert_eq(back, day);
    }
}

Test(parse, numbers_are_whole_texts)
{
    double x;
    int64_t i;
    cr_assert(cw_parse_double("-1.5e3", &x) == true);
    cr_assert_float_eq(x, -1500, 0);
    const char *bad[] = {"1,5", "nan", "inf", "0x10", " 1", "1 ", "", ".", "1e", "1e999", "--1"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) cr_assert(cw_parse_double(bad[k], &x) == false, "%s", bad[k]);
    cr_assert(cw_parse_i64("9223372036854775807", &i) == true);
    cr_assert(cw_parse_i64("9223372036854775808", &i) == false);
    cr_assert(cw_parse_i64("1e5", &i) == false);
}

Test(parse, utf8)
{
    cr_assert(cw_is_utf8("caf\xc3\xa9", 5) == true);
    cr_assert(cw_is_utf8("caf\xc3", 4) == false);
    cr_assert(cw_is_utf8("a\0b", 3) == false);
    cr_assert(cw_is_utf8("\xed\xa0\x80", 3) == false); /* surrogate */
    cr_assert(cw_is_utf8("\xc0\xaf", 2) == false);     /* overlong */
}
