/* SPDX-License-Identifier: MIT */
/* background_io.h - a background model as TSV that a person can read and diff (docs/formats.md, "Background model"). */
#ifndef CW_IO_BACKGROUND_IO_H
#define CW_IO_BACKGROUND_IO_H

#include <clonewatch/background.h>

/* Atomic; "-" or NULL: standard output. Same model, same bytes. */
CW_MUST_CHECK int cw_background_write(const cw_background *background, const char *path, cw_err *err);

/* id becomes NAME-CHECKSUM, the checksum that of the file's bytes: a model edited by hand is another model. */
CW_MUST_CHECK int cw_background_read(cw_background *background, const char *path, cw_err *err);
#endif
