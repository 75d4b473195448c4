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

/* Tables grow at 5/8: short probes, and small enough to stay in cache. */
static size_t capacity_for(size_t n)
{
    size_t capacity = 64;
    while (capacity / 8 * 5 < n) capacity *= 2;
    return capacity;
}

int cw_molecules_reuse(cw_molecules *m, size_t n, bool with_extra, cw_err *err)
{
    if (!m->slot || m->mask + 1 != capacity_for(n) || (m->extra != NULL) != with_extra) {
        cw_molecules_release(m);
        return cw_molecules_init(m, n, with_extra, err);
    }
    memset(m->slot, 0, (m->mask + 1) * sizeof *m->slot);
    if (m->extra) memset(m->extra, 0, (m->mask + 1) * sizeof *m->extra);
    m->n = 0;
    return 0;
}

int cw_molecules_init(cw_molecules *m, size_t n, bool with_extra, cw_err *err)
{
    size_t capacity = capacity_for(n);
    m->slot = calloc(capacity, sizeof *m->slot);
    m->mask = capacity - 1;
    m->n = 0;
    m->extra = m->slot && with_extra ? calloc(capacity, sizeof *m->extra) : NULL;
    return m->slot && (m->extra || !with_extra) ? 0 : cw_err_nomem(err);
}

static bool grow(cw_molecules *m)
{
    size_t capacity = (m->mask + 1) * 2, mask = capacity - 1;
    if (capacity > SIZE_MAX / sizeof *m->slot) return false;
    cw_molecule *fresh = calloc(capacity, sizeof *fresh);
    cw_molecule_extra *extra = m->extra ? calloc(capacity, sizeof *extra) : NULL;
    if (!fresh || (m->extra && !extra)) {
        free(fresh);
        free(extra);
        return false;
    }
    for (size_t i = 0; i <= m->mask; i++) {
        if (!m->slot[i].key) continue;
        size_t at = m->slot[i].key & mask;
        while (fresh[at].key) at = (at + 1) & mask;
        fresh[at] = m->slot[i];
        if (extra) extra[at] = m->extra[i];
    }
    free(m->slot);
    free(m->extra);
    m->extra = extra;
    m->slot = fresh;
    m->mask = mask;
    return true;
}

cw_molecule *cw_molecules_at(cw_molecules *m, uint64_t key)
{
    size_t at = key & m->mask;
    for (; m->slot[at].key; at = (at + 1) & m->mask)
        if (m->slot[at].key == key) return &m->slot[at];
    if (m->n * 8 > m->mask * 5) {
        if (!grow(m)) return NULL;
        for (at = key & m->mask; m->slot[at].key; at = (at + 1) & m->mask) {}
    }
    m->n++;
    m->slot[at] = (cw_molecule){.key = key, .vote = {CW_VOTE_NONE, CW_VOTE_NONE}};
    return &m->slot[at];
}

const cw_molecule *cw_molecules_find(const cw_molecules *m, uint64_t key)
{
    for (size_t at = key & m->mask; m->slot[at].key; at = (at + 1) & m->mask)
        if (m->slot[at].key == key) return &m->slot[at];
    return NULL;
}

uint16_t cw_molecule_resolve(const cw_molecule *x, cw_mates rule)
{
    uint16_t a = x->vote[0], b = x->vote[1];
    bool decides_a = a <= CW_VOTE_OTHER, decides_b = b <= CW_VOTE_OTHER;
    if (decides_a && decides_b) {
        if (a == b) return a;
        int lead = (int)x->quality[0] - x->quality[1];
        if (rule == CW_MATES_GBCMS && abs(lead) > 10) return lead > 0 ? a : b;
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
    free(m->slot);
    free(m->extra);
    memset(m, 0, sizeof *m);
}
