/* SPDX-License-Identifier: MIT */
/* simulate_flow.c - scenario, panel and draw sheet -> the files of a cohort. Rows are made in parallel; each has its own streams. */
#include "flow/simulate_flow.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/parallel.h"
#include "detect/detect.h"
#include "io/calls_vcf.h"
#include "io/counts_vcf.h"
#include "io/draw_io.h"
#include "io/panel_io.h"
#include "sim/reads.h"
#include "sim/tallies.h"
#include "sim/truth_files.h"
#include "sim/tube.h"

typedef struct cohort {
    const cw_simulate_conf *conf;
    const cw_log *log;
    cw_arena *arena;
    cw_scenario scenario;
    cw_panel panel;
    cw_sim_genome genome;
    cw_draw_sheet sheet;
    cw_event_sheet events;
    cw_background background;
    cw_sim_made *made;            /* per row: what is remembered for truth.tsv */
    char **path;                  /* per row: the file to write */
} cohort;

static bool ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), m = strlen(tail);
    return n >= m && !strcmp(s + n - m, tail);
}

/* The sheet's file names are meant from where it lies; the same names below OUT. */
static int plan_row(cohort *c, size_t i, cw_err *err)
{
    const cw_draw_row *r = &c->sheet.row[i];
    const char *name = *r->bam ? r->bam : r->vcf, *slash = strrchr(c->sheet.path, '/');
    size_t folder = slash ? (size_t)(slash - c->sheet.path) + 1 : 0;
    if (*r->bam && *r->vcf)
        return cw_err_set(err, CW_EFORMAT, "%s:%zu: a simulated draw has either bam or vcf; empty one of the two", c->sheet.path, r->line);
    if (strncmp(name, c->sheet.path, folder) || name[folder] == '/' || strstr(name + folder, ".."))
        return cw_err_set(err, CW_EREFUSED, "%s:%zu: '%s' would lie outside the output folder; use a name below the sheet's folder", c->sheet.path, r->line, name + folder);
    if (!(c->path[i] = cw_arena_printf(c->arena, "%s/%s", c->conf->out, name + folder))) return cw_err_nomem(err);
    char *below = strrchr(c->path[i], '/');
    *below = '\0';
    int status = cw_make_folder(c->path[i], err);
    *below = '/';
    return status;
}

static int make_truth(cohort *c, size_t i, cw_err *err)
{
    const cw_draw_row *r = &c->sheet.row[i];
    double *start = malloc((c->events.n + 1) * sizeof *start);
    if (!start) return cw_err_nomem(err);
    cw_sim_tube tube = cw_sim_tube_of(&c->sheet, &c->events, r, start);
    c->made[i] = (cw_sim_made){.row = r, .patient = cw_scenario_patient(&c->scenario, r->patient), .day = tube.day};
    int status = cw_sim_truth_make(&c->made[i].truth, &c->scenario, c->made[i].patient, r->patient, &tube, &c->panel, err);
    free(start);
    return status;
}

static int write_calls(const cohort *c, const cw_draw_row *r, const cw_tallies *tallies, const char *path, cw_err *err)
{
    cw_calls calls = {0};
    cw_detect_conf conf;
    cw_detect_conf_default(&conf);
    conf.plasma_ml = r->plasma_ml;
    conf.cfdna_ng = r->cfdna_ng;
    int status = cw_detect(tallies, &c->panel, &c->background, &conf, &calls, c->log, err);
    cw_vcf_conf vcf = {.type = ends_with(path, ".gz") ? 'z' : 'v'};
    if (status == 0) status = cw_calls_write(&calls, path, &vcf, err);
    cw_calls_release(&calls);
    return status;
}

/* The name says which file: calls, counts without judgement, or a file of another caller. */
static int write_counts_as(const cohort *c, const cw_draw_row *r, const cw_tallies *tallies, const char *path, cw_err *err)
{
    cw_vcf_conf vcf = {.type = ends_with(path, ".gz") ? 'z' : 'v'};
    if (ends_with(path, ".calls.vcf.gz") || ends_with(path, ".calls.vcf")) return write_calls(c, r, tallies, path, err);
    if (ends_with(path, ".counts.vcf.gz") || ends_with(path, ".counts.vcf")) return cw_counts_write(&c->panel, tallies, 1, path, &vcf, err);
    return cw_sim_caller_vcf(&c->panel, tallies, path, err);
}

static int make_row(void *context, size_t i, cw_err *err)
{
    cohort *c = context;
    const cw_draw_row *r = &c->sheet.row[i];
    cw_tallies tallies = {0};
    int status = make_truth(c, i, err);
    if (status < 0) return status;
    if (r->type == CW_DRAW_TUMOUR) return cw_sim_write_tissue(&c->panel, c->made[i].patient, c->path[i], err);
    if (*r->bam) return cw_sim_bam(&c->scenario, &c->panel, &c->genome, &c->made[i].truth, c->path[i], err);
    status = cw_sim_tallies(&c->scenario, &c->panel, &c->genome, &c->made[i].truth, &tallies, err);
    if (status == 0) status = write_counts_as(c, r, &tallies, c->path[i], err);
    cw_tallies_release(&tallies);
    return status;
}

static int copy_beside(const cohort *c, const char *path, cw_err *err)
{
    char *text = NULL;
    size_t n;
    char *to = cw_arena_printf(c->arena, "%s/%s", c->conf->out, cw_base_name(path));
    if (!to) return cw_err_nomem(err);
    int status = cw_read_file(path, (size_t)1 << 28, &text, &n, NULL, err);
    if (status == 0) status = cw_out_write(to, text, n, err);
    free(text);
    return status;
}

static int load(cohort *c, cw_err *err)
{
    int status = cw_scenario_read(&c->scenario, c->conf->scenario, err);
    if (status == 0 && c->conf->seed >= 0) c->scenario.seed = (uint64_t)c->conf->seed;
    if (status == 0) status = cw_panel_load(&c->panel, c->conf->panel_dir, c->scenario.build, err);
    if (status == 0) status = cw_sim_genome_make(&c->genome, &c->panel, err);
    if (status == 0) status = cw_draw_sheet_read(&c->sheet, c->scenario.draws_path, err);
    if (status == 0 && *c->scenario.events_path) status = cw_event_sheet_read(&c->events, c->scenario.events_path, err);
    if (status == 0) status = cw_background_default(&c->background, cw_consensus_level(c->scenario.assay.level), err);
    return status;
}

static int make_all(cohort *c, cw_err *err)
{
    const char *out = c->conf->out;
    int status = cw_make_folder(out, err);
    c->made = cw_arena_alloc(c->arena, c->sheet.n, sizeof *c->made);
    c->path = cw_arena_alloc(c->arena, c->sheet.n, sizeof *c->path);
    if (status == 0 && (!c->made || !c->path)) status = cw_err_nomem(err);
    for (size_t i = 0; status == 0 && i < c->sheet.n; i++) status = plan_row(c, i, err);
    if (status == 0 && !c->conf->no_reference) {
        char *fasta = cw_arena_printf(c->arena, "%s/reference.fa.gz", out);
        cw_log_say(c->log, CW_LOG_INFO, "writing the sparse reference '%s'", fasta ? fasta : "");
        status = fasta ? cw_sim_genome_write(&c->genome, fasta, err) : cw_err_nomem(err);
    }
    if (status == 0) {
        cw_log_say(c->log, CW_LOG_INFO, "writing %zu draw%s into '%s'", c->sheet.n, c->sheet.n == 1 ? "" : "s", out);
        status = cw_parallel(c->sheet.n, c->conf->threads, make_row, c, err);
    }
    if (status == 0) {
        char *truth = cw_arena_printf(c->arena, "%s/truth.tsv", out);
        status = truth ? cw_sim_write_truth(&c->panel, c->made, c->sheet.n, truth, err) : cw_err_nomem(err);
    }
    if (status == 0) status = copy_beside(c, c->sheet.path, err);
    if (status == 0 && *c->scenario.events_path) status = copy_beside(c, c->events.path, err);
    for (size_t i = 0; c->made && i < c->sheet.n; i++) cw_sim_truth_release(&c->made[i].truth);
    return status;
}

int cw_flow_simulate(const cw_simulate_conf *conf, const cw_log *log, cw_err *err)
{
    cohort c = {.conf = conf, .log = log};
    if (!(c.arena = cw_arena_new())) return cw_err_nomem(err);
    int status = load(&c, err);
    if (status == 0) status = make_all(&c, err);
    cw_background_release(&c.background);
    cw_event_sheet_release(&c.events);
    cw_draw_sheet_release(&c.sheet);
    cw_sim_genome_release(&c.genome);
    cw_panel_release(&c.panel);
    cw_scenario_release(&c.scenario);
    cw_arena_free(c.arena);
    return status;
}
