/* SPDX-License-Identifier: MIT */
/* words.c - numbers and words of patient.json as people read them. */
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <clonewatch/patient.h>

enum { TEN_YEARS_DAYS = 3650 };

/* Two significant digits below 1 %, and never an exponent. */
static void digits(char *out, size_t size, double v)
{
    double a = fabs(v);
    if (!(a < 1e12)) {
        snprintf(out, size, "%.3g", v);
        return;
    }
    int places = a >= 100 ? 0 : a >= 10 ? 1 : a >= 1 ? 2 : a > 0 ? (int)fmin(8, 1 - floor(log10(a))) : 0;
    snprintf(out, size, "%.*f", places, v);
}

cw_short cw_words_percent(double fraction)
{
    cw_short t = {"\xe2\x80\x93"};
    if (!isfinite(fraction)) return t;
    char number[40];
    digits(number, sizeof number, 100 * fraction);
    snprintf(t.s, sizeof t.s, "%s\xc2\xa0%%", number);
    return t;
}

cw_short cw_words_number(double v)
{
    cw_short t = {"\xe2\x80\x93"};
    if (isfinite(v)) digits(t.s, sizeof t.s, v);
    return t;
}

cw_short cw_words_count(double n)
{
    cw_short t = {"\xe2\x80\x93"};
    char plain[40];
    if (!isfinite(n) || fabs(n) > 1e18) return t;
    int length = snprintf(plain, sizeof plain, "%.0f", n), at = 0;
    for (int i = 0; i < length; i++) {
        if (i > (plain[0] == '-') && (length - i) % 3 == 0 && length > 4) memcpy(t.s + at, "\xe2\x80\xaf", 3), at += 3; /* narrow no-break space */
        t.s[at++] = plain[i];
    }
    t.s[at] = '\0';
    return t;
}

static cw_short power_of_ten(long n)
{
    static const char *const raised[] = {"\xe2\x81\xb0", "\xc2\xb9", "\xc2\xb2", "\xc2\xb3", "\xe2\x81\xb4", "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8", "\xe2\x81\xb9"};
    cw_short t = {"10"};
    char plain[24];
    size_t at = 2;
    int length = snprintf(plain, sizeof plain, "%ld", n);
    for (int i = 0; i < length; i++) {
        const char *digit = raised[plain[i] - '0'];
        memcpy(t.s + at, digit, strlen(digit) + 1);
        at += strlen(digit);
    }
    return t;
}

/* Odds-like: three digits are more than anyone can use; beyond a thousand million the power of ten says it. */
static cw_short odds(double ln)
{
    cw_short t;
    double log_10 = ln / log(10);
    if (log_10 > 9) return power_of_ten((long)fmin(floor(log_10), 1e15));
    double e = exp(ln), unit = pow(10, fmax(0, floor(log_10) - 1));
    if (e >= 10) return cw_words_count(round(e / unit) * unit);
    snprintf(t.s, sizeof t.s, "%.1f", e);
    return t;
}

cw_short cw_words_evidence(double ln_e)
{
    cw_short t = {"\xe2\x80\x93"};
    if (!isfinite(ln_e)) return t;
    cw_short o = odds(fabs(ln_e));
    if (ln_e >= 0) snprintf(t.s, sizeof t.s, "1\xc2\xa0:\xc2\xa0%.60s", o.s);
    else snprintf(t.s, sizeof t.s, "%.60s\xc2\xa0:\xc2\xa0" "1 against", o.s);
    return t;
}

const char *cw_words_s(double n) { return fabs(rint(n)) == 1 ? "" : "s"; }

cw_short cw_words_days(double days)
{
    cw_short t = {"\xe2\x80\x93"};
    if (isfinite(days)) snprintf(t.s, sizeof t.s, "%.0f day%s (%.1f weeks)", days, cw_words_s(days), days / 7);
    return t;
}

cw_short cw_words_range(cw_range r, const char *unit)
{
    cw_short t = {"\xe2\x80\x93"};
    char est[40], lo[40], hi[40];
    if (r.hi > TEN_YEARS_DAYS && !strcmp(unit, "days")) r.hi = NAN; /* longer than any series can say */
    digits(est, sizeof est, r.est);
    digits(lo, sizeof lo, r.lo);
    digits(hi, sizeof hi, r.hi);
    if (!isfinite(r.est) && isfinite(r.lo)) snprintf(t.s, sizeof t.s, "longer than %.30s %.20s", lo, unit);
    else if (isfinite(r.est) && isfinite(r.lo) && isfinite(r.hi)) snprintf(t.s, sizeof t.s, "%.30s (%.30s to %.30s) %.20s", est, lo, hi, unit);
    else if (isfinite(r.est) && isfinite(r.lo)) snprintf(t.s, sizeof t.s, "%.30s (from %.30s, no upper end) %.20s", est, lo, unit);
    else if (isfinite(r.est)) snprintf(t.s, sizeof t.s, "%.30s %.20s", est, unit);
    return t;
}

cw_short cw_words_point(const json_t *point)
{
    cw_short t = {"not assessable"}, vaf = cw_words_percent(cw_json_get_real(point, "vaf")), lod = cw_words_percent(cw_json_get_real(point, "lod")),
             alt = cw_words_count(cw_json_get_real(point, "alt")), depth = cw_words_count(cw_json_get_real(point, "depth"));
    const char *many = cw_words_s(cw_json_get_real(point, "depth"));
    bool counted = cw_json_get_int(point, "alt", -1) >= 0, limit = isfinite(cw_json_get_real(point, "lod"));
    if (cw_view_is(point, "state", "not_reported")) snprintf(t.s, sizeof t.s, "not reported");
    else if (cw_view_is(point, "state", "detected") && counted) snprintf(t.s, sizeof t.s, "%.40s (%.40s of %.40s molecule%s)", vaf.s, alt.s, depth.s, many);
    else if (cw_view_is(point, "state", "detected")) snprintf(t.s, sizeof t.s, "%.60s", vaf.s);
    else if (cw_view_is(point, "state", "below_lod")) snprintf(t.s, sizeof t.s, "below LoD %.40s (%.40s of %.40s molecule%s)", lod.s, alt.s, depth.s, many);
    else if (cw_view_is(point, "state", "not_detected") && limit) snprintf(t.s, sizeof t.s, "not detected, LoD %.60s", lod.s);
    else if (cw_view_is(point, "state", "not_detected")) snprintf(t.s, sizeof t.s, "not detected, LoD unknown");
    return t;
}

const char *cw_words_reason(const cw_view *view, const json_t *alteration, const json_t *point, char *out, size_t size)
{
    const json_t *evidence = json_object_get(alteration, "evidence"), *draw = cw_view_draw_of(view, point);
    cw_patient_draw d = {.excluded = cw_json_get_bool(draw, "excluded", false), .exclude_reason = cw_json_get_string(draw, "exclude_reason")};
    cw_point x = {.alt = cw_json_get_int(point, "alt", -1), .depth = cw_json_get_int(point, "depth", -1), .k_star = cw_json_get_int(point, "k_star", -1),
                  .ln_e = cw_json_get_real(point, "ln_e"), .ln_e_growth = cw_json_get_real(point, "ln_e_growth"), .filters = cw_json_get_string(point, "filters"),
                  .limit_only = cw_json_get_bool(point, "limit_only", false), .state = CW_CALL_NOT_REPORTED};
    cw_alteration a = {.evidence = {.ln_threshold = cw_json_get_real(evidence, "ln_threshold"), .on_growth = cw_view_is(evidence, "test", "growth")}};
    (void)(cw_call_state_parse(cw_json_get_string(point, "state"), &x.state) && cw_origin_parse(cw_json_get_string(alteration, "origin"), &a.origin) &&
           cw_baseline_parse(cw_json_get_string(alteration, "baseline"), &a.baseline)); /* a word that is not known leaves what stands above */
    cw_point_reason(&x, &a, &d, out, size);
    return out;
}

const char *cw_words_status(const char *word)
{
    static const char *const pairs[][2] = {{"not_detected", "not detected"}, {"not_assessable", "not assessable"}, {"not_reported", "not reported"},
                                           {"below_lod", "below LoD"}, {"no_baseline", "no baseline draw"}, {"chip", "CHIP (blood)"},
                                           {"points_to", "Points to"}, {"reduced_activity", "Reduced activity expected"}, {"collateral", "Collateral sensitivity"},
                                           {"re_sensitised", "Re-sensitised"}, {"re_challenge", "Re-challenge"}, {"needs_assay", "Needs another assay"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (!strcmp(word, pairs[i][0])) return pairs[i][1];
    return word;
}
