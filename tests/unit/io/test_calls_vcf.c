/* .calls.vcf.gz: what is written is read again; what is damaged is refused. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <htslib/bgzf.h>
#include <htslib/hts_log.h>
#include "io/calls_vcf.h"

static char folder[64];

static void setup(void)
{
    hts_set_log_level(HTS_LOG_OFF);
    snprintf(folder, sizeof folder, "/tmp/cw-calls-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(calls_vcf, .init = setup, .fini = teardown);

static const char *in_folder(const char *name)
{
    static char path[4][128];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static void save(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    cr_assert(f && fwrite(bytes, 1, n, f) == n && fclose(f) == 0);
}

static size_t load(const char *path, char *bytes, size_t most)
{
    FILE *f = fopen(path, "rb");
    cr_assert_not_null(f, "%s", path);
    size_t n = fread(bytes, 1, most, f);
    fclose(f);
    return n;
}

/* Two loci, the second with two alleles; awkward words on purpose. */
static void make(cw_calls *c)
{
    static cw_call call[3];
    static cw_call_locus locus[2];
    static int64_t snp[2] = {31, 7};
    static cw_phase phase = {"GENEA:NM_1.1:c.10C>T", "GENEB:NM_2.1:c.5_6delins,A;B=%", 12, 3, 4, 5000};
    memset(c, 0, sizeof *c);
    call[0] = (cw_call){.cwid = "GENEA:NM_1.1:c.10C>T", .gene = "GENEA", .hgvsp = "p.(T4M)", .node = "", .role = CW_ROLE_RESISTANCE, .alt = "T", .k = 12,
                        .forward = 7, .reverse = 5, .duplex = 3, .bg = {1.5, 50000}, .vaf = .0012, .vaf_lo = .0006, .vaf_hi = .002, .ln_bf = 12.5, .ln_bf_strand = -2.25, .p = 1e-9,
                        .lob = .0002, .lod = .0009, .k_star = 3, .strand_p = .75, .near_end = 9, .position_p = 6.5e-8, .state = CW_CALL_DETECTED, .filters = "orientation;position", .counts_known = true};
    call[1] = (cw_call){.cwid = "GENEB:NM_2.1:c.5_6delins,A;B=%", .gene = "GENE B", .hgvsp = "", .node = "MAPK", .alt = "AT", .k = 2, .forward = 2, .reverse = 0, .near_end = -1,
                        .bg = {31.5, 1000000}, .vaf = .0002, .vaf_lo = NAN, .vaf_hi = NAN, .ln_bf = -1, .ln_bf_strand = NAN, .p = .2, .lob = .0003, .lod = .001, .k_star = 4,
                        .strand_p = 1, .position_p = NAN, .state = CW_CALL_BELOW_LOD, .filters = "weak_evidence;strand_bias", .counts_known = true};
    call[2] = call[1];
    call[2].cwid = "GENEB:NM_2.1:c.6C>G";
    call[2].alt = "G", call[2].k = 0, call[2].state = CW_CALL_NOT_DETECTED, call[2].filters = "PASS", call[2].role = CW_ROLE_CHIP;
    locus[0] = (cw_call_locus){.contig = "7", .beg = 100, .end = 101, .ref = "C", .depth = 10000, .k_ref = 9980, .other = 8, .low_quality = 3, .ref_forward = 5000,
                               .ref_reverse = 4980, .uninformative = 2, .discordant = 1, .ref_near_end = 1100, .first = 0, .n = 1};
    locus[1] = (cw_call_locus){.contig = "12", .beg = 50, .end = 51, .ref = "C", .depth = 9000, .k_ref = 8998, .ref_forward = 4500, .ref_reverse = 4498, .ref_near_end = -1, .first = 1, .n = 2};
    c->sample = "P 1", c->panel = "core", c->panel_version = "2026.1", c->build = CW_BUILD_GRCH38, c->caller = "clonewatch", c->level = "duplex";
    c->background = (cw_background_set){"default-1, \"quoted\"", .35, {.2, .35, .5}, 3, true};
    c->call_alpha = .001, c->locus = locus, c->n_loci = 2, c->call = call, c->n_calls = 3, c->phase = &phase, c->n_phase = 1;
    c->filter = (cw_read_filter){.reads = 100, .used = 90, .duplicate = 10};
    c->consensus_found = "tags cD, aD", c->input_sha256 = "abc", c->input_name = "x.bam", c->molecules = 9500 /* of an earlier version: the records say 9000 */, c->plasma_ml = 4.2, c->cfdna_ng = NAN;
    c->snp_ref = snp, c->snp_alt = snp, c->snp_other = snp, c->n_snps = 2;
}

static void same(const cw_calls *a, const cw_calls *b)
{
    cr_assert_str_eq(a->sample, b->sample);
    cr_assert_str_eq(a->background.model, b->background.model);
    cr_assert_eq(a->background.n_omega, 3);
    cr_assert(a->background.is_default);
    cr_assert_float_eq(a->background.omega[2], .5, 0);
    cr_assert_str_eq(a->consensus_found, b->consensus_found);
    cr_assert_str_eq(a->level, "duplex");
    cr_assert_eq(a->build, CW_BUILD_GRCH38);
    cr_assert_eq(a->filter.duplicate, 10);
    cr_assert_eq(a->molecules, 9000);
    cr_assert_float_eq(a->plasma_ml, 4.2, 0);
    cr_assert(isnan(a->cfdna_ng));
    cr_assert_eq(a->n_snps, 2);
    cr_assert_eq(a->snp_alt[0], 31);
    cr_assert_eq(a->n_phase, 1);
    cr_assert_str_eq(a->phase[0].cwid_b, b->phase[0].cwid_b);
    cr_assert_eq(a->phase[0].both, 12);
    cr_assert_eq(a->n_loci, b->n_loci);
    cr_assert_eq(a->n_calls, b->n_calls);
    for (size_t i = 0; i < a->n_loci; i++) {
        const cw_call_locus *x = &a->locus[i], *y = &b->locus[i];
        cr_assert_str_eq(x->contig, y->contig);
        cr_assert(x->beg == y->beg && x->end == y->end && x->depth == y->depth && x->k_ref == y->k_ref && x->other == y->other && x->first == y->first && x->n == y->n);
        cr_assert(x->low_quality == y->low_quality && x->uninformative == y->uninformative && x->discordant == y->discordant && x->ref_reverse == y->ref_reverse);
        cr_assert_eq(x->ref_near_end, y->ref_near_end);
    }
    for (size_t i = 0; i < a->n_calls; i++) {
        const cw_call *x = &a->call[i], *y = &b->call[i];
        cr_assert_str_eq(x->cwid, y->cwid);
        cr_assert_str_eq(x->gene, y->gene);
        cr_assert_str_eq(x->hgvsp, y->hgvsp);
        cr_assert_str_eq(x->node, y->node);
        cr_assert_str_eq(x->alt, y->alt);
        cr_assert_str_eq(x->filters, y->filters);
        cr_assert(x->role == y->role && x->k == y->k && x->forward == y->forward && x->duplex == y->duplex && x->k_star == y->k_star && x->state == y->state);
        cr_assert_float_eq(x->bg.a, y->bg.a, 0);
        cr_assert_float_eq(x->bg.b, y->bg.b, 0);
        cr_assert_float_eq(x->lod, y->lod, 1e-9);
        cr_assert(isnan(x->vaf_lo) == isnan(y->vaf_lo));
        cr_assert(isnan(x->ln_bf_strand) == isnan(y->ln_bf_strand) && !(fabs(x->ln_bf_strand - y->ln_bf_strand) > 1e-6));
        cr_assert(x->near_end == y->near_end && isnan(x->position_p) == isnan(y->position_p));
        if (!isnan(x->position_p)) cr_assert_float_eq(x->position_p, y->position_p, 1e-6 * y->position_p);
    }
}

Test(calls_vcf, what_is_written_is_read_again_in_every_format)
{
    static const struct { char type; const char *name; } format[] = {{'z', "a.calls.vcf.gz"}, {'v', "a.calls.vcf"}, {'b', "a.bcf"}, {'u', "b.bcf"}};
    cw_calls c, back;
    make(&c);
    for (size_t i = 0; i < sizeof format / sizeof *format; i++) {
        cw_err err = {0};
        cw_vcf_conf conf = {format[i].type, format[i].type == 'z' || format[i].type == 'b', "clonewatch call -o x"};
        cr_assert_eq(cw_calls_write(&c, in_folder(format[i].name), &conf, &err), 0, "%s", err.text);
        cr_assert_eq(cw_calls_read(&back, in_folder(format[i].name), &err), 0, "%s", err.text);
        same(&back, &c);
        cw_calls_release(&back);
    }
    cr_assert_eq(access(in_folder("a.calls.vcf.gz.csi"), F_OK), 0);
    cr_assert_eq(access(in_folder("a.bcf.csi"), F_OK), 0);
    cr_assert_neq(access(in_folder("a.calls.vcf.csi"), F_OK), 0);
}

Test(calls_vcf, an_index_of_what_cannot_have_one_is_refused)
{
    cw_calls c;
    make(&c);
    for (const char *type = "vu"; *type; type++) {
        cw_err err = {0};
        cw_vcf_conf conf = {*type, true, NULL};
        cr_assert_eq(cw_calls_write(&c, in_folder("no.calls.vcf"), &conf, &err), CW_EUSAGE);
        cr_assert_neq(access(in_folder("no.calls.vcf"), F_OK), 0);
    }
}

Test(calls_vcf, writing_twice_gives_the_same_bytes)
{
    static char one[1 << 16], two[1 << 16];
    cw_calls c;
    cw_err err = {0};
    cw_vcf_conf conf = {'z', false, NULL};
    make(&c);
    cr_assert_eq(cw_calls_write(&c, in_folder("1.calls.vcf.gz"), &conf, &err), 0);
    cr_assert_eq(cw_calls_write(&c, in_folder("2.calls.vcf.gz"), &conf, &err), 0);
    size_t n = load(in_folder("1.calls.vcf.gz"), one, sizeof one);
    cr_assert(n > 500 && n == load(in_folder("2.calls.vcf.gz"), two, sizeof two) && !memcmp(one, two, n));
}

/* Every single-byte change of the compressed file must be seen, or must leave the calls as they are. */
Test(calls_vcf, every_flipped_byte_and_every_cut_is_refused)
{
    static char bytes[1 << 16], bad[1 << 16];
    cw_calls c, back;
    cw_err err = {0};
    cw_vcf_conf conf = {'z', false, NULL};
    make(&c);
    cr_assert_eq(cw_calls_write(&c, in_folder("a.calls.vcf.gz"), &conf, &err), 0);
    size_t n = load(in_folder("a.calls.vcf.gz"), bytes, sizeof bytes);
    for (size_t i = 0; i < n; i += 3) {
        memcpy(bad, bytes, n);
        bad[i] = (char)(bad[i] ^ 0x10);
        save(in_folder("bad.calls.vcf.gz"), bad, n);
        cw_err_clear(&err);
        if (cw_calls_read(&back, in_folder("bad.calls.vcf.gz"), &err) == 0) same(&back, &c); /* header time stamp, OS byte ... */
        else cr_assert(*err.text);
        cw_calls_release(&back);
    }
    for (size_t cut = 0; cut < n; cut += 7) {
        save(in_folder("cut.calls.vcf.gz"), bytes, cut);
        cw_err_clear(&err);
        cr_assert(cw_calls_read(&back, in_folder("cut.calls.vcf.gz"), &err) < 0, "cut at %zu", cut);
    }
}

Test(calls_vcf, plain_gzip_is_read_and_a_cut_one_refused)
{
    static char text[1 << 16], bytes[1 << 16];
    cw_calls c, back;
    cw_err err = {0};
    cw_vcf_conf conf = {'v', false, NULL};
    make(&c);
    cr_assert_eq(cw_calls_write(&c, in_folder("a.calls.vcf"), &conf, &err), 0);
    size_t n = load(in_folder("a.calls.vcf"), text, sizeof text);
    gzFile f = gzopen(in_folder("g.vcf.gz"), "wb");
    cr_assert(gzwrite(f, text, (unsigned)n) == (int)n && gzclose(f) == Z_OK);
    cr_assert_eq(cw_calls_read(&back, in_folder("g.vcf.gz"), &err), 0, "%s", err.text);
    same(&back, &c);
    cw_calls_release(&back);
    n = load(in_folder("g.vcf.gz"), bytes, sizeof bytes);
    for (size_t cut = 1; cut < n; cut += 11) {
        save(in_folder("cut.vcf.gz"), bytes, n - cut);
        cr_assert(cw_calls_read(&back, in_folder("cut.vcf.gz"), &err) < 0, "cut by %zu", cut);
    }
}

#define HEAD "##fileformat=VCFv4.2\n##clonewatch_background=<omega_hat=0.35,omega=\"0.2,0.35,0.5\",model=M1>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"

static int read_of(const char *text, cw_calls *c, cw_err *err)
{
    save(in_folder("t.vcf"), text, strlen(text));
    cw_err_clear(err);
    return cw_calls_read(c, in_folder("t.vcf"), err);
}

Test(calls_vcf, the_least_a_calls_file_can_hold)
{
    cw_calls c;
    cw_err err = {0};
    cr_assert_eq(read_of(HEAD "unknown_contig\t5\t.\tA\tG,T\t.\t.\tBGA=1.5,2;BGB=50000.123456789,31000.7\tAD\t2990,10,0\n", &c, &err), 0, "%s", err.text);
    cr_assert_str_eq(c.call[0].cwid, "unknown_contig:5:A:G");
    cr_assert_float_eq(c.call[0].bg.b, 50000.123456789, 1e-9); /* 32-bit floats would read 50000.125 */
    cr_assert_eq(c.locus[0].depth, 3000);
    cr_assert_eq(c.locus[0].other, 0);
    cr_assert_eq(c.call[0].state, CW_CALL_BELOW_LOD);
    cr_assert_eq(c.call[1].state, CW_CALL_NOT_DETECTED);
    cr_assert_eq(c.call[0].k_star, 0);
    cr_assert(isnan(c.call[0].p));
    cr_assert_str_eq(c.background.model, "M1");
    cw_calls_release(&c);
    cr_assert_eq(read_of(HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tDP:AD:CS\t.:.:not_reported\n", &c, &err), 0, "%s", err.text);
    cr_assert(!c.call[0].counts_known && c.call[0].k == -1 && c.locus[0].depth == -1 && c.call[0].state == CW_CALL_NOT_REPORTED);
    cw_calls_release(&c);
}

Test(calls_vcf, bad_records_are_named_with_their_line)
{
    static const struct { const char *text, *says; } bad[] = {
        {"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n", "t.vcf:2: no ##clonewatch_background"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGB=2\tAD\t1,2\n", "t.vcf:4: record without INFO/BGA"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=0;BGB=2\tAD\t1,2\n", "INFO/BGA '0' is not a number above 0"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=nan;BGB=2\tAD\t1,2\n", "INFO/BGA 'nan'"},
        {HEAD "1\t5\t.\tA\tG,T\t.\t.\tBGA=1;BGB=2,3\tAD\t1,2,3\n", "INFO/BGA has not 2 value(s)"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tDP\t10\n", "record without FORMAT/AD"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tAD\t1,-2\n", "FORMAT/AD '-2' is not a molecule count"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tAD\t1,2,3\n", "FORMAT/AD '1,2,3' has not 2 value(s)"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tDP:AD\t2:1,2\n", "FORMAT/DP 2 is less than the sum"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tAD::DP\t1,2:3:4\n", "FORMAT has an empty key"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tAD:AD\t1,2:1,2\n", "FORMAT has the key 'AD' twice"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tAD\t1,2:9\n", "the sample has 2 values for 1 FORMAT keys"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tAD:CS\t1,2:seen\n", "FORMAT/CS 'seen' is not a state"},
        {HEAD "1\t0\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tAD\t1,2\n", "POS '0' is not a position"},
        {HEAD "1\t5\t.\tA\tG;\t.\t.\tBGA=1;BGB=2\tAD\t1,2\n", "ALT 'G;' is not an allele"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tAD\n", "exactly 10 columns"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tAD\t1,2\t3\n", "exactly 10 columns"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tAD\t1,2", "cut short"},
        {HEAD "1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tAD\t1,2\n1\t5\t.\tA\tG\t.\t.\tBGA=1;BGB=2\tAD\t1,2\n", "stands in two places"},
        {"not a vcf\n", "does not start with"}, {"", "does not start with"}};
    cw_calls c;
    cw_err err = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect(read_of(bad[i].text, &c, &err) < 0, "case %zu was read", i);
        cr_expect(strstr(err.text, bad[i].says) != NULL, "case %zu says '%s'", i, err.text);
        cw_calls_release(&c);
    }
}
