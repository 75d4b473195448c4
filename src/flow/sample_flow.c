/* SPDX-License-Identifier: MIT */
/* sample_flow.c - one sample: build, panel, molecules, background, verdict. */
#include "flow/sample_flow.h"

#include <string.h>
#include "flow/background_flow.h"
#include "io/panel_io.h"
#include "io/surroundings.h"

void cw_sample_conf_default(cw_sample_conf *conf)
{
    *conf = (cw_sample_conf){0};
    cw_count_conf_default(&conf->count);
    cw_detect_conf_default(&conf->detect);
}

/* The build in which the alignment was made; a build that was asked for must be that one. */
static int find_build(const char *path, const cw_sample_conf *conf, cw_count_conf *count, cw_build *build, cw_err *err)
{
    cw_build found = CW_BUILD_UNKNOWN;
    *build = conf->build;
    if (cw_alignment_build(path, count, &found, err) < 0) return err->code;
    if (*build == CW_BUILD_UNKNOWN) *build = found;
    if (*build == CW_BUILD_UNKNOWN)
        return cw_err_set(err, CW_EREFUSED, "the contig lengths of '%s' are neither those of GRCh37 nor of GRCh38; name the build (--build)", path);
    if (found != CW_BUILD_UNKNOWN && found != *build)
        return cw_err_set(err, CW_EREFUSED, "'%s' is aligned to %s, not to %s as asked; leave out --build or give the other file", path, cw_build_name(found),
                          cw_build_name(*build));
    return 0;
}

static int load_panel(const char *path, const cw_sample_conf *conf, cw_count_conf *count, cw_panel *panel, cw_err *err)
{
    cw_build build;
    if (find_build(path, conf, count, &build, err) < 0) return err->code;
    if (cw_panel_load(panel, conf->panel_dir, build, err) < 0) return err->code;
    if (conf->tracked_path && cw_panel_add_tracked(panel, conf->tracked_path, err) < 0) return err->code;
    if (panel->n_loci) return 0;
    return cw_err_set(err, CW_EREFUSED, "panel '%s' has no coordinates in %s, the build of '%s'; use a panel of that build", panel->name, cw_build_name(build), path);
}

int cw_flow_sample(const char *const *paths, size_t n_paths, const cw_sample_conf *conf, cw_calls *calls, const cw_log *log, cw_err *err)
{
    cw_panel panel = {0};
    cw_tallies tallies = {0};
    cw_background background = {0};
    cw_count_conf count = conf->count;
    count.sample = conf->sample;
    int status = load_panel(paths[0], conf, &count, &panel, err);
    if (status == 0) status = cw_count(paths, n_paths, &panel, &count, &tallies, log, err);
    if (status == 0) status = cw_panel_surroundings(&panel, conf->background_path ? count.reference : NULL, err);
    if (status == 0) status = cw_flow_background_load(conf->background_path, cw_consensus_level(tallies.consensus), panel.build, &background, log, err);
    if (status == 0) status = cw_detect(&tallies, &panel, &background, &conf->detect, calls, log, err);
    cw_count_stream_close(&count);
    cw_background_release(&background);
    cw_tallies_release(&tallies);
    cw_panel_release(&panel);
    return status;
}
