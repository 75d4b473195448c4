/* Text of others on a page: escaped, tamed, cut. Expected strings follow from HTML's and Unicode's own rules. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>
#include "report/text.h"

#define SAYS(expected, ...) \
    do { \
        cw_text t = {0}; \
        cw_html(&t, __VA_ARGS__); \
        cr_assert_not(t.failed); \
        cr_assert_str_eq(cw_text_string(&t), expected); \
        cw_text_release(&t); \
    } while (0)

Test(text, every_string_is_escaped_and_the_format_is_not)
{
    SAYS("<b>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</b>", "<b>%s</b>", "<script>alert('x')</script>");
    SAYS("<p title=\"&quot;onload=&quot;\">", "<p title=\"%s\">", "\"onload=\"");
    SAYS("&amp;#60;", "%s", "&#60;");
    SAYS("%n%s 100 % 7", "%s %d %% %zu", "%n%s", 100, (size_t)7);
    SAYS("", "%s", "");
}

Test(text, numbers_keep_their_specification)
{
    SAYS("-5 +0.50 1e+10  7 9999999999 x", "%d %+.2f %g %2d %lld %c", -5, 0.5, 1e10, 7, 9999999999LL, 'x');
}

Test(text, characters_that_mislead_are_spelled_out)
{
    SAYS("a[U+202E]b", "%s", "a\xe2\x80\xae" "b");            /* right-to-left override */
    SAYS("[U+2066][U+2069]", "%s", "\xe2\x81\xa6\xe2\x81\xa9"); /* isolates */
    SAYS("[U+0007][U+001B][U+007F]", "%s", "\a\x1b\x7f");
    SAYS("[U+200B][U+FEFF][U+00AD]", "%s", "\xe2\x80\x8b\xef\xbb\xbf\xc2\xad"); /* invisible */
    SAYS("[U+0085]", "%s", "\xc2\x85");
    SAYS("\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\xa7\xac", "%s", "\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\xa7\xac"); /* letters of any script stay */
}

Test(text, bytes_that_are_no_utf8_become_replacement_characters)
{
    SAYS("\xef\xbf\xbd" "a", "%s", "\xff" "a");
    SAYS("\xef\xbf\xbd\xef\xbf\xbd", "%s", "\xc0\xaf");         /* overlong '/' */
    SAYS("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "%s", "\xed\xa0\x80"); /* surrogate */
    SAYS("\xef\xbf\xbd\xef\xbf\xbd", "%s", "\xe2\x82");         /* cut */
    SAYS("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "%s", "\xf4\x90\x80\x80"); /* beyond U+10FFFF */
}

Test(text, long_strings_are_cut_by_characters)
{
    SAYS("\xc3\xa9\xc3\xa9\xe2\x80\xa6", "%.2s", "\xc3\xa9\xc3\xa9\xc3\xa9");
    SAYS("ab", "%.2s", "ab");
    static char huge[1000001];
    memset(huge, 'x', sizeof huge - 1);
    cw_text t = {0};
    cw_html(&t, "%s", huge);
    cr_assert_eq(t.n, 4003); /* 4000 characters and the ellipsis */
    cw_text_release(&t);
}

Test(text, a_conversion_that_is_none_is_a_failure_not_a_guess)
{
    cw_text t = {0};
    char format[] = "%"; /* not a literal: the compiler would refuse it */
    const char *f = format;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-security"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    cw_html(&t, f);
#pragma GCC diagnostic pop
    cr_assert(t.failed);
    cw_err err = {0};
    cr_assert_eq(cw_text_failed(&t, &err), CW_ENOMEM);
    cw_text_release(&t);
}
