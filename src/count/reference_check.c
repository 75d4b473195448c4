/* SPDX-License-Identifier: MIT */
/* reference_check.c - lengths and MD5 of the contigs that the sites touch: header of the alignment, FASTA, and the .dict beside it. */
#include "count/reference_check.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"
#include "io/sequence_dict.h"

/* What became of one contig. */
typedef enum outcome { NO_MD5, BY_DICT, BY_FASTA, NOT_COMPARED, OUTCOMES } outcome;

typedef struct contig {
    int tid;
    const char *name;      /* of the alignment */
    int64_t length;
    char md5[33];          /* of the header */
    outcome outcome;
    bool contradicted;     /* the .dict has another MD5 */
} contig;

typedef struct check {
    const cw_alignment *a;
    const cw_reference *reference;
    const cw_log *log;
    contig *contig; size_t n;
    cw_sequence_dict dict;
} check;

/* The contigs of the sites with their M5; those that have one wait as NOT_COMPARED. */
static int find_contigs(check *k, const cw_sites *sites, size_t *n_md5, cw_err *err)
{
    k->contig = calloc(sites->n ? sites->n : 1, sizeof *k->contig);
    if (!k->contig) return cw_err_nomem(err);
    for (size_t i = 0; i < sites->n; i++) {
        int tid = sites->site[i].tid;
        if (k->n && k->contig[k->n - 1].tid == tid) continue;
        contig *c = &k->contig[k->n++];
        *c = (contig){.tid = tid, .name = sam_hdr_tid2name(k->a->header, tid), .length = sam_hdr_tid2len(k->a->header, tid)};
        int64_t there = cw_reference_length(k->reference, c->name);
        if (there != c->length)
            return cw_err_set(err, CW_EREFUSED, "contig '%s' has %lld bases in '%s' and %lld in reference '%s': wrong reference", c->name, (long long)c->length,
                              k->a->path, (long long)there, k->reference->path);
        cw_err no_md5 = {0};
        int got = cw_header_md5(k->a->header, c->name, c->md5, &no_md5);
        if (got == CW_ENOMEM) return cw_err_nomem(err);
        if (got < 0) cw_log_say(k->log, CW_LOG_WARNING, "'%s': M5 of contig '%s': %s; nothing is compared there", k->a->path, c->name, no_md5.text);
        c->outcome = got == 1 ? NOT_COMPARED : NO_MD5;
        *n_md5 += got == 1;
    }
    return 0;
}

/* A .dict of other lengths is that of another FASTA. */
static bool dict_fits(const check *k)
{
    const cw_sequence_dict *d = &k->dict;
    if (!d->header) {
        if (d->path && *d->path) cw_log_say(k->log, CW_LOG_WARNING, "'%s' is not a sequence dictionary; it is not used", d->path);
        return false;
    }
    for (size_t i = 0; i < k->n; i++) {
        int64_t there = cw_sequence_dict_length(d, cw_reference_name(k->reference, k->contig[i].name));
        if (there < 0 || there == k->contig[i].length) continue;
        cw_log_say(k->log, CW_LOG_WARNING, "'%s' is not that of '%s': contig '%s' has %lld bases there and %lld in the FASTA; it is not used", d->path,
                   k->reference->path, k->contig[i].name, (long long)there, (long long)k->contig[i].length);
        return false;
    }
    if (d->older)
        cw_log_say(k->log, CW_LOG_WARNING, "'%s' is older than '%s'; make it again if the FASTA has changed since (samtools dict)", d->path, k->reference->path);
    return true;
}

static int compare_dict(check *k, cw_err *err)
{
    if (cw_sequence_dict_open(&k->dict, k->reference->path, err) < 0) return err->code;
    if (!dict_fits(k)) return 0;
    for (size_t i = 0; i < k->n; i++) {
        contig *c = &k->contig[i];
        char md5[33];
        cw_err unused = {0};
        int got = c->outcome == NOT_COMPARED ? cw_header_md5(k->dict.header, cw_reference_name(k->reference, c->name), md5, &unused) : 0;
        if (got == CW_ENOMEM) return cw_err_nomem(err);
        if (got != 1) continue;
        c->contradicted = strcmp(md5, c->md5) != 0;
        if (!c->contradicted) c->outcome = BY_DICT;
    }
    return 0;
}

static int compare_bases(check *k, contig *c, cw_err *err)
{
    char md5[33];
    if (cw_reference_md5(k->reference, c->name, md5, err) < 0) return err->code;
    if (strcmp(md5, c->md5))
        return cw_err_set(err, CW_EREFUSED, "contig '%s' has MD5 %s in the header of '%s' and %s in reference '%s': not the reference of these reads; give "
                          "that one, or --reference-md5 none when the difference is known to be harmless", c->name, c->md5, k->a->path, md5, k->reference->path);
    c->outcome = BY_FASTA;
    if (c->contradicted)
        cw_log_say(k->log, CW_LOG_WARNING, "'%s' has another MD5 for contig '%s' than the bases of '%s'; make it again (samtools dict)", k->dict.path, c->name,
                   k->reference->path);
    return 0;
}

static int by_length(const void *x, const void *y)
{
    const contig *const *a = x, *const *b = y;
    if ((*a)->length != (*b)->length) return (*a)->length < (*b)->length ? -1 : 1;
    return (*a)->tid - (*b)->tid;
}

/* What the .dict did not settle: contradictions always, the rest from the shortest contig on. */
static int compare_rest(check *k, cw_reference_md5_rule rule, cw_err *err)
{
    contig **rest = malloc((k->n ? k->n : 1) * sizeof *rest);
    if (!rest) return cw_err_nomem(err);
    size_t n = 0;
    int64_t bases = 0;
    int status = 0;
    for (size_t i = 0; i < k->n; i++)
        if (k->contig[i].outcome == NOT_COMPARED) rest[n++] = &k->contig[i];
    qsort(rest, n, sizeof *rest, by_length);
    for (size_t i = 0; i < n && status == 0; i++) {
        if (!rest[i]->contradicted) {
            if (rule == CW_REFERENCE_MD5_AUTO && bases + rest[i]->length > CW_REFERENCE_MD5_BASES) continue;
            bases += rest[i]->length;
        }
        status = compare_bases(k, rest[i], err);
    }
    free(rest);
    return status;
}

/* Names of the contigs with this outcome, in the header's order. */
static const char *list(const check *k, outcome what, struct cw_arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < k->n && text; i++)
        if (k->contig[i].outcome == what) text = cw_arena_printf(arena, "%s%s%s", text, *text ? "," : "", k->contig[i].name);
    return text;
}

static int note(const check *k, cw_tallies *t, cw_err *err)
{
    cw_reference_note *notes = cw_arena_alloc(t->arena, t->n_references + 1, sizeof *notes);
    if (!notes) return cw_err_nomem(err);
    if (t->n_references) memcpy(notes, t->reference, t->n_references * sizeof *notes);
    cw_reference_note *x = &notes[t->n_references];
    x->input = cw_arena_strdup(t->arena, cw_base_name(k->a->path));
    x->fasta = cw_arena_strdup(t->arena, cw_base_name(k->reference->path));
    x->md5_by_dict = list(k, BY_DICT, t->arena);
    x->md5_by_fasta = list(k, BY_FASTA, t->arena);
    x->md5_not_compared = list(k, NOT_COMPARED, t->arena);
    x->no_md5 = list(k, NO_MD5, t->arena);
    if (!x->input || !x->fasta || !x->md5_by_dict || !x->md5_by_fasta || !x->md5_not_compared || !x->no_md5) return cw_err_nomem(err);
    t->reference = notes;
    t->n_references++;
    return 0;
}

int cw_reference_check(const cw_alignment *a, const cw_reference *reference, const cw_sites *sites, cw_reference_md5_rule rule, cw_tallies *t,
                       const cw_log *log, cw_err *err)
{
    check k = {.a = a, .reference = reference, .log = log};
    size_t n_md5 = 0;
    int status = find_contigs(&k, sites, &n_md5, err);
    if (status == 0 && n_md5 && rule != CW_REFERENCE_MD5_NONE) {
        status = compare_dict(&k, err);
        if (status == 0) status = compare_rest(&k, rule, err);
    }
    if (status == 0) status = note(&k, t, err);
    cw_sequence_dict_close(&k.dict);
    free(k.contig);
    return status;
}
