/* SPDX-License-Identifier: MIT */
/*
 * The state is put back as it was when it was backed up (crm-state restore,
 * restored.c): what happened since it does not know, the systems do.
 */
#include "model.h"

#include <string.h>

bool
backup_waits(const struct world *w)
{
	return w->restored && !(w->was_read[0] && w->was_read[1]);
}

/* Nothing that was read is known to be all there is, nor read from where. */
static void
forget_reading(struct world *w)
{
	memset(w->cursor, 0, sizeof w->cursor);
	memset(w->was_read, 0, sizeof w->was_read);
	w->restored = 1;
	w->epoch++;
}

/*
 * Ghost: what was edited by then may be lost, as nobody knows any more who had
 * seen what, nor what of it we wrote; all that comes after may not.
 */
static void
give_up(struct world *w)
{
	w->lives = w->agreed.life == LIFE_LIVE && world_live(w, 0) &&
	    world_live(w, 1);
	w->open = 0;
	w->forgotten = (uint8_t)((1u << w->edits) - 1);
	for (size_t s = 0; s < SYSTEMS; s++)
		for (size_t i = 0; i < SLOTS; i++)
			w->slot[s][i].ours &= REVIVED;
}

bool
backup_restore(struct world *w)
{
	struct world was;

	if (!w->backups)
		return false;
	w->backups--;
	give_up(w);
	world_backup(&was, w->root);
	w->agreed = was.agreed;
	memcpy(w->side, was.side, sizeof w->side);
	memcpy(w->link, was.link, sizeof w->link);
	memcpy(w->outbox, was.outbox, sizeof w->outbox);
	memcpy(w->todo, was.todo, sizeof w->todo);
	memset(w->worker, 0, sizeof w->worker);
	forget_reading(w);
	return true;
}
