/* SPDX-License-Identifier: MIT */
/* alarms.c - who crossed which threshold at which draw. An alarm stays: it is raised at the first crossing and never taken back.
 *
 * Baseline of a draw: the draws up to the start of the line in force at it; without a line, the first draw. What crosses at a
 * baseline draw is there already (present), not emerging. The sums over a node and over the patient run over the alleles that are
 * not present; a site over 1/(alpha pi) implies its node and the patient over 1/alpha, so one alpha covers all three. */
#include "track/tracking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "stats/joint.h"
#include "stats/log_sum.h"

double cw_tracking_baseline_day(const cw_tracking *t, double day)
{
    ptrdiff_t line = cw_tracking_line(t, day);
    return line >= 0 ? cw_tracking_day(t, &t->p->lines[line].start) : t->n_looks ? t->day[0] : NAN;
}

bool cw_tracking_present(const cw_tracking *t, size_t a, double baseline_day)
{
    if (t->given[a]) return true;
    for (size_t j = 0; j < t->n_looks && t->day[j] <= baseline_day; j++)
        if (t->ln_e[a * t->n_looks + j] >= t->p->alterations[a].evidence.ln_threshold) return true;
    return false;
}

typedef struct raiser { cw_tracking *t; cw_err *err; } raiser;

/* Raise once per level, kind and subject. */
static int raise_alarm(raiser *r, const char *level, const char *kind, const char *what, size_t look, double ln_e, ptrdiff_t *index)
{
    cw_patient *p = r->t->p;
    *index = -1;
    for (size_t i = 0; i < p->n_alarms; i++)
        if (!strcmp(p->alarms[i].level, level) && !strcmp(p->alarms[i].kind, kind) && !strcmp(p->alarms[i].what, what)) return 0;
    if (p->n_alarms == r->t->alarm_cap) {
        size_t cap = r->t->alarm_cap ? 2 * r->t->alarm_cap : 16;
        cw_alarm *more = cw_arena_alloc(p->arena, cap, sizeof *more);
        if (!more) return cw_err_nomem(r->err);
        if (p->n_alarms) memcpy(more, p->alarms, p->n_alarms * sizeof *more);
        p->alarms = more;
        r->t->alarm_cap = cap;
    }
    const char *id = cw_arena_printf(p->arena, "alarm:%s:%s:%s", kind, level, what);
    if (!id) return cw_err_nomem(r->err);
    size_t draw = r->t->draw[look];
    p->alarms[p->n_alarms] = (cw_alarm){.id = id, .level = level, .kind = kind, .what = what, .draw = draw, .day = p->draws[draw].day,
                                        .date = p->draws[draw].date, .ln_e = ln_e, .confirmed_by_model = true};
    *index = (ptrdiff_t)p->n_alarms++;
    return 0;
}

/* alert at 1/(alpha pi), confirmed at 1/(alpha_confirmed pi). */
static int judge(raiser *r, const char *kind, const char *what, size_t look, double ln_e, double weight, ptrdiff_t *first)
{
    const cw_patient *p = r->t->p;
    ptrdiff_t index;
    if (!(ln_e >= -log(p->alpha * weight))) return 0;
    if (raise_alarm(r, "alert", kind, what, look, ln_e, &index) < 0) return CW_ENOMEM;
    if (index >= 0 && first && *first < 0) *first = index;
    if (!(ln_e >= -log(p->alpha_confirmed * weight))) return 0;
    return raise_alarm(r, "confirmed", kind, what, look, ln_e, &index);
}

/* ln sum pi_i E_i over alleles of a node (NULL: all) that are not present at the look. */
static double weighted_sum(const cw_tracking *t, const char *node, size_t look, const bool *present)
{
    double sum = -INFINITY;
    for (size_t a = 0; a < t->p->n_alterations; a++) {
        const cw_alteration *x = &t->p->alterations[a];
        double ln_e = t->ln_e[a * t->n_looks + look];
        if (present[a] || x->late || isnan(ln_e) || (node && strcmp(x->node, node))) continue;
        sum = cw_log_add(sum, log(x->evidence.weight) + ln_e);
    }
    return sum;
}

static int at_look(raiser *r, size_t j, bool *present)
{
    cw_tracking *t = r->t;
    cw_patient *p = t->p;
    double baseline = cw_tracking_baseline_day(t, t->day[j]);
    int status = 0;
    if (t->day[j] <= baseline) return 0; /* the baseline draw itself */
    for (size_t a = 0; a < p->n_alterations; a++) present[a] = cw_tracking_present(t, a, baseline);
    for (size_t a = 0; status == 0 && a < p->n_alterations; a++) {
        cw_alteration *x = &p->alterations[a];
        if (t->of_blood[a]) continue;
        const double *ln_e = (present[a] ? t->ln_e_growth : t->ln_e) + a * t->n_looks;
        status = judge(r, present[a] ? "growth" : "emergence", x->id, j, ln_e[j], x->evidence.weight, &x->first_alarm);
    }
    for (size_t n = 0; status == 0 && n < p->n_nodes; n++) status = judge(r, "node", p->nodes[n].node, j, weighted_sum(t, p->nodes[n].node, j, present), 1, NULL);
    p->patient_ln_e = weighted_sum(t, NULL, j, present);
    if (status == 0) status = judge(r, "emergence", "patient", j, p->patient_ln_e, 1, NULL);
    return status;
}

int cw_tracking_raise_mrd(cw_tracking *t, size_t first, const cw_joint_look *look, size_t n, cw_err *err)
{
    raiser r = {.t = t, .err = err};
    int status = 0;
    for (size_t j = 0; status == 0 && j < n; j++) status = judge(&r, "mrd", "patient", first + j, look[j].ln_e, 1, NULL);
    return status;
}

static int list_nodes(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    p->nodes = cw_arena_alloc(p->arena, p->n_alterations, sizeof *p->nodes);
    if (!p->nodes) return cw_err_nomem(err);
    for (size_t a = 0; a < p->n_alterations; a++) {
        const char *node = p->alterations[a].node;
        size_t n = 0;
        if (!*node) continue;
        while (n < p->n_nodes && strcmp(p->nodes[n].node, node)) n++;
        if (n == p->n_nodes) p->nodes[p->n_nodes++] = (cw_node_state){.node = node, .ln_e = NAN, .ln_threshold = -log(p->alpha)};
    }
    return 0;
}

typedef struct ranked { double ln_e; size_t allele; } ranked;

static int by_evidence(const void *pa, const void *pb)
{
    const ranked *a = pa, *b = pb;
    if (a->ln_e != b->ln_e) return a->ln_e > b->ln_e ? -1 : 1;
    return a->allele < b->allele ? -1 : a->allele > b->allele;
}

/* The list of the last look alone, by e-BH at a false discovery rate of 10 %. Not an alarm: it holds for one look, not for alarms that
 * stay on. */
static int watch_list(cw_tracking *t, const bool *present, cw_err *err)
{
    static const double RATE = .1;
    cw_patient *p = t->p;
    ranked *r = cw_arena_alloc(t->scratch, p->n_alterations, sizeof *r);
    size_t n = 0, keep = 0;
    if (!r) return cw_err_nomem(err);
    for (size_t a = 0; a < p->n_alterations; a++)
        if (!present[a] && !isnan(t->ln_e[a * t->n_looks + t->n_looks - 1])) r[n++] = (ranked){t->ln_e[a * t->n_looks + t->n_looks - 1], a};
    if (n) qsort(r, n, sizeof *r, by_evidence);
    for (size_t k = 1; k <= n; k++)
        if (r[k - 1].ln_e >= log((double)n / ((double)k * RATE))) keep = k;
    for (size_t k = 0; k < keep; k++) t->watch[r[k].allele] = true;
    return 0;
}

int cw_track_alarms(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    raiser r = {.t = t, .err = err};
    bool *present = cw_arena_alloc(t->scratch, p->n_alterations, sizeof *present);
    t->watch = cw_arena_alloc(t->scratch, p->n_alterations, sizeof *t->watch);
    if (!present || !t->watch) return cw_err_nomem(err);
    int status = list_nodes(t, err);
    for (size_t j = 0; status == 0 && j < t->n_looks; j++) status = at_look(&r, j, present);
    if (status == 0) status = cw_tracking_keep_alarms(t, err);
    if (status < 0 || !t->n_looks) return status;
    double baseline = cw_tracking_baseline_day(t, t->day[t->n_looks - 1]);
    for (size_t a = 0; a < p->n_alterations; a++) present[a] = cw_tracking_present(t, a, baseline);
    for (size_t n = 0; n < p->n_nodes; n++) p->nodes[n].ln_e = weighted_sum(t, p->nodes[n].node, t->n_looks - 1, present);
    for (size_t n = 0; n < p->n_nodes; n++)
        if (isinf(p->nodes[n].ln_e)) p->nodes[n].ln_e = NAN;
    if (isnan(p->patient_ln_e) || isinf(p->patient_ln_e)) p->patient_ln_e = NAN;
    return watch_list(t, present, err);
}
