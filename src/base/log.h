/* SPDX-License-Identifier: MIT */
/* log.h - how the library tells its user something without printing: through a sink that the command owns. */
#ifndef CW_BASE_LOG_H
#define CW_BASE_LOG_H

#include <clonewatch/error.h>
#include <stdint.h>

typedef enum cw_log_level { CW_LOG_ERROR = 0, CW_LOG_WARNING, CW_LOG_INFO, CW_LOG_DEBUG } cw_log_level;

typedef struct cw_log {
    void (*emit)(void *context, cw_log_level level, const char *text); /* NULL: silent */
    void (*progress)(void *context, const char *what, uint64_t done, uint64_t total, const char *place); /* total 0: unknown */
    void *context;
} cw_log;

/* log may be NULL. Control characters in the text become '?'. */
void cw_log_say(const cw_log *log, cw_log_level level, const char *format, ...) CW_PRINTF(3, 4);
void cw_log_progress(const cw_log *log, const char *what, uint64_t done, uint64_t total, const char *place);
#endif
