/* SPDX-License-Identifier: MIT */
/*
 * reasons: why records were not taken, and how often each.  Every stage puts
 * its own into `end`, so that the last one can report on all.
 */
#ifndef REASONS_H
#define REASONS_H

#include <stdint.h>

#include "buf.h"
#include "json.h"

#define REASONS_MOST 32  /* different ones; the rest counts as others */
#define REASON_TEXT 160  /* bytes kept of each */

struct reasons {
	struct reasons_item {
		char text[REASON_TEXT];
		uint64_t count;
	} items[REASONS_MOST];
	size_t count;
	uint64_t others;
};

/* "stage: text", or text alone where stage is NULL. */
void reasons_add(struct reasons *r, const char *stage, const char *text,
    uint64_t count);

/* Appends `,"reasons":[{"count":2,"reason":"…"},…]`, nothing if none. */
void reasons_put(struct buf *b, const struct reasons *r);

/* Adds those of a stage's object in `end`. */
void reasons_take(struct reasons *r, const struct json *j, uint32_t stage);

#endif
