/* SPDX-License-Identifier: MIT */
/* vcf_order.c - a record among those before it: sorted, each contig in one place, no change twice. */
#include "import/vcf_order.h"

#include <stdlib.h>
#include <string.h>
#include "import/normalise.h"

static void empty_window(cw_vcf_order *r, int64_t before)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->n_window; i++) {
        if (r->window[i].beg >= before) r->window[kept++] = r->window[i];
        else {
            free(r->window[i].ref);
            free(r->window[i].alt);
        }
    }
    r->n_window = kept;
}

static int check_place(cw_vcf_order *r, const cw_vcf_text *t, int64_t pos1, cw_err *err)
{
    const char *chrom = t->column[CW_VCF_CHROM];
    if (*chrom == '<') return 0; /* a contig of an assembly file: any order */
    if (r->n_done && !strcmp(r->done[r->n_done - 1], chrom)) {
        if (pos1 < r->pos1 && t->version < 405) return cw_err_set(err, CW_EFORMAT, "%s:%zu: position %lld stands behind %lld; sort the file", t->path, t->line, (long long)pos1, (long long)r->pos1);
        if (pos1 > r->pos1) empty_window(r, pos1 - 1);
        r->pos1 = pos1;
        return 0;
    }
    for (size_t i = 0; i < r->n_done; i++)
        if (!strcmp(r->done[i], chrom)) return cw_err_set(err, CW_EFORMAT, "%s:%zu: records of contig '%.60s' stand in two places; sort the file", t->path, t->line, chrom);
    empty_window(r, INT64_MAX);
    if (cw_grow((void **)&r->done, &r->done_cap, r->n_done + 1, sizeof *r->done, err) < 0) return CW_ENOMEM;
    r->done[r->n_done] = strdup(chrom);
    if (!r->done[r->n_done]) return cw_err_nomem(err);
    r->n_done++;
    r->pos1 = pos1;
    return 0;
}

/* The same change twice, also when it is written with other neighbouring bases. */
static int check_doubles(cw_vcf_order *r, const cw_vcf_text *t, int64_t pos1, const char *const *alts, const size_t *alt_n, size_t n_alts, cw_err *err)
{
    int status = 0;
    if (*t->column[CW_VCF_CHROM] == '<') return 0;
    cw_arena *arena = cw_arena_new();
    if (!arena) return cw_err_nomem(err);
    for (size_t i = 0; i < n_alts && status == 0; i++) {
        cw_event_form form;
        char *alt = cw_arena_strndup(arena, alts[i], alt_n[i]);
        if (!alt) {
            status = cw_err_nomem(err);
            break;
        }
        if (strspn(alt, "ACGTNacgtn") < alt_n[i]) continue;
        if ((status = cw_normalise(arena, "", pos1 - 1, t->column[CW_VCF_REF], alt, NULL, NULL, &form, err)) < 0) break;
        for (size_t k = 0; k < r->n_window && status == 0; k++)
            if (r->window[k].beg == form.beg && !strcmp(r->window[k].ref, form.ref) && !strcmp(r->window[k].alt, form.alt))
                status = cw_err_set(err, CW_EFORMAT, "%s:%zu: the change %s:%lld %.40s>%.40s stood in line %zu already", t->path, t->line, t->column[CW_VCF_CHROM], (long long)pos1,
                               t->column[CW_VCF_REF], alt, r->window[k].line);
        if (status < 0 || (status = cw_grow((void **)&r->window, &r->window_cap, r->n_window + 1, sizeof *r->window, err)) < 0) break;
        cw_vcf_change *w = &r->window[r->n_window];
        *w = (cw_vcf_change){form.beg, strdup(form.ref), strdup(form.alt), t->line};
        r->n_window++;
        if (!w->ref || !w->alt) status = cw_err_nomem(err);
    }
    cw_arena_free(arena);
    return status;
}

int cw_vcf_order_check(cw_vcf_order *r, const cw_vcf_text *t, int64_t pos1, const char *const *alts, const size_t *alt_n, size_t n_alts, cw_err *err)
{
    int status = check_place(r, t, pos1, err);
    return status < 0 ? status : check_doubles(r, t, pos1, alts, alt_n, n_alts, err);
}

void cw_vcf_order_release(cw_vcf_order *r)
{
    empty_window(r, INT64_MAX);
    for (size_t i = 0; i < r->n_done; i++) free(r->done[i]);
    free(r->done);
    free(r->window);
    memset(r, 0, sizeof *r);
}
