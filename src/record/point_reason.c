/* SPDX-License-Identifier: MIT */
/* point_reason.c - why an alteration is or is not believed in one draw, in words. */
#include <clonewatch/patient.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What the draw shows by itself. False: nothing, so that what all draws say is not said of it. */
static bool say_seen(const cw_point *x, char *text, size_t size)
{
    const char *flags = x->filters && *x->filters && strcmp(x->filters, "PASS") && x->alt > 0 ? x->filters : "";
    char seen[200] = "";
    switch (x->state) {
    case CW_CALL_NOT_REPORTED: snprintf(text, size, "not reported: the file says nothing of it"); return false;
    case CW_CALL_NOT_ASSESSABLE:
        if (x->depth >= 0) snprintf(text, size, "not assessable (%" PRId64 " molecules decide): neither there nor absent", x->depth);
        else snprintf(text, size, "not assessable: neither there nor absent");
        return false;
    case CW_CALL_NOT_DETECTED: snprintf(seen, sizeof seen, x->limit_only ? "reported as not detected, without counts" : "no mutant molecule"); break;
    case CW_CALL_BELOW_LOD:
        if (x->alt >= 0 && x->k_star > 0) snprintf(seen, sizeof seen, "%" PRId64 " mutant, detected only from %" PRId64 " on", x->alt, x->k_star);
        else snprintf(seen, sizeof seen, "reported as too few to be detected");
        break;
    case CW_CALL_DETECTED:
        if (x->alt >= 0 && x->k_star > 0) snprintf(seen, sizeof seen, "%" PRId64 " mutant, detected from %" PRId64 " on", x->alt, x->k_star);
        else if (x->alt >= 0) snprintf(seen, sizeof seen, "%" PRId64 " mutant, reported as detected", x->alt);
        else snprintf(seen, sizeof seen, "reported as detected");
        break;
    }
    snprintf(text, size, "%s%s%s", seen, *flags ? ", flagged " : "", flags);
    return true;
}

/* What all draws up to it say. */
static void say_believed(const cw_point *x, const cw_alteration *a, char *text, size_t size)
{
    const cw_evidence *e = &a->evidence;
    bool blood = a->origin == CW_ORIGIN_CHIP || a->origin == CW_ORIGIN_GERMLINE;
    if (blood && e->on_growth) snprintf(text, size, "%s, so no alarm", a->origin == CW_ORIGIN_CHIP ? "of blood cells (CHIP)" : "germline");
    else if (e->on_growth && isfinite(x->ln_e_growth) && x->ln_e_growth >= e->ln_threshold)
        snprintf(text, size, "followed from the start and believed to grow: ln E of growth %.3g reaches %.3g", x->ln_e_growth, e->ln_threshold);
    else if (e->on_growth && isfinite(x->ln_e_growth)) snprintf(text, size, "followed from the start, growth not shown: ln E of growth %.3g of %.3g", x->ln_e_growth, e->ln_threshold);
    else if (!isfinite(x->ln_e)) snprintf(text, size, "no evidence is stated for this draw");
    else if (x->ln_e >= e->ln_threshold && a->baseline == CW_BASE_PRESENT && isfinite(x->ln_e_growth))
        snprintf(text, size, "believed: ln E %.3g over the draws reaches %.3g; there at the baseline, ln E of growth %.3g", x->ln_e, e->ln_threshold, x->ln_e_growth);
    else if (x->ln_e >= e->ln_threshold) snprintf(text, size, "believed: ln E %.3g over the draws reaches %.3g", x->ln_e, e->ln_threshold);
    else if (x->ln_e > 0) snprintf(text, size, "not believed yet: ln E %.3g over the draws, an alarm needs %.3g", x->ln_e, e->ln_threshold);
    else snprintf(text, size, "no evidence over the draws: ln E %.3g, an alarm needs %.3g", x->ln_e, e->ln_threshold);
}

void cw_point_reason(const cw_point *x, const cw_alteration *a, const cw_patient_draw *draw, char *text, size_t size)
{
    char seen[400], believed[200];
    if (draw && draw->excluded) {
        snprintf(text, size, "outside the likelihood: the draw is excluded (%s)", draw->exclude_reason);
        return;
    }
    bool judged = say_seen(x, seen, sizeof seen);
    if (judged) say_believed(x, a, believed, sizeof believed);
    snprintf(text, size, judged ? "%s; %s" : "%s", seen, believed);
}
