/* Fingerprints: swaps found, none invented; siblings and lost copies; admixture. The full thousand is in tests/bench. */
#include <criterion/criterion.h>
#include <math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include "detect/identity.h"
#include "stats/init.h"

enum { SNPS = 20 };
static cw_snp snp[SNPS];
static gsl_rng *rng;

static void setup(void)
{
    cw_stats_init();
    rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int i = 0; i < SNPS; i++) snp[i].pop_af = .3 + .4 * gsl_rng_uniform(rng);
}
static void teardown(void) { gsl_rng_free(rng); }
TestSuite(identity, .init = setup, .fini = teardown);

typedef struct sample { int64_t ref[SNPS], alt[SNPS], other[SNPS]; cw_fingerprint f; } sample;

static void person(int *genotype)
{
    for (int i = 0; i < SNPS; i++) genotype[i] = gsl_ran_binomial(rng, snp[i].pop_af, 2);
}

/* share: of molecules from a second person. */
static void read_sample(sample *s, const int *genotype, const int *second, double share, unsigned depth)
{
    for (int i = 0; i < SNPS; i++) {
        double f = (1 - share) * genotype[i] / 2 + (second ? share * second[i] / 2 : 0);
        s->alt[i] = gsl_ran_binomial(rng, f * .9998 + (1 - f) * .0002, depth);
        s->ref[i] = (int64_t)depth - s->alt[i];
        s->other[i] = gsl_ran_poisson(rng, depth * .0004);
    }
    s->f = (cw_fingerprint){s->ref, s->alt, s->other, SNPS};
}

Test(identity, one_snp_by_hand)
{
    /* both samples 10 ref, 0 alt at frequency .5: L = (.99^10, .9 2^-10 + .1 mean of (1-v)^10 over v = 2/18 .. 16/18, .01^10); 20 such SNPs */
    int64_t ref[SNPS], alt[SNPS] = {0}, other[SNPS] = {0};
    for (int i = 0; i < SNPS; i++) ref[i] = 10, snp[i].pop_af = .5;
    cw_fingerprint f = {ref, alt, other, SNPS};
    cw_person_pair pair;
    cw_identity_pair(&f, &f, snp, SNPS, &pair);
    double a = pow(.99, 10), h = .9 * pow(.5, 10), b = pow(.01, 10);
    for (int i = 2; i <= 16; i++) h += .1 / 15 * pow(1 - i / 18., 10);
    double want = 20 * log10((.25 * a * a + .5 * h * h + .25 * b * b) / pow(.25 * a + .5 * h + .25 * b, 2));
    cr_expect_float_eq(pair.lod, want, 1e-9);
    cr_expect_eq(pair.same, CW_PERSON_SAME);
    for (int i = 0; i < SNPS; i++) snp[i].pop_af = NAN; /* not known: taken as 1/2 */
    cw_identity_pair(&f, &f, snp, SNPS, &pair);
    cr_expect_float_eq(pair.lod, want, 1e-9);
    cw_identity_pair(&f, &f, snp, 19, &pair);
    cr_expect_eq(pair.same, CW_PERSON_UNKNOWN, "19 SNPs are not enough");
}

Test(identity, a_swapped_draw_is_named)
{
    int wrong = 0;
    for (int run = 0; run < 200; run++) {
        int patient[SNPS], stranger[SNPS];
        sample s[5];
        cw_fingerprint f[5];
        cw_person_pair pair[10];
        cw_person verdict[5];
        const bool is_normal[5] = {true, false, false, false, false};
        person(patient), person(stranger);
        for (int i = 0; i < 5; i++) {
            read_sample(&s[i], i == 3 ? stranger : patient, NULL, 0, run % 2 ? 30 : 8000);
            f[i] = s[i].f;
        }
        cw_identity_set(f, is_normal, 5, snp, SNPS, pair, verdict);
        for (int i = 0; i < 5; i++) wrong += verdict[i] != (i == 3 ? CW_PERSON_OTHER : CW_PERSON_SAME);
    }
    cr_expect_eq(wrong, 0, "%d", wrong);
}

Test(identity, of_two_that_differ_the_normal_is_the_person_and_without_one_both_are_named)
{
    int patient[SNPS], stranger[SNPS];
    sample s[2];
    cw_person_pair pair[1];
    cw_person verdict[2];
    person(patient), person(stranger);
    read_sample(&s[0], patient, NULL, 0, 100);
    read_sample(&s[1], stranger, NULL, 0, 100);
    const cw_fingerprint f[2] = {s[0].f, s[1].f};
    cw_identity_set(f, (const bool[]){true, false}, 2, snp, SNPS, pair, verdict);
    cr_expect(verdict[0] != CW_PERSON_OTHER && verdict[1] == CW_PERSON_OTHER);
    cw_identity_set(f, (const bool[]){false, false}, 2, snp, SNPS, pair, verdict);
    cr_expect(verdict[0] == CW_PERSON_OTHER && verdict[1] == CW_PERSON_OTHER);
}

Test(identity, admixture_is_found_and_none_invented)
{
    int invented = 0;
    for (int run = 0; run < 100; run++) {
        int patient[SNPS], stranger[SNPS];
        sample s;
        cw_contamination c;
        person(patient), person(stranger);
        read_sample(&s, patient, NULL, 0, 5000);
        cw_contamination_estimate(&s.f, snp, SNPS, &c);
        invented += c.fraction > .005 && c.lo > 0;
        read_sample(&s, patient, stranger, .04, 5000);
        cw_contamination_estimate(&s.f, snp, SNPS, &c);
        if (c.snps < 8) continue; /* with fewer a factor of two stays open: has the other person one copy, or two? */
        cr_expect(c.lo > 0 && c.lod > 3 && c.fraction > .02 && c.fraction < .08, "run %d: %g (%g-%g)", run, c.fraction, c.lo, c.hi);
    }
    cr_expect_eq(invented, 0);
}

/* Five homozygous SNPs, 5,000 molecules: 5 % of another person, who has both alleles at three of them and the patient's at two, is 125 reads of 5,000 at three. Once "not estimable" and so passed. */
Test(identity, few_homozygous_snps_tell)
{
    cw_snp few[20] = {{0}};
    int64_t ref[20], alt[20], other[20] = {0};
    cw_contamination c;
    for (int i = 0; i < 20; i++) few[i].pop_af = .5, ref[i] = alt[i] = 2500;
    for (int i = 0; i < 5; i++) alt[i] = i < 3 ? 125 : 0, ref[i] = 5000 - alt[i];
    cw_contamination_estimate(&(cw_fingerprint){ref, alt, other, 20}, few, 20, &c);
    cr_expect(c.snps == 5 && c.lod > 3 && c.lo < .05 && c.hi > .05 && c.lo > .01 && c.hi < .1, "%g (%g-%g), LOD %g", c.fraction, c.lo, c.hi, c.lod);
    for (int i = 0; i < 5; i++) alt[i] = 0, ref[i] = 5000;
    cw_contamination_estimate(&(cw_fingerprint){ref, alt, other, 20}, few, 20, &c);
    cr_expect(c.fraction == 0 && c.lo == 0 && c.hi > 0 && c.hi < .01, "clean: %g (%g-%g)", c.fraction, c.lo, c.hi);
    for (int i = 3; i < 5; i++) alt[i] = ref[i] = 2500; /* another person has none of three alleles in one of 64 cases: too often */
    cw_contamination_estimate(&(cw_fingerprint){ref, alt, other, 20}, few, 20, &c);
    cr_expect(c.snps == 3 && isnan(c.fraction) && isnan(c.hi));
}

/* A heterozygous SNP at 0.15, where the tumour has lost the allele in most cells or has the other many times, looks homozygous with 15 % of another person. One such SNP is no other
 * person: that one would show at half of the others, too. Once LOD 800. */
Test(identity, a_copy_lost_is_no_other_person)
{
    cw_snp many[20] = {{0}};
    int64_t ref[20], alt[20], other[20] = {0};
    cw_contamination c;
    for (int i = 0; i < 20; i++) many[i].pop_af = .5, alt[i] = i < 10 ? 0 : i == 10 ? 450 : 1500, ref[i] = 3000 - alt[i];
    cw_contamination_estimate(&(cw_fingerprint){ref, alt, other, 20}, many, 20, &c);
    cr_expect(c.snps == 11 && c.lod < 3 && c.fraction < .01, "%g (%g-%g), LOD %g", c.fraction, c.lo, c.hi, c.lod);
}

/* Half of the molecules are another person's: hardly a SNP looks homozygous, and the few that do are clean because both persons are. Once reported as no contamination at all. */
Test(identity, two_persons_in_equal_parts_are_found)
{
    enum { MANY = 60 };
    int invented = 0;
    for (int run = 0; run < 40; run++) {
        cw_snp many[MANY] = {{0}};
        int64_t ref[2][MANY], alt[2][MANY], other[MANY] = {0};
        for (int i = 0; i < MANY; i++) {
            many[i].pop_af = .3 + .4 * gsl_rng_uniform(rng);
            double own = gsl_ran_binomial(rng, many[i].pop_af, 2) / 2., guest = gsl_ran_binomial(rng, many[i].pop_af, 2) / 2.;
            if (own == .5 && run % 2) own = gsl_rng_uniform(rng) < .5 ? .3 : .7; /* a tumour that lost a copy at every SNP */
            for (int mixed = 0; mixed < 2; mixed++) {
                double f = mixed ? .55 * own + .45 * guest : own;
                alt[mixed][i] = gsl_ran_binomial(rng, f * .9998 + (1 - f) * .0002, 3000);
                ref[mixed][i] = 3000 - alt[mixed][i];
            }
        }
        cw_contamination c;
        const cw_fingerprint clean = {ref[0], alt[0], other, MANY}, both = {ref[1], alt[1], other, MANY};
        cw_contamination_estimate(&both, many, MANY, &c);
        cr_expect(c.fraction > (run % 2 ? .3 : .4) && c.lod >= 3 && c.lo <= c.fraction && c.fraction <= c.hi, "run %d: %g (%g-%g), LOD %g", run, c.fraction, c.lo, c.hi, c.lod);
        cw_contamination_estimate(&clean, many, MANY, &c);
        invented += c.fraction > .01 && c.lod >= 3;
    }
    cr_expect_leq(invented, 1, "%d of 40", invented);
}
