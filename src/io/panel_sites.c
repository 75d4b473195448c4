/* SPDX-License-Identifier: MIT */
/* panel_sites.c - alleles from outside the knowledge: any VCF of sites, and a patient's own list from tumour tissue. */
#include "io/panel_io.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <htslib/hts.h>
#include <htslib/vcf.h>
#include "base/digest.h"
#include "base/mem.h"
#include "base/parse.h"
#include "base/table.h"
#include "record/contigs.h"
#include "record/spelling.h"

/* One allele read from outside, before it is known whether the panel holds it. */
typedef cw_site site;

static void upper(char *s)
{
    for (; *s; s++)
        if (*s >= 'a' && *s <= 'z') *s = (char)(*s - 'a' + 'A');
}

static int add_site(cw_arena *arena, cw_site_list *list, site s, cw_err *err)
{
    char *ref = cw_arena_strdup(arena, s.ref), *alt = cw_arena_strdup(arena, s.alt);
    s.contig = cw_arena_strdup(arena, s.contig);
    s.phase_group = cw_arena_strdup(arena, s.phase_group);
    s.gene = cw_arena_strdup(arena, s.gene);
    s.hgvsp = cw_arena_strdup(arena, s.hgvsp);
    if (!ref || !alt || !s.contig || !s.phase_group || !s.gene || !s.hgvsp) return cw_err_nomem(err);
    upper(ref);
    upper(alt);
    s.ref = ref;
    s.alt = alt;
    if (cw_grow((void **)&list->v, &list->cap, list->n + 1, sizeof *list->v, err) < 0) return CW_ENOMEM;
    list->v[list->n++] = s;
    return 0;
}

/* The change without bases that REF and ALT share, one anchor base kept in front of pure indels: two tools write the same
 * deletion with more or fewer bases around it. Without the reference nothing is moved to the left. */
static void trim(site *s)
{
    size_t r = strlen(s->ref), a = strlen(s->alt);
    while (r > 1 && a > 1 && s->ref[r - 1] == s->alt[a - 1]) r--, a--;
    while (r > 1 && a > 1 && s->ref[0] == s->alt[0]) s->ref++, s->alt++, s->pos1++, r--, a--;
    ((char *)s->ref)[r] = '\0';
    ((char *)s->alt)[a] = '\0';
}

/* INFO text of a record; "" when absent. PS/phase groups of tracked lists come as INFO/PHASE_GROUP. */
static const char *info_text(const bcf_hdr_t *h, bcf1_t *b, const char *tag, char **buffer, int *size)
{
    int n = bcf_get_info_string(h, b, tag, buffer, size);
    return n > 0 && strcmp(*buffer, ".") ? *buffer : "";
}

static int cannot_open(const char *path, cw_err *err)
{
    return errno == ENOEXEC ? cw_err_set(err, CW_EFORMAT, "'%s' is not a VCF or BCF file", path) : cw_err_set(err, CW_EIO, "cannot open '%s': %s", path, strerror(errno));
}

/* Contigs and tags that the header does not declare are common, and harm nothing here. A POS that is no number reaches us as 0, a line without REF without alleles. */
static bool is_whole(bcf1_t *b)
{
    return !(b->errcode & ~(BCF_ERR_CTG_UNDEF | BCF_ERR_TAG_UNDEF)) && bcf_unpack(b, BCF_UN_INFO) == 0 && b->pos >= 0 && b->n_allele > 0;
}

/* The build by the contig lengths of the header; unknown when it gives none, or those of both. */
static cw_build build_of(const bcf_hdr_t *h)
{
    bool is[3] = {false, false, false};
    for (size_t i = 0; i < CW_N_CONTIGS; i++) {
        if (cw_contig_length(CW_BUILD_GRCH37, i) == cw_contig_length(CW_BUILD_GRCH38, i)) continue; /* MT */
        for (int chr = 0; chr < 2; chr++) {
            char name[16];
            snprintf(name, sizeof name, "%s%s", chr ? "chr" : "", cw_contig_name(i));
            const int id = bcf_hdr_id2int(h, BCF_DT_CTG, name);
            const int64_t length = id < 0 || !h->id[BCF_DT_CTG][id].val ? 0 : (int64_t)h->id[BCF_DT_CTG][id].val->info[0];
            if (length == 0) continue;
            is[length == cw_contig_length(CW_BUILD_GRCH37, i) ? 1 : length == cw_contig_length(CW_BUILD_GRCH38, i) ? 2 : 0] = true;
        }
    }
    return is[0] || is[1] == is[2] ? CW_BUILD_UNKNOWN : is[1] ? CW_BUILD_GRCH37 : CW_BUILD_GRCH38;
}

static int read_vcf(cw_arena *arena, const char *path, cw_site_list *list, cw_err *err)
{
    htsFile *f = hts_open(path, "r");
    bcf_hdr_t *h = f ? bcf_hdr_read(f) : NULL;
    bcf1_t *b = bcf_init();
    char *buffer[3] = {NULL, NULL, NULL};
    int size[3] = {0, 0, 0}, status = 0, got = 0;
    size_t n = 0;
    if (!f) status = cannot_open(path, err);
    else if (!h || !b) status = cw_err_set(err, CW_EFORMAT, "'%s' is not a VCF or BCF file", path);
    else list->build = build_of(h);
    errno = 0;
    for (; status == 0 && (got = bcf_read(f, h, b)) == 0; n++) {
        if (!is_whole(b)) {
            status = cw_err_set(err, CW_EFORMAT, "'%s': a record near %s:%lld cannot be read: it needs CHROM, POS from 1 on, REF and ALT", path, bcf_seqname_safe(h, b),
                                (long long)b->pos + 1);
            break;
        }
        for (int i = 1; i < b->n_allele && status == 0; i++) {
            site s = {.contig = bcf_seqname_safe(h, b), .ref = b->d.allele[0], .alt = b->d.allele[i], .pos1 = (int64_t)b->pos + 1,
                      .phase_group = info_text(h, b, "PHASE_GROUP", &buffer[0], &size[0]), .gene = info_text(h, b, "GENE", &buffer[1], &size[1]),
                      .hgvsp = info_text(h, b, "HGVSP", &buffer[2], &size[2])};
            if (!strcmp(s.alt, "*") || !strcmp(s.alt, ".") || *s.alt == '<' || strpbrk(s.alt, "[]")) { /* no bases to count */
                list->n_symbolic++;
                continue;
            }
            if (add_site(arena, list, s, err) < 0) status = CW_ENOMEM;
            else if (!cw_are_bases(list->v[list->n - 1].ref) || !cw_are_bases(list->v[list->n - 1].alt))
                status = cw_err_set(err, CW_EFORMAT, "'%s': %s:%lld: alleles '%s' and '%s' must be bases A C G T", path, s.contig, (long long)s.pos1,
                                    list->v[list->n - 1].ref, list->v[list->n - 1].alt);
        }
    }
    /* a line that memory was too short for looks like the end to htslib */
    if (status == 0 && got == -1 && errno == ENOMEM) status = cw_err_nomem(err);
    if (status == 0 && got < -1) status = cw_err_set(err, CW_EFORMAT, "'%s': record %zu cannot be read: cut short or damaged", path, n + 1);
    for (int i = 0; i < 3; i++) free(buffer[i]);
    if (b) bcf_destroy(b);
    if (h) bcf_hdr_destroy(h);
    if (f && hts_close(f) < 0 && status == 0) status = cw_err_set(err, CW_EIO, "cannot read '%s' to its end", path);
    return status;
}

static int read_tsv(cw_arena *arena, const char *path, cw_site_list *list, cw_err *err)
{
    cw_table t = {0};
    int status = cw_table_read(&t, path, err), chrom = -1, pos = -1, ref = -1, alt = -1;
    if (status >= 0 && ((chrom = cw_table_require(&t, "chrom", err)) < 0 || (pos = cw_table_require(&t, "pos", err)) < 0 ||
                        (ref = cw_table_require(&t, "ref", err)) < 0 || (alt = cw_table_require(&t, "alt", err)) < 0))
        status = CW_EFORMAT;
    for (size_t r = 0; status >= 0 && r < t.n_rows; r++) {
        site s = {.contig = cw_table_cell(&t, r, chrom), .ref = cw_table_cell(&t, r, ref), .alt = cw_table_cell(&t, r, alt),
                  .phase_group = cw_table_cell(&t, r, cw_table_column(&t, "phase_group")), .gene = cw_table_cell(&t, r, cw_table_column(&t, "gene")),
                  .hgvsp = cw_table_cell(&t, r, cw_table_column(&t, "hgvsp"))};
        if (!cw_parse_i64(cw_table_cell(&t, r, pos), &s.pos1) || s.pos1 < 1 || s.pos1 > INT32_MAX) {
            status = cw_err_set(err, CW_EFORMAT, "%s:%zu: '%s' is not a position", path, t.line[r], cw_table_cell(&t, r, pos));
        } else if ((status = add_site(arena, list, s, err)) == 0) {
            site *last = &list->v[list->n - 1];
            if (!*s.contig || !cw_are_bases(last->ref) || !cw_are_bases(last->alt) || !strcmp(last->ref, last->alt))
                status = cw_err_set(err, CW_EFORMAT, "%s:%zu: '%s>%s' needs a contig and two different alleles of bases A C G T", path, t.line[r], s.ref, s.alt);
        }
    }
    cw_table_release(&t);
    return status < 0 ? status : 0;
}

static int allele_of(cw_arena *arena, const site *s, cw_role role, cw_allele *x, cw_err *err)
{
    *x = (cw_allele){.gene = s->gene, .hgvsp = s->hgvsp, .hgvsc = "", .transcript = "", .mechanism = "", .node = "", .tumours = "", .aliases = "",
                     .phase_group = s->phase_group, .type = cw_allele_type_of(s->ref, s->alt), .role = role, .has_locus = true, .contig = s->contig,
                     .beg = s->pos1 - 1, .end = s->pos1 - 1 + (int64_t)strlen(s->ref), .ref = s->ref, .alt = s->alt};
    x->cwid = cw_arena_printf(arena, "%s:%lld:%s:%s", s->contig, (long long)s->pos1, s->ref, s->alt);
    return x->cwid ? 0 : cw_err_nomem(err);
}

/* An allele of the panel with the same change, whether contigs are named with or without chr. */
static cw_allele *find_change(cw_panel *panel, const site *s)
{
    for (size_t i = 0; i < panel->n_alleles; i++) {
        cw_allele *a = &panel->alleles[i];
        if (a->has_locus && a->beg == s->pos1 - 1 && !strcmp(cw_plain_contig(a->contig), cw_plain_contig(s->contig)) && !strcmp(a->ref, s->ref) && !strcmp(a->alt, s->alt))
            return a;
    }
    return NULL;
}

static int by_change(const void *pa, const void *pb)
{
    const site *a = pa, *b = pb;
    int c = strcmp(a->contig, b->contig);
    if (c) return c;
    if (a->pos1 != b->pos1) return a->pos1 < b->pos1 ? -1 : 1;
    return (c = strcmp(a->ref, b->ref)) ? c : strcmp(a->alt, b->alt);
}

/* Sites keep the form in which they are given, so that the output has the same records as the input. */
int cw_panel_from_vcf(cw_panel *panel, const char *path, cw_err *err)
{
    cw_site_list list = {0};
    *panel = (cw_panel){.name = "sites", .version = "", .knowledge_version = "", .dir = ""};
    if (!(panel->arena = cw_arena_new())) return cw_err_nomem(err);
    int status = read_vcf(panel->arena, path, &list, err);
    if (status == 0 && list.n == 0) status = cw_err_set(err, CW_EFORMAT, "'%s' holds no site with bases to count", path);
    if (status == 0 && !(panel->alleles = cw_arena_alloc(panel->arena, list.n, sizeof *panel->alleles))) status = cw_err_nomem(err);
    if (status == 0) qsort(list.v, list.n, sizeof *list.v, by_change);
    for (size_t i = 0; status == 0 && i < list.n; i++)
        if (i == 0 || by_change(&list.v[i - 1], &list.v[i]) != 0) /* a site that is listed twice is counted once */
            status = allele_of(panel->arena, &list.v[i], CW_ROLE_NONE, &panel->alleles[panel->n_alleles++], err);
    panel->build = list.build;
    panel->n_symbolic = list.n_symbolic;
    if (status == 0) status = cw_panel_index(panel, err);
    free(list.v);
    if (status < 0) cw_panel_release(panel);
    return status;
}

/* VCF and BCF by their first bytes; anything else is a table. */
static int looks_like_vcf(const char *path, bool *yes, cw_err *err)
{
    htsFile *f = hts_open(path, "r");
    if (!f) return cannot_open(path, err);
    enum htsExactFormat format = hts_get_format(f)->format;
    *yes = format == vcf || format == bcf;
    hts_close(f);
    return 0;
}

int cw_sites_read(cw_arena *arena, const char *path, cw_site_list *list, cw_err *err)
{
    bool is_vcf = false;
    *list = (cw_site_list){0};
    int status = looks_like_vcf(path, &is_vcf, err);
    if (status == 0) status = is_vcf ? read_vcf(arena, path, list, err) : read_tsv(arena, path, list, err);
    if (status < 0) {
        free(list->v);
        *list = (cw_site_list){0};
    }
    for (size_t i = 0; i < list->n; i++) trim(&list->v[i]);
    return status;
}

int cw_panel_add_tracked(cw_panel *panel, const char *path, cw_err *err)
{
    cw_site_list list = {0};
    bool is_vcf = false;
    int status = looks_like_vcf(path, &is_vcf, err);
    if (status == 0) status = is_vcf ? read_vcf(panel->arena, path, &list, err) : read_tsv(panel->arena, path, &list, err);
    if (status == 0 && list.n == 0) status = cw_err_set(err, CW_EFORMAT, "'%s' holds no allele to follow", path);
    if (status == 0 && list.build != CW_BUILD_UNKNOWN && panel->build != CW_BUILD_UNKNOWN && list.build != panel->build)
        status = cw_err_set(err, CW_EREFUSED, "'%s' is on %s by the contig lengths of its header, the draw on %s; lift the list over first", path,
                            cw_build_name(list.build), cw_build_name(panel->build));
    panel->n_symbolic += list.n_symbolic;
    cw_allele *all = status == 0 ? cw_arena_alloc(panel->arena, panel->n_alleles + list.n, sizeof *all) : NULL;
    if (status == 0 && !all) status = cw_err_nomem(err);
    if (status == 0) {
        if (panel->n_alleles) memcpy(all, panel->alleles, panel->n_alleles * sizeof *all);
        panel->alleles = all;
    }
    for (size_t i = 0; status == 0 && i < list.n; i++) {
        trim(&list.v[i]);
        cw_allele *there = find_change(panel, &list.v[i]);
        if (there) there->phase_group = list.v[i].phase_group;
        else {
            list.v[i].contig = cw_plain_contig(list.v[i].contig); /* as in the panel */
            status = allele_of(panel->arena, &list.v[i], CW_ROLE_TRACKER, &panel->alleles[panel->n_alleles++], err);
        }
    }
    if (status == 0) status = cw_panel_index(panel, err);
    free(list.v);
    return status;
}
