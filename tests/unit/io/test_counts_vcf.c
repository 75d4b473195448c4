/* SPDX-License-Identifier: MIT */
/* .counts.vcf.gz read back is what was written, in every type of file; a cut file is an error. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "io/counts_vcf.h"

static void fill(cw_panel *p, cw_allele *alleles, cw_tallies *t, cw_tally *tally, int64_t (*cells)[24])
{
    *p = (cw_panel){.arena = cw_arena_new(), .name = "t", .version = "1", .knowledge_version = "", .dir = "", .alleles = alleles, .n_alleles = 3, .build = CW_BUILD_GRCH38};
    static const cw_allele made[3] = {
        {.cwid = "G1:NM_1:c.1A>T", .gene = "G1", .hgvsp = "p.K1=;x", .contig = "7", .beg = 99, .end = 100, .ref = "A", .alt = "T", .has_locus = true},
        {.cwid = "G1:NM_1:c.1A>C", .gene = "G1", .hgvsp = "p.K1Q", .contig = "7", .beg = 99, .end = 100, .ref = "A", .alt = "C", .has_locus = true},
        {.cwid = "b", .gene = "", .hgvsp = "", .contig = "12", .beg = 5, .end = 8, .ref = "ACG", .alt = "A", .has_locus = true}};
    memcpy(alleles, made, sizeof made);
    cw_err err = {0};
    cr_assert_eq(cw_panel_index(p, &err), 0);
    for (int s = 0; s < 2; s++) {
        t[s] = (cw_tallies){.sample = s ? "two" : "one", .tally = &tally[2 * s], .n = 2, .consensus = s ? CW_CONS_DUPLEX : CW_CONS_RAW, .consensus_found = "say \"so\"",
                            .input_sha256 = "", .input_name = "x,y.bam", .filter = {.reads = 10 + s, .used = 9}, .bases_by_ref = {100, 200, 300, 400}, .molecules_mismatch = {1, 2, 3}};
        for (int l = 0; l < 2; l++) {
            int64_t *c = cells[2 * s + l];
            for (int i = 0; i < 15; i++) c[i] = 1000 * s + 100 * l + i;
            size_t n = p->loci[l].n;
            tally[2 * s + l] = (cw_tally){.n_alt = n, .count = c, .forward = c + 3, .reverse = c + 6, .duplex = c + 9, .near_end = s && l ? NULL : c + 12, .other = 3, .low_quality = 4 + l, .uninformative = 5, .discordant = 6};
        }
    }
}

Test(counts, read_back)
{
    cw_panel p;
    cw_allele alleles[3];
    cw_tallies t[2];
    cw_tally tally[4];
    int64_t cells[4][24];
    fill(&p, alleles, t, tally, cells);
    for (const char *type = "zvbu"; *type; type++) {
        char dir[] = "/tmp/cw_counts_XXXXXX", path[64];
        cr_assert_not_null(mkdtemp(dir));
        snprintf(path, sizeof path, "%s/c.vcf.gz", dir);
        cw_vcf_conf conf = {.type = *type, .command_line = "clonewatch count x"};
        cw_err err = {0};
        cr_assert_eq(cw_counts_write(&p, t, 2, path, &conf, &err), 0, "%s", err.text);
        cw_counts c = {0};
        cr_assert_eq(cw_counts_read(&c, path, &err), 0, "%s", err.text);
        cr_assert_eq(c.n_samples, 2);
        cr_assert_eq(c.panel.n_loci, p.n_loci);
        cr_expect_eq(c.panel.build, CW_BUILD_GRCH38);
        cr_expect_str_eq(c.sample[1].sample, "two");
        cr_expect_eq(c.sample[1].consensus, CW_CONS_DUPLEX);
        cr_expect_eq(c.sample[1].filter.reads, 11);
        cr_expect_eq(c.sample[0].bases_by_ref[3], 400);
        cr_expect_eq(c.sample[0].molecules_mismatch[2], 3);
        for (size_t i = 0; i < p.n_alleles; i++) {
            cr_expect_str_eq(c.panel.alleles[c.panel.by_locus[i]].cwid, p.alleles[p.by_locus[i]].cwid);
            cr_expect_str_eq(c.panel.alleles[c.panel.by_locus[i]].hgvsp, p.alleles[p.by_locus[i]].hgvsp);
            cr_expect_str_eq(c.panel.alleles[c.panel.by_locus[i]].contig, p.alleles[p.by_locus[i]].contig);
        }
        for (int s = 0; s < 2; s++)
            for (size_t l = 0; l < 2; l++) {
                const cw_tally *a = &tally[2 * (size_t)s + l], *b = &c.sample[s].tally[l];
                cr_assert_eq(a->n_alt, b->n_alt);
                cr_expect_arr_eq(a->count, b->count, (a->n_alt + 1) * sizeof *a->count);
                cr_expect_arr_eq(a->forward, b->forward, (a->n_alt + 1) * sizeof *a->count);
                cr_expect_arr_eq(a->reverse, b->reverse, (a->n_alt + 1) * sizeof *a->count);
                cr_expect_arr_eq(a->duplex, b->duplex, (a->n_alt + 1) * sizeof *a->count);
                for (size_t i = 0; i <= a->n_alt; i++) cr_expect_eq(b->near_end[i], a->near_end ? a->near_end[i] : -1);
                cr_expect(a->other == b->other && a->low_quality == b->low_quality && a->uninformative == b->uninformative && a->discordant == b->discordant);
            }
        cw_counts_release(&c);
        unlink(path);
        rmdir(dir);
    }
    cw_panel_release(&p);
}

/* A file of an earlier version, or of another counter: without ADE the positions are not known, which is not zero. */
Test(counts, without_positions_they_are_not_known)
{
    static const char text[] = "##fileformat=VCFv4.2\n##contig=<ID=7>\n##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"\">\n"
                               "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tone\n7\t100\t.\tA\tC,T\t.\t.\t.\tAD\t50,2,1\n";
    char path[] = "/tmp/cw_counts_XXXXXX";
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, text, sizeof text - 1) == (ssize_t)sizeof text - 1);
    close(fd);
    cw_counts c = {0};
    cw_err err = {0};
    cr_assert_eq(cw_counts_read(&c, path, &err), 0, "%s", err.text);
    const cw_tally *t = &c.sample[0].tally[0];
    for (size_t i = 0; i < 3; i++) cr_expect(t->near_end[i] == -1 && t->forward[i] == 0);
    cr_expect_eq(t->count[0], 50);
    cw_counts_release(&c);
    unlink(path);
}

Test(counts, a_cut_file_is_an_error)
{
    cw_panel p;
    cw_allele alleles[3];
    cw_tallies t[2];
    cw_tally tally[4];
    int64_t cells[4][24];
    fill(&p, alleles, t, tally, cells);
    char dir[] = "/tmp/cw_counts_XXXXXX", path[64];
    cr_assert_not_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/c.vcf.gz", dir);
    cw_vcf_conf conf = {.type = 'z'};
    cw_err err = {0};
    cr_assert_eq(cw_counts_write(&p, t, 2, path, &conf, &err), 0);
    FILE *f = fopen(path, "r");
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    fclose(f);
    for (long cut = size - 1; cut > size - 40; cut--) {
        cr_assert_eq(truncate(path, cut), 0);
        cw_counts c = {0};
        cw_err_clear(&err);
        cr_expect_lt(cw_counts_read(&c, path, &err), 0, "cut at %ld of %ld", cut, size);
    }
    unlink(path);
    rmdir(dir);
    cw_panel_release(&p);
}
