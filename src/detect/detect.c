/* SPDX-License-Identifier: MIT */
/* placeholder until the room has its first file */
typedef int cw_detect_room;
