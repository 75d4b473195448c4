/* The joint test on the table of tracked variants after lung resection (24 patients, not part of the project):
 *   mrd_tracerx tracked.tsv       one line per patient: relapse, whether E crossed 1/alpha = 20, ln E, day of crossing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/parse.h"
#include "base/table.h"
#include "stats/init.h"
#include "stats/joint.h"

enum { MOST_DRAWS = 40, MOST_SITES = 64 };

typedef struct patient {
    const char *name, *key[MOST_SITES];
    bool relapse;
    double day[MOST_DRAWS];
    size_t n_draws, n_sites;
    cw_joint_site site[MOST_SITES];
    int64_t k[MOST_DRAWS * MOST_SITES], n[MOST_DRAWS * MOST_SITES];
} patient;

static double real(const cw_table *t, size_t r, const char *column)
{
    double x = NAN;
    return cw_parse_double(cw_table_cell(t, r, cw_table_column(t, column)), &x) ? x : NAN;
}

static const char *word(const cw_table *t, size_t r, const char *column) { return cw_table_cell(t, r, cw_table_column(t, column)); }

static int by_day(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void collect(const cw_table *t, patient *p)
{
    for (size_t r = 0; r < t->n_rows; r++) {
        if (strcmp(word(t, r, "patient"), p->name) || strcmp(word(t, r, "phase"), "Longitudinal")) continue;
        double day = real(t, r, "day");
        size_t j = 0;
        while (j < p->n_draws && p->day[j] != day) j++;
        if (j == p->n_draws && p->n_draws < MOST_DRAWS) p->day[p->n_draws++] = day;
        p->relapse = !strcmp(word(t, r, "relapse"), "1");
    }
    qsort(p->day, p->n_draws, sizeof *p->day, by_day);
    for (size_t r = 0; r < t->n_rows; r++) {
        if (strcmp(word(t, r, "patient"), p->name) || strcmp(word(t, r, "phase"), "Longitudinal")) continue;
        char key[256];
        snprintf(key, sizeof key, "%s:%s:%s", word(t, r, "chrom"), word(t, r, "pos"), word(t, r, "alt"));
        size_t i = 0, j = 0;
        while (i < p->n_sites && strcmp(p->key[i], key)) i++;
        if (i == MOST_SITES) continue;
        if (i == p->n_sites) {
            p->key[p->n_sites++] = strdup(key);
            double mu = fmax(real(t, r, "background_mean"), 1e-6), sd = real(t, r, "background_sd");
            p->site[i] = (cw_joint_site){mu, isfinite(sd) && sd > 0 ? sd : mu, .5, -1};
        }
        while (p->day[j] != real(t, r, "day")) j++;
        p->k[j * MOST_SITES + i] = (int64_t)real(t, r, "alt_reads");
        p->n[j * MOST_SITES + i] = (int64_t)real(t, r, "depth");
    }
}

int main(int argc, char **argv)
{
    cw_table t = {0};
    cw_err err = {0};
    const char *seen[64];
    size_t n_seen = 0;
    int relapses = 0, found = 0, others = 0, flagged = 0;
    cw_stats_init();
    if (argc != 2 || cw_table_read(&t, argv[1], &err) < 0) return fprintf(stderr, "%s\n", err.text), 1;
    for (size_t r = 0; r < t.n_rows; r++) {
        const char *name = word(&t, r, "patient");
        size_t s = 0;
        while (s < n_seen && strcmp(seen[s], name)) s++;
        if (s < n_seen || n_seen == 64) continue;
        seen[n_seen++] = name;
        patient *p = calloc(1, sizeof *p);
        p->name = name;
        collect(&t, p);
        int64_t *k = calloc(p->n_draws * p->n_sites + 1, sizeof *k), *n = calloc(p->n_draws * p->n_sites + 1, sizeof *n);
        double weeks[MOST_DRAWS];
        cw_joint_look look[MOST_DRAWS] = {{0}};
        for (size_t j = 0; j < p->n_draws; j++) {
            weeks[j] = (p->day[j] - p->day[0]) / 7;
            for (size_t i = 0; i < p->n_sites; i++) k[j * p->n_sites + i] = p->k[j * MOST_SITES + i], n[j * p->n_sites + i] = p->n[j * MOST_SITES + i];
        }
        const cw_joint_input in = {p->n_sites, p->n_draws, p->site, weeks, k, n};
        if (cw_joint_test(&in, look) < 0) return 1;
        double most = -INFINITY, day = NAN;
        for (size_t j = 0; j < p->n_draws; j++) {
            if (isnan(day) && look[j].ln_e >= log(20)) day = p->day[j];
            most = fmax(most, look[j].ln_e);
        }
        bool alarm = most >= log(20);
        relapses += p->relapse, found += p->relapse && alarm, others += !p->relapse, flagged += !p->relapse && alarm;
        printf("%s\trelapse=%d\talarm=%d\tln_e=%.3f\tday=%g\tdraws=%zu\tsites=%zu\n", name, p->relapse, alarm, most, day, p->n_draws, p->n_sites);
        for (size_t i = 0; i < p->n_sites; i++) free((void *)(uintptr_t)p->key[i]);
        free(p), free(k), free(n);
    }
    printf("relapses %d found %d others %d flagged %d\n", relapses, found, others, flagged);
    cw_table_release(&t);
    return 0;
}
