/* SPDX-License-Identifier: MIT */
/*
 * views: what the sides show at the end, as crm-map reads it; and the lines of
 * a dump of the state (state_dump).
 */
#ifndef VIEWS_H
#define VIEWS_H

#include "world.h"

/* One live record. */
struct view {
	struct span uid;
	struct span value[FIELDS]; /* canonical JSON; NULL: not there; of a
	                              parent its uid */
	bool cut;                  /* of the name only a part is there */
};

struct views {
	unsigned count;
	struct view item[STORE_ROWS];
};

/*
 * Reads a side once more.  A record that was merged into another elsewhere,
 * and stands here beside that one, is left out: it waits for a person.  So does
 * one that somebody put back beside what it is by now.  Fails the play on a
 * record that is rejected, or is there twice.
 */
void views_show(struct world *w, int side, struct span dump,
    struct views *all);

/*
 * Did somebody put that one back where its record stands under another id by
 * now, and does the todo list say so?
 */
bool views_is_beside(const struct world *w, struct span dump, int side,
    struct span id);

/* The record of that uid, or NULL. */
const struct view *views_find(const struct views *side, struct span uid);

/* The next line of a dump; false: there is none. */
bool views_line(struct span *dump, struct span *line);
bool views_begins(struct span line, const char *with);

/* Whose record that is by its link; `uid` where it has none. */
struct span views_uid(const struct world *w, struct span dump, int side,
    struct span id, struct span uid);

#endif
