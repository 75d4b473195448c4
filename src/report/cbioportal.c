/* SPDX-License-Identifier: MIT */
/* cbioportal.c - one patient as timeline files of a cBioPortal study (File-Formats of cBioPortal: timeline data, mutation data). Days are
 * those of the draw sheet. A draw that does not detect an alteration gives no VAF of 0: its limit of detection is a test of its own. */
#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/out.h"
#include "report/maf.h"

typedef struct study { const cw_view *view; const char *id, *folder; cw_err *err; } study;

static int write_in(const study *s, const char *name, const cw_text *text)
{
    cw_text path = {0};
    cw_text_format(&path, "%s/%s", s->folder, name);
    int status = cw_text_failed(&path, s->err);
    if (status == 0) status = cw_text_failed(text, s->err);
    if (status == 0) status = cw_out_write(cw_text_string(&path), cw_text_string(text), text->n, s->err);
    cw_text_release(&path);
    return status;
}

static int write_meta(const study *s, const char *name, const char *kind, const char *data)
{
    cw_text t = {0};
    cw_text_format(&t, "cancer_study_identifier: %s\n%sdata_filename: %s\n", s->id, kind, data);
    int status = write_in(s, name, &t);
    cw_text_release(&t);
    return status;
}

enum { PATIENT, START, STOP, TYPE, FIRST_OWN };

static void event(cw_rows *rows, const study *s, double start, double stop, const char *type)
{
    cw_rows_string(rows, PATIENT, cw_json_get_string(s->view->patient, "id"));
    cw_rows_real(rows, START, start);
    cw_rows_real(rows, STOP, stop);
    cw_rows_string(rows, TYPE, type);
}

static void treatments(cw_rows *rows, const study *s)
{
    size_t i, k;
    json_t *line, *agent;
    json_array_foreach((json_t *)s->view->lines, i, line) {
        double start = cw_view_day(s->view, json_object_get(line, "start")), stop = cw_view_day(s->view, json_object_get(line, "stop"));
        json_array_foreach(json_object_get(line, "agents"), k, agent) {
            if (!isfinite(start) || !json_is_string(agent)) continue;
            event(rows, s, start, stop, "TREATMENT");
            cw_rows_string(rows, FIRST_OWN, "Medical Therapy");
            cw_rows_string(rows, FIRST_OWN + 1, json_string_value(agent));
            cw_rows_string(rows, FIRST_OWN + 2, cw_json_get_string(line, "id"));
            cw_rows_string(rows, FIRST_OWN + 3, cw_json_get_string(line, "setting"));
            cw_rows_end(rows);
        }
    }
}

/* Events at one day with a result: scans, operations. */
static void results(cw_rows *rows, const study *s, const json_t *list, const char *type)
{
    size_t i;
    json_t *o;
    json_array_foreach((json_t *)list, i, o) {
        double day = cw_view_day(s->view, json_object_get(o, "date"));
        if (!isfinite(day)) continue;
        event(rows, s, day, NAN, type);
        cw_rows_string(rows, FIRST_OWN, cw_json_get_string(o, "result"));
        cw_rows_end(rows);
    }
}

static void imaging(cw_rows *rows, const study *s) { results(rows, s, s->view->imaging, "IMAGING"); }

static void surgeries(cw_rows *rows, const study *s) { results(rows, s, s->view->surgeries, "SURGERY"); }

static void specimens(cw_rows *rows, const study *s)
{
    size_t i;
    json_t *draw;
    json_array_foreach((json_t *)s->view->draws, i, draw) {
        event(rows, s, cw_view_at(draw), NAN, "SPECIMEN");
        cw_rows_string(rows, FIRST_OWN, cw_json_get_string(draw, "sample"));
        cw_rows_string(rows, FIRST_OWN + 1, "blood");
        cw_rows_string(rows, FIRST_OWN + 2, "plasma cfDNA");
        cw_rows_end(rows);
    }
}

static void lab_test(cw_rows *rows, const study *s, const json_t *alteration, const json_t *point)
{
    bool detected = cw_view_is(point, "state", "detected");
    double value = cw_json_get_real(point, detected ? "vaf" : "lod"), day = cw_view_at(cw_view_draw_of(s->view, point));
    char name[400], test[480];
    if (!isfinite(value) || !isfinite(day) || cw_view_is(point, "state", "not_assessable")) return;
    snprintf(test, sizeof test, detected ? "ctDNA VAF percent %s" : "ctDNA not detected, LoD95 percent %s", cw_view_name(alteration, name, sizeof name));
    event(rows, s, day, NAN, "LAB_TEST");
    cw_rows_string(rows, FIRST_OWN, test);
    cw_rows_real(rows, FIRST_OWN + 1, 100 * value);
    cw_rows_end(rows);
}

static void lab_tests(cw_rows *rows, const study *s)
{
    size_t i, k;
    json_t *alteration, *point;
    json_array_foreach((json_t *)s->view->alterations, i, alteration) {
        if (!cw_view_matters(alteration)) continue;
        json_array_foreach(json_object_get(alteration, "points"), k, point) lab_test(rows, s, alteration, point);
    }
}

static int write_timeline(const study *s, const char *word, const char *const *columns, size_t n, void (*fill)(cw_rows *, const study *))
{
    char data[64], meta[64];
    cw_rows rows = {0};
    snprintf(data, sizeof data, "data_timeline_%s.txt", word);
    snprintf(meta, sizeof meta, "meta_timeline_%s.txt", word);
    int status = cw_rows_open(&rows, columns, n, "", s->err);
    if (status == 0) {
        cw_rows_header(&rows);
        fill(&rows, s);
        status = cw_rows_failed(&rows, s->err);
    }
    if (status == 0) status = write_in(s, data, &rows.out);
    if (status == 0) status = write_meta(s, meta, "genetic_alteration_type: CLINICAL\ndatatype: TIMELINE\n", data);
    cw_rows_close(&rows);
    return status;
}

static int write_mutations(const study *s)
{
    cw_rows rows = {0};
    int status = cw_maf_fill(&rows, s->view, s->err);
    if (status == 0) status = write_in(s, "data_mutations.txt", &rows.out);
    if (status == 0)
        status = write_meta(s, "meta_mutations.txt",
                            "genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\nstable_id: mutations\nshow_profile_in_analysis_tab: true\n"
                            "profile_name: Plasma mutations\nprofile_description: Alterations detected in serial plasma draws by clonewatch.\n"
                            "namespaces: clonewatch\n", "data_mutations.txt");
    cw_rows_close(&rows);
    return status;
}

#define SHARED "PATIENT_ID", "START_DATE", "STOP_DATE", "EVENT_TYPE"
int cw_report_cbioportal(const json_t *patient, const char *study_id, const char *folder, cw_err *err)
{
    static const char *const of_treatment[] = {SHARED, "TREATMENT_TYPE", "AGENT", "LINE", "SETTING"};
    static const char *const of_result[] = {SHARED, "RESULT"};
    static const char *const of_specimen[] = {SHARED, "SAMPLE_ID", "SPECIMEN_TYPE", "SOURCE"};
    static const char *const of_lab_test[] = {SHARED, "TEST", "RESULT"};
    cw_view view = {0};
    char safe[256];
    study s = {.view = &view, .id = safe, .folder = folder, .err = err};
    int status = cw_safe_name(study_id, safe, sizeof safe, err);
    if (status == 0) status = cw_view_open(&view, patient, err);
    if (status == 0) status = cw_make_folder(folder, err);
    if (status == 0) status = write_timeline(&s, "treatment", of_treatment, 8, treatments);
    if (status == 0) status = write_timeline(&s, "imaging", of_result, 5, imaging);
    if (status == 0) status = write_timeline(&s, "surgery", of_result, 5, surgeries);
    if (status == 0) status = write_timeline(&s, "specimen", of_specimen, 7, specimens);
    if (status == 0) status = write_timeline(&s, "lab_test", of_lab_test, 6, lab_tests);
    if (status == 0) status = write_mutations(&s);
    cw_view_close(&view);
    return status;
}
