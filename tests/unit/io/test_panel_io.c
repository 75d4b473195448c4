/* Panels: coordinates by build, filters, own alleles, targets, a patient's tracked list, and what is refused. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "io/panel_io.h"

static char folder[64];
static cw_panel panel;
static cw_err err;

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/cw-panel-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    err = (cw_err){0};
}

static void teardown(void)
{
    char command[128];
    cw_panel_release(&panel);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(panel_io, .init = setup, .fini = teardown);

static const char *file(const char *name, const char *text)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    cr_assert_not_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

static const cw_allele *at(int64_t pos1, const char *alt)
{
    for (size_t i = 0; i < panel.n_alleles; i++)
        if (panel.alleles[i].has_locus && panel.alleles[i].beg == pos1 - 1 && !strcmp(panel.alleles[i].alt, alt)) return &panel.alleles[i];
    return NULL;
}

/* EGFR T790M (rs121434569): GRCh37 7:55249071, GRCh38 7:55181378, C>T */
Test(panel_io, coordinates_by_build)
{
    const struct { cw_build build; int64_t pos1; } cases[] = {{CW_BUILD_GRCH37, 55249071}, {CW_BUILD_GRCH38, 55181378}};
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(cw_panel_load(&panel, CW_SOURCE_DIR "/panels/lung", cases[i].build, &err), 0, "%s", err.text);
        const cw_allele *a = at(cases[i].pos1, "T");
        cr_assert_not_null(a);
        cr_expect_str_eq(a->contig, "7");
        cr_expect_str_eq(a->ref, "C");
        cr_expect_str_eq(a->hgvsp, "p.T790M");
        cr_expect_str_eq(a->cwid, "EGFR:NM_005228.5:c.2369C>T");
        cr_expect_eq(a->role, CW_ROLE_RESISTANCE);
        cr_expect(a->known);
        cr_expect_eq(panel.loci[a->locus].beg, a->beg);
        cr_expect_eq(panel.n_snps, 67);
        for (size_t j = 1; j < panel.n_loci; j++)
            cr_expect(strcmp(panel.loci[j].contig, panel.loci[j - 1].contig) || panel.loci[j].beg >= panel.loci[j - 1].beg, "locus %zu", j);
        cw_panel_release(&panel);
    }
}

/* Ids are the same in both builds; the pan-tumour panel holds every row that another panel takes. */
Test(panel_io, filters_are_not_copies)
{
    cw_panel all = {0};
    static const char *const names[] = {"lung", "colorectal", "breast", "melanoma", "prostate", "gist", "cholangiocarcinoma"};
    cr_assert_eq(cw_panel_load(&all, CW_SOURCE_DIR "/panels/pan-tumour", CW_BUILD_GRCH38, &err), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char dir[256];
        snprintf(dir, sizeof dir, CW_SOURCE_DIR "/panels/%s", names[i]);
        cr_assert_eq(cw_panel_load(&panel, dir, CW_BUILD_GRCH37, &err), 0);
        cr_expect(panel.n_alleles > 50 && panel.n_alleles < all.n_alleles, "%s", names[i]);
        for (size_t j = 0; j < panel.n_alleles; j++) cr_expect_not_null(cw_panel_find(&all, panel.alleles[j].cwid));
        cw_panel_release(&panel);
    }
    cw_panel_release(&all);
}

Test(panel_io, own_alleles_and_targets)
{
    file("panel.json", "{\"schema\":\"clonewatch.panel/1\",\"name\":\"x\",\"version\":\"1\",\"alterations\":\"a.tsv\",\"targets\":{\"GRCh38\":\"t.bed\"}}");
    file("t.bed", "track name=x\nchr7\t100\t200\n8\t5\t6\tname\n");
    file("a.tsv", "contig\tpos38\tref38\talt38\tgene\nchr7\t150\tA\tAT\tG1\n7\t151\tAC\tGT\tG2\n");
    cr_assert_eq(cw_panel_load(&panel, folder, CW_BUILD_GRCH38, &err), 0, "%s", err.text);
    cr_expect_eq(panel.n_alleles, 2);
    cr_expect_str_eq(panel.alleles[0].cwid, "7:150:A:AT");
    cr_expect_eq(panel.alleles[0].type, CW_TYPE_INS);
    cr_expect_eq(panel.alleles[1].type, CW_TYPE_MNV);
    cr_expect_not(panel.alleles[0].known);
    cr_expect_eq(panel.alleles[1].end, 152);
    cr_expect_eq(panel.n_targets, 2);
    cr_expect_str_eq(panel.target_contig[0], "7");
    cr_expect_eq(panel.target_beg[0], 100);
    cw_panel_release(&panel);
    cr_assert_eq(cw_panel_load(&panel, folder, CW_BUILD_GRCH37, &err), 0);
    cr_expect_not(panel.alleles[0].has_locus);
    cr_expect_eq(panel.n_loci, 0);
    cr_expect_eq(panel.n_targets, 0);
}

Test(panel_io, tracked_list_marks_and_adds)
{
    cr_assert_eq(cw_panel_load(&panel, CW_SOURCE_DIR "/panels/lung", CW_BUILD_GRCH38, &err), 0);
    size_t before = panel.n_alleles;
    /* the second row is T790M written with a shared base before and behind it */
    const char *list = file("l.tsv", "chrom\tpos\tref\talt\tphase_group\nchr7\t55191822\tT\tG\tpg1\nchr7\t55181377\tACG\tATG\tpg2\nchr9\t1000\tg\ta\tpg1\n");
    cr_assert_eq(cw_panel_add_tracked(&panel, list, &err), 0, "%s", err.text);
    cr_expect_eq(panel.n_alleles, before + 1);
    cr_expect_str_eq(at(55191822, "G")->phase_group, "pg1");
    cr_expect_str_eq(at(55181378, "T")->phase_group, "pg2");
    const cw_allele *fresh = at(1000, "A");
    cr_assert_not_null(fresh);
    cr_expect_str_eq(fresh->contig, "9");
    cr_expect_eq(fresh->role, CW_ROLE_TRACKER);
    cr_expect_not(fresh->known);
    cr_expect(fresh->has_locus && panel.loci[fresh->locus].beg == 999);
}

/* A list of tumour tissue that was called in GRCh37 would name places of GRCh38 where nothing is: "not detected" for good. */
Test(panel_io, list_of_another_build)
{
    const char *const header = "##fileformat=VCFv4.2\n##contig=<ID=chr7,length=159138663>\n##contig=<ID=chrM,length=16569>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
                               "chr7\t55259515\t.\tT\tG\t.\t.\t.\n";
    const char *vcf = file("s.vcf", header);
    cr_assert_eq(cw_panel_load(&panel, CW_SOURCE_DIR "/panels/lung", CW_BUILD_GRCH38, &err), 0);
    cr_expect_eq(cw_panel_add_tracked(&panel, vcf, &err), CW_EREFUSED);
    cr_expect(strstr(err.text, "GRCh37") && strstr(err.text, "GRCh38"), "%s", err.text);
    cw_panel_release(&panel);
    cr_assert_eq(cw_panel_load(&panel, CW_SOURCE_DIR "/panels/lung", CW_BUILD_GRCH37, &err), 0);
    cr_expect_eq(cw_panel_add_tracked(&panel, vcf, &err), 0, "%s", err.text);
    cw_panel_release(&panel);
    cr_assert_eq(cw_panel_from_vcf(&panel, vcf, &err), 0);
    cr_expect_eq(panel.build, CW_BUILD_GRCH37);
    cr_expect_eq(panel.n_symbolic, 0);
    cw_panel_release(&panel);
    /* lifted over, with the contigs of both builds left in its header: it tells nothing */
    vcf = file("both.vcf", "##fileformat=VCFv4.2\n##contig=<ID=7,length=159138663>\n##contig=<ID=chr7,length=159345973>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n7\t9\t.\tT\tG,<DEL>\t.\t.\t.\n");
    cr_assert_eq(cw_panel_from_vcf(&panel, vcf, &err), 0);
    cr_expect_eq(panel.build, CW_BUILD_UNKNOWN);
    cr_expect_eq(panel.n_symbolic, 1);
}

Test(panel_io, sites_vcf_keeps_its_form)
{
    const char *vcf = file("s.vcf", "##fileformat=VCFv4.2\n##contig=<ID=chr2,length=1000>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
                                    "chr2\t10\t.\tATT\tA,AT,*,<DEL>\t.\t.\t.\nchr2\t10\t.\tATT\tA\t.\t.\t.\nchr2\t5\t.\tc\tg\t.\t.\t.\n");
    cr_assert_eq(cw_panel_from_vcf(&panel, vcf, &err), 0, "%s", err.text);
    cr_expect_eq(panel.n_alleles, 3);
    cr_expect_eq(panel.n_loci, 2);
    cr_expect_eq(panel.loci[0].beg, 4);
    cr_expect_eq(panel.loci[1].n, 2);
    cr_expect_not_null(cw_panel_find(&panel, "chr2:10:ATT:AT"));
}

static void refused(const char *json, const char *table, const char *words)
{
    file("panel.json", json);
    if (table) file("a.tsv", table);
    err = (cw_err){0};
    cr_expect_lt(cw_panel_load(&panel, folder, CW_BUILD_GRCH38, &err), 0, "%s", words);
    cr_expect_not_null(strstr(err.text, words), "'%s' is not in '%s'", words, err.text);
}

Test(panel_io, what_is_refused)
{
    const char *own = "{\"schema\":\"clonewatch.panel/1\",\"name\":\"x\",\"version\":\"1\",\"alterations\":\"a.tsv\"}";
    refused("[]", NULL, "not a JSON object");
    refused("{\"schema\":\"clonewatch.panel/0\",\"name\":\"x\",\"version\":\"1\"}", NULL, "schema 'clonewatch.panel/0'");
    refused("{\"schema\":\"clonewatch.panel/1\",\"name\":\"x\",\"version\":\"1\",\"tumors\":[]}", NULL, "'tumors' is not a word");
    refused("{\"schema\":\"clonewatch.panel/1\",\"name\":\"x\",\"version\":\"1\",\"genes\":\"EGFR\"}", NULL, "must be a list");
    refused("{\"schema\":\"clonewatch.panel/1\",\"name\":\"x\"}", NULL, "a 'version'");
    refused("{\"schema\":\"clonewatch.panel/1\",\"name\":\"x\",\"version\":\"1\",\"knowledge\":\"nowhere\"}", NULL, "version.tsv");
    refused(own, "contig\tpos38\tref38\talt38\n7\t0\tA\tC\n", "a.tsv:2: not a position");
    refused(own, "contig\tpos38\tref38\talt38\n7\t9\tA\tN\n", "a.tsv:2: ALT must be bases");
    refused(own, "contig\tpos38\tref38\talt38\n7\t9\tA\tA\n", "a.tsv:2: REF and ALT are the same");
    refused(own, "contig\tpos38\tref38\talt38\n\t9\tA\tC\n", "a.tsv:2: a position without a contig");
    refused(own, "contig\tpos38\tref38\talt38\n7\t9\tA\tC\n7\t9\tA\tC\n", "a.tsv:3: id '7:9:A:C' stands already in line 2");
    refused(own, "id\tcontig\tpos38\tref38\talt38\na=b\t7\t9\tA\tC\n", "must not hold");
    refused(own, "gene\n\n\nX\n", "needs an id");
    cr_expect_eq(cw_panel_load(&panel, CW_SOURCE_DIR "/panels/lung", CW_BUILD_UNKNOWN, &err), CW_EUSAGE);
}
