/* Partitions against brute force: every set's likelihood by summing over all multiplicities, every partition listed by hand. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "stats/init.h"
#include "stats/negative_binomial.h"
#include "track/partition.h"

TestSuite(partition, .init = cw_stats_init);

enum { N = 3, J = 4, G = CW_PARTITION_GRID, M = CW_PARTITION_MULTIPLICITIES };

/* Poisson likelihoods of counts out of 20,000. */
static double *table(const int64_t (*k)[J], size_t n)
{
    double *like = calloc(n * M * J * G, sizeof *like);
    for (size_t i = 0; i < n; i++)
        for (size_t m = 0; m < M; m++)
            for (size_t j = 0; j < J; j++)
                for (int g = 0; g < G; g++) {
                    double f = cw_partition_theta(g) * cw_multiplicity[m];
                    like[((i * M + m) * J + j) * G + (size_t)g] = exp(cw_nb_ln_pmf(k[i][j], 20000 * ((f < .99 ? f : .99) + 1e-5), 40) - cw_nb_ln_pmf(k[i][j], (double)k[i][j] + .2, 40));
                }
    return like;
}

static double brute_set(const double *like, size_t n, unsigned mask)
{
    static const double prior[M] = {.8, .1, .1};
    double total = 0;
    unsigned combos = 1;
    size_t first = 0;
    while (!(mask >> first & 1)) first++;
    for (size_t i = 0; i < n; i++) combos *= M;
    for (unsigned code = 0; code < combos; code++) {
        double weight = 1, product = 1;
        unsigned rest = code;
        size_t m[8];
        bool counted = true;
        for (size_t i = 0; i < n; i++, rest /= M) {
            m[i] = rest % M;
            if (!(mask >> i & 1) || i == first) counted &= m[i] == 0; /* the others have no say; the first is at 1 */
            else weight *= prior[m[i]];
        }
        if (!counted) continue;
        for (size_t j = 0; j < J; j++) {
            double sum = 0;
            for (int g = 0; g < G; g++) {
                double p = 1;
                for (size_t i = 0; i < n; i++)
                    if (mask >> i & 1) p *= like[((i * M + m[i]) * J + j) * G + (size_t)g];
                sum += p / G;
            }
            product *= sum;
        }
        total += weight * product;
    }
    return log(total);
}

static const int64_t counts[N][J] = {{1000, 500, 200, 90}, {480, 260, 110, 40}, {2, 10, 60, 300}}; /* the second at half the first */

Test(partition, sets_against_brute_force)
{
    double *like = table(counts, N);
    cw_err err = {0};
    for (unsigned mask = 1; mask < 1u << N; mask++) {
        double ln;
        cr_assert_eq(cw_partition_ln_set(like, N, J, mask, &ln, &err), 0);
        if (ln > -200) cr_expect_float_eq(ln, brute_set(like, N, mask), 1e-9, "set %u", mask);
    }
    free(like);
}

/* Bell(3) = 5 partitions: posterior co-membership by listing them. */
Test(partition, co_membership_against_all_five_partitions)
{
    static const unsigned partition[5][3] = {{7, 0, 0}, {3, 4, 0}, {5, 2, 0}, {6, 1, 0}, {1, 2, 4}};
    static const double ewens[5] = {2, 1, 1, 1, 1}; /* prod (|C| - 1)! */
    static const int64_t close[N][J] = {{30, 20, 12, 9}, {14, 11, 5, 6}, {11, 6, 12, 9}};
    double *like = table(close, N), together[N * N], weight[5], total = 0, pair = 0;
    size_t label[N];
    cw_err err = {0};
    for (int p = 0; p < 5; p++) {
        weight[p] = ewens[p];
        for (int b = 0; b < 3; b++)
            if (partition[p][b]) weight[p] *= exp(brute_set(like, N, partition[p][b]));
        total += weight[p];
        for (int b = 0; b < 3; b++)
            if ((partition[p][b] & 3) == 3) pair += weight[p];
    }
    cr_assert_eq(cw_partition(like, N, J, label, together, &err), 0);
    cr_assert_float_eq(together[1], pair / total, 1e-9);
    cr_assert_float_eq(together[0], 1, 1e-12);
    free(like);
}

Test(partition, falling_and_rising_are_two_clones)
{
    double *like = table(counts, N), together[N * N];
    size_t label[N];
    cw_err err = {0};
    cr_assert_eq(cw_partition(like, N, J, label, together, &err), 0);
    cr_assert_eq(label[0], 0);
    cr_assert_eq(label[1], 0);
    cr_assert_eq(label[2], 1);
    cr_assert_gt(together[1], .9);
    cr_assert_lt(together[2], .01);
    free(like);
}

/* Twelve alleles of three courses: the greedy way finds them too. */
Test(partition, many_alleles)
{
    enum { MANY = 12 };
    int64_t k[MANY][J];
    double *together = calloc(MANY * MANY, sizeof *together);
    size_t label[MANY];
    cw_err err = {0};
    for (int i = 0; i < MANY; i++)
        for (int j = 0; j < J; j++) k[i][j] = i % 3 == 0 ? 2000 >> j : i % 3 == 1 ? 20 << j : 150 + (i * 7 + j * 3) % 20;
    double *like = table(k, MANY);
    cr_assert_eq(cw_partition(like, MANY, J, label, together, &err), 0);
    for (int i = 0; i < MANY; i++) cr_expect_eq(label[i], (size_t)(i % 3), "allele %d in clone %zu", i, label[i]);
    free(like);
    free(together);
}
