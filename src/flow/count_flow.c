/* SPDX-License-Identifier: MIT */
/* count_flow.c - sites or panel, then one column of tallies per alignment, then the file. */
#include "flow/count_flow.h"

#include <stdlib.h>
#include <string.h>
#include "io/panel_io.h"

void cw_count_flow_conf_default(cw_count_flow_conf *conf)
{
    *conf = (cw_count_flow_conf){.vcf = {.type = 'z'}};
    cw_count_conf_default(&conf->count);
    conf->count.checksum = false;
}

static int load_panel(cw_panel *panel, const char *first, const cw_count_flow_conf *conf, cw_count_conf *count, cw_err *err)
{
    cw_build build = conf->build;
    if (conf->sites_path) {
        int status = cw_panel_from_vcf(panel, conf->sites_path, err);
        if (status < 0 || build == CW_BUILD_UNKNOWN || build == panel->build) return status;
        if (panel->build != CW_BUILD_UNKNOWN)
            return cw_err_set(err, CW_EREFUSED, "'%s' is on %s by the contig lengths of its header, not on %s as asked; leave out --build or give the other file", conf->sites_path,
                              cw_build_name(panel->build), cw_build_name(build));
        panel->build = build;
        return 0;
    }
    if (build == CW_BUILD_UNKNOWN) {
        if (cw_alignment_build(first, count, &build, err) < 0) return err->code;
        if (build == CW_BUILD_UNKNOWN)
            return cw_err_set(err, CW_EREFUSED, "the contig lengths of '%s' are neither those of GRCh37 nor of GRCh38; name the build (--build)", first);
    }
    return cw_panel_load(panel, conf->panel_dir, build, err);
}

int cw_flow_count(const char *const *paths, size_t n_paths, const cw_count_flow_conf *conf, const cw_log *log, cw_err *err)
{
    cw_panel panel = {0};
    size_t columns = conf->merge ? 1 : n_paths, per_column = conf->merge ? n_paths : 1;
    cw_tallies *tallies = calloc(columns, sizeof *tallies);
    if (!tallies) return cw_err_nomem(err);
    cw_count_conf count = conf->count;
    int status = load_panel(&panel, paths[0], conf, &count, err);
    for (size_t i = 0; i < columns && status == 0; i++) {
        cw_log_progress(log, "counting", i, columns, paths[i]);
        status = cw_count(paths + i, per_column, &panel, &count, &tallies[i], log, err);
    }
    cw_count_stream_close(&count);
    if (status == 0) status = cw_counts_write(&panel, tallies, columns, conf->output, &conf->vcf, err);
    for (size_t i = 0; i < columns; i++) cw_tallies_release(&tallies[i]);
    free(tallies);
    cw_panel_release(&panel);
    return status;
}
