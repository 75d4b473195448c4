/* SPDX-License-Identifier: MIT */
/* validation.c - replicates with known content -> the figures of an assay validation. Not assessable results are counted on their own and stand in no
 * denominator: they are not negative. */
#include "detect/validation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_cdf.h>
#include "base/mem.h"
#include "stats/beta.h"
#include "stats/probit.h"

enum { MANY_LEVELS = 20, EP17_REPLICATES = 60, EP17_LOTS = 2, EP17_DAYS = 3, BIG = 1 << 20 };
static const double bin_edge[] = {1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, .1, .2, .5, 1.0000001};
enum { BINS = sizeof bin_edge / sizeof *bin_edge - 1 };

typedef struct work {
    const cw_trial *trial; size_t n;
    cw_validation *v;
    size_t cap;
    cw_validation_row *row;       /* grows; the arena's at the end */
    double *level; size_t n_levels; /* different VAFs above 0 */
    double *input; size_t n_inputs; /* different inputs */
    bool *blank;                  /* [n] the trial's sample has nothing in it */
    cw_err *err;
} work;

static cw_validation_row blank_row(const char *measure, const char *group)
{
    return (cw_validation_row){.measure = measure, .group = group, .vaf_lo = NAN, .vaf_hi = NAN, .input_ng = NAN, .n = -1, .positive = -1, .value = NAN, .lo = NAN, .hi = NAN, .note = ""};
}

static int add(work *w, cw_validation_row row)
{
    if (cw_grow((void **)&w->row, &w->cap, w->v->n + 1, sizeof *w->row, w->err) < 0) return CW_ENOMEM;
    w->row[w->v->n++] = row;
    return 0;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef const char *(*word_of)(const work *w, size_t i); /* "" : not counted */

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static int count_distinct(const work *w, word_of of, size_t *n)
{
    const char **word = malloc((w->n + 1) * sizeof *word);
    if (!word) return cw_err_nomem(w->err);
    for (size_t i = 0; i < w->n; i++) word[i] = of(w, i);
    qsort(word, w->n, sizeof *word, by_text);
    *n = 0;
    for (size_t i = 0; i < w->n; i++) *n += *word[i] && (i == 0 || strcmp(word[i], word[i - 1]));
    free(word);
    return 0;
}

static const char *sample_of(const work *w, size_t i) { return w->trial[i].sample; }
static const char *allele_of(const work *w, size_t i) { return w->trial[i].allele; }
static const char *lot_of(const work *w, size_t i) { return w->trial[i].lot; }
static const char *day_of(const work *w, size_t i) { return w->trial[i].day; }
static const char *blank_of(const work *w, size_t i) { return w->blank[i] ? w->trial[i].sample : ""; }
/* A blank in which nothing could be judged had no chance of a false positive. */
static const char *read_blank_of(const work *w, size_t i) { return w->blank[i] && w->trial[i].assessable ? w->trial[i].sample : ""; }
static const char *low_of(const work *w, size_t i) { return w->trial[i].vaf > 0 && w->trial[i].assessable ? w->trial[i].sample : ""; }

static int by_sample(const void *a, const void *b) { return strcmp((*(const cw_trial *const *)a)->sample, (*(const cw_trial *const *)b)->sample); }

/* A blank sample is one with nothing in it; the empty alleles of other samples count by allele, not by sample. */
static int mark_blanks(work *w)
{
    const cw_trial **order = malloc((w->n + 1) * sizeof *order);
    w->blank = calloc(w->n + 1, sizeof *w->blank);
    if (order && w->blank) {
        for (size_t i = 0; i < w->n; i++) order[i] = &w->trial[i];
        qsort(order, w->n, sizeof *order, by_sample);
        for (size_t i = 0, end; i < w->n; i = end) {
            bool empty = true;
            for (end = i; end < w->n && !strcmp(order[end]->sample, order[i]->sample); end++) empty &= order[end]->vaf == 0;
            for (size_t k = i; k < end; k++) w->blank[order[k] - w->trial] = empty;
        }
    }
    free(order);
    return order && w->blank ? 0 : cw_err_nomem(w->err);
}

static int collect_levels(work *w)
{
    w->level = malloc((w->n + 1) * sizeof *w->level);
    w->input = malloc((w->n + 1) * sizeof *w->input);
    if (!w->level || !w->input) return cw_err_nomem(w->err);
    for (size_t i = 0; i < w->n; i++) {
        if (w->trial[i].vaf > 0) w->level[w->n_levels++] = w->trial[i].vaf;
        if (isfinite(w->trial[i].input_ng)) w->input[w->n_inputs++] = w->trial[i].input_ng;
    }
    qsort(w->level, w->n_levels, sizeof *w->level, ascending);
    qsort(w->input, w->n_inputs, sizeof *w->input, ascending);
    size_t n = 0;
    for (size_t i = 0; i < w->n_levels; i++)
        if (!n || w->level[i] > w->level[n - 1]) w->level[n++] = w->level[i];
    w->n_levels = n;
    n = 0;
    for (size_t i = 0; i < w->n_inputs; i++)
        if (!n || w->input[i] > w->input[n - 1]) w->input[n++] = w->input[i];
    w->n_inputs = n;
    return 0;
}

/* --- blanks --- */

/* LoB: 95th percentile of the blanks by rank 0.5 + 0.95 n (EP17, non-parametric), 95 % interval by order statistics. */
static int limit_of_blank(work *w)
{
    double *seen = malloc((w->n + 1) * sizeof *seen);
    size_t n = 0, positive = 0, of_blanks = 0, samples = 0;
    if (!seen || count_distinct(w, read_blank_of, &samples) < 0) {
        free(seen);
        return cw_err_nomem(w->err);
    }
    for (size_t i = 0; i < w->n; i++) {
        if (w->trial[i].vaf != 0 || !w->trial[i].assessable) continue;
        seen[n++] = w->trial[i].observed;
        positive += w->trial[i].detected;
        of_blanks += w->trial[i].detected && w->blank[i];
    }
    if (!n) {
        free(seen);
        return 0;
    }
    qsort(seen, n, sizeof *seen, ascending);
    double rank = .5 + .95 * (double)n, below = floor(rank);
    size_t at = (size_t)fmin(fmax(below, 1), (double)n) - 1, next = at + 1 < n ? at + 1 : at;
    size_t lo = 0, hi = n - 1;
    for (size_t k = 0; k < n; k++) { /* P(at least k of n below the quantile) by the binomial */
        double p = 1 - cw_beta_cdf(.95, (double)k + 1, (double)(n - k)); /* P(Bin(n, .95) <= k) */
        if (p < .025) lo = k + 1 < n ? k + 1 : n - 1;
        if (p >= .975) {
            hi = k;
            break;
        }
    }
    cw_validation_row lob = blank_row("lob", "all"), rate = blank_row("false_positive_rate", "all"), each = blank_row("false_positives_per_blank", "all");
    lob.n = rate.n = (int64_t)n, rate.positive = (int64_t)positive, each.positive = (int64_t)of_blanks, each.n = (int64_t)samples;
    lob.value = seen[at] + (rank - below) * (seen[next] - seen[at]);
    lob.lo = seen[lo], lob.hi = seen[hi];
    lob.note = "95th percentile of the blanks' observed VAF";
    rate.value = (double)positive / (double)n;
    cw_clopper_pearson((int64_t)positive, (int64_t)n, .95, &rate.lo, &rate.hi);
    rate.note = "per allele; exact 95 % interval";
    each.value = samples ? (double)of_blanks / (double)samples : NAN;
    if (samples) { /* exact Poisson interval */
        each.lo = of_blanks ? .5 * gsl_cdf_chisq_Pinv(.025, 2 * (double)of_blanks) / (double)samples : 0;
        each.hi = .5 * gsl_cdf_chisq_Pinv(.975, 2 * (double)of_blanks + 2) / (double)samples;
    }
    each.note = "per sample; exact 95 % interval";
    free(seen);
    return add(w, lob) < 0 || add(w, rate) < 0 || (samples && add(w, each) < 0) ? CW_ENOMEM : 0;
}

/* --- sensitivity --- */

static bool same_input(double a, double b) { return (isnan(a) && isnan(b)) || a == b; }

static int sensitivity_of(work *w, double lo, double hi, double input, bool any_input)
{
    cw_validation_row r = blank_row("sensitivity", "all");
    r.vaf_lo = lo, r.vaf_hi = hi, r.input_ng = any_input ? NAN : input, r.n = r.positive = 0;
    for (size_t i = 0; i < w->n; i++) {
        const cw_trial *t = &w->trial[i];
        bool inside = lo == hi ? t->vaf == lo : t->vaf >= lo && t->vaf < hi;
        if (!inside || !(t->vaf > 0) || !t->assessable || (!any_input && !same_input(t->input_ng, input))) continue;
        r.n++;
        r.positive += t->detected;
    }
    if (!r.n) return 0;
    r.value = (double)r.positive / (double)r.n;
    cw_clopper_pearson(r.positive, r.n, .95, &r.lo, &r.hi);
    r.note = any_input ? "all inputs; exact 95 % interval" : "exact 95 % interval";
    return add(w, r);
}

static int sensitivity(work *w)
{
    bool binned = w->n_levels > MANY_LEVELS;
    size_t n = binned ? BINS : w->n_levels;
    for (size_t i = 0; i < n; i++) {
        double lo = binned ? bin_edge[i] : w->level[i], hi = binned ? bin_edge[i + 1] : w->level[i];
        if (sensitivity_of(w, lo, hi, NAN, true) < 0) return CW_ENOMEM;
        for (size_t k = 0; k < w->n_inputs; k++)
            if (sensitivity_of(w, lo, hi, w->input[k], false) < 0) return CW_ENOMEM;
    }
    return 0;
}

/* --- LoD --- */

/* Trials of one allele (NULL: all) at one input (any_input: all) as probit levels; *stated is the median LoD that the calls state. */
static int lod_of(work *w, const char *allele, double input, bool any_input)
{
    cw_probit_level *level = calloc(w->n_levels + 1, sizeof *level);
    double *stated = malloc((w->n + 1) * sizeof *stated);
    size_t n = 0, n_stated = 0;
    int64_t tests = 0, hits = 0;
    int status = 0;
    if (!level || !stated) {
        status = cw_err_nomem(w->err);
        goto done;
    }
    for (size_t l = 0; l < w->n_levels; l++) {
        level[n] = (cw_probit_level){log10(w->level[l]), 0, 0};
        for (size_t i = 0; i < w->n; i++) {
            const cw_trial *t = &w->trial[i];
            if (t->vaf != w->level[l] || !t->assessable || (allele && strcmp(t->allele, allele)) || (!any_input && !same_input(t->input_ng, input))) continue;
            level[n].n++;
            level[n].hits += t->detected;
            if (isfinite(t->lod)) stated[n_stated++] = t->lod;
        }
        tests += level[n].n, hits += level[n].hits;
        n += level[n].n > 0;
    }
    cw_probit fit;
    cw_probit_fit(level, n, &fit);
    cw_validation_row r = blank_row("lod95", allele ? allele : "all"), s = blank_row("stated_lod", allele ? allele : "all");
    r.input_ng = s.input_ng = any_input ? NAN : input;
    r.n = tests, r.positive = hits, s.n = (int64_t)n_stated;
    if (fit.state == CW_PROBIT_FITTED) r.value = pow(10, fit.x95);
    if (!isnan(fit.lo)) r.lo = fit.lo < -30 ? 0 : pow(10, fit.lo);
    if (!isnan(fit.hi)) r.hi = fit.hi > 30 ? INFINITY : pow(10, fit.hi);
    r.note = fit.state == CW_PROBIT_FITTED ? "probit, 95 % profile-likelihood interval"
             : fit.state == CW_PROBIT_SEPARATED ? "no fit: at most one level is found only sometimes; between lo and hi" : "no fit: too few levels, or hits do not rise with them";
    if (n_stated) {
        qsort(stated, n_stated, sizeof *stated, ascending);
        s.value = .5 * (stated[(n_stated - 1) / 2] + stated[n_stated / 2]), s.lo = stated[0], s.hi = stated[n_stated - 1];
        s.note = "median, least and largest of what the calls state";
    }
    if (tests) status = add(w, r);
    if (tests && n_stated && status == 0) status = add(w, s);
done:
    free(level);
    free(stated);
    return status;
}

static int limits_of_detection(work *w)
{
    if (lod_of(w, NULL, NAN, true) < 0) return CW_ENOMEM;
    for (size_t k = 0; k < w->n_inputs; k++)
        if (lod_of(w, NULL, w->input[k], false) < 0) return CW_ENOMEM;
    for (size_t i = 0; i < w->n; i++) { /* each allele that was put in, at its first trial */
        bool first = w->trial[i].vaf > 0;
        for (size_t k = 0; k < i && first; k++) first = !(w->trial[k].vaf > 0 && !strcmp(w->trial[k].allele, w->trial[i].allele));
        if (first && lod_of(w, w->trial[i].allele, NAN, true) < 0) return CW_ENOMEM;
    }
    return 0;
}

/* --- precision --- */

/* Bias of the mean and CVs of one level or bin, of observed / expected: within lot and day, and total (variance components of a one-way layout). */
static int precision_of(work *w, double lo, double hi)
{
    double n = 0, sum = 0, squares = 0, within = 0, groups = 0;
    for (size_t i = 0; i < w->n; i++) {
        const cw_trial *t = &w->trial[i];
        bool inside = lo == hi ? t->vaf == lo : t->vaf >= lo && t->vaf < hi, first = true;
        if (!inside || !(t->vaf > 0) || !t->assessable) continue;
        double x = t->observed / t->vaf;
        n++, sum += x, squares += x * x;
        for (size_t k = 0; k < i && first; k++) {
            const cw_trial *o = &w->trial[k];
            bool there = (lo == hi ? o->vaf == lo : o->vaf >= lo && o->vaf < hi) && o->vaf > 0 && o->assessable;
            first = !(there && !strcmp(o->lot, t->lot) && !strcmp(o->day, t->day) && !strcmp(o->allele, t->allele));
        }
        if (!first) continue;
        double m = 0, s = 0, q = 0; /* the group of this lot, day and allele */
        for (size_t k = i; k < w->n; k++) {
            const cw_trial *o = &w->trial[k];
            bool there = (lo == hi ? o->vaf == lo : o->vaf >= lo && o->vaf < hi) && o->vaf > 0 && o->assessable;
            if (!there || strcmp(o->lot, t->lot) || strcmp(o->day, t->day) || strcmp(o->allele, t->allele)) continue;
            m++, s += o->observed / o->vaf, q += o->observed / o->vaf * (o->observed / o->vaf);
        }
        within += q - s * s / m;
        groups++;
    }
    if (n < 2) return 0;
    double mean = sum / n;
    cw_validation_row bias = blank_row("bias", "all"), total = blank_row("cv_total", "all"), inner = blank_row("cv_within", "all");
    bias.vaf_lo = total.vaf_lo = inner.vaf_lo = lo, bias.vaf_hi = total.vaf_hi = inner.vaf_hi = hi;
    bias.n = total.n = inner.n = (int64_t)n;
    double variance = fmax(0, (squares - sum * sum / n) / (n - 1)), half = gsl_cdf_tdist_Pinv(.975, n - 1) * sqrt(variance / n);
    bias.value = mean - 1, bias.lo = mean - half - 1, bias.hi = mean + half - 1;
    bias.note = "mean of observed / expected, less 1; 95 % t interval";
    total.value = mean > 0 ? sqrt(variance) / mean : NAN;
    total.note = "of observed / expected, over all lots, days and alleles";
    inner.value = mean > 0 && n > groups ? sqrt(within / (n - groups)) / mean : NAN;
    inner.note = "within lot, day and allele (repeatability)";
    return add(w, bias) < 0 || add(w, inner) < 0 || add(w, total) < 0 ? CW_ENOMEM : 0;
}

static int precision(work *w)
{
    bool binned = w->n_levels > MANY_LEVELS;
    for (size_t i = 0; i < (binned ? (size_t)BINS : w->n_levels); i++)
        if (precision_of(w, binned ? bin_edge[i] : w->level[i], binned ? bin_edge[i + 1] : w->level[i]) < 0) return CW_ENOMEM;
    return 0;
}

/* --- what EP17 asks of the design --- */

static int requirement(work *w, const char *text, int64_t have, int64_t need)
{
    cw_validation_row r = blank_row("requirement", text);
    r.n = need, r.positive = have, r.value = have >= need;
    r.note = have >= need ? "met" : "not met";
    return add(w, r);
}

static int requirements(work *w)
{
    size_t missing = 0, low = 0, blanks = 0; /* a sample in which nothing could be judged is no replicate */
    if (count_distinct(w, low_of, &low) < 0 || count_distinct(w, read_blank_of, &blanks) < 0) return CW_ENOMEM;
    for (size_t i = 0; i < w->n; i++) missing += !w->trial[i].assessable;
    cw_validation_row r = blank_row("not_assessable", "all");
    r.n = (int64_t)w->n, r.positive = (int64_t)missing, r.value = w->n ? (double)missing / (double)w->n : NAN;
    r.note = "results in no denominator above";
    if (add(w, r) < 0 || requirement(w, "blank samples (EP17-A2: at least 60)", (int64_t)blanks, EP17_REPLICATES) < 0 ||
        requirement(w, "low-level replicates (EP17-A2: at least 60)", (int64_t)low, EP17_REPLICATES) < 0 ||
        requirement(w, "reagent lots (EP17-A2: at least 2)", (int64_t)w->v->lots, EP17_LOTS) < 0)
        return CW_ENOMEM;
    return requirement(w, "days (EP17-A2: at least 3)", (int64_t)w->v->days, EP17_DAYS);
}

int cw_validate(const cw_trial *trial, size_t n, cw_validation *v, cw_err *err)
{
    work w = {.trial = trial, .n = n, .v = v, .err = err};
    memset(v, 0, sizeof *v);
    if (n > BIG) return cw_err_set(err, CW_EREFUSED, "%zu results are more than validate takes (%d); split them by allele", n, BIG);
    v->arena = cw_arena_new();
    if (!v->arena) return cw_err_nomem(err);
    int status = mark_blanks(&w);
    const struct { word_of of; size_t *n; } counted[] = {{sample_of, &v->samples}, {allele_of, &v->alleles}, {lot_of, &v->lots}, {day_of, &v->days}, {blank_of, &v->blanks}};
    for (size_t i = 0; i < sizeof counted / sizeof *counted && status == 0; i++) status = count_distinct(&w, counted[i].of, counted[i].n);
    if (status == 0) status = collect_levels(&w);
    if (status == 0) status = limit_of_blank(&w);
    if (status == 0) status = limits_of_detection(&w);
    if (status == 0) status = sensitivity(&w);
    if (status == 0) status = precision(&w);
    if (status == 0) status = requirements(&w);
    if (status == 0 && !(v->row = cw_arena_alloc(v->arena, v->n, sizeof *v->row))) status = cw_err_nomem(err);
    if (status == 0) {
        memcpy(v->row, w.row, v->n * sizeof *v->row);
        for (size_t i = 0; i < v->n; i++) { /* names outlive the trials */
            v->row[i].group = cw_arena_strdup(v->arena, v->row[i].group);
            if (!v->row[i].group) status = cw_err_nomem(err);
        }
    }
    free(w.row), free(w.level), free(w.input), free(w.blank);
    if (status < 0) cw_validation_release(v);
    return status;
}

void cw_validation_release(cw_validation *v)
{
    if (!v) return;
    cw_arena_free(v->arena);
    memset(v, 0, sizeof *v);
}
