/* SPDX-License-Identifier: MIT */
/* sample_log.h - messages of samples that are worked on side by side: each says whose it is, and one is said at a time. */
#ifndef CW_FLOW_SAMPLE_LOG_H
#define CW_FLOW_SAMPLE_LOG_H

#include <pthread.h>
#include "base/log.h"

typedef struct cw_sample_log {
    cw_log log;                   /* give &log to the work */
    const cw_log *to;             /* may be NULL */
    const char *sample;
    pthread_mutex_t *lock;        /* shared by all samples */
} cw_sample_log;

void cw_sample_log_init(cw_sample_log *s, const cw_log *to, const char *sample, pthread_mutex_t *lock);
#endif
