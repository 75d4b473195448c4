/* SPDX-License-Identifier: MIT */
/* looks.c - what the likelihoods see of the series: draws, background models, observations. */
#include "track/tracking.h"

#include <string.h>

static int make_looks(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    t->draw = cw_arena_alloc(t->scratch, p->n_draws, sizeof *t->draw);
    t->day = cw_arena_alloc(t->scratch, p->n_draws, sizeof *t->day);
    t->week = cw_arena_alloc(t->scratch, p->n_draws, sizeof *t->week);
    if (!t->draw || !t->day || !t->week) return cw_err_nomem(err);
    for (size_t i = 0; i < p->n_draws; i++)
        if (!p->draws[i].excluded) {
            t->draw[t->n_looks] = i;
            t->day[t->n_looks++] = p->draws[i].day;
        }
    return 0;
}

static int make_models(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    t->model = cw_arena_alloc(t->scratch, p->n_alterations * (p->n_sets ? p->n_sets : 1), sizeof *t->model);
    if (!t->model) return cw_err_nomem(err);
    for (size_t a = 0; a < p->n_alterations; a++)
        for (size_t s = 0; s < p->n_sets; s++)
            for (size_t r = 0; r < p->alterations[a].n_rates; r++) {
                const cw_level_rate *rate = &p->alterations[a].rates[r];
                const cw_background_set *set = &p->sets[s].set;
                if (strcmp(rate->level, p->sets[s].level)) continue;
                cw_gamma_nodes *nodes = cw_arena_alloc(t->scratch, 1, sizeof *nodes);
                if (!nodes) return cw_err_nomem(err);
                if (cw_track_cache_nodes(t->cache, rate->bg.a, rate->bg.b, nodes) < 0) continue;
                t->model[a * p->n_sets + s] = (cw_rate_model){nodes, rate->bg.a / rate->bg.b, set->omega_hat, set->omega, (int)set->n_omega};
            }
    return 0;
}

static void observe(const cw_tracking *t, const cw_point *v, bool has_rate, uint8_t level, cw_obs *obs)
{
    *obs = (cw_obs){.level = level};
    if (!has_rate || v->state == CW_CALL_NOT_REPORTED || v->state == CW_CALL_NOT_ASSESSABLE) return;
    if (v->limit_only) {
        obs->n = v->depth > 0 ? (double)v->depth : 3 / v->lod; /* 3.0 = -ln .05 */
        obs->k_star = v->k_star > 0 ? v->k_star : 1;
        obs->kind = obs->n >= (double)t->conf->min_molecules ? CW_OBS_LIMIT : CW_OBS_NONE;
    } else if (v->alt >= 0 && v->depth >= t->conf->min_molecules) {
        obs->n = (double)v->depth;
        obs->k = v->alt;
        obs->kind = CW_OBS_COUNT;
    }
}

static int make_observations(cw_tracking *t, const uint8_t *level_of_draw, cw_err *err)
{
    cw_patient *p = t->p;
    t->obs = cw_arena_alloc(t->scratch, p->n_alterations * t->n_looks, sizeof *t->obs);
    if (!t->obs) return cw_err_nomem(err);
    for (size_t a = 0; a < p->n_alterations; a++)
        for (size_t j = 0; j < t->n_looks; j++) {
            uint8_t level = level_of_draw[t->draw[j]];
            bool has_rate = p->n_sets && t->model[a * p->n_sets + level].nodes;
            observe(t, &p->alterations[a].points[t->draw[j]], has_rate, level, &t->obs[a * t->n_looks + j]);
        }
    return 0;
}

int cw_track_looks(cw_tracking *t, const uint8_t *level_of_draw, cw_err *err)
{
    int status = make_looks(t, err);
    if (status == 0) status = make_models(t, err);
    return status == 0 ? make_observations(t, level_of_draw, err) : status;
}
