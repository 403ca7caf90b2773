/* SPDX-License-Identifier: MIT */
#include "quiesce.h"

#include "people.h"
#include "rounds.h"
#include "streams.h"

#define MOST 12 /* rounds */

static struct span
dump(struct world *w)
{
	world_run(w, MAY_DO, NULL, "dump", "state_dump", NULL);
	return arena_dup(&w->arena, streams_view("dump"));
}

/* All that could move: the state, then the stores. */
static void
look(struct world *w, struct span now[1 + SIDES])
{
	char path[64];

	now[0] = dump(w);
	for (int side = 0; side < w->sides; side++)
		now[1 + side] = arena_dup(&w->arena, world_read(w,
		    world_path(w, side, path)));
}

/* A value that was sent, another, and the first again. */
static void
check_flips(struct world *w, const struct plan_line *l,
    const struct plan_line **sent, unsigned count, enum field f)
{
	bool other = false;

	for (unsigned i = count; i > 0; i--) {
		const struct plan_line *was = sent[i - 1];

		if (was->side != l->side || !span_eq(was->uid, l->uid) ||
		    !(was->fields & 1u << f))
			continue;
		if (!span_eq(was->value[f], l->value[f]))
			other = true;
		else if (other)
			world_fail(w, "pingpong: %.*s %s goes back to %.*s on "
			    "%s", SPAN_ARG(l->uid), values_field(f),
			    SPAN_ARG(l->value[f]), w->name[l->side]);
	}
}

static void
no_flips(struct world *w, unsigned from)
{
	const struct plan_line *sent[1024];
	unsigned count = 0;

	for (; from < w->plan_count; from++)
		for (unsigned i = 0; i < w->plan[from].count; i++) {
			const struct plan_line *l = &w->plan[from].line[i];

			if (l->conflict || count == 1024)
				continue;
			for (enum field f = 0; f < FIELDS; f++)
				if (l->fields & 1u << f)
					check_flips(w, l, sent, count, f);
			sent[count++] = l;
		}
}

struct span
quiesce(struct world *w)
{
	struct span before[1 + SIDES], after[1 + SIDES];
	unsigned start, plans;
	bool rest = false;

	people_mend(w);
	start = w->plan_count;
	look(w, before);
	for (int round = 0; round < MOST && !rest; round++) {
		plans = w->plan_count;
		rounds_clean(w);
		look(w, after);
		rest = world_planned_nothing(w, plans);
		for (int i = 0; i < 1 + w->sides; i++)
			rest &= span_eq(before[i], after[i]);
		memcpy(before, after, sizeof before);
	}
	if (!rest)
		world_fail(w, "restless: after %d rounds:\n%.*s", MOST,
		    SPAN_ARG(after[0]));
	no_flips(w, start);
	return before[0];
}
