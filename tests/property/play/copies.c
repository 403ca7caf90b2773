/* SPDX-License-Identifier: MIT */
#include "copies.h"

#include <stdio.h>

#include "known.h"
#include "pool.h"
#include "streams.h"
#include "views.h"

void
copies_take(struct world *w)
{
	world_run(w, MAY_DO, NULL, "copy", "crm-state", "dump", NULL);
	world_write(w, "copy", streams_view("copy"));
	w->backed_up = true;
	w->seen_then = known_copy(w, &w->seen);
}

static void
keep_uids(struct world *w)
{
	struct span dump;

	world_run(w, MAY_DO, NULL, "dump", "state_dump", NULL);
	dump = arena_dup(&w->arena, streams_view("dump"));
	for (unsigned i = 0; i < w->event_count; i++) {
		struct event *e = &w->event[i];

		e->uid = views_uid(w, dump, e->side, e->id, e->uid);
	}
}

/* To a state from before the merge, what is not there was deleted. */
static void
forget_merges(struct world *w)
{
	for (unsigned i = 0; i < w->merged_count; i++) {
		struct merged *m = &w->merged[i];
		const struct known *then = known_find(&w->seen, m->side,
		    m->id);

		m->forgotten |= then && !then->dead &&
		    !world_find(w, m->side, m->id);
	}
}

void
copies_put_back(struct world *w)
{
	char lost[32];

	if (!w->backed_up)
		return;
	keep_uids(w);
	snprintf(lost, sizeof lost, "lost.%lld", (long long)w->now);
	pool_close();
	if (rename(".crm", lost) < 0)
		world_fail(w, "test: the home cannot be moved");
	world_note(w, "mv .crm %s", lost);
	world_run(w, MAY_DO, NULL, NULL, "crm-state", "restore", "copy", NULL);
	w->seen = known_copy(w, &w->seen_then);
	w->restored = w->event_count;
	forget_merges(w);
}
