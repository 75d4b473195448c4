/* SPDX-License-Identifier: MIT */
/* background_fit.c - counts of normals -> background model. */
#include "detect/background_fit.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_cdf.h>
#include "base/mem.h"
#include "detect/background.h"
#include "detect/detect.h"
#include "detect/noise.h"
#include "stats/beta.h"
#include "stats/gamma_fit.h"
#include "stats/gamma_nodes.h"
#include "stats/log_sum.h"
#include "stats/negative_binomial.h"
#include "stats/strand.h"

static const double omega_grid[] = {.1, .2, .35, .5, .7, 1};
enum { N_OMEGA = sizeof omega_grid / sizeof *omega_grid, CONTEXT_SITES = 20, CONTEXT_MUTANTS = 5 };
static const double ONE_STRAND = 5; /* times as often on one strand: from here on a rate for each would be worth a fifth of the limit and more */

/* One allele of the panel over the normals that count there. */
typedef struct row {
    const cw_allele *allele;
    size_t locus, index;          /* index: of the allele at its locus */
    double k, n;
    double strand_k[CW_STRANDS], strand_n[CW_STRANDS]; /* over those of them whose strands are known */
    char name[CW_BG_NAMES][CW_BG_NAME_SIZE];
    size_t n_names;
    const cw_bg_class *class;
} row;

typedef struct fit {
    const cw_panel *panel;
    const cw_tallies *const *samples; size_t n_samples;
    const cw_background_fit_conf *conf;
    cw_background *b;
    row *row; size_t n;
    cw_err *err;
} fit;

void cw_background_fit_conf_default(cw_background_fit_conf *conf) { *conf = (cw_background_fit_conf){.max_vaf = .05}; }

static int64_t depth_of(const cw_tally *t)
{
    int64_t sum = t->other;
    for (size_t i = 0; i <= t->n_alt; i++) sum += t->count[i];
    return sum;
}

/* Counts of one normal at one allele; false where it is germline or a blood clone, or was not read. */
static bool usable(const fit *f, const row *r, size_t s, double *k, double *n)
{
    const cw_tally *t = &f->samples[s]->tally[r->locus];
    *k = (double)t->count[r->index + 1];
    *n = (double)depth_of(t);
    return *n > 0 && !(*k >= 2 && *k > f->conf->max_vaf * *n);
}

static int collect(fit *f)
{
    f->row = calloc(f->panel->n_alleles + 1, sizeof *f->row);
    if (!f->row) return cw_err_nomem(f->err);
    for (size_t l = 0; l < f->panel->n_loci; l++) {
        const cw_locus *locus = &f->panel->loci[l];
        for (size_t i = 0; i < locus->n; i++) {
            row *r = &f->row[f->n++];
            r->allele = &f->panel->alleles[f->panel->by_locus[locus->first + i]];
            r->locus = l, r->index = i;
            r->n_names = cw_bg_class_names(r->allele->ref, r->allele->alt, locus->before, locus->after, locus->run, r->name);
            for (size_t s = 0; s < f->n_samples; s++) {
                double k, n;
                if (!usable(f, r, s, &k, &n)) continue;
                r->k += k, r->n += n;
                double strand_k[CW_STRANDS], strand_n[CW_STRANDS];
                if (!cw_bg_strands(&f->samples[s]->tally[l], i + 1, strand_k, strand_n)) continue;
                for (int x = 0; x < CW_STRANDS; x++) r->strand_k[x] += strand_k[x], r->strand_n[x] += strand_n[x];
            }
        }
    }
    return 0;
}

static bool has_class(const cw_background *b, const char *name)
{
    for (size_t i = 0; i < b->n_classes; i++)
        if (!strcmp(b->classes[i].name, name)) return true;
    return false;
}

static bool is_member(const row *r, const char *name)
{
    for (size_t x = 0; x < r->n_names; x++)
        if (!strcmp(r->name[x], name)) return r->n > 0;
    return false;
}

/* The rate of one strand of a class. Without molecules of it nothing is known. */
static int fit_strand(fit *f, cw_bg_class *c, int strand, double *k, double *n)
{
    struct cw_bg_class_strand *to = &c->strand[strand];
    size_t sites = 0;
    for (size_t i = 0; i < f->n; i++) {
        const row *r = &f->row[i];
        if (!is_member(r, c->name) || !(r->strand_n[strand] > 0)) continue;
        k[sites] = r->strand_k[strand], n[sites++] = r->strand_n[strand];
        to->mutants += (int64_t)r->strand_k[strand], to->molecules += (int64_t)r->strand_n[strand];
    }
    return sites && cw_gamma_fit(k, n, sites, &to->mu, &to->nu) < 0 ? cw_err_nomem(f->err) : 0;
}

/* Fit the class of this name to all rows that carry it. A context class that holds too little is left out: its rows use the next one. */
static int fit_class(fit *f, const char *name, bool context, double *k, double *n)
{
    cw_bg_class c = {.name = cw_arena_strdup(f->b->arena, name)};
    size_t sites = 0;
    if (!c.name) return cw_err_nomem(f->err);
    for (size_t i = 0; i < f->n; i++) {
        const row *r = &f->row[i];
        if (!is_member(r, name)) continue;
        k[sites] = r->k, n[sites++] = r->n;
        c.molecules += (int64_t)r->n, c.mutants += (int64_t)r->k;
    }
    c.sites = (int64_t)sites;
    if (context && (sites < CONTEXT_SITES || c.mutants < CONTEXT_MUTANTS)) return 0;
    if (!sites) return 0;
    if (cw_gamma_fit(k, n, sites, &c.mu, &c.nu) < 0) return cw_err_nomem(f->err);
    for (int s = 0; s < CW_STRANDS; s++)
        if (fit_strand(f, &c, s, k, n) < 0) return CW_ENOMEM;
    f->b->classes[f->b->n_classes++] = c;
    return 0;
}

static int compare_classes(const void *a, const void *b) { return strcmp(((const cw_bg_class *)a)->name, ((const cw_bg_class *)b)->name); }

static int fit_classes(fit *f)
{
    double *k = malloc((f->n + 1) * sizeof *k), *n = malloc((f->n + 1) * sizeof *n);
    f->b->classes = cw_arena_alloc(f->b->arena, f->n * CW_BG_NAMES + 1, sizeof *f->b->classes);
    int status = k && n && f->b->classes ? 0 : cw_err_nomem(f->err);
    for (size_t i = 0; i < f->n && status == 0; i++)
        for (size_t x = 0; x < f->row[i].n_names && status == 0; x++)
            if (!has_class(f->b, f->row[i].name[x])) status = fit_class(f, f->row[i].name[x], strpbrk(f->row[i].name[x], "[:") != NULL, k, n);
    if (status == 0) qsort(f->b->classes, f->b->n_classes, sizeof *f->b->classes, compare_classes);
    for (size_t i = 0; i < f->n && status == 0; i++)
        for (size_t x = 0; x < f->row[i].n_names && !f->row[i].class; x++)
            for (size_t c = 0; c < f->b->n_classes && !f->row[i].class; c++)
                if (!strcmp(f->b->classes[c].name, f->row[i].name[x])) f->row[i].class = &f->b->classes[c];
    free(k), free(n);
    return status;
}

/* ln P(all counts of the allele | class, w), the rate integrated out. */
static double ln_row(const fit *f, const row *r, double w)
{
    cw_gamma_nodes nodes;
    double term[CW_GAMMA_NODES];
    if (cw_gamma_nodes_fill(&nodes, r->class->nu, r->class->nu / r->class->mu) < 0) return 0;
    memcpy(term, nodes.ln_weight, sizeof term);
    for (size_t s = 0; s < f->n_samples; s++) {
        double k, n;
        if (!usable(f, r, s, &k, &n)) continue;
        double factor = cw_nb_ln_factor((int64_t)k);
        for (int m = 0; m < CW_GAMMA_NODES; m++) term[m] += cw_nb_ln_pmf_fast((int64_t)k, factor, n * nodes.x[m], 1 / (w * w));
    }
    return cw_log_sum(term, CW_GAMMA_NODES);
}

/* Draw-to-draw CV: profile likelihood, and the whole 95 % set. */
static void fit_omega(fit *f, const cw_log *sink)
{
    double ln_l[N_OMEGA], best = -INFINITY;
    cw_background_set *set = &f->b->set;
    for (int i = 0; i < N_OMEGA; i++) {
        ln_l[i] = 0;
        for (size_t r = 0; r < f->n; r++)
            if (f->row[r].class && f->row[r].n > 0) ln_l[i] += ln_row(f, &f->row[r], omega_grid[i]);
        if (ln_l[i] > best) best = ln_l[i], set->omega_hat = omega_grid[i];
    }
    set->n_omega = 0;
    for (int i = 0; i < N_OMEGA; i++)
        if (2 * (best - ln_l[i]) <= 3.84) set->omega[set->n_omega++] = omega_grid[i];
    if (set->omega_hat >= omega_grid[N_OMEGA - 1])
        cw_log_say(sink, CW_LOG_WARNING, "the normals differ from one another as much as the model allows (CV 1 or more): is one of them of another batch, or not a normal?");
}

/* Damage of one strand: judged on both strands together, such a class has a higher limit of detection than it could have (docs/detection.md, "Strands"). Substitutions
 * without context are asked, once each. */
static void tell_strands(const fit *f, const cw_log *sink)
{
    for (size_t c = 0; c < f->b->n_classes; c++) {
        const cw_bg_class *class = &f->b->classes[c];
        const struct cw_bg_class_strand *forward = &class->strand[CW_FORWARD], *reverse = &class->strand[CW_REVERSE];
        if (strlen(class->name) != 3 || class->name[1] != '>' || !forward->molecules || !reverse->molecules) continue;
        double rate_forward = ((double)forward->mutants + .5) / ((double)forward->molecules + 1), rate_reverse = ((double)reverse->mutants + .5) / ((double)reverse->molecules + 1);
        double times = rate_forward > rate_reverse ? rate_forward / rate_reverse : rate_reverse / rate_forward;
        if (times < ONE_STRAND || cw_strand_p(forward->mutants, reverse->mutants, forward->molecules - forward->mutants, reverse->molecules - reverse->mutants) > 1e-3) continue;
        cw_log_say(sink, CW_LOG_WARNING, "the normals show %s more than %g times as often on the %s strand (%" PRId64 " and %" PRId64 " mutant molecules, forward and reverse): damage of one strand; "
                   "a verdict takes both strands together, which costs sensitivity where damage is frequent (LNBFS of the calls judges each by its own rate)", class->name, ONE_STRAND,
                   rate_forward > rate_reverse ? "forward" : "reverse", forward->mutants, reverse->mutants);
    }
}

static int compare_sites(const void *a, const void *b) { return cw_bg_site_compare(a, b); }

static int keep_sites(fit *f)
{
    cw_background *b = f->b;
    b->sites = cw_arena_alloc(b->arena, f->n, sizeof *b->sites);
    if (!b->sites) return cw_err_nomem(f->err);
    for (size_t i = 0; i < f->n; i++) {
        const row *r = &f->row[i];
        if (!(r->n > 0) || !r->class) continue;
        cw_bg_site *s = &b->sites[b->n_sites++];
        *s = (cw_bg_site){.contig = cw_arena_strdup(b->arena, r->allele->contig), .beg = r->allele->beg, .ref = cw_arena_strdup(b->arena, r->allele->ref),
                          .alt = cw_arena_strdup(b->arena, r->allele->alt), .molecules = (int64_t)r->n, .mutants = (int64_t)r->k,
                          .a = r->class->nu + r->k, .b = r->class->nu / r->class->mu + r->n};
        for (int x = 0; x < CW_STRANDS; x++) {
            const struct cw_bg_class_strand *c = &r->class->strand[x];
            if (c->mu > 0) s->strand[x] = (struct cw_bg_site_strand){c->nu + r->strand_k[x], c->nu / c->mu + r->strand_n[x], (int64_t)r->strand_n[x], (int64_t)r->strand_k[x]};
        }
        if (!s->contig || !s->ref || !s->alt) return cw_err_nomem(f->err);
    }
    qsort(b->sites, b->n_sites, sizeof *b->sites, compare_sites);
    return 0;
}

/* Where the next normal's off-target noise lies in 99 of 100: prediction interval on ln scale. Unknown with fewer than three. */
static void fit_offtarget(fit *f, const cw_log *sink)
{
    double sum = 0, squares = 0, n = 0;
    f->b->offtarget_lo = f->b->offtarget_hi = NAN;
    for (size_t s = 0; s < f->n_samples; s++) {
        double rate = cw_noise_rate(f->samples[s], NULL);
        if (rate > 0) sum += log(rate), squares += log(rate) * log(rate), n++;
    }
    if (n < 3) {
        cw_log_say(sink, CW_LOG_WARNING, "only %g normals carry off-target counts: draws will not be checked against the noise of the normals", n);
        return;
    }
    double mean = sum / n, sd = sqrt(fmax(0, squares - n * mean * mean) / (n - 1)), half = gsl_cdf_tdist_Pinv(.995, n - 1) * sd * sqrt(1 + 1 / n);
    f->b->offtarget_lo = exp(mean - half);
    f->b->offtarget_hi = exp(mean + half);
}

/* One normal against all others: outside of what they let expect, with a chance of 1 % that any of so many is. It widens the range of noise and the draw-to-draw CV: bad draws
 * pass, and limits of good ones are too high. */
static void tell_odd_normals(const fit *f, const cw_log *sink)
{
    double n = 0, sum = 0, squares = 0;
    for (size_t s = 0; s < f->n_samples; s++) {
        double rate = cw_noise_rate(f->samples[s], NULL);
        if (rate > 0) sum += log(rate), squares += log(rate) * log(rate), n++;
    }
    if (n < 4) return; /* of three others a spread can be told */
    for (size_t s = 0; s < f->n_samples; s++) {
        int64_t bases;
        double rate = cw_noise_rate(f->samples[s], &bases), lo, hi;
        if (!(rate > 0)) continue;
        double m = n - 1, mean = (sum - log(rate)) / m, sd = sqrt(fmax(0, squares - log(rate) * log(rate) - m * mean * mean) / (m - 1));
        double half = gsl_cdf_tdist_Qinv(.005 / n, m - 1) * sd * sqrt(1 + 1 / m);
        cw_clopper_pearson((int64_t)llround(rate * (double)bases), bases, 1 - .01 / n, &lo, &hi);
        if (hi >= exp(mean - half) && lo <= exp(mean + half)) continue;
        cw_log_say(sink, CW_LOG_WARNING, "normal '%s' has an off-target noise of %.3g mismatches per base, the others let expect %.3g-%.3g: is it of another batch, or damaged? With it in the model "
                   "the range of noise and the draw-to-draw CV are too wide; fit without it", f->samples[s]->sample, rate, exp(mean - half), exp(mean + half));
    }
}

static bool same_counts(const cw_tallies *a, const cw_tallies *b, size_t *read)
{
    *read = 0;
    for (size_t l = 0; l < a->n; l++) {
        const cw_tally *x = &a->tally[l], *y = &b->tally[l];
        if (x->other != y->other || memcmp(x->count, y->count, (x->n_alt + 1) * sizeof *x->count)) return false;
        *read += depth_of(x) > 0;
    }
    return true;
}

/* One normal twice is half as much knowledge as the model would take it for. */
static void tell_same_normals(const fit *f, const cw_log *sink)
{
    enum { BY_CHANCE = 3 }; /* so few loci may be alike */
    size_t read;
    for (size_t s = 0; s < f->n_samples; s++)
        for (size_t other = 0; other < s; other++)
            if (same_counts(f->samples[s], f->samples[other], &read) && read > BY_CHANCE) {
                cw_log_say(sink, CW_LOG_WARNING, "normals %zu ('%s') and %zu ('%s') have the same counts at all loci: one normal given twice counts twice", other + 1, f->samples[other]->sample, s + 1,
                           f->samples[s]->sample);
                break;
            }
}

static int agree_on_level(const fit *f, const char **level)
{
    *level = f->conf->level;
    for (size_t s = 0; s < f->n_samples; s++) {
        const char *own = cw_consensus_level(f->samples[s]->consensus);
        if (f->samples[s]->n != f->panel->n_loci) return cw_err_set(f->err, CW_EINTERNAL, "tallies and panel do not belong together");
        if (!*level) *level = own;
        else if (!f->conf->level && strcmp(*level, own))
            return cw_err_set(f->err, CW_EREFUSED, "normal '%s' is of level %s, normal '%s' of level %s; fit one model for each level", f->samples[0]->sample, *level,
                              f->samples[s]->sample, own);
    }
    return 0;
}

int cw_background_fit(const cw_panel *panel, const cw_tallies *const *samples, size_t n_samples, const cw_background_fit_conf *conf, cw_background *b, const cw_log *log, cw_err *err)
{
    fit f = {.panel = panel, .samples = samples, .n_samples = n_samples, .conf = conf, .b = b, .err = err};
    const char *level = NULL;
    memset(b, 0, sizeof *b);
    if (!n_samples) return cw_err_set(err, CW_EUSAGE, "no normals were given");
    int status = agree_on_level(&f, &level);
    if (status < 0) return status;
    b->arena = cw_arena_new();
    if (!b->arena) return cw_err_nomem(err);
    b->level = cw_arena_strdup(b->arena, level);
    b->id = cw_arena_strdup(b->arena, conf->name && *conf->name ? conf->name : "background");
    b->set.model = b->id;
    b->build = panel->build;
    b->normals = (int64_t)n_samples;
    status = b->level && b->id ? collect(&f) : cw_err_nomem(err);
    if (status == 0) status = fit_classes(&f);
    if (status == 0 && !b->n_classes) status = cw_err_set(err, CW_EREFUSED, "the normals have no molecules at any allele of the panel");
    if (status == 0) {
        fit_omega(&f, log);
        fit_offtarget(&f, log);
        tell_strands(&f, log);
        tell_odd_normals(&f, log);
        tell_same_normals(&f, log);
        status = keep_sites(&f);
    }
    if (status == 0 && n_samples < 10)
        cw_log_say(log, CW_LOG_WARNING, "%zu normals are few: rates lean on their classes; 20 or more of the same assay are better", n_samples);
    free(f.row);
    if (status < 0) cw_background_release(b);
    return status;
}
