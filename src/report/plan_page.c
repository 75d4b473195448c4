/* SPDX-License-Identifier: MIT */
/* plan_page.c - lead time and power against draw interval, as a table and as a page. */
#include "report/plan_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/out.h"
#include "report/page.h"

int cw_report_plan_tsv(const cw_plan_row *row, size_t n, const char *path, cw_err *err)
{
    cw_out out = {0};
    if (cw_out_open(&out, path, err) < 0) return err->code;
    fprintf(out.file, "doubling_weeks\tinterval_weeks\tpower_4_weeks\tpower\tlead_q25_weeks\tlead_median_weeks\tlead_q75_weeks\tvaf_at_alert\tgain_weeks\n");
    for (size_t i = 0; i < n; i++) {
        const cw_plan_row *r = &row[i];
        fprintf(out.file, "%g\t%g\t%.4g\t%.4g\t%.4g\t%.4g\t%.4g\t", r->doubling_weeks, r->interval_weeks, r->power, r->any, r->lead[0], r->lead[1], r->lead[2]);
        if (isnan(r->vaf)) fprintf(out.file, "NA\t%.4g\n", r->gain);
        else fprintf(out.file, "%.3g\t%.4g\n", r->vaf, r->gain);
    }
    return cw_out_commit(&out, err);
}

typedef struct series { char name[64]; } series;

static void chart(cw_page *page, const cw_plan_row *row, size_t n, series *name, cw_xy *xy, bool power)
{
    for (size_t i = 0; i < n; i++) {
        snprintf(name[i].name, sizeof name[i].name, "doubling %g weeks", row[i].doubling_weeks);
        xy[i] = power ? (cw_xy){name[i].name, row[i].interval_weeks, row[i].power, NAN, NAN} : (cw_xy){name[i].name, row[i].interval_weeks, row[i].lead[1], row[i].lead[0], row[i].lead[2]};
    }
    const cw_xy_axes lead_axes = {"weeks between draws", "lead over imaging, weeks", "clone", false, false, false, NAN, NULL};
    const cw_xy_axes power_axes = {"weeks between draws", "alert at least 4 weeks before imaging", "clone", false, false, true, NAN, NULL};
    if (power) cw_page_chart(page, "power", "Share of patients with an alert at least four weeks before imaging", "one line per doubling time, share against draw interval", cw_page_xy_spec(page, &power_axes, xy, n));
    else cw_page_chart(page, "lead", "Lead over imaging, median and quartiles", "one line per doubling time, weeks of lead against draw interval", cw_page_xy_spec(page, &lead_axes, xy, n));
}

int cw_report_plan_page(const cw_plan_conf *p, const cw_plan_row *row, size_t n, const char *path, cw_err *err)
{
    cw_page page = {.title = "Plan of a draw schedule"};
    series *name = calloc(n, sizeof *name);
    cw_xy *xy = calloc(n, sizeof *xy);
    char under[256];
    int status = name && xy ? 0 : cw_err_nomem(err);
    if (status == 0) {
        snprintf(under, sizeof under, "%g molecules per site, background %g, %lld alleles watched, alpha %g, %lld simulated patients per point", p->depth, p->background,
                 (long long)p->sites, p->alpha, (long long)p->runs);
        cw_page_open(&page, "Plan of a draw schedule", under);
        cw_page_section(&page, "lead-time", "How early");
        chart(&page, row, n, name, xy, false);
        cw_page_end_section(&page);
        cw_page_section(&page, "share-early", "How often");
        chart(&page, row, n, name, xy, true);
        cw_page_end_section(&page);
        status = cw_page_write(&page, path, err);
    }
    cw_page_release(&page);
    free(name);
    free(xy);
    return status;
}
