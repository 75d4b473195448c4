/* SPDX-License-Identifier: MIT */
/* site.c - panel loci made ready for counting. */
#include "count/site.h"

#include <stdlib.h>
#include <string.h>
#include <htslib/hts.h>
#include "base/mem.h"

static int find_contig(const sam_hdr_t *header, const cw_contig_map *map, const char *name)
{
    if (map)
        for (size_t i = 0; i < map->n; i++)
            if (!strcmp(map->panel[i], name)) return sam_hdr_name2tid((sam_hdr_t *)header, map->alignment[i]);
    return cw_header_contig(header, name);
}

static int encode(cw_sites *sites, const char *bases, size_t n, const uint8_t **codes, cw_err *err)
{
    uint8_t *c = cw_arena_alloc(sites->arena, n + 1, 1);
    if (!c) return cw_err_nomem(err);
    for (size_t i = 0; i < n; i++) c[i] = seq_nt16_table[(unsigned char)bases[i]];
    *codes = c;
    return 0;
}

/* Reference around [beg,end): from the FASTA, else only the locus's own REF bases. The FASTA must agree with REF. */
static int load_reference(cw_sites *sites, cw_site *s, const char *contig, const char *alignment_name, const char *ref, const cw_reference *reference,
                          cw_err *err)
{
    size_t n = strlen(ref);
    if (!reference) {
        s->ref_beg = s->beg;
        s->ref_end = s->beg + (int64_t)n;
        return encode(sites, ref, n, &s->ref, err);
    }
    s->ref_beg = s->beg - CW_FLANK_BP;
    s->ref_end = s->beg + (int64_t)n + CW_FLANK_BP;
    char *bases = NULL;
    if (cw_reference_fetch(reference, alignment_name, s->ref_beg, s->ref_end, &bases, err) < 0) return err ? err->code : CW_EIO;
    int status = 0;
    if (strncmp(bases + CW_FLANK_BP, ref, n)) {
        status = cw_err_set(err, CW_EREFUSED, "reference '%s' has '%.*s' at %s:%lld, the panel says '%.60s': wrong genome build or wrong reference",
                            reference->path, (int)(n < 60 ? n : 60), bases + CW_FLANK_BP, contig, (long long)s->beg + 1, ref);
    } else {
        status = encode(sites, bases, (size_t)(s->ref_end - s->ref_beg), &s->ref, err);
    }
    free(bases);
    return status;
}

/* Move a pure insertion or deletion as far left as the reference allows, and see how far right it could go. */
static void roll(const cw_site *s, cw_change *c, uint8_t *ins)
{
    if (c->del_len && c->ins_len) return;
    int32_t n = c->del_len + c->ins_len;
    for (;;) {
        uint8_t before = cw_site_ref(s, c->beg - 1), last = c->del_len ? cw_site_ref(s, c->end - 1) : ins[n - 1];
        if (before == CW_NT_N || before != last) break;
        if (c->ins_len) {
            memmove(ins + 1, ins, (size_t)n - 1);
            ins[0] = before;
        }
        c->beg--;
        c->end--;
    }
    for (;; c->shift++) {
        uint8_t after = cw_site_ref(s, c->end + c->shift);
        uint8_t first = c->del_len ? cw_site_ref(s, c->beg + c->shift) : c->shift < n ? ins[c->shift] : cw_site_ref(s, c->beg + c->shift - n);
        if (after == CW_NT_N || after != first) break;
    }
}

/* Bases from `skip` on to *r and *a differ; what ref and alt share lies around them. */
static size_t trim(const char *ref, const char *alt, size_t *r, size_t *a)
{
    size_t skip = 0;
    *r = strlen(ref);
    *a = strlen(alt);
    while (*r > 0 && *a > 0 && ref[*r - 1] == alt[*a - 1] && *r + *a > 1 && !(*r == 1 && *a == 1)) --*r, --*a;
    while (skip < *r && skip < *a && ref[skip] == alt[skip]) skip++;
    return skip;
}

static int make_change(cw_sites *sites, const cw_site *s, const char *ref, const char *alt, cw_change *c, cw_err *err)
{
    size_t r, a;
    const size_t skip = trim(ref, alt, &r, &a);
    const uint8_t *codes = NULL;
    if (encode(sites, alt + skip, a - skip, &codes, err) < 0) return CW_ENOMEM;
    *c = (cw_change){.beg = s->beg + (int64_t)skip, .end = s->beg + (int64_t)r, .ins = codes, .ins_len = (int32_t)(a - skip), .del_len = (int32_t)(r - skip)};
    c->substitution = c->ins_len == c->del_len;
    if (c->substitution) {
        c->left = c->beg - 1;
        c->right = c->end;
        c->decide = c->end - 1;
        return 0;
    }
    roll(s, c, (uint8_t *)codes);
    c->left = c->beg - 1;
    c->right = c->end + c->shift;
    c->decide = c->beg + c->shift + 1;
    return 0;
}

static bool overlap(const cw_change *a, const cw_change *b)
{
    /* Intervals of all placements; an insertion without room to move is a point between two bases. */
    int64_t ab = a->beg, ae = a->end + a->shift, bb = b->beg, be = b->end + b->shift;
    if (ab == ae && bb == be) return ab == bb;
    if (ab == ae) return bb < ab && ab < be;
    if (bb == be) return ab < bb && bb < ae;
    return ab < be && bb < ae;
}

static void set_spans(cw_site *s)
{
    s->seen_beg = INT64_MAX;
    s->seen_end = INT64_MIN;
    int64_t last_start = INT64_MIN;
    for (size_t i = 0; i < s->n_alt; i++) {
        const cw_change *c = &s->change[i];
        if (c->none) continue;
        const int64_t seen_beg = c->substitution ? c->beg : c->left, start = c->substitution ? c->end : c->right + 1;
        if (seen_beg < s->seen_beg) s->seen_beg = seen_beg;
        if (c->decide + 1 > s->seen_end) s->seen_end = c->decide + 1;
        if (start > last_start) last_start = start;
        if (!c->substitution || c->del_len != 1) s->clip_matters = true;
    }
    s->reach_beg = s->seen_beg;
    s->reach_end = s->seen_end > last_start ? s->seen_end : last_start;
    s->simple = !s->clip_matters && s->seen_end == s->seen_beg + 1; /* a record GG -> TG,GT has SNVs at two positions */
    if (!s->clip_matters) return;
    s->reach_beg -= CW_SLACK_BP;
    s->reach_end += CW_SLACK_BP;
}

bool cw_site_countable(const char *ref, const char *alt)
{
    size_t r, a;
    const size_t skip = trim(ref, alt, &r, &a);
    return r - skip <= CW_MAX_CHANGE_BP && a - skip <= CW_MAX_CHANGE_BP && *alt && alt[strspn(alt, "ACGT")] == '\0' && ref[strspn(ref, "ACGTN")] == '\0' &&
           strcmp(ref, alt);
}

static int add_site(cw_sites *sites, cw_site *s, const char *contig, const char *ref, const char *const *alts, size_t n_alt, const sam_hdr_t *header,
                    const cw_reference *reference, cw_err *err)
{
    if (s->end > sam_hdr_tid2len(header, s->tid))
        return cw_err_set(err, CW_EREFUSED, "%s:%lld lies past the end of contig '%s' in the alignment (%lld bases): wrong genome build", contig,
                          (long long)s->beg + 1, sam_hdr_tid2name(header, s->tid), (long long)sam_hdr_tid2len(header, s->tid));
    if (load_reference(sites, s, contig, sam_hdr_tid2name(header, s->tid), ref, reference, err) < 0) return CW_EREFUSED;
    size_t countables = 0;
    s->n_alt = n_alt;
    if (!(s->change = cw_arena_alloc(sites->arena, n_alt, sizeof *s->change))) return cw_err_nomem(err);
    for (size_t i = 0; i < n_alt; i++) {
        if (!cw_site_countable(ref, alts[i])) {
            s->change[i].none = true;
            sites->n_uncountable++;
            continue;
        }
        countables++;
        if (make_change(sites, s, ref, alts[i], &s->change[i], err) < 0) return CW_ENOMEM;
        sites->n_of_length += !s->change[i].substitution;
    }
    if (countables) set_spans(s);
    else sites->n--; /* nothing to look for here */
    return 0;
}

static int add_loci(cw_sites *sites, const cw_panel *panel, const sam_hdr_t *header, const cw_contig_map *map, const cw_reference *reference, cw_err *err)
{
    const char **alts = NULL;
    size_t cap = 0;
    int status = 0;
    for (size_t i = 0; i < panel->n_loci && status == 0; i++) {
        const cw_locus *l = &panel->loci[i];
        int tid = find_contig(header, map, l->contig);
        if (tid < 0) {
            sites->n_absent++;
            continue;
        }
        if ((status = cw_grow((void **)&alts, &cap, l->n, sizeof *alts, err)) < 0) break;
        for (size_t k = 0; k < l->n; k++) alts[k] = panel->alleles[panel->by_locus[l->first + k]].alt;
        cw_site *s = &sites->site[sites->n++];
        *s = (cw_site){.locus = i, .tid = tid, .beg = l->beg, .end = l->beg + (int64_t)strlen(l->ref)};
        status = add_site(sites, s, l->contig, l->ref, alts, l->n, header, reference, err);
    }
    free(alts);
    return status;
}

static int add_snps(cw_sites *sites, const cw_panel *panel, const sam_hdr_t *header, const cw_contig_map *map, const cw_reference *reference, cw_err *err)
{
    for (size_t i = 0; i < panel->n_snps; i++) {
        const cw_snp *p = &panel->snps[i];
        int tid = find_contig(header, map, p->contig);
        if (tid < 0) continue;
        char ref[2] = {p->ref, 0}, alt[2] = {p->alt, 0};
        const char *alts[1] = {alt};
        cw_site *s = &sites->site[sites->n++];
        *s = (cw_site){.locus = i, .is_snp = true, .tid = tid, .beg = p->pos, .end = p->pos + 1};
        if (add_site(sites, s, p->contig, ref, alts, 1, header, reference, err) < 0) return err ? err->code : CW_EREFUSED;
    }
    return 0;
}

static int by_reach(const void *pa, const void *pb)
{
    const cw_site *a = pa, *b = pb;
    if (a->tid != b->tid) return a->tid < b->tid ? -1 : 1;
    if (a->reach_beg != b->reach_beg) return a->reach_beg < b->reach_beg ? -1 : 1;
    if (a->is_snp != b->is_snp) return a->is_snp ? 1 : -1;
    return a->locus < b->locus ? -1 : a->locus > b->locus;
}

static int find_rivals(cw_sites *sites, cw_site *s, size_t from, size_t to, cw_err *err)
{
    for (int pass = 0; pass < 2; pass++) {
        size_t n = 0;
        for (size_t j = from; j < to; j++) {
            const cw_site *o = &sites->site[j];
            if (o == s || o->is_snp || s->is_snp) continue;
            for (size_t k = 0; k < o->n_alt; k++) {
                bool meets = false;
                for (size_t i = 0; i < s->n_alt && !meets; i++)
                    meets = !s->change[i].none && !o->change[k].none && overlap(&s->change[i], &o->change[k]);
                if (!meets) continue;
                if (pass) s->rival[n] = &o->change[k];
                n++;
            }
        }
        s->n_rival = n;
        if (!n) return 0;
        if (!pass && !(s->rival = cw_arena_alloc(sites->arena, n, sizeof *s->rival))) return cw_err_nomem(err);
    }
    s->simple = false;
    return 0;
}

/* Sites are sorted by reach, not by place; the widest reach bounds how far apart neighbours can stand. */
static void find_neighbours(cw_sites *sites, int64_t widest)
{
    for (size_t i = 0; i < sites->n; i++) {
        cw_site *s = &sites->site[i];
        for (size_t j = i + 1; j < sites->n && sites->site[j].tid == s->tid && sites->site[j].reach_beg <= s->reach_beg + widest + CW_PHASE_BP; j++) {
            cw_site *o = &sites->site[j];
            if (s->is_snp || o->is_snp || !cw_sites_phased(s, o)) continue;
            s->has_neighbour = o->has_neighbour = true;
            if (o->has_neighbour && j > i + 64) break; /* dense panels: the rest is found from nearer loci */
        }
    }
}

/* Reference around the locus with N where any locus of the panel stands, so that what the panel looks for is not taken for noise. */
static int make_quiet(cw_sites *sites, size_t i, int64_t widest, cw_err *err)
{
    cw_site *s = &sites->site[i];
    s->noise_beg = s->beg - CW_NOISE_BP;
    int64_t n = s->end + CW_NOISE_BP - s->noise_beg;
    uint8_t *q = cw_arena_alloc(sites->arena, (size_t)n, 1);
    if (!q) return cw_err_nomem(err);
    for (int64_t k = 0; k < n; k++) q[k] = cw_site_ref(s, s->noise_beg + k);
    for (int step = -1; step <= 1; step += 2)
        for (size_t j = i; j < sites->n && sites->site[j].tid == s->tid; j += (size_t)step) {
            const cw_site *o = &sites->site[j];
            if (step > 0 ? o->reach_beg >= s->noise_beg + n : o->reach_beg + widest <= s->noise_beg) break;
            for (int64_t p = o->seen_beg < s->noise_beg ? s->noise_beg : o->seen_beg; p < o->seen_end && p < s->noise_beg + n; p++)
                q[p - s->noise_beg] = CW_NT_N;
        }
    s->quiet = q;
    return 0;
}

static void fill_table(cw_site *s)
{
    for (int b = 0; b < 16; b++) s->base_class[b] = b == 1 || b == 2 || b == 4 || b == 8 ? CW_VOTE_OTHER : CW_VOTE_LOW_QUALITY; /* N, "=", several bases */
    s->base_class[cw_site_ref(s, s->seen_beg)] = 0;
    for (size_t i = 0; i < s->n_alt; i++)
        if (!s->change[i].none) s->base_class[s->change[i].ins[0]] = (uint16_t)(i + 1);
}

int cw_sites_make(cw_sites *sites, const cw_panel *panel, const sam_hdr_t *header, const cw_contig_map *map, const cw_reference *reference, cw_err *err)
{
    memset(sites, 0, sizeof *sites);
    sites->has_reference = reference != NULL;
    if (!(sites->arena = cw_arena_new())) return cw_err_nomem(err);
    if (!(sites->site = cw_arena_alloc(sites->arena, panel->n_loci + panel->n_snps, sizeof *sites->site))) return cw_err_nomem(err);
    if (add_loci(sites, panel, header, map, reference, err) < 0 || add_snps(sites, panel, header, map, reference, err) < 0)
        return err ? err->code : CW_EREFUSED;
    qsort(sites->site, sites->n, sizeof *sites->site, by_reach);
    int64_t widest = 0;
    for (size_t i = 0; i < sites->n; i++)
        if (sites->site[i].reach_end - sites->site[i].reach_beg > widest) widest = sites->site[i].reach_end - sites->site[i].reach_beg;
    for (size_t i = 0, from = 0, to = 0; i < sites->n; i++) {
        cw_site *s = &sites->site[i];
        while (sites->site[from].tid != s->tid || sites->site[from].reach_beg + widest < s->reach_beg) from++;
        if (to < i) to = i;
        while (to < sites->n && sites->site[to].tid == s->tid && sites->site[to].reach_beg <= s->reach_end) to++;
        if (find_rivals(sites, s, from, to, err) < 0) return CW_ENOMEM;
        if (s->simple) fill_table(s);
        if (reference && make_quiet(sites, i, widest, err) < 0) return CW_ENOMEM;
    }
    find_neighbours(sites, widest);
    return 0;
}

void cw_sites_release(cw_sites *sites)
{
    if (!sites) return;
    cw_arena_free(sites->arena);
    memset(sites, 0, sizeof *sites);
}
