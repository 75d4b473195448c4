/* SPDX-License-Identifier: MIT */
/* maf.c - detected alterations with coordinates as MAF rows. Columns of the program's own carry the prefix "clonewatch.". */
#include "report/maf.h"

#include <math.h>
#include <string.h>
#include "base/out.h"
#include "report/report.h"

static const char *const columns[] = {
    "Hugo_Symbol", "NCBI_Build", "Chromosome", "Start_Position", "End_Position", "Variant_Classification", "Variant_Type", "Reference_Allele",
    "Tumor_Seq_Allele1", "Tumor_Seq_Allele2", "Tumor_Sample_Barcode", "Mutation_Status", "HGVSp_Short", "t_depth", "t_ref_count", "t_alt_count",
    "clonewatch.id", "clonewatch.patient", "clonewatch.day", "clonewatch.vaf", "clonewatch.vaf_lo", "clonewatch.vaf_hi", "clonewatch.lod",
    "clonewatch.status", "clonewatch.origin"};
enum {
    SYMBOL, BUILD, CHROMOSOME, START, END, CLASSIFICATION, TYPE, REFERENCE, ALLELE1, ALLELE2, BARCODE, MUTATION_STATUS, HGVSP, DEPTH, REF_COUNT,
    ALT_COUNT, ID, PATIENT, DAY, VAF, VAF_LO, VAF_HI, LOD, STATUS, ORIGIN, N_COLUMNS
};

typedef struct place { const char *ref, *alt; int64_t start, end; const char *type; size_t n_ref, n_alt; } place;

/* From a VCF-style pair to MAF's: shared first bases go, an empty allele is '-', an insertion lies between two bases. */
static bool find_place(const json_t *alteration, place *p)
{
    int64_t pos = cw_json_get_int(alteration, "pos", -1), beg = cw_json_get_int(alteration, "beg", -1);
    p->ref = cw_json_get_string(alteration, "ref");
    p->alt = cw_json_get_string(alteration, "alt");
    p->n_ref = strlen(p->ref);
    p->n_alt = strlen(p->alt);
    if (pos < 0 && beg >= 0) pos = beg + 1;
    if (pos < 1 || !p->n_ref || !p->n_alt || strspn(p->ref, "ACGTN") != p->n_ref || strspn(p->alt, "ACGTN") != p->n_alt) return false;
    if (p->n_ref != p->n_alt)
        while (p->n_ref && p->n_alt && *p->ref == *p->alt) p->ref++, p->alt++, p->n_ref--, p->n_alt--, pos++;
    p->start = p->n_ref ? pos : pos - 1;
    p->end = p->n_ref ? pos + (int64_t)p->n_ref - 1 : pos;
    p->type = !p->n_ref ? "INS" : !p->n_alt ? "DEL" : p->n_ref != p->n_alt ? "DEL" : p->n_ref == 1 ? "SNP" : p->n_ref == 2 ? "DNP" : p->n_ref == 3 ? "TNP" : "ONP";
    if (p->n_alt > p->n_ref) p->type = "INS";
    if (!p->n_ref) p->ref = "-";
    if (!p->n_alt) p->alt = "-";
    return true;
}

/* MAF's word from the protein change alone; "" where that does not say. */
static const char *classification(const char *change, const place *p)
{
    bool shorter = p->n_alt < p->n_ref;
    if (strncmp(change, "p.", 2)) return strstr(change, "splice") ? "Splice_Site" : "";
    if (strstr(change, "fs")) return shorter ? "Frame_Shift_Del" : "Frame_Shift_Ins";
    if (strchr(change, '*')) return "Nonsense_Mutation";
    if (strchr(change, '=')) return "Silent";
    if (p->n_ref != p->n_alt) return shorter ? "In_Frame_Del" : "In_Frame_Ins";
    return "Missense_Mutation";
}

static void maf_row(cw_rows *rows, const cw_view *view, const json_t *alteration, const json_t *point, const place *p)
{
    const json_t *draw = cw_view_draw_of(view, point);
    const char *name = cw_json_get_string(alteration, "name"), *origin = cw_json_get_string(alteration, "origin");
    static const struct { int column; const char *key; } of_point[] = {
        {REF_COUNT, "ref"}, {ALT_COUNT, "alt"}, {DEPTH, "depth"}, {VAF, "vaf"}, {VAF_LO, "lo"}, {VAF_HI, "hi"}, {LOD, "lod"}};
    for (size_t i = 0; i < sizeof of_point / sizeof *of_point; i++)
        cw_rows_value(rows, (size_t)of_point[i].column, json_object_get(point, of_point[i].key));
    cw_rows_string(rows, SYMBOL, cw_json_get_string(alteration, "gene"));
    cw_rows_string(rows, BUILD, cw_json_get_string(alteration, "build"));
    cw_rows_string(rows, CHROMOSOME, cw_json_get_string(alteration, "contig"));
    cw_rows_int(rows, START, p->start);
    cw_rows_int(rows, END, p->end);
    cw_rows_string(rows, CLASSIFICATION, classification(name, p));
    cw_rows_string(rows, TYPE, p->type);
    cw_rows_string(rows, REFERENCE, p->ref);
    cw_rows_string(rows, ALLELE1, p->ref);
    cw_rows_string(rows, ALLELE2, p->alt);
    cw_rows_string(rows, BARCODE, cw_json_get_string(draw, "sample"));
    cw_rows_string(rows, MUTATION_STATUS, !strcmp(origin, "germline") ? "GERMLINE" : "SOMATIC");
    if (!strncmp(name, "p.", 2)) cw_rows_string(rows, HGVSP, name);
    cw_rows_string(rows, ID, cw_json_get_string(alteration, "id"));
    cw_rows_string(rows, PATIENT, cw_json_get_string(view->patient, "id"));
    cw_rows_value(rows, DAY, json_object_get(draw, "day"));
    cw_rows_string(rows, STATUS, cw_json_get_string(alteration, "status"));
    cw_rows_string(rows, ORIGIN, origin);
    cw_rows_end(rows);
}

int cw_maf_fill(cw_rows *rows, const cw_view *view, cw_err *err)
{
    size_t i, k;
    json_t *alteration, *point;
    _Static_assert(sizeof columns / sizeof *columns == N_COLUMNS, "a name for each column");
    int status = cw_rows_open(rows, columns, N_COLUMNS, "", err);
    if (status < 0) return status;
    cw_rows_header(rows);
    json_array_foreach((json_t *)view->alterations, i, alteration) {
        place p;
        if (!find_place(alteration, &p)) continue; /* an amplification or fusion has no MAF row */
        json_array_foreach(json_object_get(alteration, "points"), k, point)
            if (cw_view_is(point, "state", "detected")) maf_row(rows, view, alteration, point, &p);
    }
    return cw_rows_failed(rows, err);
}

int cw_report_maf(const json_t *patient, const char *path, cw_err *err)
{
    cw_rows rows = {0};
    cw_view view = {0};
    int status = cw_view_open(&view, patient, err);
    if (status == 0) status = cw_maf_fill(&rows, &view, err);
    if (status == 0) status = cw_rows_write(&rows, path, err);
    cw_rows_close(&rows);
    cw_view_close(&view);
    return status;
}
