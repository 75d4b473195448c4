/* SPDX-License-Identifier: MIT */
/* page.c - text between the fixed pieces of page.html. */
#include "report/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/out.h"
#include "report/assets.h"

static const char research_use[] =
    "For research use only. This page describes laboratory measurements and published knowledge; it is not a diagnosis and not a treatment recommendation.";

void cw_page_open(cw_page *page, const char *heading, const char *subtitle)
{
    cw_html(&page->body, "<header class=\"masthead\">\n<p class=\"programme\">clonewatch</p>\n<h1>%.200s</h1>\n", heading);
    if (subtitle && *subtitle) cw_html(&page->body, "<p class=\"subtitle\">%.300s</p>\n", subtitle);
    cw_html(&page->body, "<p class=\"research\">%s</p>\n</header>\n<main>\n", research_use);
}

void cw_page_section(cw_page *page, const char *id, const char *heading)
{
    cw_html(&page->body, "<section id=\"%s\" aria-labelledby=\"%s-heading\">\n<h2 id=\"%s-heading\">%s</h2>\n", id, id, id, heading);
}

void cw_page_end_section(cw_page *page) { cw_text_put(&page->body, "</section>\n"); }

static void add_chart(cw_page *page, const char *id, json_t *stolen_spec)
{
    json_t *chart = json_pack("{s:s, s:o}", "id", id, "spec", stolen_spec);
    if (!page->charts) page->charts = json_array();
    if (!chart || !page->charts || json_array_append_new(page->charts, chart) != 0) page->failed = true;
}

void cw_page_chart_still(cw_page *page, const char *id, const char *caption, const char *alt, json_t *stolen_spec, const cw_text *still)
{
    cw_text *t = &page->body;
    cw_html(t, "<figure>\n<figcaption>%s</figcaption>\n<div class=\"chart\" id=\"%s\" role=\"img\" aria-label=\"%s\">", caption, id, alt);
    if (still) {
        cw_text_put(t, "<div class=\"still\">\n");
        cw_text_put_n(t, cw_text_string(still), still->n);
        cw_text_put(t, "</div>");
    } else {
        cw_text_put(t, "<noscript><p>This chart is drawn by a script, which this browser does not run; the tables hold the same numbers.</p></noscript>");
    }
    cw_text_put(t, "</div>\n</figure>\n");
    add_chart(page, id, stolen_spec);
}

void cw_page_chart(cw_page *page, const char *id, const char *caption, const char *alt, json_t *stolen_spec)
{
    cw_page_chart_still(page, id, caption, alt, stolen_spec, NULL);
}

json_t *cw_page_string(cw_page *page, const char *s, size_t max)
{
    cw_text t = {0};
    cw_text_put_tame(&t, s ? s : "", max);
    json_t *value = t.failed ? NULL : json_string(cw_text_string(&t));
    if (!value) page->failed = true;
    cw_text_release(&t);
    return value;
}

/* '<' must not occur in the data island: "</script" and "<!--" would change how the rest of the page is read. */
static int write_island(const json_t *charts, FILE *file, cw_err *err)
{
    char *text = NULL;
    size_t n = 0;
    int status = cw_json_dump(charts, 0, &text, &n, err);
    if (status < 0) return status;
    for (char *p = text, *end = text + n; p < end;) {
        size_t run = strcspn(p, "<");
        fwrite(p, 1, run, file);
        p += run;
        if (*p == '<') fputs("\\u003c", file), p++;
        else break;
    }
    free(text);
    return 0;
}

static void write_piece(int piece, FILE *file) { fwrite(cw_page_piece[piece].bytes, 1, cw_page_piece[piece].n, file); }

int cw_page_write(cw_page *page, const char *path, cw_err *err)
{
    cw_out out = {0};
    cw_text title = {0};
    cw_html(&page->body, "</main>\n<footer><p class=\"research\">%s</p></footer>\n", research_use);
    cw_html(&title, "%.120s", page->title);
    int status = page->failed ? cw_err_nomem(err) : cw_text_failed(&page->body, err);
    if (status == 0) status = cw_text_failed(&title, err);
    if (status == 0) status = cw_out_open(&out, path, err);
    if (status < 0) goto done;
    write_piece(CW_PAGE_TO_TITLE, out.file);
    fputs(cw_text_string(&title), out.file);
    write_piece(CW_PAGE_TO_BODY, out.file);
    fwrite(cw_text_string(&page->body), 1, page->body.n, out.file);
    if (page->charts) { /* a page without charts carries no script at all */
        write_piece(CW_PAGE_TO_DATA, out.file);
        status = write_island(page->charts, out.file, err);
        write_piece(CW_PAGE_SCRIPTS, out.file);
    }
    write_piece(CW_PAGE_END, out.file);
    if (status == 0) status = cw_out_commit(&out, err); /* checks the stream's error flag */
done:
    cw_out_abort(&out);
    cw_text_release(&title);
    return status;
}

void cw_page_release(cw_page *page)
{
    cw_text_release(&page->body);
    json_decref(page->charts);
    page->charts = NULL;
}
