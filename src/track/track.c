/* SPDX-License-Identifier: MIT */
/* track.c - the calls of all draws of one patient -> series, clones, alarms: the order of the steps. */
#include "track/tracking.h"

#include <math.h>
#include <string.h>

void cw_track_conf_default(cw_track_conf *conf)
{
    *conf = (cw_track_conf){.alpha = .05, .alpha_confirmed = .005, .growth_slack = 4, .forecast_vaf = .05, .min_molecules = 1000,
                            .response_preset = "mean-vaf-50"};
}

static void start_patient(cw_tracking *t)
{
    cw_patient *p = t->p;
    p->id = t->in->patient;
    p->tumour_type = p->sex = p->command = p->panel = p->panel_version = p->knowledge_version = p->background_model = p->weights_basis = "";
    p->alpha = t->conf->alpha;
    p->alpha_confirmed = t->conf->alpha_confirmed;
    p->zero_day = p->patient_ln_e = NAN;
    p->response = (cw_response){.molecular = "", .preset = "", .mixed = -1, .driver_resistance_ratio = NAN, .ratio_lo = NAN, .ratio_hi = NAN,
                                .wildtype_escape = -1, .tumour_fraction = NAN, .tumour_fraction_lo = NAN, .tumour_fraction_hi = NAN, .mrd_ln_e = NAN, .mrd_lod = NAN, .mrd_lod_bound = NAN};
}

int cw_track(const cw_track_input *input, const cw_track_conf *conf, cw_patient *patient, const cw_log *log, cw_err *err)
{
    static int (*const steps[])(cw_tracking *, cw_err *) = {
        cw_track_series, cw_track_clinical, cw_track_weights, cw_track_origin, cw_track_evidence,
        cw_track_rates,  cw_track_alarms,   cw_track_backcasts, cw_track_words,   cw_track_response, cw_track_clones, cw_track_notices, cw_track_compare};
    cw_tracking t = {.in = input, .conf = conf, .p = patient, .log = log};
    cw_patient_release(patient);
    patient->arena = cw_arena_new();
    t.scratch = cw_arena_new();
    t.cache = input->cache ? input->cache : cw_track_cache_new();
    int status = patient->arena && t.scratch && t.cache ? 0 : cw_err_nomem(err);
    if (status == 0) {
        start_patient(&t);
        patient->id = cw_tracking_text(&t, input->patient);
        if (!patient->id) status = cw_err_nomem(err);
    }
    for (size_t i = 0; status == 0 && i < sizeof steps / sizeof *steps; i++) status = steps[i](&t, err);
    if (status < 0) cw_patient_release(patient);
    if (!input->cache) cw_track_cache_free(t.cache);
    cw_arena_free(t.scratch);
    return status;
}
