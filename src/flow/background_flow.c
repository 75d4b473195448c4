/* SPDX-License-Identifier: MIT */
/* background_flow.c - .counts.vcf.gz of normals -> background model. */
#include "flow/background_flow.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "detect/detect.h"
#include "io/background_io.h"
#include "io/counts_vcf.h"
#include "io/surroundings.h"

void cw_background_flow_conf_default(cw_background_flow_conf *conf)
{
    *conf = (cw_background_flow_conf){0};
    cw_background_fit_conf_default(&conf->fit);
}

static int same_alleles(const cw_counts *a, const cw_counts *b, cw_err *err)
{
    const cw_panel *p = &a->panel, *q = &b->panel;
    for (size_t i = 0; i < p->n_loci && i < q->n_loci; i++) {
        bool same = !strcmp(p->loci[i].contig, q->loci[i].contig) && p->loci[i].beg == q->loci[i].beg && !strcmp(p->loci[i].ref, q->loci[i].ref) && p->loci[i].n == q->loci[i].n;
        for (size_t k = 0; same && k < p->loci[i].n; k++)
            same = !strcmp(p->alleles[p->by_locus[p->loci[i].first + k]].alt, q->alleles[q->by_locus[q->loci[i].first + k]].alt);
        if (!same)
            return cw_err_set(err, CW_EREFUSED, "'%s' and '%s' hold different alleles from %s:%" PRId64 " on; count all normals over the same panel or sites", a->path, b->path,
                              p->loci[i].contig, p->loci[i].beg + 1);
    }
    if (p->n_loci == q->n_loci) return 0;
    return cw_err_set(err, CW_EREFUSED, "'%s' holds %zu loci, '%s' %zu; count all normals over the same panel or sites", a->path, p->n_loci, b->path, q->n_loci);
}

int cw_flow_background(const char *const *paths, size_t n_paths, const cw_background_flow_conf *conf, const cw_log *log, cw_err *err)
{
    cw_counts *counts = calloc(n_paths + 1, sizeof *counts);
    const cw_tallies **samples = NULL;
    cw_background model = {0};
    size_t n = 0, read = 0;
    int status = counts ? 0 : cw_err_nomem(err);
    for (; read < n_paths && status == 0; read++) {
        cw_log_progress(log, "reading normals", read, n_paths, paths[read]);
        status = cw_counts_read(&counts[read], paths[read], err);
        if (status == 0 && read) status = same_alleles(&counts[0], &counts[read], err);
        n += counts[read].n_samples;
    }
    if (status == 0) status = cw_panel_surroundings(&counts[0].panel, conf->reference, err);
    if (status == 0 && !(samples = calloc(n + 1, sizeof *samples))) status = cw_err_nomem(err);
    if (status == 0) {
        n = 0;
        for (size_t i = 0; i < n_paths; i++)
            for (size_t s = 0; s < counts[i].n_samples; s++) samples[n++] = &counts[i].sample[s];
        status = cw_background_fit(&counts[0].panel, samples, n, &conf->fit, &model, log, err);
    }
    if (status == 0) status = cw_background_write(&model, conf->output, err);
    cw_background_release(&model);
    free(samples);
    for (size_t i = 0; counts && i < read; i++) cw_counts_release(&counts[i]);
    free(counts);
    return status;
}

int cw_flow_background_fits(const cw_background *b, const char *path, const char *level, cw_build build, cw_err *err)
{
    if (build != CW_BUILD_UNKNOWN && b->build != CW_BUILD_UNKNOWN && build != b->build)
        return cw_err_set(err, CW_EREFUSED, "background '%s' was fitted in %s, the draw is in %s; fit it to normals of that build", path, cw_build_name(b->build), cw_build_name(build));
    if (strcmp(b->level, level))
        return cw_err_set(err, CW_EREFUSED, "background '%s' is of level %s, the draw of level %s; fit it to normals of the same assay", path, b->level, *level ? level : "unknown");
    return 0;
}

int cw_flow_background_load(const char *path, const char *level, cw_build build, cw_background *b, const cw_log *log, cw_err *err)
{
    if (!path) return cw_background_default(b, level, err);
    int status = cw_background_read(b, path, err);
    if (status < 0) return status;
    status = cw_flow_background_fits(b, path, level, build, err);
    if (status < 0) cw_background_release(b);
    else cw_log_say(log, CW_LOG_DEBUG, "background '%s': %lld normals, %zu classes, %zu sites", b->id, (long long)b->normals, b->n_classes, b->n_sites);
    return status;
}
