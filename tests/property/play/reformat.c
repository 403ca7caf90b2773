/* SPDX-License-Identifier: MIT */
/* reformat: a system that writes what it is given its own way. */
#include "people.h"

static void
reformat_field(struct world *w, struct row *r, int side, enum field f,
    unsigned n)
{
	char room[128];
	struct buf b = { .ptr = room, .room = sizeof room, .cap = sizeof room,
		.what = "value" };

	values_reformat(&b, side, f, n);
	row_set(r, values_native(side, f), arena_dup(&w->arena,
	    buf_view(&b)));
}

static bool
reformat_row(struct world *w, int side, struct row *r)
{
	bool changed = false;

	for (enum field f = 0; f < FIELDS; f++) {
		const char *now = world_shows(w, side, r, f);
		int n = now && !(f == NAME && w->history->cuts & 1u << side) ?
		    values_index(f, now) : -1;
		struct span before = row_get(r, values_native(side, f));

		if (n < 0)
			continue;
		reformat_field(w, r, side, f, (unsigned)n);
		changed |= !span_eq(before, row_get(r, values_native(side,
		    f)));
	}
	if (changed)
		row_write(r, false, &w->arena);
	return changed;
}

void
people_reformat(struct world *w, int side)
{
	const struct store *s = world_store(w, side);
	bool changed = false;

	for (unsigned i = 0; i < s->count; i++)
		changed |= reformat_row(w, side, s->row[i]);
	if (changed)
		world_put_store(w, side);
}
