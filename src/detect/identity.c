/* SPDX-License-Identifier: MIT */
/* identity.c - one person or two, and admixture. */
#include "detect/identity.h"

#include <math.h>
#include <string.h>
#include "stats/log_sum.h"
#include "stats/negative_binomial.h"

static const double SKEWED[] = {.05, .5, .95}, MUCH = .2; /* two persons in one sample: share of own heterozygous SNPs that a tumour skews; the least share looked for */
static const double ERROR = .01, LOST_COPY = .1, MOST_DEPTH = 50, CERTAIN = 3;
static const double UNSEEN = .01; /* chance that another person has none of the alleles that would tell; beyond it nothing is estimated */
enum { SKEWS = 15, MOST_SNPS = 1024 };

/* Fingerprint SNPs are chosen near 1/2; that is taken where a frequency is not known. */
static double clamp(double af) { return isnan(af) ? .5 : af < .001 ? .001 : af > .999 ? .999 : af; }

static void prior(double af, double p[3])
{
    p[0] = (1 - af) * (1 - af), p[1] = 2 * af * (1 - af), p[2] = af * af;
}

/* ln L(g) for ref/ref, ref/alt, alt/alt; counts scaled to at most MOST_DEPTH. */
static void ln_genotypes(int64_t ref, int64_t alt, double l[3])
{
    double n = (double)(ref + alt), scale = n > MOST_DEPTH ? MOST_DEPTH / n : 1, r = (double)ref * scale, a = (double)alt * scale;
    l[0] = r * log(1 - ERROR) + a * log(ERROR);
    l[2] = r * log(ERROR) + a * log(1 - ERROR);
    double skewed[SKEWS];
    for (int i = 0; i < SKEWS; i++) skewed[i] = a * log((i + 2) / 18.) + r * log((16 - i) / 18.);
    l[1] = cw_log_add(log(1 - LOST_COPY) - (r + a) * M_LN2, log(LOST_COPY / SKEWS) + cw_log_sum(skewed, SKEWS));
}

static bool covered(const cw_fingerprint *f, size_t i) { return i < f->n && f->ref[i] + f->alt[i] >= CW_SNP_DEPTH; }

void cw_identity_pair(const cw_fingerprint *a, const cw_fingerprint *b, const cw_snp *snp, size_t n_snps, cw_person_pair *pair)
{
    pair->snps = 0;
    pair->lod = 0;
    for (size_t i = 0; i < n_snps; i++) {
        if (!covered(a, i) || !covered(b, i)) continue;
        double p[3], x[3], y[3], both[3], first[3], second[3];
        prior(clamp(snp[i].pop_af), p);
        ln_genotypes(a->ref[i], a->alt[i], x);
        ln_genotypes(b->ref[i], b->alt[i], y);
        for (int g = 0; g < 3; g++) {
            first[g] = log(p[g]) + x[g];
            second[g] = log(p[g]) + y[g];
            both[g] = first[g] + y[g];
        }
        pair->lod += (cw_log_sum(both, 3) - cw_log_sum(first, 3) - cw_log_sum(second, 3)) / M_LN10;
        pair->snps++;
    }
    pair->same = pair->snps < CW_SNPS_NEEDED ? CW_PERSON_UNKNOWN : pair->lod >= CERTAIN ? CW_PERSON_SAME : pair->lod <= -CERTAIN ? CW_PERSON_OTHER : CW_PERSON_UNKNOWN;
}

static const cw_person_pair *pair_of(const cw_person_pair *pair, size_t n, size_t i, size_t k)
{
    size_t a = i < k ? i : k, b = i < k ? k : i;
    return &pair[a * n - a * (a + 1) / 2 + b - a - 1];
}

/* The set that i belongs to: the smallest index tied to it by "same", over any number of steps. */
static size_t root_of(const cw_person_pair *pair, size_t n, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (pair_of(pair, n, i, k)->same == CW_PERSON_SAME) return root_of(pair, n, k);
    return i;
}

void cw_identity_set(const cw_fingerprint *sample, const bool *is_normal, size_t n, const cw_snp *snp, size_t n_snps, cw_person_pair *pair, cw_person *verdict)
{
    size_t at = 0, best = SIZE_MAX, best_size = 0;
    bool tie = false;
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++, at++) {
            pair[at] = (cw_person_pair){.a = a, .b = b};
            cw_identity_pair(&sample[a], &sample[b], snp, n_snps, &pair[at]);
        }
    for (size_t i = 0; i < n; i++) {
        size_t size = 0;
        bool normal = false;
        if (root_of(pair, n, i) != i) continue;
        for (size_t k = i; k < n; k++)
            if (root_of(pair, n, k) == i) size += 2, normal |= is_normal[k];
        size += normal; /* decides between equals */
        tie = size == best_size || (tie && size < best_size);
        if (size > best_size) best = i, best_size = size;
    }
    for (size_t i = 0; i < n; i++) {
        bool differs = false, same = false;
        for (size_t k = 0; k < n; k++) {
            if (k == i) continue;
            cw_person s = pair_of(pair, n, i, k)->same;
            same |= s == CW_PERSON_SAME;
            differs |= s == CW_PERSON_OTHER && (tie || root_of(pair, n, k) == best);
        }
        bool inside = !tie && root_of(pair, n, i) == best;
        verdict[i] = differs && !inside ? CW_PERSON_OTHER : same ? CW_PERSON_SAME : CW_PERSON_UNKNOWN;
    }
}

/* Another person's genotypes at a homozygous SNP, by copies of the allele that the sample does not have. */
static void guest_prior(const cw_snp *snp, char hom, double p[3]) { prior(hom == 'r' ? clamp(snp->pop_af) : 1 - clamp(snp->pop_af), p); }

static double chance_unseen(const cw_snp *snp, const char *hom, size_t n_snps)
{
    double chance = 1, p[3];
    for (size_t i = 0; i < n_snps; i++) {
        if (!hom[i]) continue;
        guest_prior(&snp[i], hom[i], p);
        chance *= p[0];
    }
    return chance;
}

/* The rarer allele's reads. */
static int64_t rarer(const cw_fingerprint *f, size_t i, char hom) { return hom == 'r' ? f->alt[i] : f->ref[i]; }

/* ln P of a SNP that looks homozygous, if the sample is heterozygous there: read too few times, or skewed by a copy that its tumour lost or has many times. */
static double ln_heterozygous(int64_t k, double n, double error)
{
    double skewed[SKEWS];
    for (int i = 0; i < SKEWS; i++) skewed[i] = cw_nb_ln_pmf(k, n * (error + (i + 2) / 18.), 1 / (.15 * .15));
    return cw_log_add(log(1 - LOST_COPY) + cw_nb_ln_pmf(k, n * (error + .5), 1 / (.15 * .15)), log(LOST_COPY / SKEWS) + cw_log_sum(skewed, SKEWS));
}

/* ln likelihood of admixture alpha over the SNPs that look homozygous; ln_het: of each, that it is not. */
static double ln_admixture(const cw_fingerprint *f, const cw_snp *snp, const char *hom, const double *ln_het, size_t n_snps, double alpha, double error)
{
    double sum = 0;
    for (size_t i = 0; i < n_snps; i++) {
        if (!hom[i]) continue;
        double p[3], term[3], n = (double)(f->ref[i] + f->alt[i]);
        guest_prior(&snp[i], hom[i], p); /* p[0], p[1] are the sample's own, too: homozygous as it looks, heterozygous */
        for (int g = 0; g < 3; g++) term[g] = log(p[g]) + cw_nb_ln_pmf(rarer(f, i, hom[i]), n * (error + alpha * g / 2), 1 / (.15 * .15));
        sum += cw_log_add(log(p[0]) + cw_log_sum(term, 3), log(p[1]) + ln_het[i]);
    }
    return sum;
}

/* ln P of one SNP at the alternative fraction phi; of the rarer of its two alleles, whose reads tell. At one half, however it was rounded, the alternative's. */
static double ln_at(int64_t ref, int64_t alt, double phi, double error)
{
    double n = (double)(ref + alt);
    return phi < .5 + 1e-9 ? cw_nb_ln_pmf(alt, n * (error + phi), 1 / (.15 * .15)) : cw_nb_ln_pmf(ref, n * (error + 1 - phi), 1 / (.15 * .15));
}

/* ln likelihood of admixture alpha over all SNPs: both genotypes in Hardy-Weinberg proportions, a heterozygous one of the sample skewed by its tumour with this
 * probability. */
static double ln_two_persons(const cw_fingerprint *f, const cw_snp *snp, size_t n_snps, double alpha, double error, double skewed)
{
    double sum = 0;
    for (size_t i = 0; i < n_snps; i++) {
        if (!covered(f, i)) continue;
        double p[3], term[3 * (3 + SKEWS)];
        size_t n = 0;
        prior(clamp(snp[i].pop_af), p);
        for (int guest = 0; guest < 3; guest++) {
            double brought = alpha * guest / 2, ln_guest = log(p[guest]);
            for (int own = 0; own < 3; own++)
                term[n++] = ln_guest + log(p[own]) + (own == 1 ? log(1 - skewed) : 0) + ln_at(f->ref[i], f->alt[i], brought + (1 - alpha) * own / 2, error);
            for (int s = 0; s < SKEWS; s++)
                term[n++] = ln_guest + log(p[1] * skewed / SKEWS) + ln_at(f->ref[i], f->alt[i], brought + (1 - alpha) * (s + 2) / 18, error);
        }
        sum += cw_log_sum(term, n);
    }
    return sum;
}

/* The best of what a tumour may have done to the heterozygous SNPs: little, at half of them, at nearly all. */
static double ln_best_skew(const cw_fingerprint *f, const cw_snp *snp, size_t n_snps, double alpha, double error)
{
    double best = -INFINITY;
    for (int i = 0; i < 3; i++) best = fmax(best, ln_two_persons(f, snp, n_snps, alpha, error, SKEWED[i]));
    return best;
}

/* So much of another person that hardly any SNP looks homozygous: the estimate on those sees nothing, or clean ones alone. Where that much is neither shown nor
 * excluded, the upper end of their interval does not hold. */
static void look_for_two_persons(const cw_fingerprint *f, const cw_snp *snp, size_t n_snps, double error, cw_contamination *c)
{
    enum { STEPS = 46 }; /* 5 to 50 %: beyond that it is the other person's sample */
    double ln_l[STEPS], best = -INFINITY, none = ln_best_skew(f, snp, n_snps, 0, error);
    int at = 0;
    for (int s = 0; s < STEPS; s++) {
        ln_l[s] = ln_best_skew(f, snp, n_snps, .05 + .01 * s, error);
        if (ln_l[s] > best) best = ln_l[s], at = s;
    }
    double lod = (best - none) / M_LN10, fraction = .05 + .01 * at;
    if (lod < CERTAIN || fraction < MUCH || (c->lod >= CERTAIN && fraction < c->hi)) {
        for (int s = 0; s < STEPS && !isnan(c->hi); s++)
            if (.05 + .01 * s >= MUCH && ln_l[s] >= fmax(best, none) - 1.92) c->hi = fmax(c->hi, .05 + .01 * s);
        return;
    }
    c->fraction = fraction, c->lod = lod;
    c->lo = c->hi = NAN;
    for (int s = 0; s < STEPS; s++) {
        if (ln_l[s] < best - 1.92) continue;
        if (isnan(c->lo)) c->lo = .05 + .01 * s;
        c->hi = .05 + .01 * s;
    }
}

/* Admixture on the homozygous SNPs, hom[i] 'r' or 'a'. */
static void look_at_homozygous(const cw_fingerprint *f, const cw_snp *snp, const char *hom, size_t n_snps, double error, cw_contamination *c)
{
    enum { STEPS = 400 };
    double ln_het[MOST_SNPS];
    for (size_t i = 0; i < n_snps; i++)
        if (hom[i]) ln_het[i] = ln_heterozygous(rarer(f, i, hom[i]), (double)(f->ref[i] + f->alt[i]), error);
    double ln_l[STEPS], none = ln_admixture(f, snp, hom, ln_het, n_snps, 0, error), best = none;
    int at = -1;
    for (int s = 0; s < STEPS; s++) {
        ln_l[s] = ln_admixture(f, snp, hom, ln_het, n_snps, 1e-5 * pow(4e4, (double)s / (STEPS - 1)), error);
        if (ln_l[s] > best) best = ln_l[s], at = s;
    }
    c->fraction = at < 0 ? 0 : 1e-5 * pow(4e4, (double)at / (STEPS - 1));
    c->lod = (best - none) / M_LN10;
    c->lo = none >= best - 1.92 ? 0 : NAN;
    c->hi = 1e-5;
    for (int s = 0; s < STEPS; s++) {
        if (ln_l[s] < best - 1.92) continue;
        if (isnan(c->lo)) c->lo = 1e-5 * pow(4e4, (double)s / (STEPS - 1));
        c->hi = 1e-5 * pow(4e4, (double)s / (STEPS - 1));
    }
}

void cw_contamination_estimate(const cw_fingerprint *f, const cw_snp *snp, size_t n_snps, cw_contamination *c)
{
    char hom[MOST_SNPS] = "";
    double other = .5, all = 0;
    *c = (cw_contamination){NAN, NAN, NAN, NAN, 0};
    if (n_snps > sizeof hom) n_snps = sizeof hom;
    for (size_t i = 0; i < n_snps; i++) {
        if (!covered(f, i)) continue;
        double n = (double)(f->ref[i] + f->alt[i]), vaf = (double)f->alt[i] / n;
        hom[i] = vaf < .2 ? 'r' : vaf > .8 ? 'a' : '\0';
        c->snps += hom[i] != '\0';
        other += (double)f->other[i], all += n;
    }
    if (!(all > 0)) return;
    double error = fmax(other / (2 * all), 1e-5); /* "other" are two bases */
    if (chance_unseen(snp, hom, n_snps) <= UNSEEN) look_at_homozygous(f, snp, hom, n_snps, error, c);
    look_for_two_persons(f, snp, n_snps, error, c);
}
