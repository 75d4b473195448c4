/* SPDX-License-Identifier: MIT */
/* count.c - conf, the builds of alignments, and one sample's tallies: opens each file, sweeps it, adds up. */
#include "count/count.h"

#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/table.h"
#include "count/plausible.h"
#include "count/reference_check.h"
#include "count/sweep.h"
#include "io/alignment.h"
#include "io/reference.h"

void cw_count_conf_default(cw_count_conf *conf)
{
    *conf = (cw_count_conf){.min_mapq = 20, .min_baseq = 20, .mates = CW_MATES_STRICT, .consensus = CW_CONS_AUTO, .threads = 1, .checksum = true};
}

int cw_count_conf_check(const cw_count_conf *conf, cw_err *err)
{
    if (conf->min_mapq < 0 || conf->min_mapq > 255)
        return cw_err_set(err, CW_EUSAGE, "the least mapping quality must be from 0 to 255, not %d", conf->min_mapq);
    if (conf->min_baseq < 0 || conf->min_baseq > 93)
        return cw_err_set(err, CW_EUSAGE, "the least base quality must be from 0 to 93, not %d", conf->min_baseq);
    if (conf->threads < 1) return cw_err_set(err, CW_EUSAGE, "the number of threads must be at least 1, not %d", conf->threads);
    return 0;
}

static cw_alignment_conf door_conf(const cw_count_conf *conf)
{
    return (cw_alignment_conf){.threads = conf->threads, .reference = conf->reference, .index = conf->index,
                               .allow_stale_index = conf->allow_stale_index, .allow_remote = conf->allow_remote, .no_index = conf->no_index};
}

int cw_alignment_build(const char *path, cw_count_conf *conf, cw_build *build, cw_err *err)
{
    *build = CW_BUILD_UNKNOWN;
    cw_alignment a = {0}, *kept = NULL;
    cw_alignment_conf door = door_conf(conf);
    if (!strcmp(path, "-")) { /* cannot be opened twice */
        if (!conf->stream && !(conf->stream = calloc(1, sizeof *conf->stream))) return cw_err_nomem(err);
        kept = conf->stream;
    } else {
        door.threads = 1;
        door.no_index = true;
    }
    cw_alignment *open = kept ? kept : &a;
    int status = open->file ? 0 : cw_alignment_open(open, path, &door, err);
    if (status == 0) *build = cw_header_build(open->header);
    cw_alignment_close(&a);
    return status;
}

void cw_count_stream_close(cw_count_conf *conf)
{
    if (!conf->stream) return;
    cw_alignment_close(conf->stream);
    free(conf->stream);
    conf->stream = NULL;
}

static int read_contig_map(cw_contig_map *map, cw_table *table, const char *path, cw_err *err)
{
    if (cw_table_read(table, path, err) < 0) return err->code;
    int from = cw_table_require(table, "panel", err), to = cw_table_require(table, "alignment", err);
    if (from < 0 || to < 0) return err->code;
    map->panel = cw_arena_alloc(table->arena, table->n_rows, sizeof *map->panel);
    map->alignment = cw_arena_alloc(table->arena, table->n_rows, sizeof *map->alignment);
    if (!map->panel || !map->alignment) return cw_err_nomem(err);
    for (size_t i = 0; i < table->n_rows; i++) {
        map->panel[i] = cw_table_cell(table, i, from);
        map->alignment[i] = cw_table_cell(table, i, to);
    }
    map->n = table->n_rows;
    return 0;
}

static int make_tallies(cw_tallies *t, const cw_panel *panel, cw_err *err)
{
    if (!(t->arena = cw_arena_new())) return cw_err_nomem(err);
    t->n = panel->n_loci;
    t->n_snps = panel->n_snps;
    t->tally = cw_arena_alloc(t->arena, t->n, sizeof *t->tally);
    t->snp_ref = cw_arena_alloc(t->arena, t->n_snps, sizeof *t->snp_ref);
    t->snp_alt = cw_arena_alloc(t->arena, t->n_snps, sizeof *t->snp_alt);
    t->snp_other = cw_arena_alloc(t->arena, t->n_snps, sizeof *t->snp_other);
    if (!t->tally || !t->snp_ref || !t->snp_alt || !t->snp_other) return cw_err_nomem(err);
    for (size_t i = 0; i < t->n; i++) {
        cw_tally *x = &t->tally[i];
        x->n_alt = panel->loci[i].n;
        int64_t *cells = cw_arena_alloc(t->arena, 5 * (1 + x->n_alt), sizeof *cells);
        if (!cells) return cw_err_nomem(err);
        x->count = cells;
        x->forward = cells + (1 + x->n_alt);
        x->reverse = cells + 2 * (1 + x->n_alt);
        x->duplex = cells + 3 * (1 + x->n_alt);
        x->near_end = cells + 4 * (1 + x->n_alt);
        for (size_t k = 0; k < x->n_alt; k++) {
            if (cw_site_countable(panel->loci[i].ref, panel->alleles[panel->by_locus[panel->loci[i].first + k]].alt)) continue;
            if (!x->uncounted && !(x->uncounted = cw_arena_alloc(t->arena, x->n_alt, sizeof *x->uncounted))) return cw_err_nomem(err);
            x->uncounted[k] = true;
        }
    }
    return 0;
}

/* The header must be that of the panel's build, where it tells. */
static int check_build(const cw_alignment *a, const cw_panel *panel, cw_build *found, cw_err *err)
{
    *found = cw_header_build(a->header);
    if (panel->build == CW_BUILD_UNKNOWN) return 0;
    if (*found == CW_BUILD_UNKNOWN) {
        *found = panel->build;
        return 0;
    }
    if (*found != panel->build)
        return cw_err_set(err, CW_EREFUSED, "'%s' is aligned to %s by its contig lengths, the loci are on %s; give the list, or name the build (--build), that is right", a->path,
                          cw_build_name(*found), cw_build_name(panel->build));
    return 0;
}

static int say_what_is_left_out(const cw_alignment *a, const cw_panel *panel, const cw_sites *sites, const cw_count_conf *conf, const cw_log *log, cw_err *err)
{
    if (sites->n_uncountable)
        cw_log_say(log, CW_LOG_WARNING, "%zu allele(s) are longer than %d bases, the same as REF or not written in A C G T: they cannot be counted by their bases",
                   sites->n_uncountable, CW_MAX_CHANGE_BP);
    if (panel->n_symbolic)
        cw_log_say(log, CW_LOG_WARNING, "%zu allele(s) of the list are symbolic ('<DEL>', '*', a breakend): they cannot be counted by their bases and are left out", panel->n_symbolic);
    if (sites->n_of_length && !sites->has_reference)
        cw_log_say(log, CW_LOG_WARNING, "no reference (-f) for %zu insertions and deletions: carriers that are clipped, or whose gap the aligner put at another of its equivalent places, stay uninformative",
                   sites->n_of_length);
    if (!sites->n_absent) return 0;
    const char *name = sam_hdr_nref(a->header) > 0 ? sam_hdr_tid2name(a->header, 0) : "(none)";
    const char *wanted = panel->n_loci ? panel->loci[0].contig : "";
    if (sites->n == 0 || conf->strict)
        return cw_err_set(err, CW_EREFUSED, "%zu of %zu loci lie on contigs that '%s' does not have (the panel says '%s', the file '%s'); give a table of names (--contig-map)",
                          sites->n_absent, panel->n_loci, a->path, wanted, name);
    cw_log_say(log, CW_LOG_WARNING, "%zu of %zu loci lie on contigs that '%s' does not have; nothing is counted there", sites->n_absent, panel->n_loci, a->path);
    return 0;
}

static int note_input(cw_tallies *t, const cw_alignment *a, size_t file, const cw_count_conf *conf, cw_err *err)
{
    const char *name = cw_base_name(a->path), *sample = conf->sample ? conf->sample : a->sample;
    char hex[65] = "";
    if (conf->checksum && strcmp(a->path, "-") && cw_sha256_file(a->path, hex, err) < 0) return err->code;
    if (file == 0) {
        t->sample = cw_arena_strdup(t->arena, sample);
        t->input_name = cw_arena_strdup(t->arena, name);
        t->input_sha256 = cw_arena_strdup(t->arena, hex);
    } else {
        if (strcmp(t->sample, sample))
            return cw_err_set(err, CW_EREFUSED, "'%s' is of sample '%s', the file before it of '%s': they are not one draw (if they are, name it: --sample)", a->path, sample, t->sample);
        t->input_name = cw_arena_printf(t->arena, "%s,%s", t->input_name, name);
        t->input_sha256 = *hex ? cw_arena_printf(t->arena, "%s,%s", t->input_sha256, hex) : t->input_sha256;
    }
    return t->sample && t->input_name && t->input_sha256 ? 0 : cw_err_nomem(err);
}

/* Everything that one file needs, released together. */
typedef struct job {
    const cw_panel *panel;
    const cw_count_conf *conf;
    const cw_contig_map *map;
    const cw_reference *reference;
    const cw_log *log;
} job;

static int count_file(const job *j, const char *path, size_t file, cw_sweep *sweep, cw_tallies *t, cw_err *err)
{
    cw_alignment a = {0};
    cw_sites sites = {0};
    cw_alignment_conf door = door_conf(j->conf);
    int status;
    if (!strcmp(path, "-") && j->conf->stream && j->conf->stream->file) {
        a = *j->conf->stream; /* taken over */
        memset(j->conf->stream, 0, sizeof *j->conf->stream);
    } else if ((status = cw_alignment_open(&a, path, &door, err)) < 0) {
        goto done;
    }
    if (a.stale_index) cw_log_say(j->log, CW_LOG_WARNING, "the index of '%s' is older than the file", path);
    if ((status = check_build(&a, j->panel, &t->build, err)) < 0) goto done;
    if ((status = note_input(t, &a, file, j->conf, err)) < 0) goto done;
    if ((status = cw_sites_make(&sites, j->panel, a.header, j->map, j->reference, err)) < 0) goto done;
    if ((status = say_what_is_left_out(&a, j->panel, &sites, j->conf, j->log, err)) < 0) goto done;
    if (j->reference && (status = cw_reference_check(&a, j->reference, &sites, j->conf->reference_md5, t, j->log, err)) < 0) goto done;
    const int64_t before = t->filter.reads;
    status = cw_sweep_file(sweep, &a, &sites, file, err);
    if (status == 0 && sites.n && t->filter.reads == before)
        cw_log_say(j->log, CW_LOG_WARNING, "'%s' holds no read that touches a locus: nothing in it is assessable; is it the right file, and are panel and build the right ones?", path);
done:
    cw_sites_release(&sites);
    cw_alignment_close(&a);
    return status;
}

int cw_count(const char *const *paths, size_t n_paths, const cw_panel *panel, const cw_count_conf *conf, cw_tallies *tallies, const cw_log *log, cw_err *err)
{
    cw_table map_table = {0};
    cw_contig_map map = {0};
    cw_reference reference = {0};
    cw_sweep sweep = {0};
    int status;
    memset(tallies, 0, sizeof *tallies);
    if ((status = cw_count_conf_check(conf, err)) < 0) goto done;
    if ((status = make_tallies(tallies, panel, err)) < 0) goto done;
    if (conf->contig_map && (status = read_contig_map(&map, &map_table, conf->contig_map, err)) < 0) goto done;
    if (conf->reference && (status = cw_reference_open(&reference, conf->reference, err)) < 0) goto done;
    const job j = {panel, conf, conf->contig_map ? &map : NULL, conf->reference ? &reference : NULL, log};
    if ((status = cw_sweep_open(&sweep, panel, conf, n_paths, tallies, log, err)) < 0) goto done;
    for (size_t i = 0; i < n_paths && status == 0; i++) status = count_file(&j, paths[i], i, &sweep, tallies, err);
    if (status == 0) status = cw_sweep_finish(&sweep, err);
    if (status == 0 && !conf->reference) status = cw_tallies_fit_reference(tallies, log, err);
    if (status == 0 && sweep.tags.grouping != CW_GROUP_NONE && !sweep.tags.found) cw_tallies_miss_duplicates(tallies, log);
done:
    cw_sweep_release(&sweep);
    cw_reference_close(&reference);
    cw_table_release(&map_table);
    if (status < 0) cw_tallies_release(tallies);
    return status;
}
