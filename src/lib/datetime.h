/* SPDX-License-Identifier: MIT */
/*
 * datetime: dates and instants as text.  Canonical: a date is 2026-11-20, an
 * instant 2026-11-20T10:11:12.123Z (UTC, always milliseconds).  The machine's
 * zone and locale never matter: a text without a zone needs a declared one,
 * and what can be read in two ways is refused.
 *
 * Formats:  %Y 4 digits  %m %d 1-2  %y 2 (69..99: 19yy)  %b Jan  %B January
 * %H %I %M %S 1-2  %p AM PM  %f fraction 1-9  %z Z +hh:mm +hhmm +hh
 * %s seconds, %Q milliseconds since 1970  %% itself; a space is any run of
 * them; other characters are themselves, without case.
 */
#ifndef DATETIME_H
#define DATETIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "span.h"

/* How a source writes them; all zero: ISO 8601 only. */
struct datetime_spec {
	const struct span *formats; /* tried in order, besides ISO 8601 */
	size_t count;
	bool zoned;                 /* `zone` is declared */
	int zone;                   /* minutes east of UTC */
};

/* "UTC", "Z", "+01:00", "-0330"; RC_CONFIG for names of places. */
enum rc datetime_zone(struct span text, int *minutes, struct err *e) RC_CHECK;

/* RC_CONFIG when a format does not give a date. */
enum rc datetime_check(struct span format, struct err *e) RC_CHECK;

/* Append the canonical form, without quotes; RC_RECORD with the reason. */
enum rc datetime_put_date(struct buf *b, struct span text,
    const struct datetime_spec *spec, struct err *e) RC_CHECK;
enum rc datetime_put_instant(struct buf *b, struct span text,
    const struct datetime_spec *spec, struct err *e) RC_CHECK;

/*
 * Appends a canonical date or instant the way the source writes it: in its
 * first format and zone; as it is when no format is declared.
 */
void datetime_write(struct buf *b, struct span canonical,
    const struct datetime_spec *spec);

#endif
