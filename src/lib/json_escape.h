/* SPDX-License-Identifier: MIT */
/* json_escape: the backslash escapes of JSON strings. */
#ifndef JSON_ESCAPE_H
#define JSON_ESCAPE_H

#include <stddef.h>

#include "span.h"

/*
 * Checks the escape at s.ptr (a backslash).  Its length, both halves of a
 * surrogate pair taken together; 0 and *why when it is not valid.
 */
size_t json_escape_check(struct span s, const char **why);

/* The characters of a checked escape: UTF-8 into out, its byte count
 * returned; *len is the escape's own length. */
size_t json_escape_decode(const char *p, char out[4], size_t *len);

/* Unescapes a checked string's inner text into out, which has room for as
 * many bytes; returns how many it took. */
size_t json_escape_decode_all(struct span inner, char *out);

/* One unescaped byte at a time, of checked inner text. */
struct json_escape_reader {
	const char *p, *end;
	char out[4];     /* what the last escape stands for */
	unsigned at, n;
};

static inline struct json_escape_reader
json_escape_read(struct span inner)
{
	return (struct json_escape_reader){ .p = inner.ptr,
		.end = inner.ptr + inner.len };
}

/* The next byte, 0..255, or -1 at the end. */
int json_escape_next(struct json_escape_reader *r);

#endif
