/* SPDX-License-Identifier: MIT */
/* multiqc.c - custom content for MultiQC: columns of the general table and a table of alterations per draw, and one line graph per
 * patient in the files of the last draw. MultiQC merges files by their id, so each task of a pipeline may write its own. */
#include "report/report.h"

#include <math.h>
#include <string.h>
#include "base/out.h"
#include "report/page.h"
#include "report/view.h"

typedef struct maker { const cw_view *view; const char *folder; cw_page strings; cw_json j; cw_err *err; } maker;

/* MultiQC up to the middle of 2026 puts names and cells into its page as they are (MultiQC pull request 3646), later ones escape them: entities
 * would be wrong in one of the two. So what HTML gives a meaning is replaced by its like; '>' alone has none, and stands in c.5A>G. */
static json_t *tame(maker *m, const char *s)
{
    static const char marked[] = "<\"'&", *const like[] = {"\xe2\x80\xb9", "\xe2\x80\x9d", "\xe2\x80\x99", "\xef\xbc\x86"};
    json_t *plain = cw_page_string(&m->strings, s, 120);
    cw_text t = {0};
    for (const char *p = plain ? json_string_value(plain) : ""; *p;) {
        size_t n = strcspn(p, marked);
        cw_text_format(&t, "%.*s", (int)n, p);
        p += n;
        if (*p) cw_text_put(&t, like[strchr(marked, *p++) - marked]);
    }
    json_decref(plain);
    json_t *value = t.failed ? NULL : json_string(cw_text_string(&t));
    if (!value) m->strings.failed = true;
    cw_text_release(&t);
    return value;
}

static json_t *section(maker *m, const char *id, const char *name, const char *plot, const char *description)
{
    json_t *o = cw_json_object(&m->j);
    cw_json_set_string(&m->j, o, "id", id);
    cw_json_set_string(&m->j, o, "parent_id", "clonewatch");
    cw_json_set_string(&m->j, o, "parent_name", "clonewatch");
    cw_json_set_string(&m->j, o, "parent_description", "Emerging resistant clones in serial plasma draws. For research use only.");
    cw_json_set_string(&m->j, o, "section_name", name);
    cw_json_set_string(&m->j, o, "description", description);
    cw_json_set_string(&m->j, o, "plot_type", plot);
    return o;
}

/* FOLDER/SAMPLE.clonewatch_SECTION_mqc.json; takes the document. */
static int write_section(maker *m, const json_t *draw, const char *name, json_t *stolen)
{
    char sample[256];
    cw_text path = {0};
    int status = cw_safe_name(cw_json_get_string(draw, "sample"), sample, sizeof sample, m->err);
    cw_text_format(&path, "%s/%s.clonewatch_%s_mqc.json", m->folder, sample, name);
    if (status == 0) status = cw_text_failed(&path, m->err);
    if (status == 0) status = cw_json_failed(&m->j, m->err);
    if (status == 0 && m->strings.failed) status = cw_err_nomem(m->err);
    if (status == 0) status = cw_json_write(stolen, 2, cw_text_string(&path), m->err);
    cw_text_release(&path);
    json_decref(stolen);
    return status;
}

static void set_named(maker *m, json_t *object, const char *name, json_t *stolen)
{
    json_t *key = tame(m, name);
    cw_json_set(&m->j, object, key ? json_string_value(key) : "", stolen);
    json_decref(key);
}

static json_t *column(maker *m, const char *key, const char *title, const char *description, const char *format)
{
    json_t *wrapped = cw_json_object(&m->j), *o = cw_json_object(&m->j);
    cw_json_set_string(&m->j, o, "title", title);
    cw_json_set_string(&m->j, o, "description", description);
    cw_json_set_string(&m->j, o, "namespace", "clonewatch");
    cw_json_set_string(&m->j, o, "format", format);
    cw_json_set_int(&m->j, o, "min", 0);
    cw_json_set(&m->j, wrapped, key, o);
    return wrapped;
}

static int write_general(maker *m, const json_t *draw)
{
    json_t *doc = section(m, "clonewatch_general", "clonewatch", "generalstats", "Plasma draws"), *columns = cw_json_array(&m->j), *data = cw_json_object(&m->j),
           *row = cw_json_object(&m->j);
    int64_t detected = 0, assessable = 0;
    size_t i;
    json_t *alteration;
    json_array_foreach((json_t *)m->view->alterations, i, alteration) {
        const json_t *point = cw_view_point(alteration, cw_json_get_string(draw, "id"));
        detected += cw_view_is(point, "state", "detected");
        assessable += point && !cw_view_is(point, "state", "not_assessable") && !cw_view_is(point, "state", "not_reported");
    }
    cw_json_append(&m->j, columns, column(m, "molecules", "Molecules", "median unique molecules over the loci within the targets", "{:,.0f}"));
    cw_json_append(&m->j, columns, column(m, "detected", "Detected", "alterations detected in this draw", "{:,.0f}"));
    cw_json_append(&m->j, columns, column(m, "assessable", "Assessable", "alterations of the panel that this draw could show", "{:,.0f}"));
    cw_json_append(&m->j, columns, column(m, "cfdna_ng", "cfDNA ng", "cfDNA that went into the library", "{:,.1f}"));
    double molecules = cw_json_get_real(draw, "molecules"), ng = cw_json_get_real(draw, "cfdna_ng");
    if (isfinite(molecules)) cw_json_set_real(&m->j, row, "molecules", molecules);
    cw_json_set_int(&m->j, row, "detected", detected);
    cw_json_set_int(&m->j, row, "assessable", assessable);
    if (isfinite(ng)) cw_json_set_real(&m->j, row, "cfdna_ng", ng);
    cw_json_set(&m->j, doc, "pconfig", columns);
    set_named(m, data, cw_json_get_string(draw, "sample"), row);
    cw_json_set(&m->j, doc, "data", data);
    return write_section(m, draw, "general", doc);
}

static json_t *header(maker *m, const char *title, const char *format)
{
    json_t *o = cw_json_object(&m->j);
    cw_json_set_string(&m->j, o, "title", title);
    if (format) cw_json_set_string(&m->j, o, "format", format);
    cw_json_set(&m->j, o, "scale", json_false());
    return o;
}

static void table_row(maker *m, json_t *data, const json_t *draw, const json_t *alteration)
{
    const json_t *point = cw_view_point(alteration, cw_json_get_string(draw, "id"));
    char name[400];
    double vaf = cw_json_get_real(point, "vaf"), lod = cw_json_get_real(point, "lod"), alt = cw_json_get_real(point, "alt");
    if (!point || !cw_view_matters(alteration)) return;
    json_t *row = cw_json_object(&m->j);
    cw_json_set(&m->j, row, "status", tame(m, cw_json_get_string(alteration, "status")));
    cw_json_set(&m->j, row, "state", tame(m, cw_json_get_string(point, "state")));
    if (isfinite(vaf)) cw_json_set_real(&m->j, row, "vaf", 100 * vaf);
    if (isfinite(lod)) cw_json_set_real(&m->j, row, "lod", 100 * lod);
    if (isfinite(alt)) cw_json_set_real(&m->j, row, "alt", alt);
    cw_text key = {0};
    cw_text_put(&key, cw_json_get_string(draw, "sample"));
    cw_text_put(&key, "|");
    cw_text_put(&key, cw_view_name(alteration, name, sizeof name));
    set_named(m, data, cw_text_string(&key), row);
    m->j.failed |= key.failed;
    cw_text_release(&key);
}

static int write_alterations(maker *m, const json_t *draw)
{
    json_t *doc = section(m, "clonewatch_alterations", "Alterations per draw", "table", "Every alteration that was seen or followed, one row per sample and alteration; the limit of detection (LoD95) is that of the draw and the site."),
           *headers = cw_json_object(&m->j), *data = cw_json_object(&m->j);
    cw_json_set(&m->j, headers, "status", header(m, "Status at the last draw", NULL));
    cw_json_set(&m->j, headers, "state", header(m, "This draw", NULL));
    cw_json_set(&m->j, headers, "vaf", header(m, "VAF %", "{:,.4f}"));
    cw_json_set(&m->j, headers, "lod", header(m, "LoD95 %", "{:,.4f}"));
    cw_json_set(&m->j, headers, "alt", header(m, "Mutant molecules", "{:,.0f}"));
    size_t i;
    json_t *alteration;
    json_array_foreach((json_t *)m->view->alterations, i, alteration) table_row(m, data, draw, alteration);
    cw_json_set(&m->j, doc, "pconfig", json_pack("{s:s, s:s, s:s, s:b}", "id", "clonewatch_alterations_table", "title", "clonewatch: alterations per draw",
                                                "col1_header", "Sample | alteration", "no_violin", 1));
    cw_json_set(&m->j, doc, "headers", headers);
    bool empty = json_object_size(data) == 0;
    cw_json_set(&m->j, doc, "data", data);
    if (!empty) return write_section(m, draw, "alterations", doc);
    json_decref(doc); /* MultiQC has no table without rows */
    return 0;
}

static int write_lines(maker *m, const json_t *draw)
{
    json_t *doc = section(m, "clonewatch_vaf", "VAF over time", "linegraph", "Detected alterations per patient. A draw that detects nothing has no point: see the table for its limit of detection."),
           *data = cw_json_object(&m->j);
    size_t i, k;
    json_t *alteration, *point;
    json_array_foreach((json_t *)m->view->alterations, i, alteration) {
        json_t *line = cw_json_array(&m->j);
        json_array_foreach(json_object_get(alteration, "points"), k, point) {
            double day = cw_view_at(cw_view_draw_of(m->view, point)), vaf = cw_json_get_real(point, "vaf");
            if (cw_view_is(point, "state", "detected") && vaf > 0 && isfinite(day)) cw_json_append(&m->j, line, json_pack("[f, f]", day, 100 * vaf));
        }
        char name[400];
        cw_text key = {0};
        cw_text_put(&key, cw_json_get_string(m->view->patient, "id"));
        cw_text_put(&key, " ");
        cw_text_put(&key, cw_view_name(alteration, name, sizeof name));
        if (json_array_size(line)) set_named(m, data, cw_text_string(&key), line);
        else json_decref(line);
        m->j.failed |= key.failed;
        cw_text_release(&key);
    }
    cw_json_set(&m->j, doc, "pconfig", json_pack("{s:s, s:s, s:s, s:s, s:b, s:s}", "id", "clonewatch_vaf_plot", "title", "clonewatch: VAF over time", "xlab",
                                                "Day", "ylab", "VAF %", "ylog", 1, "style", "lines+markers"));
    bool empty = json_object_size(data) == 0;
    cw_json_set(&m->j, doc, "data", data);
    if (!empty) return write_section(m, draw, "vaf", doc);
    json_decref(doc);
    return 0;
}

int cw_report_multiqc(const json_t *patient, const char *folder, cw_err *err)
{
    cw_view view = {0};
    maker m = {.view = &view, .folder = folder, .err = err};
    int status = cw_view_open(&view, patient, err);
    if (status == 0) status = cw_make_folder(folder, err);
    for (size_t d = 0, n = json_array_size(view.draws); status == 0 && d < n; d++) {
        const json_t *draw = json_array_get(view.draws, d);
        status = write_general(&m, draw);
        if (status == 0) status = write_alterations(&m, draw);
        if (status == 0 && d + 1 == n) status = write_lines(&m, draw);
    }
    cw_view_close(&view);
    return status;
}
