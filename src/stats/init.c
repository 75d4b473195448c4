/* SPDX-License-Identifier: MIT */
/* init.c - GSL aborts the process on a domain error by default; a library must not. */
#include "stats/init.h"

#include <gsl/gsl_errno.h>

void cw_stats_init(void) { gsl_set_error_handler_off(); }
