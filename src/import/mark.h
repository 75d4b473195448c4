/* SPDX-License-Identifier: MIT */
/* mark.h - what judging the counts cannot know, put into the calls: the caller's own words and limit, what it does not report, and counts that
 * were assumed. */
#ifndef CW_IMPORT_MARK_H
#define CW_IMPORT_MARK_H

#include <clonewatch/call.h>
#include "import/match.h"

/* calls were made of fit->tallies; alleles beyond the panel's lose their index. */
CW_MUST_CHECK int cw_import_mark_calls(cw_calls *calls, const cw_import_fit *fit, cw_err *err);
#endif
