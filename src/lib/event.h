/* SPDX-License-Identifier: MIT */
/*
 * event: one line on stderr, written at once, safe for a terminal
 * (terminal.h).  Only run.c calls this.
 */
#ifndef EVENT_H
#define EVENT_H

#include "run.h"

/* "stage: system: line N: object id: text", or the same as a JSON object. */
void event_print(const struct run *r, const struct where *w,
    const char *level, const char *text);

#endif
