/* SPDX-License-Identifier: MIT */
/* import_flow.c - read the foreign file, lay it on the panel, judge its counts, and say what is not known. */
#include "flow/import_flow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/parse.h"
#include "flow/background_flow.h"
#include "import/mark.h"
#include "import/match.h"
#include "io/panel_io.h"
#include "import/vcf_text.h"
#include "io/surroundings.h"

void cw_import_conf_default(cw_import_conf *conf)
{
    *conf = (cw_import_conf){.build = CW_BUILD_UNKNOWN};
    cw_detect_conf_default(&conf->detect);
}

int cw_is_calls_file(const char *path, bool *ours, cw_err *err)
{
    cw_vcf_text t;
    cw_err why = {0};
    *ours = false;
    int status = cw_vcf_text_open(&t, path, CW_VCF_LAX, &why);
    if (status == CW_EFORMAT) return 0; /* a table, or a VCF that its own reader refuses with more to say */
    if (status < 0) return cw_err_set(err, status, "%s", why.text);
    for (size_t i = 0; i < t.n_meta && !*ours; i++) *ours = !strncmp(t.meta[i], "clonewatch_background=", 22);
    cw_vcf_text_close(&t);
    return 0;
}

int cw_check_vcf(const char *path, size_t *records, cw_err *err)
{
    cw_vcf_text t;
    *records = 0;
    int status = cw_vcf_text_open(&t, path, CW_VCF_STRICT, err);
    if (status < 0) return status;
    while ((status = cw_vcf_text_next(&t, err)) > 0) ++*records;
    cw_vcf_text_close(&t);
    return status;
}

static int fit_conf(const cw_import_conf *conf, cw_import_fit_conf *fit, cw_err *err)
{
    *fit = (cw_import_fit_conf){.reference = conf->reference, .panel_only = conf->panel_only, .assume = conf->assume_depth != NULL, .assume_depth = -1};
    if (!conf->assume_depth || (fit->assume_dp = !strcmp(conf->assume_depth, "DP"))) return 0;
    if (cw_parse_i64(conf->assume_depth, &fit->assume_depth) && fit->assume_depth > 0 && fit->assume_depth <= 10000000) return 0;
    return cw_err_set(err, CW_EUSAGE, "--assume-depth takes DP or a number of molecules from 1 to 10000000, not '%s'", conf->assume_depth);
}

static int load_panel(const cw_import_conf *conf, cw_build build, cw_panel *panel, cw_err *err)
{
    int status = cw_panel_load(panel, conf->panel_dir, build, err);
    if (status == 0 && conf->tracked_path) status = cw_panel_add_tracked(panel, conf->tracked_path, err);
    return status;
}

/* How many alleles of the panel stand in the file when it is read as this build; 0 also when REF bases contradict it. */
static size_t alleles_that_fit(const cw_import_conf *conf, const cw_imported *m, const cw_import_fit_conf *how, cw_build build)
{
    cw_err ignored = {0};
    cw_panel panel = {0};
    cw_import_fit fit = {0};
    size_t n = 0;
    if (load_panel(conf, build, &panel, &ignored) == 0 && cw_import_fit_make(&fit, m, &panel, how, NULL, &ignored) == 0)
        for (size_t i = 0; i < fit.n_base; i++) n += fit.mark[i].reported && fit.mark[i].line;
    cw_import_fit_release(&fit);
    cw_panel_release(&panel);
    return n;
}

/* Names mean the same in both builds. */
static bool has_places(const cw_imported *m)
{
    for (size_t i = 0; i < m->n_seen; i++)
        if (*m->seen[i].contig) return true;
    return !m->n_seen || m->n_covered;
}

/* A header without contig lengths does not tell the build; the places of the panel's alleles do, when they are in the file. */
static cw_build find_build(const cw_import_conf *conf, const cw_imported *m, const cw_import_fit_conf *how, const cw_log *log)
{
    if (conf->build != CW_BUILD_UNKNOWN) return conf->build;
    if (m->build != CW_BUILD_UNKNOWN) return m->build;
    if (!has_places(m)) return CW_BUILD_GRCH38;
    size_t n37 = alleles_that_fit(conf, m, how, CW_BUILD_GRCH37), n38 = alleles_that_fit(conf, m, how, CW_BUILD_GRCH38);
    cw_build build = n37 > n38 ? CW_BUILD_GRCH37 : n38 > n37 ? CW_BUILD_GRCH38 : CW_BUILD_UNKNOWN;
    if (build != CW_BUILD_UNKNOWN)
        cw_log_say(log, CW_LOG_INFO, "'%s' does not name its genome build; %s fits %zu alleles of the panel, the other build %zu", m->path, cw_build_name(build),
                   n37 > n38 ? n37 : n38, n37 > n38 ? n38 : n37);
    return build;
}

/* A header that stayed behind when the places were lifted over names the other build: not one allele of the panel would be found, and a driver
 * would pass as unknown. One place can agree by chance. */
static int check_places(const cw_import_conf *conf, const cw_imported *m, const cw_import_fit_conf *how, cw_build build, cw_err *err)
{
    if (!has_places(m) || !m->n_seen || alleles_that_fit(conf, m, how, build)) return 0;
    cw_build other = build == CW_BUILD_GRCH37 ? CW_BUILD_GRCH38 : CW_BUILD_GRCH37;
    cw_imported unnamed = *m; /* as if the header did not tell */
    unnamed.build = CW_BUILD_UNKNOWN;
    size_t n = alleles_that_fit(conf, &unnamed, how, other);
    if (n < 2) return 0;
    return cw_err_set(err, CW_EREFUSED, "'%s' is on %s by %s, but no allele of the panel stands in it there, and %zu stand in it on %s; correct its contig lines or --build", m->path,
                      cw_build_name(build), m->build == build ? "its contig lengths" : "--build", n, cw_build_name(other));
}

/* *used: the panel was loaded. A panel that was not asked for by name is left out when the build stays unknown. */
static int choose_panel(const cw_import_conf *conf, const cw_imported *m, const cw_import_fit_conf *how, cw_panel *panel, bool *used, const cw_log *log, cw_err *err)
{
    *used = false;
    if (!conf->panel_dir) return 0;
    cw_build build = find_build(conf, m, how, log);
    if (build == CW_BUILD_UNKNOWN && conf->panel_optional) {
        cw_log_say(log, CW_LOG_WARNING, "'%s' does not say its genome build, so its alleles are not matched to a panel; use --build GRCh37 or GRCh38", m->path);
        return 0;
    }
    if (build == CW_BUILD_UNKNOWN)
        return cw_err_set(err, CW_EREFUSED, "'%s' does not say its genome build (contig lengths, known alleles); use --build GRCh37 or GRCh38", m->path);
    if (check_places(conf, m, how, build, err) < 0) return err->code;
    *used = true;
    return load_panel(conf, build, panel, err);
}

static int name_draw(const cw_import_conf *conf, const cw_imported *m, cw_import_fit *fit, cw_err *err)
{
    const char *name = conf->sample && *conf->sample ? conf->sample : *m->sample ? m->sample : conf->column;
    if (!name || !*name) return cw_err_set(err, CW_EFORMAT, "'%s' does not name its sample; give --name", m->path);
    fit->tallies.sample = name;
    fit->tallies.consensus = conf->level == CW_CONS_AUTO ? CW_CONS_RAW : conf->level;
    return 0;
}

static int judge(const cw_import_conf *conf, const cw_imported *m, cw_import_fit *fit, cw_calls *calls, const cw_log *log, cw_err *err)
{
    cw_background background = {0};
    int status = cw_panel_surroundings(&fit->panel, conf->background_path ? conf->reference : NULL, err);
    if (status == 0) status = cw_flow_background_load(conf->background_path, cw_consensus_level(conf->level), fit->panel.build, &background, log, err);
    if (status < 0) return status;
    status = cw_detect(&fit->tallies, &fit->panel, &background, &conf->detect, calls, log, err);
    cw_background_release(&background);
    if (status < 0) return status;
    calls->caller = cw_arena_strdup(calls->arena, m->caller);
    status = calls->caller ? cw_import_mark_calls(calls, fit, err) : cw_err_nomem(err);
    if (status == 0) cw_calls_yield(calls, false); /* of what the file does not report nothing is known per mL either */
    if (status < 0) cw_calls_release(calls);
    return status;
}

/* Whether the sheet gives an amount that the file does not. */
static bool differs(double given, double known) { return isfinite(given) && !(given == known); }

/* Calls that clonewatch made are taken as they are; the name and the volumes are the sheet's. */
static int take_calls(const char *path, const cw_import_conf *conf, cw_calls *calls, cw_err *err)
{
    char hex[65];
    int status = cw_calls_read(calls, path, err);
    if (status < 0) return status;
    if (!*calls->input_name) { /* nobody said what they were made from: from here on it is this file */
        status = cw_sha256_file(path, hex, err);
        if (status == 0 && (!(calls->input_name = cw_arena_strdup(calls->arena, cw_base_name(path))) ||
                            !(calls->input_sha256 = cw_arena_strdup(calls->arena, hex))))
            status = cw_err_nomem(err);
    }
    calls->file_sample = calls->sample;
    if (status == 0 && conf->sample && !(calls->sample = cw_arena_strdup(calls->arena, conf->sample))) status = cw_err_nomem(err);
    bool other = differs(conf->detect.plasma_ml, calls->plasma_ml) | differs(conf->detect.cfdna_ng, calls->cfdna_ng);
    if (isfinite(conf->detect.plasma_ml)) calls->plasma_ml = conf->detect.plasma_ml;
    if (isfinite(conf->detect.cfdna_ng)) calls->cfdna_ng = conf->detect.cfdna_ng;
    if (status == 0) cw_calls_yield(calls, !other);
    if (status < 0) cw_calls_release(calls);
    return status;
}

int cw_flow_import(const char *path, const cw_import_conf *conf, cw_calls *calls, const cw_log *log, cw_err *err)
{
    cw_import_source source = {.caller = conf->caller, .column = conf->column, .draw = conf->sample, .lax = conf->lax};
    cw_import_fit_conf how;
    cw_imported m = {0};
    cw_panel panel = {0};
    cw_import_fit fit = {0};
    bool with_panel = false, ours = false;
    memset(calls, 0, sizeof *calls);
    int status = fit_conf(conf, &how, err);
    if (status == 0 && strcmp(path, "-")) status = cw_is_calls_file(path, &ours, err);
    if (status == 0 && ours) return take_calls(path, conf, calls, err);
    if (status < 0 || (status = cw_imported_read(&m, path, &source, err)) < 0) goto done;
    if (m.n_let_pass == 1) cw_log_say(log, CW_LOG_WARNING, "%s; let pass, since that field is not read", m.let_pass);
    else if (m.n_let_pass) cw_log_say(log, CW_LOG_WARNING, "%s; let pass, since that field is not read, as were %zu more faults of such INFO fields", m.let_pass, m.n_let_pass - 1);
    if ((status = choose_panel(conf, &m, &how, &panel, &with_panel, log, err)) < 0) goto done;
    if ((status = cw_import_fit_make(&fit, &m, with_panel ? &panel : NULL, &how, log, err)) < 0) goto done;
    if ((status = name_draw(conf, &m, &fit, err)) < 0) goto done;
    if ((status = judge(conf, &m, &fit, calls, log, err)) < 0) goto done;
    if (m.sample && *m.sample && !(calls->file_sample = cw_arena_strdup(calls->arena, m.sample))) status = cw_err_nomem(err);
    if (status < 0) {
        cw_calls_release(calls);
        goto done;
    }
    cw_log_say(log, conf->summary ? CW_LOG_INFO : CW_LOG_DEBUG, "caller %s, %zu records: %zu alleles of the panel reported, %zu not reported, %zu others followed, %zu left out", m.caller,
               m.n_records, fit.n_reported, fit.n_not_reported, fit.n_own, fit.n_left_out);
done:
    cw_import_fit_release(&fit);
    cw_panel_release(&panel);
    cw_imported_release(&m);
    return status;
}
