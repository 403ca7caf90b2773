/* SPDX-License-Identifier: MIT */
/* utf8: strict UTF-8 (RFC 3629: no surrogates, no overlongs, <= 10FFFF). */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "span.h"

/* Length of the longest valid prefix; equals s.len when all of it is valid. */
size_t utf8_valid(struct span s);

/* The sequence at s.ptr: its length 2..4, or 0 when it is not valid (an ASCII
 * byte is no sequence: 0). */
size_t utf8_sequence(struct span s);

/* Decodes one valid character; *len is its byte count. */
uint32_t utf8_decode(struct span s, size_t *len);

/* A code point's bytes; returns how many. */
size_t utf8_encode(uint32_t code_point, char out[4]);

void utf8_put(struct buf *b, uint32_t code_point);

/* Characters (not bytes) of valid text, as length limits of CRMs count. */
size_t utf8_length(struct span s);

#endif
