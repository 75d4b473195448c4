/* SPDX-License-Identifier: MIT */
/* molecule.c - molecules of a locus by hashed name. At 10^6 molecules two of 64-bit names meet by chance once in 4 * 10^7 loci. */
#include "count/molecule.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

static inline uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 p = (unsigned __int128)a * b;
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static inline uint64_t word(const unsigned char *p)
{
    uint64_t w;
    memcpy(&w, p, 8);
    return le64toh(w);
}

/* The n < 8 bytes at p as a word, where the bytes before p are readable: a copy of n bytes would wait for its own store. */
static inline uint64_t last_bytes(const unsigned char *p, size_t n) { return word(p + n - 8) >> (8 * (8 - n)); }

/* Multiply-and-fold over 8-byte words, every byte reaching every bit. Two lanes, so that the multiplications overlap. */
uint64_t cw_hash_bytes(const void *bytes, size_t n)
{
    const uint64_t k1 = 0x9E3779B97F4A7C15u, k2 = 0xD1B54A32D192ED03u;
    const unsigned char *p = bytes;
    const bool whole_word = n >= 8;
    uint64_t h = n ^ k1, g = k2, w = 0, u = 0;
    for (; n >= 16; p += 16, n -= 16) {
        h = mix(h ^ word(p), k1);
        g = mix(g ^ word(p + 8), k2);
    }
    if (n >= 8) {
        w = word(p);
        u = n > 8 ? last_bytes(p + 8, n - 8) : 0;
    } else if (whole_word) {
        w = n ? last_bytes(p, n) : 0;
    } else {
        memcpy(&w, p, n);
        w = le64toh(w);
    }
    h = mix(mix(h ^ w, k1) ^ mix(g ^ u, k2), k1);
    return h ? h : 1;
}

static const cw_molecule blank = {.vote = {CW_VOTE_NONE, CW_VOTE_NONE}};

/* Twice as many places as molecules: most keys are found at once. */
static size_t places_for(size_t n)
{
    size_t places = 64;
    while (places / 2 < n) places *= 2;
    return places;
}

int cw_molecules_reuse(cw_molecules *m, size_t n, bool with_extra, cw_err *err)
{
    const size_t fit = places_for(n);
    if (!m->at || m->mask + 1 < fit || m->mask + 1 > 4 * fit || (m->extra != NULL) != with_extra) {
        cw_molecules_release(m);
        return cw_molecules_init(m, n, with_extra, err);
    }
    memset(m->place, 0, (m->mask + 1) * sizeof *m->place);
    if (m->extra) memset(m->extra, 0, m->n * sizeof *m->extra);
    m->n = 0;
    m->at[0] = blank;
    return 0;
}

int cw_molecules_init(cw_molecules *m, size_t n, bool with_extra, cw_err *err)
{
    const size_t places = places_for(n), room = places / 2 + 1;
    *m = (cw_molecules){.mask = places - 1, .place = calloc(places, sizeof *m->place), .at = malloc(room * sizeof *m->at),
                        .extra = with_extra ? calloc(room, sizeof *m->extra) : NULL};
    if (!m->place || !m->at || (with_extra && !m->extra)) {
        cw_molecules_release(m);
        return cw_err_nomem(err);
    }
    m->at[0] = blank;
    return 0;
}

bool cw_molecules_grow(cw_molecules *m)
{
    const size_t old = (m->mask + 1) / 2 + 1, places = (m->mask + 1) * 2, mask = places - 1, room = places / 2 + 1;
    if (room > UINT32_MAX) return false;
    uint32_t *place = calloc(places, sizeof *place);
    cw_molecule *at = place ? realloc(m->at, room * sizeof *at) : NULL;
    if (at) m->at = at;
    cw_molecule_extra *extra = at && m->extra ? realloc(m->extra, room * sizeof *extra) : NULL;
    if (extra) {
        m->extra = extra;
        memset(extra + old, 0, (room - old) * sizeof *extra);
    }
    if (!at || (m->extra && !extra)) {
        free(place);
        return false;
    }
    for (size_t k = 0; k < m->n; k++) {
        size_t i = at[k].key & mask;
        while (place[i]) i = (i + 1) & mask;
        place[i] = (uint32_t)k + 1;
    }
    free(m->place);
    m->place = place;
    m->mask = mask;
    return true;
}

const cw_molecule *cw_molecules_find(const cw_molecules *m, uint64_t key)
{
    for (size_t i = key & m->mask; m->place[i]; i = (i + 1) & m->mask)
        if (m->at[m->place[i] - 1].key == key) return &m->at[m->place[i] - 1];
    return NULL;
}

enum { NO_QUALITY = 0xff }; /* as in BAM */

uint16_t cw_molecule_resolve_conflict(const cw_molecule *x, cw_mates rule)
{
    uint16_t a = x->vote[0], b = x->vote[1];
    bool decides_a = a <= CW_VOTE_OTHER, decides_b = b <= CW_VOTE_OTHER;
    if (decides_a && decides_b) {
        int lead = (int)x->quality[0] - x->quality[1];
        const bool known = x->quality[0] != NO_QUALITY && x->quality[1] != NO_QUALITY;
        if (rule == CW_MATES_GBCMS && known && abs(lead) > 10) return lead > 0 ? a : b;
        return CW_VOTE_DISCORDANT;
    }
    if (decides_a) return a;
    if (decides_b) return b;
    if (a == CW_VOTE_DISCORDANT || b == CW_VOTE_DISCORDANT) return CW_VOTE_DISCORDANT;
    return a == CW_VOTE_LOW_QUALITY || b == CW_VOTE_LOW_QUALITY ? CW_VOTE_LOW_QUALITY : CW_VOTE_UNINFORMATIVE;
}

void cw_molecules_release(cw_molecules *m)
{
    if (!m) return;
    free(m->at);
    free(m->place);
    free(m->extra);
    memset(m, 0, sizeof *m);
}
