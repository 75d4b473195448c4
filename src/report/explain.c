/* SPDX-License-Identifier: MIT */
/* explain.c - an object of a patient as text, with all that it rests on: advice -> findings -> rule; alteration, clone and counts. */
#include "report/explain.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/parse.h"

static void put_number(FILE *f, const char *name, double v, double scale, const char *unit)
{
    if (isnan(v)) fprintf(f, " %s not known", name);
    else fprintf(f, " %s %.3g%s", name, v * scale, unit);
}

static void put_point(const cw_explain *w, int depth, const cw_alteration *a, const cw_point *x)
{
    const cw_patient_draw *d = x->draw < w->p->n_draws ? &w->p->draws[x->draw] : NULL;
    char date[16] = "", reason[600];
    if (d && d->date.known && d->date.is_date) cw_format_date(d->date.day, date);
    fprintf(w->f, "%*sdraw %s%s%s: ", 2 * depth, "", d ? d->sample : "?", *date ? " " : "", date);
    if (x->alt >= 0 && x->depth >= 0) fprintf(w->f, "%" PRId64 " of %" PRId64 " molecules,", x->alt, x->depth);
    else fputs("molecules not known,", w->f);
    put_number(w->f, "VAF", x->vaf, 100, " %");
    put_number(w->f, "(95 %", x->lo, 100, "");
    put_number(w->f, "to", x->hi, 100, " %),");
    put_number(w->f, "LoD95", x->lod, 100, " %");
    if (!isnan(x->lod_alarm)) fprintf(w->f, ", alarm from %.3g %%", 100 * x->lod_alarm);
    if (!isnan(x->ln_e)) fprintf(w->f, ", ln E %.3g", x->ln_e);
    fprintf(w->f, ", %s\n", cw_call_state_name(x->state));
    cw_point_reason(x, a, d, reason, sizeof reason);
    cw_explain_put(w, depth + 1, "why", reason);
}

/* " (EGFR p.T790M)" behind an id; "" without names. */
static const char *label(const cw_alteration *a, char *text, size_t size)
{
    const char *gene = cw_gene_before(a->gene, a->name);
    bool any = *gene || *a->name;
    snprintf(text, size, "%s%s%s%s%s", any ? " (" : "", gene, *gene && *a->name ? " " : "", a->name, any ? ")" : "");
    return text;
}

static bool put_alteration(const cw_explain *w, int depth, const char *id)
{
    bool found = false;
    char name[256];
    for (size_t i = 0; w->p && i < w->p->n_alterations && !found; i++) {
        const cw_alteration *a = &w->p->alterations[i];
        if (strcmp(a->id, id)) continue;
        found = true;
        fprintf(w->f, "%*salteration %s%s, %s, %s, origin %s\n", 2 * depth, "", a->id, label(a, name, sizeof name), cw_role_name(a->role), cw_status_name(a->status),
                cw_origin_name(a->origin));
        cw_explain_put(w, depth + 1, "stated by", a->stated_by);
        cw_explain_put(w, depth + 1, "statement", a->statement);
        if (!isnan(a->evidence.ln_e)) fprintf(w->f, "%*sevidence: ln E %.4g against threshold %.4g\n", 2 * depth + 2, "", a->evidence.ln_e, a->evidence.ln_threshold);
        for (size_t j = 0; j < a->n_points; j++) put_point(w, depth + 1, a, &a->points[j]);
    }
    bool known = cw_explain_known_alteration(w, depth + found, id);
    return found || known;
}

static void put_clones_of(const cw_explain *w, int depth, const char *alteration)
{
    for (size_t i = 0; w->p && i < w->p->n_clones; i++)
        for (size_t j = 0; j < w->p->clones[i].alterations.n; j++)
            if (!strcmp(w->p->clones[i].alterations.v[j], alteration))
                fprintf(w->f, "%*sclone %s, %s\n", 2 * depth, "", w->p->clones[i].id, cw_status_name(w->p->clones[i].status));
}

static bool put_finding(const cw_explain *w, int depth, const char *id)
{
    for (size_t i = 0; w->p && i < w->p->n_findings; i++) {
        const cw_finding *x = &w->p->findings[i];
        if (strcmp(x->id, id)) continue;
        fprintf(w->f, "%*sfinding %s\n", 2 * depth, "", x->id);
        cw_explain_put(w, depth + 1, "statement", x->statement);
        cw_explain_put(w, depth + 1, "mechanism", x->mechanism);
        cw_explain_put(w, depth + 1, "node", x->node);
        cw_explain_put(w, depth + 1, "line explained", x->explains_line);
        for (size_t j = 0; j < x->conditions.n; j++) cw_explain_put(w, depth + 1, "open", x->conditions.v[j]);
        if (!cw_explain_rule(w, depth + 1, x->rule))
            fprintf(w->f, "%*srule %s is not in knowledge %s: the finding was made with another version\n", 2 * depth + 2, "", x->rule, w->k->version);
        if (*x->alteration) {
            put_clones_of(w, depth + 1, x->alteration);
            (void)put_alteration(w, depth + 1, x->alteration);
        }
        return true;
    }
    return false;
}

static bool put_advice(const cw_explain *w, const char *id)
{
    for (size_t i = 0; w->p && i < w->p->n_advice; i++) {
        const cw_advice *a = &w->p->advice[i];
        if (strcmp(a->id, id)) continue;
        fprintf(w->f, "advice %s: %s %s\n", a->id, cw_verdict_name(a->verdict), a->agent);
        cw_explain_put(w, 1, "statement", a->statement);
        if (*a->level.value) fprintf(w->f, "  level: %s (scheme %s)\n", a->level.value, a->level.scheme);
        cw_explain_put(w, 1, "review state", a->review);
        for (size_t j = 0; j < a->conditions.n; j++) cw_explain_put(w, 1, "open", a->conditions.v[j]);
        for (size_t j = 0; j < a->covers.n; j++) cw_explain_put(w, 1, "covers clone", a->covers.v[j]);
        for (size_t j = 0; j < a->leaves.n; j++) cw_explain_put(w, 1, "leaves clone", a->leaves.v[j]);
        for (size_t j = 0; j < a->unanswered.n; j++) cw_explain_put(w, 1, "does not answer", a->unanswered.v[j]);
        for (size_t j = 0; j < a->findings.n; j++) (void)put_finding(w, 1, a->findings.v[j]);
        return true;
    }
    return false;
}

static bool put_clone(const cw_explain *w, const char *id)
{
    for (size_t i = 0; w->p && i < w->p->n_clones; i++) {
        const cw_clone *c = &w->p->clones[i];
        if (strcmp(c->id, id)) continue;
        fprintf(w->f, "clone %s, %s\n", c->id, cw_status_name(c->status));
        for (size_t j = 0; j < c->alterations.n; j++) {
            (void)put_alteration(w, 1, c->alterations.v[j]);
            for (size_t m = 0; m < w->p->n_findings; m++)
                if (!strcmp(w->p->findings[m].alteration, c->alterations.v[j])) fprintf(w->f, "    finding %s: %s\n", w->p->findings[m].id, w->p->findings[m].statement);
        }
        return true;
    }
    return false;
}

static bool put_alarm(const cw_explain *w, const char *id)
{
    for (size_t i = 0; w->p && i < w->p->n_alarms; i++) {
        const cw_alarm *a = &w->p->alarms[i];
        if (strcmp(a->id, id)) continue;
        fprintf(w->f, "alarm %s: %s, %s of %s, ln E %.4g%s\n", a->id, a->level, a->kind, a->what, a->ln_e,
                a->confirmed_by_model ? "" : "; from an earlier report, not confirmed by the present model");
        (void)put_alteration(w, 1, a->what);
        return true;
    }
    return false;
}

/* "ALTERATION@DRAW": one allele in one draw. */
static bool put_call(const cw_explain *w, const char *id)
{
    const char *at = strrchr(id, '@');
    char name[256];
    for (size_t i = 0; w->p && at && i < w->p->n_alterations; i++) {
        const cw_alteration *a = &w->p->alterations[i];
        if (strlen(a->id) != (size_t)(at - id) || memcmp(a->id, id, (size_t)(at - id))) continue;
        for (size_t j = 0; j < a->n_points; j++) {
            const cw_point *x = &a->points[j];
            if (x->draw >= w->p->n_draws || strcmp(w->p->draws[x->draw].id, at + 1)) continue;
            fprintf(w->f, "call of %s%s\n", a->id, label(a, name, sizeof name));
            put_point(w, 1, a, x);
            if (x->ref >= 0 && x->other >= 0) fprintf(w->f, "  reference %" PRId64 ", this allele %" PRId64 ", other %" PRId64 " molecules\n", x->ref, x->alt, x->other);
            if (!isnan(x->ln_bf)) fprintf(w->f, "  ln evidence of this draw alone %.3g", x->ln_bf);
            if (!isnan(x->ln_bf) && !isnan(x->ln_bf_strand)) fprintf(w->f, "; with each strand by its own background %.3g", x->ln_bf_strand);
            if (!isnan(x->ln_bf)) fputc('\n', w->f);
            cw_explain_put(w, 1, "filters", x->filters);
            cw_explain_put(w, 1, "input", w->p->draws[x->draw].calls_name);
            cw_explain_put(w, 1, "its SHA-256", w->p->draws[x->draw].calls_sha256);
            return true;
        }
    }
    return false;
}

static void put_day(const cw_explain *w, int depth, const char *name, const cw_day *day)
{
    char text[32] = "not known";
    if (day->known && day->is_date) cw_format_date(day->day, text);
    else if (day->known) snprintf(text, sizeof text, "day %" PRId64, day->day);
    cw_explain_put(w, depth, name, text);
}

static bool put_draw(const cw_explain *w, const char *id)
{
    for (size_t i = 0; w->p && i < w->p->n_draws; i++) {
        const cw_patient_draw *d = &w->p->draws[i];
        if (strcmp(d->id, id)) continue;
        fprintf(w->f, "draw %s\n", d->sample);
        put_day(w, 1, "date", &d->date);
        if (d->molecules >= 0) fprintf(w->f, "  molecules: %" PRId64 " (median over the loci within the targets)\n", d->molecules);
        if (d->excluded) cw_explain_put(w, 1, "excluded", d->exclude_reason);
        cw_explain_put(w, 1, "input", d->calls_name);
        cw_explain_put(w, 1, "its SHA-256", d->calls_sha256);
        for (size_t a = 0; a < w->p->n_alterations; a++)
            for (size_t j = 0; j < w->p->alterations[a].n_points; j++)
                if (w->p->alterations[a].points[j].draw == i && w->p->alterations[a].points[j].state == CW_CALL_DETECTED)
                    fprintf(w->f, "  detected: %s@%s\n", w->p->alterations[a].id, d->id);
        return true;
    }
    return false;
}

static bool put_node(const cw_explain *w, const char *id)
{
    const char *name = strncmp(id, "node:", 5) ? id : id + 5;
    for (size_t i = 0; w->p && i < w->p->n_nodes; i++) {
        const cw_node_state *n = &w->p->nodes[i];
        if (strcmp(n->node, name)) continue;
        fprintf(w->f, "node %s, %s\n", n->node, cw_status_name(n->status));
        if (!isnan(n->ln_e)) fprintf(w->f, "  evidence: ln E %.4g against threshold %.4g\n", n->ln_e, n->ln_threshold);
        for (size_t j = 0; j < n->alterations.n; j++) (void)put_alteration(w, 1, n->alterations.v[j]);
        return true;
    }
    return false;
}

/* The place in its list of an id that is a word and a number from 1: "imaging-2". */
static bool is_numbered(const char *id, const char *word, size_t n, size_t *index)
{
    char name[32];
    for (*index = 0; *index < n; ++*index) {
        snprintf(name, sizeof name, "%s-%zu", word, *index + 1);
        if (!strcmp(name, id)) return true;
    }
    return false;
}

/* What the events say: lines by their id, scans, operations and other tests by their number. */
static bool put_event(const cw_explain *w, const char *id)
{
    const cw_patient *p = w->p;
    size_t i;
    if (!p) return false;
    for (i = 0; i < p->n_lines; i++) {
        if (strcmp(p->lines[i].id, id)) continue;
        fprintf(w->f, "line of therapy %s\n", id);
        for (size_t j = 0; j < p->lines[i].agents.n; j++) cw_explain_put(w, 1, "agent", p->lines[i].agents.v[j]);
        put_day(w, 1, "start", &p->lines[i].start);
        put_day(w, 1, "stop", &p->lines[i].stop);
        return true;
    }
    if (is_numbered(id, "imaging", p->n_imaging, &i)) {
        fprintf(w->f, "imaging: %s\n", p->imaging[i].result);
        put_day(w, 1, "date", &p->imaging[i].date);
    } else if (is_numbered(id, "surgery", p->n_surgeries, &i)) {
        fprintf(w->f, *p->surgeries[i].result ? "surgery: %s\n" : "surgery%s\n", p->surgeries[i].result);
        put_day(w, 1, "date", &p->surgeries[i].date);
    } else if (is_numbered(id, "fact", p->n_facts, &i)) {
        fprintf(w->f, "%s: %s\n", p->facts[i].test, p->facts[i].result);
        put_day(w, 1, "date", &p->facts[i].date);
    } else {
        return false;
    }
    return true;
}

bool cw_explain_id(const cw_explain *w, const char *id)
{
    bool found = put_advice(w, id) || put_finding(w, 0, id) || put_clone(w, id) || put_alarm(w, id) || put_call(w, id) || put_draw(w, id) || put_node(w, id) || put_event(w, id);
    if (!found && (found = put_alteration(w, 0, id))) put_clones_of(w, 1, id);
    return found || cw_explain_rule(w, 0, id);
}
