/* SPDX-License-Identifier: MIT */
/*
 * repair_match: the index of match keys is thrown away and made again, where
 * there was a complete one; else the next run that needs it makes it.
 */
#include "repair.h"

#include "../lib/match_index.h"

struct index {
	struct span entity;
	bool complete;                  /* there was one */
	struct match_standing standing; /* since it was dropped */
	struct match_room room;
};

/* Nobody relies on it from here on. */
static enum rc
drop(struct repair *k, void *arg, struct err *e)
{
	struct index *x = arg;
	struct policy *p;
	struct err damaged;
	enum rc rc = policies_get(&k->policies, &k->txn, x->entity, &p, e);

	if (rc || !p->entity->match_count)
		return rc ? rc : RC_END;
	rc = match_standing_get(&k->txn, x->entity, &x->standing, &damaged);
	/* a damaged row was of something */
	x->complete = rc || match_complete(&x->standing, p->entity);
	if (rc)
		x->standing = (struct match_standing){ .changes = 0 };
	x->standing.keys = (struct hash128){ 0, 0 };
	x->standing.changes++;
	return match_standing_put(&k->txn, x->entity, &x->standing, e);
}

static enum rc
drop_row(struct repair *k, void *arg, struct span key, struct err *e)
{
	(void)arg;
	return txn_del(&k->txn, TABLE_MATCH, key, e);
}

static enum rc
add_record(struct repair *k, void *arg, struct span key, struct err *e)
{
	struct index *x = arg;
	struct span uid = key;
	struct policy *p;
	struct record r;
	enum rc rc = policies_get(&k->policies, &k->txn, x->entity, &p, e);

	key_take(&uid);
	if (!rc)
		rc = record_load(&k->txn, x->entity, uid, p->ids, p->id_count,
		    &k->arena, &r, e);
	if (rc)
		return rc == RC_STATE ? RC_OK : rc;
	k->indexed++;
	return match_add_record(&k->txn, p, &r, &x->room, e);
}

/* Unless somebody changed records meanwhile, who knew of none. */
static enum rc
declare(struct repair *k, void *arg, struct err *e)
{
	struct index *x = arg;
	struct match_standing now;
	struct policy *p;
	enum rc rc = policies_get(&k->policies, &k->txn, x->entity, &p, e);

	if (!rc)
		rc = match_standing_get(&k->txn, x->entity, &now, e);
	if (rc || now.changes != x->standing.changes)
		return rc;
	now.keys = match_keys(p->entity);
	return match_standing_put(&k->txn, x->entity, &now, e);
}

static enum rc
rebuild(struct repair *k, struct index *x, struct err *e)
{
	enum rc rc = repair_in_one(k, drop, x, e);
	KEY_BUF(prefix);

	KEY(&prefix, x->entity, SPAN(""));
	if (!rc)
		rc = repair_each(k, TABLE_MATCH, buf_view(&prefix), drop_row,
		    x, e);
	if (rc || !x->complete)
		return rc;
	rc = repair_each(k, TABLE_AGREED, buf_view(&prefix), add_record, x,
	    e);
	return rc ? rc : repair_in_one(k, declare, x, e);
}

/* The next entity that has records, after x->entity. */
static enum rc
find_entity(struct repair *k, void *arg, struct err *e)
{
	struct index *x = arg;
	struct walk w;
	enum rc rc = walk_open(&w, &k->txn, TABLE_AGREED, SPAN(""), e);
	KEY_BUF(from);

	buf_span(&from, x->entity);
	buf_putc(&from, x->entity.len ? 1 : 0);
	if (!rc)
		rc = walk_from(&w, buf_view(&from), e);
	x->entity = SPAN("");
	if (!rc) {
		struct span rest = w.key;

		x->entity = key_take(&rest);
		x->entity = arena_dup(&x->room.values, x->entity);
	}
	walk_close(&w);
	return rc;
}

enum rc
repair_match(struct repair *k, struct err *e)
{
	struct span entity = SPAN("");
	struct arena names;
	enum rc rc = RC_OK;

	arena_init(&names);
	while (!rc) {
		struct index x = { .entity = entity };

		match_room_init(&x.room);
		rc = repair_in_one(k, find_entity, &x, e);
		entity = x.entity = arena_dup(&names, x.entity);
		if (!rc && entity.len)
			rc = rebuild(k, &x, e);
		match_room_free(&x.room);
		if (!entity.len)
			break;
	}
	arena_free(&names);
	return rc;
}
