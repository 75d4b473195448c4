/* SPDX-License-Identifier: MIT */
/* mark.c - what judging the counts cannot know, put into the calls. */
#include "import/mark.h"

#include <math.h>
#include <string.h>
#include "base/mem.h"

static bool word_fits(const char *w, size_t n) { return n && n < 64 && strcspn(w, " \t,<>\"=+") >= n; }

static bool has_word(const char *list, const char *w, size_t n)
{
    for (const char *p = list; *p;) {
        size_t m = strcspn(p, ";");
        if (m == n && !strncmp(p, w, n)) return true;
        p += m + (p[m] == ';');
    }
    return false;
}

/* The words of the caller go behind those of detect. */
static int add_words(cw_calls *c, cw_call *a, const char *words, cw_err *err)
{
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, ";");
        const char *old = a->filters && strcmp(a->filters, "PASS") ? a->filters : "";
        if (word_fits(p, n) && !has_word(old, p, n)) {
            a->filters = cw_arena_printf(c->arena, "%s%s%.*s", old, *old ? ";" : "", (int)n, p);
            if (!a->filters) return cw_err_nomem(err);
        }
        p += n + (p[n] == ';');
    }
    return 0;
}

static void forget_counts(cw_call *a, cw_call_state state)
{
    a->counts_known = false;
    a->k = a->forward = a->reverse = a->duplex = a->near_end = -1;
    a->vaf = a->vaf_lo = a->vaf_hi = a->true_lo = a->true_hi = a->ln_bf = a->ln_bf_strand = a->p = a->lob = a->lod = a->strand_p = a->position_p = NAN;
    a->k_star = 0;
    a->state = state;
    a->filters = "PASS";
}

static int mark_call(cw_calls *c, cw_call *a, const cw_import_mark *mark, bool *counted, cw_err *err)
{
    if (!mark->reported) {
        forget_counts(a, CW_CALL_NOT_REPORTED);
        return 0;
    }
    if (!mark->counts_known && !isfinite(mark->vaf)) { /* the file gives a limit and nothing else */
        forget_counts(a, CW_CALL_NOT_DETECTED);
        a->lod = mark->lod;
        return add_words(c, a, "limit_only", err);
    }
    *counted = true;
    if (isfinite(mark->lod)) a->lod = mark->lod;
    int status = add_words(c, a, mark->filters, err);
    if (status < 0 || mark->counts_known) return status;
    a->counts_known = false;
    return add_words(c, a, "assumed_depth", err);
}

int cw_import_mark_calls(cw_calls *c, const cw_import_fit *fit, cw_err *err)
{
    int status = 0;
    for (size_t i = 0; i < c->n_loci && status == 0; i++) {
        cw_call_locus *l = &c->locus[i];
        bool counted = false;
        for (size_t k = l->first; k < l->first + l->n && status == 0; k++) {
            cw_call *a = &c->call[k];
            status = mark_call(c, a, &fit->mark[a->allele], &counted, err);
            if (a->allele >= fit->n_base) a->allele = SIZE_MAX;
        }
        if (!counted) l->depth = l->k_ref = l->ref_forward = l->ref_reverse = l->ref_duplex = l->ref_near_end = l->other = l->low_quality = l->uninformative = l->discordant = -1;
    }
    return status == 0 ? cw_calls_median(c, &c->molecules, err) : status;
}
