/* SPDX-License-Identifier: MIT */
/* The molecule table and the vote of a family. */
#include <criterion/criterion.h>
#include <string.h>
#include "count/family.h"
#include "count/molecule.h"

Test(molecules, a_million_keys_are_all_found_again)
{
    cw_molecules m = {0};
    cw_err err = {0};
    cr_assert_eq(cw_molecules_init(&m, 10, false, &err), 0);
    const uint64_t n = 1000000;
    for (uint64_t i = 0; i < n; i++) {
        cw_molecule *x = cw_molecules_at(&m, cw_hash_bytes(&i, sizeof i));
        cr_assert_not_null(x);
        x->vote[0] = (uint16_t)(i % 7);
    }
    cr_assert_eq(m.n, n);
    for (uint64_t i = 0; i < n; i++) {
        const cw_molecule *x = cw_molecules_find(&m, cw_hash_bytes(&i, sizeof i));
        cr_assert(x && x->vote[0] == i % 7);
    }
    const size_t bytes = (m.mask + 1) * sizeof *m.place + ((m.mask + 1) / 2 + 1) * sizeof *m.at;
    cr_assert(bytes <= (size_t)32 << 20, "more than 32 MiB for a million molecules");
    cr_expect_null(cw_molecules_find(&m, 12345));
    cw_molecules_release(&m);
}

/* Against a plain list that is searched from its start: keys that meet in few places, over tables that are emptied and used again. */
Test(molecules, the_table_is_a_list_without_repeats)
{
    cw_molecules m = {0};
    cw_err err = {0};
    uint64_t state = 5;
    static uint64_t list[3000];
    for (int round = 0; round < 6; round++) {
        size_t n = 0;
        cr_assert_eq(cw_molecules_reuse(&m, round % 2 ? 10 : 1500, round >= 2, &err), 0);
        for (int i = 0; i < 6000; i++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            const uint64_t key = ((state >> 40) % 40 << 32 | (state >> 33) % 61) + 1;
            size_t at = 0;
            while (at < n && list[at] != key) at++;
            cw_molecule *x = cw_molecules_at(&m, key);
            cr_assert_eq(x - m.at, at, "round %d: key %d is in the order in which keys came", round, i);
            cr_assert_eq(x->key, key);
            if (at == n) {
                cr_assert(x->vote[0] == CW_VOTE_NONE && x->vote[1] == CW_VOTE_NONE && !x->flags && !x->quality[0] && !x->quality[1], "a new one is blank");
                if (m.extra) cr_assert(!m.extra[at].family && !m.extra[at].length);
                x->vote[0] = (uint16_t)(key % 5);
                x->flags = 255;
                if (m.extra) m.extra[at] = (cw_molecule_extra){key, 7};
                list[n++] = key;
            } else {
                cr_assert(x->vote[0] == key % 5 && x->flags == 255);
                if (m.extra) cr_assert(m.extra[at].family == key && m.extra[at].length == 7);
            }
            cr_assert_eq(m.n, n);
        }
    }
    cw_molecules_release(&m);
}

/* Every pair of votes, against the rules written out. */
Test(molecules, two_votes_make_one_class)
{
    static const uint16_t votes[] = {0, 1, 2, CW_VOTE_OTHER, CW_VOTE_LOW_QUALITY, CW_VOTE_UNINFORMATIVE, CW_VOTE_DISCORDANT, CW_VOTE_NONE};
    enum { N = sizeof votes / sizeof *votes, L = CW_VOTE_LOW_QUALITY, U = CW_VOTE_UNINFORMATIVE, D = CW_VOTE_DISCORDANT, O = CW_VOTE_OTHER, X = CW_VOTE_NONE };
    static const uint16_t strict[N][N] = {
        {0, D, D, D, 0, 0, 0, 0}, {D, 1, D, D, 1, 1, 1, 1}, {D, D, 2, D, 2, 2, 2, 2}, {D, D, D, O, O, O, O, O},
        {0, 1, 2, O, L, L, D, L}, {0, 1, 2, O, L, U, D, U}, {0, 1, 2, O, D, D, D, D}, {0, 1, 2, O, L, U, D, U},
    };
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            if (votes[i] == X && votes[j] == X) continue; /* a molecule is made by its first vote */
            const cw_molecule x = {.key = 1, .vote = {votes[i], votes[j]}, .quality = {40, 20}};
            cr_expect_eq(cw_molecule_resolve(&x, CW_MATES_STRICT), strict[i][j], "%zu %zu", i, j);
            const bool both = votes[i] <= O && votes[j] <= O;
            cr_expect_eq(cw_molecule_resolve(&x, CW_MATES_GBCMS), both ? votes[i] : strict[i][j], "%zu %zu: the better base", i, j);
        }
}

Test(molecules, names_hash_by_every_byte_and_by_length)
{
    char a[40];
    memset(a, 'x', sizeof a);
    for (size_t n = 1; n < sizeof a; n++) {
        uint64_t h = cw_hash_bytes(a, n);
        cr_expect_neq(h, cw_hash_bytes(a, n - 1), "length %zu", n);
        for (size_t i = 0; i < n; i++) {
            a[i] = 'y';
            cr_expect_neq(h, cw_hash_bytes(a, n), "byte %zu of %zu", i, n);
            a[i] = 'x';
        }
    }
    cr_expect_neq(cw_hash_bytes("ab\0", 3), cw_hash_bytes("ab", 2));
}

/* The bit of a read counts only where the read voted for the class; only a molecule none of whose votes lies inside is near an end. */
Test(molecules, a_molecule_lies_inside_when_a_read_of_its_class_does)
{
    enum { FIRST = CW_MOL_INSIDE, SECOND = CW_MOL_INSIDE << 1 };
    static const struct { uint16_t vote[2]; uint8_t flags; uint16_t class; bool inside; } expected[] = {
        {{1, CW_VOTE_NONE}, FIRST, 1, true},        {{1, CW_VOTE_NONE}, 0, 1, false},
        {{1, 1}, SECOND, 1, true},                  {{1, 1}, 0, 1, false},
        {{CW_VOTE_LOW_QUALITY, 1}, FIRST, 1, false}, {{1, 0}, SECOND, 1, false}, /* gbcms rule: the better base won */
        {{1, 0}, SECOND, 0, true},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const cw_molecule x = {.key = 1, .vote = {expected[i].vote[0], expected[i].vote[1]}, .flags = expected[i].flags};
        cr_expect_eq(cw_molecule_inside(&x, expected[i].class), expected[i].inside, "case %zu", i);
    }
}

/* Templates of one family: votes with qualities; what the family says. */
static cw_molecule family_of(const uint16_t *votes, const uint8_t *quality, const uint8_t *flags, size_t n)
{
    cw_molecules m = {0};
    cw_err err = {0};
    cr_assert_eq(cw_molecules_init(&m, n, true, &err), 0);
    for (uint64_t i = 0; i < n; i++) {
        cw_molecule *x = cw_molecules_at(&m, cw_hash_bytes(&i, sizeof i));
        x->vote[0] = votes[i];
        x->quality[0] = quality[i];
        x->flags = flags ? flags[i] : 0;
        m.extra[x - m.at].family = 99;
    }
    cr_assert_eq(cw_families_collapse(&m, &err), 0);
    cr_assert_eq(m.n, 1);
    cw_molecule out = *cw_molecules_find(&m, 99);
    cw_molecules_release(&m);
    return out;
}

Test(family, more_than_two_thirds_of_the_quality_win)
{
    cr_expect_eq(family_of((uint16_t[]){1, 1, 0}, (uint8_t[]){30, 30, 30}, NULL, 3).vote[0], CW_VOTE_DISCORDANT); /* exactly two thirds */
    cr_expect_eq(family_of((uint16_t[]){1, 1, 0}, (uint8_t[]){31, 30, 30}, NULL, 3).vote[0], 1);                  /* 61 of 91 */
    cr_expect_eq(family_of((uint16_t[]){1, 0, 0}, (uint8_t[]){30, 37, 37}, NULL, 3).vote[0], 0);                  /* 74 of 104 */
    cr_expect_eq(family_of((uint16_t[]){1, CW_VOTE_OTHER}, (uint8_t[]){40, 10}, NULL, 2).vote[0], 1);             /* 40 of 50 */
    cr_expect_eq(family_of((uint16_t[]){2, 1}, (uint8_t[]){254, 30}, NULL, 2).vote[0], CW_VOTE_DISCORDANT);       /* a gap weighs 60: 60 of 90 */
    cr_expect_eq(family_of((uint16_t[]){2, 1}, (uint8_t[]){254, 29}, NULL, 2).vote[0], 2);
}

Test(family, what_does_not_decide_has_no_weight)
{
    cr_expect_eq(family_of((uint16_t[]){CW_VOTE_LOW_QUALITY, CW_VOTE_UNINFORMATIVE, 1}, (uint8_t[]){5, 40, 25}, NULL, 3).vote[0], 1);
    cr_expect_eq(family_of((uint16_t[]){CW_VOTE_DISCORDANT, CW_VOTE_UNINFORMATIVE}, (uint8_t[]){40, 40}, NULL, 2).vote[0], CW_VOTE_DISCORDANT);
    cr_expect_eq(family_of((uint16_t[]){CW_VOTE_LOW_QUALITY, CW_VOTE_DISCORDANT}, (uint8_t[]){5, 40}, NULL, 2).vote[0], CW_VOTE_LOW_QUALITY);
    cr_expect_eq(family_of((uint16_t[]){CW_VOTE_UNINFORMATIVE}, (uint8_t[]){40}, NULL, 1).vote[0], CW_VOTE_UNINFORMATIVE);
}

Test(family, duplex_needs_both_strands_behind_the_winner)
{
    uint16_t votes[] = {1, 1, 1, 1, 0};
    uint8_t quality[] = {40, 40, 40, 40, 40}, both[] = {CW_MOL_FORWARD, 0, CW_MOL_STRAND_B, 0, 0}, loser[] = {CW_MOL_FORWARD, CW_MOL_FORWARD, CW_MOL_FORWARD, 0, CW_MOL_STRAND_B};
    cr_expect_eq(family_of(votes, quality, both, 5).flags, CW_MOL_DUPLEX);
    cr_expect_eq(family_of(votes, quality, loser, 5).flags, CW_MOL_FORWARD);
}

Test(family, lies_inside_by_a_template_of_the_winning_class_only)
{
    uint16_t votes[] = {1, 1, 1, 1, 0};
    uint8_t quality[] = {40, 40, 40, 40, 40}, loser[] = {0, 0, 0, 0, CW_MOL_INSIDE}, one[] = {0, 0, CW_MOL_INSIDE, 0, 0};
    cr_expect_eq(family_of(votes, quality, loser, 5).flags & CW_MOL_INSIDE, 0);
    cr_expect_eq(family_of(votes, quality, one, 5).flags & CW_MOL_INSIDE, CW_MOL_INSIDE);
}

/* A read without qualities that was kept all the same must not win as if its bases were of quality 255. */
Test(molecules, no_quality_is_not_the_best)
{
    cw_molecule x = {.vote = {0, 1}, .quality = {40, 0xff}};
    cr_expect_eq(cw_molecule_resolve(&x, CW_MATES_GBCMS), CW_VOTE_DISCORDANT);
    x.quality[0] = 0xff, x.quality[1] = 40;
    cr_expect_eq(cw_molecule_resolve(&x, CW_MATES_GBCMS), CW_VOTE_DISCORDANT);
    x.vote[1] = 0;
    cr_expect_eq(cw_molecule_resolve(&x, CW_MATES_GBCMS), 0);
}
