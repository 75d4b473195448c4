/* SPDX-License-Identifier: MIT */
/* advice_text.c - advice as text, by verdict, and as a table; and where two advices part. */
#include "report/advice_text.h"

#include <string.h>
#include "base/mem.h"
#include "base/table.h"

static const char research_use[] = "For research use only; not a treatment recommendation.";

/* --- text --- */

static void put_list(FILE *f, const char *before, const cw_strings *list, const char *separator)
{
    if (!list->n) return;
    fputs(before, f);
    for (size_t i = 0; i < list->n; i++) fprintf(f, "%s%s", i ? separator : "", list->v[i]);
}

/* Alterations by the names that people use; an id that the patient does not hold stays. */
static void put_names(FILE *f, const char *before, const cw_patient *p, const cw_strings *ids)
{
    for (size_t i = 0; i < ids->n; i++) {
        const cw_alteration *a = NULL;
        for (size_t k = 0; k < p->n_alterations && !a; k++)
            if (!strcmp(p->alterations[k].id, ids->v[i])) a = &p->alterations[k];
        const char *name = a && *a->name ? a->name : ids->v[i], *gene = a && *a->name ? cw_gene_before(a->gene, name) : "";
        fprintf(f, "%s%s%s%s", i ? ", " : before, gene, *gene ? " " : "", name);
    }
}

static bool said(const cw_strings *list, const char *text)
{
    for (size_t i = 0; i < list->n; i++)
        if (strstr(list->v[i], text)) return true;
    return false;
}

/* The rules that lead here. The entry tells of its strongest one: what is open for another, and not said yet, stands behind that. */
static void put_rules(FILE *f, const cw_patient *p, const cw_advice *a)
{
    for (size_t i = 0; i < a->findings.n; i++) {
        fprintf(f, "%s%s", i ? ", " : "\n    rules ", a->findings.v[i]);
        for (size_t k = 0; k < p->n_findings; k++) {
            const cw_strings *conditions = &p->findings[k].conditions;
            bool more = false;
            for (size_t c = 0; c < conditions->n; c++) more |= !said(&a->conditions, conditions->v[c]);
            if (!more || strcmp(p->findings[k].id, a->findings.v[i])) continue;
            put_list(f, " (open: ", conditions, "; ");
            fputc(')', f);
        }
    }
}

static void put_advice(FILE *f, const cw_patient *p, const cw_advice *a)
{
    fprintf(f, "  %s  [%s%s%s%s]\n", a->agent, *a->level.value ? a->level.value : "no level", *a->level.scheme ? ", scheme " : "", a->level.scheme,
            strcmp(a->review, "reviewed") ? "" : ", reviewed");
    if (strcmp(a->review, "reviewed")) fprintf(f, "    review state: %s\n", a->review);
    fprintf(f, "    %s", a->statement);
    put_list(f, "\n    open: ", &a->conditions, "; ");
    put_list(f, "\n    covers ", &a->covers, ", ");
    put_list(f, "\n    leaves ", &a->leaves, ", ");
    put_names(f, "\n    does not answer ", p, &a->unanswered);
    put_rules(f, p, a);
    put_list(f, "\n    sources ", &a->citations, "; ");
    fputc('\n', f);
}

void cw_report_advice_text(FILE *f, const cw_patient *p)
{
    fprintf(f, "%s\n\nTumour: %s\n", research_use, *p->tumour_type ? p->tumour_type : "not stated");
    for (size_t i = 0; i < p->n_lines; i++) {
        fprintf(f, "Line %s: ", p->lines[i].id);
        put_list(f, "", &p->lines[i].agents, " + ");
        fprintf(f, "%s%s%s\n", *p->lines[i].setting ? " (" : "", p->lines[i].setting, *p->lines[i].setting ? ")" : "");
    }
    for (size_t i = 0; i < p->n_clones; i++) {
        fprintf(f, "Clone %s: ", p->clones[i].id);
        put_names(f, "", p, &p->clones[i].alterations);
        fputc('\n', f);
    }
    for (size_t i = 0; i < p->notices.n; i++) fprintf(f, "Note: %s\n", p->notices.v[i]);
    for (int v = CW_VERDICT_POINTS_TO; v <= CW_VERDICT_NEEDS_ASSAY; v++) {
        bool first = true;
        for (size_t i = 0; i < p->n_advice; i++) {
            if ((int)p->advice[i].verdict != v) continue;
            if (first) fprintf(f, "\n%s\n", cw_verdict_name((cw_verdict)v));
            first = false;
            put_advice(f, p, &p->advice[i]);
        }
    }
    if (p->n_not_assessable) fputs("\nWhat plasma does not show\n", f);
    for (size_t i = 0; i < p->n_not_assessable; i++)
        fprintf(f, "  %s: %s%s%s\n", p->not_assessable[i].what, p->not_assessable[i].why, *p->not_assessable[i].assay ? "; assay: " : "", p->not_assessable[i].assay);
    fprintf(f, "\nKnowledge %s. %s\n", p->knowledge_version, research_use);
}

/* --- TSV --- */

static const char *joined(cw_arena *arena, const cw_strings *list, const char *separator)
{
    size_t n = 1;
    for (size_t i = 0; i < list->n; i++) n += strlen(list->v[i]) + strlen(separator);
    char *text = cw_arena_alloc(arena, n, 1);
    for (size_t i = 0, at = 0; text && i < list->n; i++) {
        const char *parts[2] = {i ? separator : "", list->v[i]};
        for (int p = 0; p < 2; p++) {
            memcpy(text + at, parts[p], strlen(parts[p]));
            at += strlen(parts[p]);
        }
    }
    return text;
}

int cw_report_advice_tsv(FILE *f, const cw_patient *p, cw_err *err)
{
    cw_arena *arena = cw_arena_new();
    int status = arena ? 0 : cw_err_nomem(err);
    fprintf(f, "# %s\n# knowledge %s\n", research_use, p->knowledge_version);
    fputs("kind\tid\twhat\tverdict\tlevel\tscheme\treview\tcovers\tleaves\tconditions\tfindings\tstatement\tcitations\tunanswered\n", f);
    for (size_t i = 0; status == 0 && i < p->n_advice; i++) {
        const cw_advice *a = &p->advice[i];
        const char *cells[] = {"advice", a->id, a->agent, cw_verdict_name(a->verdict), a->level.value, a->level.scheme, a->review, joined(arena, &a->covers, ";"),
                               joined(arena, &a->leaves, ";"), joined(arena, &a->conditions, "; "), joined(arena, &a->findings, ";"), a->statement,
                               joined(arena, &a->citations, ";"), joined(arena, &a->unanswered, ";")};
        status = cw_tsv_put(f, arena, cells, sizeof cells / sizeof *cells, err);
    }
    for (size_t i = 0; status == 0 && i < p->n_findings; i++) {
        const cw_finding *x = &p->findings[i];
        const char *cells[] = {"finding", x->id, *x->alteration ? x->alteration : x->clone, "", x->level.value, x->level.scheme, x->review, "", "", joined(arena, &x->conditions, "; "), x->rule,
                               x->statement, joined(arena, &x->citations, ";"), ""};
        status = cw_tsv_put(f, arena, cells, sizeof cells / sizeof *cells, err);
    }
    for (size_t i = 0; status == 0 && i < p->n_not_assessable; i++) {
        const cw_not_assessable *x = &p->not_assessable[i];
        const char *cells[] = {"not_assessable", "", x->what, "not_assessable", "", "", "", "", "", x->assay, "", x->why, "", ""};
        status = cw_tsv_put(f, arena, cells, sizeof cells / sizeof *cells, err);
    }
    cw_arena_free(arena);
    return status;
}

/* --- two of them --- */

static const cw_advice *same_entry(const cw_patient *p, const cw_advice *a)
{
    for (size_t i = 0; i < p->n_advice; i++)
        if (p->advice[i].verdict == a->verdict && !strcmp(p->advice[i].agent, a->agent)) return &p->advice[i];
    return NULL;
}

/* What a reader of the advice would notice. */
static const char *summary(cw_arena *arena, const cw_advice *a)
{
    if (!a) return "";
    const char *open = joined(arena, &a->conditions, "; "), *covers = joined(arena, &a->covers, "; "), *rules = joined(arena, &a->findings, "; ");
    if (!open || !covers || !rules) return NULL;
    return cw_arena_printf(arena, "%s (%s), %s; open: %s; covers: %s; rules: %s", *a->level.value ? a->level.value : "no level", *a->level.scheme ? a->level.scheme : "none",
                           a->review, *open ? open : "none", *covers ? covers : "none", *rules ? rules : "none");
}

static int put_change(FILE *f, cw_arena *arena, const char *change, const cw_advice *any, const char *before, const char *after, cw_err *err)
{
    const char *cells[] = {change, cw_verdict_name(any->verdict), any->agent, before, after};
    return cw_tsv_put(f, arena, cells, sizeof cells / sizeof *cells, err);
}

int cw_report_advice_changes(FILE *f, const cw_patient *before, const cw_patient *after, cw_err *err)
{
    cw_arena *arena = cw_arena_new();
    int status = arena ? 0 : cw_err_nomem(err);
    size_t changes = 0;
    fprintf(f, "# %s\n# knowledge %s to %s\nchange\tverdict\tagent\tbefore\tafter\n", research_use, before->knowledge_version, after->knowledge_version);
    for (size_t i = 0; status == 0 && i < after->n_advice; i++) {
        const cw_advice *a = &after->advice[i], *b = same_entry(before, a);
        const char *x = summary(arena, b), *y = summary(arena, a);
        if (!x || !y) status = cw_err_nomem(err);
        else if (!b || strcmp(x, y)) status = put_change(f, arena, b ? "changed" : "added", a, x, y, err), changes++;
    }
    for (size_t i = 0; status == 0 && i < before->n_advice; i++) {
        const cw_advice *b = &before->advice[i];
        if (!same_entry(after, b)) status = put_change(f, arena, "removed", b, summary(arena, b), "", err), changes++;
    }
    fprintf(f, "# %zu of %zu statements change\n", changes, before->n_advice > after->n_advice ? before->n_advice : after->n_advice);
    cw_arena_free(arena);
    return status;
}
