/* SPDX-License-Identifier: MIT */
/* advise_flow.c - read the case, match it against the knowledge, write it in one of three forms. */
#include "flow/advise_flow.h"

#include <stdlib.h>
#include <string.h>
#include "advise/advise.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/table.h"
#include "io/knowledge_io.h"
#include "io/patient_json.h"

static const char research_use[] = "For research use only; not a treatment recommendation.";

/* ---- text ---- */

static void put_list(FILE *f, const char *before, const cw_strings *list, const char *separator)
{
    if (!list->n) return;
    fputs(before, f);
    for (size_t i = 0; i < list->n; i++) fprintf(f, "%s%s", i ? separator : "", list->v[i]);
}

static void put_advice(FILE *f, const cw_advice *a)
{
    fprintf(f, "  %s  [%s%s%s%s]\n", a->agent, *a->level.value ? a->level.value : "no level", *a->level.scheme ? ", scheme " : "", a->level.scheme,
            strcmp(a->review, "reviewed") ? "" : ", reviewed");
    if (strcmp(a->review, "reviewed")) fprintf(f, "    review state: %s\n", a->review);
    fprintf(f, "    %s", a->statement);
    put_list(f, "\n    open: ", &a->conditions, "; ");
    put_list(f, "\n    covers ", &a->covers, ", ");
    put_list(f, "\n    leaves ", &a->leaves, ", ");
    put_list(f, "\n    does not answer ", &a->unanswered, ", ");
    put_list(f, "\n    rules ", &a->findings, ", ");
    put_list(f, "\n    sources ", &a->citations, "; ");
    fputc('\n', f);
}

static void put_text(FILE *f, const cw_patient *p)
{
    fprintf(f, "%s\n\nTumour: %s\n", research_use, *p->tumour_type ? p->tumour_type : "not stated");
    for (size_t i = 0; i < p->n_lines; i++) {
        fprintf(f, "Line %s: ", p->lines[i].id);
        put_list(f, "", &p->lines[i].agents, " + ");
        fprintf(f, "%s%s%s\n", *p->lines[i].setting ? " (" : "", p->lines[i].setting, *p->lines[i].setting ? ")" : "");
    }
    for (size_t i = 0; i < p->n_clones; i++) {
        fprintf(f, "Clone %s: ", p->clones[i].id);
        put_list(f, "", &p->clones[i].alterations, ", ");
        fputc('\n', f);
    }
    for (size_t i = 0; i < p->notices.n; i++) fprintf(f, "Note: %s\n", p->notices.v[i]);
    for (int v = CW_VERDICT_POINTS_TO; v <= CW_VERDICT_NEEDS_ASSAY; v++) {
        bool first = true;
        for (size_t i = 0; i < p->n_advice; i++) {
            if ((int)p->advice[i].verdict != v) continue;
            if (first) fprintf(f, "\n%s\n", cw_verdict_name((cw_verdict)v));
            first = false;
            put_advice(f, &p->advice[i]);
        }
    }
    if (p->n_not_assessable) fputs("\nWhat plasma does not show\n", f);
    for (size_t i = 0; i < p->n_not_assessable; i++)
        fprintf(f, "  %s: %s%s%s\n", p->not_assessable[i].what, p->not_assessable[i].why, *p->not_assessable[i].assay ? "; assay: " : "", p->not_assessable[i].assay);
    fprintf(f, "\nKnowledge %s. %s\n", p->knowledge_version, research_use);
}

/* ---- TSV: one row per advice, finding and item that is not assessable ---- */

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

static int put_row(FILE *f, cw_arena *arena, const char *const *cells, size_t n, cw_err *err)
{
    for (size_t i = 0; i < n; i++) {
        const char *cell = cells[i] ? cw_tsv_protect(arena, cells[i]) : NULL;
        if (!cell) return cw_err_nomem(err);
        fprintf(f, "%s%s", i ? "\t" : "", *cell ? cell : ".");
    }
    fputc('\n', f);
    return 0;
}

static int put_tsv(FILE *f, const cw_patient *p, cw_err *err)
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
        status = put_row(f, arena, cells, sizeof cells / sizeof *cells, err);
    }
    for (size_t i = 0; status == 0 && i < p->n_findings; i++) {
        const cw_finding *x = &p->findings[i];
        const char *cells[] = {"finding", x->id, *x->alteration ? x->alteration : x->clone, "", x->level.value, x->level.scheme, x->review, "", "", "", x->rule,
                               x->statement, joined(arena, &x->citations, ";"), ""};
        status = put_row(f, arena, cells, sizeof cells / sizeof *cells, err);
    }
    for (size_t i = 0; status == 0 && i < p->n_not_assessable; i++) {
        const cw_not_assessable *x = &p->not_assessable[i];
        const char *cells[] = {"not_assessable", "", x->what, "not_assessable", "", "", "", "", "", x->assay, "", x->why, "", ""};
        status = put_row(f, arena, cells, sizeof cells / sizeof *cells, err);
    }
    cw_arena_free(arena);
    return status;
}

/* ---- the flow ---- */

static int write_patient(const cw_advise_conf *conf, const cw_patient *p, cw_err *err)
{
    if (conf->format == CW_ADVISE_JSON) {
        json_t *value = NULL;
        int status = cw_patient_to_json(p, &value, err);
        if (status == 0) status = cw_json_write(value, 2, conf->output, err);
        json_decref(value);
        return status;
    }
    cw_out out = {0};
    int status = cw_out_open(&out, conf->output, err);
    if (status == 0 && conf->format == CW_ADVISE_TSV) status = put_tsv(out.file, p, err);
    else if (status == 0) put_text(out.file, p);
    if (status == 0) status = cw_out_commit(&out, err);
    cw_out_abort(&out);
    return status;
}

/* A slip in a typed name must not pass for an answer. */
static void warn_of_names(const cw_log *log, const cw_patient *p)
{
    static const char mark[] = "Agents: ";
    for (size_t i = 0; i < p->notices.n; i++) {
        const char *s = p->notices.v[i];
        if (!strstr(s, "is not in the knowledge") && !strstr(s, "the knowledge does not name") && !strstr(s, "no tumour type is given")) continue;
        cw_log_say(log, CW_LOG_WARNING, "%s", strncmp(s, mark, sizeof mark - 1) ? s : s + sizeof mark - 1);
    }
}

int cw_flow_advise(const cw_advise_conf *conf, cw_err *err)
{
    cw_knowledge knowledge = {0};
    cw_patient patient = {0};
    int status = cw_knowledge_load(&knowledge, conf->panel_dir, err);
    if (status == 0 && !*knowledge.version)
        status = cw_err_set(err, CW_EREFUSED, "panel '%s' names no knowledge in its panel.json; agents cannot be matched with it", conf->panel_dir);
    if (status == 0 && conf->input) status = cw_patient_read(&patient, conf->input, err);
    else if (status == 0) status = cw_advise_stated(&knowledge, conf->tumour, conf->lines, conf->alterations, conf->facts, &patient, err);
    if (status == 0 && !conf->input && conf->command) patient.command = conf->command;
    if (status == 0) status = cw_advise_reported(&knowledge, &patient, err);
    if (status == 0) status = cw_advise(&knowledge, &patient, err);
    if (status == 0) warn_of_names(conf->log, &patient);
    if (status == 0) status = write_patient(conf, &patient, err);
    cw_patient_release(&patient);
    cw_knowledge_release(&knowledge);
    return status;
}
