/* SPDX-License-Identifier: MIT */
/* parallel.c - a team of threads that takes items by number. */
#include "base/parallel.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct team {
    pthread_mutex_t lock;
    size_t next, n, first_bad; /* first_bad = n while nothing failed */
    cw_work work;
    void *context;
    cw_err bad;
    int status;
} team;

static void *member(void *p)
{
    team *t = p;
    for (;;) {
        pthread_mutex_lock(&t->lock);
        size_t i = t->next < t->first_bad ? t->next++ : t->n; /* nothing above a failed item matters */
        pthread_mutex_unlock(&t->lock);
        if (i >= t->n) return NULL;
        cw_err err = {0};
        int status = t->work(t->context, i, &err);
        if (status >= 0) continue;
        pthread_mutex_lock(&t->lock);
        if (i < t->first_bad) {
            t->first_bad = i;
            t->bad = err;
            t->status = status;
        }
        pthread_mutex_unlock(&t->lock);
    }
}

int cw_parallel(size_t n, int threads, cw_work work, void *context, cw_err *err)
{
    team t = {.n = n, .first_bad = n, .work = work, .context = context};
    if (pthread_mutex_init(&t.lock, NULL) != 0) return cw_err_set(err, CW_EINTERNAL, "cannot make a lock");
    size_t helpers = threads > 1 && n > 1 ? (size_t)threads - 1 : 0, started = 0;
    if (helpers > n - (n > 0)) helpers = n - (n > 0);
    pthread_t *thread = helpers ? malloc(helpers * sizeof *thread) : NULL;
    while (thread && started < helpers && pthread_create(&thread[started], NULL, member, &t) == 0) started++;
    member(&t); /* the caller works too: with no helper at all the work is still done */
    for (size_t i = 0; i < started; i++) pthread_join(thread[i], NULL);
    free(thread);
    pthread_mutex_destroy(&t.lock);
    if (t.status < 0 && err && !err->code) *err = t.bad;
    return t.status;
}
