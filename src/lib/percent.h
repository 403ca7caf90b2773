/* SPDX-License-Identifier: MIT */
/* percent: text as it may stand in a web address or a form (RFC 3986, 2.1). */
#ifndef PERCENT_H
#define PERCENT_H

#include <stdbool.h>

#include "buf.h"
#include "span.h"

/* Letters, digits and "-._~" stand for themselves. */
bool percent_spares(unsigned char c);
/* All others as %XX. */
void percent_put(struct buf *b, struct span s);

#endif
