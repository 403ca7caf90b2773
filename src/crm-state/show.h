/* SPDX-License-Identifier: MIT */
/* show: what is known of one record, for show.c and its two forms. */
#ifndef SHOW_H
#define SHOW_H

#include "look.h"

#include "../lib/home.h"
#include "../lib/outbox.h"
#include "../lib/record.h"

struct show {
	struct look *look;
	struct systems systems;
	struct record record;
	struct span into;         /* merged into that one, or empty */
	struct span became;       /* other entities' uids by system, or empty */
	struct show_pending {
		struct span system;
		struct outbox entry;
	} pending[LIMIT_SYSTEMS]; /* who has yet to be told */
	size_t pending_count;
	bool review;              /* a person has to say which one it is */
	const char *status;       /* of all of it */
};

/* Appends where a person finds it there, without quotes; false: not known. */
bool show_put_url(struct buf *b, const struct show *s,
    const struct side *side);

extern const char *const show_life[]; /* by enum life */

/* show_json.c: appends one object.  show_text.c: lines for people. */
void show_json(struct buf *b, const struct show *s);
void show_text(struct buf *b, const struct show *s);

#endif
