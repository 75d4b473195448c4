/* SPDX-License-Identifier: MIT */
/* panel_flow.c - check, show and targets of a panel. */
#include "flow/panel_flow.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <clonewatch/knowledge.h>
#include "advise/check.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/table.h"
#include "io/knowledge_io.h"
#include "io/panel_io.h"
#include "io/reference.h"
#include "record/contigs.h"

/* ---- check ---- */

typedef struct sink { const cw_log *log; const char *dir; } sink;

static void say_issue(void *context, const char *file, size_t line, const char *text)
{
    const sink *s = context;
    if (*file == '/' || strchr(file, '/')) cw_log_say(s->log, CW_LOG_ERROR, "%s:%zu: %s", file, line, text);
    else cw_log_say(s->log, CW_LOG_ERROR, "%s/%s:%zu: %s", s->dir, file, line, text);
}

/* The build of a FASTA by the length of the contigs it shares with either build. */
static cw_build build_of(const cw_reference *ref)
{
    for (size_t i = 0; i + 1 < CW_N_CONTIGS; i++) {
        int64_t n = cw_reference_length(ref, cw_contig_name(i));
        if (n > 0 && n == cw_contig_length(CW_BUILD_GRCH37, i)) return CW_BUILD_GRCH37;
        if (n > 0 && n == cw_contig_length(CW_BUILD_GRCH38, i)) return CW_BUILD_GRCH38;
    }
    return CW_BUILD_UNKNOWN;
}

/* Bases of REF that the FASTA does not know (N, or a contig it lacks) are not compared. */
static int check_ref(const cw_reference *ref, const cw_known_alteration *rows, size_t n, int b, const char *file, size_t *compared, cw_issues *out, cw_err *err)
{
    for (size_t i = 0; i < n; i++) {
        const cw_place *p = &rows[i].place[b];
        char *bases = NULL;
        if (!p->pos1 || !cw_reference_name(ref, rows[i].contig)) continue;
        int status = cw_reference_fetch(ref, rows[i].contig, p->pos1 - 1, p->pos1 - 1 + (int64_t)strlen(p->ref), &bases, err);
        if (status < 0) return status;
        size_t known = 0;
        bool same = true;
        for (size_t j = 0; p->ref[j]; j++) {
            if (bases[j] == 'N') continue;
            known++;
            same &= bases[j] == p->ref[j];
        }
        if (!same) cw_issue(out, file, rows[i].line, "'%s': REF %s at %s:%lld, but the reference has %s", rows[i].id, p->ref, rows[i].contig, (long long)p->pos1, bases);
        *compared += known > 0;
        free(bases);
    }
    return 0;
}

static int check_fasta(const char *fasta, const cw_knowledge *k, const cw_known_alteration *own, size_t n_own, const char *own_path, size_t *compared, cw_issues *out, cw_err *err)
{
    cw_reference ref = {0};
    int status = cw_reference_open(&ref, fasta, err);
    cw_build build = status == 0 ? build_of(&ref) : CW_BUILD_UNKNOWN;
    if (status == 0 && build == CW_BUILD_UNKNOWN)
        status = cw_err_set(err, CW_EREFUSED, "the contig lengths of '%s' are of neither GRCh37 nor GRCh38; REF cannot be checked against it", fasta);
    int b = build == CW_BUILD_GRCH38;
    if (status == 0 && k) status = check_ref(&ref, k->alterations, k->n_alterations, b, "alterations.tsv", compared, out, err);
    if (status == 0) status = check_ref(&ref, own, n_own, b, own_path, compared, out, err);
    cw_reference_close(&ref);
    return status;
}

static int write_summary(const char *output, const char *dir, const cw_knowledge *k, size_t n_own, const cw_panel *panels, const char *fasta, size_t compared, cw_err *err)
{
    cw_out out = {0};
    int status = cw_out_open(&out, output, err);
    if (status == 0) {
        fprintf(out.file, "panel %s version %s (%s): no trouble found\n", panels[1].name, panels[1].version, dir);
        for (int b = 0; b < 2; b++)
            fprintf(out.file, "%s: %zu alleles, %zu loci, %zu genes, %zu fingerprint SNPs, %zu targets\n", cw_build_name(panels[b].build), panels[b].n_alleles, panels[b].n_loci,
                    panels[b].n_genes, panels[b].n_snps, panels[b].n_targets);
        if (k)
            fprintf(out.file, "knowledge %s: %zu alterations, %zu rules, %zu cross-resistance rows, %zu line rules, %zu agents, %zu sources\n", k->version, k->n_alterations, k->n_rules,
                    k->n_crosses, k->n_line_rules, k->n_agents, k->n_sources);
        if (n_own) fprintf(out.file, "own alterations: %zu\n", n_own);
        if (fasta) fprintf(out.file, "REF compared with the reference: %zu alleles\n", compared);
        else fputs("REF not compared with a reference: give --reference\n", out.file);
        status = cw_out_commit(&out, err);
    }
    cw_out_abort(&out);
    return status;
}

int cw_flow_panel_check(const char *dir, const char *fasta, const char *output, const cw_log *log, cw_err *err)
{
    cw_panel panels[2] = {{0}, {0}};
    cw_knowledge k = {0};
    cw_known_alteration *own = NULL;
    size_t n_own = 0, compared = 0;
    const char *own_path = "";
    bool has_knowledge = false;
    cw_arena *arena = cw_arena_new();
    sink s = {log, dir};
    cw_issues issues = {.found = say_issue, .context = &s};
    int status = arena ? cw_panel_own_rows(arena, dir, &own, &n_own, &own_path, &has_knowledge, err) : cw_err_nomem(err);
    if (status == 0 && has_knowledge) status = cw_knowledge_load(&k, dir, err);
    if (status == 0 && has_knowledge) {
        s.dir = k.dir;
        status = cw_check_words(&k, &issues, err);
        if (status == 0) status = cw_check_alterations(&k, k.alterations, k.n_alterations, "alterations.tsv", &issues, err);
        if (status == 0) cw_check_genes(&k, &issues);
    }
    if (status == 0) status = cw_check_alterations(&k, own, n_own, own_path, &issues, err);
    if (status == 0 && fasta) status = check_fasta(fasta, has_knowledge ? &k : NULL, own, n_own, own_path, &compared, &issues, err);
    if (status == 0 && issues.n == 0) status = cw_panel_load(&panels[0], dir, CW_BUILD_GRCH37, err);
    if (status == 0 && issues.n == 0) status = cw_panel_load(&panels[1], dir, CW_BUILD_GRCH38, err);
    if (status == 0 && issues.n)
        status = cw_err_set(err, CW_EFORMAT, "%zu trouble%s in panel '%s': it must not be used", issues.n, issues.n == 1 ? "" : "s", dir);
    if (status == 0) status = write_summary(output, dir, has_knowledge ? &k : NULL, n_own, panels, fasta, compared, err);
    cw_panel_release(&panels[0]);
    cw_panel_release(&panels[1]);
    cw_knowledge_release(&k);
    cw_arena_free(arena);
    return status;
}

/* ---- show ---- */

int cw_flow_panel_show(const char *dir, cw_build build, const char *gene, const char *output, cw_err *err)
{
    cw_panel panel = {0};
    cw_out out = {0};
    bool any = gene == NULL;
    int status = cw_panel_load(&panel, dir, build, err);
    for (size_t i = 0; i < panel.n_alleles && !any; i++) any = !strcmp(panel.alleles[i].gene, gene);
    if (status == 0 && !any) status = cw_err_set(err, CW_EREFUSED, "panel '%s' holds no alteration of gene '%s'", panel.name, gene);
    if (status == 0) status = cw_out_open(&out, output, err);
    if (status == 0) status = cw_report_panel_alleles(out.file, &panel, gene, err);
    if (status == 0) status = cw_out_commit(&out, err);
    cw_out_abort(&out);
    cw_panel_release(&panel);
    return status;
}

/* ---- targets ---- */

int cw_flow_panel_bed(const char *dir, const cw_panel_bed_conf *conf, const char *output, cw_err *err)
{
    cw_panel panel = {0};
    cw_out out = {0};
    size_t n = 0;
    int status = cw_panel_load(&panel, dir, conf->build, err);
    if (status == 0) status = cw_out_open(&out, output, err);
    if (status == 0) status = cw_report_panel_bed(out.file, &panel, conf, &n, err);
    if (status == 0 && n == 0) status = cw_err_set(err, CW_EREFUSED, "panel '%s' has no coordinates in %s", panel.name, cw_build_name(conf->build));
    if (status == 0) status = cw_out_commit(&out, err);
    cw_out_abort(&out);
    cw_panel_release(&panel);
    return status;
}
