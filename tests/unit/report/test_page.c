/* The page's frame and the documents it refuses; the documentation's column tables. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/digest.h"
#include "report/page.h"
#include "report/report.h"

/* Pages are synced to disk; in memory that costs nothing. */
static const char *memory_path(const char *name)
{
    static char path[2][100];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%ld-%s", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid(), name);
    return path[turn];
}

static char *written(cw_page *page, size_t *n)
{
    const char *path = memory_path("page.html");
    char *text;
    cw_err err = {0};
    cr_assert_eq(cw_page_write(page, path, &err), 0, "%s", err.text);
    cr_assert_eq(cw_read_file(path, 1 << 24, &text, n, NULL, &err), 0, "%s", err.text);
    unlink(path);
    return text;
}

Test(page, no_byte_of_the_data_can_end_its_island)
{
    cw_page page = {.title = "</title><script>x</script>"};
    size_t n;
    cw_page_open(&page, "h", "s");
    json_t *spec = json_object();
    json_object_set_new(spec, "a", cw_page_string(&page, "</script><!--<script>\xe2\x80\xae", 100));
    cw_page_chart(&page, "c", "<caption>", "\"alt", spec);
    char *text = written(&page, &n), *island = strstr(text, "id=\"charts\">"), *end = island ? strstr(island, "</script>") : NULL;
    cr_assert(island && end);
    *end = '\0';
    island += strlen("id=\"charts\">");
    cr_assert_null(strchr(island, '<'));
    json_t *back = json_loads(island, 0, NULL); /* and it is still the same data */
    cr_assert_str_eq(json_string_value(json_object_get(json_object_get(json_array_get(back, 0), "spec"), "a")), "</script><!--<script>[U+202E]");
    cr_assert_not_null(strstr(text, "<title>&lt;/title&gt;&lt;script&gt;x&lt;/script&gt;</title>"));
    cr_assert_not_null(strstr(text, "<figcaption>&lt;caption&gt;</figcaption>"));
    cr_assert_not_null(strstr(text, "aria-label=\"&quot;alt\""));
    json_decref(back);
    free(text);
    cw_page_release(&page);
}

Test(page, without_a_chart_there_is_no_script)
{
    cw_page page = {.title = "t"};
    size_t n;
    cw_page_open(&page, "h", NULL);
    char *text = written(&page, &n);
    cr_assert_null(strstr(text, "<script"));
    cr_assert(n < 20000, "%zu", n);
    free(text);
    cw_page_release(&page);
}

Test(page, curves_leave_out_what_a_log_axis_cannot_hold)
{
    cw_page page = {.title = "t"};
    const cw_xy rows[] = {{"a", 1, 0.5, 0.4, 0.6}, {"a", 0, 0.5, NAN, NAN}, {"a", 2, 0, 0, 0.1}, {"b", 3, NAN, NAN, NAN}, {"b", 4, 0.1, 0, 0.2}};
    const cw_xy_axes axes = {.x_title = "x", .y_title = "y", .x_log = true, .y_log = true, .rule = 0.95, .rule_label = "95 %"};
    json_t *spec = cw_page_xy_spec(&page, &axes, rows, 5), *values = json_object_get(json_object_get(spec, "data"), "values");
    cr_assert_eq(json_array_size(values), 2);
    cr_assert(json_is_real(json_object_get(json_array_get(values, 0), "lo")));
    cr_assert(json_is_null(json_object_get(json_array_get(values, 1), "lo"))); /* an interval down to 0 has no end on the axis */
    cr_assert_eq(json_array_size(json_object_get(spec, "layer")), 5);
    cr_assert(!page.failed);
    json_decref(spec);
    cw_page_release(&page);
}

static void refused(const char *text)
{
    cw_err err = {0};
    json_t *json = json_loads(text, 0, NULL);
    cr_assert_eq(cw_report_html(json, "/nonexistent/never", &err), CW_EFORMAT, "%s: %s", text, err.text);
    json_decref(json);
}

Test(page, documents_of_another_kind_are_refused_before_anything_is_written)
{
    refused("[]");
    refused("{\"patient\": \"P\"}");
    refused("{\"patient\": {}, \"draws\": [1]}");
    refused("{\"patient\": {}, \"alterations\": [[]]}");
}

/* Any type in any place: a wrong one reads as "does not apply", and nothing breaks. */
Test(page, wrong_types_inside_do_not_break_the_page)
{
    static const char *const values[] = {"null", "1", "1e308", "-1", "\"x\"", "[]", "[1,\"a\",{}]", "{}", "{\"a\":1}", "true"};
    static const char *const places[] = {
        "{\"patient\":{\"id\":%s,\"alpha\":%s},\"notices\":%s}", "{\"patient\":{},\"draws\":[{\"id\":\"D\",\"day\":%s,\"date\":%s,\"qc\":%s}]}",
        "{\"patient\":{},\"draws\":[{\"id\":\"D\",\"day\":1}],\"alterations\":[{\"id\":\"a\",\"status\":\"emerging\",\"evidence\":%s,\"forecast\":%s,\"points\":[{\"draw\":\"D\",\"state\":\"detected\",\"vaf\":%s}]}]}",
        "{\"patient\":{},\"draws\":[{\"id\":\"D\",\"day\":1}],\"alterations\":[{\"id\":\"a\",\"status\":\"stable\",\"doubling_days\":%s,\"first_alarm\":%s,\"points\":%s}]}",
        "{\"patient\":{},\"clones\":[{\"id\":%s,\"alterations\":%s,\"trajectory\":%s}]}", "{\"patient\":{},\"advice\":[{\"verdict\":\"points_to\",\"covers\":%s,\"level\":%s,\"citations\":%s}]}",
        "{\"patient\":{},\"alarms\":[{\"what\":%s,\"day\":%s,\"ln_e\":%s}]}", "{\"patient\":{},\"response\":{\"mixed\":%s,\"resistance_to_driver\":%s,\"mrd\":%s}}",
        "{\"patient\":{},\"clonewatch\":{\"inputs\":%s,\"command\":%s},\"phases\":%s}"};
    const char *html = memory_path("wrong-types.html"), *tsv = memory_path("wrong-types.tsv");
    for (size_t p = 0; p < sizeof places / sizeof *places; p++)
        for (size_t a = 0; a < 20; a++) {
            char text[1024];
            cw_err err = {0};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            snprintf(text, sizeof text, places[p], values[a % 10], values[(3 * a + a / 10) % 10], values[(7 * a + 2 * (a / 10)) % 10]);
#pragma GCC diagnostic pop
            json_t *json = json_loads(text, 0, NULL);
            cr_assert_not_null(json, "%s", text);
            int status = cw_report_html(json, html, &err);
            cr_assert(status == 0 || status == CW_EFORMAT, "%s: %s", text, err.text);
            cr_assert(cw_report_series_tsv(json, tsv, &err) == status);
            json_decref(json);
        }
    unlink(html);
    unlink(tsv);
}

/* One of everything: what is said once is said in the singular. */
Test(page, one_is_not_written_as_many)
{
    static const char *const many[] = {"days", "draws", "alterations", "molecules", "nodes", "lines", "alarms", "findings"};
    const char *path = memory_path("one.html");
    char *text;
    size_t n;
    cw_err err = {0};
    json_t *json = json_loads(
        "{\"patient\":{\"id\":\"P\",\"alpha\":0.05},\"draws\":[{\"id\":\"D\",\"sample\":\"D\",\"day\":0},{\"id\":\"E\",\"sample\":\"E\",\"day\":1}],"
        "\"lines\":[{\"id\":\"L1\",\"agents\":[\"osimertinib\"],\"start\":0,\"stop\":null}],\"imaging\":[{\"date\":2,\"result\":\"PD\",\"progression\":true}],"
        "\"alarms\":[{\"level\":\"alert\",\"kind\":\"emergence\",\"what\":\"a\",\"day\":1,\"draw\":\"E\",\"ln_e\":9}],"
        "\"alterations\":[{\"id\":\"a\",\"status\":\"emerging\",\"first_alarm\":0,\"lead_days\":1,\"lead_interval\":[1,1],\"doubling_days\":[1,null,null],"
        "\"growth\":[{\"line\":\"L1\",\"p_rising\":0.5}],"
        "\"points\":[{\"draw\":\"D\",\"state\":\"below_lod\",\"alt\":1,\"depth\":1,\"vaf\":1,\"lod\":0.1},{\"draw\":\"E\",\"state\":\"detected\",\"alt\":1,\"depth\":1,\"vaf\":1,\"lod\":0.1}]},"
        "{\"id\":\"b\",\"status\":\"not_assessable\",\"points\":[]}],"
        "\"phases\":[{\"a\":\"a\",\"b\":\"a\",\"cis\":1,\"trans_a\":1,\"trans_b\":1}],\"nodes\":[{\"node\":\"n\",\"status\":\"not_detected\",\"alterations\":[]}],"
        "\"findings\":[{\"id\":\"F1\",\"alteration\":\"a\"}]}", 0, NULL);
    cr_assert_not_null(json);
    cr_assert_eq(cw_report_html(json, path, &err), 0, "%s", err.text);
    cr_assert_eq(cw_read_file(path, 1 << 24, &text, &n, NULL, &err), 0, "%s", err.text);
    for (const char *p = text; (p = strstr(p, "1 ")); p += 2) { /* "1 days", not "11 days" or "0.1 days" */
        if (p > text && ((p[-1] >= '0' && p[-1] <= '9') || p[-1] == '.')) continue;
        for (size_t i = 0; i < sizeof many / sizeof *many; i++)
            cr_expect(strncmp(p + 2, many[i], strlen(many[i])), "%.*s", 60, p);
    }
    cr_expect_not_null(strstr(text, "over 1 day<"));
    cr_expect_not_null(strstr(text, "1 day (0.1 weeks) before progression on imaging (between 1 day before and 1 day before)"));
    cr_expect_not_null(strstr(text, "doubles in 1 day at the fastest"));
    cr_expect_not_null(strstr(text, ">1 day</td>"));
    cr_expect_not_null(strstr(text, "The rest of the panel: 1 alteration followed"));
    unlink(path);
    free(text);
    json_decref(json);
}

/* What an agent does not answer stands beside the clone that it leaves; a clone that may be several says so; molecules tell what lies on what. */
Test(page, clones_and_what_agents_answer)
{
    const char *path = memory_path("clones.html");
    char *text;
    size_t n;
    cw_err err = {0};
    json_t *json = json_loads(
        "{\"patient\":{\"id\":\"P\",\"alpha\":0.05},\"draws\":[{\"id\":\"D\",\"sample\":\"D\",\"day\":0}],"
        "\"alterations\":[{\"id\":\"a\",\"gene\":\"ERBB2\",\"name\":\"amplification\",\"status\":\"emerging\",\"points\":[]},"
        "{\"id\":\"b\",\"gene\":\"ESR1\",\"name\":\"p.Y537S\",\"status\":\"emerging\",\"points\":[]}],"
        "\"clones\":[{\"id\":\"C1\",\"alterations\":[\"a\",\"b\"],\"co_membership\":0.62,\"trajectory\":[0.1],\"status\":\"emerging\"}],"
        "\"phases\":[{\"a\":\"a\",\"b\":\"b\",\"cis\":43,\"trans_a\":18,\"trans_b\":0},{\"a\":\"a\",\"b\":\"b\",\"cis\":0,\"trans_a\":9,\"trans_b\":8},"
        "{\"a\":\"a\",\"b\":\"b\",\"cis\":1,\"trans_a\":18,\"trans_b\":0}],"
        "\"advice\":[{\"id\":\"V\",\"agent\":\"pyrotinib\",\"verdict\":\"points_to\",\"covers\":[],\"leaves\":[\"C1\"],\"unanswered\":[\"b\"],\"citations\":[]}]}", 0, NULL);
    cr_assert_not_null(json);
    cr_assert_eq(cw_report_html(json, path, &err), 0, "%s", err.text);
    cr_assert_eq(cw_read_file(path, 1 << 24, &text, &n, NULL, &err), 0, "%s", err.text);
    cr_expect_not_null(strstr(text, "not answered: ESR1 p.Y537S</span></td>"));
    cr_expect_not_null(strstr(text, "together 0.62: may be several clones"));
    cr_expect_not_null(strstr(text, "0.62<br><span class=\"quiet\">may be several clones</span>"));
    cr_expect_not_null(strstr(text, "43 molecules carry both (in cis), 18 only the first, 0 only the second; the second arose on molecules of the first."));
    cr_expect_not_null(strstr(text, "9 only the first, 8 only the second; in trans: never on one molecule, though both may lie in the same cells."));
    cr_expect_not_null(strstr(text, "1 molecule carries both (in cis), 18 only the first, 0 only the second.")); /* one may be an error */
    unlink(path);
    free(text);
    json_decref(json);
}

#define CW_COLUMN(name, meaning) "| `" #name "` | " meaning " |\n"
static const char *const documented[] = {
#include "report/series.def"
    ,
#include "report/clones.def"
    ,
#include "report/findings.def"
    ,
#include "report/cohort.def"
};
#undef CW_COLUMN

Test(page, the_documentation_has_the_columns_of_the_tables)
{
    char *text;
    size_t n;
    cw_err err = {0};
    cr_assert_eq(cw_read_file(CW_SOURCE_DIR "/docs/report.md", 1 << 24, &text, &n, NULL, &err), 0, "%s", err.text);
    for (size_t i = 0; i < sizeof documented / sizeof *documented; i++) cr_assert_not_null(strstr(text, documented[i]), "not in docs/report.md:\n%s", documented[i]);
    free(text);
}
