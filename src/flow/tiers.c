/* SPDX-License-Identifier: MIT */
/* tiers.c - tumour type and the agents given until the first draw, put to the knowledge. */
#include "flow/tiers.h"

#include "advise/advise.h"
#include "base/mem.h"
#include "io/knowledge_io.h"
#include "io/panel_io.h"
#include "track/track.h"

static bool begun(const cw_line *line, const cw_day *first)
{
    return line->start.known && first->known && line->start.is_date == first->is_date && line->start.day <= first->day;
}

int cw_tiers_make(cw_tiers *t, const cw_knowledge *knowledge, const char *tumour_type, const cw_event *events, size_t n_events, const cw_day *first,
                  cw_arena *arena, cw_err *err)
{
    cw_line *lines;
    size_t n = 0, total = 0;
    *t = (cw_tiers){.knowledge = knowledge, .tumour_type = tumour_type, .basis = "all alleles alike: no knowledge was given"};
    if (!knowledge) return 0;
    if (cw_lines_from_events(events, n_events, arena, &lines, &n, err) < 0) return err->code;
    for (size_t i = 0; i < n; i++) total += lines[i].agents.n;
    if (!(t->agents = cw_arena_alloc(arena, total, sizeof *t->agents))) return cw_err_nomem(err);
    const char *names = "";
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; begun(&lines[i], first) && k < lines[i].agents.n; k++) {
            names = cw_arena_printf(arena, "%s%s%s", names, t->n_agents ? ", " : "", lines[i].agents.v[k]);
            if (!names) return cw_err_nomem(err);
            t->agents[t->n_agents++] = lines[i].agents.v[k];
        }
    t->basis = cw_arena_printf(arena, "knowledge %s; tumour type %s; agents given by the first draw: %s", knowledge->version,
                               *tumour_type ? tumour_type : "not stated", *names ? names : "none");
    return t->basis ? 0 : cw_err_nomem(err);
}

int cw_tiers_of(const cw_tiers *t, const char *cwid)
{
    return t->knowledge ? cw_advise_tier(t->knowledge, cwid, t->tumour_type, t->agents, t->n_agents) : 3;
}

int cw_flow_knowledge(cw_knowledge *knowledge, const char *panel_dir, bool *has, cw_err *err)
{
    struct cw_known_alteration *rows;
    size_t n;
    const char *path;
    cw_arena *arena = cw_arena_new();
    int status = arena ? cw_panel_own_rows(arena, panel_dir, &rows, &n, &path, has, err) : cw_err_nomem(err);
    cw_arena_free(arena);
    if (status == 0 && *has) status = cw_knowledge_load(knowledge, panel_dir, err);
    return status;
}
