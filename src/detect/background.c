/* SPDX-License-Identifier: MIT */
/* background.c - the built-in background, and the rate of one allele. */
#include "detect/background.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "detect/detect.h"

/* The built-in rates: orders of magnitude for hybrid-capture plasma at base quality 20 and more, set on the high side so that limits
 * are not promised too low. Deamination (C>T, G>A) and oxidation (C>A, G>T) stand out; consensus of one strand does not remove them,
 * consensus of both strands does. They are a start for a panel without normals, not a measurement: every output says so. */
typedef struct default_rate { const char *name; double raw, umi, duplex; } default_rate;
static const default_rate default_rates[] = {
    {"A>C", 1e-4, 2e-5, 1.5e-6}, {"A>G", 2e-4, 3e-5, 1.5e-6}, {"A>T", 1e-4, 2e-5, 1.5e-6}, {"C>A", 3e-4, 6e-5, 3e-6},
    {"C>G", 1e-4, 2e-5, 1.5e-6}, {"C>T", 3e-4, 6e-5, 3e-6},   {"G>A", 3e-4, 6e-5, 3e-6},   {"G>C", 1e-4, 2e-5, 1.5e-6},
    {"G>T", 3e-4, 6e-5, 3e-6},   {"T>A", 1e-4, 2e-5, 1.5e-6}, {"T>C", 2e-4, 3e-5, 1.5e-6}, {"T>G", 1e-4, 2e-5, 1.5e-6},
    {"ins1", 1e-4, 3e-5, 3e-6},  {"ins2", 3e-5, 1e-5, 1.5e-6}, {"ins3+", 1e-5, 5e-6, 1e-6}, {"del1", 1e-4, 3e-5, 3e-6},
    {"del2", 3e-5, 1e-5, 1.5e-6}, {"del3+", 1e-5, 5e-6, 1e-6}, {"MNV", 1e-5, 5e-6, 1e-6},   {"other", 1e-4, 3e-5, 3e-6},
};
enum { N_DEFAULT = sizeof default_rates / sizeof *default_rates };
static const double DEFAULT_NU = 1.5; /* spread of sites within a class: as in the simulations behind the limits */

int cw_background_default(cw_background *b, const char *level, cw_err *err)
{
    memset(b, 0, sizeof *b);
    cw_consensus found = CW_CONS_AUTO;
    if (level && *level && !cw_consensus_parse(level, &found))
        return cw_err_set(err, CW_EUSAGE, "consensus level '%.40s' has no built-in background; known are raw, umi, simplex, duplex", level);
    b->arena = cw_arena_new();
    if (!b->arena) return cw_err_nomem(err);
    b->level = cw_consensus_level(found);
    bool raw = found <= CW_CONS_RAW, duplex = found == CW_CONS_DUPLEX;
    b->id = cw_arena_printf(b->arena, "default-%s-1", b->level);
    b->classes = cw_arena_alloc(b->arena, N_DEFAULT, sizeof *b->classes);
    if (!b->id || !b->classes) {
        cw_background_release(b);
        return cw_err_nomem(err);
    }
    b->n_classes = N_DEFAULT;
    for (size_t i = 0; i < N_DEFAULT; i++) {
        const default_rate *d = &default_rates[i];
        b->classes[i] = (cw_bg_class){.name = d->name, .mu = raw ? d->raw : duplex ? d->duplex : d->umi, .nu = DEFAULT_NU};
    }
    /* No normals stand behind it, so the set reaches twice the CV that is assumed: with .7 in it the false alarms of an assay whose CV is .7 stay
     * below the bound, without it they do not (tests/bench/results.tsv, background CV doubled). */
    b->set = (cw_background_set){.model = b->id, .omega_hat = .35, .omega = {.2, .35, .5, .7}, .n_omega = 4, .is_default = true};
    b->offtarget_lo = b->offtarget_hi = NAN;
    return 0;
}

size_t cw_bg_class_names(const char *ref, const char *alt, char before, char after, int run, char names[CW_BG_NAMES][CW_BG_NAME_SIZE])
{
    size_t n = 0;
    switch (*alt == '<' || strpbrk(alt, "[]*") ? CW_TYPE_OTHER : cw_allele_type_of(ref, alt)) {
    case CW_TYPE_SNV:
        if (before && after) snprintf(names[n++], CW_BG_NAME_SIZE, "%c[%c>%c]%c", before, *ref, *alt, after);
        snprintf(names[n++], CW_BG_NAME_SIZE, "%c>%c", *ref, *alt);
        break;
    case CW_TYPE_INS:
    case CW_TYPE_DEL: {
        size_t r = strlen(ref), a = strlen(alt), length = r > a ? r - a : a - r;
        const char *word = r > a ? "del" : "ins", *size = length == 1 ? "1" : length == 2 ? "2" : "3+";
        if (run > 0) snprintf(names[n++], CW_BG_NAME_SIZE, "%s%s:run%d", word, size, run > 9 ? 9 : run);
        snprintf(names[n++], CW_BG_NAME_SIZE, "%s%s", word, size);
        break;
    }
    case CW_TYPE_MNV:
    case CW_TYPE_DELINS:
        snprintf(names[n++], CW_BG_NAME_SIZE, "MNV");
        break;
    default:
        break;
    }
    snprintf(names[n++], CW_BG_NAME_SIZE, "other");
    return n;
}

static int compare(const void *a, const void *b) { return cw_bg_site_compare(a, b); }

static double six_digits(double x)
{
    char text[32];
    snprintf(text, sizeof text, "%.6g", x);
    return strtod(text, NULL);
}

static cw_bg rounded(double a, double b) { return (cw_bg){six_digits(a), six_digits(b)}; }

bool cw_bg_strands(const cw_tally *t, size_t i, double k[CW_STRANDS], double n[CW_STRANDS])
{
    int64_t forward = 0, reverse = 0;
    for (size_t x = 0; x <= t->n_alt; x++) {
        if (t->forward[x] < 0 || t->reverse[x] < 0 || t->forward[x] + t->reverse[x] != t->count[x]) return false;
        forward += t->forward[x], reverse += t->reverse[x];
    }
    k[CW_FORWARD] = (double)t->forward[i], k[CW_REVERSE] = (double)t->reverse[i];
    n[CW_FORWARD] = (double)forward, n[CW_REVERSE] = (double)reverse;
    return true;
}

int cw_background_rate(const cw_background *b, const cw_locus *locus, const cw_allele *allele, cw_bg *rate, cw_bg strand[CW_STRANDS], double *class_mu, const char **source, cw_err *err)
{
    char names[CW_BG_NAMES][CW_BG_NAME_SIZE];
    size_t n = cw_bg_class_names(allele->ref, allele->alt, locus->before, locus->after, locus->run, names);
    const cw_bg_class *class = NULL;
    for (size_t i = 0; i < n && !class; i++)
        for (size_t k = 0; k < b->n_classes && !class; k++)
            if (!strcmp(b->classes[k].name, names[i])) class = &b->classes[k];
    if (!class)
        return cw_err_set(err, CW_EFORMAT, "background model '%s' has no class '%s' for %s:%lld %s>%s; fit it again with these sites", b->id, names[0], allele->contig,
                          (long long)allele->beg + 1, allele->ref, allele->alt);
    const cw_bg_site key = {.contig = allele->contig, .beg = allele->beg, .ref = allele->ref, .alt = allele->alt};
    const cw_bg_site *site = b->n_sites ? bsearch(&key, b->sites, b->n_sites, sizeof key, compare) : NULL;
    *rate = site ? rounded(site->a, site->b) : rounded(class->nu, class->nu / class->mu);
    bool both = true;
    for (int s = 0; s < CW_STRANDS; s++) {
        if (site) strand[s] = rounded(site->strand[s].a, site->strand[s].b);
        else if (class->strand[s].mu > 0) strand[s] = rounded(class->strand[s].nu, class->strand[s].nu / class->strand[s].mu);
        else strand[s] = (cw_bg){0};
        both &= strand[s].a > 0;
    }
    if (!both) strand[CW_FORWARD] = strand[CW_REVERSE] = (cw_bg){0};
    *class_mu = class->mu;
    *source = site ? "site" : b->set.is_default ? "default" : "class";
    return 0;
}
