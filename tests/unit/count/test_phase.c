/* SPDX-License-Identifier: MIT */
/* Phase of two alleles on molecules, worked by hand: a SAM text with two SNVs 20 bp apart and one 150 bp away on the mate. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "count/count.h"

static void add_allele(cw_panel *p, int64_t beg, const char *ref, const char *alt, const char *id)
{
    p->alleles[p->n_alleles++] = (cw_allele){.cwid = id, .gene = "", .hgvsp = "", .contig = "1", .beg = beg, .end = beg + (int64_t)strlen(ref), .ref = ref,
                                             .alt = alt, .has_locus = true, .type = cw_allele_type_of(ref, alt)};
}

/* A pair: first read at 1-40, mate at 141-180, all A but for the given bases. */
static void put_pair(FILE *f, const char *name, char at10, char at30, char at160)
{
    char one[41], two[41], q[41];
    memset(one, 'A', 40);
    memset(two, 'A', 40);
    memset(q, 'I', 40);
    one[40] = two[40] = q[40] = '\0';
    one[9] = at10;
    one[29] = at30;
    two[19] = at160;
    fprintf(f, "%s\t99\t1\t1\t60\t40M\t=\t141\t180\t%s\t%s\n", name, one, q);
    fprintf(f, "%s\t147\t1\t141\t60\t40M\t=\t1\t-180\t%s\t%s\n", name, two, q);
}

static int by_pos(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    int px = atoi(strstr(x, "\t1\t") + 3), py = atoi(strstr(y, "\t1\t") + 3);
    return px - py;
}

static void sort_sam(const char *path)
{
    FILE *f = fopen(path, "r");
    char *line[64], text[4096], *head = NULL;
    size_t n = 0;
    while (fgets(text, sizeof text, f))
        if (*text == '@') head = strdup(text);
        else line[n++] = strdup(text);
    fclose(f);
    qsort(line, n, sizeof *line, by_pos);
    f = fopen(path, "w");
    fputs(head, f);
    free(head);
    for (size_t i = 0; i < n; i++) fputs(line[i], f), free(line[i]);
    fclose(f);
}

Test(phase, cis_and_trans)
{
    char path[] = "/tmp/cw_phase_XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    fprintf(f, "@SQ\tSN:1\tLN:1000\n");
    put_pair(f, "cis", 'C', 'G', 'A');
    put_pair(f, "cis2", 'C', 'G', 'T');
    put_pair(f, "only_a", 'C', 'A', 'T');
    put_pair(f, "only_b", 'A', 'G', 'A');
    put_pair(f, "none", 'A', 'A', 'A');
    put_pair(f, "third", 'T', 'G', 'A'); /* a base that is not listed at the first locus: decides, not a */
    fclose(f);
    sort_sam(path);

    cw_panel panel = {.arena = cw_arena_new(), .name = "t", .version = "1", .knowledge_version = "", .dir = ""};
    cw_allele alleles[3];
    panel.alleles = alleles;
    add_allele(&panel, 9, "A", "C", "a");
    add_allele(&panel, 29, "A", "G", "b");
    add_allele(&panel, 159, "A", "T", "c");
    cw_err err = {0};
    cr_assert_eq(cw_panel_index(&panel, &err), 0);
    cw_count_conf conf;
    cw_count_conf_default(&conf);
    cw_tallies t = {0};
    const char *paths[] = {path};
    cr_assert_eq(cw_count(paths, 1, &panel, &conf, &t, NULL, &err), 0, "%s", err.text);
    cr_expect_eq(t.tally[0].count[1], 3);
    cr_expect_eq(t.tally[1].count[1], 4);
    cr_expect_eq(t.tally[2].count[1], 2);
    cr_assert_eq(t.n_phase, 3);
    static const int64_t want[3][6] = {{0, 1, 2, 1, 2, 1}, {0, 2, 2, 1, 0, 3}, {1, 2, 1, 3, 1, 1}};
    for (int i = 0; i < 3; i++) {
        const cw_phase_tally *x = &t.phase[i];
        cr_expect_eq(x->allele_a, (size_t)want[i][0]);
        cr_expect_eq(x->allele_b, (size_t)want[i][1]);
        cr_expect_eq(x->both, want[i][2], "pair %d both %lld", i, (long long)x->both);
        cr_expect_eq(x->only_a, want[i][3], "pair %d only_a %lld", i, (long long)x->only_a);
        cr_expect_eq(x->only_b, want[i][4], "pair %d only_b %lld", i, (long long)x->only_b);
        cr_expect_eq(x->neither, want[i][5], "pair %d neither %lld", i, (long long)x->neither);
    }
    cw_tallies_release(&t);
    cw_panel_release(&panel);
    unlink(path);
}
