/* SPDX-License-Identifier: MIT */
/* response.c - the patient as a whole: molecular response by a named preset, mixed response, resistance against driver, and the joint
 * test over the alleles known from tissue. */
#include "track/tracking.h"

#include <math.h>
#include <string.h>
#include "stats/beta.h"
#include "stats/joint.h"

static const double SURE = .975;
enum { LOD_RUNS = 100, LOD_MOST_SITES = 64 }; /* the limit of the joint test is found by simulation, about a second at most; above, its bound has to do */

static const cw_obs *last_obs(const cw_tracking *t, size_t a) { return &t->obs[a * t->n_looks + t->n_looks - 1]; }
static bool is_resistance(const cw_alteration *x) { return x->role == CW_ROLE_RESISTANCE || x->role == CW_ROLE_BOTH; }
static bool is_blood(const cw_alteration *x) { return x->origin == CW_ORIGIN_CHIP || x->origin == CW_ORIGIN_GERMLINE; }
static bool is_rising(const cw_alteration *x) { return x->status == CW_STATUS_EMERGING || x->status == CW_STATUS_EXPANDING; }

/* --- one allele rises while another falls, in the same line --- */

static int mixed_response(const cw_tracking *t)
{
    bool up = false, down = false, judged = false;
    for (size_t a = 0; a < t->p->n_alterations; a++) {
        const cw_alteration *x = &t->p->alterations[a];
        judged |= last_obs(t, a)->kind != CW_OBS_NONE;
        if (is_blood(x)) continue;
        up |= is_rising(x) && !cw_tracking_rather_falls(t, a); /* "emerging" stays when the rise is over */
        down |= cw_tracking_falls(t, a);
    }
    return !judged ? -1 : up && down;
}

/* --- driver and resistance --- */

typedef struct ratio { double est, lo, hi; } ratio;

/* k_r of k_r + k_d is binomial in q; R = (n_d / n_r) q / (1 - q), interval by Clopper-Pearson. */
static ratio ratio_at(const cw_tracking *t, size_t resistance, size_t driver, size_t j)
{
    const cw_obs *r = &t->obs[resistance * t->n_looks + j], *d = &t->obs[driver * t->n_looks + j];
    ratio out = {NAN, NAN, NAN};
    double lo, hi;
    if (r->kind != CW_OBS_COUNT || d->kind != CW_OBS_COUNT || r->k + d->k == 0) return out;
    cw_clopper_pearson(r->k, r->k + d->k, .95, &lo, &hi);
    out.est = d->k ? d->n / r->n * (double)r->k / (double)d->k : INFINITY;
    out.lo = d->n / r->n * lo / (1 - lo);
    out.hi = d->n / r->n * hi / (1 - hi);
    return out;
}

/* Known from tissue, or over its threshold in some draw: a molecule of background is neither a driver nor a resistance. */
static bool is_shown(const cw_tracking *t, size_t a)
{
    if (t->p->alterations[a].known_from_tissue) return true;
    for (size_t j = 0; j < t->n_looks; j++)
        if (t->ln_e[a * t->n_looks + j] >= t->p->alterations[a].evidence.ln_threshold) return true;
    return false;
}

static ptrdiff_t most_molecules(const cw_tracking *t, bool resistance)
{
    ptrdiff_t best = -1;
    double most = 0;
    for (size_t a = 0; a < t->p->n_alterations; a++) {
        const cw_alteration *x = &t->p->alterations[a];
        double seen = 0;
        if ((resistance ? !is_resistance(x) : x->role != CW_ROLE_DRIVER) || is_blood(x) || !is_shown(t, a)) continue;
        for (size_t j = 0; j < t->n_looks; j++) {
            const cw_obs *o = &t->obs[a * t->n_looks + j];
            if (o->kind == CW_OBS_COUNT) seen += (double)o->k * (j + 1 == t->n_looks ? 1e6 : 1); /* the last draw first */
        }
        if (resistance && is_rising(x)) seen *= 1e9;
        if (seen > most) most = seen, best = (ptrdiff_t)a;
    }
    return best;
}

/* Is the resistance allele losing against the driver? */
static bool falls_behind(const cw_tracking *t, size_t resistance, size_t driver)
{
    ratio now = ratio_at(t, resistance, driver, t->n_looks - 1);
    for (size_t j = 0; j + 1 < t->n_looks; j++)
        if (now.hi < ratio_at(t, resistance, driver, j).lo) return true;
    return false;
}

/* The driver rises and no resistance allele explains it. */
static int escape(const cw_tracking *t, size_t driver)
{
    bool judged = false;
    if (last_obs(t, driver)->kind == CW_OBS_NONE || isnan(t->p_falling[driver])) return -1;
    for (size_t a = 0; a < t->p->n_alterations; a++) {
        const cw_alteration *x = &t->p->alterations[a];
        if (!is_resistance(x)) continue;
        judged |= last_obs(t, a)->kind != CW_OBS_NONE;
        if (is_rising(x) && !falls_behind(t, a, driver)) return 0;
    }
    if (!judged) return -1;
    return t->p->alterations[driver].status == CW_STATUS_EXPANDING || t->p_falling[driver] <= 1 - SURE;
}

/* --- molecular response --- */

/* Of the three rules: 1 took in every variant that a draw called, those on the watch list too; 2 took another set of variants for each draw on the way
 * to the nadir, the first draw of a line for a baseline that was not there, and a draw that could not have shown what was there for clearance. */
enum { PRESET_VERSION = 3 };

typedef struct level { double mean, lo, hi; size_t detected, judged; } level;

static bool is_called(const cw_tracking *t, size_t a, size_t j) { return t->p->alterations[a].points[t->draw[j]].state == CW_CALL_DETECTED; }
static bool is_counted(const cw_tracking *t, size_t a, size_t j) { return t->obs[a * t->n_looks + j].kind == CW_OBS_COUNT; }

/* A variant of the tumour: known from tissue, over its threshold in some draw, or a driver that the baseline shows. */
static bool is_of_tumour(const cw_tracking *t, size_t a)
{
    return !is_blood(&t->p->alterations[a]) && !t->of_blood[a] && (is_shown(t, a) || t->p->alterations[a].baseline == CW_BASE_PRESENT);
}

/* Mean VAF in draw j over the variants of the tumour that the baseline or the last draw calls and both have counts of; these are the same for every j. */
static level level_at(const cw_tracking *t, size_t j, size_t base, size_t last)
{
    level v = {0};
    for (size_t a = 0; a < t->p->n_alterations; a++) {
        const cw_point *here = &t->p->alterations[a].points[t->draw[j]];
        if (!is_of_tumour(t, a) || !is_counted(t, a, base) || !is_counted(t, a, last) || !(is_called(t, a, base) || is_called(t, a, last))) continue;
        if (!is_counted(t, a, j)) return (level){0}; /* of fewer variants the mean is another */
        v.judged++;
        v.detected += is_called(t, a, j);
        v.mean += here->vaf, v.lo += here->lo, v.hi += here->hi;
    }
    if (v.judged) v.mean /= (double)v.judged, v.lo /= (double)v.judged, v.hi /= (double)v.judged;
    return v;
}

/* Could the last draw have shown every variant of the tumour that the baseline calls, at the fraction it had there? */
static bool could_show(const cw_tracking *t, size_t base, size_t last)
{
    for (size_t a = 0; a < t->p->n_alterations; a++) {
        const cw_point *now = &t->p->alterations[a].points[t->draw[last]];
        if (is_of_tumour(t, a) && is_called(t, a, base) && is_counted(t, a, base) &&
            !(is_counted(t, a, last) && now->lod <= t->p->alterations[a].points[t->draw[base]].vaf)) return false;
    }
    return true;
}

static const char *judge_response(const char *preset, const level *base, const level *now, double nadir, bool could_show)
{
    if (!base->judged || !base->detected) return ""; /* nothing was there to respond */
    if (!now->detected) return could_show ? "clearance" : "";
    if (!strcmp(preset, "mean-vaf-50")) return now->mean <= .5 * base->mean ? "molecular response" : "no molecular response";
    if (!strcmp(preset, "intervals")) return now->lo > base->hi ? "increase" : now->hi < base->lo ? "decrease" : "stable";
    return now->mean >= 1.2 * nadir && nadir < INFINITY ? "increase" : now->mean <= .7 * base->mean ? "decrease" : "stable";
}

static void molecular_response(cw_tracking *t)
{
    size_t last = t->n_looks - 1, base = 0;
    double baseline = cw_tracking_baseline_day(t, t->day[last]), nadir = INFINITY;
    for (size_t j = 0; j < last && t->day[j] <= baseline; j++) base = j;
    t->p->response.preset = t->conf->response_preset;
    t->p->response.preset_version = PRESET_VERSION;
    if (last == base || t->day[base] > baseline) return; /* the first draw of a line is no baseline */
    level was = level_at(t, base, base, last), now = level_at(t, last, base, last);
    for (size_t j = base; j < last; j++) {
        level v = level_at(t, j, base, last);
        if (v.judged && v.mean < nadir) nadir = v.mean;
    }
    t->p->response.molecular = judge_response(t->conf->response_preset, &was, &now, nadir, could_show(t, base, last));
}

/* --- joint test over the alleles known from tissue --- */

static size_t tissue_alleles(const cw_tracking *t, size_t *allele)
{
    size_t n = 0;
    for (size_t a = 0; a < t->p->n_alterations; a++)
        if (t->p->alterations[a].known_from_tissue && t->p->alterations[a].n_rates) allele[n++] = a;
    return n;
}

/* The first draw whose evidence counts: after the last operation, and without one after the baseline, because before them the tumour is there by
 * definition. *alarms is false when only baseline draws are there: their tumour fraction is shown, and nothing is raised. */
static size_t first_look_of_mrd(const cw_tracking *t, bool *alarms)
{
    double operation = -INFINITY;
    size_t j = 0;
    for (size_t i = 0; i < t->p->n_surgeries; i++) {
        double day = cw_tracking_day(t, &t->p->surgeries[i].date);
        if (day > operation && day < t->day[t->n_looks - 1]) operation = day;
    }
    while (j < t->n_looks && t->day[j] <= (isinf(operation) ? cw_tracking_baseline_day(t, t->day[j]) : operation)) j++;
    *alarms = j < t->n_looks;
    return *alarms ? j : 0;
}

/* The number of the group: that of its first allele; -1 for an allele on its own. */
static int group_of(const char *const *group, size_t i)
{
    if (!*group[i]) return -1;
    for (size_t k = 0; k < i; k++)
        if (!strcmp(group[k], group[i])) return (int)k;
    return (int)i;
}

static int joint_test(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    size_t *allele = cw_arena_alloc(t->scratch, p->n_alterations, sizeof *allele);
    bool alarms;
    size_t n = allele ? tissue_alleles(t, allele) : 0, first = first_look_of_mrd(t, &alarms), looks = t->n_looks - first;
    if (!allele) return cw_err_nomem(err);
    if (!n || !looks) return 0;
    cw_joint_site *site = cw_arena_alloc(t->scratch, n, sizeof *site);
    int64_t *k = cw_arena_alloc(t->scratch, n * looks, sizeof *k), *m = cw_arena_alloc(t->scratch, n * looks, sizeof *m);
    cw_joint_look *look = cw_arena_alloc(t->scratch, looks, sizeof *look);
    const char **group = cw_arena_alloc(t->scratch, n, sizeof *group);
    if (!site || !k || !m || !look || !group) return cw_err_nomem(err);
    size_t units = 0; /* that can speak for themselves */
    for (size_t i = 0; i < n; i++) {
        const cw_alteration *x = &p->alterations[allele[i]];
        group[i] = x->phase_group;
        units += group_of(group, i) < 0 || group_of(group, i) == (int)i;
        site[i] = cw_joint_site_from_background(x->rates[0].bg.a, x->rates[0].bg.b, p->sets[0].set.omega_hat, .5, group_of(group, i));
        for (size_t j = 0; j < looks; j++) {
            const cw_point *v = &x->points[t->draw[first + j]];
            k[j * n + i] = v->alt >= 0 && v->depth > 0 ? v->alt : 0;
            m[j * n + i] = v->alt >= 0 && v->depth > 0 ? v->depth : 0; /* every molecule counts here: no least depth */
        }
    }
    const cw_joint_input input = {n, looks, site, t->week + first, k, m};
    if (cw_joint_test(&input, look) < 0) return cw_err_nomem(err);
    p->response.tumour_fraction = look[looks - 1].theta;
    p->response.tumour_fraction_lo = look[looks - 1].lo;
    p->response.tumour_fraction_hi = look[looks - 1].hi;
    if (units > 1) p->response.mrd_ln_e = look[looks - 1].ln_e; /* one alone stays under its cap: it would look like evidence that just fails */
    p->response.mrd_lod_bound = look[looks - 1].lod;
    if (n <= LOD_MOST_SITES) p->response.mrd_lod = cw_joint_lod(site, m + (looks - 1) * n, n, p->alpha, LOD_RUNS);
    return alarms ? cw_tracking_raise_mrd(t, first, look, looks, err) : 0;
}

int cw_track_response(cw_tracking *t, cw_err *err)
{
    cw_response *r = &t->p->response;
    if (!t->n_looks) return 0;
    r->mixed = mixed_response(t);
    ptrdiff_t driver = most_molecules(t, false), resistance = most_molecules(t, true);
    if (driver >= 0 && resistance >= 0) {
        ratio now = ratio_at(t, (size_t)resistance, (size_t)driver, t->n_looks - 1);
        r->driver_resistance_ratio = now.est, r->ratio_lo = now.lo, r->ratio_hi = now.hi;
    }
    if (driver >= 0) r->wildtype_escape = escape(t, (size_t)driver);
    molecular_response(t);
    return joint_test(t, err);
}
