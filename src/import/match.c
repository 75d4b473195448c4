/* SPDX-License-Identifier: MIT */
/* match.c - rows of a foreign file onto the alleles of a panel. */
#include "import/match.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "import/known_bases.h"
#include "import/tallies.h"
#include "record/contigs.h"

/* A change in its one spelling, and whose it is. */
typedef struct key { const char *contig; cw_event_form form; size_t index; } key;

typedef struct fitting {
    cw_import_fit *fit;
    const cw_imported *m;
    const cw_panel *base;
    const cw_import_fit_conf *conf;
    const cw_log *log;
    cw_err *err;
    cw_known_bases bases;
    key *panel_key; size_t n_panel_keys;
    key *own_key; size_t n_own_keys, own_cap;
    cw_seen *row;               /* copy of m->seen with counts made complete */
    bool *assumed;
    size_t *row_of;             /* per allele of the new panel: index of its row, SIZE_MAX none */
    size_t alleles_cap;
    size_t n_open, n_assumed, n_silent;
    const char *open_contig; int64_t open_beg;
    const cw_seen *silent;      /* the first that the file names without saying how much of it there is */
} fitting;

static int by_form(const void *pa, const void *pb)
{
    const key *a = pa, *b = pb;
    int c = strcmp(a->contig, b->contig);
    if (c) return c;
    if (a->form.beg != b->form.beg) return a->form.beg < b->form.beg ? -1 : 1;
    if ((c = strcmp(a->form.ref, b->form.ref)) != 0) return c;
    return strcmp(a->form.alt, b->form.alt);
}

static int by_form_and_row(const void *pa, const void *pb)
{
    int c = by_form(pa, pb);
    const key *a = pa, *b = pb;
    return c ? c : a->index < b->index ? -1 : a->index > b->index;
}

static int make_panel_keys(fitting *f)
{
    const cw_panel *p = &f->fit->panel;
    f->panel_key = calloc(p->n_alleles + 1, sizeof *f->panel_key);
    if (!f->panel_key) return cw_err_nomem(f->err);
    for (size_t i = 0; i < p->n_alleles; i++) {
        const cw_allele *a = &p->alleles[i];
        if (!a->has_locus || !a->ref || !a->alt || *a->alt == '<') continue;
        key *k = &f->panel_key[f->n_panel_keys++];
        k->contig = cw_plain_contig(a->contig);
        k->index = i;
        cw_known_bases_record(&f->bases, a->contig, a->beg, a->ref);
        int status = cw_normalise(p->arena, a->contig, a->beg, a->ref, a->alt, cw_known_base, &f->bases, &k->form, f->err);
        if (status < 0) return status;
    }
    qsort(f->panel_key, f->n_panel_keys, sizeof *f->panel_key, by_form);
    return 0;
}

/* --- one row --- */

/* 1: the row says something; 0: it says nothing (no counts, no fraction, no limit); < 0: refused. */
static int complete_counts(fitting *f, cw_seen *s, bool *assumed)
{
    *assumed = false;
    if (s->k_alt >= 0 && s->k_ref < 0 && s->depth >= s->k_alt + (s->k_other > 0 ? s->k_other : 0) && !s->implied)
        s->k_ref = s->depth - s->k_alt - (s->k_other > 0 ? s->k_other : 0);
    if (s->k_other < 0) s->k_other = 0;
    if (s->k_alt >= 0 && s->k_ref >= 0) return 1;
    if (s->implied) return 0;
    if (!isfinite(s->vaf)) {
        s->k_alt = s->k_ref = 0;
        *assumed = true;
        return isfinite(s->lod) ? 1 : 0;
    }
    int64_t depth = f->conf->assume_dp ? s->depth : f->conf->assume_depth;
    if (!f->conf->assume || depth < 0)
        return cw_err_set(f->err, CW_EREFUSED, "%s:%zu: %s:%lld has a fraction%s and no counts; give --assume-depth %s to take it as that many molecules (the draw is then marked)",
                          f->m->path, s->line, s->contig, (long long)s->beg + 1, f->conf->assume ? ", no depth" : "", f->conf->assume ? "N" : "DP or N");
    s->k_alt = llround(s->vaf * (double)depth);
    if (!s->k_alt && s->vaf > 0 && depth > 0) s->k_alt = 1; /* the caller saw it: never zero */
    s->k_ref = depth - s->k_alt;
    s->k_other = 0;
    *assumed = true;
    return 1;
}

static bool has_name(const cw_allele *a, const cw_seen *s)
{
    if (!*s->gene) return !strcmp(a->cwid, s->change);
    return !strcmp(a->gene, s->gene) && (!strcmp(a->hgvsp, s->change) || !strcmp(a->hgvsc, s->change) ||
                                         (!strncmp(a->hgvsp, "p.", 2) && !strcmp(a->hgvsp + 2, s->change)));
}

/* A protein name means the change of one base where only one does it. Of several changes the molecules would be given to any one. */
static int find_by_name(const fitting *f, const cw_seen *s, size_t *allele)
{
    const cw_panel *p = &f->fit->panel;
    size_t found = 0, singles = 0, first = 0, other = 0, single = 0;
    for (size_t i = 0; i < f->fit->n_base; i++) {
        if (!has_name(&p->alleles[i], s)) continue;
        if (!found++) first = i;
        else other = i;
        if (p->alleles[i].type == CW_TYPE_SNV && !singles++) single = i;
    }
    *allele = singles == 1 ? single : first;
    const char *gap = *s->gene ? " " : "";
    if (!found) return cw_err_set(f->err, CW_EFORMAT, "%s:%zu: the panel holds no alteration '%s%s%s'", f->m->path, s->line, s->gene, gap, s->change);
    if (found == 1 || singles == 1) return 0;
    return cw_err_set(f->err, CW_EREFUSED, "%s:%zu: '%s%s%s' names several changes of the panel, '%s' and '%s' among them; give the c. change that was measured",
                      f->m->path, s->line, s->gene, gap, s->change, p->alleles[first].cwid, p->alleles[other].cwid);
}

static bool same_counts(const cw_seen *a, const cw_seen *b) { return a->k_ref == b->k_ref && a->k_alt == b->k_alt && a->k_other == b->k_other; }

/* Give row r to an allele. Called alleles go before implied ones; two rows that differ are no answer. */
static int assign(fitting *f, size_t allele, size_t r)
{
    size_t old = f->row_of[allele];
    const cw_seen *s = &f->row[r], *o = old == SIZE_MAX ? NULL : &f->row[old];
    if (!o || (o->implied && !s->implied)) {
        f->row_of[allele] = r;
        return 0;
    }
    if (s->implied || same_counts(s, o)) return 0;
    return cw_err_set(f->err, CW_EREFUSED, "%s:%zu: the same change as in line %zu (after normalisation), with other counts; keep one of them",
                      f->m->path, s->line, o->line);
}

/* The row that was given to the change of one base; NULL: the file has none that the caller saw. */
static const cw_seen *single_base_row(const fitting *f, const char *contig, int64_t beg, const char *ref, const char *alt)
{
    key part = {.contig = contig, .form = {.beg = beg, .ref = ref, .alt = alt}};
    const key *hit = bsearch(&part, f->panel_key, f->n_panel_keys, sizeof part, by_form);
    size_t row = hit ? f->row_of[hit->index] : SIZE_MAX;
    if (!hit && f->n_own_keys && (hit = bsearch(&part, f->own_key, f->n_own_keys, sizeof part, by_form)) != NULL) row = hit->index;
    const cw_seen *s = row == SIZE_MAX ? NULL : &f->row[row];
    return s && !s->implied && s->k_alt > 0 ? s : NULL;
}

/* Are all its bases changed by rows of their own, in numbers that one molecule could explain (the least at least half of the greatest)? */
static bool in_pieces(const fitting *f, const key *k, const cw_seen **first, const cw_seen **last)
{
    size_t n = strlen(k->form.ref);
    int64_t least = INT64_MAX, most = 0;
    *first = *last = NULL;
    if (n < 2 || n > 50 || strlen(k->form.alt) != n || f->row_of[k->index] != SIZE_MAX) return false;
    for (size_t b = 0; b < n; b++) {
        char ref[2] = {k->form.ref[b], 0}, alt[2] = {k->form.alt[b], 0};
        if (*ref == *alt) continue;
        const cw_seen *s = single_base_row(f, k->contig, k->form.beg + (int64_t)b, ref, alt);
        if (!s) return false;
        if (!*first) *first = s;
        *last = s;
        if (s->k_alt < least) least = s->k_alt;
        if (s->k_alt > most) most = s->k_alt;
    }
    return *first != *last && 2 * least >= most;
}

/* The other way round: a multi-base change of the panel that a caller wrote base by base (V600K as V600E and V600M). Counts do not tell
 * whether one molecule holds all of it. The own keys have been sorted. */
static void tell_pieces(const fitting *f)
{
    for (size_t i = 0; i < f->n_panel_keys; i++) {
        const cw_seen *first, *last;
        if (!in_pieces(f, &f->panel_key[i], &first, &last)) continue;
        const char *name = f->fit->panel.alleles[f->panel_key[i].index].cwid;
        cw_log_say(f->log, CW_LOG_WARNING, "'%s': lines %zu and %zu hold the base changes of '%s' one by one; whether one molecule holds both is not known here, so each is followed as a change of its own and '%s' is not reported; let the caller write it as one record",
                   f->m->path, first->line, last->line, name, name);
    }
}

/* A multi-base change that the panel does not hold, over a single-base one that it does: they change the protein differently, so the
 * molecules are not given to the panel's allele; the reader is told. */
static void tell_mnv(const fitting *f, const key *k, const cw_seen *s)
{
    size_t n = strlen(k->form.ref);
    if (n < 2 || n > 50 || strlen(k->form.alt) != n) return;
    for (size_t i = 0; i < n; i++) {
        char ref[2] = {k->form.ref[i], 0}, alt[2] = {k->form.alt[i], 0};
        if (*ref == *alt) continue;
        key part = {.contig = k->contig, .form = {.beg = k->form.beg + (int64_t)i, .ref = ref, .alt = alt}};
        const key *hit = bsearch(&part, f->panel_key, f->n_panel_keys, sizeof part, by_form);
        if (hit)
            cw_log_say(f->log, CW_LOG_WARNING, "%s:%zu: %s:%lld %s>%s holds the base change of '%s' together with others; it is followed as a change of its own, not as '%s'",
                       f->m->path, s->line, s->contig, (long long)s->beg + 1, s->ref, s->alt, f->fit->panel.alleles[hit->index].cwid,
                       f->fit->panel.alleles[hit->index].cwid);
    }
}

static int keep_own(fitting *f, const key *k)
{
    if (cw_grow((void **)&f->own_key, &f->own_cap, f->n_own_keys + 1, sizeof *k, f->err) < 0) return CW_ENOMEM;
    f->own_key[f->n_own_keys++] = *k;
    return 0;
}

static int fit_row(fitting *f, size_t r)
{
    cw_seen *s = &f->row[r];
    key k = {.contig = cw_plain_contig(s->contig), .index = r};
    size_t allele = SIZE_MAX;
    int status;
    if (!*s->contig) {
        if ((status = find_by_name(f, s, &allele)) < 0) return status;
    } else {
        if ((status = cw_known_bases_check(&f->bases, f->m->path, s->line, s->contig, s->beg, s->ref, f->err)) < 0) return status;
        cw_known_bases_record(&f->bases, s->contig, s->beg, s->ref);
        status = cw_normalise(f->fit->panel.arena, s->contig, s->beg, s->ref, s->alt, cw_known_base, &f->bases, &k.form, f->err);
        if (status < 0) return status;
        if (!*k.form.ref && !*k.form.alt) return 0; /* REF equals ALT: no change */
        const key *hit = bsearch(&k, f->panel_key, f->n_panel_keys, sizeof k, by_form);
        if (hit) allele = hit->index;
        else if (s->implied) return 0;
        if (!hit && k.form.open && !f->n_open++) f->open_contig = s->contig, f->open_beg = s->beg;
    }
    if (allele == SIZE_MAX && (f->conf->panel_only || *s->filters)) {
        f->fit->n_left_out++;
        return 0;
    }
    if ((status = complete_counts(f, s, &f->assumed[r])) <= 0) {
        if (status == 0 && !s->implied && !f->n_silent++) f->silent = s;
        return status;
    }
    f->n_assumed += f->assumed[r];
    if (allele != SIZE_MAX) return assign(f, allele, r);
    tell_mnv(f, &k, s);
    return keep_own(f, &k);
}

/* --- the file's own alleles --- */

static int add_own(fitting *f, const key *k)
{
    cw_panel *p = &f->fit->panel;
    const cw_seen *s = &f->row[k->index];
    if (!cw_contig_fits_vcf(s->contig))
        return cw_err_set(f->err, CW_EFORMAT, "%s:%zu: chromosome '%s' cannot be a contig of a VCF; use the name that the reference has", f->m->path, s->line, s->contig);
    char before = 0;
    const char *ref = k->form.ref, *alt = k->form.alt, *contig = cw_known_bases_style(&f->bases, p->arena, s->contig);
    int64_t beg = k->form.beg;
    cw_known_bases_record(&f->bases, s->contig, s->beg, s->ref);
    if (!*ref || !*alt) { /* VCF wants the base before */
        if (beg > 0) before = cw_known_base(&f->bases, s->contig, beg - 1);
        if (!before) {
            f->fit->n_left_out++;
            cw_log_say(f->log, CW_LOG_WARNING, "%s:%zu: %s:%lld: the base before this insertion or deletion is not known, so it is left out; give -f reference.fa",
                       f->m->path, s->line, s->contig, (long long)s->beg + 1);
            return 0;
        }
        char anchor[2] = {before, 0};
        ref = cw_arena_printf(p->arena, "%s%s", anchor, ref);
        alt = cw_arena_printf(p->arena, "%s%s", anchor, alt);
        beg--;
    }
    if (!ref || !alt || !contig) return cw_err_nomem(f->err);
    cw_allele *a = &p->alleles[p->n_alleles];
    *a = (cw_allele){.gene = s->gene, .hgvsp = *s->gene ? s->change : "", .hgvsc = "", .transcript = "", .mechanism = "", .node = "", .tumours = "", .aliases = "", .phase_group = "",
                     .type = cw_allele_type_of(ref, alt), .has_locus = true, .contig = contig, .beg = beg, .end = beg + (int64_t)strlen(ref), .ref = ref, .alt = alt};
    a->cwid = cw_arena_printf(p->arena, "%s:%lld:%s:%s", contig, (long long)beg + 1, ref, alt);
    if (!a->cwid) return cw_err_nomem(f->err);
    f->row_of[p->n_alleles++] = k->index;
    f->fit->n_own++;
    return 0;
}

static int add_all_own(fitting *f)
{
    if (f->n_own_keys) qsort(f->own_key, f->n_own_keys, sizeof *f->own_key, by_form_and_row);
    for (size_t i = 0; i < f->n_own_keys; i++) {
        if (i && !by_form(&f->own_key[i - 1], &f->own_key[i])) {
            const cw_seen *a = &f->row[f->own_key[i - 1].index], *b = &f->row[f->own_key[i].index];
            if (!same_counts(a, b))
                return cw_err_set(f->err, CW_EREFUSED, "%s:%zu: the same change as in line %zu (after normalisation), with other counts; keep one of them",
                                  f->m->path, b->line, a->line);
            continue;
        }
        int status = add_own(f, &f->own_key[i]);
        if (status < 0) return status;
    }
    return 0;
}

/* --- together --- */

static int copy_panel(fitting *f)
{
    cw_panel *p = &f->fit->panel;
    if (f->base) *p = *f->base;
    else *p = (cw_panel){.name = "none", .version = "", .knowledge_version = "", .dir = "", .build = f->m->build};
    size_t n = p->n_alleles, room = n + f->m->n_seen;
    p->arena = cw_arena_new();
    if (!p->arena) return cw_err_nomem(f->err);
    const cw_allele *old = p->alleles;
    p->alleles = cw_arena_alloc(p->arena, room, sizeof *p->alleles);
    f->fit->mark = cw_arena_alloc(p->arena, room, sizeof *f->fit->mark);
    f->row_of = calloc(room + 1, sizeof *f->row_of);
    f->row = calloc(f->m->n_seen + 1, sizeof *f->row);
    f->assumed = calloc(f->m->n_seen + 1, sizeof *f->assumed);
    if (!p->alleles || !f->fit->mark || !f->row_of || !f->row || !f->assumed) return cw_err_nomem(f->err);
    if (n) memcpy(p->alleles, old, n * sizeof *old);
    if (f->m->n_seen) memcpy(f->row, f->m->seen, f->m->n_seen * sizeof *f->row);
    for (size_t i = 0; i < room; i++) f->row_of[i] = SIZE_MAX;
    for (size_t i = 0; i < room; i++) f->fit->mark[i] = (cw_import_mark){.vaf = NAN, .lod = NAN, .filters = ""};
    f->fit->n_base = n;
    return 0;
}

static void tell(const fitting *f)
{
    if (f->n_open)
        cw_log_say(f->log, CW_LOG_WARNING, "'%s': %zu insertions or deletions (the first at %s:%lld) may be written further right than the panel writes them; give -f reference.fa to match them",
                   f->m->path, f->n_open, f->open_contig, (long long)f->open_beg + 1);
    if (f->n_assumed)
        cw_log_say(f->log, CW_LOG_WARNING, "'%s': %zu alleles have no counts; they are marked, and their evidence rests on the assumed depth or limit", f->m->path, f->n_assumed);
    if (f->n_silent)
        cw_log_say(f->log, CW_LOG_WARNING, "'%s': %zu alleles (the first in line %zu, %s:%lld %s>%s) have neither complete counts nor a fraction from 0 to 1, so they are not reported; take the counts from the caller",
                   f->m->path, f->n_silent, f->silent->line, f->silent->contig, (long long)f->silent->beg + 1, f->silent->ref, f->silent->alt);
    if (f->m->n_structural)
        cw_log_say(f->log, CW_LOG_WARNING, "'%s': %zu structural alleles are not imported; state them as LAB_TEST events", f->m->path, f->m->n_structural);
}

int cw_import_fit_make(cw_import_fit *fit, const cw_imported *imported, const cw_panel *panel, const cw_import_fit_conf *conf,
                       const cw_log *log, cw_err *err)
{
    fitting f = {.fit = fit, .m = imported, .base = panel, .conf = conf, .log = log, .err = err};
    memset(fit, 0, sizeof *fit);
    int status = 0;
    if (panel && imported->build != CW_BUILD_UNKNOWN && panel->build != CW_BUILD_UNKNOWN && imported->build != panel->build)
        return cw_err_set(err, CW_EREFUSED, "'%s' is on %s by its contig lengths, but the panel was loaded for %s; use --build %s", imported->path,
                          cw_build_name(imported->build), cw_build_name(panel->build), cw_build_name(imported->build));
    if ((status = copy_panel(&f)) < 0) goto done;
    if ((status = cw_known_bases_open(&f.bases, panel, conf->reference, err)) < 0) goto done;
    if ((status = make_panel_keys(&f)) < 0) goto done;
    for (size_t r = 0; r < imported->n_seen; r++)
        if ((status = fit_row(&f, r)) < 0) goto done;
    if ((status = add_all_own(&f)) < 0) goto done;
    if ((status = cw_panel_index(&fit->panel, err)) < 0) goto done;
    if ((status = cw_import_tallies(fit, imported, &(cw_row_choice){f.row, f.row_of, f.assumed}, err)) < 0) goto done;
    for (size_t i = 0; i < fit->n_base; i++) {
        fit->n_reported += fit->mark[i].reported;
        fit->n_not_reported += fit->panel.alleles[i].has_locus && !fit->mark[i].reported;
    }
    tell(&f);
    tell_pieces(&f);
done:
    cw_known_bases_close(&f.bases);
    free(f.panel_key);
    free(f.own_key);
    free(f.row_of);
    free(f.row);
    free(f.assumed);
    if (status < 0) cw_import_fit_release(fit);
    return status;
}

void cw_import_fit_release(cw_import_fit *fit)
{
    if (!fit) return;
    cw_tallies_release(&fit->tallies);
    cw_arena_free(fit->panel.arena);
    memset(fit, 0, sizeof *fit);
}
