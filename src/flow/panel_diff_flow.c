/* SPDX-License-Identifier: MIT */
/* panel_diff_flow.c - the advice for one patient under two versions of the knowledge, and where they part. */
#include <stdlib.h>
#include <string.h>
#include "advise/advise.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/table.h"
#include "flow/panel_flow.h"
#include "io/knowledge_io.h"
#include "io/patient_json.h"

static int advised(const char *dir, const char *json, cw_patient *p, cw_err *err)
{
    cw_knowledge k = {0};
    int status = cw_knowledge_load(&k, dir, err);
    if (status == 0) status = cw_patient_read(p, json, err);
    if (status == 0) status = cw_advise(&k, p, err);
    /* advice keeps names that live in the knowledge: it is written out before the knowledge goes, through a copy of what is compared */
    for (size_t i = 0; status == 0 && i < p->n_advice; i++) {
        cw_advice *a = &p->advice[i];
        const char **texts[] = {&a->agent, &a->level.scheme, &a->level.value, &a->review, &a->statement};
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            if (!(*texts[t] = cw_arena_strdup(p->arena, *texts[t]))) status = cw_err_nomem(err);
    }
    cw_knowledge_release(&k);
    return status;
}

static const cw_advice *same_entry(const cw_patient *p, const cw_advice *a)
{
    for (size_t i = 0; i < p->n_advice; i++)
        if (p->advice[i].verdict == a->verdict && !strcmp(p->advice[i].agent, a->agent)) return &p->advice[i];
    return NULL;
}

static const char *joined(cw_arena *arena, const cw_strings *list)
{
    const char *text = "";
    for (size_t i = 0; text && i < list->n; i++) text = cw_arena_printf(arena, "%s%s%s", text, i ? "; " : "", list->v[i]);
    return text;
}

/* What a reader of the advice would notice. */
static const char *summary(cw_arena *arena, const cw_advice *a)
{
    if (!a) return "";
    const char *open = joined(arena, &a->conditions), *covers = joined(arena, &a->covers), *rules = joined(arena, &a->findings);
    if (!open || !covers || !rules) return NULL;
    return cw_arena_printf(arena, "%s (%s), %s; open: %s; covers: %s; rules: %s", *a->level.value ? a->level.value : "no level", *a->level.scheme ? a->level.scheme : "none",
                           a->review, *open ? open : "none", *covers ? covers : "none", *rules ? rules : "none");
}

static int put(FILE *f, cw_arena *arena, const char *change, const cw_advice *any, const cw_advice *before, const cw_advice *after, cw_err *err)
{
    const char *cells[] = {change, cw_verdict_name(any->verdict), any->agent, summary(arena, before), summary(arena, after)};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        const char *cell = cells[i] ? cw_tsv_protect(arena, cells[i]) : NULL;
        if (!cell) return cw_err_nomem(err);
        fprintf(f, "%s%s", i ? "\t" : "", *cell ? cell : ".");
    }
    fputc('\n', f);
    return 0;
}

int cw_flow_panel_diff(const char *old_dir, const char *new_dir, const char *patient_json, const char *output, cw_err *err)
{
    cw_patient before = {0}, after = {0};
    cw_out out = {0};
    cw_arena *arena = cw_arena_new();
    size_t changes = 0;
    int status = arena ? advised(old_dir, patient_json, &before, err) : cw_err_nomem(err);
    if (status == 0) status = advised(new_dir, patient_json, &after, err);
    if (status == 0) status = cw_out_open(&out, output, err);
    if (status == 0)
        fprintf(out.file, "# For research use only; not a treatment recommendation.\n# knowledge %s to %s\nchange\tverdict\tagent\tbefore\tafter\n", before.knowledge_version,
                after.knowledge_version);
    for (size_t i = 0; status == 0 && i < after.n_advice; i++) {
        const cw_advice *a = &after.advice[i], *b = same_entry(&before, a);
        const char *x = summary(arena, b), *y = summary(arena, a);
        if (!x || !y) status = cw_err_nomem(err);
        else if (!b || strcmp(x, y)) status = put(out.file, arena, b ? "changed" : "added", a, b, a, err), changes++;
    }
    for (size_t i = 0; status == 0 && i < before.n_advice; i++)
        if (!same_entry(&after, &before.advice[i])) status = put(out.file, arena, "removed", &before.advice[i], &before.advice[i], NULL, err), changes++;
    if (status == 0) fprintf(out.file, "# %zu of %zu statements change\n", changes, before.n_advice > after.n_advice ? before.n_advice : after.n_advice);
    if (status == 0) status = cw_out_commit(&out, err);
    cw_out_abort(&out);
    cw_patient_release(&before);
    cw_patient_release(&after);
    cw_arena_free(arena);
    return status;
}
