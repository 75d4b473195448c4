/* SPDX-License-Identifier: MIT */
/* identity_all.c - the samples of several patients held against each other. */
#include "detect/identity.h"

#include <stdlib.h>
#include <string.h>

typedef struct meeting {
    const cw_identity_sample *sample; size_t n;
    const cw_snp *snp; size_t n_snps;
    cw_person_pair *pair; size_t n_pairs;
    cw_person *verdict;
    size_t *index;                /* room for the samples of one patient */
    cw_fingerprint *print;
    bool *is_normal;
    cw_person *own_verdict;
    cw_person_pair *own_pair;
} meeting;

/* The samples of one patient against each other. */
static void meet_within(meeting *m, const char *patient)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (strcmp(m->sample[i].patient, patient) || !m->sample[i].print.n) continue;
        m->index[n] = i;
        m->is_normal[n] = m->sample[i].is_normal;
        m->print[n++] = m->sample[i].print;
    }
    if (n < 2) return;
    cw_identity_set(m->print, m->is_normal, n, m->snp, m->n_snps, m->own_pair, m->own_verdict);
    for (size_t k = 0; k < n * (n - 1) / 2; k++) {
        cw_person_pair *p = &m->pair[m->n_pairs++];
        *p = m->own_pair[k];
        p->a = m->index[p->a];
        p->b = m->index[p->b];
    }
    for (size_t k = 0; k < n; k++) m->verdict[m->index[k]] = m->own_verdict[k];
}

/* The samples of different patients: of two patients that are one person both are in question. */
static void meet_across(meeting *m)
{
    for (size_t a = 0; a < m->n; a++)
        for (size_t b = a + 1; b < m->n; b++) {
            if (!strcmp(m->sample[a].patient, m->sample[b].patient) || !m->sample[a].print.n || !m->sample[b].print.n) continue;
            cw_person_pair *p = &m->pair[m->n_pairs++];
            *p = (cw_person_pair){.a = a, .b = b};
            cw_identity_pair(&m->sample[a].print, &m->sample[b].print, m->snp, m->n_snps, p);
            if (p->same == CW_PERSON_SAME) m->verdict[a] = m->verdict[b] = CW_PERSON_OTHER;
        }
}

int cw_identity_of_all(const cw_identity_sample *sample, size_t n, const cw_snp *snp, size_t n_snps, bool cross, cw_person_pair *pair, size_t *n_pairs, cw_person *verdict,
                       cw_err *err)
{
    meeting m = {.sample = sample, .n = n, .snp = snp, .n_snps = n_snps, .pair = pair, .verdict = verdict,
                 .index = calloc(n + 1, sizeof *m.index), .print = calloc(n + 1, sizeof *m.print), .is_normal = calloc(n + 1, sizeof *m.is_normal),
                 .own_verdict = calloc(n + 1, sizeof *m.own_verdict), .own_pair = calloc(n * n + 1, sizeof *m.own_pair)};
    int status = m.index && m.print && m.is_normal && m.own_verdict && m.own_pair ? 0 : cw_err_nomem(err);
    for (size_t i = 0; i < n && status == 0; i++) {
        bool first = true;
        for (size_t k = 0; k < i; k++) first &= strcmp(sample[k].patient, sample[i].patient) != 0;
        if (first) meet_within(&m, sample[i].patient);
    }
    if (cross && status == 0) meet_across(&m);
    *n_pairs = m.n_pairs;
    free(m.index), free(m.print), free(m.is_normal), free(m.own_verdict), free(m.own_pair);
    return status;
}
