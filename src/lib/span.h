/* SPDX-License-Identifier: MIT */
/*
 * span: bytes that belong to someone else.  A span never owns, is not
 * NUL-terminated and must not outlive what it points into.
 */
#ifndef SPAN_H
#define SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
	const char *ptr;
	size_t len;
};

/* The span of a string literal. */
#define SPAN(literal) ((struct span){ (literal), sizeof(literal) - 1 })

/* printf: "%.*s", SPAN_ARG(s) */
#define SPAN_ARG(s) (int)(s).len, (s).ptr

static inline struct span
span_of(const char *ptr, size_t len)
{
	return (struct span){ ptr, len };
}

/* NULL becomes the empty span. */
static inline struct span
span_str(const char *str)
{
	return (struct span){ str, str ? strlen(str) : 0 };
}

static inline bool
span_eq(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || a.ptr == b.ptr ||
	    (a.ptr[0] == b.ptr[0] && memcmp(a.ptr, b.ptr, a.len) == 0));
}

/* Byte order; a prefix comes before what it is a prefix of. */
static inline int
span_cmp(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.ptr, b.ptr, n) : 0;

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

/* What stands before the next `mark`, all of it where there is none; *rest
 * goes on behind that.  while (rest.len) takes a list apart. */
static inline struct span
span_cut(struct span *rest, char mark)
{
	const char *end = rest->len ? memchr(rest->ptr, mark, rest->len) :
	    NULL;
	struct span first = span_of(rest->ptr, end ?
	    (size_t)(end - rest->ptr) : rest->len);
	size_t taken = first.len + (end != NULL);

	if (taken)
		*rest = span_of(rest->ptr + taken, rest->len - taken);
	return first;
}

#endif
