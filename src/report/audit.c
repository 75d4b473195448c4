/* SPDX-License-Identifier: MIT */
/* audit.c - what was reported on which inputs, and what changed since. No time stamp: the same run writes the same line. */
#include "report/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <clonewatch/version.h>
#include <htslib/hts.h>

static bool same_alarm(const json_t *a, const json_t *b)
{
    static const char *const keys[] = {"level", "kind", "what"};
    for (size_t i = 0; i < 3; i++)
        if (strcmp(cw_json_get_string(a, keys[i]), cw_json_get_string(b, keys[i]))) return false;
    return true;
}

static bool holds_alarm(const json_t *alarms, const json_t *wanted, bool confirmed_only)
{
    size_t i;
    const json_t *a;
    json_array_foreach((json_t *)alarms, i, a)
        if (same_alarm(a, wanted) && (!confirmed_only || cw_json_get_bool(a, "confirmed_by_model", true))) return true;
    return false;
}

/* Alarms of `from` that `other` does not hold. */
static json_t *alarms_without(cw_json *j, const json_t *from, const json_t *other, bool confirmed_only)
{
    static const char *const keys[] = {"level", "kind", "what", "date", "day", "ln_e"};
    json_t *list = cw_json_array(j);
    size_t i;
    const json_t *a;
    json_array_foreach((json_t *)from, i, a)
    {
        if (holds_alarm(other, a, confirmed_only)) continue;
        json_t *copy = cw_json_object(j);
        for (size_t k = 0; k < 6; k++) {
            json_t *v = json_object_get(a, keys[k]);
            if (v) cw_json_set(j, copy, keys[k], json_incref(v));
        }
        cw_json_append(j, list, copy);
    }
    return list;
}

static json_t *entry_line(cw_json *j, const cw_audit *e)
{
    json_t *line = cw_json_object(j);
    const json_t *old = json_object_get(e->before, "alarms"), *now = json_object_get(e->now, "alarms");
    json_t *inputs = json_object_get(json_object_get(e->now, "clonewatch"), "inputs");
    cw_json_set_string(j, line, "clonewatch", CLONEWATCH_VERSION);
    cw_json_set_string(j, line, "htslib", hts_version());
    cw_json_set_string(j, line, "command", e->command_line);
    cw_json_set_string(j, line, "patient", e->patient);
    cw_json_set_string(j, line, "state", e->state);
    cw_json_set_string(j, line, "reason", e->reason);
    cw_json_set(j, line, "inputs", inputs ? json_incref(inputs) : cw_json_array(j));
    cw_json_set(j, line, "alarms_added", alarms_without(j, now, old, false));
    cw_json_set(j, line, "alarms_no_longer_confirmed", e->now ? alarms_without(j, old, now, true) : cw_json_array(j));
    return line;
}

/* One write() to a file opened for appending: two runs at once do not mix their lines. */
static int append(const char *path, const char *text, size_t n, cw_err *err)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) return cw_err_set(err, CW_EIO, "cannot open '%s': %s", path, strerror(errno));
    ssize_t written = write(fd, text, n);
    int bad = written != (ssize_t)n || fsync(fd) != 0, saved = written >= 0 && written < (ssize_t)n ? ENOSPC : errno;
    if (close(fd) != 0 && !bad) bad = 1, saved = errno;
    return bad ? cw_err_set(err, CW_EIO, "cannot append to '%s': %s", path, strerror(saved)) : 0;
}

int cw_audit_append(const char *path, const cw_audit *entry, cw_err *err)
{
    cw_json j = {0};
    char *text = NULL;
    size_t n = 0;
    json_t *line = entry_line(&j, entry);
    int status = cw_json_failed(&j, err);
    if (status == 0) status = cw_json_dump(line, 0, &text, &n, err);
    if (status == 0) status = append(path, text, n, err);
    free(text);
    json_decref(line);
    return status;
}
