/* SPDX-License-Identifier: MIT */
/* weights.c - what is fixed before the first draw is looked at: the zero of t and the weight pi of every allele (statistics 3.3).
 *
 * Every allele listed with the first draw gets a weight; the weights sum to 1. An allele that is there from the start (driver, known
 * from tissue) spends its weight on the growth test, the others on emergence: one alpha bounds the chance of any false alarm.
 * A previous report's weights and clock are used again; a later line changes neither. */
#include "track/tracking.h"

#include <math.h>
#include <string.h>
#include <htslib/khash.h>

KHASH_MAP_INIT_STR(weight, const cw_alteration *)

static const double tier_share[4] = {0, .7, .2, .1};

static void set_zero(cw_tracking *t)
{
    cw_patient *p = t->p;
    const cw_patient *before = t->in->previous;
    if (before && before->n_draws && isfinite(before->zero_day)) {
        /* days count from the first draw: an older draw that came in late moves the origin */
        double shift = t->is_date && before->draws[0].date.is_date ? (double)before->draws[0].date.day - before->draws[0].day - (double)t->origin_day : 0;
        p->zero_day = before->zero_day + shift;
        return;
    }
    if (!t->n_looks) return;
    p->zero_day = t->day[0];
    double latest = -INFINITY;
    for (size_t i = 0; i < p->n_lines; i++) {
        double start = cw_tracking_day(t, &p->lines[i].start);
        if (start <= t->day[0] && start > latest) latest = p->zero_day = start;
    }
}

static bool is_given(const cw_alteration *x)
{
    return x->role == CW_ROLE_DRIVER || x->role == CW_ROLE_CHIP || x->known_from_tissue;
}

static void share_weights(cw_tracking *t)
{
    cw_patient *p = t->p;
    size_t members[4] = {0};
    double total = 0, least = 1;
    for (size_t a = 0; a < p->n_alterations; a++) {
        cw_alteration *x = &p->alterations[a];
        int tier = t->in->tier ? t->in->tier(t->in->context, x->id) : 3;
        x->evidence.tier = tier >= 1 && tier <= 3 ? tier : 3;
        if (!x->late) members[x->evidence.tier]++;
    }
    for (int k = 1; k <= 3; k++)
        if (members[k]) total += tier_share[k];
    for (int k = 1; k <= 3; k++)
        if (members[k] && tier_share[k] / total / (double)members[k] < least) least = tier_share[k] / total / (double)members[k];
    for (size_t a = 0; a < p->n_alterations; a++) {
        cw_alteration *x = &p->alterations[a];
        x->evidence.weight = x->late ? least : tier_share[x->evidence.tier] / total / (double)members[x->evidence.tier];
    }
}

static int take_previous(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    const cw_patient *before = t->in->previous;
    khash_t(weight) *index = kh_init(weight);
    double least = 1;
    int put = index ? 0 : -1;
    for (size_t a = 0; put >= 0 && a < before->n_alterations; a++) {
        khint_t k = kh_put(weight, index, before->alterations[a].id, &put);
        if (put >= 0) kh_val(index, k) = &before->alterations[a];
        if (before->alterations[a].evidence.weight > 0 && before->alterations[a].evidence.weight < least) least = before->alterations[a].evidence.weight;
    }
    for (size_t a = 0; put >= 0 && a < p->n_alterations; a++) {
        cw_alteration *x = &p->alterations[a];
        khint_t k = kh_get(weight, index, x->id);
        if (k != kh_end(index) && kh_val(index, k)->evidence.weight > 0) {
            x->evidence.tier = kh_val(index, k)->evidence.tier;
            x->evidence.weight = kh_val(index, k)->evidence.weight;
            x->late = kh_val(index, k)->late;
        } else {
            x->evidence.tier = 3;
            x->evidence.weight = least;
            x->late = true;
        }
    }
    if (index) kh_destroy(weight, index);
    return put < 0 ? cw_err_nomem(err) : 0;
}

int cw_track_weights(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    const cw_patient *before = t->in->previous;
    set_zero(t);
    if (before && before->n_alterations) {
        if (take_previous(t, err) < 0) return CW_ENOMEM;
        p->alpha = before->alpha > 0 ? before->alpha : p->alpha;
        p->alpha_confirmed = before->alpha_confirmed > 0 ? before->alpha_confirmed : p->alpha_confirmed;
        p->weights_basis = cw_tracking_text(t, before->weights_basis);
    } else {
        share_weights(t);
        p->weights_basis = cw_tracking_text(t, t->in->weights_basis && *t->in->weights_basis ? t->in->weights_basis : "all alleles alike: no knowledge was given");
    }
    if (!p->weights_basis) return cw_err_nomem(err);
    t->given = cw_arena_alloc(t->scratch, p->n_alterations, sizeof *t->given);
    if (!t->given) return cw_err_nomem(err);
    for (size_t a = 0; a < p->n_alterations; a++) {
        cw_evidence *e = &p->alterations[a].evidence;
        t->given[a] = is_given(&p->alterations[a]);
        e->ln_threshold = -log(p->alpha * e->weight);
        e->false_alarm_bound = p->alterations[a].late ? NAN : p->alpha;
    }
    for (size_t j = 0; j < t->n_looks; j++) t->week[j] = (t->day[j] - p->zero_day) / 7;
    return 0;
}
