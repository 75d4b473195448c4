/* SPDX-License-Identifier: MIT */
/* stream.c - names to streams: FNV-1a over the names, finished by the mixer of SplitMix64, seeds a Mersenne twister. */
#include "sim/stream.h"

#include <gsl/gsl_randist.h>

static uint64_t add_bytes(uint64_t h, const void *bytes, size_t n)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < n; i++) h = (h ^ b[i]) * 0x100000001b3u;
    return h;
}

static uint64_t add_text(uint64_t h, const char *s)
{
    for (; *s; s++) h = add_bytes(h, s, 1);
    return add_bytes(h, "\x1f", 1); /* "ab","c" and "a","bc" are different names */
}

static uint64_t add_number(uint64_t h, uint64_t x)
{
    for (int i = 0; i < 8; i++, x >>= 8) h = add_bytes(h, &(unsigned char){x & 0xff}, 1);
    return h;
}

uint64_t cw_stream_key(uint64_t seed, const char *purpose, const char *patient, const char *draw, const char *contig, int64_t pos)
{
    uint64_t h = add_number(0xcbf29ce484222325u, seed);
    h = add_text(add_text(add_text(add_text(h, purpose), patient), draw), contig);
    h = add_number(h, (uint64_t)pos);
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    return h ^ (h >> 31);
}

gsl_rng *cw_stream_new(uint64_t seed, const char *purpose, const char *patient, const char *draw, const char *contig, int64_t pos)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    if (rng) gsl_rng_set(rng, (unsigned long)(cw_stream_key(seed, purpose, patient, draw, contig, pos) & 0xffffffffu));
    return rng;
}

double cw_stream_gamma_cv(gsl_rng *rng, double cv)
{
    return cv > 0 ? gsl_ran_gamma(rng, 1 / (cv * cv), cv * cv) : 1;
}
