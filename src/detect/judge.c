/* SPDX-License-Identifier: MIT */
/* judge.c - the verdict on each allele of one draw. */
#include "detect/detect.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/mem.h"
#include "stats/beta.h"
#include "stats/ends.h"
#include "stats/limits.h"
#include "stats/strand.h"
#include "stats/true_fraction.h"
#include "stats/yield.h"

static const double STRAND_P = 1e-4;      /* reported, not applied */
static const double POSITION_P = 1e-4;    /* the same */
static const double NOISY = 1e-3;         /* background above one molecule in a thousand */
static const double MASS_CV = .15;        /* of the measurement of the cfDNA's mass */

void cw_detect_conf_default(cw_detect_conf *conf)
{
    *conf = (cw_detect_conf){.call_alpha = .001, .draw_cv = .25, .min_molecules = 1000, .plasma_ml = NAN, .cfdna_ng = NAN};
}

static bool has_word(const char *filters, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = filters; p && (p = strstr(p, word)); p++)
        if ((p == filters || p[-1] == ';') && (p[n] == ';' || !p[n])) return true;
    return false;
}

/* NAN: positions are not known, or too few carriers (or molecules near an end) for any outcome to be below POSITION_P. */
static double position_p(const cw_call *a, const cw_call_locus *l)
{
    const int64_t k_far = a->k - a->near_end, n_far = l->k_ref - l->ref_near_end;
    if (a->near_end < 0 || l->ref_near_end < 0 || cw_ends_least_p(a->near_end, k_far, l->ref_near_end, n_far) >= POSITION_P) return NAN;
    return cw_ends_p(a->near_end, k_far, l->ref_near_end, n_far);
}

/* Deciding molecules of the locus by strand of origin; false where the strands do not account for all of them. As cw_bg_strands does for tallies. */
static bool strands_of(const cw_calls *c, const cw_call_locus *l, double n[CW_STRANDS])
{
    int64_t forward = l->ref_forward, reverse = l->ref_reverse;
    if (forward < 0 || reverse < 0 || forward + reverse != l->k_ref) return false;
    for (size_t i = l->first; i < l->first + l->n; i++) {
        const cw_call *a = &c->call[i];
        if (a->forward < 0 || a->reverse < 0 || a->forward + a->reverse != a->k) return false;
        forward += a->forward, reverse += a->reverse;
    }
    n[CW_FORWARD] = (double)forward, n[CW_REVERSE] = (double)reverse;
    return true;
}

/* NAN: rates or counts by strand are unknown. */
static double evidence_by_strand(const cw_calls *c, const cw_call_locus *l, const cw_call *a)
{
    const cw_background_set *set = &c->background;
    const int64_t k[CW_STRANDS] = {a->forward, a->reverse};
    cw_gamma_nodes nodes[CW_STRANDS];
    double n[CW_STRANDS], e[CW_STRANDS];
    for (int s = 0; s < CW_STRANDS; s++) {
        if (!(a->bg_strand[s].a > 0) || cw_gamma_nodes_fill(&nodes[s], a->bg_strand[s].a, a->bg_strand[s].b) < 0) return NAN;
        e[s] = a->bg_strand[s].a / a->bg_strand[s].b;
    }
    return strands_of(c, l, n) ? cw_one_draw_ln_e_by_strand(nodes, k, n, e, set->omega_hat, set->omega, (int)set->n_omega) : NAN;
}

static void judge_evidence(const cw_calls *c, const cw_call_locus *l, const cw_detect_conf *conf, cw_call *a)
{
    const cw_background_set *set = &c->background;
    cw_gamma_nodes nodes;
    double n = (double)l->depth, e = a->bg.a / a->bg.b;
    cw_jeffreys(a->k, l->depth, .95, &a->vaf_lo, &a->vaf_hi);
    a->vaf = l->depth > 0 ? (double)a->k / n : NAN;
    a->p = a->ln_bf = a->lob = a->lod = NAN;
    cw_true_fraction(a->k, l->depth, a->bg.a, a->bg.b, set->omega_hat, &a->true_lo, &a->true_hi);
    a->k_star = 0;
    a->strand_p = a->forward >= 0 && a->reverse >= 0 && l->ref_forward >= 0 && l->ref_reverse >= 0
                      ? cw_strand_p(a->forward, a->reverse, l->ref_forward, l->ref_reverse) : NAN;
    a->position_p = position_p(a, l);
    if (l->depth <= 0 || cw_gamma_nodes_fill(&nodes, a->bg.a, a->bg.b) < 0) return;
    a->p = cw_gamma_nodes_upper(&nodes, a->k, n, set->omega_hat);
    a->ln_bf = cw_one_draw_ln_e(&nodes, a->k, n, e, set->omega_hat, set->omega, (int)set->n_omega);
    if (a->bg_strand[CW_FORWARD].a > 0) a->ln_bf_strand = evidence_by_strand(c, l, a); /* else what a calls file says of it stays */
    a->k_star = cw_critical_count(&nodes, n, set->omega_hat, c->call_alpha);
    if (a->k_star < 0) { /* no count of this depth would do: no limit can be stated */
        a->k_star = 0;
        return;
    }
    a->lob = cw_limit_of_blank(a->k_star, n);
    a->lod = cw_limit_floor_by_mass(cw_limit_of_detection(a->k_star, n, e, set->omega_hat, conf->draw_cv), c->cfdna_ng);
}

/* Detected on both strands together, but with each strand judged by its own background the molecules are worth less than the fewest that one draw detects here:
 * where background of one strand was taken for an allele, its carriers lie on that strand. */
static bool one_strand_explains(const cw_calls *c, const cw_call_locus *l, const cw_call *a)
{
    const cw_background_set *set = &c->background;
    cw_gamma_nodes nodes;
    if (a->state != CW_CALL_DETECTED || a->k_star <= 0 || isnan(a->ln_bf_strand) || cw_gamma_nodes_fill(&nodes, a->bg.a, a->bg.b) < 0) return false;
    return a->ln_bf_strand < cw_one_draw_ln_e(&nodes, a->k_star, (double)l->depth, a->bg.a / a->bg.b, set->omega_hat, set->omega, (int)set->n_omega);
}

static void judge_state(const cw_call_locus *l, const cw_detect_conf *conf, cw_call *a)
{
    if (l->depth < conf->min_molecules || !a->k_star || has_word(a->filters, "not_targeted")) a->state = CW_CALL_NOT_ASSESSABLE;
    else a->state = a->k == 0 ? CW_CALL_NOT_DETECTED : a->k < a->k_star ? CW_CALL_BELOW_LOD : CW_CALL_DETECTED;
}

/* Words of detect; what the maker of the calls already said (not_targeted, panel_of_normals) stays in front. */
static int judge_filters(cw_calls *c, const cw_call_locus *l, const cw_detect_conf *conf, size_t n_detected, cw_call *a, cw_err *err)
{
    const struct { const char *word; bool met; } rule[] = {
        {"not_targeted", has_word(a->filters, "not_targeted")},
        {"panel_of_normals", has_word(a->filters, "panel_of_normals")},
        {"low_molecules", l->depth < conf->min_molecules},
        {"weak_evidence", a->k > 0 && a->k < a->k_star},
        {"strand_bias", a->strand_p < STRAND_P},
        {"orientation", one_strand_explains(c, l, a)},
        {"position", a->position_p < POSITION_P},
        {"systematic_noise", a->bg.a > NOISY * a->bg.b},
        {"base_qual", l->low_quality > l->depth},
        {"multiallelic", a->state == CW_CALL_DETECTED && n_detected > 1},
        {"chip", a->role == CW_ROLE_CHIP && a->k > 0},
    };
    char text[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < sizeof rule / sizeof *rule; i++)
        if (rule[i].met) used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? ";" : "", rule[i].word);
    a->filters = used ? cw_arena_strdup(c->arena, text) : "PASS";
    return a->filters ? 0 : cw_err_nomem(err);
}

int cw_calls_judge(cw_calls *c, const cw_detect_conf *conf, bool only_missing, cw_err *err)
{
    c->call_alpha = only_missing && c->call_alpha > 0 ? c->call_alpha : conf->call_alpha;
    for (size_t i = 0; i < c->n_loci; i++) {
        const cw_call_locus *l = &c->locus[i];
        size_t n_detected = 0;
        for (size_t k = l->first; k < l->first + l->n; k++) {
            cw_call *a = &c->call[k];
            if (!a->counts_known || l->depth < 0 || (only_missing && a->k_star > 0)) continue;
            judge_evidence(c, l, conf, a);
            judge_state(l, conf, a);
            n_detected += a->state == CW_CALL_DETECTED;
        }
        for (size_t k = l->first; k < l->first + l->n; k++) {
            cw_call *a = &c->call[k];
            if (!a->counts_known || l->depth < 0 || (only_missing && a->filters && *a->filters)) continue;
            if (judge_filters(c, l, conf, n_detected, a, err) < 0) return CW_ENOMEM;
        }
    }
    cw_calls_yield(c, only_missing);
    return 0;
}

void cw_calls_yield(cw_calls *c, bool only_missing)
{
    for (size_t i = 0; i < c->n_loci; i++)
        for (size_t k = c->locus[i].first; k < c->locus[i].first + c->locus[i].n; k++) {
            cw_call *a = &c->call[k];
            if (only_missing && !isnan(a->p_empty)) continue;
            cw_mutants_per_ml(a->counts_known ? a->k : -1, c->locus[i].depth, c->cfdna_ng, c->plasma_ml, MASS_CV, &a->per_ml_lo, &a->per_ml, &a->per_ml_hi);
            a->p_empty = cw_p_empty_tube(a->lod, c->cfdna_ng);
        }
}
