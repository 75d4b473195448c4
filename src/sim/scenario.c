/* SPDX-License-Identifier: MIT */
/* scenario.c - a scenario file (JSON) into memory, and the course of a clone under the lines of therapy. */
#include "sim/scenario.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/json.h"
#include "base/mem.h"

typedef struct reader { cw_scenario *s; cw_err *err; } reader;

static const char *const classes[12] = {"A>C", "A>G", "A>T", "C>A", "C>G", "C>T", "G>A", "G>C", "G>T", "T>A", "T>C", "T>G"};

static int refuse(const reader *r, const char *where, const char *key, const char *why)
{
    return cw_err_set(r->err, CW_EFORMAT, "'%s': %s of %s %s", r->s->path, key, where, why);
}

/* A misspelt key would leave a default in its place, unseen. */
static int known_keys(const reader *r, const json_t *object, const char *where, const char *const *keys)
{
    const char *key;
    const json_t *value;
    if (!json_is_object(object)) return cw_err_set(r->err, CW_EFORMAT, "'%s': %s is not an object", r->s->path, where);
    json_object_foreach((json_t *)object, key, value)
    {
        size_t i = 0;
        while (keys[i] && strcmp(keys[i], key)) i++;
        if (!keys[i]) return refuse(r, where, key, "is not known; see 'Scenario' in docs/formats.md");
    }
    return 0;
}

static int number(const reader *r, const json_t *object, const char *where, const char *key, double lo, double hi, double *out)
{
    const json_t *v = json_object_get(object, key);
    if (!v) return 0;
    double x = json_is_number(v) ? json_number_value(v) : NAN;
    if (!(x >= lo && x <= hi)) {
        char why[96];
        snprintf(why, sizeof why, "must be a number from %g to %g", lo, hi);
        return refuse(r, where, key, why);
    }
    *out = x;
    return 0;
}

static int text(const reader *r, const json_t *v, const char *where, const char *key, const char **out)
{
    if (!json_is_string(v) || !*json_string_value(v)) return refuse(r, where, key, "must be a text");
    if (!(*out = cw_arena_strdup(r->s->arena, json_string_value(v)))) return cw_err_nomem(r->err);
    return 0;
}

static int read_background(const reader *r, const json_t *v)
{
    if (!v) return 0;
    if (!json_is_object(v)) return refuse(r, "'assay'", "background", "must be an object of rates by class, such as {\"other\": 1e-5, \"C>T\": 3e-5}");
    double other = 1e-5;
    if (number(r, v, "'background'", "other", 0, 0.1, &other) < 0) return CW_EFORMAT;
    for (size_t i = 0; i < 12; i++) r->s->assay.background[i] = other;
    const char *key;
    const json_t *rate;
    json_object_foreach((json_t *)v, key, rate)
    {
        size_t i = 0;
        while (i < 12 && strcmp(classes[i], key)) i++;
        if (i == 12 && strcmp(key, "other")) return refuse(r, "'background'", key, "is not a class such as C>T, or 'other'");
        if (i < 12 && number(r, v, "'background'", key, 0, 0.1, &r->s->assay.background[i]) < 0) return CW_EFORMAT;
    }
    return 0;
}

static int read_assay(const reader *r, const json_t *v)
{
    static const char *const keys[] = {"level", "molecules", "focus_molecules", "snp_molecules", "read_length", "fragment_mean", "fragment_sd",
                                       "long_fraction", "background", "site_shape", "background_cv", "draw_cv", "low_quality", NULL};
    cw_sim_assay *a = &r->s->assay;
    *a = (cw_sim_assay){.level = CW_CONS_UMI, .molecules = 1500, .focus_molecules = NAN, .snp_molecules = 200, .read_length = 100,
                        .fragment_mean = 167, .fragment_sd = 18, .long_fraction = 0.08, .site_shape = 1.5, .background_cv = 0.35,
                        .draw_cv = 0.25, .low_quality = 0.005};
    for (size_t i = 0; i < 12; i++) a->background[i] = 1e-5;
    if (v) {
        double length = 100;
        if (known_keys(r, v, "'assay'", keys) < 0 || number(r, v, "'assay'", "molecules", 0, 1e7, &a->molecules) < 0 ||
            number(r, v, "'assay'", "focus_molecules", 0, 1e7, &a->focus_molecules) < 0 ||
            number(r, v, "'assay'", "snp_molecules", 0, 1e7, &a->snp_molecules) < 0 ||
            number(r, v, "'assay'", "read_length", 30, 300, &length) < 0 || number(r, v, "'assay'", "fragment_mean", 60, 400, &a->fragment_mean) < 0 ||
            number(r, v, "'assay'", "fragment_sd", 0, 60, &a->fragment_sd) < 0 || number(r, v, "'assay'", "long_fraction", 0, 1, &a->long_fraction) < 0 ||
            number(r, v, "'assay'", "site_shape", 0.01, 1e6, &a->site_shape) < 0 ||
            number(r, v, "'assay'", "background_cv", 0, 3, &a->background_cv) < 0 || number(r, v, "'assay'", "draw_cv", 0, 3, &a->draw_cv) < 0 ||
            number(r, v, "'assay'", "low_quality", 0, 0.5, &a->low_quality) < 0 || read_background(r, json_object_get(v, "background")) < 0)
            return CW_EFORMAT;
        a->read_length = (int64_t)length;
        const char *level = cw_json_get_string(v, "level");
        if (*level && (!cw_consensus_parse(level, &a->level) || a->level == CW_CONS_AUTO)) return refuse(r, "'assay'", "level", "must be raw, umi, simplex or duplex");
    }
    if (isnan(a->focus_molecules)) a->focus_molecules = a->molecules;
    return 0;
}

static int read_points(const reader *r, const json_t *v, const char *where, cw_sim_clone *c)
{
    if (!json_is_array(v) || !json_array_size(v)) return refuse(r, where, "points", "must be a list of [day, VAF]");
    c->n_points = json_array_size(v);
    if (!(c->points = cw_arena_alloc(r->s->arena, c->n_points, sizeof *c->points))) return cw_err_nomem(r->err);
    for (size_t i = 0; i < c->n_points; i++) {
        const json_t *pair = json_array_get(v, i), *day = json_array_get(pair, 0), *vaf = json_array_get(pair, 1);
        if (json_array_size(pair) != 2 || !json_is_number(day) || !json_is_number(vaf)) return refuse(r, where, "points", "must be a list of [day, VAF]");
        c->points[i] = (cw_sim_point){json_number_value(day), json_number_value(vaf)};
        if (!(c->points[i].vaf >= 0 && c->points[i].vaf <= 1)) return refuse(r, where, "points", "holds a VAF outside 0 to 1");
        if (i && c->points[i].day <= c->points[i - 1].day) return refuse(r, where, "points", "must have rising days");
    }
    return 0;
}

static int read_growth(const reader *r, const json_t *v, const char *where, cw_sim_clone *c)
{
    static const char *const keys[] = {"day", "vaf", "max_vaf", "doubling_days", NULL};
    c->vaf = NAN;
    c->max_vaf = 0.5;
    if (known_keys(r, v, where, keys) < 0 || number(r, v, where, "day", -36525, 36525, &c->day) < 0 || number(r, v, where, "vaf", 0, 1, &c->vaf) < 0 ||
        number(r, v, where, "max_vaf", 0, 1, &c->max_vaf) < 0)
        return CW_EFORMAT;
    const json_t *d = json_object_get(v, "doubling_days");
    if (isnan(c->vaf) || !json_is_array(d) || !json_array_size(d))
        return refuse(r, where, "growth", "needs 'vaf' and 'doubling_days', a list: before the first line, under line 1, ...");
    c->n_doubling = json_array_size(d);
    if (!(c->doubling_days = cw_arena_alloc(r->s->arena, c->n_doubling, sizeof *c->doubling_days))) return cw_err_nomem(r->err);
    for (size_t i = 0; i < c->n_doubling; i++) {
        if (!json_is_number(json_array_get(d, i))) return refuse(r, where, "doubling_days", "must be numbers (negative: halving; 0: flat)");
        c->doubling_days[i] = json_number_value(json_array_get(d, i));
    }
    return 0;
}

static int read_clone(const reader *r, const json_t *v, const cw_sim_patient *p, cw_sim_clone *c)
{
    static const char *const keys[] = {"id", "parent", "alleles", "homolog", "blood", "tissue", "points", "growth", NULL};
    char where[160];
    snprintf(where, sizeof where, "a clone of patient '%.60s'", p->id);
    if (known_keys(r, v, where, keys) < 0 || text(r, json_object_get(v, "id"), where, "id", &c->id) < 0) return r->err->code;
    snprintf(where, sizeof where, "clone '%.40s' of patient '%.60s'", c->id, p->id);
    c->parent = -1;
    const char *parent = cw_json_get_string(v, "parent");
    for (const cw_sim_clone *o = p->clones; o < c; o++) {
        if (!strcmp(o->id, c->id)) return refuse(r, where, "id", "stands twice");
        if (!strcmp(o->id, parent)) c->parent = o - p->clones;
    }
    if (*parent && c->parent < 0) return refuse(r, where, "parent", "is not a clone that stands before it");
    const json_t *alleles = json_object_get(v, "alleles");
    c->n_alleles = json_array_size(alleles);
    if (!c->n_alleles) return refuse(r, where, "alleles", "must be a list of one or more");
    if (!(c->alleles = cw_arena_alloc(r->s->arena, c->n_alleles, sizeof *c->alleles))) return cw_err_nomem(r->err);
    for (size_t i = 0; i < c->n_alleles; i++)
        if (text(r, json_array_get(alleles, i), where, "alleles", &c->alleles[i]) < 0) return r->err->code;
    double homolog = 1;
    if (number(r, v, where, "homolog", 1, 2, &homolog) < 0) return CW_EFORMAT;
    c->homolog = (int)homolog;
    c->blood = cw_json_get_bool(v, "blood", false);
    c->tissue = cw_json_get_bool(v, "tissue", false);
    const json_t *points = json_object_get(v, "points"), *growth = json_object_get(v, "growth");
    if (!points == !growth) return refuse(r, where, "course", "must be either 'points' or 'growth'");
    return points ? read_points(r, points, where, c) : read_growth(r, growth, where, c);
}

static int read_patients(const reader *r, const json_t *v)
{
    static const char *const keys[] = {"clones", NULL};
    cw_scenario *s = r->s;
    if (!v) return 0; /* normals alone */
    if (!json_is_object(v)) return cw_err_set(r->err, CW_EFORMAT, "'%s': 'patients' must be an object, patient id to clones", s->path);
    if (!(s->patients = cw_arena_alloc(s->arena, json_object_size(v), sizeof *s->patients))) return cw_err_nomem(r->err);
    const char *id;
    const json_t *p;
    json_object_foreach((json_t *)v, id, p)
    {
        cw_sim_patient *to = &s->patients[s->n_patients++];
        const json_t *clones = json_object_get(p, "clones");
        if (known_keys(r, p, "a patient", keys) < 0) return CW_EFORMAT;
        if (!(to->id = cw_arena_strdup(s->arena, id)) || !(to->clones = cw_arena_alloc(s->arena, json_array_size(clones), sizeof *to->clones)))
            return cw_err_nomem(r->err);
        for (size_t i = 0; i < json_array_size(clones); i++) {
            if (read_clone(r, json_array_get(clones, i), to, &to->clones[i]) < 0) return r->err->code;
            to->n_clones++;
        }
    }
    return 0;
}

static int read_samples(const reader *r, const json_t *v)
{
    static const char *const keys[] = {"yield", "genotype_of", NULL};
    cw_scenario *s = r->s;
    if (!v) return 0;
    if (!json_is_object(v)) return cw_err_set(r->err, CW_EFORMAT, "'%s': 'samples' must be an object", s->path);
    if (!(s->samples = cw_arena_alloc(s->arena, json_object_size(v), sizeof *s->samples))) return cw_err_nomem(r->err);
    const char *id;
    const json_t *one;
    json_object_foreach((json_t *)v, id, one)
    {
        cw_sim_sample *to = &s->samples[s->n_samples++];
        to->yield = 1;
        if (known_keys(r, one, "a sample", keys) < 0 || number(r, one, "a sample", "yield", 0, 1000, &to->yield) < 0) return CW_EFORMAT;
        if (!(to->sample = cw_arena_strdup(s->arena, id))) return cw_err_nomem(r->err);
        if (json_object_get(one, "genotype_of") && text(r, json_object_get(one, "genotype_of"), "a sample", "genotype_of", &to->of) < 0) return r->err->code;
    }
    return 0;
}

static int beside(const reader *r, const char *name, const char **out)
{
    const char *slash = strrchr(r->s->path, '/');
    *out = !*name || *name == '/' || !slash ? cw_arena_strdup(r->s->arena, name)
                                            : cw_arena_printf(r->s->arena, "%.*s/%s", (int)(slash - r->s->path), r->s->path, name);
    return *out ? 0 : cw_err_nomem(r->err);
}

static int read_top(const reader *r, const json_t *v)
{
    static const char *const keys[] = {"about", "seed", "build", "draws", "events", "assay", "patients", "samples", NULL};
    cw_scenario *s = r->s;
    if (known_keys(r, v, "the scenario", keys) < 0) return CW_EFORMAT;
    int64_t seed = cw_json_get_int(v, "seed", -1);
    if (seed < 0) return refuse(r, "the scenario", "seed", "must be a whole number, 0 or above");
    s->seed = (uint64_t)seed;
    const char *build = cw_json_get_string(v, "build");
    s->build = !*build || !strcmp(build, "GRCh38") ? CW_BUILD_GRCH38 : !strcmp(build, "GRCh37") ? CW_BUILD_GRCH37 : CW_BUILD_UNKNOWN;
    if (s->build == CW_BUILD_UNKNOWN) return refuse(r, "the scenario", "build", "must be GRCh37 or GRCh38");
    if (!*cw_json_get_string(v, "draws")) return refuse(r, "the scenario", "draws", "must name the draw sheet");
    if (beside(r, cw_json_get_string(v, "draws"), &s->draws_path) < 0 || beside(r, cw_json_get_string(v, "events"), &s->events_path) < 0 ||
        read_assay(r, json_object_get(v, "assay")) < 0 || read_patients(r, json_object_get(v, "patients")) < 0)
        return r->err->code;
    return read_samples(r, json_object_get(v, "samples"));
}

int cw_scenario_read(cw_scenario *s, const char *path, cw_err *err)
{
    reader r = {s, err};
    json_t *v = NULL;
    int status = 0;
    if (!(s->arena = cw_arena_new()) || !(s->path = cw_arena_strdup(s->arena, path))) status = cw_err_nomem(err);
    if (status == 0) status = cw_json_read(path, &v, err);
    if (status == 0) status = read_top(&r, v);
    json_decref(v);
    if (status < 0) {
        status = err && err->code ? err->code : status;
        cw_scenario_release(s);
    }
    return status;
}

void cw_scenario_release(cw_scenario *s)
{
    if (!s) return;
    cw_arena_free(s->arena);
    memset(s, 0, sizeof *s);
}

const cw_sim_patient *cw_scenario_patient(const cw_scenario *s, const char *id)
{
    for (size_t i = 0; i < s->n_patients; i++)
        if (!strcmp(s->patients[i].id, id)) return &s->patients[i];
    return NULL;
}

const cw_sim_sample *cw_scenario_sample(const cw_scenario *s, const char *sample)
{
    for (size_t i = 0; i < s->n_samples; i++)
        if (!strcmp(s->samples[i].sample, sample)) return &s->samples[i];
    return NULL;
}

static double along_points(const cw_sim_clone *c, double day)
{
    const cw_sim_point *p = c->points;
    if (day <= p[0].day) return p[0].vaf;
    for (size_t i = 1; i < c->n_points; i++) {
        if (day >= p[i].day) continue;
        if (p[i - 1].vaf <= 0 || p[i].vaf <= 0) return p[i - 1].vaf; /* zero has no logarithm: a step at the later point */
        double x = (day - p[i - 1].day) / (p[i].day - p[i - 1].day);
        return exp((1 - x) * log(p[i - 1].vaf) + x * log(p[i].vaf));
    }
    return p[c->n_points - 1].vaf;
}

static double log2_rate(const cw_sim_clone *c, size_t line)
{
    double d = c->doubling_days[line < c->n_doubling ? line : c->n_doubling - 1];
    return d != 0 ? 1 / d : 0;
}

double cw_sim_course(const cw_sim_clone *c, double day, const double *line_start, size_t n_lines)
{
    if (c->n_points) return along_points(c, day);
    double at = c->day, doublings = 0, sign = day >= at ? 1 : -1;
    double from = sign > 0 ? at : day, to = sign > 0 ? day : at;
    for (size_t line = 0; line <= n_lines; line++) { /* the part of [from, to] that lies under each line */
        double lo = line ? line_start[line - 1] : -INFINITY, hi = line < n_lines ? line_start[line] : INFINITY;
        double span = fmin(hi, to) - fmax(lo, from);
        if (span > 0) doublings += span * log2_rate(c, line);
    }
    return fmin(c->max_vaf, c->vaf * exp2(sign * doublings));
}
