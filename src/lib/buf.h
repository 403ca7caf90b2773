/* SPDX-License-Identifier: MIT */
/*
 * buf: a growing buffer with a named ceiling.  Going over the ceiling is not
 * an error at each append: the buffer turns `over`, keeps what it has, drops
 * the rest, and the caller asks once, at the end of what it builds.
 */
#ifndef BUF_H
#define BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "span.h"

struct buf {
	char *ptr;        /* owned */
	size_t len;       /* bytes used */
	size_t room;      /* bytes allocated */
	size_t cap;       /* ceiling, from limits.h */
	const char *what; /* what it holds, for the message: "line" */
	bool over;        /* an append did not fit */
};

void buf_init(struct buf *b, size_t cap, const char *what);
void buf_free(struct buf *b);

/* Empties, keeps the memory, clears `over`. */
static inline void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->over = false;
}

/* Makes room for n more bytes; false (and over) when that passes the cap. */
bool buf_grow(struct buf *b, size_t n);

static inline bool
buf_reserve(struct buf *b, size_t n)
{
	return n <= b->room - b->len || buf_grow(b, n);
}

static inline void
buf_put(struct buf *b, const void *ptr, size_t n)
{
	if (!buf_reserve(b, n))
		return;
	if (n)
		memcpy(b->ptr + b->len, ptr, n);
	b->len += n;
}

static inline void
buf_putc(struct buf *b, char c)
{
	if (buf_reserve(b, 1))
		b->ptr[b->len++] = c;
}

static inline void
buf_span(struct buf *b, struct span s)
{
	buf_put(b, s.ptr, s.len);
}

#define BUF_LIT(b, literal) buf_put((b), (literal), sizeof(literal) - 1)

static inline struct span
buf_view(const struct buf *b)
{
	return span_of(b->ptr, b->len);
}

void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void buf_u64(struct buf *b, uint64_t n); /* decimal digits */
void buf_hex(struct buf *b, const void *bytes, size_t n); /* lower case */

/* Little-endian base-128, at most 10 bytes: the state's number format. */
void buf_varint(struct buf *b, uint64_t n);
/* varint length, then the bytes */
void buf_counted(struct buf *b, struct span s);

/* NUL-terminates without counting the NUL, and returns the text. */
const char *buf_cstr(struct buf *b);

/* RC_RECORD "<what> is longer than <cap> bytes" once over, else RC_OK. */
enum rc buf_check(const struct buf *b, struct err *e) RC_CHECK;

/*
 * The other direction: takes a varint / counted span off the front of *s.
 * False when the bytes end too early or a number does not fit.
 */
bool span_take_varint(struct span *s, uint64_t *n);
bool span_take_counted(struct span *s, struct span *out);
bool span_take_bytes(struct span *s, void *out, size_t n);

#endif
