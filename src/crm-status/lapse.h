/* SPDX-License-Identifier: MIT */
/* lapse: spans of time and shares, as people write and read them. */
#ifndef LAPSE_H
#define LAPSE_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/buf.h"

/* "90s", "15m", "24h", "7d" as ms; false: it is none. */
bool lapse_parse(struct span text, int64_t *ms);
/* Appends it as "850 ms", "95 s", "15 min", "5 h", "3 d". */
void lapse_put(struct buf *b, int64_t ms);

/* "99", "99.5" as thousandths of a percent, up to 100; false: it is none. */
bool lapse_parse_percent(struct span text, int64_t *share);
/*
 * part of whole (not 0) in thousandths of a percent, rounded down: only what
 * is all of it is 100 %.
 */
int64_t lapse_share(uint64_t part, uint64_t whole);
/* Appends such a share as "99.95 %", or as a number: "0.99950". */
void lapse_put_percent(struct buf *b, int64_t share);
void lapse_put_ratio(struct buf *b, int64_t share);

#endif
