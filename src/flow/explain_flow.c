/* SPDX-License-Identifier: MIT */
/* explain_flow.c - from an id back to where it came from: advice -> findings -> rule with its file and line -> alteration, clone and
 * counts -> sources. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "advise/names.h"
#include "base/out.h"
#include "base/parse.h"
#include "flow/advise_flow.h"
#include "io/knowledge_io.h"
#include "io/patient_json.h"

typedef struct walk {
    FILE *f;
    const cw_knowledge *k;
    const cw_patient *p; /* NULL: knowledge only */
    size_t found;
} walk;

static void put(const walk *w, int depth, const char *name, const char *value)
{
    if (*value) fprintf(w->f, "%*s%s: %s\n", 2 * depth, "", name, value);
}

/* A citation "S1[87,88]" or "CIViC:EID238(A,R,PMID:25668228)" and the source that stands behind it. */
static void put_source(const walk *w, int depth, cw_part citation)
{
    fprintf(w->f, "%*ssource: %.*s", 2 * depth, "", (int)citation.n, citation.s);
    for (size_t i = 0; i < w->k->n_sources; i++) {
        const cw_source *s = &w->k->sources[i];
        size_t n = strlen(s->id);
        bool whole = n == citation.n || (n < citation.n && strchr("[:(", citation.s[n]));
        if (n > citation.n || memcmp(s->id, citation.s, n) || !whole) continue;
        if (*s->title) fprintf(w->f, " - %s", s->title);
        if (!strcmp(s->checked, "no")) fputs(" (not opened; unchecked)", w->f);
        break;
    }
    fputc('\n', w->f);
}

static void put_questions(const walk *w, int depth, const char *ids)
{
    for (cw_part p; cw_part_next(&ids, ',', &p);)
        for (size_t i = 0; i < w->k->n_questions; i++)
            if (cw_part_is(p, w->k->questions[i].id))
                fprintf(w->f, "%*sopen question %s (%s): %s\n", 2 * depth, "", w->k->questions[i].id, w->k->questions[i].kind, w->k->questions[i].question);
}

static void put_support(const walk *w, int depth, const cw_support *s)
{
    if (*s->level) fprintf(w->f, "%*slevel: %s (scheme %s)\n", 2 * depth, "", s->level, s->scheme);
    put(w, depth, "review state", cw_review_name(s->review));
    put_questions(w, depth, s->open_question);
    put(w, depth, "note", s->note);
    const char *rest = s->citation;
    for (cw_part p; cw_part_next(&rest, ';', &p);)
        if (p.n) put_source(w, depth, p);
}

static void put_row_head(const walk *w, int depth, const char *id, const char *file, size_t line)
{
    fprintf(w->f, "%*srule %s (knowledge %s, %s:%zu)\n", 2 * depth, "", id, w->k->version, file, line);
}

/* Evidence that says otherwise about the same allele and agent. */
static void put_conflicts(const walk *w, int depth, const cw_rule *r)
{
    for (size_t i = 0; i < w->k->n_conflicts; i++) {
        const cw_conflict *c = &w->k->conflicts[i];
        const char *colon = strchr(r->alteration, ':');
        if (!colon || (size_t)(colon - r->alteration) != strlen(c->gene) || memcmp(r->alteration, c->gene, strlen(c->gene))) continue;
        if (!cw_same_change(colon + 1, strlen(colon + 1), c->allele, strlen(c->allele)) || !cw_same_name(c->agent, strlen(c->agent), r->agent, strlen(r->agent))) continue;
        fprintf(w->f, "%*sagainst it: %s %s (level %s) %s in %s, %s; %s: %s\n", 2 * depth, "", c->scheme, c->evidence, c->level, c->source_says, c->disease, c->citation, c->state,
                c->how);
    }
}

static bool put_rule(walk *w, int depth, const char *id)
{
    const cw_knowledge *k = w->k;
    for (size_t i = 0; i < k->n_rules; i++) {
        const cw_rule *r = &k->rules[i];
        if (strcmp(r->id, id)) continue;
        put_row_head(w, depth, id, "rules.tsv", r->line);
        fprintf(w->f, "%*s%s %s %s\n", 2 * depth + 2, "", r->alteration, r->effect == CW_RULE_RESISTS ? "resists" : "sensitises to", r->agent);
        put(w, depth + 1, "if", r->iff);
        put(w, depth + 1, "unless", r->unless);
        put(w, depth + 1, "activity", r->activity);
        put_support(w, depth + 1, &r->support);
        put_conflicts(w, depth + 1, r);
        return true;
    }
    for (size_t i = 0; i < k->n_crosses; i++) {
        const cw_cross *x = &k->crosses[i];
        if (strcmp(x->id, id)) continue;
        put_row_head(w, depth, id, "cross_resistance.tsv", x->line);
        fprintf(w->f, "%*s%s, then %s: %s\n", 2 * depth + 2, "", x->prior, x->next, x->direction);
        put(w, depth + 1, "mechanism", x->mechanism);
        put(w, depth + 1, "marker", x->marker);
        put(w, depth + 1, "if", x->iff);
        put(w, depth + 1, "seen in plasma DNA", x->assessable);
        put(w, depth + 1, "assay", x->assay);
        put_support(w, depth + 1, &x->support);
        return true;
    }
    for (size_t i = 0; i < k->n_line_rules; i++) {
        const cw_line_rule *r = &k->line_rules[i];
        if (strcmp(r->id, id)) continue;
        put_row_head(w, depth, id, "line_rules.tsv", r->line);
        put(w, depth + 1, "statement", r->statement);
        put(w, depth + 1, "after", r->prior);
        put(w, depth + 1, "if", r->iff);
        put_support(w, depth + 1, &r->support);
        return true;
    }
    for (size_t i = 0; i < k->n_node_agents; i++) {
        const cw_node_agent *n = &k->node_agents[i];
        if (strcmp(n->id, id)) continue;
        put_row_head(w, depth, id, "node_agents.tsv", n->line);
        fprintf(w->f, "%*snode %s points to %s\n", 2 * depth + 2, "", n->node, n->agent);
        put(w, depth + 1, "if", n->iff);
        put_support(w, depth + 1, &n->support);
        return true;
    }
    for (size_t i = 0; i < k->n_gaps; i++) {
        const cw_gap *g = &k->gaps[i];
        if (strcmp(g->id, id)) continue;
        put_row_head(w, depth, id, "not_assessable.tsv", g->line);
        fprintf(w->f, "%*s%s: %s\n", 2 * depth + 2, "", g->what, g->why);
        put(w, depth + 1, "assay", g->assay);
        put_support(w, depth + 1, &g->support);
        return true;
    }
    return false;
}

static void put_number(FILE *f, const char *name, double v, double scale, const char *unit)
{
    if (isnan(v)) fprintf(f, " %s not known", name);
    else fprintf(f, " %s %.3g%s", name, v * scale, unit);
}

static void put_point(const walk *w, int depth, const cw_alteration *a, const cw_point *x)
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
    put(w, depth + 1, "why", reason);
}

/* " (EGFR p.T790M)" behind an id; "" without names. */
static const char *label(const cw_alteration *a, char *text, size_t size)
{
    const char *gene = cw_gene_before(a->gene, a->name);
    bool any = *gene || *a->name;
    snprintf(text, size, "%s%s%s%s%s", any ? " (" : "", gene, *gene && *a->name ? " " : "", a->name, any ? ")" : "");
    return text;
}

static bool put_alteration(walk *w, int depth, const char *id)
{
    bool found = false;
    char name[256];
    for (size_t i = 0; w->p && i < w->p->n_alterations && !found; i++) {
        const cw_alteration *a = &w->p->alterations[i];
        if (strcmp(a->id, id)) continue;
        found = true;
        fprintf(w->f, "%*salteration %s%s, %s, %s, origin %s\n", 2 * depth, "", a->id, label(a, name, sizeof name), cw_role_name(a->role), cw_status_name(a->status),
                cw_origin_name(a->origin));
        put(w, depth + 1, "stated by", a->stated_by);
        put(w, depth + 1, "statement", a->statement);
        if (!isnan(a->evidence.ln_e)) fprintf(w->f, "%*sevidence: ln E %.4g against threshold %.4g\n", 2 * depth + 2, "", a->evidence.ln_e, a->evidence.ln_threshold);
        for (size_t j = 0; j < a->n_points; j++) put_point(w, depth + 1, a, &a->points[j]);
    }
    for (size_t i = 0; i < w->k->n_alterations; i++) {
        const cw_known_alteration *x = &w->k->alterations[i];
        if (strcmp(x->id, id)) continue;
        put_row_head(w, depth + found, id, "alterations.tsv", x->line);
        put(w, depth + 1 + found, "mechanism", x->mechanism);
        put(w, depth + 1 + found, "node", x->node);
        put(w, depth + 1 + found, "tumours", x->tumours);
        put(w, depth + 1 + found, "coordinates verified by", x->verified_by);
        put(w, depth + 1 + found, "confidence of the coordinates", x->confidence);
        put(w, depth + 1 + found, "review state", cw_review_name(x->review));
        return true;
    }
    return found;
}

static void put_clones_of(walk *w, int depth, const char *alteration)
{
    for (size_t i = 0; w->p && i < w->p->n_clones; i++)
        for (size_t j = 0; j < w->p->clones[i].alterations.n; j++)
            if (!strcmp(w->p->clones[i].alterations.v[j], alteration))
                fprintf(w->f, "%*sclone %s, %s\n", 2 * depth, "", w->p->clones[i].id, cw_status_name(w->p->clones[i].status));
}

static bool put_finding(walk *w, int depth, const char *id)
{
    for (size_t i = 0; w->p && i < w->p->n_findings; i++) {
        const cw_finding *x = &w->p->findings[i];
        if (strcmp(x->id, id)) continue;
        fprintf(w->f, "%*sfinding %s\n", 2 * depth, "", x->id);
        put(w, depth + 1, "statement", x->statement);
        put(w, depth + 1, "mechanism", x->mechanism);
        put(w, depth + 1, "node", x->node);
        put(w, depth + 1, "line explained", x->explains_line);
        if (!put_rule(w, depth + 1, x->rule))
            fprintf(w->f, "%*srule %s is not in knowledge %s: the finding was made with another version\n", 2 * depth + 2, "", x->rule, w->k->version);
        if (*x->alteration) {
            put_clones_of(w, depth + 1, x->alteration);
            (void)put_alteration(w, depth + 1, x->alteration);
        }
        return true;
    }
    return false;
}

static bool put_advice(walk *w, const char *id)
{
    for (size_t i = 0; w->p && i < w->p->n_advice; i++) {
        const cw_advice *a = &w->p->advice[i];
        if (strcmp(a->id, id)) continue;
        fprintf(w->f, "advice %s: %s %s\n", a->id, cw_verdict_name(a->verdict), a->agent);
        put(w, 1, "statement", a->statement);
        if (*a->level.value) fprintf(w->f, "  level: %s (scheme %s)\n", a->level.value, a->level.scheme);
        put(w, 1, "review state", a->review);
        for (size_t j = 0; j < a->conditions.n; j++) put(w, 1, "open", a->conditions.v[j]);
        for (size_t j = 0; j < a->covers.n; j++) put(w, 1, "covers clone", a->covers.v[j]);
        for (size_t j = 0; j < a->leaves.n; j++) put(w, 1, "leaves clone", a->leaves.v[j]);
        for (size_t j = 0; j < a->unanswered.n; j++) put(w, 1, "does not answer", a->unanswered.v[j]);
        for (size_t j = 0; j < a->findings.n; j++) (void)put_finding(w, 1, a->findings.v[j]);
        return true;
    }
    return false;
}

static bool put_clone(walk *w, const char *id)
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

static bool put_alarm(walk *w, const char *id)
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
static bool put_call(walk *w, const char *id)
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
            put(w, 1, "filters", x->filters);
            put(w, 1, "input", w->p->draws[x->draw].calls_name);
            put(w, 1, "its SHA-256", w->p->draws[x->draw].calls_sha256);
            return true;
        }
    }
    return false;
}

static void put_day(const walk *w, int depth, const char *name, const cw_day *day)
{
    char text[32] = "not known";
    if (day->known && day->is_date) cw_format_date(day->day, text);
    else if (day->known) snprintf(text, sizeof text, "day %" PRId64, day->day);
    put(w, depth, name, text);
}

static bool put_draw(walk *w, const char *id)
{
    for (size_t i = 0; w->p && i < w->p->n_draws; i++) {
        const cw_patient_draw *d = &w->p->draws[i];
        if (strcmp(d->id, id)) continue;
        fprintf(w->f, "draw %s\n", d->sample);
        put_day(w, 1, "date", &d->date);
        if (d->molecules >= 0) fprintf(w->f, "  molecules: %" PRId64 " (median over the loci within the targets)\n", d->molecules);
        if (d->excluded) put(w, 1, "excluded", d->exclude_reason);
        put(w, 1, "input", d->calls_name);
        put(w, 1, "its SHA-256", d->calls_sha256);
        for (size_t a = 0; a < w->p->n_alterations; a++)
            for (size_t j = 0; j < w->p->alterations[a].n_points; j++)
                if (w->p->alterations[a].points[j].draw == i && w->p->alterations[a].points[j].state == CW_CALL_DETECTED)
                    fprintf(w->f, "  detected: %s@%s\n", w->p->alterations[a].id, d->id);
        return true;
    }
    return false;
}

static bool put_node(walk *w, const char *id)
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

/* What the events say: lines by their id, scans and other tests by their number. */
static bool put_event(walk *w, const char *id)
{
    const cw_patient *p = w->p;
    char name[32];
    for (size_t i = 0; p && i < p->n_lines; i++) {
        if (strcmp(p->lines[i].id, id)) continue;
        fprintf(w->f, "line of therapy %s\n", id);
        for (size_t j = 0; j < p->lines[i].agents.n; j++) put(w, 1, "agent", p->lines[i].agents.v[j]);
        put_day(w, 1, "start", &p->lines[i].start);
        put_day(w, 1, "stop", &p->lines[i].stop);
        return true;
    }
    for (size_t i = 0; p && i < p->n_imaging; i++) {
        snprintf(name, sizeof name, "imaging-%zu", i + 1);
        if (strcmp(name, id)) continue;
        fprintf(w->f, "imaging: %s\n", p->imaging[i].result);
        put_day(w, 1, "date", &p->imaging[i].date);
        return true;
    }
    for (size_t i = 0; p && i < p->n_surgeries; i++) {
        snprintf(name, sizeof name, "surgery-%zu", i + 1);
        if (strcmp(name, id)) continue;
        fprintf(w->f, *p->surgeries[i].result ? "surgery: %s\n" : "surgery%s\n", p->surgeries[i].result);
        put_day(w, 1, "date", &p->surgeries[i].date);
        return true;
    }
    for (size_t i = 0; p && i < p->n_facts; i++) {
        snprintf(name, sizeof name, "fact-%zu", i + 1);
        if (strcmp(name, id)) continue;
        fprintf(w->f, "%s: %s\n", p->facts[i].test, p->facts[i].result);
        put_day(w, 1, "date", &p->facts[i].date);
        return true;
    }
    return false;
}

int cw_flow_explain(const char *panel_dir, const char *patient_json, const char *id, const char *output, cw_err *err)
{
    cw_knowledge knowledge = {0};
    cw_patient patient = {0};
    cw_out out = {0};
    int status = cw_knowledge_load(&knowledge, panel_dir, err);
    if (status == 0 && patient_json) status = cw_patient_read(&patient, patient_json, err);
    if (status == 0) status = cw_out_open(&out, output, err);
    if (status == 0) {
        walk w = {.f = out.file, .k = &knowledge, .p = patient_json ? &patient : NULL};
        bool found = put_advice(&w, id) || put_finding(&w, 0, id) || put_clone(&w, id) || put_alarm(&w, id) || put_call(&w, id) || put_draw(&w, id) ||
                     put_node(&w, id) || put_event(&w, id);
        if (!found && (found = put_alteration(&w, 0, id))) put_clones_of(&w, 1, id);
        found = found || put_rule(&w, 0, id);
        if (found) fputs("\nFor research use only; not a treatment recommendation.\n", out.file);
        else status = cw_err_set(err, CW_EREFUSED, "'%s' is no id of %s%sthe knowledge; give the \"id\" of an advice, finding, clone, alteration, alarm, draw, node, line, scan, operation or test, or ALTERATION@DRAW for a call", id,
                                 patient_json ? patient_json : "", patient_json ? " or of " : "");
    }
    if (status == 0) status = cw_out_commit(&out, err);
    cw_out_abort(&out);
    cw_patient_release(&patient);
    cw_knowledge_release(&knowledge);
    return status;
}
