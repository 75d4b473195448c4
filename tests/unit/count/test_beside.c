/* SPDX-License-Identifier: MIT */
/* What is counted beside the alleles: fingerprint SNPs, off-target mismatches, fragment lengths, builds of headers. Worked by hand. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "count/count.h"

enum { LENGTH = 400 };
static char dir[64], sam[96], fasta[96];

static void make_folder(void)
{
    snprintf(dir, sizeof dir, "/tmp/cw_beside_XXXXXX");
    cr_assert_not_null(mkdtemp(dir));
    snprintf(sam, sizeof sam, "%s/in.sam", dir);
    snprintf(fasta, sizeof fasta, "%s/ref.fa", dir);
}

static void remove_folder(void)
{
    char fai[104];
    snprintf(fai, sizeof fai, "%s.fai", fasta);
    unlink(sam);
    unlink(fasta);
    unlink(fai);
    rmdir(dir);
}

/* Reference ACGT ACGT ...; reads of 50 bases from 1-based pos, with one base changed. */
static void put_read(FILE *f, int i, int pos1, int change1, char to, int tlen)
{
    char seq[51], qual[51];
    for (int k = 0; k < 50; k++) seq[k] = "ACGT"[(pos1 - 1 + k) % 4], qual[k] = 'I';
    seq[50] = qual[50] = '\0';
    if (change1) seq[change1 - pos1] = to;
    fprintf(f, "r%d\t%d\t1\t%d\t60\t50M\t=\t%d\t%d\t%s\t%s\n", i, tlen > 0 ? 99 : 147, pos1, pos1, tlen, seq, qual);
}

static void write_reference(void)
{
    FILE *f = fopen(fasta, "w");
    fputs(">1\n", f);
    for (int k = 0; k < LENGTH; k++) fputc("ACGT"[k % 4], f);
    fputc('\n', f);
    fclose(f);
    char fai[104];
    snprintf(fai, sizeof fai, "%s.fai", fasta);
    f = fopen(fai, "w");
    fprintf(f, "1\t%d\t3\t%d\t%d\n", LENGTH, LENGTH, LENGTH + 1);
    fclose(f);
}

static cw_allele allele = {.cwid = "a", .gene = "", .hgvsp = "", .contig = "1", .beg = 120, .end = 121, .ref = "A", .alt = "G", .has_locus = true};
static cw_snp snps[2] = {{.rsid = "rs1", .contig = "chr1", .pos = 130, .ref = 'G', .alt = 'A', .pop_af = 0.5}, {.rsid = "rs2", .contig = "2", .pos = 9, .ref = 'A', .alt = 'C'}};

Test(beside, snps_noise_and_lengths, .init = make_folder, .fini = remove_folder)
{
    write_reference();
    FILE *f = fopen(sam, "w");
    fprintf(f, "@SQ\tSN:1\tLN:%d\n", LENGTH);
    for (int i = 0; i < 20; i++) put_read(f, i, 101, i < 5 ? 131 : i == 5 ? 131 : 0, i == 5 ? 'T' : 'A', i < 12 ? 160 : -160); /* SNP: 14 ref, 5 alt, 1 other */
    put_read(f, 20, 102, 140, 'C', 170);  /* position 140 is T: one T>C among 21 reads */
    for (int i = 21; i < 24; i++) put_read(f, i, 103, 115, 'T', 5000); /* position 115 is G: 3 of 24 differ, more than one in ten: a variant, not noise */
    fclose(f);
    cw_panel panel = {.arena = cw_arena_new(), .name = "t", .version = "1", .knowledge_version = "", .dir = "", .alleles = &allele, .n_alleles = 1, .snps = snps, .n_snps = 2};
    cw_err err = {0};
    cr_assert_eq(cw_panel_index(&panel, &err), 0);
    cw_count_conf conf;
    cw_count_conf_default(&conf);
    conf.reference = fasta;
    cw_tallies t = {0};
    const char *paths[] = {sam};
    cr_assert_eq(cw_count(paths, 1, &panel, &conf, &t, NULL, &err), 0, "%s", err.text);
    cr_expect_eq(t.tally[0].count[0], 24);
    cr_expect(t.snp_ref[0] == 18 && t.snp_alt[0] == 5 && t.snp_other[0] == 1, "%ld %ld %ld", t.snp_ref[0], t.snp_alt[0], t.snp_other[0]);
    cr_expect(t.snp_ref[1] == 0 && t.snp_alt[1] == 0 && t.snp_other[1] == 0);
    /* two sites (allele and SNP) look at the same reads: everything twice. T>C is class 10 of A>C A>G A>T C>A C>G C>T G>A G>C G>T T>A T>C T>G */
    for (int k = 0; k < 12; k++) cr_expect_eq(t.molecules_mismatch[k], k == 10 ? 2 : 0, "class %d: %ld", k, t.molecules_mismatch[k]);
    /* bases per site: 24 reads x 50, less the allele's and the SNP's positions (24 each) and position 115 (24) */
    cr_expect_eq(t.bases_by_ref[0] + t.bases_by_ref[1] + t.bases_by_ref[2] + t.bases_by_ref[3], 2 * (24 * 50 - 3 * 24));
    cr_expect_eq(t.molecules_ref_bases, 2 * (24 * 50 - 3 * 24) - 2);
    cr_expect_eq(t.fragment_length[160], 12);
    cr_expect_eq(t.fragment_length[170], 1);
    cr_expect_eq(t.fragment_length[1023], 3);
    cr_expect_eq(strlen(t.input_sha256), 64);
    cw_tallies_release(&t);
    cw_panel_release(&panel);
}

Test(beside, a_foreign_reference_is_noticed, .init = make_folder, .fini = remove_folder)
{
    write_reference();
    FILE *f = fopen(sam, "w");
    fprintf(f, "@SQ\tSN:1\tLN:%d\n", LENGTH);
    for (int i = 0; i < 400; i++) put_read(f, i, 101, 102 + i % 10, 'T', 160); /* one base in 50 differs: 2 % (some are T already: less) */
    fclose(f);
    cw_panel panel = {.arena = cw_arena_new(), .name = "t", .version = "1", .knowledge_version = "", .dir = "", .alleles = &allele, .n_alleles = 1};
    cw_err err = {0};
    cr_assert_eq(cw_panel_index(&panel, &err), 0);
    cw_count_conf conf;
    cw_count_conf_default(&conf);
    conf.reference = fasta;
    cw_tallies t = {0};
    const char *paths[] = {sam};
    cr_expect_eq(cw_count(paths, 1, &panel, &conf, &t, NULL, &err), 0, "%s", err.text); /* 1.6 % */
    cw_tallies_release(&t);
    f = fopen(sam, "w");
    fprintf(f, "@SQ\tSN:1\tLN:%d\n", LENGTH);
    for (int i = 0; i < 400; i++) {
        char seq[51], qual[51];
        for (int k = 0; k < 50; k++) seq[k] = k == 20 ? 'A' : "ACGT"[(k / 3) % 4], qual[k] = 'I';
        seq[50] = qual[50] = '\0';
        fprintf(f, "r%d\t0\t1\t101\t60\t50M\t*\t0\t0\t%s\t%s\n", i, seq, qual);
    }
    fclose(f);
    cr_expect_eq(cw_count(paths, 1, &panel, &conf, &t, NULL, &err), CW_EREFUSED);
    cr_expect(strstr(err.text, "differ from the reference"), "%s", err.text);
    cw_panel_release(&panel);
}

static cw_build build_of(const char *header)
{
    FILE *f = fopen(sam, "w");
    fputs(header, f);
    fclose(f);
    cw_count_conf conf;
    cw_count_conf_default(&conf);
    cw_build build = CW_BUILD_UNKNOWN;
    cw_err err = {0};
    cr_assert_eq(cw_alignment_build(sam, &conf, &build, &err), 0, "%s", err.text);
    return build;
}

Test(beside, builds, .init = make_folder, .fini = remove_folder)
{
    cr_expect_eq(build_of("@SQ\tSN:chr7\tLN:159138663\n"), CW_BUILD_GRCH37);
    cr_expect_eq(build_of("@SQ\tSN:7\tLN:159345973\n@SQ\tSN:GL000192.1\tLN:547496\n"), CW_BUILD_GRCH38);
    cr_expect_eq(build_of("@SQ\tSN:7\tLN:159345973\n@SQ\tSN:12\tLN:133851895\n"), CW_BUILD_UNKNOWN);
    cr_expect_eq(build_of("@SQ\tSN:7\tLN:1000\n"), CW_BUILD_UNKNOWN);
    cr_expect_eq(build_of("@SQ\tSN:chrM\tLN:16569\n"), CW_BUILD_UNKNOWN);
}
