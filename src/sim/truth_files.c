/* SPDX-License-Identifier: MIT */
/* truth_files.c - what tubes truly hold, as truth.tsv, and what sequencing of the tumour would have found. */
#include "sim/truth_files.h"

#include <stdio.h>
#include "base/out.h"

/* The list that sequencing of the tumour would have given: alleles of clones marked "tissue". */
int cw_sim_write_tissue(const cw_panel *panel, const cw_sim_patient *p, const char *path, cw_err *err)
{
    cw_out out = {0};
    int status = cw_out_open(&out, path, err);
    if (status < 0) return status;
    fputs("chrom\tpos\tref\talt\tphase_group\n", out.file);
    for (size_t k = 0; p && k < p->n_clones && status == 0; k++)
        for (size_t a = 0; p->clones[k].tissue && a < p->clones[k].n_alleles && status == 0; a++) {
            const cw_allele *allele;
            status = cw_sim_find_allele(panel, p->clones[k].alleles[a], &allele, err);
            if (status == 0) fprintf(out.file, "%s\t%lld\t%s\t%s\t\n", allele->contig, (long long)allele->beg + 1, allele->ref, allele->alt);
        }
    if (status == 0) status = cw_out_commit(&out, err);
    cw_out_abort(&out);
    return status;
}

int cw_sim_write_truth(const cw_panel *panel, const cw_sim_made *made, size_t n, const char *path, cw_err *err)
{
    cw_out out = {0};
    int status = cw_out_open(&out, path, err);
    if (status < 0) return status;
    fputs("patient\tsample\ttype\tday\tclone\tparent\thomolog\tcwid\tmeant_vaf\tvaf\n", out.file);
    for (size_t i = 0; i < n && status == 0; i++) {
        const cw_sim_made *m = &made[i];
        if (m->row->type == CW_DRAW_TUMOUR) continue;
        for (size_t k = 0; m->patient && k < m->patient->n_clones && status == 0; k++) {
            const cw_sim_clone *clone = &m->patient->clones[k];
            for (size_t a = 0; a < clone->n_alleles && status == 0; a++) {
                const cw_allele *allele;
                status = cw_sim_find_allele(panel, clone->alleles[a], &allele, err);
                if (status == 0)
                    fprintf(out.file, "%s\t%s\t%s\t%.10g\t%s\t%s\t%d\t%s\t%.10g\t%.10g\n", m->row->patient, m->row->sample,
                            cw_draw_type_name(m->row->type), m->day, clone->id, clone->parent >= 0 ? m->patient->clones[clone->parent].id : "",
                            clone->homolog, allele->cwid, m->truth.meant[k], m->truth.vaf[k]);
            }
        }
    }
    if (status == 0) status = cw_out_commit(&out, err);
    cw_out_abort(&out);
    return status;
}
