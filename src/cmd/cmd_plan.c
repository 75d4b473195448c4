/* SPDX-License-Identifier: MIT */
/* cmd_plan.c - clonewatch plan: lead time and power against draw interval. */
#include "cmd.h"

#include <string.h>
#include "base/parse.h"
#include "flow/plan_flow.h"

enum { MOST = 32 };

static const cw_usage usage = {
    .command = "plan",
    .synopsis = "clonewatch plan [--depth 20000] [--doubling 2,4,6,8] [--interval 2,4,8,12] [-o plan.tsv]",
    .text = "Simulates patients with one growing resistant clone and says how long before imaging the alert of 'track' comes, and how often, for each "
            "doubling time and draw interval. Simulated figures support a choice of schedule; they do not replace a validation on samples.",
    .examples = "clonewatch plan --depth 10000 --interval 4,6,8 > plan.tsv\n"};

/* "2,4,8" into weeks; 0 when it is not a list of positive numbers. */
static size_t weeks(const char *text, double *value)
{
    size_t n = 0;
    for (const char *at = text;; at++, n++) {
        char word[32];
        size_t length = strcspn(at, ",");
        if (n == MOST || length >= sizeof word) return 0;
        memcpy(word, at, length);
        word[length] = '\0';
        if (!cw_parse_double(word, &value[n]) || !(value[n] >= .1 && value[n] <= 520)) return 0;
        at += length;
        if (!*at) return n + 1;
    }
}

int cmd_plan(int argc, char **argv)
{
    cw_common common = CW_COMMON_DEFAULT;
    cw_plan_flow_conf conf = {0};
    cw_plan_conf_default(&conf.plan);
    const char *doubling = "2,4,6,8", *interval = "2,4,6,8,12";
    int64_t seed = (int64_t)conf.plan.seed;
    int first = 0;
    const cw_opt options[] = {
        CW_GROUP("Assay"),
        CW_REAL(0, "depth", &conf.plan.depth, 1, 1e7, "unique molecules at a site in each draw (default 20000)"),
        CW_REAL(0, "background", &conf.plan.background, 1e-9, .01, "background rate of a site (default 3e-5)"),
        CW_REAL(0, "background-cv", &conf.plan.background_cv, .01, 2, "its CV between draws (default 0.35)"),
        CW_INT(0, "normals", &conf.plan.normals, 1, 100000, "normals behind the background model (default 30)"),
        CW_INT(0, "sites", &conf.plan.sites, 1, 1000000, "alleles watched, weighted alike (default 200)"),
        CW_REAL(0, "alpha", &conf.plan.alpha, 1e-6, .5, "allowed chance of ever raising a false alert (default 0.05)"),
        CW_GROUP("Clone and schedule"),
        CW_STRING(0, "doubling", &doubling, "LIST", "doubling times in weeks (default 2,4,6,8)"),
        CW_STRING(0, "interval", &interval, "LIST", "weeks between draws (default 2,4,6,8,12)"),
        CW_REAL(0, "draw-cv", &conf.plan.draw_cv, 0, 2, "CV of the true fraction between draws (default 0.25)"),
        CW_REAL(0, "scan-interval", &conf.plan.scan_weeks, .5, 104, "weeks between scans (default 8)"),
        CW_REAL(0, "progression-vaf", &conf.plan.progression_vaf, 1e-4, .5, "fraction of the clone at which a scan shows progression (default 0.05)"),
        CW_INT(0, "runs", &conf.plan.runs, 10, 100000, "simulated patients for each line of the table (default 200)"),
        CW_INT(0, "seed", &seed, 0, 2147483647, "seed of the simulation (default 1)"),
        CW_GROUP("Output"),
        CW_OPT_OUTPUT(&common, "table (default: standard output)"),
        CW_STRING(0, "html", &conf.page, "FILE", "page with plots"),
        CW_OPT_COMMON(&common),
        {0}};
    int status = cw_options_parse(&usage, options, argc, argv, &first);
    if (status >= 0) return status;
    double doublings[MOST], intervals[MOST];
    if (argc > first) return cw_usage_error("plan", "'%s' is not expected", argv[first]);
    conf.doubling = doublings;
    conf.interval = intervals;
    if (!(conf.n_doubling = weeks(doubling, doublings))) return cw_usage_error("plan", "--doubling takes up to %d numbers of weeks with commas between, not '%s'", MOST, doubling);
    if (!(conf.n_interval = weeks(interval, intervals))) return cw_usage_error("plan", "--interval takes up to %d numbers of weeks with commas between, not '%s'", MOST, interval);
    conf.plan.seed = (uint64_t)seed;
    conf.table = common.output;
    cw_err err = {0};
    cw_terminal terminal = {0};
    status = cw_flow_plan(&conf, cw_terminal_log(&terminal, &common, "plan"), &err);
    cw_terminal_end(&terminal);
    return cw_report_error("plan", status, &err);
}
