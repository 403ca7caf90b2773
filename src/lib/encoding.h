/* SPDX-License-Identifier: MIT */
/*
 * encoding: a byte stream as valid UTF-8 text, block by block, in bounded
 * memory.  A byte order mark (UTF-8, UTF-16, UTF-32) is recognised and taken
 * off; without one and without a name the bytes must be UTF-8.  Bytes that
 * are not what was said, and NUL characters, end the text: what stands before
 * them is handed out first, so that the caller knows the line.
 */
#ifndef ENCODING_H
#define ENCODING_H

#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "span.h"

struct encoding {
	int fd;
	const char *name;      /* as iconv knows it; NULL: UTF-8 */
	iconv_t converter;     /* (iconv_t)-1: none needed */
	unsigned char *raw;    /* owned: bytes as read */
	size_t start, end;     /* of those not yet converted */
	char *text;            /* owned: converted text; NULL for UTF-8 */
	uint64_t bytes_done;   /* bytes read so far */
	bool eof;
	bool flushed;          /* the converter gave its last bytes */
	void (*idle)(void *);  /* before reading has to wait; or NULL */
	void *idle_arg;
	enum rc failed;        /* what the next read answers */
	struct err why;
};

/*
 * `name` is NULL or empty (look at the mark, else UTF-8) or what iconv_open
 * takes.  RC_CONFIG: no such encoding, or the mark says another one, or the
 * file is known to be no text (packed, a workbook);
 * RC_SYSTEM: reading fails.  Nothing is owned after a failure.
 */
enum rc encoding_open(struct encoding *s, int fd, const char *name,
    struct err *e) RC_CHECK;
void encoding_free(struct encoding *s);

/*
 * The next text, whole characters, never empty; lives until the next call and
 * may be changed in place until then.
 * RC_END at the end; RC_CONFIG when the bytes are not what was said (naming
 * the byte, to be prefixed with the line); RC_SYSTEM.
 */
enum rc encoding_read(struct encoding *s, struct span *text, struct err *e)
    RC_CHECK;

#endif
