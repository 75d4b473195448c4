/* SPDX-License-Identifier: MIT */
/* words.c - the words of statistics 3.5: baseline, status, the sentence that goes with them, and lead time against imaging. */
#include "track/tracking.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/parse.h"

static const double SURE = .975;         /* P(r > 0) of a rate that is said to rise */
static const double RISES = .9;          /* P(r > 0) below which an allele that emerged earlier is said not to rise any more */
static const double CLEARED_SHARE = .1;  /* a cleared allele could have been seen at a tenth of what it was */

static const cw_obs *obs_at(const cw_tracking *t, size_t a, size_t j) { return &t->obs[a * t->n_looks + j]; }
static const cw_point *point_at(const cw_tracking *t, size_t a, size_t j) { return &t->p->alterations[a].points[t->draw[j]]; }
static bool emerged(const cw_tracking *t, size_t a)
{
    ptrdiff_t i = t->p->alterations[a].first_alarm;
    return i >= 0 && !strcmp(t->p->alarms[i].kind, "emergence");
}

/* The draw to which the words refer: the first alarm, else the last draw. */
static double reference_day(const cw_tracking *t, size_t a)
{
    ptrdiff_t i = t->p->alterations[a].first_alarm;
    return i >= 0 ? t->p->alarms[i].day : t->day[t->n_looks - 1];
}

static cw_baseline baseline_of(const cw_tracking *t, size_t a, double day)
{
    size_t looks = 0, judged = 0;
    bool seen = false, called = false;
    double ln_e = -INFINITY;
    for (size_t j = 0; j < t->n_looks && t->day[j] <= day; j++, looks++) {
        if (obs_at(t, a, j)->kind == CW_OBS_NONE) continue;
        judged++;
        seen |= obs_at(t, a, j)->kind == CW_OBS_COUNT && obs_at(t, a, j)->k > 0;
        called = point_at(t, a, j)->state == CW_CALL_DETECTED; /* at the last one */
        if (t->ln_e[a * t->n_looks + j] > ln_e) ln_e = t->ln_e[a * t->n_looks + j];
    }
    if (t->p->alterations[a].known_from_tissue || (judged && ln_e >= t->p->alterations[a].evidence.ln_threshold) || (judged && t->given[a] && called)) return CW_BASE_PRESENT;
    if (!looks) return CW_BASE_NO_BASELINE;
    if (!judged) return CW_BASE_NOT_ASSESSABLE;
    return seen ? CW_BASE_BELOW_LOD : CW_BASE_ABSENT;
}

/* Two draws running without a call, both of which could have shown a tenth of what was there before. */
static bool cleared(const cw_tracking *t, size_t a)
{
    size_t running = 0;
    double before = 0, worst = 0;
    for (size_t j = t->n_looks; j-- > 0;) {
        const cw_point *v = point_at(t, a, j);
        if (obs_at(t, a, j)->kind == CW_OBS_NONE) continue;
        if (running < 2) {
            if (v->state == CW_CALL_DETECTED || isnan(v->lod)) return false;
            if (v->lod > worst) worst = v->lod;
            running++;
        } else if (v->vaf > before) {
            before = v->vaf;
        }
    }
    return running == 2 && before > 0 && worst <= CLEARED_SHARE * before;
}

/* The growth test is over its threshold at the last draw, and the present line does not rather fall. An alarm stays; this word does not. Alleles of
 * the blood raise no alarm; that they grow is said all the same. */
static bool grows(const cw_tracking *t, size_t a)
{
    size_t last = t->n_looks - 1;
    return t->day[last] > cw_tracking_baseline_day(t, t->day[last]) && t->ln_e_growth[a * t->n_looks + last] >= t->p->alterations[a].evidence.ln_threshold &&
           !cw_tracking_rather_falls(t, a);
}

static bool ever_called(const cw_tracking *t, size_t a)
{
    for (size_t j = 0; j < t->n_looks; j++)
        if (obs_at(t, a, j)->kind != CW_OBS_NONE && point_at(t, a, j)->state == CW_CALL_DETECTED) return true;
    return false;
}

static cw_status_word status_of(const cw_tracking *t, size_t a, bool present)
{
    const cw_obs *last = obs_at(t, a, t->n_looks - 1);
    const cw_point *v = point_at(t, a, t->n_looks - 1);
    bool judged = last->kind != CW_OBS_NONE;
    if (emerged(t, a) || (present && ever_called(t, a))) {
        if (judged && cleared(t, a)) return CW_STATUS_CLEARED;
        if (judged && cw_tracking_falls(t, a)) return CW_STATUS_FALLING;
        if (emerged(t, a)) return CW_STATUS_EMERGING;
        if (!judged) return CW_STATUS_NOT_ASSESSABLE;
        if (grows(t, a)) return CW_STATUS_EXPANDING;
        return v->state == CW_CALL_DETECTED ? CW_STATUS_STABLE : CW_STATUS_NOT_DETECTED;
    }
    if (!judged) return CW_STATUS_NOT_ASSESSABLE;
    if (t->watch[a] || v->state == CW_CALL_DETECTED) return CW_STATUS_WATCH;
    return CW_STATUS_NOT_DETECTED;
}

/* --- the sentence --- */

static const char *day_words(const cw_alarm *alarm, char *buffer, size_t size)
{
    if (alarm->date.known && alarm->date.is_date) cw_format_date(alarm->date.day, buffer);
    else snprintf(buffer, size, "day %g", alarm->day);
    return buffer;
}

static double baseline_limit(const cw_tracking *t, size_t a, double day)
{
    double lod = NAN;
    for (size_t j = 0; j < t->n_looks && t->day[j] <= day; j++)
        if (obs_at(t, a, j)->kind != CW_OBS_NONE) lod = point_at(t, a, j)->lod;
    return lod;
}

/* Is the last draw above the one before it, the 95 % intervals apart? The rate is that of the whole line: after a response it may be open while the
 * last draw has risen, and then "not rising" would be wrong. */
static const cw_point *risen_from(const cw_tracking *t, size_t a)
{
    const cw_point *last = point_at(t, a, t->n_looks - 1), *before = NULL;
    for (size_t j = 0; j + 1 < t->n_looks; j++)
        if (obs_at(t, a, j)->kind != CW_OBS_NONE) before = point_at(t, a, j);
    return before && obs_at(t, a, t->n_looks - 1)->kind != CW_OBS_NONE && last->lo > before->hi ? before : NULL;
}

/* "emerging" stays until falling or cleared; where the last draw does not rise, the words say so. */
static const char *emerging_word(const cw_tracking *t, size_t a, char *buffer, size_t size)
{
    const cw_alarm *first = &t->p->alarms[t->p->alterations[a].first_alarm];
    size_t last = t->n_looks - 1;
    char day[32];
    double p_rising = 1 - t->p_falling[a];
    if (obs_at(t, a, last)->kind == CW_OBS_NONE) snprintf(buffer, size, "emerging (first raised on %s), not assessable in the last draw", day_words(first, day, sizeof day));
    else if (p_rising < RISES && first->day < t->day[last] && !grows(t, a))
        snprintf(buffer, size, "emerging (first raised on %s), %s (P(rising) %.2f)", day_words(first, day, sizeof day),
                 risen_from(t, a) ? "no sure rise over the line" : "not rising at the last draw", p_rising);
    else snprintf(buffer, size, "emerging");
    return buffer;
}

static const char *emerging_words(const cw_tracking *t, size_t a, double baseline_day, char *buffer, size_t size)
{
    const cw_alteration *x = &t->p->alterations[a];
    ptrdiff_t then = cw_tracking_line(t, reference_day(t, a)), now = cw_tracking_line(t, t->day[t->n_looks - 1]);
    double limit = baseline_limit(t, a, baseline_day), back = t->backcast[a];
    char word[128];
    int n;
    emerging_word(t, a, word, sizeof word);
    if (x->baseline == CW_BASE_NO_BASELINE) snprintf(buffer, size, "%s; acquired, or there before: no draw from before the line", word);
    else if (x->baseline == CW_BASE_NOT_ASSESSABLE) snprintf(buffer, size, "%s; acquired, or there before: the baseline draw could not be assessed", word);
    else if (isfinite(back) && limit <= back) {
        n = snprintf(buffer, size, "%s%s acquired ", word, strchr(word, '(') ? ";" : ",");
        if (then < 0) n += snprintf(buffer + n, size - (size_t)n, "since the first draw"); /* before any line */
        else n += snprintf(buffer + n, size - (size_t)n, "under %.20s", then == now ? "this line" : t->p->lines[then].id);
        snprintf(buffer + n, size - (size_t)n, " (baseline limit of detection %.3g %%)", 100 * limit);
    }
    else snprintf(buffer, size, "%s; acquired, or there before below the baseline limit of detection of %.3g %%", word, 100 * limit);
    return buffer;
}

static const cw_alarm *growth_alarm(const cw_tracking *t, size_t a)
{
    for (size_t i = 0; i < t->p->n_alarms; i++)
        if (!strcmp(t->p->alarms[i].kind, "growth") && !strcmp(t->p->alarms[i].what, t->p->alterations[a].id)) return &t->p->alarms[i];
    return NULL;
}

/* A driver or an allele of the blood is taken as there from the start; what the baseline draw showed is said as it was. */
static void expanding_words(const cw_tracking *t, size_t a, char *buffer, size_t size)
{
    const cw_alteration *x = &t->p->alterations[a];
    snprintf(buffer, size, "%s%s", x->baseline == CW_BASE_PRESENT ? "pre-existing and expanding" : x->baseline == CW_BASE_NO_BASELINE ? "expanding; no draw from before the line" :
             x->baseline == CW_BASE_NOT_ASSESSABLE ? "expanding; the baseline draw could not be assessed" : "expanding; not called at the baseline",
             !t->of_blood[a] ? "" : x->origin == CW_ORIGIN_UNKNOWN ? "; may be of the blood, which white cells would tell: no alarm" : "; of the blood, no alarm");
}

static void falling_words(const cw_tracking *t, size_t a, char *buffer, size_t size)
{
    const cw_point *v = point_at(t, a, t->n_looks - 1), *base = cw_tracking_fell_from(t, a);
    int n = snprintf(buffer, size, "falling%s", emerged(t, a) ? " after it emerged" : "");
    if (base) snprintf(buffer + n, size - (size_t)n, ": %.3g %% after %.3g %% at the baseline of the line", 100 * v->vaf, 100 * base->vaf);
}

static void stable_words(const cw_tracking *t, size_t a, char *buffer, size_t size)
{
    const cw_point *v = point_at(t, a, t->n_looks - 1);
    const cw_alarm *alarm = growth_alarm(t, a);
    bool rises = t->p_falling[a] <= 1 - SURE;
    size_t judged = 0;
    char day[32];
    for (size_t j = 0; j < t->n_looks; j++) judged += obs_at(t, a, j)->kind != CW_OBS_NONE;
    if (judged == 1) {
        snprintf(buffer, size, "there at %.3g %% (%.3g to %.3g %%); of one draw, which tells no course", 100 * v->vaf, 100 * v->lo, 100 * v->hi);
        return;
    }
    int n = snprintf(buffer, size, "%s at %.3g %% (%.3g to %.3g %%)%s", rises ? "no growth alarm," : risen_from(t, a) ? "no growth alarm over the line," : "stable", 100 * v->vaf, 100 * v->lo, 100 * v->hi,
                     rises ? "; the fitted rate of this line rises" : "");
    if (alarm) snprintf(buffer + n, size - (size_t)n, risen_from(t, a) ? "; growth was raised on %s" : "; the growth raised on %s does not go on at the last draw", day_words(alarm, day, sizeof day));
}

/* What rises over a line may be lower in its last draw, or the other way round; where the two intervals lie apart, that is said beside the word. */
static void add_move(const cw_tracking *t, size_t a, char *buffer, size_t size)
{
    const cw_point *last = point_at(t, a, t->n_looks - 1), *before = NULL;
    for (size_t j = 0; j + 1 < t->n_looks; j++)
        if (obs_at(t, a, j)->kind != CW_OBS_NONE) before = point_at(t, a, j);
    size_t n = strlen(buffer);
    if (before && last->hi < before->lo) snprintf(buffer + n, size - n, "; lower in the last draw, %.3g %% after %.3g %%", 100 * last->vaf, 100 * before->vaf);
    before = risen_from(t, a);
    bool said = strncmp(buffer, "emerging", 8) ? t->p->alterations[a].status != CW_STATUS_STABLE : !strstr(buffer, "no sure rise"); /* a word of growth says it */
    if (before && !said) snprintf(buffer + n, size - n, "; higher in the last draw, %.3g %% after %.3g %%", 100 * last->vaf, 100 * before->vaf);
}

static int say(cw_tracking *t, size_t a, double baseline_day, cw_err *err)
{
    cw_alteration *x = &t->p->alterations[a];
    const cw_point *v = point_at(t, a, t->n_looks - 1);
    char buffer[256] = "";
    switch (x->status) {
    case CW_STATUS_EMERGING: emerging_words(t, a, baseline_day, buffer, sizeof buffer); break;
    case CW_STATUS_EXPANDING: expanding_words(t, a, buffer, sizeof buffer); break;
    case CW_STATUS_STABLE: stable_words(t, a, buffer, sizeof buffer); break;
    case CW_STATUS_FALLING: falling_words(t, a, buffer, sizeof buffer); break;
    case CW_STATUS_CLEARED: snprintf(buffer, sizeof buffer, "cleared: two draws running without a call, limit of detection %.3g %%", 100 * v->lod); break;
    case CW_STATUS_WATCH: snprintf(buffer, sizeof buffer, "on the watch list of this draw; not an alarm"); break;
    case CW_STATUS_NOT_DETECTED: snprintf(buffer, sizeof buffer, "not detected; limit of detection %.3g %%", 100 * v->lod); break;
    case CW_STATUS_NOT_ASSESSABLE: snprintf(buffer, sizeof buffer, "not assessable in the last draw"); break;
    }
    if (x->status == CW_STATUS_EMERGING || x->status == CW_STATUS_EXPANDING || x->status == CW_STATUS_STABLE) add_move(t, a, buffer, sizeof buffer);
    x->statement = cw_tracking_text(t, buffer);
    return x->statement ? 0 : cw_err_nomem(err);
}

/* --- lead time --- */

/* First alert to the first progression on imaging in the line that the alert was raised in, or after it; negative when imaging showed it first. Both
 * are known only to lie between two examinations: the alert after the last draw before it that could judge the allele (without one, the upper end is open). */
static void lead_time(cw_tracking *t, cw_alteration *x, size_t a)
{
    const cw_patient *p = t->p;
    if (x->first_alarm < 0 || !p->n_imaging) return;
    double alert = p->alarms[x->first_alarm].day, line_start = cw_tracking_baseline_day(t, alert), previous_draw = NAN, previous_scan = NAN;
    for (size_t j = 0; j < t->n_looks; j++)
        if (t->day[j] < alert && obs_at(t, a, j)->kind != CW_OBS_NONE) previous_draw = t->day[j];
    x->lead_censored = true;
    for (size_t i = 0; i < p->n_imaging; i++) {
        double day = cw_tracking_day(t, &p->imaging[i].date);
        if (isnan(day)) continue;
        if (p->imaging[i].progression && (day >= alert || day > line_start)) {
            x->lead_days = day - alert;
            x->lead_lo = previous_scan - alert; /* may be negative: progression can be older than the alert */
            x->lead_hi = day - previous_draw;
            x->lead_censored = false;
            return;
        }
        previous_scan = day;
    }
}

static void judge_nodes(cw_tracking *t)
{
    cw_patient *p = t->p;
    for (size_t n = 0; n < p->n_nodes; n++) {
        cw_node_state *node = &p->nodes[n];
        cw_status_word best = CW_STATUS_NOT_ASSESSABLE;
        for (size_t a = 0; a < p->n_alterations; a++) {
            const cw_alteration *x = &p->alterations[a];
            if (!strcmp(x->node, node->node) && !t->of_blood[a] && x->status > best) best = x->status;
        }
        for (size_t i = 0; i < p->n_alarms; i++)
            if (best < CW_STATUS_WATCH && !strcmp(p->alarms[i].kind, "node") && !strcmp(p->alarms[i].what, node->node)) best = CW_STATUS_WATCH;
        node->status = best;
    }
}

static int list_members(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    for (size_t n = 0; n < p->n_nodes; n++) {
        cw_node_state *node = &p->nodes[n];
        size_t members = 0;
        for (int fill = 0; fill < 2; fill++) {
            for (size_t a = 0; a < p->n_alterations; a++) {
                const cw_alteration *x = &p->alterations[a];
                if (strcmp(x->node, node->node) || t->of_blood[a] || (x->status != CW_STATUS_EMERGING && x->status != CW_STATUS_EXPANDING)) continue;
                if (fill) node->alterations.v[node->alterations.n++] = x->id;
                else members++;
            }
            if (!fill && !(node->alterations.v = cw_arena_alloc(p->arena, members, sizeof *node->alterations.v))) return cw_err_nomem(err);
        }
    }
    return 0;
}

int cw_track_words(cw_tracking *t, cw_err *err)
{
    cw_patient *p = t->p;
    if (!t->n_looks) return 0;
    double last_baseline = cw_tracking_baseline_day(t, t->day[t->n_looks - 1]);
    for (size_t a = 0; a < p->n_alterations; a++) {
        cw_alteration *x = &p->alterations[a];
        double baseline_day = cw_tracking_baseline_day(t, reference_day(t, a));
        x->baseline = baseline_of(t, a, baseline_day);
        x->status = status_of(t, a, cw_tracking_present(t, a, last_baseline));
        if (say(t, a, baseline_day, err) < 0) return CW_ENOMEM;
        lead_time(t, x, a);
    }
    judge_nodes(t);
    return list_members(t, err);
}
