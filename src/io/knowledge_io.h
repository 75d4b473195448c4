/* SPDX-License-Identifier: MIT */
/* knowledge_io.h - panels/knowledge into memory. */
#ifndef CW_IO_KNOWLEDGE_IO_H
#define CW_IO_KNOWLEDGE_IO_H

#include <clonewatch/knowledge.h>

/* The knowledge that a panel folder names. All or nothing: one bad row refuses the whole with file:line. A panel that names
 * none gives an empty knowledge (version ""), from which cw_advise() concludes nothing and says so. */
CW_MUST_CHECK int cw_knowledge_load(cw_knowledge *knowledge, const char *panel_dir, cw_err *err);
#endif
