/* SPDX-License-Identifier: MIT */
/* base64: bytes as text (RFC 4648, with padding). */
#ifndef BASE64_H
#define BASE64_H

#include "buf.h"

void base64_put(struct buf *b, struct span bytes);

/* Appends the bytes; false when the text is not base64 in this form. */
bool base64_take(struct buf *b, struct span text);

#endif
