/* SPDX-License-Identifier: MIT */
/* section_methods.c - what plasma cannot show, how the numbers came about, and from what. */
#include "report/sections.h"

#include <math.h>
#include <string.h>

void cw_section_limits(cw_page *page, const cw_view *view)
{
    static const char *const heading[] = {"What", "Why not from plasma", "What would show it", NULL};
    cw_text *t = &page->body;
    size_t i;
    json_t *o;
    cw_page_section(page, "limits", "What these draws cannot show");
    if (json_array_size(view->not_assessable)) {
        cw_table_open(t, "limits", "Not assessable is neither absent nor zero", heading);
        json_array_foreach((json_t *)view->not_assessable, i, o)
            cw_html(t, "<tr><th scope=\"row\">%.200s</th><td>%.300s</td><td>%.300s</td></tr>\n", cw_json_get_string(o, "what"), cw_json_get_string(o, "why"), cw_json_get_string(o, "assay"));
        cw_table_close(t);
    }
    cw_text_put(t, "<p>Loss of expression, change of lineage and protein-level mechanisms leave no mutation in cell-free DNA. A tumour that sheds little DNA can grow unseen: \xe2\x80\x9cnot detected\xe2\x80\x9d "
                   "holds only above the limit of detection that stands beside it.</p>\n");
    cw_page_end_section(page);
}

void cw_section_methods(cw_page *page, const cw_view *view)
{
    cw_text *t = &page->body;
    double alpha = cw_json_get_real(view->patient, "alpha"), confirmed = cw_json_get_real(view->patient, "alpha_confirmed");
    cw_page_section(page, "methods", "How to read the numbers");
    cw_text_put(t, "<dl class=\"methods\">\n"
        "<dt>VAF</dt><dd>Mutant molecules divided by the molecules that decide between the alleles. A molecule is one DNA fragment of the plasma: read pairs are merged and copies of one fragment count once. "
        "The interval holds the true fraction with 95 % probability.</dd>\n"
        "<dt>Limit of detection (LoD95)</dt><dd>The fraction at which this draw alone would detect the alteration in 95 of 100 cases; it follows from the number of molecules and the background rate of the site. "
        "\xe2\x80\x9cNot detected\xe2\x80\x9d never stands without it. \xe2\x80\x9cNot assessable\xe2\x80\x9d means too few molecules to say anything.</dd>\n"
        "<dt>Alarm from</dt><dd>The fraction at which this draw, after those before it, would have raised the alarm in 95 of 100 cases.</dd>\n"
        "<dt>Evidence 1 : E</dt><dd>How much more likely the counts of all draws are if a clone grows from nothing than if all of them are background, averaged over courses of growth. It may be looked at "
        "after every draw: the chance that background alone ever lifts it over E is at most 1 / E.</dd>\n");
    cw_text_put(t, "<dt>Alert and confirmed</dt><dd>Two thresholds on that evidence.");
    if (isfinite(alpha)) cw_html(t, " Alert: at most %.3g %% chance of ever being false in this patient;", 100 * alpha);
    if (isfinite(confirmed)) cw_html(t, " confirmed: at most %.3g %%.", 100 * confirmed);
    cw_text_put(t, " The bound covers all alterations and all draws together. The share of each alteration was fixed before the first draw");
    if (*cw_json_get_string(view->patient, "weights_basis")) cw_html(t, " (from: %.300s)", cw_json_get_string(view->patient, "weights_basis"));
    cw_text_put(t, ". An alarm stays.</dd>\n"
        "<dt>Watch</dt><dd>Evidence that stands out in this draw, short of an alarm; it carries no bound over the series.</dd>\n"
        "<dt>Growth</dt><dd>Doubling time or half-life within the present line of therapy, with a 90 % interval. Undetected draws enter with their counts, never as zero.</dd>\n"
        "<dt>Lead before imaging</dt><dd>From the first alert to the first progression on imaging. Both are known only to lie between two looks.</dd>\n"
        "<dt>Origin</dt><dd>CHIP (mutations of blood cells) and germline variants are told apart by white-cell counts where there are any; they raise no alarm and point to no agent.</dd>\n</dl>\n");
    cw_page_end_section(page);
}

static void row(cw_text *t, const char *term, const char *value)
{
    if (*value) cw_html(t, "<div><dt>%s</dt><dd>%.300s</dd></div>\n", term, value);
}

static void put_version(cw_text *t, const char *term, const char *name, const char *version)
{
    if (*name || *version) cw_html(t, "<div><dt>%s</dt><dd>%.120s%s%.60s</dd></div>\n", term, name, *name && *version ? " " : "", version);
}

void cw_section_provenance(cw_page *page, const cw_view *view)
{
    static const char *const heading[] = {"Input", "SHA-256", NULL};
    cw_text *t = &page->body;
    const json_t *inputs = json_object_get(view->program, "inputs");
    size_t i;
    json_t *input;
    cw_page_section(page, "provenance", "Provenance");
    cw_text_put(t, "<dl class=\"facts\">\n");
    row(t, "clonewatch", cw_json_get_string(view->program, "version"));
    row(t, "htslib", cw_json_get_string(view->program, "htslib"));
    put_version(t, "Panel", cw_json_get_string(view->program, "panel"), cw_json_get_string(view->program, "panel_version"));
    row(t, "Knowledge", cw_json_get_string(view->program, "knowledge"));
    put_version(t, "Background", cw_json_get_string(view->program, "background"), cw_json_get_bool(view->program, "background_is_default", false) ? "(built-in default)" : "");
    cw_text_put(t, "</dl>\n");
    if (*cw_json_get_string(view->program, "command")) cw_html(t, "<p>Command: <code>%.1000s</code></p>\n", cw_json_get_string(view->program, "command"));
    if (json_array_size(inputs)) {
        cw_table_open(t, "inputs", "Files read", heading);
        json_array_foreach((json_t *)inputs, i, input)
            cw_html(t, "<tr><td>%.200s</td><td><code>%.64s</code></td></tr>\n", cw_json_get_string(input, "path_basename"), cw_json_get_string(input, "sha256"));
        cw_table_close(t);
    }
    cw_text_put(t, "<p class=\"quiet\">The charts are drawn by Vega, Vega-Lite and Vega-Embed (BSD-3-Clause; their licences stand in this page's source).</p>\n");
    cw_page_end_section(page);
}
