/* SPDX-License-Identifier: MIT */
/* identity_flow.c - are all samples of a patient that patient's? */
#include "flow/identity_flow.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

cw_fingerprint cw_flow_fingerprint(const cw_calls *calls, const cw_panel *panel)
{
    if (!calls || !calls->n_snps || calls->n_snps != panel->n_snps) return (cw_fingerprint){0};
    return (cw_fingerprint){calls->snp_ref, calls->snp_alt, calls->snp_other, calls->n_snps};
}

/* The reason behind "SAMPLE=", or NULL. */
static const char *accepted(const char *sample, const char *const *accept, size_t n)
{
    size_t length = strlen(sample);
    for (size_t i = 0; i < n; i++)
        if (!strncmp(accept[i], sample, length) && accept[i][length] == '=') return accept[i] + length + 1;
    return NULL;
}

typedef struct set {
    const cw_draw_row **row;
    cw_fingerprint *print;
    bool *is_normal;
    cw_person_pair *pair;
    cw_person *verdict;
    size_t n;
} set;

static void set_free(set *s) { free(s->row), free(s->print), free(s->is_normal), free(s->pair), free(s->verdict); }

static int set_make(set *s, const cw_draw_row *const *row, const cw_calls *const *calls, size_t n, const cw_panel *panel, cw_err *err)
{
    s->row = calloc(n + 1, sizeof *s->row);
    s->print = calloc(n + 1, sizeof *s->print);
    s->is_normal = calloc(n + 1, sizeof *s->is_normal);
    s->pair = calloc(n * n + 1, sizeof *s->pair);
    s->verdict = calloc(n + 1, sizeof *s->verdict);
    if (!s->row || !s->print || !s->is_normal || !s->pair || !s->verdict) return cw_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        cw_fingerprint f = cw_flow_fingerprint(calls[i], panel);
        if (!f.n || *row[i]->exclude) continue;
        s->row[s->n] = row[i];
        s->is_normal[s->n] = row[i]->type == CW_DRAW_NORMAL;
        s->print[s->n++] = f;
    }
    return 0;
}

/* The pair that speaks loudest against sample i. */
static const cw_person_pair *against(const set *s, size_t i)
{
    const cw_person_pair *worst = NULL;
    for (size_t k = 0; k < s->n * (s->n - 1) / 2; k++)
        if ((s->pair[k].a == i || s->pair[k].b == i) && s->pair[k].same == CW_PERSON_OTHER && (!worst || s->pair[k].lod < worst->lod)) worst = &s->pair[k];
    return worst;
}

int cw_flow_identity(const cw_draw_row *const *row, const cw_calls *const *calls, size_t n, const cw_panel *panel, const char *const *accept, size_t n_accept, bool *blocked,
                     const cw_log *log, cw_err *err)
{
    set s = {0};
    int status = set_make(&s, row, calls, n, panel, err);
    *blocked = false;
    if (status == 0 && s.n > 1) cw_identity_set(s.print, s.is_normal, s.n, panel->snps, panel->n_snps, s.pair, s.verdict);
    for (size_t i = 0; i < s.n && s.n > 1 && status == 0; i++) {
        const cw_person_pair *pair = s.verdict[i] == CW_PERSON_OTHER ? against(&s, i) : NULL;
        if (!pair) continue;
        const char *sample = s.row[i]->sample, *other = s.row[pair->a == i ? pair->b : pair->a]->sample, *reason = accepted(sample, accept, n_accept);
        if (reason) {
            cw_log_say(log, CW_LOG_WARNING, "sample '%s' is another person than '%s' by its fingerprint (LOD %.1f over %zu SNPs), accepted: %s", sample, other, pair->lod, pair->snps, reason);
            continue;
        }
        *blocked = true;
        status = cw_err_set(err, CW_EREFUSED,
                            "sample '%s' is not the same person as '%s' (fingerprint LOD %.1f over %zu SNPs); the series is blocked: check the tubes, then exclude the draw in the sheet, or let "
                            "'clonewatch run' take it with --accept-identity '%s=REASON'",
                            sample, other, pair->lod, pair->snps, sample);
    }
    set_free(&s);
    return status;
}
