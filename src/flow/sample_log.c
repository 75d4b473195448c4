/* SPDX-License-Identifier: MIT */
/* sample_log.c - a sink that names its sample and hands on under a lock. */
#include "flow/sample_log.h"

static void emit(void *context, cw_log_level level, const char *text)
{
    const cw_sample_log *s = context;
    pthread_mutex_lock(s->lock);
    cw_log_say(s->to, level, "sample '%s': %s", s->sample, text);
    pthread_mutex_unlock(s->lock);
}

static void progress(void *context, const char *what, uint64_t done, uint64_t total, const char *place)
{
    const cw_sample_log *s = context;
    pthread_mutex_lock(s->lock);
    cw_log_progress(s->to, what, done, total, place);
    pthread_mutex_unlock(s->lock);
}

void cw_sample_log_init(cw_sample_log *s, const cw_log *to, const char *sample, pthread_mutex_t *lock)
{
    *s = (cw_sample_log){.log = {.emit = emit, .progress = progress, .context = s}, .to = to, .sample = sample, .lock = lock};
}
