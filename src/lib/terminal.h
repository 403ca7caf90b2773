/* SPDX-License-Identifier: MIT */
/* terminal: text from elsewhere, made safe for a terminal. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include "buf.h"

/*
 * What the buffer has from there on gets a '?' for whatever a terminal could
 * act on: control characters (U+0080 to U+009F among them), those that change
 * the direction of writing (they show one text for another), and bytes that
 * are no UTF-8.  With `lines`, line ends stay.
 */
void terminal_tame(struct buf *b, size_t from, bool lines);

#endif
