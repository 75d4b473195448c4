/* SPDX-License-Identifier: MIT */
/* detect.c - tallies x background -> calls. */
#include "detect/detect.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/mem.h"
#include "detect/background.h"
#include "detect/noise.h"
#include "stats/yield.h"

static const double MORE_THAN_MASS = 1.5; /* molecules per genome that went in; the mass itself is known to about 15 % */

static const char *keep(cw_calls *c, const char *text) { return cw_arena_strdup(c->arena, text ? text : ""); }

/* Length below which `share` of the molecules lie; -1 without any. */
static int64_t fragment_quantile(const cw_tallies *t, double share)
{
    enum { BINS = sizeof t->fragment_length / sizeof *t->fragment_length };
    int64_t all = 0, below = 0;
    for (int i = 1; i < BINS; i++) all += t->fragment_length[i];
    for (int i = 1; i < BINS && all; i++) {
        below += t->fragment_length[i];
        if ((double)below >= share * (double)all) return i;
    }
    return -1;
}

static int copy_references(const cw_tallies *t, cw_calls *c, cw_err *err)
{
    c->n_references = t->n_references;
    c->reference = cw_arena_alloc(c->arena, t->n_references, sizeof *c->reference);
    if (!c->reference) return cw_err_nomem(err);
    for (size_t i = 0; i < t->n_references; i++) {
        const cw_reference_note *from = &t->reference[i];
        cw_reference_note *to = &c->reference[i];
        *to = (cw_reference_note){keep(c, from->input), keep(c, from->fasta), keep(c, from->md5_by_dict), keep(c, from->md5_by_fasta), keep(c, from->md5_not_compared),
                                  keep(c, from->no_md5)};
        if (!to->input || !to->fasta || !to->md5_by_dict || !to->md5_by_fasta || !to->md5_not_compared || !to->no_md5) return cw_err_nomem(err);
    }
    return 0;
}

static int copy_head(const cw_tallies *t, const cw_panel *p, const cw_background *b, const cw_detect_conf *conf, cw_calls *c, cw_err *err)
{
    c->sample = keep(c, t->sample);
    c->panel = keep(c, p->name);
    c->panel_version = keep(c, p->version);
    c->build = p->build;
    c->caller = "clonewatch";
    c->level = cw_consensus_level(t->consensus);
    c->background = b->set;
    c->background.model = keep(c, b->set.model);
    c->call_alpha = conf->call_alpha;
    c->filter = t->filter;
    c->consensus_found = keep(c, t->consensus_found);
    c->input_sha256 = keep(c, t->input_sha256);
    c->input_name = keep(c, t->input_name);
    if (copy_references(t, c, err) < 0) return CW_ENOMEM;
    c->plasma_ml = conf->plasma_ml;
    c->cfdna_ng = conf->cfdna_ng;
    c->noise_rate = cw_noise_rate(t, &c->noise_bases);
    c->fragment_q10 = fragment_quantile(t, .1);
    c->fragment_median = fragment_quantile(t, .5);
    c->fragment_q90 = fragment_quantile(t, .9);
    c->n_snps = t->n_snps;
    const int64_t *const from[] = {t->snp_ref, t->snp_alt, t->snp_other};
    int64_t **const to[] = {&c->snp_ref, &c->snp_alt, &c->snp_other};
    for (int i = 0; i < 3; i++) {
        *to[i] = cw_arena_alloc(c->arena, t->n_snps, sizeof **to[i]);
        if (!*to[i]) return cw_err_nomem(err);
        if (t->n_snps) memcpy(*to[i], from[i], t->n_snps * sizeof **to[i]);
    }
    c->locus = cw_arena_alloc(c->arena, p->n_loci, sizeof *c->locus);
    c->call = cw_arena_alloc(c->arena, p->n_alleles, sizeof *c->call);
    if (!c->sample || !c->panel || !c->panel_version || !c->background.model || !c->consensus_found || !c->input_sha256 || !c->input_name || !c->locus || !c->call)
        return cw_err_nomem(err);
    return 0;
}

/* Pairs of alleles by their ids; the tallies know them by index. */
static int copy_phase(const cw_tallies *t, const cw_panel *p, cw_calls *c, cw_err *err)
{
    c->phase = cw_arena_alloc(c->arena, t->n_phase, sizeof *c->phase);
    if (!c->phase) return cw_err_nomem(err);
    for (size_t i = 0; i < t->n_phase; i++) {
        const cw_phase_tally *x = &t->phase[i];
        c->phase[i] = (cw_phase){keep(c, p->alleles[x->allele_a].cwid), keep(c, p->alleles[x->allele_b].cwid), x->both, x->only_a, x->only_b, x->neither};
        if (!c->phase[i].cwid_a || !c->phase[i].cwid_b) return cw_err_nomem(err);
        c->n_phase++;
    }
    return 0;
}

static bool in_targets(const cw_panel *p, const cw_locus *l)
{
    int64_t covered = l->beg; /* to here; probes are tiled, so that one interval may begin where another ends */
    for (bool further = p->n_targets > 0; further && covered < l->end;) {
        further = false;
        for (size_t i = 0; i < p->n_targets; i++)
            if (p->target_beg[i] <= covered && covered < p->target_end[i] && !strcmp(p->target_contig[i], l->contig)) covered = p->target_end[i], further = true;
    }
    return !p->n_targets || covered >= l->end;
}

static int copy_allele(const cw_panel *p, const cw_background *b, const cw_locus *from, const cw_tally *t, size_t i, bool targeted, cw_calls *c, cw_call *a, cw_err *err)
{
    const cw_allele *allele = &p->alleles[p->by_locus[from->first + i]];
    double class_mu;
    *a = (cw_call){.cwid = keep(c, allele->cwid), .gene = keep(c, allele->gene), .hgvsp = keep(c, allele->hgvsp), .node = keep(c, allele->node),
                   .alt = keep(c, allele->alt), .phase_group = keep(c, allele->phase_group), .role = allele->role, .type = allele->type, .counts_known = true, .allele = p->by_locus[from->first + i],
                   .k = t->count[i + 1], .forward = t->forward[i + 1], .reverse = t->reverse[i + 1], .duplex = t->duplex[i + 1],
                   .near_end = t->near_end ? t->near_end[i + 1] : -1, .ln_bf_strand = NAN};
    if (!a->cwid || !a->gene || !a->hgvsp || !a->node || !a->alt || !a->phase_group) return cw_err_nomem(err);
    int status = cw_background_rate(b, from, allele, &a->bg, a->bg_strand, &class_mu, &a->bg_source, err);
    if (status < 0) return status;
    /* the normals show this very allele: at least three molecules above what its class brings, five times as often */
    bool seen = !strcmp(a->bg_source, "site") && a->bg.a / a->bg.b > 5 * class_mu && a->bg.a - class_mu * a->bg.b >= 3;
    a->filters = !targeted ? (seen ? "not_targeted;panel_of_normals" : "not_targeted") : seen ? "panel_of_normals" : "";
    return 0;
}

static int copy_locus(const cw_tallies *tallies, const cw_panel *p, const cw_background *b, size_t i, cw_calls *c, cw_err *err)
{
    const cw_locus *from = &p->loci[i];
    const cw_tally *t = &tallies->tally[i];
    cw_call_locus *l = &c->locus[c->n_loci++];
    if (t->n_alt != from->n) return cw_err_set(err, CW_EINTERNAL, "%s:%" PRId64 ": tally and panel hold different alleles", from->contig, from->beg + 1);
    *l = (cw_call_locus){.contig = keep(c, from->contig), .beg = from->beg, .end = from->end, .ref = keep(c, from->ref), .k_ref = t->count[0], .ref_forward = t->forward[0],
                         .ref_reverse = t->reverse[0], .ref_duplex = t->duplex[0], .ref_near_end = t->near_end ? t->near_end[0] : -1, .other = t->other, .low_quality = t->low_quality, .uninformative = t->uninformative,
                         .discordant = t->discordant, .first = c->n_calls, .n = from->n};
    if (!l->contig || !l->ref) return cw_err_nomem(err);
    l->depth = t->other;
    for (size_t k = 0; k <= t->n_alt; k++) l->depth += t->count[k];
    bool targeted = in_targets(p, from);
    for (size_t k = 0; k < from->n; k++) {
        int status = copy_allele(p, b, from, t, k, targeted && !(t->uncounted && t->uncounted[k]), c, &c->call[c->n_calls], err);
        if (status < 0) return status;
        c->n_calls++;
    }
    return 0;
}

/* A model of another panel's normals knows classes at best. A patient's own variants are few beside the panel and rest on classes as they must. */
static void tell_unknown_alleles(const cw_background *b, const cw_calls *c, const cw_log *log)
{
    size_t by_class = 0;
    for (size_t i = 0; i < c->n_calls; i++) by_class += !strcmp(c->call[i].bg_source, "class");
    if (2 * by_class > c->n_calls)
        cw_log_say(log, CW_LOG_WARNING, "the normals of background '%s' were not read at %zu of the %zu alleles: rates of their classes are used (BGS=class); count the normals over this panel", b->id,
                   by_class, c->n_calls);
}

int cw_detect(const cw_tallies *tallies, const cw_panel *panel, const cw_background *background, const cw_detect_conf *conf, cw_calls *calls, const cw_log *log, cw_err *err)
{
    memset(calls, 0, sizeof *calls);
    if (tallies->n != panel->n_loci) return cw_err_set(err, CW_EINTERNAL, "tallies and panel do not belong together");
    int status = cw_noise_check(tallies, background, log, err);
    if (status < 0) return status;
    calls->arena = cw_arena_new();
    if (!calls->arena) return cw_err_nomem(err);
    status = copy_head(tallies, panel, background, conf, calls, err);
    for (size_t i = 0; i < panel->n_loci && status == 0; i++) status = copy_locus(tallies, panel, background, i, calls, err);
    if (status == 0) tell_unknown_alleles(background, calls, log);
    if (status == 0) status = copy_phase(tallies, panel, calls, err);
    if (status == 0) status = cw_calls_median(calls, &calls->molecules, err);
    if (status == 0) status = cw_calls_judge(calls, conf, false, err);
    if (status == 0 && calls->cfdna_ng > 0 && (double)calls->molecules > MORE_THAN_MASS * cw_genome_equivalents(calls->cfdna_ng))
        cw_log_say(log, CW_LOG_WARNING, "sample '%s' shows %" PRId64 " molecules at the median locus, but %g ng of cfDNA hold %.0f genomes: duplicates were counted as molecules, or the "
                   "mass is not that of this library; limits are not stated below 3 of the genomes", calls->sample, calls->molecules, calls->cfdna_ng, cw_genome_equivalents(calls->cfdna_ng));
    if (status < 0) cw_calls_release(calls);
    return status;
}
