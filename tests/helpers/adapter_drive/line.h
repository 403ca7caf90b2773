/* SPDX-License-Identifier: MIT */
/* line: what adapter_drive prints, a JSON object a line. */
#ifndef LINE_H
#define LINE_H

#include "json.h"

extern struct buf line; /* the one at hand */

/* `{"WHAT":{` */
void line_begin(const char *what);
/* Left out where it is false, or empty. */
void line_flag(const char *name, bool on);
void line_raw(const char *name, struct span json);
/* Ends and prints it. */
void line_finish(void);

#endif
