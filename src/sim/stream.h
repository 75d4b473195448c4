/* SPDX-License-Identifier: MIT */
/* stream.h - random numbers by name: one stream for each (purpose, patient, draw, place), so that what is drawn at one place depends on
 * nothing else: not on threads, not on the order of work, not on which other loci a panel has. */
#ifndef CW_SIM_STREAM_H
#define CW_SIM_STREAM_H

#include <gsl/gsl_rng.h>
#include <stdint.h>
#include <clonewatch/error.h>

/* Caller frees with gsl_rng_free(); NULL: out of memory. Any of the texts may be "". */
CW_MUST_CHECK gsl_rng *cw_stream_new(uint64_t seed, const char *purpose, const char *patient, const char *draw, const char *contig, int64_t pos);
/* The number behind such a stream. */
uint64_t cw_stream_key(uint64_t seed, const char *purpose, const char *patient, const char *draw, const char *contig, int64_t pos);
/* Gamma with mean 1 and the coefficient of variation given; 1 when cv is 0. */
double cw_stream_gamma_cv(gsl_rng *rng, double cv);
#endif
