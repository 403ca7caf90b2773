/* SPDX-License-Identifier: MIT */
/*
 * datetime_parts: a text taken apart into what it says of a moment.  Shared by
 * the datetime modules.
 */
#ifndef DATETIME_PARTS_H
#define DATETIME_PARTS_H

#include "datetime.h"

#define DAY_MS 86400000

/* What a text said, before it is put together. */
struct datetime_parts {
	bool year, month, day, hour, zone, epoch, half;
	bool iso;      /* read by the undeclared form */
	int64_t y;
	unsigned m, d, h, min, s, ms;
	bool pm;
	int offset;    /* minutes east */
	int64_t instant;
};

/* january ... december */
extern const char *const datetime_months[12];

/*
 * Reads a text as ISO 8601, else by the declared formats, all of which that
 * fit must agree.  *ms is the moment as written, no zone taken into account.
 */
enum rc datetime_parts_read(struct span text,
    const struct datetime_spec *spec, struct datetime_parts *p, int64_t *ms,
    struct err *e) RC_CHECK;

/* The ISO form alone. */
bool datetime_parts_iso(struct span s, struct datetime_parts *p,
    int64_t *ms);

static inline void
datetime_skip(struct span *s, size_t n)
{
	s->ptr += n;
	s->len -= n;
}

/* Takes "Z", "+01:00", "+0100" or "+01" off the front, as minutes east. */
bool datetime_parts_offset(struct span *s, int *minutes);

#endif
